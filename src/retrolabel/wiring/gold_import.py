"""Files of human labels into the store: ``task.gold.import_file``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.wiring.gold_sampling import Sampling
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.gold.import_report import GoldReport
    from retrolabel.wiring.gold_file_options import GoldFile

NEWEST = 5
"""Label sets that may have been exported and come back as gold."""


class Import(Sampling):
    """Takes human labels of a task in."""

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
        from retrolabel.wiring.gold_file_options import GoldFile
        from retrolabel.wiring.gold_files import read_gold_file, told_of_file, with_items

        site, asked, history = self._site, of or GoldFile(), self._site.history(self._task)
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
            read,
            asked,
            version,
            site,
            file=path.name,
            source=source,
            skip_unknown=skip_unknown,
            map_label=map_label or {},
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
