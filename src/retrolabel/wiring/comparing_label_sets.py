"""What a task in the hand says of two of its label sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.jobs.label_sets.diffing import LabelSetDiff
    from retrolabel.wiring.reporting import Report
    from retrolabel.wiring.site import Site


class ComparesLabelSets:
    """A part of :class:`retrolabel.wiring.task.Task`: two label sets beside each other."""

    _site: Site
    name: str

    def diff(self, before: str | None = None, after: str = "latest", *, causes: bool = True) -> LabelSetDiff:
        """Return what changed between two label sets, and why; ``.frame()`` has a row for each changed label.

        Args:
            before: The first: its id, the beginning of it, a tag, ``current`` or ``latest``; the one before the second
                if left out.
            after: The second.
            causes: Whether the label model is fitted again, a change at a time, to say why.

        Raises:
            UnknownLabelSetError: There is no such label set.
        """
        from retrolabel.wiring.diffing import diffed

        return diffed(self._site, self.name, before, after, causes=causes)

    def report(self, id: str = "latest", *, against: str | None = None) -> Report:  # noqa: A002 - the same
        """Return the report on a label set: one page of HTML, and the figures in it.

        Args:
            id: The label set's id, the beginning of it, or ``latest``.
            against: The label set to compare with; the one that was latest before it if left out.

        Raises:
            UnknownLabelSetError: There is no such label set.
        """
        from retrolabel.wiring.reporting import report

        return report(self._site, self.name, id, against)
