"""Label sets as files for others: tables, and what other tools take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from retrolabel.errors import InputError, RetrolabelError, StoreError, counted
from retrolabel.interop.export import EXPORTS, STANDARD_OUTPUT, export_tables
from retrolabel.interop.for_tools.question import Choice, Question
from retrolabel.interop.for_tools.writing import FORMATS, write_for_tool
from retrolabel.interop.formulas import Cells, told
from retrolabel.jobs.gold.resolving import gold_in, items_of_test
from retrolabel.jobs.label_sets.exporting import GOLD_COLUMNS, ExportRows, GoldBeside, Wanted, check_wanted
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.wiring.texts_for_people import texts_for_people, told_of_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrolabel.interop.for_tools.writing import Format
    from retrolabel.jobs.gold.possible import PossibleLabels
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site

KINDS = (*EXPORTS, *FORMATS)


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes:
        rows: The number of rows.
        formulas: How many cells of a CSV file begin like formulas; none in other formats, which know what is text.
        possible: What its column ``possible`` rests on; ``None`` without one.
        left_out: How many items of the label set were not asked for.
        texts: The columns of texts that people read in another tool.
        notes: What is to be known of it.
        sources: The sources whose items were asked for.
    """

    rows: int
    formulas: int
    possible: PossibleLabels | None = None
    left_out: int = 0
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Options(TypedDict, total=False):
    """What may be asked of an export.

    Attributes:
        spreadsheet: Whether cells of a CSV file that begin like formulas are guarded.
        possible: With which probability the labels in a column ``possible`` are to hold an item's truth, as 0.9;
            without the column if left out.
        wanted: Which rows, and which columns of the items; all rows and none if left out.
        gold: Whether gold stands beside the labels: ``gold``, ``gold_partial``, ``gold_role``.
        final: Whether labels of test gold are among them; such a look is logged.
        texts: The columns that people read in another tool; those that labeling functions read, if left out.
    """

    spreadsheet: bool
    possible: float | None
    wanted: Wanted
    gold: bool
    final: bool
    texts: Sequence[str]


def exported(  # noqa: PLR0913 - the options of an export
    site: Site,
    task: str,
    path: Path,
    kind: str,
    name: str,
    *,
    spreadsheet: bool = False,
    possible: float | None = None,
    wanted: Wanted | None = None,
    gold: bool = False,
    final: bool = False,
    texts: Sequence[str] = (),
) -> Exported:
    """Write a label set to a file or a folder for others; cells that begin like formulas are told of.

    Args:
        site: The project and its store.
        task: The task.
        path: The file, or the folder; ``-`` is standard output.
        kind: ``parquet``, ``csv``, ``jsonl``, ``hf``, ``label-studio``, ``argilla``, ``doccano`` or ``prodigy``.
        name: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
        spreadsheet: Whether cells of a CSV file that begin like formulas are guarded.
        possible: With which probability the labels in the column ``possible`` are to hold an item's truth; without
            the column if left out.
        wanted: Which rows, and which columns of the items.
        gold: Whether gold stands beside the labels.
        final: Whether labels of test gold do too; such a look is logged.
        texts: The columns that people read in another tool; those that labeling functions read, if left out.

    Raises:
        StoreError: The format is unknown, only CSV files are guarded, or the file cannot be written.
        InputError: There is no such column, source or kind of items.
        GoldError: Gold cannot promise that, or there is none.
    """
    if kind not in KINDS:
        raise StoreError(f"There is no export format {kind!r}.", remedy=f"one of {', '.join(KINDS)}")
    if spreadsheet and kind != "csv":
        raise StoreError(f"--spreadsheet is about CSV files; {kind} knows what is text.", remedy="--format csv")
    label_set, form, wanted = site.label_set(task, name), FORMATS.get(kind), wanted or Wanted()
    if texts and (form is None or not form.texts):
        raise InputError(f"--text is about tools that people label in, and {kind} is none.", remedy="--with COLUMN")
    contracts = site.catalog.feedback.sources()
    held = {made["source"] for made in label_set.manifest["outputs"]["segments"]}
    shown = texts_for_people(texts, held, contracts, label_set.reads) if form is not None and form.texts else ()
    all_of_them = replace(wanted, columns=tuple(dict.fromkeys((*wanted.columns, *shown))))
    check_wanted(label_set, all_of_them, contracts, GOLD_COLUMNS if gold or form else ())
    sets = None if possible is None else _possible(site, label_set, possible)
    beside = _gold(site, label_set, answers=gold, final=final) if gold or kind == "hf" else None
    rows = ExportRows(
        label_set,
        label_set.tables if sets is None else sets.tables,
        all_of_them,
        {each.id: each for each in site.catalog.feedback.segments()} if all_of_them.columns else {},
        contracts,
        beside,
        site.progress,
        _hidden(site, label_set) if form is not None and form.texts else frozenset(),
    )
    cells = Cells(rows, guard=spreadsheet)
    if form is not None:
        extras = (*(each for each in wanted.columns if each not in shown), *(GOLD_COLUMNS if gold else ()))
        count = write_for_tool(rows, path, kind, _question(site, label_set, shown, extras))
    else:
        count = export_tables(cells if kind == "csv" else rows, path, kind)
    if cells.formulas:
        site.warn(told(cells.formulas, path if str(path) != STANDARD_OUTPUT else "the export", guarded=spreadsheet))
    sources = tuple(sorted(set(wanted.sources) or held))
    notes = _notes(form, shown, beside, rows.of_test, asked=bool(texts))
    if form is not None and form.back and len(sources) > 1:
        notes += ("gold import takes answers of one source a file: --source NAME exports one at a time",)
    return Exported(count, cells.formulas, sets, rows.left_out, shown, notes, sources)


def _hidden(site: Site, label_set: LabelSet) -> frozenset[tuple[str, str]]:
    """Return the items of test gold: who labels them again with a suggestion at hand spoils the test."""
    return frozenset(items_of_test(site.catalog.gold.human_labels(label_set.record.task)))


def _notes(
    form: Format | None, shown: Sequence[str], beside: GoldBeside | None, of_test: int, *, asked: bool
) -> tuple[str, ...]:
    """Return what a person should know of an export."""
    notes = []
    if of_test:
        notes.append(f"{counted(of_test, 'item')} of test gold left out: with a suggestion at hand they test nothing")
    if shown:
        notes.append(told_of_texts(shown, asked=asked))
    if form is not None and form.note:
        notes.append(form.note)
    if beside is not None and beside.held_back:
        items = counted(beside.held_back, "item")
        notes.append(f"labels of test gold stay out ({items}); --final writes them, and is logged as a look")
    return tuple(notes)


def _gold(site: Site, label_set: LabelSet, *, answers: bool, final: bool) -> GoldBeside:
    """Return what people said of the items, as it reads in the label set's version."""
    from retrolabel.jobs.gold.exporting import gold_table
    from retrolabel.wiring.label_sets import looked

    task, version, catalog = label_set.record.task, label_set.record.schema_version, site.catalog
    given = catalog.gold.answers(task)
    if not given and not answers:
        return GoldBeside({}, answers=False)
    history = site.history(task)
    found = gold_table(
        given,
        task=task,
        schema=history[version],
        history=history,
        feedback=catalog.feedback,
        how=site.adjudication(task),
    )
    columns = ("source", ITEM_ID, "label", "partial", "role")
    rows = zip(*(found.table.column(name).to_pylist() for name in columns), strict=True)
    beside = GoldBeside({(source, item): (*said, role) for source, item, *said, role in rows}, answers, final)
    if answers and final:
        looked(site, label_set)
    return beside


def _question(site: Site, label_set: LabelSet, texts: Sequence[str], extras: Sequence[str]) -> Question:
    """Return what is asked in another tool; a version that the project has no more has ids alone."""
    task, version = label_set.record.task, label_set.record.schema_version
    schema = label_set.manifest["inputs"]["schema"]
    try:
        known = {label.id: label for label in site.history(task)[version].labels}
    except RetrolabelError:
        known = {}
    choices = tuple(Choice.of(each, known) for each in label_set.labels)
    prints = {name: schema[name] for name in ("shape", "meaning") if name in schema}
    return Question(task, version, prints, label_set.id, choices, tuple(texts), tuple(extras))


def _possible(site: Site, label_set: LabelSet, coverage: float) -> PossibleLabels:
    """Return the labels that are possible, by dev gold of a known design."""
    from retrolabel.jobs.gold.possible import PossibleLabels

    task, gold = label_set.record.task, site.catalog.gold
    said = gold.human_labels(task)
    how = site.adjudication(task)
    read = gold_in(site.history(task), label_set.record.schema_version, "dev", said, site.catalog.feedback, how=how)
    return PossibleLabels.of(label_set, read, gold.draws(task), coverage)
