"""The column of a file that holds labels somebody gave, and how it becomes gold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.columns_of_a_file import (
    MOST_LABELS,
    SPLITS,
    column_of,
    is_called_label,
    is_nested,
    label_columns,
)
from retrolabel.errors import InputError, counted, did_you_mean, for_shell
from retrolabel.interop.first_task import label_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.analysis.columns_of_a_file import Column
    from retrolabel.interop.first_look import Look
    from retrolabel.interop.first_task import FirstLabel

HALF = 0.5


@dataclass(frozen=True)
class Answers:
    """A column that holds labels somebody gave.

    Attributes:
        column: The column.
        values: Its values, a row each; none in rows of a test, which nothing here looks at.
        hidden: How many rows are of a test.
        split: The column that says so.
        others: Other columns that are called like one of labels.
    """

    column: Column
    values: Sequence[Any]
    hidden: int = 0
    split: Column | None = None
    others: tuple[str, ...] = ()

    def given(self, labels: Sequence[FirstLabel]) -> list[str | None]:
        """Return the label of each row; none where there is none of these, and none of a test."""
        ids = {spelling: label.id for label in labels for spelling in (label.id, label.name, *label.spelled)}
        return [None if value is None else ids.get(str(value)) for value in self.values]

    def with_spellings(self, labels: Sequence[FirstLabel]) -> list[FirstLabel]:
        """Return the labels with the column's spellings of them."""
        made = []
        for label in labels:
            here = [value for value in self.column.counts if label_id(value) in (label.id, label_id(label.name))]
            spelled = dict.fromkeys((*label.spelled, *(each for each in here if each != label.id)))
            made.append(replace(label, spelled=tuple(spelled)))
        return made

    def notes(self, labels: Sequence[FirstLabel]) -> list[str]:
        """Return what a person should know of the column."""
        known = {spelling for label in labels for spelling in (label.id, label.name, *label.spelled)}
        others = Counter(str(value) for value in self.values if value is not None and str(value) not in known)
        found = [f"{self.column.written} holds labels that somebody gave: no labeling function should read it"]
        if others:
            shown = ", ".join(f"{value!r:.40} {count:,}" for value, count in others.most_common(3))
            found.append(f"{counted(others.total(), 'row')} of it name none of these labels: {shown}")
        if self.hidden and self.split is not None:
            hidden = counted(self.hidden, "row")
            found.append(f"{hidden} that {self.split.written} calls a test: their labels were not looked at")
        if self.others:
            drops = " ".join(f"--drop {for_shell(each)}" for each in self.others)
            found.append(f"other columns are called like labels; where they say the answer, ingest with {drops}")
        return found


def answers_in(look: Look, asked: str, labels: Sequence[str]) -> Answers | None:
    """Return the column of labels: the one that is asked for; else one whose values are the labels; else one called so.

    Raises:
        InputError: There is no such column, or it has too many values.
    """
    if asked:
        column = look.column(asked)
        if column is None:
            near = did_you_mean(asked, [each.written for each in look.columns])
            raise InputError(
                f"{look.name} has no column {asked!r}.{near}",
                remedy=f"--label-column NAME, one of {', '.join(each.written for each in look.columns)}",
            )
        if is_nested(column):
            raise InputError(
                f"Column {asked!r} holds lists, and a first task gives an item one label.",
                remedy='name the labels: --labels "a,b,c"; docs/schemas.md says how an item gets several (multilabel)',
            )
        if column.distinct > MOST_LABELS and not labels:
            raise InputError(
                f"Column {asked!r} has {column.distinct:,} values, too many for labels of a first task.",
                remedy='name those that count: --labels "a,b,c"',
            )
        return _answers(look, column)
    if labels:
        wanted = {label_id(each) for each in labels}
        fit = [each for each in look.columns if each.filled and _share(each, wanted) >= HALF]
        return _answers(look, max(fit, key=lambda each: _share(each, wanted))) if fit else None
    fit = [each for each in label_columns(look.columns) if is_called_label(each)]
    return _answers(look, fit[0]) if fit else None


def _share(column: Column, wanted: set[str]) -> float:
    """Return the share of a column's values that are labels."""
    return sum(count for value, count in column.counts.items() if label_id(value) in wanted) / column.filled


def _answers(look: Look, column: Column) -> Answers | None:
    """Return a column as one of labels; nothing, where all its rows are of a test."""
    values = look.seen(column.name, look.test)
    seen = column_of(column.name, column.written, column.kind, values)
    others = [
        each.written for each in label_columns(look.columns) if is_called_label(each) and each.name != column.name
    ]
    return Answers(seen, values, sum(look.test), look.split, tuple(others)) if seen.filled else None


def gold_options(  # noqa: PLR0913 - what is known of the file
    answers: Answers | None, ids: str, task: str, file: str, source: str, look: Look | None = None
) -> str:
    """Return the command that brings the column in as gold; nothing, where it cannot be."""
    if answers is None or not ids:
        return ""
    words = [f"retrolabel gold import {task} {for_shell(file)} --source {source}"]
    words += [f"--item {for_shell(ids)}"] if ids != "item_id" else []
    words += [f"--label {for_shell(answers.column.written)}"] if answers.column.written != "label" else []
    words += look.dialect.words() if look is not None else []
    if answers.split is not None:
        roles = {value: SPLITS[value] for value in sorted(answers.split.counts) if SPLITS[value] != value}
        words.append(f"--role-column {for_shell(answers.split.written)}")
        words += [f"--role-map {','.join(f'{theirs}={ours}' for theirs, ours in roles.items())}"] if roles else []
    else:
        words.append("--role dev")
    return " ".join(words)
