"""What consumers read of a task: ``task.gates``, ``promote``, ``rollback``, ``tag``, ``decisions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.jobs.records.decisions import Decision, Gate
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.status import Status


class Promotion:
    """Decides what consumers of a task read."""

    _site: Site
    name: str

    def gates(self, id: str = "latest") -> tuple[Gate, ...]:  # noqa: A002 - the same
        """Return the gates of a label set beside what is current: each passed, failed, or open for want of data."""
        from retrolabel.wiring.promoting import gates_of

        return gates_of(self._site, self._site.label_set(self.name, id))

    def promote(
        self,
        id: str,  # noqa: A002 - the same
        *,
        override: bool = False,
        reason: str = "",
        told: Callable[[Decision], None] | None = None,
    ) -> Decision:
        """Let a label set be what consumers read, and log who, when, why and the gates; MLflow's alias follows.

        Args:
            id: The label set.
            override: Whether it is promoted although a gate failed; that takes a reason.
            reason: Why.
            told: Told of the decision before MLflow is, which may take seconds.

        Raises:
            PromotionError: It is current already, or a gate failed.
            UnknownLabelSetError: There is no such label set.
        """
        from retrolabel.wiring.promoting import promoted

        return promoted(self._site, self.name, id, override=override, reason=reason, told=told)

    def rollback(self, *, reason: str = "", told: Callable[[Decision], None] | None = None) -> Decision:
        """Let the label set be current again that was before; a further one goes further back.

        Args:
            reason: Why.
            told: Told of the decision before MLflow is, which may take seconds.

        Raises:
            PromotionError: None was.
        """
        from retrolabel.wiring.promoting import rolled_back

        return rolled_back(self._site, self.name, reason=reason, told=told)

    def tag(self, id: str, tag: str) -> LabelSetRecord:  # noqa: A002 - the same
        """Give a label set a name, which is accepted wherever an id is.

        Raises:
            PromotionError: It is no name.
        """
        from retrolabel.wiring.promoting import tagged

        return tagged(self._site, self.name, id, tag)[0]

    def untag(self, id: str, tag: str) -> LabelSetRecord:  # noqa: A002 - the same
        """Take a name back, and return the label set that had it.

        Raises:
            PromotionError: It is the name of no label set, or of another one.
        """
        from retrolabel.wiring.promoting import untagged

        return untagged(self._site, self.name, id, tag)

    def status(self) -> Status:
        """Return how the task stands: what is current, what waits, what is stale or due, what failed, what to type."""
        from retrolabel.wiring.status import status

        return status(self._site, [self.name])[0]

    def decisions(self) -> list[Decision]:
        """Return what was decided of the task's label sets, oldest first."""
        return self._site.catalog.label_sets.decisions(self.name)
