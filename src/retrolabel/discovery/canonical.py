"""Code without the traces of its formatting: what two ways of writing one syntax tree have in common.

A compiled function still shows how its lines were broken. So a file is compiled once more, from its
syntax tree without docstrings and annotations, and with numbers instead of lines. A function is
found again in that second compilation by its place; where it cannot be found (it was made by
``exec``, or the file changed since it was imported), its own code stands for itself.
"""

from __future__ import annotations

import ast
import dis
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FUTURE_ANNOTATIONS = 0x1000000
"""The flag of ``from __future__ import annotations``, which changes nothing but annotations."""
SILENT = {"CACHE", "EXTENDED_ARG", "NOP", "RESUME", "PRECALL", "PUSH_NULL"}
"""Instructions that say nothing of what a function computes."""
HAS_CODE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Step:
    """One instruction, its operand by value or name.

    Attributes:
        name: What it does.
        value: Its operand: a constant, a name, the number of the step that it jumps to.
        line: The line of the source that it comes from.
    """

    name: str
    value: Any
    line: int | None


@dataclass(frozen=True)
class Canonical:
    """A code object with the lines that it came from.

    Attributes:
        code: The code object.
        lines: Its line numbers -> lines of the source; ``None`` where they are the source's own.
    """

    code: CodeType
    lines: Sequence[int] | None = field(default=None, repr=False)

    def line(self, number: int | None) -> int | None:
        """Return the line of the source."""
        if number is None or self.lines is None:
            return number
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None

    @cached_property
    def steps(self) -> list[Step]:
        """What the code does, without what is there for speed."""
        return list(self._steps())

    def _steps(self) -> Iterator[Step]:
        places: dict[int, int] = {}
        kept: list[dis.Instruction] = []
        for instruction in dis.get_instructions(self.code):
            places[instruction.offset] = len(kept)
            if instruction.opname not in SILENT:
                kept.append(instruction)
        for instruction in kept:
            value = instruction.argval
            if instruction.opcode in dis.hasconst:
                value = self.code.co_consts[instruction.arg or 0]
            elif isinstance(value, type) or callable(value) or instruction.opname == "FORMAT_VALUE":
                value = instruction.arg
            if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
                value = places[value]
            line = self.line(instruction.positions.lineno if instruction.positions else None)
            yield Step(instruction.opname, value, line)

    @property
    def inner(self) -> list[Canonical]:
        """The functions, classes and comprehensions written in it."""
        return [Canonical(const, self.lines) for const in self.code.co_consts if isinstance(const, CodeType)]

    def described(self) -> object:
        """Return all that the code computes, as nested tuples; code in it is described too."""
        code = self.code
        return (
            "code",
            (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & ~FUTURE_ANNOTATIONS),
            (code.co_varnames, code.co_cellvars, code.co_freevars),
            tuple((step.name, self._operand(step.value)) for step in self.steps),
            self._handlers(),
        )

    def _operand(self, value: object) -> object:
        return Canonical(value, self.lines).described() if isinstance(value, CodeType) else value

    def _handlers(self) -> object:
        """Return which steps are covered by which handlers of exceptions."""
        parse = getattr(dis, "_parse_exception_table", None)
        if parse is None:  # pragma: no cover - all Pythons from 3.11 have it
            return self.code.co_exceptiontable
        places, count = {}, 0
        for instruction in dis.get_instructions(self.code):
            places[instruction.offset] = count
            count += instruction.opname not in SILENT
        end = count
        return tuple(
            (places.get(e.start, end), places.get(e.end, end), places.get(e.target, end), e.depth, e.lasti)
            for e in parse(self.code)
        )


class Sources:
    """The files that functions were written in, each compiled twice."""

    def __init__(self) -> None:
        self._files: dict[str, Mapping[CodeType, Canonical]] = {}

    def canonical(self, code: CodeType) -> Canonical:
        """Return a function's code without the traces of its formatting."""
        name = code.co_filename
        if name not in self._files:
            self._files[name] = {} if name.startswith("<") else _both(Path(name))
        return self._files[name].get(code, Canonical(code))


def _both(path: Path) -> Mapping[CodeType, Canonical]:
    """Return code as it was compiled -> the same without its formatting."""
    try:
        return _both_of(path.read_bytes(), str(path))
    except OSError:
        return {}


def _both_of(text: bytes, name: str) -> Mapping[CodeType, Canonical]:
    """Return the code of a text as it is compiled -> the same without its formatting."""
    found: dict[CodeType, Canonical] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            written = compile(text, name, "exec", dont_inherit=True)
            tree = ast.parse(text)
            lines = _numbered(_Bare().visit(tree))
            bare = compile(tree, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    _pair(written, bare, lines, found)
    return found


def _pair(written: CodeType, bare: CodeType, lines: Sequence[int], found: dict[CodeType, Canonical]) -> None:
    """Collect the code in two compilations of one file that stands at the same place."""
    mine, others = _inner(written), _inner(bare)
    if mine.keys() != others.keys():
        return
    for place, code in mine.items():
        other = others[place]
        if (code.co_varnames, code.co_freevars, code.co_cellvars) == (
            other.co_varnames,
            other.co_freevars,
            other.co_cellvars,
        ):
            found.setdefault(code, Canonical(other, lines))
            _pair(code, other, lines, found)


def _inner(code: CodeType) -> dict[tuple[str, int], CodeType]:
    found: dict[tuple[str, int], CodeType] = {}
    for const in code.co_consts:
        if isinstance(const, CodeType) and const.co_name != "__annotate__":
            number = 0
            while (const.co_name, number) in found:
                number += 1
            found[const.co_name, number] = const
    return found


class _Bare(ast.NodeTransformer):
    """Takes docstrings and the annotations of functions out of a syntax tree."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        while isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
            node.body = node.body[1:] or [ast.Pass()]  # it would be the docstring now
        every = node.args
        arguments = [*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg]
        for argument in arguments:
            if argument is not None and argument.annotation is not None and not _has_code(argument.annotation):
                argument.annotation = None
        if node.returns is not None and not _has_code(node.returns):
            node.returns = None
        return self.generic_visit(node)


def _has_code(node: ast.AST) -> bool:
    return any(isinstance(each, HAS_CODE) for each in ast.walk(node))


def _numbered(tree: ast.AST) -> list[int]:
    """Give each node a line of its own, and return the lines that they had."""
    lines: list[int] = []
    waiting = [tree]
    last = 1
    while waiting:
        node: Any = waiting.pop()
        if "lineno" in node._attributes:  # noqa: SLF001 - the documented name
            last = getattr(node, "lineno", last)
            lines.append(last)
            node.lineno = node.end_lineno = len(lines)
            node.col_offset = node.end_col_offset = 0
        waiting += reversed(list(ast.iter_child_nodes(node)))
    return lines
