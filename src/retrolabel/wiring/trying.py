"""Try labeling functions on a sample of the store: what is opened once, and what is done at each save.

Nothing is written but the sample, which lies beside the store: no vote, no label set, no lease.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.analysis.trying.figures import figures, in_order, verdicts
from retrolabel.analysis.trying.near_misses import Texts
from retrolabel.analysis.trying.tried import Asked, Tried
from retrolabel.analysis.trying.values import Failed, Ground
from retrolabel.discovery.folders import as_task, explore, explore_again
from retrolabel.discovery.imports import reached_files
from retrolabel.discovery.project import PACKAGE, task_folder
from retrolabel.errors import RetrolabelError, SchemaError, counted
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.wiring.trial_ground import TrialGround
from retrolabel.wiring.trial_marginal import added
from retrolabel.wiring.trial_votes import (
    as_votes,
    faults_of,
    in_pieces,
    is_text,
    item_at,
    said_by,
    watched,
    words_in,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from retrolabel.analysis.trying.near_misses import NearMiss
    from retrolabel.discovery.folders import Explored
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.words import Span
    from retrolabel.votes import VoteMatrix
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.trial_votes import Piece

ITEMS = 20_000
WORKED_OUT = 5
"""Of so many others that are new or edited the votes are worked out; of more it is said that they are not stored."""


def folders_of(project: Path, task: str) -> list[Path]:
    """Return the folders whose files the labeling functions of a task are made of; nothing is imported.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task.

    Raises:
        SettingsError: The project has no such task.
    """
    reached = reached_files(task_folder(project, task), project).files
    return sorted({project / PACKAGE, *(path.parent for path in reached)})


class Trying:
    """A task whose labeling functions are tried on a sample of its items.

    Args:
        site: The project and its store.
        task: The task.
        items: How many items are drawn.
    """

    def __init__(self, site: Site, task: str, items: int = ITEMS) -> None:
        self._site = site
        self._name = task
        self._explored: Explored | None = None
        self._reached: tuple[Path, ...] = ()
        self._features: tuple[Feature, ...] = ()
        self._unread: set[Path] = set()
        self._pieces: list[Piece] = []
        self._texts: dict[tuple[str, ...], Texts] = {}
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._items = items
        self._opened: TrialGround | None = None
        self._worked_out: dict[str, VoteMatrix] = {}
        self.found = self.again()

    # The project ------------------------------------------------------------------------------

    def again(self, changed: Collection[Path] | None = None) -> FoundTask:
        """Return the task as its files are now.

        Modules that do not import are left out, and told in ``broken``.

        Args:
            changed: The files that changed, where that is known: others are not imported again.

        Raises:
            DiscoveryError: The task cannot be used; everything at once.
        """
        project, before = self._site.project_folder(), self._explored
        self._unread |= set(changed or ())
        if before is None or changed is None:
            found = explore(project, self._name)
        else:
            found = explore_again(project, self._name, before, self._unread)
        self._reached = found.reach.files
        if not found.problems:
            self._explored = found
            self._unread = set()
        self.found = as_task(found, project, self._name, skips=True)
        schema = self.found.history.head
        if self._opened is not None and schema != self._opened.found.history.head:
            self._opened = TrialGround(self._site, self.found, self._items)  # the same items, read otherwise
            self._worked_out = {}
        if schema.scale == "multilabel":
            raise SchemaError(
                f"{schema} is multilabel; lf try compares votes for one label an item so far.",
                remedy="retrolabel.apply(lfs, frame) applies labeling functions to items in Python",
            )
        return self.found

    def edited(self) -> set[Path]:
        """Return the files of the task that are not as they were at the last call; all, at the first one."""
        there = {path: path.stat() for path in self._reached if path.is_file()}
        now = {path: (found.st_mtime_ns, found.st_size) for path, found in there.items()}
        before, self._stamps = self._stamps, now
        return {path for path in {*now, *before} if now.get(path) != before.get(path)}

    @property
    def stands_on(self) -> tuple[object, ...]:
        """What of the store it was opened with; where this is another, it has to be opened anew."""
        catalog = self._site.catalog
        segments = catalog.feedback.segments(self._site.sources_of(self._name))
        gold = len(catalog.gold.human_labels(self._name))
        latest = catalog.label_sets.pointer(self._name, "latest")
        return tuple(each.live_digest for each in segments), gold, latest

    def changed(self) -> list[str]:
        """Return the labeling functions that are new or edited since the newest label set; all without one."""
        record = self._known.newest
        if record is None:
            return [lf.name for lf in self.found.lfs]
        then = {lf["name"]: lf["key"] for lf in LabelSet(record, self._site.objects).manifest["inputs"]["lfs"]}
        return [lf.name for lf in self.found.lfs if then.get(lf.name) != self.found.keys[lf.name]]

    # The sample -------------------------------------------------------------------------------

    @property
    def _known(self) -> TrialGround:
        """What the store knows of the sample."""
        if self._opened is None:
            self._opened = TrialGround(self._site, self.found, self._items)
        return self._opened

    @property
    def _batches(self) -> list[Piece]:
        """The sample in pieces. Columns are read once, features too."""
        features = tuple(self.found.features.values())
        if not self._pieces or features != self._features:
            self._features = features  # the values of those before are let go
            self._pieces = in_pieces(self._known.sample)
        return self._pieces

    # The labeling function --------------------------------------------------------------------

    def of(self, lf: LabelingFunction, *, marginal: bool = False) -> Tried:
        """Return what a labeling function does on the sample.

        Args:
            lf: The labeling function; it may be in no file.
            marginal: Whether the label model is fitted with it and without.

        Raises:
            MissingColumnError: It reads a column that a source lacks.
            WorkerDiedError: It took too long.
        """
        lf = lf.bound(self.found.features)
        lf = lf if lf.name else lf.named("lf")
        (emitted,) = said_by([lf], self._batches, self._site, lf.name)
        votes, notes = as_votes(lf, emitted, self.found.history)
        ground = self._beside(lf.name)
        faults = faults_of(emitted)
        said = verdicts(votes, ground)
        hits = votes.codes[:, 0] > 0
        rows = self._known.sample.order[hits[self._known.sample.order]]
        keys = self._known.sample.keys
        failed = [Failed(*keys[each.row], each.error, each.trace) for each in emitted.faults]
        notes += [str(problem) for problem in watched(self._site, lf.name, lf.check_examples)]
        return Tried(
            self._name,
            lf.name,
            figures(votes, ground, faults),
            ground,
            votes,
            said,
            in_order(rows, said, ground),
            keys,
            failed,
            [*notes, *self._missing(ground)],
            ask=self._asked(lf, hits),
            marginal=added(self._site, self.found, self._known, ground, lf.name, votes) if marginal else None,
        )

    def _beside(self, name: str) -> Ground:
        """Return what is known beside one labeling function; a few votes that are not stored are worked out."""
        stored = self._known.beside(name, self.found)
        missing = [lf for lf in self.found.lfs if lf.name in stored.missing]
        if not 0 < len(missing) <= WORKED_OUT:
            return stored
        keys = self.found.keys
        unknown = [lf for lf in missing if keys[lf.name] not in self._worked_out]
        try:
            every = said_by(unknown, self._batches, self._site, "votes of others") if unknown else []
        except RetrolabelError:  # it says so itself where it is the one that is tried
            return stored
        for lf, emitted in zip(unknown, every, strict=True):
            self._worked_out[keys[lf.name]] = as_votes(lf, emitted, self.found.history)[0]
        others = stored.others
        for lf in missing:
            others = others.with_column(self._worked_out[keys[lf.name]])
        return replace(stored, others=others, missing=())

    def _missing(self, ground: Ground) -> list[str]:
        """Return a sentence where votes of others are not stored."""
        if not ground.missing:
            return []
        some = ", ".join(ground.missing[:3]) + (", ..." if len(ground.missing) > 3 else "")  # noqa: PLR2004 - a few
        who = "all others" if not ground.others.voters else f"{counted(len(ground.missing), 'other')} ({some})"
        return [f"the votes of {who} are not stored, and count nowhere here: retrolabel relabel {self._name}"]

    def _asked(self, lf: LabelingFunction, hits: npt.NDArray[np.bool_]) -> Asked:
        def texts(row: int) -> Mapping[str, str]:
            item = item_at(self._batches, row)
            names = tuple(item) if lf.takes_row else lf.reads
            return {name: str(item[name]) for name in names if item.get(name) is not None}

        def words(row: int) -> Sequence[Span]:
            return words_in(lf, item_at(self._batches, row), self._site)

        def alike(most: int) -> Sequence[NearMiss]:
            return self._read(lf).like(hits, most=most)

        return Asked(texts, words, alike)

    def _read(self, lf: LabelingFunction) -> Texts:
        """Return the texts that a labeling function reads; all texts of an item where it reads none."""
        kinds = {name: None for t in self._known.sample.tables.values() for name in t.column_names if is_text(t, name)}
        wanted = tuple(name for name in lf.reads if name in kinds and not lf.takes_row) or tuple(kinds)
        if wanted not in self._texts:
            pieces = self._batches
            self._site.progress.start("near misses", len(pieces))
            texts: list[str] = []
            for _, _, batch in pieces:
                columns = [batch.values(name) for name in wanted if name in batch.names]
                texts += [" \n ".join(each for each in row if each) for row in zip(*columns, strict=True)]
                self._site.progress.advance(1)
            self._texts = {wanted: Texts(texts)}
        return self._texts[wanted]
