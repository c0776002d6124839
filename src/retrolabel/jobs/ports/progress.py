"""Who is told how far a job is, and what time it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Clock = Callable[[], datetime]


class Progress(Protocol):
    """Tells a person how far a long job is."""

    def start(self, what: str, total: float | None) -> None:
        """Begin a stretch of work of ``total`` units."""

    def advance(self, units: float) -> None:
        """Say that some of it is done."""

    def note(self, text: str) -> None:
        """Say something that the person should know."""


class Silence:
    """Progress for those who do not look."""

    def start(self, what: str, total: float | None) -> None:
        """Say nothing."""

    def advance(self, units: float) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""
