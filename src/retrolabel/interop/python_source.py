"""Python as it is written for people: calls that fit a line, texts in quotes, imports that join those there are."""

from __future__ import annotations

import ast
import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 88
"""Cells of a line: what formatters of Python leave as it is."""


@dataclass(frozen=True)
class Group:
    """A call, a list or a dict: its parts stand in one line where they fit, else each in a line of its own.

    Attributes:
        opens: What it begins with, as ``f(`` or ``examples=[``.
        parts: Source texts, or groups.
        closes: What it ends with.
    """

    opens: str
    parts: tuple[str | Group, ...]
    closes: str

    @property
    def flat(self) -> str:
        """The group in one line."""
        return self.opens + ", ".join(part if isinstance(part, str) else part.flat for part in self.parts) + self.closes


def rendered(prefix: str, part: str | Group, suffix: str = "", depth: int = 0) -> str:
    """Return a statement as formatters of Python leave it.

    Args:
        prefix: What stands before, as ``name = ``.
        part: The rest of it.
        suffix: What stands behind.
        depth: How many levels it is indented.

    Example:
        >>> print(rendered("a = ", Group("f(", ('"b"', Group("c=[", ("1", "2"), "]")), ")")))
        a = f("b", c=[1, 2])
    """
    pad = "    " * depth
    line = pad + prefix + (part if isinstance(part, str) else part.flat) + suffix
    if isinstance(part, str) or not part.parts or _cells(line) <= WIDTH:
        return line
    inner = [rendered("", each, ",", depth + 1) for each in part.parts]
    return "\n".join([f"{pad}{prefix}{part.opens}", *inner, f"{pad}{part.closes}{suffix}"])


def text(value: str) -> str:
    r"""Return a text as Python source; what cannot be seen is escaped.

    Example:
        >>> print(text("b\u00e9"), text('say "hi"'), text("a\n\u202eb"))
        "bé" 'say "hi"' "a\n\u202eb"
    """
    written = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"')
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in written)
    if shown.count('"') > shown.count("'"):
        return "'" + shown.replace("'", "\\'") + "'"
    return '"' + shown.replace('"', '\\"') + '"'


def texts(name: str, values: Iterable[str]) -> Group:
    """Return a list of texts, as ``examples=[...]``."""
    return Group(f"{name}=[" if name else "[", tuple(map(text, values)), "]")


def pattern_text(pattern: str) -> str:
    r"""Return a pattern as Python source: raw where that is possible.

    Example:
        >>> print(pattern_text(r"\bbug\b"), pattern_text('"'))
        r"\bbug\b" '"'
    """
    raw = pattern.isprintable() and '"' not in pattern and not pattern.endswith("\\")
    return f'r"{pattern}"' if raw and "\\" in pattern else text(pattern)


def _cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def bound_names(source: str) -> set[str]:
    """Return the names that a module gives a meaning at any depth, imports included.

    Example:
        >>> sorted(bound_names("from a import b as c; import d.e; x = y = 1"))
        ['c', 'd', 'x', 'y']
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {each.asname or each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def with_import(source: str, module: str, name: str, alias: str = "") -> str:
    """Return a module that imports a name; where it does already, the same text.

    Args:
        source: The module's text.
        module: Where the name comes from.
        name: The name; the module itself where it is empty.
        alias: What it is called here; the same if left out.

    Example:
        >>> with_import("from b import C", "b", "A")
        'from b import A, C'
    """
    tree = ast.parse(source)
    nodes = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    if not name:
        return _with_module(source, tree, nodes, module)
    wanted = ast.alias(name, alias or None)
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    mine = [node for node in froms if node.module == module]
    if any(_same(each, wanted) for node in mine for each in node.names):
        return source
    lines = source.split("\n")
    for node in mine:
        last = node.end_lineno or node.lineno
        written = lines[node.lineno - 1 : last]
        if not any("#" in line or ";" in line for line in written) and node.names[0].name != "*":
            return _spliced(lines, node.lineno - 1, last, _statement(module, [*node.names, wanted]))
    after = next((node for node in froms if (node.module or "") > module and node.module != "__future__"), None)
    statement = _statement(module, [wanted])
    if after is not None:
        return _spliced(lines, after.lineno - 1, after.lineno - 1, statement)
    if nodes:
        last = nodes[-1].end_lineno or nodes[-1].lineno
        return _spliced(lines, last, last, statement)
    return _first_import(lines, tree, statement)


def _with_module(source: str, tree: ast.Module, nodes: Sequence[ast.Import | ast.ImportFrom], module: str) -> str:
    """Return a module that imports another one, above what it imports of its own project."""
    whole = [node for node in nodes if isinstance(node, ast.Import)]
    if any(each.name == module and not each.asname for node in whole for each in node.names):
        return source
    lines, statement = source.split("\n"), f"import {module}"
    first = next((node for node in nodes if getattr(node, "module", "") != "__future__"), None)
    if first is None and nodes:
        last = nodes[-1].end_lineno or nodes[-1].lineno
        return _spliced(lines, last, last, f"\n{statement}")
    if first is None:
        return _first_import(lines, tree, statement)
    apart = [] if first in whole else [""]
    return "\n".join([*lines[: first.lineno - 1], statement, *apart, *lines[first.lineno - 1 :]])


def _first_import(lines: list[str], tree: ast.Module, statement: str) -> str:
    """Return a module with its first import, below its docstring."""
    first = tree.body[0] if tree.body else None
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    last = (first.end_lineno or 1) if first is not None and documented else 0
    rest = "\n".join(lines[last:]).strip("\n")
    head = "\n".join(lines[:last])
    return "\n\n".join([*([head] if head else []), statement, *([rest] if rest else [])]) + "\n"


def _same(one: ast.alias, other: ast.alias) -> bool:
    return one.name == other.name and (one.asname or one.name) == (other.asname or other.name)


def _statement(module: str, names: Sequence[ast.alias]) -> str:
    written = sorted((f"{each.name} as {each.asname}" if each.asname else each.name for each in names), key=_in_order)
    flat = f"from {module} import {', '.join(written)}"
    return flat if _cells(flat) <= WIDTH else rendered(f"from {module} import ", Group("(", tuple(written), ")"))


def _in_order(name: str) -> tuple[int, str]:
    """Return the place of a name among others that are imported: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _spliced(lines: list[str], first: int, last: int, statement: str) -> str:
    return "\n".join([*lines[:first], statement, *lines[last:]])
