"""JSON files as a stream of values: lines, one array, values one after another, or the rows inside one object."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from retrolabel.errors import InputError, Problem, counted
from retrolabel.interop.json_shapes import is_by_id, lists_in, rows_at, rows_at_told, rows_of_pandas, shape_of
from retrolabel.interop.paths import parse_path
from retrolabel.interop.streams import BOM, open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 2**20
LONGEST_VALUE = 2**26
"""Characters of one value; a longer one is a file that is not what it seems."""
LOOK_AHEAD = 3
"""Characters after a value without which a number may go on: 1, then e+5."""
SPACE = " \t\r\n"


@dataclass
class Document:
    """One value of a file.

    Attributes:
        place: Its line, where lines are values; else its number, from 1.
        value: The value.
        twice: Keys that an object in it says more than once; the last value counts.
        size: How many characters it has, about.
    """

    place: int
    value: Any
    twice: tuple[str, ...] = ()
    size: int = 0


@dataclass
class JsonDocuments:
    """Reads a JSON file value by value, without holding it whole where it is lines, an array or several values.

    Args:
        path: The file.
        encoding: Its encoding; UTF-8 if left out.
        rows_at: Where in it the rows are, as a path; found, where there is one place alone.
        member: The file in it, where it is a zip archive.

    Attributes:
        unit: ``line`` where each line is a value, else ``row``.
        notes: What was assumed of the file; known once it is read.
        broken: Values that cannot be read; they grow as the file is read.

    Raises:
        InputError: It cannot be read at all.
    """

    path: Path
    encoding: str | None = None
    rows_at: str | None = None
    member: str | None = None
    notes: list[str] = field(default_factory=list, init=False)
    broken: list[Problem] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """See how the file is built."""
        with open_text(self.path, self.encoding, newline="\n", member=self.member) as stream:
            self._shape = "one" if self.rows_at else shape_of(stream)
        self.unit = "line" if self._shape == "lines" else "row"

    def __iter__(self) -> Iterator[Document]:
        """Yield the values; what cannot be read goes into ``broken``."""
        self.notes, self.broken = [], []
        with open_text(self.path, self.encoding, newline="\n", member=self.member) as stream:
            if self._shape == "lines":
                yield from self._lines(stream)
            elif self._shape == "array":
                yield from _Values(stream, self.path.name, self.broken, array=True)
            else:
                yield from self._rows(_Values(stream, self.path.name, self.broken, array=False))

    def _lines(self, stream: IO[str]) -> Iterator[Document]:
        for line, text in enumerate(stream, start=1):
            plain = text.strip().lstrip(BOM)
            if not plain:
                continue
            keys = _Keys()
            try:
                value = json.loads(plain, parse_constant=_no_constant, object_pairs_hook=keys)
                _check_text(value)
            except UnicodeError:
                self.broken.append(
                    Problem(f"line {line}", f"is not {told_of(self.encoding)}", in_another(self.encoding))
                )
            except (ValueError, RecursionError) as error:
                self.broken.append(Problem(f"line {line}", f"is not JSON: {error}"))
            else:
                yield Document(line, value, tuple(keys.twice), len(text))

    def _rows(self, values: Iterator[Document]) -> Iterator[Document]:
        """Yield the values; of a single object the rows that are in it."""
        first, second = next(values, None), next(values, None)
        if first is None:
            return
        if second is not None and not self.rows_at:
            yield from (first, second)
            yield from values
            return
        held = (first,) if second is None else chain((first, second), values)
        rows = (row for each in held for row in self._inside(each.value))
        yield from (Document(number, row) for number, row in enumerate(rows, 1))

    def _inside(self, value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
        """Yield the rows in one value."""
        if self.rows_at:
            path = parse_path(self.rows_at, "--rows-at")
            rows = list(rows_at(value, path))
            if not rows:
                raise InputError(
                    f"{self.path.name} has nothing at {self.rows_at}.", remedy=rows_at_told(lists_in(value))
                )
            yield from rows
            return
        frame = rows_of_pandas(value)
        if frame is not None:
            self.notes.append("read as pandas writes a frame")
            yield from frame
            return
        places = lists_in(value)
        if len(places) > 1:
            listed = ", ".join(f"{at} ({counted(len(rows), 'object')})" for at, rows in places.items())
            raise InputError(
                f"{self.path.name} is one object with several lists: {listed}.", remedy=rows_at_told(places)
            )
        if not places:
            if is_by_id(value):
                raise InputError(
                    f"{self.path.name} is one object of {counted(len(value), 'object')}, each under a key of its own.",
                    remedy="take each of them for a row, with its key in a column 'key': --rows-at '*'",
                )
            yield value
            return
        at, rows = next(iter(places.items()))
        self.notes.append(f"the rows are those at {at}")
        yield from rows


class _Values:
    """Yields the values of an array, or values that follow each other, from a stream that is read piece by piece."""

    def __init__(self, stream: IO[str], name: str, broken: list[Problem], *, array: bool) -> None:
        self._stream, self._name, self._array, self._broken = stream, name, array, broken
        self._text, self._at, self._line = "", 0, 1
        self._ended = False
        self._number = 0
        self._values = self._read()

    def __iter__(self) -> Iterator[Document]:
        return self

    def __next__(self) -> Document:
        return next(self._values)

    def _read(self) -> Iterator[Document]:
        if self._array:
            self._expect("[")
        while True:
            here = self._peek()
            if self._array and here == "]":
                self._at += 1
                if self._peek():
                    self._fail("goes on after the end of the array", "one file, one array")
                return
            if not here and not self._array:
                return
            if self._number and self._array:
                self._expect(",")
                here = self._peek()
            if not here:
                self._fail("ends within the array", "copy it again; was it cut off?")
            self._number += 1
            document = self._value()
            if document is not None:
                yield document

    def _value(self) -> Document | None:
        """Return the next value; ``None`` where it can be told from those around it, and not be read."""
        keys = _Keys()
        strange: dict[str, None] = {}
        decoder = json.JSONDecoder(parse_constant=strange.setdefault, object_pairs_hook=keys)
        while True:
            wrong: Exception | None = None
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                wrong, value, end = error, None, len(self._text)
            if wrong is None and (end + LOOK_AHEAD < len(self._text) or self._ended):
                break
            if self._ended or len(self._text) - self._at > LONGEST_VALUE or isinstance(wrong, RecursionError):
                told = getattr(wrong, "msg", wrong)
                self._fail(f"row {self._number} is not JSON: {told}", "mend it there; rows after it were not read")
            keys.twice.clear()
            strange.clear()
            self._fill()
        size = end - self._at
        self._line += self._text.count("\n", self._at, end)
        self._at = end
        where = f"row {self._number}"
        try:
            _check_text(value)
        except UnicodeError:
            self._broken.append(Problem(where, "is not UTF-8", in_another(None)))
            return None
        if strange:
            self._broken.append(Problem(where, f"is not JSON: {', '.join(strange)} is not JSON", "write null"))
            return None
        return Document(self._number, value, tuple(keys.twice), size)

    def _peek(self) -> str:
        """Return the next character that is no white space; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in SPACE:
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill()

    def _expect(self, wanted: str) -> None:
        if self._peek() != wanted:
            self._fail(f"{wanted!r} was expected after row {self._number}", "copy or export it again; was it cut off?")
        self._at += 1

    def _fill(self) -> None:
        left = self._text[self._at :]
        more = self._stream.read(max(CHUNK, len(left)))
        self._ended = not more
        self._text = (left + more).removeprefix(BOM) if not self._number else left + more
        self._at = 0

    def _fail(self, what: str, remedy: str) -> None:
        raise InputError(f"{self._name}, line {self._line}: {what}.", remedy=remedy)


class _Keys:
    """Makes objects, and knows the keys that one of them says more than once."""

    def __init__(self) -> None:
        self.twice: dict[str, None] = {}

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            many = Counter(key for key, _ in pairs)
            self.twice.update(dict.fromkeys(key for key, count in many.items() if count > 1))
        return made


def told_of(encoding: str | None) -> str:
    """Return an encoding as messages call it."""
    return "UTF-8" if encoding is None or encoding.lower().replace("_", "-").startswith("utf-8") else encoding


def in_another(encoding: str | None) -> str:
    """Return what helps where bytes are not of an encoding."""
    return "save the file as UTF-8, or --encoding cp1252, if it is that" if encoding is None else "is it another one?"


def _check_text(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Refuse texts that no bytes of UTF-8 are."""
    json.dumps(value, ensure_ascii=False).encode("utf-8")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
