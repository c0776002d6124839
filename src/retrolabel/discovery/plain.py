"""Plain data by value: what may be hashed without asking what it means."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = 60
"""Values whose text is no longer than this are shown as they are."""
SCALARS = (type(None), bool, int, float, complex, str, bytes)


class NotPlainError(Exception):
    """A value holds something that is no plain data."""


class Plain:
    """Turns plain data into texts that are equal where the data are.

    Args:
        project: The folder whose place on the disk must not count.
    """

    def __init__(self, project: str = "") -> None:
        self.project = project

    def value(self, value: object) -> str:
        """Return a short value as it is written, a longer one as its hash.

        Raises:
            NotPlainError: It is no plain data.

        Example:
            >>> plain = Plain()
            >>> plain.value(1), plain.value(True), plain.value(["a", 1.0]), len(plain.value("x" * 100))
            ('1', 'True', "['a', 1.0]", 33)
        """
        if isinstance(value, str) and type(value) is str:
            value = self.text(value)
        flat = type(value) in (list, tuple) and all(type(each) in SCALARS for each in value)  # type: ignore[attr-defined]
        if type(value) in SCALARS or (flat and len(value) < SHORT):  # type: ignore[arg-type]  # a list or tuple
            if isinstance(value, int) and value.bit_length() > 8 * SHORT:
                return self.digest(value)
            if flat and any(type(each) is str and self.text(each) != each for each in value):  # type: ignore[attr-defined]
                return self.digest(value)
            if isinstance(value, (str, bytes)) and len(value) > SHORT:
                return self.digest(value)
            shown = repr(value)
            if len(shown) <= SHORT:
                return shown
        return self.digest(value)

    def digest(self, value: object) -> str:
        """Return the hash of a value: ``#`` and 32 hexadecimal digits."""
        found = hashlib.sha256()
        self._write(value, found.update, ())
        return shortened(found.hexdigest())

    def text(self, text: str) -> str:
        """Return a text without the place of the project in it."""
        return "<project>" + text[len(self.project) :] if self.project and text.startswith(self.project) else text

    def _write(self, value: Any, put: Callable[[bytes], object], above: tuple[int, ...]) -> None:  # noqa: ANN401 - each kind of data in its way
        kind = type(value)
        if kind is str:
            data = self.text(value).encode("utf-8", "surrogatepass")
            put(b"s%d:" % len(data) + data)
        elif kind is bool or value is None or value is Ellipsis or value is NotImplemented:
            put(b"c" + repr(value).encode() + b";")
        elif kind is int:
            put(b"i" + hex(value).encode() + b";")
        elif kind is float:
            put(b"f" + value.hex().encode() + b";")
        elif kind is complex:
            put(b"z" + value.real.hex().encode() + b"," + value.imag.hex().encode() + b";")
        elif kind in (bytes, bytearray):
            put(b"%s%d:" % (b"b" if kind is bytes else b"B", len(value)))
            put(value)
        elif kind in (list, tuple, dict, set, frozenset, range, slice):
            if id(value) in above:
                put(b"^%d;" % (len(above) - above.index(id(value))))
                return
            self._write_many(value, kind, put, (*above, id(value)))
        else:
            raise NotPlainError(kind)

    def _write_many(self, value: Any, kind: type, put: Callable[[bytes], object], above: tuple[int, ...]) -> None:  # noqa: ANN401 - a container
        if kind in (set, frozenset):
            digests = []
            for each in value:
                one = hashlib.sha256()
                self._write(each, one.update, above)
                digests.append(one.digest())
            put(b"%s%d:" % (kind.__name__.encode(), len(digests)))
            for found in sorted(digests):
                put(found)
            return
        if kind in (range, slice):
            parts: Any = (value.start, value.stop, value.step)
        else:
            parts = value
        put(b"%s%d:" % (kind.__name__.encode(), len(parts)))
        if kind is dict:
            for key, held in value.items():
                self._write(key, put, above)
                self._write(held, put, above)
            return
        for each in parts:
            self._write(each, put, above)


def shortened(hexdigest: str) -> str:
    """Return a hash as it stands in a tree: 32 digits, marked so that no number looks like it."""
    return "#" + hexdigest[:32]
