"""A task in the hand: its schema and labeling functions, and all that can be done with them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from retrolabel.wiring.comparing_label_sets import ComparesLabelSets
from retrolabel.wiring.gold import TaskGold
from retrolabel.wiring.task_drift import Ageing
from retrolabel.wiring.task_errors import FindsErrors
from retrolabel.wiring.task_gaps import FindsGaps
from retrolabel.wiring.task_main_job import MainJob
from retrolabel.wiring.task_models import TrainsModels
from retrolabel.wiring.task_promotion import Promotion
from retrolabel.wiring.task_schema import TaskSchema
from retrolabel.wiring.task_trying import Trials

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from retrolabel.analysis.comparison import Measure
    from retrolabel.errors import Problem
    from retrolabel.jobs.gold.scoring import Evaluation
    from retrolabel.jobs.label_sets.comparing import ModelsCompared
    from retrolabel.jobs.label_sets.explaining import Explanations
    from retrolabel.jobs.records.checks import DeepVerification
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import StoredFault, VoteCounts
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.history import History
    from retrolabel.votes import VoteMatrix
    from retrolabel.wiring.label_set_export import Options
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.why import Why


class Task(MainJob, Promotion, ComparesLabelSets, Ageing, TrainsModels, Trials, FindsErrors, FindsGaps):
    """One labelling question of a project: ``retrolabel.open(path).task("failure_mode")``.

    Its files are read when something is asked for, so an edit counts at the next call.

    Args:
        site: The project and its store.
        name: The task's name; an attribute too.

    Raises:
        SettingsError: Neither the project nor the store knows the task.
    """

    def __init__(self, site: Site, name: str) -> None:
        site.check_task(name)
        self._site = site
        self.name = name

    @property
    def history(self) -> History:
        """Its schema versions; labeling functions are not imported, so a broken one is not in the way.

        Raises:
            DiscoveryError: Its schema cannot be read; everything at once.
        """
        return self._site.history(self.name)

    def discover(self) -> FoundTask:
        """Return its schema versions and labeling functions, with keys and sources, imported afresh.

        Raises:
            DiscoveryError: Its modules do not import, or clash; everything at once.
        """
        return self._site.discover(self.name)

    @property
    def lfs(self) -> tuple[LabelingFunction, ...]:
        """Its labeling functions, sorted by name.

        Raises:
            DiscoveryError: Its modules do not import, or clash; everything at once.
        """
        return self.discover().lfs

    @cached_property
    def gold(self) -> TaskGold:
        """Its human labels: take in, read, take back; what they say of all items, and of two label sets."""
        return TaskGold(self._site, self.name)

    @cached_property
    def schema(self) -> TaskSchema:
        """Its schema: check, compare, continue, release."""
        return TaskSchema(self._site, self.name)

    def compute_votes(self, *, to: str | None = None) -> VoteCounts:
        """Compute and store the votes that are missing, and make no label set."""
        from retrolabel.wiring.votes import vote_counts

        return vote_counts(self._site, self.name, to)

    def vote_matrix(self, *, to: str | None = None) -> VoteMatrix:
        """Return the votes on all live items as a :class:`VoteMatrix`, in the order of :meth:`votes`."""
        from retrolabel.wiring.votes import all_votes

        return all_votes(self._site, self.name, to)[1]

    def votes(self, *, to: str | None = None) -> pd.DataFrame:
        """Return the votes on all live items: a row an item (source, item_id), a column an LF.

        Cells are the labels that a vote leaves possible (``bug``, ``bug|feature``), missing where
        the LF abstained. :func:`retrolabel.conflict` says of two columns where they conflict.
        """
        from retrolabel.wiring.votes import votes_frame

        return votes_frame(self._site, self.name, to)

    def lf_summary(self, *, to: str | None = None, marginal: bool | None = None) -> pd.DataFrame:
        """Return what each LF does and is worth: a row each, sorted by name.

        Args:
            to: The schema version; the newest if left out.
            marginal: Whether it is worked out what each adds; if left out, where that takes some seconds only.

        Returns:
            The frame of :func:`retrolabel.analysis.lf_summary.lf_summary` with ``faults``, ``microseconds`` (a call, as
            recorded when votes were computed), ``drift`` (what the newest weeks do otherwise) and ``look`` (why it
            deserves a look: :mod:`retrolabel.analysis.lf_attention`). Where there is dev gold: ``low`` and ``high`` of
            the precision, ``chance``, ``others``; ``adds`` with ``adds_low`` and ``adds_high``
            (:func:`retrolabel.jobs.label_sets.marginal.added_by_each`). After a relabel: ``weight``, ``repeats``.
            In ``attrs``: ``order`` (the names, what deserves a look first), ``months``, ``by_vote`` (precision by
            vote), ``learned``; without dev gold ``no_gold``: why, and what helps.
        """
        from retrolabel.wiring.lf_summary import summary_of_lfs

        return summary_of_lfs(self._site, self.name, to, marginal=marginal)

    def learned(self, *, to: str | None = None) -> pd.DataFrame | None:
        """Return what the label model learned of each LF and vote, from the newest label set of a version.

        Returns:
            The frame of :func:`retrolabel.analysis.explanations.learned`, its LFs as they are now; those that changed
            since are left out. ``None`` where there is no label set yet, or another label model made it. The label
            set's id is in ``attrs["label_set"]``.
        """
        from retrolabel.wiring.explaining import learned_now

        return learned_now(self._site, self.name, to)

    def without_each(self, *, to: str | None = None) -> pd.DataFrame:
        """Return what the score on dev gold becomes without each LF: the label model is fitted again for each.

        Returns:
            The frame of :func:`retrolabel.jobs.label_sets.explaining.scores_without_each`.

        Raises:
            StoreError: Votes are missing; relabel first.
            GoldError: There is no dev gold.
        """
        from retrolabel.wiring.explaining import without_each

        return without_each(self._site, self.name, to)

    def faults(self) -> list[StoredFault]:
        """Return the faults that were kept of the labeling functions as they are now."""
        return self.failures()[1]

    def failures(self) -> tuple[dict[str, int], list[StoredFault]]:
        """Return LF -> on how many items it failed, for those that did, and the faults that were kept of them.

        The labeling functions and the items are those that there are now, as far as votes are stored.
        """
        from retrolabel.wiring.votes import failures

        return failures(self._site, self.name)

    def compare(self, *, to: str | None = None, by: Measure = "log_loss") -> ModelsCompared:
        """Return how good each label model would be on the stored votes, judged by dev gold; nothing is stored.

        Args:
            to: The schema version; the newest if left out.
            by: What decides the recommendation: ``log_loss``, ``brier`` or ``accuracy``.

        Raises:
            StoreError: Votes are missing; relabel first.
            GoldError: There is no dev gold.
        """
        from retrolabel.wiring.explaining import compared

        return compared(self._site, self.name, to, by)

    def label_sets(self) -> list[LabelSetRecord]:
        """Return the label sets there are, newest first."""
        return self._site.catalog.label_sets.records(self.name)

    def label_set(self, id: str = "latest") -> LabelSet:  # noqa: A002 - the word that users know
        """Return a label set by its id, the beginning of it, a tag, ``current`` or ``latest``.

        Raises:
            UnknownLabelSetError: There is none, or several ids begin like that.
        """
        return self._site.label_set(self.name, id)

    def labels(self, id: str = "current") -> pd.DataFrame:  # noqa: A002 - the same
        """Return the labels that consumers read, or those of another label set, in the columns of an export."""
        from retrolabel.wiring.label_sets import labels_frame

        return labels_frame(self.label_set(id))

    def explain(
        self,
        items: str | int | Iterable[str | int],
        *,
        source: str | None = None,
        id: str = "latest",  # noqa: A002 - the same
    ) -> Explanations:
        """Return why items have their labels: which votes moved each, and by how much; nothing is fitted.

        Args:
            items: An item, or several: ids, or ``SOURCE/ID``; whole numbers are ids too.
            source: One source only; all that have the item if left out.
            id: The label set's id, the beginning of it, or ``latest``.

        Raises:
            UnknownLabelSetError: There is no such label set, or it has no such item.
            StoreError: The label set was made by Snorkel's label model, which is not kept whole.
        """
        from retrolabel.jobs.label_sets.explaining import explain_items

        return explain_items(self.label_set(id), items, source)

    def why(
        self,
        item: str | int,
        *,
        set: str = "latest",  # noqa: A002 - the word of the command
        source: str | None = None,
    ) -> Why:
        """Return where the label of an item comes from: votes and their source then, schema, people, file, run.

        A notebook shows it as a page; ``.write(path)`` makes the file. Of an item in the test set it does not say what
        people said.

        Args:
            item: The item: its id, or ``SOURCE/ID``.
            set: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
            source: Its source, where several have the id.

        Raises:
            UnknownLabelSetError: There is no such label set.
            UnknownItemError: It does not hold the item.
            InputError: Several sources have the id.
        """
        from retrolabel.wiring.why import why_label

        return why_label(self._site, self.name, item, source, set)

    def evaluate(self, id: str = "latest", *, final: bool = False) -> Evaluation:  # noqa: A002 - the same
        """Return a label set's agreement with dev gold, and with test gold when ``final``.

        Each look at test gold is logged, since a test set that is looked at often is a dev set.
        """
        from retrolabel.wiring.label_sets import evaluated

        return evaluated(self._site, self.name, id, final=final)

    def export(self, path: Path, kind: str, id: str = "current", **options: Unpack[Options]) -> int:  # noqa: A002 - the same
        """Write what is current, or another label set, to a file; return the number of rows (see :class:`Options`)."""
        from retrolabel.wiring.label_set_export import exported

        return exported(self._site, self.name, path, kind, id, **options).rows

    def verify(self, id: str = "latest") -> list[Problem]:  # noqa: A002 - the same
        """Return what of a label set is not as it was written; nothing, if all is well."""
        from retrolabel.wiring.verifying import verified

        return verified(self._site, self.name, id)

    def verify_deep(self, id: str = "latest", *, sample: int | None = None) -> DeepVerification:  # noqa: A002 - the same
        """Return what a label set says and whether it holds, when it is made again from what it rests on.

        Labels are made again from stored votes, gold as it was, and the settings in the manifest; labeling functions
        that the project has under the same keys are called again. Nothing is written.

        Args:
            id: The label set.
            sample: On how many items labeling functions are called again, evenly taken; on all if left out.
        """
        from retrolabel.wiring.verifying import deeply_verified

        return deeply_verified(self._site, self.name, id, sample)

    def __repr__(self) -> str:
        """Return its name, versions and label sets, as far as they can be read."""
        from retrolabel.wiring.describing import described

        return described(self._site, self.name)
