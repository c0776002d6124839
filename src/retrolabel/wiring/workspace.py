"""A project and its store, with everything that can be done with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.analysis.lf_summary import lf_summary
from retrolabel.errors import InputError, SettingsError
from retrolabel.gold.adjudication import GoldSet, adjudicate, standing
from retrolabel.gold.projection import Readings
from retrolabel.interop.export import export_tables
from retrolabel.interop.feedback import FeedbackReader, LabelColumn
from retrolabel.interop.gold import read_gold
from retrolabel.jobs.feedback.ingest import ingest
from retrolabel.jobs.feedback.previewing import Preview, preview
from retrolabel.jobs.gold.importing import GoldReport, import_gold
from retrolabel.jobs.gold.resolving import gold_in, read_in, why_no_gold
from retrolabel.jobs.gold.retiring import Retirement, retire_gold
from retrolabel.jobs.gold.scoring import Score, score
from retrolabel.jobs.label_sets.comparing import GoldOnPatterns, ModelsCompared, compare_models
from retrolabel.jobs.label_sets.explaining import Explanation, explain_item, scores_without_each
from retrolabel.jobs.label_sets.relabel import RelabelReport, relabel
from retrolabel.jobs.label_sets.repair import let_go_of_damage, let_go_of_faults
from retrolabel.jobs.label_sets.verify import verify_label_set
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID, IngestReport
from retrolabel.jobs.records.votes import VoteCounts
from retrolabel.jobs.votes.compaction import Compaction, compact
from retrolabel.jobs.votes.computing import compute_votes
from retrolabel.jobs.votes.faults import kept_faults, said_by_lf
from retrolabel.jobs.votes.reading import read_votes
from retrolabel.storage.objects import hash_file
from retrolabel.tracking.environment import environment
from retrolabel.votes import VoteMatrix, symbol_names
from retrolabel.wiring.explaining import learned_now
from retrolabel.wiring.reporting import Report, report
from retrolabel.wiring.schemas import Schemas
from retrolabel.wiring.settings import find_project, load_settings, store_path
from retrolabel.wiring.site import Site, now
from retrolabel.wiring.tracking import tracker_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.analysis.comparison import Measure
    from retrolabel.errors import Problem
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.label_sets import LabelSet, LabelSetRecord
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import StoredFault, VoteColumn
    from retrolabel.label_models.protocol import LabelModelProtocol


@dataclass(frozen=True)
class IngestOptions:
    """What ``ingest`` may be told about a file.

    Attributes:
        id_column: The column of the ids; ids are derived from the rows if left out.
        time_column: The column of the times.
        renames: New name -> the file's name.
        drops: Columns that stay out, as those that would leak the answer.
        revise: Whether items that exist with other content are replaced.
        widen: Whether the source may get new columns.
        labels: Column -> ``task`` or ``task@version``: it holds labels; other values go to quarantine.
        map_label: Stored value -> the label that it means (nothing, where it is none).
    """

    id_column: str | None = None
    time_column: str | None = None
    renames: Mapping[str, str] | None = None
    drops: Sequence[str] = ()
    revise: bool = False
    widen: bool = False
    labels: Mapping[str, str] | None = None
    map_label: Mapping[str, str] | None = None

    def key(self) -> str:
        """Return the options that decide what a file becomes, as one text."""
        told: dict[str, object] = {
            "id": self.id_column,
            "time": self.time_column,
            "map": dict(self.renames or {}),
            "drop": sorted(self.drops),
        }
        more = {"labels": self.labels, "map_label": self.map_label}
        return json.dumps({**told, **{name: dict(value) for name, value in more.items() if value}}, sort_keys=True)


class Workspace(Site):
    """A project and its store, with everything that can be done with them; the arguments are those of ``Site``."""

    @cached_property
    def schemas(self) -> Schemas:
        """The label schemas of the project: check, compare, continue, release."""
        return Schemas(self)

    # What there is ---------------------------------------------------------------------------

    def sources(self) -> dict[str, dict[str, str]]:
        """Return source -> its columns and their types."""
        return self.catalog.feedback.sources()

    def items(self, source: str | None = None) -> pd.DataFrame:
        """Return all live items as a frame: ``source``, ``item_id``, ``created_at`` and the columns.

        Args:
            source: One source only; all of them if left out.
        """
        frames: list[pd.DataFrame] = []
        for segment in self.catalog.feedback.segments([source] if source else None):
            table = self.objects.read_table(segment.path).take(pa.array(segment.live_rows()))
            frames.append(table.to_pandas().assign(source=segment.source))
        if not frames:
            return pd.DataFrame(columns=["source", ITEM_ID, CREATED_AT])
        frame: pd.DataFrame = pd.concat(frames, ignore_index=True)
        first = ["source", ITEM_ID, CREATED_AT]
        return frame.reindex(columns=first + [column for column in frame.columns if column not in first])

    # Taking in -------------------------------------------------------------------------------

    def ingest(self, file: str | Path, source: str, options: IngestOptions | None = None) -> IngestReport:
        """Take a file of feedback into a source; the same file twice adds nothing.

        Raises:
            IngestError: It does not fit; nothing was stored.
        """
        options = options or IngestOptions()
        path = Path(file)
        sha256 = hash_file(path) if path.is_file() else ""
        known = self._ingested(source, sha256, options)
        if known is not None:
            rows = int(known["rows"])
            return IngestReport(source, path.name, rows=rows, unchanged=rows, already=True)
        reader = self._reader(path, source, options)
        self.progress.start(f"ingest {reader.name}", None)
        return ingest(
            reader,
            source=source,
            file_sha256=sha256,
            options=options.key(),
            known_contract=reader.known,
            contract=reader.contract,
            feedback=self.open_catalog.feedback,
            objects=self.objects,
            clock=now,
            progress=self.progress,
            revise=options.revise,
        )

    def _ingested(self, source: str, sha256: str, options: IngestOptions) -> Mapping[str, Any] | None:
        """Return the record of an earlier ingest of the same file, if that is why nothing is to be done."""
        if options.revise or not sha256 or not self.exists():
            return None
        return self.open_catalog.feedback.find_ingest(source, sha256, options.key())

    def preview(self, file: str | Path, source: str, options: IngestOptions | None = None) -> Preview:
        """Return what an ingest would do; nothing is stored.

        Raises:
            IngestError: The file does not fit.
        """
        options = options or IngestOptions()
        path = Path(file)
        reader = self._reader(path, source, options)
        return preview(
            reader,
            source=source,
            contract=reader.contract,
            feedback=self.open_catalog.feedback if self.exists() else None,
            already=self._ingested(source, hash_file(path), options) is not None,
            revise=options.revise,
        )

    def _reader(self, path: Path, source: str, options: IngestOptions) -> FeedbackReader:
        if not source.replace("_", "").replace("-", "").isalnum():
            raise InputError(f"{source!r} cannot be a source's name.", remedy="take letters, digits, _ and -")
        return FeedbackReader(
            path,
            options.id_column,
            options.time_column,
            options.renames or {},
            options.drops,
            self.open_catalog.feedback.sources().get(source) if self.exists() else None,
            widen=options.widen,
            labels={column: self._labels(named, options) for column, named in (options.labels or {}).items()},
        )

    def _labels(self, named: str, options: IngestOptions) -> LabelColumn:
        """Return the labels that a column holds, of ``task`` or ``task@version``."""
        task, _, version = named.partition("@")
        history = self.task(task).history
        schema = history[version] if version else history.head
        meant = options.map_label or {}
        for target in meant.values():
            if target and schema.parse(target) is None:
                schema.label(target)  # raises, with the nearest
        return LabelColumn(str(schema), schema.spellings(), meant)

    def import_gold(  # noqa: PLR0913 - a file's columns and what they mean
        self,
        file: str | Path,
        task: str,
        source: str,
        *,
        item: str = ITEM_ID,
        label: str = "label",
        annotator: str | None = None,
        role: str | None = None,
        role_column: str | None = None,
        map_role: Mapping[str, str] | None = None,
        rationale: str | None = None,
        time: str | None = None,
        seconds: str | None = None,
        schema: str | None = None,
        map_label: Mapping[str, str] | None = None,
        sampling: str = "other",
        skip_unknown: bool = False,
    ) -> GoldReport:
        """Take human labels in; a few rows that say nothing the version knows, or on unknown items, are put aside.

        Raises:
            GoldError: Most labels or items are unknown, or a role is; all of them are listed, and
                nothing was stored.
        """
        history = self.task(task).history
        version = history[schema] if schema else history.head
        path = Path(file)
        columns = {
            "item_id": item,
            "label": label,
            "annotator": annotator,
            "role": role_column,
            "rationale": rationale,
            "labelled_at": time,
            "seconds": seconds,
        }
        return import_gold(
            read_gold(path, columns),
            file=path.name,
            task=task,
            source=source,
            schema=version,
            history=history,
            map_label=map_label or {},
            role=role,
            map_role=map_role or {},
            sampling=sampling,
            skip_unknown=skip_unknown,
            gold=self.catalog.gold,
            feedback=self.catalog.feedback,
            objects=self.objects,
            at=now(),
        )

    # Labelling -------------------------------------------------------------------------------

    def relabel(  # noqa: PLR0913 - the options of the main job
        self,
        task: str,
        *,
        to: str | None = None,
        label_model: str | LabelModelProtocol | None = None,
        tracking: bool | None = None,
        repair: bool = False,
        retry_faults: bool = False,
    ) -> RelabelReport:
        """Label all items of a task's sources under a schema version; what is known is not computed again.

        Args:
            task: The task.
            to: The schema version; the newest if left out.
            label_model: A name or a label model; the settings' if left out.
            tracking: Whether the run is reported to MLflow; the settings' if left out.
            repair: Whether votes and label sets whose files are damaged are made again.
            retry_faults: Whether labeling functions are called again where they failed before, on all
                items of the segment: faults are stored like votes, and not tried again by themselves.
        """
        plan = self.plan(task, to=to, label_model=label_model)
        let_go = let_go_of_damage(plan, self.catalog.votes, self.catalog.label_sets, self.objects) if repair else []
        for damaged in let_go:
            self.progress.note(f"damaged, and made again: {damaged}")
        if retry_faults:
            faults, remade = let_go_of_faults(plan, self.catalog.votes, self.catalog.label_sets, self.objects)
            also = ", and the label set that was made with them is made again" if remade else ""
            self.progress.note(f"{faults:,} faults are tried again{also}" if faults else "there are no faults to retry")
        if let_go or retry_faults:
            plan = self.plan(task, to=to, label_model=label_model)
        return relabel(
            plan,
            self.label_model(label_model, plan.schema),
            votes=self.catalog.votes,
            label_sets=self.catalog.label_sets,
            tools=self.tools(plan),
            tracker=tracker_for(self.settings, self.store, self.warn, track=tracking),
            environment=environment(self.project),
            max_fault_rate=self.settings.max_fault_rate,
        )

    def compute_votes(self, task: str, *, to: str | None = None) -> VoteCounts:
        """Compute and store the votes that are missing, and make no label set.

        Args:
            task: The task.
            to: The schema version; the newest if left out.
        """
        plan, columns = self._computed(task, to)
        said = said_by_lf(plan, columns, self.objects).values()
        return VoteCounts(plan.calls, plan.reused, sum(each.faults for each in said))

    def _computed(self, task: str, to: str | None) -> tuple[Plan, dict[str, VoteColumn]]:
        plan = self.plan(task, to=to)
        return plan, compute_votes(plan, self.catalog.votes, self.tools(plan))

    def _votes(self, task: str, to: str | None) -> tuple[Plan, VoteMatrix, list[tuple[str, str]]]:
        """Return the votes on all live items, computed where they are missing."""
        plan, columns = self._computed(task, to)
        resolved, keys = [], []
        for segment in plan.segments:
            matrix, live, _ = read_votes(plan, segment, columns, self.objects)
            resolved.append(matrix)
            ids = self.objects.read_table(segment.path, [ITEM_ID]).column(ITEM_ID).take(pa.array(live))
            keys += [(segment.source, item_id) for item_id in ids.to_pylist()]
        voters = [lf.name for lf in plan.task.lfs]
        if not resolved:
            return plan, VoteMatrix.from_sets([], labels=plan.schema.leaves, voters=voters), []
        return plan, VoteMatrix.stack(resolved), keys

    def vote_matrix(self, task: str, *, to: str | None = None) -> VoteMatrix:
        """Return the votes on all live items as a :class:`VoteMatrix`, in the order of :meth:`votes`."""
        return self._votes(task, to)[1]

    def votes(self, task: str, *, to: str | None = None) -> pd.DataFrame:
        """Return the votes on all live items: a row an item (source, item_id), a column an LF.

        Cells are the labels that a vote leaves possible (``bug``, ``bug|feature``), missing where
        the LF abstained.
        """
        _, matrix, keys = self._votes(task, to)
        names = np.array([None, *symbol_names(matrix.symbols, matrix.labels)], dtype=object)
        columns = [[source for source, _ in keys], [item_id for _, item_id in keys]]
        index = pd.MultiIndex.from_arrays(columns, names=["source", ITEM_ID])
        return pd.DataFrame(names[matrix.codes], index=index, columns=list(matrix.voters))

    def lf_summary(self, task: str, *, to: str | None = None) -> pd.DataFrame:
        """Return coverage, overlaps, conflicts of each LF, and its precision on dev gold where there is some.

        Where there is none, ``attrs["no_gold"]`` says why, and what helps.
        """
        plan, matrix, keys = self._votes(task, to)
        dev = plan.dev
        gold = np.array([dev.places.get(key, -1) for key in keys], dtype=np.int64)
        known = bool((gold >= 0).any())
        frame = lf_summary(matrix, gold if known else None)
        if not known:
            frame.attrs["no_gold"] = why_no_gold(dev, plan.task.name, plan.schema.version)
        stored = self.catalog.votes.columns([vote.key for vote in plan.votes])
        failed = {lf: said.faults for lf, said in said_by_lf(plan, stored, self.objects).items()}
        return frame.assign(faults=pd.Series(failed, dtype="int64"))

    def learned(self, task: str, *, to: str | None = None) -> pd.DataFrame | None:
        """Return what the label model learned of each LF and vote, from the newest label set of a version.

        Returns:
            The frame of :func:`retrolabel.analysis.explanations.learned`, its LFs as they are now; those that changed
            since are left out. ``None`` where there is no label set yet, or another label model made it. The label
            set's id is in ``attrs["label_set"]``.
        """
        return learned_now(self, task, to)

    def without_each(self, task: str, *, to: str | None = None) -> pd.DataFrame:
        """Return what the score on dev gold becomes without each LF: the label model is fitted again for each.

        Returns:
            The frame of :func:`retrolabel.jobs.explaining.scores_without_each`.

        Raises:
            StoreError: Votes are missing; relabel first.
            GoldError: There is no dev gold.
        """
        plan = self.plan(task, to=to)
        gold = GoldOnPatterns.of(plan, self.objects, self.progress)
        return scores_without_each(self.label_model(None, plan.schema), gold, self.progress)

    def compare(self, task: str, *, to: str | None = None, by: Measure = "log_loss") -> ModelsCompared:
        """Return how good each label model would be on the stored votes, judged by dev gold; nothing is stored.

        Args:
            task: The task.
            to: The schema version; the newest if left out.
            by: What decides the recommendation: ``log_loss``, ``brier`` or ``accuracy``.

        Raises:
            StoreError: Votes are missing; relabel first.
            GoldError: There is no dev gold.
        """
        plan = self.plan(task, to=to, label_model="label_model")
        default = self.settings.label_model
        return compare_models(plan, default=default, by=by, objects=self.objects, progress=self.progress)

    def explain(self, task: str, item_id: str, *, source: str | None = None, id: str = "latest") -> list[Explanation]:  # noqa: A002 - the word that users know
        """Return why an item has its label in a label set: which votes moved it, and by how much; nothing is fitted.

        Args:
            task: The task.
            item_id: The item.
            source: One source only; all that have the item if left out.
            id: The label set's id, the beginning of it, or ``latest``.

        Raises:
            UnknownLabelSetError: There is no such label set, or it has no such item.
            StoreError: The label set was made by Snorkel's label model, which is not kept whole.
        """
        return explain_item(self.label_set(task, id), item_id, source)

    # Reading ---------------------------------------------------------------------------------

    def human_labels(self, task: str, *, to: str | None = None) -> pd.DataFrame:
        """Return the human labels of a task, each as it was given and as it reads in a version.

        Columns: ``source``, ``item_id``, ``annotator``, ``role``, ``label`` and ``schema_version`` as
        the person gave them; ``reads_as`` (``slow|wrong``), ``kind`` (``exact``, ``set``, ``unknown``),
        ``suspect``, ``resolved_by`` (``human``, ``step``, or nothing) in the version asked for.
        Labels that were taken back or superseded are left out.

        Args:
            task: The task.
            to: The version to read them in; the newest if left out.

        Raises:
            UnknownVersionError: The task has no such version, or people labelled under one that is gone.
        """
        history = self.task(task).history
        said = standing(self.catalog.gold.human_labels(task))
        read = read_in(history, history[to].version if to else history.head.version, said, self.catalog.feedback)
        columns = ["source", "item_id", "annotator", "role", "label", "schema_version"]
        rows = [
            [*(getattr(label, name) for name in columns), "|".join(r.ids), r.kind, r.suspect, r.resolved_by]
            for label in said
            for r in [read(label)]
        ]
        return pd.DataFrame(rows, columns=[*columns, "reads_as", "kind", "suspect", "resolved_by"])

    def retire_gold(  # noqa: PLR0913 - what is taken back, and how
        self,
        task: str,
        label: str,
        *,
        version: str | None = None,
        undo: bool = False,
        dry_run: bool = False,
        living: bool = False,
    ) -> Retirement:
        """Take human labels back that a task's schema knows nothing of any more; nothing is deleted.

        Args:
            task: The task.
            label: The label id as people gave it.
            version: The version that they labelled under; any if left out.
            undo: Whether labels that were taken back are brought back.
            dry_run: Whether it is only counted.
            living: Whether labels are taken back that the newest version still knows something of.

        Raises:
            GoldError: There are no such labels, or they still say something.
        """
        history = self.task(task).history
        reads = [Readings(history, head.version) for head in history.heads]
        return retire_gold(
            task,
            label,
            version=version,
            undo=undo,
            dry_run=dry_run,
            dead=lambda said: living or all(read(said).kind == "unknown" for read in reads),
            gold=self.catalog.gold,
            at=now(),
        )

    def gold(self, task: str) -> GoldSet:
        """Return the adjudicated human labels of a task."""
        twins = self.task(task).history.twins if self.project and task in self.tasks() else None
        return adjudicate(self.catalog.gold.human_labels(task), twins=twins)

    def faults(self, task: str) -> list[StoredFault]:
        """Return the faults that were kept of the task's labeling functions as they are now."""
        return self.failures(task)[1]

    def failures(self, task: str) -> tuple[dict[str, int], list[StoredFault]]:
        """Return LF -> on how many items it failed, for those that did, and the faults that were kept of them.

        The labeling functions and the items are those that there are now, as far as votes are stored.
        """
        plan = self.plan(task)
        said = {lf: said for lf, said in said_by_lf(plan, plan.stored, self.objects).items() if said.faults}
        keys = {key for each in said.values() for key in each.keys}
        return {lf: each.faults for lf, each in said.items()}, kept_faults(plan, self.catalog.votes, self.objects, keys)

    def gold_batches(self, task: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return what was imported, by task, source, role, version and sampling."""
        return self.catalog.gold.batches(task)

    def label_sets(self, task: str | None = None) -> list[LabelSetRecord]:
        """Return the label sets there are, newest first."""
        return self.catalog.label_sets.records(task)

    def labels(self, task: str, id: str = "latest") -> pd.DataFrame:  # noqa: A002 - the same
        """Return a label set's labels as a frame, in the columns of an export."""
        frame: pd.DataFrame = pa.concat_tables(list(self.label_set(task, id).tables())).to_pandas()
        return frame

    def evaluate(self, task: str, id: str = "latest", *, final: bool = False) -> tuple[LabelSet, dict[str, Score], int]:  # noqa: A002 - the same
        """Return a label set's agreement with dev gold, and with test gold when ``final``.

        Each look at test gold is logged, since a test set that is looked at often is a dev set.

        Returns:
            The label set, role -> score, and the number of looks at test gold so far (0 if there was nothing to see).
        """
        label_set = self.label_set(task, id)
        history = self.task(task).history
        gold, feedback, version = self.catalog.gold, self.catalog.feedback, label_set.record.schema_version
        scores = {"dev": score(label_set, gold_in(history, version, "dev", gold, feedback))}
        if not final:
            return label_set, scores, 0
        there_is_some = bool(self.gold(task).with_role("test").items)
        looks = gold.log_look(task, label_set.id, now(), _who()) if there_is_some else 0
        scores["test"] = score(label_set, gold_in(history, version, "test", gold, feedback))
        return label_set, scores, looks

    def report(self, task: str, id: str = "latest", *, against: str | None = None) -> Report:  # noqa: A002 - the same
        """Return the report on a label set: one page of HTML, and the figures in it.

        Args:
            task: The task.
            id: The label set's id, the beginning of it, or ``latest``.
            against: The label set to compare with; the one that was latest before it if left out.

        Raises:
            UnknownLabelSetError: There is no such label set.
        """
        return report(self, task, id, against)

    def export(self, task: str, id: str, path: Path, kind: str) -> int:  # noqa: A002 - the same
        """Write a label set to a file for others and return the number of rows."""
        return export_tables(self.label_set(task, id).tables(), path, kind)

    def verify(self, task: str, id: str = "latest") -> list[Problem]:  # noqa: A002 - the same
        """Return what of a label set is not as it was written; nothing, if all is well."""
        return verify_label_set(
            self.label_set(task, id), self.catalog.feedback, self.catalog.votes, self.catalog.damage()
        )

    def compact(self, *, dry_run: bool = False) -> Compaction:
        """Merge the files of votes that many runs left, one file a segment; nothing is computed again.

        Args:
            dry_run: Whether it is only counted.
        """
        return compact(self.catalog.votes, self.objects, self.progress, dry_run=dry_run)

    def __repr__(self) -> str:
        """Return project and store."""
        return f"Workspace(project={str(self.project)!r}, store={str(self.store)!r})"


def open_workspace(  # noqa: PLR0913 - a project's settings, and what overrides them
    path: str | Path | None = None,
    *,
    store: str | Path | None = None,
    engine: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
) -> Workspace:
    """Open a project and its store.

    Args:
        path: A folder in the project; the current one if left out.
        store: The directory of the store, if it is not the project's.
        engine: ``auto``, ``serial``, ``local`` or ``dask``; the settings' if left out.
        workers: How many worker processes; 0 is one for each processor; the settings' if left out.
        progress: Told how far long jobs are.
        warn: Told what went wrong without stopping anything.

    Raises:
        SettingsError: There is no project there and no store was named, or the settings are wrong.

    Example:
        >>> import tempfile
        >>> open_workspace("/", store=tempfile.mkdtemp()).project is None
        True
    """
    start = Path(path).absolute() if path is not None else Path.cwd()
    if not start.is_dir():
        raise SettingsError(f"There is no folder {start}.", remedy="name the project's folder, or one below it")
    project = find_project(start)
    told = {"engine": engine, "workers": workers}
    settings = load_settings(project).model_copy(update={k: v for k, v in told.items() if v is not None})
    where = store_path(settings, project, Path(store) if store is not None else None)
    return Workspace(project, where, settings, progress=progress, warn=warn)


def _who() -> str:
    import getpass  # noqa: PLC0415 - only for this

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
