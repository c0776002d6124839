"""Files of human labels of any kind as rows: tables, exports of labelling tools, records with labels at a path."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, InputError, Problem
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.wiring.gold_file_options import TABLE, GoldFile, check_options
from retrolabel.wiring.gold_guesses import as_values_tell, is_label_of, items_told, refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from retrolabel.interop.labelling_tools.answers import Tool
    from retrolabel.jobs.gold.import_report import GoldReport
    from retrolabel.jobs.gold.matching import ItemPlace, Matched
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site

PUT_ASIDE = 5
"""Rows without an item that a report shows."""


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
    where_items_are: Callable[[Mapping[str, Sequence[object]]], list[ItemPlace]] = lambda _: [],
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
    from retrolabel.interop.conditions import Conditions
    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.gold import GoldReader, People
    from retrolabel.interop.guessed_places import label_of_column

    check_options(asked, columns, annotator_columns)
    in_columns = annotator_columns or asked.label_columns
    found = None if in_columns else _nested(path, columns, asked, history, where_items_are, annotator_name, time_format)
    if found is not None:
        return found
    columns = dict(columns)
    if columns["item_id"] is None and not asked.match:
        columns["item_id"] = ITEM_ID
    choices = {each: label_of_column(each, is_label_of(history)) for each in asked.label_columns}
    try:
        reader = GoldReader(
            path,
            columns,
            People(annotator_name, tuple(annotator_columns), choices),
            time_format,
            {each for version in history for each in version.ids},
            tuple(asked.match),
            asked.dialect or Dialect(),
            where=Conditions.of(asked.where),
        )
    except GoldError as error:
        if error.remedy:
            raise
        raise GoldError(
            error.message, problems=error.problems, remedy=as_values_tell(path, asked, history, where_items_are)
        ) from None
    return GoldRows(reader.rows(), reader.notes(), left_out=dict(reader.left_out))


def _nested(  # noqa: PLR0913 - what a file and its columns are
    path: Path,
    columns: Mapping[str, str | None],
    asked: GoldFile,
    history: History,
    where_items_are: Callable[[Mapping[str, Sequence[object]]], list[ItemPlace]],
    annotator_name: str | None,
    time_format: str | None,
) -> GoldRows | None:
    """Return the answers in a file of a tool; ``None`` where it is a table."""
    from retrolabel.interop.conditions import Conditions
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
                refuse_unknown(records, asked, lambda: as_values_tell(path, asked, history, where_items_are))
            return None
        tool = known
    reader = NestedGold(
        records,
        tool,
        is_label_of(history),
        columns["label"],
        columns["item_id"],
        tuple(asked.match),
        columns["role"],
        annotator_name,
        time_format,
        asked.all_answers,
        lambda values: items_told(where_items_are(values), as_values_tell(path, asked, history, where_items_are)),
        columns["annotator"],
        columns["labelled_at"],
        Conditions.of(asked.where),
        lambda: as_values_tell(path, asked, history, where_items_are),
    )
    rows = reader.rows()
    return GoldRows(rows, reader.notes, tool.title, dict(reader.left_out))


def _is_table(sample: Sequence[Mapping[str, object]], columns: Mapping[str, str | None], tool: Tool) -> bool:
    """Return whether records are a table with the columns that were asked for, each with a plain value.

    A tool whose rows are flat says more than these columns: who answered, and what was rejected. Its rows are a table
    only where a column of people or of times is named.
    """
    item, label = columns["item_id"] or ITEM_ID, columns["label"] or "label"
    there = all(item in row and label in row and not isinstance(row[label], (list, dict)) for row in sample)
    return there and not (tool.flat and columns["annotator"] is None and columns["labelled_at"] is None)


def with_items(  # noqa: PLR0913 - rows, and where their items are
    read: GoldRows,
    asked: GoldFile,
    schema: LabelSchema,
    site: Site,
    *,
    file: str,
    source: str,
    skip_unknown: bool,
    map_label: Mapping[str, str],
) -> tuple[Sequence[GoldRow], list[Problem], Matched | None]:
    """Return the rows that choose one label of a known item, what is wrong with the others, and how items were found.

    Raises:
        GoldError: Too many choose several labels, or have no item.
    """
    from retrolabel.jobs.gold.choices import single_choices, with_choices_told_apart
    from retrolabel.jobs.gold.matching import cut_out, match_items

    rows = with_choices_told_apart(read.rows, lambda value: value in map_label or schema.understood(value) is not None)
    rows, several = single_choices(rows, schema, file, first=asked.first_label)
    if asked.item_pattern:
        rows = [replace(row, item_id=cut_out(row.item_id or "", asked.item_pattern) or row.item_id) for row in rows]
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
