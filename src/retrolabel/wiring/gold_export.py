"""Gold for others: ``task.gold.frame`` and ``task.gold.export``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.errors import InputError, StoreError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.gold.exporting import GoldTable
    from retrolabel.wiring.site import Site


class Export:
    """Gives the gold of a task away, as a frame or a file."""

    _site: Site
    _task: str

    @property
    def adjudication(self) -> Adjudication:
        """How people who differ are adjudicated: the task's setting ``adjudication``."""
        return self._site.adjudication(self._task)

    def frame(
        self, *, to: str | None = None, role: str | None = None, source: str | None = None, soft: bool = False
    ) -> pd.DataFrame:
        """Return one row an item: its adjudicated label as it reads in a version, and how it came about.

        Columns: ``source``, ``item_id``, ``label``, ``partial`` (``slow|wrong`` where it is several labels), ``kind``
        (``exact``, ``set``, ``unknown``, ``suspect``; nothing for ties), ``role``; ``adjudicated`` and
        ``schema_version`` as people gave it; ``decided`` (``unanimous``, ``majority``, ``dawid-skene``,
        ``adjudicator``, ``tie``); ``agree`` of ``annotators`` people said it; ``batch`` and ``probability`` of its
        draw; ``rationale`` of who said it.

        Args:
            to: The version to read labels in; the newest if left out.
            role: ``dev``, ``test`` or ``calibration``; all if left out.
            source: A source; all if left out.
            soft: Whether there is also ``share_<label>`` for each label: its share of the ``shares_of`` people whose
                answers count. An answer that leaves several labels gives each an equal part.

        Raises:
            GoldError: There is no such gold.
            UnknownVersionError: The task has no such version.
        """
        frame: pd.DataFrame = self._items(to, role, source, soft=soft).table.to_pandas()
        return frame

    def answers(
        self, *, role: str | None = None, source: str | None = None, version: str | None = None
    ) -> pd.DataFrame:
        """Return one row an answer that stands, as it was given; ``import_file`` takes it back.

        Columns: ``source``, ``item_id``, ``annotator``, ``label``, ``schema``, ``role``, ``sampling``, ``batch``,
        ``probability``, ``labelled_at``, ``seconds``, ``rationale``; ``reads`` and ``kind`` say how it reads in the
        newest version: ``slow|wrong``, and ``exact``, ``set``, ``unknown`` or ``suspect``.

        Args:
            role: ``dev``, ``test`` or ``calibration``; all if left out.
            source: A source; all if left out.
            version: The version that people labelled under; any if left out.

        Raises:
            GoldError: There are no such answers.
        """
        frame: pd.DataFrame = self._answers(role, source, version).table.to_pandas()
        return frame

    def export(  # noqa: PLR0913 - the options of an export
        self,
        out: str | Path,
        *,
        kind: str | None = None,
        to: str | None = None,
        role: str | None = None,
        source: str | None = None,
        version: str | None = None,
        soft: bool = False,
        people: bool = False,
        columns: Sequence[str] = (),
        texts: Sequence[str] = (),
        names: bool | None = None,
        force: bool = False,
        spreadsheet: bool = False,
    ) -> GoldTable:
        """Write gold to a file: an item a row as :meth:`frame` has it, or an answer a row as :meth:`answers` has it.

        Files of tools that people label in hold answers. Answers of test gold and honeypots stay out of them, unless
        their role is asked for by name.

        Args:
            out: The file, or the folder of ``hf``, ``label-studio`` and ``argilla``.
            kind: ``csv``, ``jsonl``, ``parquet``, ``hf``, ``label-studio``, ``argilla``, ``doccano`` or ``prodigy``; as
                the file's name ends, if left out.
            to: The version to read labels in; the newest if left out. Not for answers: they stay as they were given.
            role: ``dev``, ``test`` or ``calibration``; all if left out.
            source: A source; all if left out.
            version: With ``people``: the version that people labelled under.
            soft: Whether each label has a column with its share of people's answers; not for answers.
            people: Whether each answer is a row; in files of tools it always is.
            columns: Columns of the items that stand beside it.
            texts: The columns that people read in a tool; those that labeling functions read, if left out.
            names: Whether answers have the names of people, or the pseudonyms of the store. If left out, tables have
                pseudonyms, and files of tools names: the same people go on there. With pseudonyms, answers that are
                taken back are other people's.
            force: Whether a file or folder that is there is replaced.
            spreadsheet: Whether cells of a CSV file that begin like formulas get an apostrophe before them.

        Raises:
            InputError: The file exists, no such format or column, or options exclude each other.
            GoldError: There is no such gold, or a tool would get answers under several versions.
            StoreError: The file cannot be written.
        """
        from retrolabel.interop.export import export_tables
        from retrolabel.interop.for_tools.writing import FORMATS
        from retrolabel.interop.formulas import Cells, told
        from retrolabel.jobs.gold.going_out import check_columns, hide_from_people, with_columns
        from retrolabel.wiring.agreement.people import pseudonyms_of

        path = Path(out)
        kind = _kind_of(path, kind, force=force, spreadsheet=spreadsheet)
        of_tool = kind in FORMATS and FORMATS[kind].texts
        _check_options(kind, of_tool=of_tool, people=people, about_items=_said(soft, to), version=version, texts=texts)
        people = people or of_tool
        found = self._answers(role, source, version) if people else self._items(to, role, source, soft=soft)
        if people and not (of_tool if names is None else names):
            found = found.with_pseudonyms(pseudonyms_of(self._site))
        if of_tool:
            found = hide_from_people(found, role, self._task)
        if kind in FORMATS:
            from retrolabel.wiring.gold_to_tools import ToTool

            notes = ToTool(self._site, path, kind, columns, texts).write(found)
            return replace(found, notes=(*found.notes, *notes))
        feedback = self._site.catalog.feedback
        sources = sorted(set(found.table.column("source").to_pylist()))
        check_columns(columns, sources, feedback.sources(), found.table.column_names)
        found = replace(found, table=with_columns(found.table, columns, feedback, self._site.objects))
        if kind != "csv":
            export_tables([found.table], path, kind)
            return found
        cells = Cells([found.table], guard=spreadsheet)
        export_tables(cells, path, kind)
        if cells.formulas:
            self._site.warn(told(cells.formulas, path, guarded=spreadsheet))
        return found

    def _items(self, to: str | None, role: str | None, source: str | None, *, soft: bool) -> GoldTable:
        from retrolabel.jobs.gold.exporting import gold_table

        history, catalog = self._site.history(self._task), self._site.catalog
        return gold_table(
            catalog.gold.answers(self._task),
            task=self._task,
            schema=history[to] if to else history.head,
            history=history,
            feedback=catalog.feedback,
            how=self.adjudication,
            role=role,
            source=source,
            soft=soft,
        )

    def _answers(self, role: str | None, source: str | None, version: str | None) -> GoldTable:
        from retrolabel.jobs.gold.exporting import answers_table
        from retrolabel.jobs.gold.resolving import read_in

        history, catalog = self._site.history(self._task), self._site.catalog
        answers = catalog.gold.answers(self._task)
        readings = read_in(
            history, history.versions[-1].version, [answer.label for answer in answers], catalog.feedback
        )
        return answers_table(answers, task=self._task, readings=readings, role=role, source=source, version=version)


def _said(soft: bool, to: str | None) -> str | None:
    """Return the option about items that was given, if one was."""
    return "--soft" if soft else "--to" if to is not None else None


def _check_options(  # noqa: PLR0913 - the options of an export
    kind: str, *, of_tool: bool, people: bool, about_items: str | None, version: str | None, texts: Sequence[str]
) -> None:
    """Refuse options that exclude each other.

    Raises:
        InputError: They do.
    """
    if (people or of_tool) and about_items:
        what = "--people writes" if people else f"{kind} holds"
        raise InputError(
            f"{about_items} is about items, and {what} answers as they were given.", remedy="leave one of them out"
        )
    if version is not None and not (people or of_tool):
        raise InputError(
            "--schema is about answers, with --people.", remedy="--to VERSION says how labels of items are read"
        )
    if texts and not of_tool:
        raise InputError(f"--text is about tools that people label in, and {kind} is none.", remedy="--with COLUMN")


def _kind_of(path: Path, kind: str | None, *, force: bool, spreadsheet: bool) -> str:
    """Return the format that was asked for, or that a file's name says.

    Raises:
        InputError: There is no such format, the name says none, or there is such a file.
        StoreError: Only CSV files are guarded.
    """
    from retrolabel.interop.export import EXPORTS
    from retrolabel.interop.for_tools.writing import FORMATS

    kinds = (*EXPORTS, *FORMATS)
    if kind is not None and kind not in kinds:
        raise InputError(
            f"There is no export format {kind!r}.{did_you_mean(kind, kinds)}", remedy=f"one of {', '.join(kinds)}"
        )
    found = kind or path.suffix.removeprefix(".").lower()
    if found not in EXPORTS and kind is None:
        ends = ", ".join(f".{each}" for each in EXPORTS)
        raise InputError(
            f"The name {path.name!r} does not say which format it is.",
            remedy=f"let it end in {ends}; or --format, one of {', '.join(kinds)}",
        )
    if path.exists() and not force:
        raise InputError(
            f"{path} exists already; nothing was written.", remedy="choose another name with --out, or --force"
        )
    if spreadsheet and found != "csv":
        raise StoreError(f"--spreadsheet is about CSV files; {found} knows what is text.", remedy="--out NAME.csv")
    return found
