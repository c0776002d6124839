"""What the walk stands on: things that were looked at, and the words for what cannot be."""

from __future__ import annotations

import copyreg
import random
import re
import types
from typing import TYPE_CHECKING, Any

from retrolabel.discovery.canonical import Sources
from retrolabel.discovery.nodes import Node, Refusal
from retrolabel.discovery.packages import OWN, Packages, kind_of_file, kind_of_module
from retrolabel.discovery.plain import Plain
from retrolabel.discovery.unseen import BY_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

UNSEEN_OBJECT = f"keep plain data in the module, make the object in a function under functools.cache, {BY_VERSION}"


class Missing:
    """Stands for a name that nothing is called by."""


MISSING = Missing()


class Ground:
    """Things that were looked at, each once.

    Args:
        project: The folder of the project: its files are named from there.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.plain = Plain(str(project))
        self.packages = Packages()
        self.sources = Sources()
        self._known: dict[int, tuple[object, Node]] = {}
        self._named: dict[str, Node] = {}

    def node(self, value: Any) -> Node:  # noqa: ANN401 - anything that an author's module may hold
        """Return what a value is and depends on."""
        raise NotImplementedError

    def seen(self, value: object) -> Node | None:
        """Return what was found of a value before."""
        known = self._known.get(id(value))
        return known[1] if known else None

    def remember(self, value: object, node: Node) -> Node:
        """Keep what was found of a value, and the value itself, so that no other gets its identity."""
        self._known[id(value)] = (value, node)
        return node

    def name(self, key: str, what: str) -> Node:
        """Return the one node of something that is told by a name."""
        return self._named.setdefault(key, Node(what))

    @staticmethod
    def data(what: str, value: str) -> Node:
        """Return plain data whose value is known."""
        return Node(what, value, data=True)

    @staticmethod
    def refused(what: str, why: str, remedy: str) -> Node:
        """Return something that cannot be seen."""
        return Node(what, f"unseen: {why}", refusals=[Refusal(f"{what} {why}", remedy)])

    def parts(self, value: object, what: str, parts: Iterable[tuple[str, Any]], *, data: bool = False) -> Node:
        """Return a thing that is the sum of its named parts."""
        node = self.remember(value, Node(what, data=data))
        node.value = what.partition(" ")[0]
        for label, part in parts:
            node.add(label, self.node(part))
        return node


def own_name(value: object) -> str:
    """Return module and name of a function or class; empty for anything else."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(value, types.BuiltinFunctionType):
        holder = value.__self__
        if isinstance(holder, type):
            return f"{holder.__module__}.{holder.__qualname__}.{value.__name__}"
        module = module or getattr(holder, "__name__", "builtins")
    if not isinstance(module, str) or not isinstance(name, str) or not callable(value):
        return ""
    return f"{module}.{name}"


def is_generator(value: object) -> bool:
    """Return whether it makes numbers by chance, each after the one before."""
    kind = type(value)
    return isinstance(value, random.Random) or (
        kind.__module__.startswith("numpy.random") and kind.__name__ in ("Generator", "RandomState")
    )


def is_own(value: object) -> bool:
    """Return whether a thing is the project's, wherever it was put."""
    if isinstance(value, types.FunctionType):
        return kind_of_file(value.__code__.co_filename) == OWN
    kind = value if isinstance(value, type) else type(value)
    return kind_of_module(kind.__module__) == OWN


def safely(value: object, name: str) -> object:
    """Return an attribute; ``None`` where there is none, or where reading it fails."""
    try:
        return getattr(value, name, None)
    except Exception:  # noqa: BLE001 - a property of an author's class may raise anything
        return None


def reduced(value: Any) -> Any:  # noqa: ANN401 - as pickle does it
    """Return what makes an object like this one, as pickle has it."""
    reducer = copyreg.dispatch_table.get(type(value))
    return reducer(value) if reducer else value.__reduce_ex__(4)


def without_address(text: str) -> str:
    """Return the text of an object without its place in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", text)
