"""What a person should know of a file before a task about it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.columns_of_a_file import MOST_LABELS, is_called_label, label_columns
from retrolabel.errors import counted, for_shell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.analysis.columns_of_a_file import Column
    from retrolabel.interop.first_look import Look
    from retrolabel.interop.first_task import FirstLabel
    from retrolabel.wiring.first_labels import Answers

FEW = 3
"""Columns that a note names."""


def notes_on(  # noqa: PLR0913 - what is known of the file
    look: Look | None,
    asked: str,
    column: str,
    ids: Column | None,
    answers: Answers | None,
    labels: Sequence[FirstLabel],
) -> list[str]:
    """Return what a person should know of a file before a task about it is used.

    Args:
        look: The file, if there is one.
        asked: The column of texts that was asked for, if one was.
        column: The one that is taken.
        ids: The column of ids.
        answers: The column of labels that somebody gave.
        labels: The labels of the task.
    """
    if look is None:
        return ["leave out --id, --time and --map where FILE has no such column, or where its name is right already"]
    found = []
    if not asked:
        found.append(f"{column} is taken as the column of texts, since its are the longest; --column names another")
    if look.more:
        found.append(f"only the first {look.rows:,} rows were looked at")
    if look.broken_rows:
        first = look.broken[0]
        what = f"an ingest would put {counted(look.broken_rows, 'row')} aside; the first: {first.where}: {first.what}"
        remedy = (
            f"iconv -f LATIN1 -t UTF-8 {for_shell(look.name)} > utf8.csv, if it is Latin-1"
            if "UTF-8" in first.what
            else first.remedy
        )
        found.append(f"{what}; {remedy}" if remedy else what)
    if look.two_days:
        name, *formats = look.two_days
        told = " or ".join(f'"{each}"' for each in formats)
        found.append(f"{name} may mean two days; if it is a time: --time {for_shell(name)} --time-format {told}")
    if ids is None and look.column("item_id") is not None:
        found.append("item_id holds ids that stand twice; an ingest puts the later ones aside")
    elif ids is None:
        found.append("no column is plainly one of ids, so an ingest makes ids of the rows; --id names one")
    return found + (answers.notes(labels) if answers else _maybe_labels(look, column))


def _maybe_labels(look: Look, column: str) -> list[str]:
    """Return a note on columns that may be labels somebody gave, and are not made use of."""
    times = (look.time, *look.two_days[:1])
    fit = [each for each in label_columns(look.columns) if column != each.name and each.written not in times]
    found = []
    if fit:
        shown = ", ".join(f"{each.written} ({each.distinct:,} values)" for each in fit[:FEW])
        found.append(f"if one of these holds labels that somebody gave, --label-column NAME makes use of it: {shown}")
    many = [each for each in look.columns if is_called_label(each) and each.distinct > MOST_LABELS]
    if many:
        told = ", ".join(f"{each.written} has {each.distinct:,} values" for each in many)
        found.append(f"{told}: too many for labels; where some of them are your labels, --label-column makes use of it")
    return found
