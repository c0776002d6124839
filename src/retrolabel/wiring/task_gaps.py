"""What the labeling functions of a task leave open: ``task.conflicts()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.analysis.gaps.conflicts import Conflicts
    from retrolabel.wiring.site import Site


class FindsGaps:
    """A part of :class:`retrolabel.wiring.task.Task`: where its labeling functions disagree.

    Votes are those of the labeling functions as they are now, read in the newest version: stored ones, and others
    worked out in memory. Items that test gold is on are left out.
    """

    _site: Site
    name: str

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
