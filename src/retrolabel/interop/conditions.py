"""Which records of a file count: ``--where PATH=VALUE`` and ``--where PATH!=VALUE``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import InputError, in_quotes
from retrolabel.interop.labelling_tools.answers import as_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

SPLIT = re.compile(r"(?P<path>(?:\[[^\]]*\]|\"[^\"]*\"|[^=\[\"])+?)(?P<not>!?)=(?P<value>.*)", re.DOTALL)
OPTION = "--where"


@dataclass(frozen=True)
class Conditions:
    """What a record has to say, so that its labels count.

    Attributes:
        wanted: Column or path -> the values of which it must have one.
        unwanted: Column or path -> the values that it must not have.
    """

    wanted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unwanted: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Iterable[str]) -> Conditions:
        """Return what was typed.

        Raises:
            InputError: It names no value.

        Example:
            >>> Conditions.of(["source=ANNOTATION", "labels[kind=a].state!=draft"]).unwanted
            {'labels[kind=a].state': ['draft']}
        """
        found = cls({}, {})
        for each in said:
            parts = SPLIT.fullmatch(each)
            if parts is None:
                raise InputError(
                    f"{OPTION} {each!r} names no value.",
                    remedy=f"{OPTION} status=done, or {OPTION} {in_quotes('a!=b')}",
                )
            told = found.unwanted if parts["not"] else found.wanted
            told.setdefault(parts["path"].strip(), []).append(parts["value"].strip())  # type: ignore[attr-defined]  # our own dicts of lists
        return found

    @property
    def paths(self) -> list[str]:
        """The columns or paths that they are about."""
        return list(dict.fromkeys([*self.wanted, *self.unwanted]))

    def why_not(self, values: Callable[[str], Iterable[object]]) -> str:
        """Return why a record does not count, as a noun that can be counted; nothing where it does.

        Args:
            values: Path -> what the record has there; case and blanks around do not matter.

        Example:
            >>> row = {"source": "EVAL"}
            >>> Conditions.of(["source=annotation"]).why_not(lambda path: [row.get(path)])
            'row without source=annotation'
            >>> Conditions.of(["source!=eval"]).why_not(lambda path: [row.get(path)])
            'row of source=eval'
        """
        for path, meant in self.wanted.items():
            if not _spelled(values(path)) & set(map(_plain, meant)):
                return f"row without {path}={' or '.join(meant)}"
        for path, meant in self.unwanted.items():
            here = _spelled(values(path))
            for value in meant:
                if _plain(value) in here:
                    return f"row of {path}={value}"
        return ""


def _spelled(values: Iterable[object]) -> set[str]:
    return {"" if value is None else _plain(as_label(value)) for value in values} or {""}


def _plain(text: str) -> str:
    return text.strip().casefold()
