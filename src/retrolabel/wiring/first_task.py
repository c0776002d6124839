"""A first task about a file of feedback: looked at, written, checked; all of it, or nothing."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.columns_of_a_file import (
    Texts,
    id_column,
    label_columns,
    text_column,
    texts_of,
)
from retrolabel.analysis.languages import language_shares
from retrolabel.errors import InputError, Problem, SettingsError, did_you_mean, for_shell
from retrolabel.interop.column_choice import identifier_for, is_readable
from retrolabel.interop.first_look import Look, ingest_options, look_at, look_at_items
from retrolabel.interop.first_task import labels_of, schema_text, task_name, wording_text
from retrolabel.wiring.first_labels import Answers, answers_in, gold_options
from retrolabel.wiring.first_lfs import FirstLf, first_lfs
from retrolabel.wiring.first_notes import FEW, notes_on
from retrolabel.wiring.templates import check_task_name, files_of, write_files
from retrolabel.wiring.written_files import or_as_before

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.first_task import FirstLabel

DEFAULT_COLUMN = "comment"
SPOKEN = 5_000
"""Texts by which languages are told."""


@dataclass(frozen=True)
class AskedTask:
    """What somebody asks of a first task.

    Attributes:
        task: Its name; made of the column of labels if left out.
        labels: Its labels, as people call them; the values of the column of labels if left out.
        column: The column of texts; the one with the longest if left out.
        source: A file of feedback, or a source that is ingested already.
        label_column: The column that holds labels somebody gave; looked for if left out.
        dialect: How the file is written; found, where nothing is said.
    """

    task: str = ""
    labels: tuple[str, ...] = ()
    column: str = ""
    source: str = ""
    label_column: str = ""
    dialect: Dialect | None = None


@dataclass(frozen=True)
class FirstTask:
    """A first task that was written, or would be.

    Attributes:
        task: Its name.
        files: Its files, with their texts.
        labels: Its labels.
        lfs: Its labeling functions, with what they do on the file.
        look: What was seen of the file, if there is one.
        column: The column of texts, as labeling functions read it.
        left_out: Labeling functions that were not written, since labels in the file say that they are mostly wrong.
        ids: The column of ids, as the file calls it.
        texts: What the column of texts holds.
        languages: Language -> share of texts, roughly.
        answers: The column of labels that somebody gave, and what it says.
        notes: What a person should know.
        commands: What to type next, in the project's folder.
        gold: The command that brings the column of labels in as gold.
        written: Whether it was written.
    """

    task: str
    files: Mapping[Path, str]
    labels: tuple[FirstLabel, ...]
    lfs: tuple[FirstLf, ...]
    column: str
    left_out: tuple[FirstLf, ...] = ()
    look: Look | None = None
    ids: str = ""
    texts: Texts | None = None
    languages: Mapping[str, float] = field(default_factory=dict)
    answers: Answers | None = None
    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    gold: str = ""
    written: bool = False


def write_first_task(folder: Path, asked: AskedTask, *, dry_run: bool = False) -> FirstTask:
    """Write a first task about a file; it passes ``schema check`` and its examples, or nothing is left behind.

    Args:
        folder: The project's folder; it may be a project already, without this task.
        asked: What is asked of it.
        dry_run: Whether nothing is written. It is checked all the same.

    Raises:
        InputError: The file cannot be read, there is no such column, labels cannot be told apart.
        SettingsError: The name is no identifier, or a file is there already.
    """
    look, path = _looked(folder, asked.source, asked.dialect)
    answers = answers_in(look, asked.label_column, asked.labels) if look else None
    labels = tuple(_labels(asked, answers, look))
    task = asked.task or (task_name(answers.column.written) if answers else "kind")
    check_task_name(task)
    ids = id_column(look.columns, look.rows) if look else None
    column = _text_column(asked.column, look, [each.name for each in (ids, answers and answers.column) if each])
    values: Sequence[Any] = look.values[column] if look else ()
    given = answers.given(labels) if answers else None
    every = tuple(first_lfs(labels, column, values, given))
    lfs = tuple(lf for lf in every if not lf.is_wrong)
    told = _told_of_lfs(look, answers)
    modules = {
        "schema/v1.py": schema_text(task, labels, column),
        "wording.py": wording_text(task, column, [each.wish for each in lfs], told),
    }
    files = files_of(folder, task, modules)
    if dry_run:
        with tempfile.TemporaryDirectory() as place:
            _write_and_check(Path(place), task, files_of(Path(place), task, modules))
    else:
        _write_and_check(folder, task, files)
    written_ids = ids.written if ids else ""
    named = _source_name(path, asked.source)
    return FirstTask(
        task,
        files,
        labels,
        lfs,
        column,
        tuple(lf for lf in every if lf.is_wrong),
        look,
        written_ids,
        texts_of(values) if look else None,
        language_shares(str(each) for each in values[:SPOKEN] if each is not None),
        answers,
        tuple(notes_on(look, asked.column, column, ids, answers, labels)),
        tuple(_commands(folder, path, named, look, written_ids, answers, task, column, labels if not lfs else ())),
        gold_options(answers, written_ids, task, _from(folder, path), named, look) if path else "",
        written=not dry_run,
    )


def _looked(folder: Path, source: str, dialect: Dialect | None) -> tuple[Look | None, Path | None]:
    """Return what a file holds, and where it is; or what a source holds that the project has already."""
    if not source:
        return None, None
    path = Path(source)
    if path.is_file() or path.suffix or os.sep in source:
        return look_at(path, dialect), path
    from retrolabel.wiring.settings import find_project
    from retrolabel.wiring.workspace import open_workspace

    known: dict[str, dict[str, str]] = {}
    if find_project(folder) == folder:
        ws = open_workspace(folder)
        known = ws.feedback.sources() if ws.has_store() else {}
        if source in known:
            items = ws.feedback.items(source).drop(columns=["source"])
            plain = items.astype(object).where(items.notna(), None)
            return look_at_items(source, known[source], {str(name): plain[name].tolist() for name in plain}), None
    has = f" Its sources: {', '.join(sorted(known))}." if known else ""
    raise InputError(
        f"There is no file {source}, and the project in {folder} has no source of that name.{has}",
        remedy="name a file (CSV, JSONL or Parquet), or a source that was ingested",
    )


def _labels(asked: AskedTask, answers: Answers | None, look: Look | None) -> list[FirstLabel]:
    if asked.labels:
        return answers.with_spellings(labels_of(asked.labels)) if answers else labels_of(asked.labels)
    if answers:
        return labels_of(answers.column.counts, merge=True)
    where = f", and {look.name} has no column that is plainly one of labels" if look else ""
    fit = [each.written for each in label_columns(look.columns)] if look else []
    columns = f"; or --label-column, as {' or '.join(map(for_shell, fit[:FEW]))}" if fit else ""
    raise InputError(f"Which labels? None are named{where}.", remedy=f'--labels "bug,feature,other"{columns}')


def _text_column(asked: str, look: Look | None, taken: Sequence[str]) -> str:
    if look is None:
        return asked if is_readable(asked) else identifier_for(asked) if asked else DEFAULT_COLUMN
    listed = ", ".join(each.written for each in look.columns)
    if not asked:
        times = [each.name for each in look.columns if each.written in (look.time, *look.two_days[:1])]
        found = text_column(look.columns, [*taken, *times])
        if found is None:
            raise InputError(
                f"{look.name} has no column that is plainly one of texts.", remedy=f"--column NAME, one of {listed}"
            )
        return found.name
    found = look.column(asked)
    if found is None:
        near = did_you_mean(asked, [each.written for each in look.columns])
        raise InputError(f"{look.name} has no column {asked!r}.{near}", remedy=f"--column NAME, one of {listed}")
    if found.kind != "string":
        raise InputError(
            f"Column {asked!r} of {look.name} is {found.kind}, and labeling functions to begin with look for words.",
            remedy="--column names the column of texts",
        )
    return found.name


def _write_and_check(folder: Path, task: str, files: Mapping[Path, str]) -> None:
    """Write files, and take them back where the task that they make is not sound."""
    from retrolabel.discovery.folders import discover
    from retrolabel.wiring.schemas import Schemas
    from retrolabel.wiring.workspace import open_workspace

    with or_as_before(files):
        write_files(folder, files)
        problems = [problem for lf in discover(folder, task).lfs for problem in lf.check_examples()]
        report = Schemas(open_workspace(folder)).check(task)
        problems += [
            Problem(each.where, each.what, each.remedy) for each in report.findings if each.severity == "error"
        ]
        if problems:
            raise SettingsError("The task would not be sound; nothing was written.", problems=problems)


def _told_of_lfs(look: Look | None, answers: Answers | None) -> str:
    if look is None:
        return "They look for the labels' own words. Nobody has checked them: they are a start."
    if answers is None:
        return f"They look for the labels' own words, where {look.name} has them.\nNobody has checked them: a start."
    return (
        f"They look for the labels' own words, and for words that speak for a label in {look.name}:\n"
        "chosen on one half of its labelled rows, and checked on the other."
    )


def _source_name(path: Path | None, source: str) -> str:
    return task_name(path.name.partition(".")[0]) if path else source or "feedback"


def _from(folder: Path, path: Path | None) -> str:
    """Return a file's path as it is written in a command that is typed in the project's folder."""
    if path is None:
        return "FILE"
    return str(path) if path.is_absolute() else os.path.relpath(path.absolute(), folder)


def _commands(  # noqa: PLR0913 - what is known of the file
    folder: Path,
    path: Path | None,
    source: str,
    look: Look | None,
    ids: str,
    answers: Answers | None,
    task: str,
    column: str,
    silent: Sequence[FirstLabel],
) -> list[str]:
    leaks = answers.column.written if answers else ""
    first = [f'retrolabel lf new {task} NAME --label {silent[0].id} --words "a,b"'] if silent else []
    after = [*first, f"retrolabel relabel {task}", f"retrolabel lf summary {task}"]
    if look is not None and path is None:
        return [f"retrolabel lf test {task}", *after]
    options = ingest_options(look, ids, leaks) if look else ["--id COLUMN", "--time COLUMN", f"--map {column}=COLUMN"]
    file = for_shell(_from(folder, path)) if path else "FILE"
    return [" ".join([f"retrolabel ingest {file} --source {source}", *options]), *after]
