"""One TOML file of word lists: its lists by name, and all that is wrong with them."""

from __future__ import annotations

import string
import tomllib
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from retrolabel.errors import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from retrolabel.simulation.words import Lines, Lists

_Empty = TypeVar("_Empty")
_PAIR = 2


class WordFile:
    """A file of word lists. A list that is missing or has another form is empty, and told as a problem.

    A list is named by its place: ``praise`` at the top, ``terse.good`` in the table ``terse``.

    Args:
        path: The file.
        fillable: The slots that its sentences may have; ``None`` where that is not known.
    """

    def __init__(self, path: Path, fillable: Collection[str] | None = None) -> None:
        self._name = path.name
        self._fillable = fillable
        self._problems: list[Problem] = []
        self._missing: list[str] = []
        content = self._content(path)
        self._readable = content is not None
        self._unread = dict(_by_place(content or {}))

    def problems(self) -> list[Problem]:
        """Return what was found wrong so far, and the lists that nobody asked for."""
        unknown = []
        for place in self._unread:
            near = nearest(place, self._missing)
            remedy = f"call it {near}" if near else "take it out"
            unknown.append(Problem(f"{self._name}, {place}", "is no list that the simulator knows", remedy))
        return [*self._problems, *unknown]

    def wrong(self, place: str, what: str, remedy: str) -> None:
        """Note that something is wrong at a place."""
        self._problems.append(Problem(f"{self._name}, {place}", what, remedy))

    def words(self, place: str) -> Lines:
        """Return a list of texts that are used as they stand: a slot in them would not be filled."""
        lines = self._lines(place)
        for line in lines:
            if "{" in line or "}" in line:
                self.wrong(place, f"{line!r} has a slot, and none is filled in this list", "write it without braces")
        return lines

    def sentences(self, place: str) -> Lines:
        """Return a list of sentences, which may have slots."""
        return self._fitting(place, self._lines(place))

    def sentence(self, place: str) -> str:
        """Return a single sentence, which may have slots."""
        found = self._unread.pop(place, None)
        if not isinstance(found, str) or not found:
            return self._not(place, found, "a text in quotes", "")
        return "".join(self._fitting(place, (found,)))

    def pairs(self, place: str) -> tuple[tuple[str, str], ...]:
        """Return a list of two sentences each, which may have slots."""
        found = self._unread.pop(place, None)
        if not isinstance(found, list) or not found or not all(is_lines(pair) and len(pair) == _PAIR for pair in found):
            return self._not(place, found, "a list of pairs of texts in quotes", ())
        self._fitting(place, [text for pair in found for text in pair])
        return tuple((first, last) for first, last in found)

    def table(self, name: str, keys: Iterable[str]) -> Lists:
        """Return the lists of sentences of a table that has these keys."""
        return {key: self.sentences(f"{name}.{key}") for key in keys}

    def keys(self, name: str) -> list[str]:
        """Return the keys of a table that may have any."""
        found = [place.removeprefix(f"{name}.") for place in self._unread if place.startswith(f"{name}.")]
        return found or self._not(name, self._unread.pop(name, None), f"a table [{name}] of lists", [])

    def rows(self, place: str) -> list[Mapping[str, object]]:
        """Return tables that stand one after the other."""
        found = self._unread.pop(place, None)
        if not isinstance(found, list) or not found or not all(isinstance(row, dict) for row in found):
            return self._not(place, found, f"tables, each under [[{place}]]", [])
        return found

    def _content(self, path: Path) -> Mapping[str, object] | None:
        """Return what the file holds, or ``None`` if it cannot be read."""
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            self._problems.append(Problem(self._name, f"cannot be read: {error.strerror or error}"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            remedy = "write NAME = [...], each text in quotes, in UTF-8"
            self._problems.append(Problem(self._name, f"is no TOML: {error}", remedy))
        return None

    def _lines(self, place: str) -> Lines:
        found = self._unread.pop(place, None)
        return tuple(found) if is_lines(found) else self._not(place, found, "a list of texts in quotes", ())

    def _not(self, place: str, found: object, form: str, empty: _Empty) -> _Empty:
        """Note that a place lacks what it should hold, and return what is used instead."""
        if found is not None:
            self.wrong(place, f"is not {form}, or one of them is empty", f"write {form}")
        elif self._readable:
            self._missing.append(place)
            self.wrong(place, "is missing", f"add {form}")
        return empty

    def _fitting(self, place: str, sentences: Collection[str]) -> Lines:
        """Return the sentences, and note the slots of theirs that nothing fills."""
        known = self._fillable
        for sentence in sentences if known is not None else ():
            try:
                slots = {slot for _, slot, _, _ in string.Formatter().parse(sentence) if slot is not None}
            except ValueError as error:
                self.wrong(place, f"{sentence!r} cannot be filled: {error}", "write a brace that stays as {{ or }}")
                continue
            for slot in sorted(slots - set(known or ())):
                near = nearest(slot, known or ())
                remedy = f"write {{{near}}}" if near else "add it to slots.toml"
                self.wrong(place, f"{sentence!r} has the slot {{{slot}}}, which nothing fills", remedy)
        return tuple(sentences)


def is_lines(value: object) -> TypeGuard[list[str]]:
    """Return whether a value is a list of texts, with at least one, and none of them empty.

    Example:
        >>> is_lines(["a", "b"]), is_lines([]), is_lines(["a", ""]), is_lines("a")
        (True, False, False, False)
    """
    return isinstance(value, list) and bool(value) and all(isinstance(line, str) and line for line in value)


def _by_place(table: Mapping[str, object], within: str = "") -> Iterator[tuple[str, object]]:
    """Yield what stands in a table and in the tables below it, each with its place."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _by_place(value, f"{within}{key}.")
        else:
            yield f"{within}{key}", value
