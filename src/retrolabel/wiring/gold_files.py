"""Files of human labels of any kind as rows: tables, exports of labelling tools, records with labels at a path."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, InputError, Problem
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.labelling_tools.answers import Tool
    from retrolabel.interop.records import Records
    from retrolabel.jobs.gold.import_report import GoldReport
    from retrolabel.jobs.gold.matching import Matched
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site

TABLE = "table"
"""``--from table``: columns alone say what is what."""
PUT_ASIDE = 5
"""Rows without an item that a report shows."""


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
    """

    of: str | None = None
    labels_at: str | None = None
    annotator_at: str | None = None
    time_at: str | None = None
    match: Mapping[str, str] = field(default_factory=dict)
    all_answers: bool = False
    dialect: Dialect | None = None


@dataclass(frozen=True)
class GoldRows:
    """The rows of a file of human labels.

    Attributes:
        rows: The answers.
        notes: What was assumed.
        read_as: The tool that made the file, where one did.
        left_out: What of it is no answer that counts -> how often.
    """

    rows: Sequence[GoldRow]
    notes: Sequence[str]
    read_as: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_gold_file(  # noqa: PLR0913 - what a file and its columns are
    path: Path,
    columns: Mapping[str, str | None],
    asked: GoldFile,
    history: History,
    *,
    where_items_are: Callable[[Mapping[str, Sequence[object]]], str] = lambda _: "",
    annotator_name: str | None = None,
    annotator_columns: Sequence[str] = (),
    time_format: str | None = None,
) -> GoldRows:
    """Return the answers in a file.

    Args:
        path: The file.
        columns: ``item_id``, ``label``, ``annotator``, ``role``, ``rationale``, ``labelled_at``, ``seconds``,
            ``probability`` -> column; in records of a tool they are paths, and ``label`` is a question.
        asked: What was said of the file.
        history: The versions of the task's schema.
        where_items_are: Says by which of some paths, each with values, items can be told; for a message.
        annotator_name: The one person who gave all labels.
        annotator_columns: Columns of a table that are each called like a person.
        time_format: The format of the times.

    Raises:
        GoldError: It holds no answers, or some cannot be read; every fault at once.
        InputError: It cannot be read at all.
    """
    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.gold import GoldReader, People

    _check(asked, columns, annotator_columns)
    found = (
        None
        if annotator_columns
        else _nested(path, columns, asked, history, where_items_are, annotator_name, time_format)
    )
    if found is not None:
        return found
    columns = dict(columns)
    if columns["item_id"] is None and not asked.match:
        columns["item_id"] = ITEM_ID
    reader = GoldReader(
        path,
        columns,
        People(annotator_name, tuple(annotator_columns)),
        time_format,
        {each for version in history for each in version.ids},
        tuple(asked.match),
        asked.dialect or Dialect(),
    )
    return GoldRows(reader.rows(), reader.notes())


def _nested(  # noqa: PLR0913 - what a file and its columns are
    path: Path,
    columns: Mapping[str, str | None],
    asked: GoldFile,
    history: History,
    where_items_are: Callable[[Mapping[str, Sequence[object]]], str],
    annotator_name: str | None,
    time_format: str | None,
) -> GoldRows | None:
    """Return the answers in a file of a tool; ``None`` where it is a table."""
    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.labelling_tools.by_path import Paths
    from retrolabel.interop.labelling_tools.recognising import AUTO, named, recognised
    from retrolabel.interop.nested_gold import NestedGold
    from retrolabel.interop.records import Records

    if asked.of == TABLE:
        return None
    try:
        records = Records(path, asked.dialect or Dialect())
    except InputError:
        if asked.of or asked.labels_at:
            raise
        return None  # the reader of tables says what is wrong
    if asked.labels_at:
        tool = Paths(
            asked.labels_at, asked.annotator_at, asked.time_at, columns["seconds"], columns["rationale"]
        ).tool()
    elif asked.of and asked.of != AUTO:
        tool = named(asked.of, records.sample())
    else:
        sample = records.sample()
        known = recognised(sample)
        if known is None or (asked.of is None and _is_table(sample, columns, known)):
            if known is None:
                _refuse_unknown(records, asked)
            return None
        tool = known
    reader = NestedGold(
        records,
        tool,
        lambda value: any(version.understood(value) for version in history),
        columns["label"],
        columns["item_id"],
        tuple(asked.match),
        columns["role"],
        annotator_name,
        time_format,
        asked.all_answers,
        where_items_are,
        columns["annotator"],
        columns["labelled_at"],
    )
    rows = reader.rows()
    return GoldRows(rows, reader.notes, tool.title, dict(reader.left_out))


def _refuse_unknown(records: Records, asked: GoldFile) -> None:
    """Refuse records that are nested, and of no tool that is known; a table goes on as one.

    Raises:
        GoldError: That, with the paths that there are.
    """
    from retrolabel.interop.labelling_tools.recognising import AUTO, NAMES
    from retrolabel.interop.paths import first_paths, paths_in

    sample = records.sample()
    deep = any("." in name or "[" in name for record in sample for name, _ in paths_in(record))
    if asked.of == AUTO or (records.nested and deep and asked.of is None):
        known = ", ".join(each for each in NAMES if each != AUTO)
        raise GoldError(
            f"{records.path.name} is of no labelling tool that is known ({known}).",
            remedy="say where labels and people stand: --labels-at PATH --annotator-at PATH --item PATH; the records"
            f" have {first_paths(sample)}; or --from table takes plain columns",
        )


def _is_table(sample: Sequence[Mapping[str, object]], columns: Mapping[str, str | None], tool: Tool) -> bool:
    """Return whether records are a table with the columns that were asked for, each with a plain value.

    A tool whose rows are flat says more than these columns: who answered, and what was rejected. Its rows are a table
    only where a column of people or of times is named.
    """
    item, label = columns["item_id"] or ITEM_ID, columns["label"] or "label"
    there = all(item in row and label in row and not isinstance(row[label], (list, dict)) for row in sample)
    return there and not (tool.flat and columns["annotator"] is None and columns["labelled_at"] is None)


def _check(asked: GoldFile, columns: Mapping[str, str | None], people: Sequence[str]) -> None:
    """Refuse options that exclude each other, or need each other."""
    problems = []
    if asked.labels_at and asked.of:
        problems.append(Problem(f"--labels-at {asked.labels_at}", f"stands beside --from {asked.of}", "leave one out"))
    for option, path in (("--annotator-at", asked.annotator_at), ("--time-at", asked.time_at)):
        if path and not asked.labels_at:
            problems.append(Problem(f"{option} {path}", "goes with --labels-at", "--labels-at PATH"))
    if people and (asked.labels_at or (asked.of and asked.of != TABLE)):
        problems.append(Problem("--annotator-columns", "are columns of a table", "leave it out"))
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


def with_items(  # noqa: PLR0913 - rows, and where their items are
    read: GoldRows, asked: GoldFile, schema: LabelSchema, site: Site, *, file: str, source: str, skip_unknown: bool
) -> tuple[Sequence[GoldRow], list[Problem], Matched | None]:
    """Return the rows that choose one label of a known item, what is wrong with the others, and how items were found.

    Raises:
        GoldError: Too many choose several labels, or have no item.
    """
    from retrolabel.jobs.gold.choices import single_choices
    from retrolabel.jobs.gold.matching import match_items

    rows, several = single_choices(read.rows, schema, file)
    aside = [problem for _, problem in several]
    if not asked.match:
        return rows, aside, None
    catalog = site.catalog
    matched = match_items(
        rows,
        list(asked.match.values()),
        file=file,
        source=source,
        feedback=catalog.feedback,
        objects=site.objects,
        skip_unknown=skip_unknown,
        progress=site.progress,
    )
    return matched.rows, aside + matched.problems(), matched


def told_of_file(
    report: GoldReport, read: GoldRows, asked: GoldFile, aside: Sequence[Problem], matched: Matched | None
) -> GoldReport:
    """Return the report of an import with what was said of its file."""
    notes = list(report.notes)
    if matched is not None and matched.alike:
        notes.append(f"{matched.alike:,} rows have the text of an item but for case, white space, quotes or hyphens")
    lost = len(matched.unmatched) if matched else 0
    unclear = len(matched.ambiguous) if matched else 0
    return replace(
        report,
        rows=len({row.line for row in read.rows}),
        notes=tuple(notes),
        read_as=read.read_as,
        left_out=dict(read.left_out),
        several=len(aside) - lost - unclear,
        matched_by=tuple(f"{theirs}={ours}" for theirs, ours in asked.match.items()),
        unmatched=lost,
        ambiguous=unclear,
        put_aside=tuple(aside[:PUT_ASIDE]),
    )
