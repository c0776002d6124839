"""From a pattern of Python's ``re`` to one of RE2 that matches the same texts, or more texts, and says which.

The way goes over Python's own parse tree. Each piece that matches one character becomes the class of
exactly the characters that ``re`` matches there. What RE2 cannot say is relaxed: an assertion (a
lookaround, a word's edge) is dropped, a reference to a group becomes any text, a repeat loses its
bounds. Each of these can only let more texts match, and no operator of a pattern takes matches away
when a part of it matches more (a lookaround is dropped as a whole, whatever is in it). So where the
relaxed pattern does not match, the pattern does not either; where it does, ``re`` has to be asked.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.labeling import characters as chars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

try:
    from re import _parser  # type: ignore[attr-defined]  # private, and the same since Python 2
except ImportError:  # pragma: no cover - a Python to come; plain re serves
    _parser = None

NOTHING = chars.written(())
ANYTHING = "(?s:.)*"
MAX_COPIES = 1000
"""RE2 refuses a part that stands more than this often one after the other."""
MAX_SIZE = 3000
"""The number of classes and literals, repeats written out, above which a repeat loses its bounds."""
CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
TYPES = re.ASCII | re.UNICODE | re.LOCALE


class UnknownNodeError(Exception):
    """A parse tree holds something that this module does not know."""


@dataclass(frozen=True)
class Translated:
    """A pattern in RE2's syntax.

    Attributes:
        pattern: It matches every text that the pattern of ``re`` matches.
        exact: Whether it matches no other text.
        size: About how large RE2's program is.
    """

    pattern: str
    exact: bool
    size: int


@dataclass(frozen=True)
class _Part:
    text: str
    exact: bool = True
    size: int = 1
    empty: bool = False  # whether it may match the empty text


@dataclass(frozen=True)
class _Place:
    """Where a node stands: its flags, whether it is the pattern's first or last piece, and what is beside it."""

    flags: int
    first: bool
    last: bool
    before: Sequence[Any] = ()
    after: Sequence[Any] = ()


def translate(pattern: str, flags: int, *, ascii_only: bool) -> Translated | None:
    r"""Return a pattern of RE2 for a pattern of ``re``, to be searched in texts that are not empty.

    Args:
        pattern: What ``re`` compiles.
        flags: The flags of ``re``.
        ascii_only: Whether it will only see ASCII texts; then a word's edge means the same to both.

    Returns:
        ``None`` where the pattern holds what is not known here.

    Example:
        >>> translate(r"k+\b", re.IGNORECASE, ascii_only=True)
        Translated(pattern='(?:[\\x{4B}\\x{6B}])+\\b', exact=True, size=4)
    """
    if _parser is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # re said them when the pattern was written
            tree = _parser.parse(pattern, flags & ~re.DEBUG)
        part = _Translator(ascii_only=ascii_only).sequence(tree, _Place(tree.state.flags, first=True, last=True))
    except (UnknownNodeError, RecursionError, AttributeError, TypeError, ValueError):
        return None
    return Translated(part.text, part.exact, part.size)


class _Translator:
    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii = ascii_only
        self._nodes: dict[str, Callable[[Any, _Place], _Part]] = {
            "LITERAL": lambda code, at: self._class(((code, code),), at),
            "NOT_LITERAL": lambda code, at: self._class(((code, code),), at, negated=True),
            "IN": self._in,
            "ANY": self._any,
            "BRANCH": lambda value, at: self._branch(value[1], at),
            "SUBPATTERN": self._group,
            "ATOMIC_GROUP": lambda value, at: self._relaxed(self.sequence(value, at)),
            "MAX_REPEAT": self._repeat,
            "MIN_REPEAT": self._repeat,
            "POSSESSIVE_REPEAT": lambda value, at: self._relaxed(self._repeat(value, at)),
            "GROUPREF": lambda _, at: _Part(ANYTHING, exact=False, empty=True),  # noqa: ARG005
            "GROUPREF_EXISTS": lambda value, at: self._relaxed(self._branch([value[1], value[2] or ()], at)),
            "ASSERT": self._assertion,
            "ASSERT_NOT": lambda value, at: self._assertion(value, at, negated=True),
            "FAILURE": lambda _, at: _Part(NOTHING),  # noqa: ARG005
            "AT": self._at,
        }

    def sequence(self, nodes: Sequence[Any], at: _Place) -> _Part:
        """Return pieces that follow one another."""
        parts = []
        for place, (operator, value) in enumerate(nodes):
            first, last = at.first and place == 0, at.last and place == len(nodes) - 1
            if str(operator) not in self._nodes:
                raise UnknownNodeError(str(operator))
            here = _Place(at.flags, first, last, nodes[:place], nodes[place + 1 :])
            parts.append(self._nodes[str(operator)](value, here))
        return _Part(
            "".join(part.text for part in parts),
            all(part.exact for part in parts),
            sum(part.size for part in parts),
            all(part.empty for part in parts),
        )

    # What matches one character

    def _class(self, parts: tuple[Any, ...], at: _Place, *, negated: bool = False) -> _Part:
        return self._written(chars.matched(parts, at.flags & chars.KINDS, negated=negated))

    def _in(self, items: Sequence[Any], at: _Place) -> _Part:
        return self._written(self._members(items, at))

    def _members(self, items: Sequence[Any], at: _Place) -> chars.Ranges:
        parts: list[Any] = []
        negated = False
        for operator, value in items:
            name = str(operator)
            if name == "NEGATE":
                negated = True
            elif name == "LITERAL":
                parts.append((value, value))
            elif name == "RANGE":
                parts.append(tuple(value))
            elif name == "CATEGORY" and str(value) in CATEGORIES:
                parts.append(CATEGORIES[str(value)])
            else:
                raise UnknownNodeError(name)
        return chars.matched(tuple(parts), at.flags & chars.KINDS, negated=negated)

    def _any(self, _: None, at: _Place) -> _Part:
        return self._written(chars.ALL if at.flags & re.DOTALL else chars.complement(chars.LINE_END))

    def _written(self, ranges: chars.Ranges) -> _Part:
        if self._ascii:
            ranges = chars.common(ranges, chars.ASCII)
        # RE2 spells a range beyond ASCII as several ranges of bytes.
        return _Part(chars.written(ranges), size=1 if self._ascii else 1 + 2 * len(ranges))

    # What is made of others

    def _group(self, value: tuple[int | None, int, int, Sequence[Any]], at: _Place) -> _Part:
        _, added, removed, inside = value
        part = self.sequence(inside, _Place(_combined(at.flags, added, removed), at.first, at.last))
        # Where a match may begin, re looks up under the flags outside (?a:...), and so misses some.
        exact = part.exact and not added & TYPES
        return _Part(f"(?:{part.text})", exact, part.size, part.empty)

    def _branch(self, branches: Sequence[Sequence[Any]], at: _Place) -> _Part:
        parts = [self.sequence(branch, at) for branch in branches]
        return _Part(
            f"(?:{'|'.join(part.text for part in parts)})",
            all(part.exact for part in parts),
            sum(part.size for part in parts),
            any(part.empty for part in parts),
        )

    def _repeat(self, value: tuple[int, int, Sequence[Any]], at: _Place) -> _Part:
        least, most = int(value[0]), None if str(value[1]) == "MAXREPEAT" else int(value[1])
        part = self.sequence(value[2], _Place(at.flags, first=False, last=False))
        copies = least + 1 if most is None else most
        # Python leaves a loop whose body matched nothing in ways of its own; re has the last word there.
        exact = part.exact and not (part.empty and (most is None or most > 1))
        if copies > MAX_COPIES or part.size * copies > MAX_SIZE:
            most, least, exact = None, min(least, 1), False
        bounds = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
        if bounds is None:
            bounds = f"{{{least},{'' if most is None else most}}}"
        size = part.size * (least + 1 if most is None else most) + 1
        return _Part(f"(?:{part.text}){bounds}", exact, size, part.empty or least == 0)

    def _relaxed(self, part: _Part) -> _Part:
        return _Part(part.text, exact=False, size=part.size, empty=part.empty)

    # What matches between two characters. At the pattern's own start or end it may eat the character
    # beside it: nothing else of the pattern wants that one, and the place between the two is the same.

    def _dropped(self) -> _Part:
        return _Part("", exact=False, size=0, empty=True)

    def _beside(self, at: _Place, ranges: chars.Ranges, *, exact: bool, edge: bool) -> _Part:
        """Return a look at the character before the pattern, or after it; ``edge``: there may be none."""
        part = self._written(ranges)
        beyond = (r"\A|" if at.first else r"\z|") if edge else ""
        return _Part(f"(?:{beyond}{part.text})", exact, part.size, empty=True)

    def _assertion(self, value: tuple[int, Sequence[Any]], at: _Place, *, negated: bool = False) -> _Part:
        direction, nodes = value
        if not (at.first if direction < 0 else at.last):
            return self._dropped()
        here = _Place(at.flags, first=direction < 0, last=direction > 0)
        if not negated:
            return self.sequence(nodes, _Place(at.flags, first=False, last=False))
        if len(nodes) != 1:
            return self._dropped()
        given, name = nodes[0][1], str(nodes[0][0])
        if name == "LITERAL":
            ranges = chars.matched(((given, given),), at.flags & chars.KINDS)
        elif name == "IN":
            ranges = self._members(given, at)
        else:
            return self._dropped()
        return self._beside(here, chars.complement(ranges), exact=True, edge=True)

    def _at(self, where: object, at: _Place) -> _Part:
        name = str(where)
        if name == "AT_BEGINNING_STRING" or (name == "AT_BEGINNING" and not at.flags & re.MULTILINE):
            return _Part(r"\A", empty=True)
        if name == "AT_END_STRING":
            return _Part(r"\z", empty=True)
        if name == "AT_BEGINNING":
            return _Part("(?m:^)", empty=True)
        if name == "AT_END" and at.flags & re.MULTILINE:
            return _Part("(?m:$)", empty=True)
        if name == "AT_END":
            return _Part(r"(?:\n?\z)", empty=True) if at.last else self._dropped()
        if name == "AT_BOUNDARY":
            return self._word_edge(at)
        if name == "AT_NON_BOUNDARY":
            return _Part(r"\B", empty=True) if self._ascii else self._dropped()
        raise UnknownNodeError(name)

    def _word_edge(self, at: _Place) -> _Part:
        if self._ascii or at.flags & re.ASCII:
            return _Part(r"\b", empty=True)
        if not (at.first or at.last):
            return self._dropped()
        nodes, step = (at.after, 1) if at.first else (at.before, -1)
        in_word, empty = self._in_word(nodes, at.flags, step)
        if in_word and not empty:
            return self._beside(at, _not_word(), exact=True, edge=True)
        # RE2 knows the edges of ASCII words only. Beside a letter beyond ASCII re decides; but a letter
        # of ASCII before one of ASCII is no edge, and that is what keeps "no" out of "know".
        outside = chars.written(chars.complement(chars.ASCII_WORD))
        end = r"\A" if at.first else r"\z"
        return _Part(rf"(?:\b|{end}|{outside})", exact=False, size=6, empty=True)

    def _in_word(self, nodes: Sequence[Any], flags: int, step: int) -> tuple[bool, bool]:
        """Return whether what pieces match begins (``step`` 1) or ends (-1) in a word, and whether it may be empty."""
        for operator, value in nodes[::step]:
            in_word, empty = self._node_in_word(str(operator), value, flags, step)
            if not (in_word and empty):
                return in_word, empty
        return True, True

    def _node_in_word(self, name: str, value: Any, flags: int, step: int) -> tuple[bool, bool]:  # noqa: ANN401
        if name == "LITERAL":
            ranges = chars.matched(((value, value),), flags & chars.KINDS)
            return not chars.common(ranges, _not_word()), False
        if name == "IN":
            ranges = self._members(value, _Place(flags, first=False, last=False))
            return not chars.common(ranges, _not_word()), False
        if name == "BRANCH":
            found = [self._in_word(branch, flags, step) for branch in value[1]]
            return all(in_word for in_word, _ in found), any(empty for _, empty in found)
        if name == "SUBPATTERN":
            return self._in_word(value[3], _combined(flags, value[1], value[2]), step)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            in_word, empty = self._in_word(value[2], flags, step)
            return in_word, empty or int(value[0]) == 0
        return False, True


def _combined(flags: int, added: int, removed: int) -> int:
    """Return the flags within a group that adds and removes some."""
    return ((flags & ~TYPES if added & TYPES else flags) | added) & ~removed


def _not_word() -> chars.Ranges:
    """Return what is no letter, digit or underscore, in any script."""
    return chars.matched((r"\W",), 0)
