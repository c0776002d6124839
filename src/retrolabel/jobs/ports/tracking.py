"""Where runs are reported to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from retrolabel.jobs.records.runs import Run


class Tracker(Protocol):
    """Where runs are reported to, beside the store."""

    def send(self, run: Run, manifest: bytes, *, again: bool = False) -> str | None:
        """Report one relabel and return the run's id, or ``None`` where the tracker took none.

        Args:
            run: The relabel.
            manifest: The label set's manifest.
            again: Whether it was tried before, so that it may be there, whole or in part.
        """
