"""Label sets of a task: as frames, against gold, against what was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import pyarrow as pa

from retrolabel.errors import InputError, StoreError
from retrolabel.gold.adjudication import standing
from retrolabel.interop.export import EXPORTS, STANDARD_OUTPUT, export_tables
from retrolabel.interop.formulas import Cells, guarded_frame, told
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.gold.scoring import Evaluation, score
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from retrolabel.jobs.gold.possible import PossibleLabels
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site


def labels_frame(label_set: LabelSet) -> pd.DataFrame:
    """Return a label set's labels as a frame, in the columns of an export."""
    frame: pd.DataFrame = pa.concat_tables(list(label_set.tables())).to_pandas()
    return frame


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes:
        rows: The number of rows.
        formulas: How many cells of a CSV file begin like formulas; none in other formats, which know what is text.
        possible: What its column ``possible`` rests on; ``None`` without one.
    """

    rows: int
    formulas: int
    possible: PossibleLabels | None = None


class Options(TypedDict, total=False):
    """What may be asked of an export.

    Attributes:
        spreadsheet: Whether cells of a CSV file that begin like formulas are guarded.
        possible: With which probability the labels in a column ``possible`` are to hold an item's truth, as 0.9;
            without the column if left out.
    """

    spreadsheet: bool
    possible: float | None


def exported(  # noqa: PLR0913 - the options of an export
    site: Site, task: str, path: Path, kind: str, name: str, *, spreadsheet: bool = False, possible: float | None = None
) -> Exported:
    """Write a label set to a file for others; cells that begin like formulas are told of.

    Args:
        site: The project and its store.
        task: The task.
        path: The file; ``-`` is standard output.
        kind: ``parquet``, ``csv`` or ``jsonl``.
        name: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
        spreadsheet: Whether cells of a CSV file that begin like formulas are guarded.
        possible: With which probability the labels in the column ``possible`` are to hold an item's truth; without
            the column if left out.

    Raises:
        StoreError: The format is unknown, only CSV files are guarded, or the file cannot be written.
        GoldError: Gold cannot promise that.
    """
    label_set = site.label_set(task, name)
    sets = None if possible is None else _possible(site, label_set, possible)
    tables = label_set.tables if sets is None else sets.tables
    if kind != "csv":
        if spreadsheet and kind in EXPORTS:
            raise StoreError(f"--spreadsheet is about CSV files; {kind} knows what is text.", remedy="--format csv")
        return Exported(export_tables(tables(), path, kind), 0, sets)
    cells = Cells(tables(), guard=spreadsheet)
    rows = export_tables(cells, path, kind)
    if cells.formulas:
        site.warn(told(cells.formulas, path if str(path) != STANDARD_OUTPUT else "the export", guarded=spreadsheet))
    return Exported(rows, cells.formulas, sets)


def _possible(site: Site, label_set: LabelSet, coverage: float) -> PossibleLabels:
    """Return the labels that are possible, by dev gold of a known design."""
    from retrolabel.jobs.gold.possible import PossibleLabels

    task, gold = label_set.record.task, site.catalog.gold
    said = gold.human_labels(task)
    how = site.adjudication(task)
    read = gold_in(site.history(task), label_set.record.schema_version, "dev", said, site.catalog.feedback, how=how)
    return PossibleLabels.of(label_set, read, gold.draws(task), coverage)


def written_frame(frame: pd.DataFrame, path: Path, *, spreadsheet: bool) -> tuple[int, str]:
    """Write a frame to a CSV file; return how many cells begin like formulas, and what there is to say of them.

    Raises:
        InputError: The file cannot be written.
    """
    count, guarded = guarded_frame(frame, guard=spreadsheet)
    try:
        guarded.to_csv(path, index=False)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.", remedy="name a file in a folder that is there"
        ) from error
    return count, told(count, path, guarded=spreadsheet) if count else ""


def evaluated(site: Site, task: str, name: str, *, final: bool) -> Evaluation:
    """Return a label set's agreement with dev gold, and with test gold when ``final``; such looks are logged."""
    label_set = site.label_set(task, name)
    history, version = site.history(task), label_set.record.schema_version
    gold, feedback, how = site.catalog.gold, site.catalog.feedback, site.adjudication(task)
    said = gold.human_labels(task)
    scores = {"dev": score(label_set, gold_in(history, version, "dev", said, feedback, how=how))}
    if not final:
        return Evaluation(label_set, scores, 0)
    looks = looked(site, label_set) if any(label.role == "test" for label in standing(said)) else 0
    scores["test"] = score(label_set, gold_in(history, version, "test", said, feedback, how=how))
    return Evaluation(label_set, scores, looks)


def looked(site: Site, label_set: LabelSet) -> int:
    """Log a look at test gold, and return how many there were with this one."""
    return site.catalog.gold.log_look(label_set.record.task, label_set.id, now(), who())
