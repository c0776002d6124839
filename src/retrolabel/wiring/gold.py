"""The human labels of a task: taken in, read in a version, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.wiring.agreement.together import Agreement
from retrolabel.wiring.gold_export import Export
from retrolabel.wiring.gold_figures import Figures
from retrolabel.wiring.gold_import import Import
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from retrolabel.gold.adjudication import GoldSet, HumanLabel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.retiring import Retirement
    from retrolabel.jobs.gold.sets import MigrationCost
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.schema.history import History
    from retrolabel.wiring.site import Site


class TaskGold(Agreement, Export, Figures, Import):
    """The human labels of a task: ``task.gold``.

    Args:
        site: The project and its store.
        task: The task.
    """

    def __init__(self, site: Site, task: str) -> None:
        self._site, self._task = site, task

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
