"""Words that stand in files of suggestions that were written before: what was offered once is not offered again."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from retrolabel.discovery.imports import parsed
from retrolabel.errors import InputError
from retrolabel.labeling.builders import keywords, regex
from retrolabel.schema.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from retrolabel.labeling.functions import LabelingFunction

SOME, TEXT = Label("some_label"), "text"
LISTS = ("keywords", "phrases")


def offered_in(paths: Iterable[Path]) -> Callable[[str], bool]:
    """Return what says of a term whether a list of words or a pattern in some files finds it; nothing is imported.

    Args:
        paths: Modules, as ``lf suggest --write`` writes them; edited ones, too.

    Raises:
        InputError: One cannot be read, or holds no list of words.
    """
    lfs = [lf for path in paths for lf in _lists_in(path)]
    known: dict[str, bool] = {}

    def is_offered(term: str) -> bool:
        if term not in known:
            known[term] = any(lf.vote({TEXT: term}) is not None for lf in lfs)
        return known[term]

    return is_offered


def _lists_in(path: Path) -> list[LabelingFunction]:
    tree = parsed(path)
    if tree is None:
        raise InputError(f"{path} is no module that can be read.", remedy="name a file that lf suggest --write wrote")
    found = [lf for node in ast.walk(tree) if isinstance(node, ast.Call) for lf in _built_by(node)]
    if not found:
        raise InputError(f"{path} holds no list of words.", remedy="name a file that lf suggest --write wrote")
    return found


def _built_by(call: ast.Call) -> Iterator[LabelingFunction]:
    """Yield the labeling function that a call of a builder makes, if its words are written out."""
    builder = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given = {each.arg: each.value for each in call.keywords}
    second = call.args[1] if len(call.args) > 1 else given.get("words", given.get("pattern"))
    try:
        value = None if second is None else ast.literal_eval(second)
    except ValueError:  # a name, a file: what is in it is not known here
        return
    if builder in LISTS and isinstance(value, (list, tuple, set)) and value and all(map(_is_word, value)):
        yield keywords(SOME, sorted(value), column=TEXT)
    elif builder == "regex" and isinstance(value, str) and _compiles(value):
        yield regex(SOME, value, column=TEXT)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
