"""Gold on its way to others: columns of the items beside it, and an item a row with its answers, as tools have them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import GoldError, InputError, Problem, counted, did_you_mean
from retrolabel.jobs.gold.rows import UNNAMED
from retrolabel.jobs.records.columns import shared_type
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.exporting import GoldTable
    from retrolabel.jobs.ports.objects import Objects

SOURCE = "source"
HIDDEN = ("test", "honeypot")
"""Roles whose answers nobody who labels may see, unless they are asked for by name."""
ANSWER = pa.struct(
    {
        "annotator": pa.string(),
        "label": pa.string(),
        "labelled_at": pa.string(),
        "seconds": pa.float64(),
        "rationale": pa.string(),
    }
)
"""An answer in the column ``answers`` of :func:`by_item`."""


def hide_from_people(found: GoldTable, role: str | None, task: str) -> GoldTable:
    """Return answers without those that whoever labels must not see, and say how many stay out.

    Args:
        found: The answers.
        role: The role that was asked for by name, if one was.
        task: The task, for messages.

    Raises:
        GoldError: None is left.
    """
    if role in HIDDEN:
        return found
    roles = found.table.column("role")
    hidden = pc.is_in(roles, pa.array(HIDDEN, pa.string()))
    out = Counter(roles.filter(hidden).to_pylist())
    if not out:
        return found
    told = " and ".join(f"{counted(out[name], 'answer')} of {name} gold" for name in HIDDEN if out[name])
    asking = " or ".join(f"--role {name}" for name in HIDDEN if out[name])
    table = found.table.filter(pc.invert(hidden))
    if not table.num_rows:
        raise GoldError(
            f"All human labels of {task} are {told}, which people who label are not to see.",
            remedy=f"{asking} writes them all the same; --format csv --people is for others",
        )
    note = f"{told} left out: people who label are not to see them; {asking} writes them"
    return replace(found, table=table, counts=_files(table), notes=(*found.notes, note))


def one_version(found: GoldTable, kind: str) -> str:
    """Return the version that all of some answers were given under.

    Raises:
        GoldError: They were given under several, and the format asks one question.
    """
    versions: Counter[str] = Counter()
    for (_, version), rows in found.counts.items():
        versions[version] += rows
    if len(versions) > 1:
        listed = ", ".join(f"{counted(rows, 'answer')} under {version}" for version, rows in sorted(versions.items()))
        raise GoldError(
            f"People labelled {found.task} under several versions ({listed}), and {kind} has the labels of one.",
            remedy=f"write a file of each: --schema {max(versions, key=lambda each: versions[each])}",
        )
    return next(iter(versions))


def _files(table: pa.Table) -> dict[tuple[str, str], int]:
    return dict(Counter(zip(table.column(SOURCE).to_pylist(), table.column("schema").to_pylist(), strict=True)))


def by_item(answers: pa.Table) -> pa.Table:
    """Return a table with a row an item, in the order of its first answer, that has its answers in a list.

    Columns: those of the item, its ``role``, ``answers``; ``label`` and ``probability`` are missing, since nothing is
    suggested. An answer of nobody who is named has no ``annotator``.

    Args:
        answers: A row an answer, as ``answers_table`` has it, with columns of the items beside it.
    """
    of_answer = [each.name for each in ANSWER]
    others = [name for name in answers.column_names if name not in of_answer]
    places: dict[tuple[str, str], int] = {}
    lists: list[list[dict[str, Any]]] = []
    first: list[int] = []
    rows = answers.select([SOURCE, ITEM_ID, *of_answer]).to_pylist()
    for number, row in enumerate(rows):
        key = (row.pop(SOURCE), row.pop(ITEM_ID))
        if key not in places:
            places[key] = len(lists)
            lists.append([])
            first.append(number)
        lists[places[key]].append({**row, "annotator": None if row["annotator"] == UNNAMED else row["annotator"]})
    table = answers.select(others).take(pa.array(first, pa.int64()))
    if "probability" in table.column_names:
        table = table.drop_columns(["probability"])  # of its draw, not of a label
    table = table.append_column("label", pa.nulls(len(first), pa.string()))
    table = table.append_column("probability", pa.nulls(len(first), pa.float64()))
    return table.append_column("answers", pa.array(lists, pa.list_(ANSWER)))


def check_columns(
    columns: Sequence[str], sources: Sequence[str], contracts: Mapping[str, Mapping[str, str]], taken: Sequence[str]
) -> None:
    """Refuse columns that cannot stand beside gold, everything at once.

    Args:
        columns: The columns of the items.
        sources: The sources of the items.
        contracts: Source -> its columns and their types.
        taken: The columns that the gold has itself.

    Raises:
        InputError: No item has such a column, it is named twice, or its name is taken.
    """
    problems = list(column_problems(columns, [contracts.get(source, {}) for source in sources], taken))
    if problems:
        raise InputError("Gold cannot be exported so.", problems=problems)


def column_problems(
    columns: Sequence[str], contracts: Iterable[Mapping[str, str]], taken: Collection[str]
) -> Iterator[Problem]:
    """Yield why columns of items cannot stand in an export: there are none such, or their names are taken.

    Args:
        columns: The columns that are asked for.
        contracts: The columns of each source whose items are exported, and their types.
        taken: The columns that the export has itself.
    """
    known = sorted({CREATED_AT, *(name for each in contracts for name in each)} - {ITEM_ID})
    for name, times in Counter(columns).items():
        if name not in known:
            what = f"no item has such a column{did_you_mean(name, known)}"
            yield Problem(f"--with {name}", what, f"one of {', '.join(known)}")
        elif name in taken:
            yield Problem(f"--with {name}", "is the name of a column of the export itself", "leave it out")
        elif times > 1:
            yield Problem(f"--with {name}", "is named twice", "name each column once")


def with_columns(table: pa.Table, columns: Sequence[str], feedback: FeedbackBook, objects: Objects) -> pa.Table:
    """Return a table with columns of its items, as they are now, beside its own; missing where an item is gone.

    Args:
        table: The table, with ``source`` and ``item_id``.
        columns: The columns.
        feedback: What items there are.
        objects: Where they are.
    """
    if not columns:
        return table
    keys = list(zip(table.column(SOURCE).to_pylist(), table.column(ITEM_ID).to_pylist(), strict=True))
    wanted = {source: {item for of, item in keys if of == source} for source in {of for of, _ in keys}}
    stored = feedback.sources()
    contracts = [stored.get(source, {}) for source in wanted]
    types = {name: shared_type(name, contracts) for name in columns}
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for segment in feedback.segments(sorted(wanted)):
        there = [name for name in columns if name == CREATED_AT or name in segment.columns]
        if not there:
            continue
        read = objects.read_table(segment.path, [ITEM_ID, *there], sha256=segment.sha256)
        read = read.take(pa.array(segment.live_rows()))
        ids = read.column(ITEM_ID).cast(pa.string())
        read = read.filter(pc.is_in(ids, pa.array(sorted(wanted[segment.source]), pa.string())))
        for name in there:
            read = read.set_column(read.column_names.index(name), name, read.column(name).cast(types[name]))
        cells |= {(segment.source, str(row[ITEM_ID])): row for row in read.to_pylist()}
    for name, kind in types.items():
        table = table.append_column(name, pa.array([cells.get(key, {}).get(name) for key in keys], kind))
    return table
