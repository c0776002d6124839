"""What was found of the things that votes depend on, before it becomes a tree for each labeling function."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.discovery.plain import shortened
from retrolabel.errors import Problem
from retrolabel.jobs.records.key_tree import KeyTree
from retrolabel.labeling.slicing import who
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHOWN_NAMES = 3


@dataclass(frozen=True)
class Refusal:
    """Something that a key cannot cover.

    Attributes:
        what: What it is.
        remedy: What helps.
        file: Where it is, if that is known; else where it was reached from.
        line: The line there.
        always: Whether no ``version=`` helps.
    """

    what: str
    remedy: str
    file: str = ""
    line: int | None = None
    always: bool = False


@dataclass(eq=False)
class Edge:
    """How one thing is reached from another: under which name, in which line."""

    label: str
    node: Node
    file: str = ""
    line: int | None = None
    lenient: bool = False


@dataclass(eq=False)
class Node:
    """One thing that votes depend on.

    Attributes:
        what: What it is.
        value: What tells it from others of its kind, its parts excepted.
        edges: Its parts, in a fixed order.
        refusals: What of it cannot be seen.
        data: Whether it is plain data, which has no identity: two equal ones are one.
        by_value: The hash of plain data with all below it, once known; empty where it is none.
        makes_path: Whether it is code that makes paths to files.
        reads: Where it is code that reads what may be a path, and whether that may have come from elsewhere.
        called: The name of a function or class, which code may ask for.
        is_path: Whether it is a path to a file.
        leads: Where it is code that may lead from a path to files that no key covers.
    """

    what: str
    value: str = ""
    edges: list[Edge] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    data: bool = False
    by_value: str | None = None
    makes_path: bool = False
    reads: list[tuple[Refusal, bool]] = field(default_factory=list)
    called: str = ""
    is_path: bool = False
    leads: list[Refusal] = field(default_factory=list)

    def add(self, label: str, node: Node, file: str = "", line: int | None = None) -> None:
        """Add a part."""
        self.edges.append(Edge(label, node, file, line))


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes in an order that depends on nothing but what stands below each.

    Each node is told by a colour: its value, then with each round also the colours of its parts, until
    no further round tells more of them apart.
    """
    wanted = list(nodes)
    below: dict[Node, None] = dict.fromkeys(wanted)
    waiting = list(below)
    while waiting:
        new = [edge.node for edge in waiting.pop().edges if edge.node not in below]
        below.update(dict.fromkeys(new))
        waiting += new
    colours = {node: KeyTree("", f"{node.value} {node.called}").digest for node in below}
    told, apart = 0, len(set(colours.values()))
    while told < apart and len({colours[node] for node in wanted}) < len(set(wanted)):
        colours = {
            node: digest([colours[node], [[edge.label, colours[edge.node]] for edge in node.edges]]) for node in below
        }
        told, apart = apart, len(set(colours.values()))
    return sorted(wanted, key=lambda node: colours[node])


def tree_of(root: Node) -> KeyTree:
    """Return the tree of what a labeling function depends on.

    Something reached a second time is told by its number, so that circles end.
    """
    numbers: dict[Node, int] = {}
    above: list[Node] = []

    def grow(node: Node, label: str) -> KeyTree:
        what = label if node.data and label else node.what
        if node.data:
            known = _by_value(node)
            if known:
                return KeyTree(what, known)
            if node in above:
                return KeyTree(what, f"{len(above) - above.index(node)} up", again=True)
        elif node in numbers:
            return KeyTree(what, f"no. {numbers[node]}", again=True)
        else:
            numbers[node] = len(numbers)
        above.append(node)
        children = tuple(grow(edge.node, edge.label) for edge in node.edges)
        if node.called and node.called != root.called:
            children = (KeyTree("name", node.called), *children)
        above.pop()
        return KeyTree(what, node.value, children)

    return grow(root, "")


def _by_value(node: Node) -> str:
    """Return the one value of plain data, with all below it; nothing if there is anything else below it."""
    if node.by_value is None:
        node.by_value = ""  # as long as it is not known: a circle is not plain
        if not node.edges:
            node.by_value = node.value
        elif all(edge.node.data and _by_value(edge.node) for edge in node.edges):
            parts = tuple(KeyTree(edge.label, _by_value(edge.node)) for edge in node.edges)
            node.by_value = shortened(KeyTree("", node.value, parts).digest)
    return node.by_value


def problems_of(roots: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield everything that keys cannot cover, once, with the labeling functions that reach it.

    Args:
        roots: LF -> what it depends on, with the file and line of the LF where nothing nearer is known.
    """
    found: dict[Refusal, list[str]] = defaultdict(list)
    for name, root in roots.items():
        for refusal in dict.fromkeys(_refusals(root)):
            found[refusal].append(name)
    for refusal, names in sorted(found.items(), key=lambda each: (each[0].file, each[0].line or 0, each[0].what)):
        told = ", ".join([who(names[0]), *names[1:SHOWN_NAMES]])
        told += f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        place = f"{refusal.file}:{refusal.line}" if refusal.line else refusal.file
        yield Problem(f"{told} ({place})" if place else told, refusal.what, refusal.remedy)


def _refusals(root: Node) -> Iterable[Refusal]:
    seen: dict[tuple[Node, bool], None] = {}
    waiting: list[tuple[Node, str, int | None, bool]] = [(root, "", None, False)]
    while waiting:
        node, file, line, lenient = waiting.pop()
        for refusal in node.refusals:
            if refusal.always or not lenient:
                yield refusal if refusal.file else Refusal(refusal.what, refusal.remedy, file, line, refusal.always)
        if (node, lenient) in seen:
            continue
        seen[node, lenient] = None
        waiting += [
            (edge.node, edge.file or file, edge.line if edge.file else line, lenient or edge.lenient)
            for edge in reversed(node.edges)
        ]
    strict = [node for node, lenient in seen if not lenient]
    makes_paths = any(node.makes_path for node in strict)
    has_path = any(node.is_path for node in strict)
    for node in strict:
        yield from (
            refusal for refusal, from_elsewhere in node.reads if node.makes_path or (makes_paths and from_elsewhere)
        )
        yield from node.leads if has_path else ()
