"""Why a key is another one, in the words of who wrote the labeling function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrolabel.jobs.records.key_tree import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrolabel.jobs.records.key_tree import KeyChange

NUMBERED = re.compile(r" #\d+$")
SHORT = 40
"""Characters of a value that is shown."""
UNSEEN = "what differs is a password or token, or was not recorded"
BY_UPDATE = {
    "rule revision": "its builder looks otherwise, by an update of retrolabel (CHANGELOG) or by fold=",
    "called": "it is called in another way, by an update of retrolabel",
}


def reasons(change: KeyChange, meanings: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return why a key is another one, a few words each.

    Args:
        change: What differs of what it is made of.
        meanings: Label -> how its meaning changed, where one step of the schema says so.

    Example:
        >>> from retrolabel.jobs.records.key_tree import compare_flat
        >>> helper = "function mood.py:says_stale > function mood.py:stale_years"
        >>> reasons(compare_flat({helper: "#1", "python": "3.11"}, {helper: "#2", "python": "3.12"}))
        ('code changed: helper stale_years()', 'Python 3.11, now 3.12')
        >>> reasons(compare_flat({"votes bug > label bug": "#1"}, {"votes bug > label bug": "#2"}), {"bug": "narrower"})
        ('meaning of bug narrower',)
    """
    found = [_changed(path, *values, meanings or {}) for path, values in change.changed.items()]
    code = any(_last(path).startswith("function ") for path in change.changed)
    for paths, when in ((change.added, "now"), (change.removed, "no more")):
        told = (path for path in _topmost(paths) if not (code and _last(path).startswith("stdlib ")))
        found += [_changed(path, "", "", {}) if _within(path) != path else _came(path, when) for path in told]
    return tuple(dict.fromkeys(found)) or (UNSEEN,)


def _changed(path: str, before: str, after: str, meanings: Mapping[str, str]) -> str:
    if _within(path) != path:
        path, before, after = _within(path), "", ""  # of an entry of a collection, the collection is told
    what, deep = _last(path), SEPARATOR in path
    kind, _, name = what.partition(" ")
    if what in BY_UPDATE:
        return BY_UPDATE[what]
    if kind == "function":
        return f"code changed: helper {_called(name)}()" if deep else "code changed"
    if kind == "label":
        return f"meaning of {name} {meanings.get(name, 'changed')}"
    values = "" if _is_hash(before) or _is_hash(after) else f"{before}, now {after}"
    if what == "reads":
        return "it reads other columns"
    if kind == "rule":
        return f"its {name or 'rule'} changed"
    word = {"python": "Python", "global": f"constant {name}"}.get(kind, what)
    return f"{word}{'' if kind in ('python', 'package') else ':'} {values}" if values else f"{word} changed"


def _came(path: str, when: str) -> str:
    what = _last(path)
    kind, _, name = what.partition(" ")
    if kind == "function" and SEPARATOR not in path:
        return "code changed"
    verb = {"function": "calls", "votes": "votes", "label": "votes"}.get(kind, "depends on")
    thing = {"function": f"{_called(name)}()", "votes": name, "label": name, "global": f"constant {name}"}
    return f"{verb} {thing.get(kind, what)} {when}"


def _topmost(paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths below none of the others: what came with another thing is not told of."""
    there = set(paths)
    for path in paths:
        parts = path.split(SEPARATOR)
        if not any(SEPARATOR.join(parts[:depth]) in there for depth in range(1, len(parts))):
            yield path


def _within(path: str) -> str:
    """Return the path of the thing that has a name of its own: of an entry, that of the collection."""
    parts = path.split(SEPARATOR)
    while len(parts) > 1 and (parts[-1].startswith("[") or NUMBERED.sub("", parts[-1]) in ("key", "entry")):
        parts.pop()
    return SEPARATOR.join(parts)


def _last(path: str) -> str:
    return NUMBERED.sub("", path.rpartition(SEPARATOR)[2] if SEPARATOR in path else path)


def _called(name: str) -> str:
    """Return the name of a function without its file."""
    return name.rpartition(":")[2]


def _is_hash(value: str) -> bool:
    return value.startswith("#") or not value or len(value) > SHORT
