"""The human labels of a task: taken in, read in a version, taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.wiring.agreement.diagnosing import Diagnosing
from retrolabel.wiring.agreement.effects import Effects
from retrolabel.wiring.agreement.series import Series
from retrolabel.wiring.gold_export import Export
from retrolabel.wiring.gold_figures import Figures
from retrolabel.wiring.gold_sampling import Sampling
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from retrolabel.gold.adjudication import GoldSet, HumanLabel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.import_report import GoldReport
    from retrolabel.jobs.gold.retiring import Retirement
    from retrolabel.jobs.gold.sets import MigrationCost
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.schema.history import History
    from retrolabel.wiring.gold_files import GoldFile
    from retrolabel.wiring.site import Site

NEWEST = 5
"""Label sets that may have been exported and come back as gold."""


class TaskGold(Diagnosing, Effects, Export, Figures, Sampling, Series):
    """The human labels of a task: ``task.gold``.

    Args:
        site: The project and its store.
        task: The task.
    """

    def __init__(self, site: Site, task: str) -> None:
        self._site, self._task = site, task

    def import_file(  # noqa: PLR0913 - a file's columns and what they mean
        self,
        file: str | Path,
        source: str | None = None,
        *,
        item: str | None = None,
        label: str | None = None,
        annotator: str | None = None,
        annotator_name: str | None = None,
        annotator_columns: Sequence[str] = (),
        role: str | None = None,
        role_column: str | None = None,
        map_role: Mapping[str, str] | None = None,
        rationale: str | None = None,
        time: str | None = None,
        time_format: str | None = None,
        seconds: str | None = None,
        schema: str | None = None,
        map_label: Mapping[str, str] | None = None,
        sampling: str | None = None,
        sampling_is_right: bool = False,
        probability: str | None = None,
        batch: int | None = None,
        skip_unknown: bool = False,
        dry_run: bool = False,
        of: GoldFile | None = None,
    ) -> GoldReport:
        """Take human labels in; a few rows that say nothing the version knows, or on unknown items, are put aside.

        Args:
            file: A table (CSV, JSONL, Parquet), or the export of a labelling tool.
            source: The source of the items; that of the batch, or the one of the task, if left out.
            item: The column of item ids, ``item_id`` if left out; in records of a tool its path.
            label: The column of labels, ``label`` if left out; in records of a tool the question.
            annotator: The column that names the person.
            annotator_name: The one person who gave all labels of the file.
            annotator_columns: Columns of labels, each called like the person who gave them.
            role: ``dev``, ``test``, ``calibration`` or ``honeypot``, for all rows.
            role_column: The column that holds the role.
            map_role: The file's role -> ours.
            rationale: The column of reasons.
            time: The column of times; of a person's answers the newest counts.
            time_format: Their one format: of ``strptime``, ``epoch-s`` or ``epoch-ms``; ISO 8601 if left out.
            seconds: The column of seconds that the person took.
            schema: The version that the people labelled under; if left out that of the batch, or the newest.
            map_label: Stored value -> label id (or "" for: this is no label).
            sampling: How the items were chosen: ``random``, ``stratified`` or ``other``, which it is if left out. A
                file that cannot be a random sample is taken as ``other``. A batch knows its own.
            sampling_is_right: Whether a random sample is one, whatever speaks against it.
            probability: The column of the probabilities with which items were drawn, for ``stratified``.
            batch: The number of the draw that the file was written for, where its column ``batch`` is gone.
            skip_unknown: Whether rows on items that the source lacks are put aside, however many they are.
            dry_run: Whether it is only said what would be done, and nothing is stored.
            of: What else is to be said of the file: the tool that made it, where labels stand, how items are found.

        Raises:
            GoldError: Most labels or items are unknown, or a role is, or a row cannot be read, or the file is an
                export of a label set; all of it is listed, and nothing was stored.
        """
        from retrolabel.jobs.gold.batches import batch_of, one_of, remembered
        from retrolabel.jobs.gold.importing import import_gold
        from retrolabel.jobs.gold.matching import where_items_are
        from retrolabel.jobs.records.label_sets import LabelSet
        from retrolabel.wiring.gold_alarms import Watch
        from retrolabel.wiring.gold_files import GoldFile, read_gold_file, told_of_file, with_items

        site, asked = self._site, of or GoldFile()
        history = site.history(self._task)
        path = Path(file)
        columns = {
            "item_id": item,
            "label": label,
            "annotator": annotator,
            "role": role_column,
            "rationale": rationale,
            "labelled_at": time,
            "seconds": seconds,
            "probability": probability,
        }
        site.progress.start(f"read {path.name}", None)
        read = read_gold_file(
            path,
            columns,
            asked,
            history,
            where_items_are=lambda values: where_items_are(
                values,
                source=self._source(source) if source is None else source,
                feedback=site.catalog.feedback,
                objects=site.objects,
            ),
            annotator_name=annotator_name,
            annotator_columns=annotator_columns,
            time_format=time_format,
        )
        batches = remembered(self._task, site.catalog.gold)
        drawn = batch_of(read.rows, self._task, batches, path.name)
        drawn = drawn if batch is None else one_of(batches, batch, self._task)
        if drawn is not None:
            source, schema = source or drawn.batch.source, schema or drawn.batch.schema_version
        source = self._source(source) if source is None else source
        version = history[schema] if schema else history.head
        rows, aside, matched = with_items(
            read, asked, version, site, file=path.name, source=source, skip_unknown=skip_unknown
        )
        at = now()
        watch = Watch(site, self._task, at)
        report = import_gold(
            rows,
            file=path.name,
            task=self._task,
            source=source,
            schema=version,
            history=history,
            how=site.adjudication(self._task),
            map_label=map_label or {},
            role=role,
            map_role=map_role or {},
            sampling=sampling,
            sampling_is_right=sampling_is_right,
            batch=drawn,
            skip_unknown=skip_unknown,
            notes=read.notes,
            aside=aside,
            label_sets=[LabelSet(each, site.objects) for each in site.catalog.label_sets.records(self._task)[:NEWEST]],
            gold=site.catalog.gold,
            feedback=site.catalog.feedback,
            objects=site.objects,
            at=at,
            within=watch,
            dry_run=dry_run,
        )
        report = told_of_file(report, read, asked, aside, matched)
        return replace(report, notes=(*report.notes, watch.told.said)) if watch.told else report

    def labels(self, *, to: str | None = None) -> pd.DataFrame:
        """Return the human labels, each as it was given and as it reads in a version.

        Columns: ``source``, ``item_id``, ``annotator``, ``role``, ``label`` and ``schema_version`` as
        the person gave them; ``reads_as`` (``slow|wrong``), ``kind`` (``exact``, ``set``, ``unknown``),
        ``suspect``, ``resolved_by`` (``human``, ``step``, or nothing) in the version asked for.
        Labels that were taken back or superseded are left out.

        Args:
            to: The version to read them in; the newest if left out.

        Raises:
            UnknownVersionError: The task has no such version, or people labelled under one that is gone.
        """
        import pandas as pd

        from retrolabel.gold.adjudication import standing
        from retrolabel.jobs.gold.resolving import read_in

        history, catalog = self._site.history(self._task), self._site.catalog
        said = standing(catalog.gold.human_labels(self._task))
        read = read_in(history, (history[to] if to else history.head).version, said, catalog.feedback)
        columns = ["source", "item_id", "annotator", "role", "label", "schema_version"]
        rows = [
            [*(getattr(label, name) for name in columns), "|".join(r.ids), r.kind, r.suspect, r.resolved_by]
            for label in said
            for r in [read(label)]
        ]
        return pd.DataFrame(rows, columns=[*columns, "reads_as", "kind", "suspect", "resolved_by"])

    def sets(self, *, to: str | None = None) -> dict[str, ResolvedGold]:
        """Return the gold sets: role -> items with the labels that people leave them, in a version; each has a hash.

        Args:
            to: The version; the newest if left out.

        Raises:
            UnknownVersionError: The task has no such version.
        """
        from retrolabel.jobs.gold.sets import gold_sets

        return gold_sets(*self._read(to), how=self.adjudication)

    def migration(self, *, to: str | None = None) -> tuple[MigrationCost, ...]:
        """Return what the step to a version cost the gold of each role: exact items and widths, before and after.

        Args:
            to: The version; the newest if left out.

        Raises:
            UnknownVersionError: The task has no such version.
        """
        from retrolabel.jobs.gold.sets import migration_costs

        return migration_costs(*self._read(to), how=self.adjudication)

    def _read(self, to: str | None) -> tuple[History, str, Sequence[HumanLabel], FeedbackBook]:
        history, catalog = self._site.history(self._task), self._site.catalog
        version = (history[to] if to else history.head).version
        return history, version, catalog.gold.human_labels(self._task), catalog.feedback

    def retire(
        self,
        label: str,
        *,
        version: str | None = None,
        undo: bool = False,
        dry_run: bool = False,
        living: bool = False,
    ) -> Retirement:
        """Take human labels back that the task's schema knows nothing of any more; nothing is deleted.

        Args:
            label: The label id as people gave it, or the name that it has in a version.
            version: The version that they labelled under; any if left out.
            undo: Whether labels that were taken back are brought back.
            dry_run: Whether it is only counted.
            living: Whether labels are taken back that the newest version still knows something of.

        Raises:
            GoldError: There are no such labels, or they still say something.
        """
        from retrolabel.gold.projection import Readings
        from retrolabel.jobs.gold.retiring import retire_gold

        history = self._site.history(self._task)
        if not any(label in each.ids for each in history):
            label = next((meant.id for each in history if (meant := each.understood(label))), label)
        reads = [Readings(history, head.version) for head in history.heads]
        return retire_gold(
            self._task,
            label,
            version=version,
            undo=undo,
            dry_run=dry_run,
            dead=lambda said: living or all(read(said).kind == "unknown" for read in reads),
            gold=self._site.catalog.gold,
            at=now(),
        )

    def adjudicated(self) -> GoldSet:
        """Return the gold set: what people agree on, item by item; ties are told apart.

        The task's setting ``adjudication`` says how people who differ are adjudicated: by majority if left out.
        """
        from retrolabel.gold.adjudication import adjudicate

        site = self._site
        twins = site.history(self._task).twins if site.project and self._task in site.tasks() else None
        how = site.adjudication(self._task)
        return adjudicate(site.catalog.gold.human_labels(self._task), twins=twins, how=how)

    def batches(self) -> Sequence[Mapping[str, Any]]:
        """Return what was imported, by source, role, version and sampling."""
        return self._site.catalog.gold.batches(self._task)

    def __repr__(self) -> str:
        """Return how many labels of which role there are."""
        if not self._site.has_store():
            return f"TaskGold({self._task}: none yet)"
        told = (f"{each['labels']:,} {each['role']} under {each['schema_version']}" for each in self.batches())
        return f"TaskGold({self._task}: {', '.join(told) or 'none yet'})"
