"""What the store knows of a sample of items on which labeling functions are tried: read once, and kept beside it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.trying.values import Ground
from retrolabel.errors import RetrolabelError, StoreError
from retrolabel.jobs.gold.resolving import gold_in, items_of_test
from retrolabel.jobs.label_sets.trial_samples import (
    Sample,
    as_matrix,
    draw,
    labels_on,
    sample_key,
    stored_columns,
    votes_on,
)
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.schema.fingerprints import digest
from retrolabel.storage.kept_samples import KeptSamples

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.votes import VoteMatrix
    from retrolabel.wiring.site import Site


class TrialGround:
    """A sample of the items of a task, with the votes, the gold and the labels on it.

    Args:
        site: The project and its store.
        found: The task as it is when this is opened: the votes of its labeling functions are looked up by their keys.
        items: How many items are drawn. Those that test gold is on are left out: nobody learns words from them.
    """

    def __init__(self, site: Site, found: FoundTask, items: int) -> None:
        self._site = site
        self._name = found.name
        self._items = items
        self.found = found
        self._matrices: dict[tuple[str, ...], VoteMatrix] = {}

    @cached_property
    def _kept(self) -> KeptSamples:
        return KeptSamples(self._site.store)

    @cached_property
    def newest(self) -> LabelSetRecord | None:
        """The newest label set of the version."""
        catalog, version = self._site.catalog, self.found.history.head.version
        latest = catalog.label_sets.pointer(self._name, "latest")
        records = [each for each in catalog.label_sets.records(self._name) if each.schema_version == version]
        return next((each for each in records if each.id == latest), records[0] if records else None)

    @cached_property
    def dev(self) -> ResolvedGold:
        """The dev gold as it reads in the newest version; of no other role anything is looked at."""
        feedback, version = self._site.catalog.feedback, self.found.history.head.version
        how = self._site.adjudication(self._name)
        return gold_in(self.found.history, version, "dev", self._human_labels, feedback, how=how)

    @cached_property
    def _human_labels(self) -> list[HumanLabel]:
        return self._site.catalog.gold.human_labels(self._name)

    @cached_property
    def _sample_and_key(self) -> tuple[Sample, str, int]:
        feedback = self._site.catalog.feedback
        segments, contracts = feedback.segments(self._site.sources_of(self._name)), feedback.sources()
        sources = {each.source for each in segments}
        dev = [key for key in self.dev.sets if key[0] in sources]
        total = sum(each.live for each in segments)
        if not total:
            raise StoreError(
                f"The sources that {self._name} labels hold no items.", remedy="retrolabel ingest FILE --source NAME"
            )
        key = sample_key(segments, contracts, dev, self._items)
        objects, progress = self._site.objects, self._site.progress
        tables = self._kept.tables(key, lambda: draw(segments, contracts, dev, self._items, objects, progress).tables)
        sample = Sample(tables, total)
        of_test = items_of_test(self._human_labels) & set(sample.keys)
        if not of_test:
            return sample, key, 0
        if len(of_test) == len(sample.keys):
            raise StoreError(
                f"All items that {self._name} labels have test gold, so there is none to look at.",
                remedy="retrolabel ingest FILE --source NAME brings more",
            )
        return sample.without(of_test), digest([key, "without", sorted(map(list, of_test))]), len(of_test)

    @property
    def sample(self) -> Sample:
        """The items on which labeling functions are tried."""
        return self._sample_and_key[0]

    @property
    def test_items(self) -> int:
        """How many items were drawn and left out, since test gold is on them."""
        return self._sample_and_key[2]

    @cached_property
    def _votes(self) -> tuple[pa.Table, dict[str, str]]:
        """The stored votes on the sample, and LF -> the key that they are of."""
        sample, key, _ = self._sample_and_key
        feedback, task = self._site.catalog.feedback, self.found
        segments, contracts = feedback.segments(self._site.sources_of(self._name)), feedback.sources()
        keys = [vote_key(task, lf, each, contracts.get(each.source, {})) for each in segments for lf in task.lfs]
        stored = stored_columns(task, segments, contracts, self._site.catalog.votes.columns(keys))
        mine = {lf: task.keys[lf] for lf in stored}
        objects = self._site.objects
        kept = self._kept.tables(
            digest([key, "votes", sorted(mine.items())]), lambda: {"votes": votes_on(sample, stored, objects)}
        )
        return kept["votes"], mine

    @cached_property
    def _said(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], str]:
        """The places of the labels of the newest label set, how sure they are, and its id."""
        sample, key, _ = self._sample_and_key
        record, leaves = self.newest, self.found.history.head.leaves
        nothing = np.full(len(sample.keys), -1, np.int64), np.full(len(sample.keys), np.nan), ""
        if record is None:
            return nothing
        try:
            table = self._kept.tables(
                digest([key, "labels", record.id]),
                lambda: {"labels": labels_on(sample, LabelSet(record, self._site.objects))},
            )["labels"]
        except RetrolabelError as error:
            self._site.warn(f"label set {record.id[:12]} cannot be read, so no vote is held against it: {error}")
            return nothing
        places = {label: place for place, label in enumerate(leaves)}
        said = np.array([places.get(label, -1) for label in table.column("label").to_pylist()], np.int64)
        return said, np.nan_to_num(table.column("probability").to_numpy()), record.id

    @cached_property
    def _gold(self) -> npt.NDArray[np.bool_]:
        """Bool [n, k]: the labels that dev gold leaves of each item."""
        found = np.zeros((len(self.sample.keys), len(self.found.history.head.leaves)), np.bool_)
        for row, key in enumerate(self.sample.keys):
            if key in self.dev.sets:
                found[row, sorted(self.dev.sets[key])] = True
        return found

    def beside(self, lf: str, now: FoundTask) -> Ground:
        """Return what is known of the sample's items, beside what one labeling function says.

        Args:
            lf: Its name.
            now: The task as it is now: votes of others that were edited since count no more.
        """
        keys = self._votes[1]
        schema = self.found.history.head
        there = [each.name for each in now.lfs if keys.get(each.name) == now.keys[each.name]]
        others = self._matrix(tuple(name for name in there if name != lf))
        missing = tuple(each.name for each in now.lfs if each.name not in there and each.name != lf)
        said, sure, judge = self._said
        sample = self.sample
        return Ground(schema.leaves, sample.drawn, sample.total, others, missing, self._gold, judge, said, sure)

    def _matrix(self, names: tuple[str, ...]) -> VoteMatrix:
        if names not in self._matrices:
            rows, schema = len(self.sample.keys), self.found.history.head
            self._matrices = {names: as_matrix(self._votes[0], rows, self.found, schema, names)}
        return self._matrices[names]
