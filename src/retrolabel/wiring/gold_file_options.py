"""What may be said of a file of human labels, besides the columns of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.interop.dialects import Dialect

TABLE = "table"
"""``--from table``: columns alone say what is what."""


@dataclass(frozen=True)
class GoldFile:
    """What may be said of a file of human labels, besides the columns of a table.

    Attributes:
        of: The tool that made it; told by what is inside, if left out. ``table`` takes its columns as they are.
        labels_at: The path of the labels in its records.
        annotator_at: The path of the people.
        time_at: The path of the times.
        match: Theirs -> ours: columns or paths of texts, and the source's columns that hold the same.
        all_answers: Whether answers count that stand beside one that somebody marked as right.
        dialect: How the file is written; found, where nothing is said.
        where: Conditions on the records that count: ``source=ANNOTATION``, ``status!=rejected``.
        label_columns: Columns of a table that are each called like a label, and marked where it holds.
        item_pattern: A regular expression whose first group is the id in the value at ``item``.
        first_label: Whether the first label counts of an answer that chooses several.
    """

    of: str | None = None
    labels_at: str | None = None
    annotator_at: str | None = None
    time_at: str | None = None
    match: Mapping[str, str] = field(default_factory=dict)
    all_answers: bool = False
    dialect: Dialect | None = None
    where: Sequence[str] = ()
    label_columns: Sequence[str] = ()
    item_pattern: str | None = None
    first_label: bool = False


def check_options(asked: GoldFile, columns: Mapping[str, str | None], people: Sequence[str]) -> None:
    """Refuse options that exclude each other, or need each other."""
    problems = [*_of_tables(asked, people), *_unsound_pattern(asked.item_pattern)]
    if asked.labels_at and asked.of:
        problems.append(Problem(f"--labels-at {asked.labels_at}", f"stands beside --from {asked.of}", "leave one out"))
    for option, path in (("--annotator-at", asked.annotator_at), ("--time-at", asked.time_at)):
        if path and not asked.labels_at:
            problems.append(Problem(f"{option} {path}", "goes with --labels-at", "--labels-at PATH"))
    for option, path, other in (
        ("--annotator", columns["annotator"], asked.annotator_at),
        ("--time", columns["labelled_at"], asked.time_at),
    ):
        if path and other:
            problems.append(
                Problem(f"{option} {path}", f"stands beside {option}-at {other}", "leave one of the two out")
            )
    if asked.match and columns["item_id"]:
        problems.append(Problem(f"--item {columns['item_id']}", "stands beside --match", "leave one of the two out"))
    if problems:
        raise GoldError("These options do not go together; nothing was read.", problems=problems)


def _of_tables(asked: GoldFile, people: Sequence[str]) -> list[Problem]:
    """Return a problem for each option that is about columns, where the file is said to be none of columns."""
    if not asked.labels_at and (not asked.of or asked.of == TABLE):
        return []
    there = {"--annotator-columns": people, "--label-columns": asked.label_columns}
    return [Problem(option, "are columns of a table", "leave it out") for option, each in there.items() if each]


def _unsound_pattern(pattern: str | None) -> list[Problem]:
    """Return what is wrong with the pattern of an id."""
    if pattern is None:
        return []
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        return [Problem(f"--item-pattern {pattern!r}", f"is no regular expression: {error}", r"as '(\w+)\.txt'")]
    what = "has no group that says where the id stands"
    return [] if groups else [Problem(f"--item-pattern {pattern!r}", what, f"put the id in brackets: '({pattern})'")]
