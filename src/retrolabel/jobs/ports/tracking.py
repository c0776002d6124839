"""Where runs are reported to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Tracker(Protocol):
    """Where runs are reported to, beside the store."""

    def record(
        self, name: str, *, params: Mapping[str, Any], metrics: Mapping[str, float], manifest: str
    ) -> str | None:
        """Report one relabel and return the run's id, or ``None`` where there is none."""
