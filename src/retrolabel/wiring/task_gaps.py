"""What the labeling functions of a task leave open: ``task.gaps()``, ``task.conflicts()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.analysis.gaps.conflicts import Conflicts
    from retrolabel.analysis.gaps.gaps import Gaps
    from retrolabel.analysis.gaps.kinds import Kind
    from retrolabel.wiring.site import Site


class FindsGaps:
    """A part of :class:`retrolabel.wiring.task.Task`: what its labeling functions leave open, and where they disagree.

    Votes are those of the labeling functions as they are now, read in the newest version: stored ones, and others
    worked out in memory. Items that test gold is on are left out.
    """

    _site: Site
    name: str

    def gaps(self, *kinds: Kind, columns: Sequence[str] = (), items: int = 20_000) -> Gaps:
        """Return the items that labeling functions leave open, as clusters of items that read alike.

        Args:
            kinds: ``uncovered`` (without a vote), ``guessed`` (all votes are for several labels, and leave several),
                ``conflicting`` (votes leave no label in common); all if left out.
            columns: The columns of texts by which items are alike; those that labeling functions read if left out.
            items: How many items are drawn, if there are as many; those with dev gold come on top.

        Returns:
            ``.clusters`` is a frame: the terms that set each cluster apart from all other items, its size, what dev
            gold says of it, who conflicts; ``.found[0].clusters[0]`` is one, ``.examples(cluster)`` has its items, the
            terms marked. A notebook shows them.

        Raises:
            InputError: There is no such kind or column.
            StoreError: Nothing was ingested.
        """
        from retrolabel.wiring.finding_gaps import found_gaps

        return found_gaps(self._site, self.name, kinds, columns, items)

    def conflicts(self, lf: str | None = None, *, items: int = 20_000) -> Conflicts:
        """Return the pairs of labeling functions that conflict, and the items on which they do.

        Two votes conflict where no label is possible by both (:func:`retrolabel.conflict`).

        Args:
            lf: Only pairs with this labeling function.
            items: How many items are drawn, if there are as many; those with dev gold come on top.

        Returns:
            ``.pairs`` is a frame: how often each pair conflicts, of how many items on which both vote, who is right on
            dev gold, what the newest label set says; ``.examples(pair)`` has items with the words of both.

        Raises:
            LabelingFunctionError: There is no such labeling function.
            StoreError: Nothing was ingested.
        """
        from retrolabel.wiring.conflicting import found_conflicts

        return found_conflicts(self._site, self.name, lf, items)
