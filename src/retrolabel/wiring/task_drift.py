"""Whether what a task rests on still holds: ``task.drift()``, ``task.staleness()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.staleness import Staleness
    from retrolabel.wiring.site import Site


class Ageing:
    """A part of :class:`retrolabel.wiring.task.Task`: drift of its feedback, age of its labels."""

    _site: Site
    name: str

    def drift(
        self,
        id: str = "current",  # noqa: A002 - the same
        *,
        window_days: int | None = None,
        until: date | None = None,
    ) -> Drift:
        """Return what of the newest feedback is not as it was; ``.alarms``, and ``.frame()`` with all shares.

        Args:
            id: The label set whose votes and labels are looked at.
            window_days: The days of a window, whole weeks; else ``drift_window_days`` of the settings.
            until: The first day that is not looked at; today if left out.

        Raises:
            InputError: The window is not of whole weeks.
            UnknownLabelSetError: There is no such label set.
        """
        from retrolabel.wiring.drifting import drifted

        return drifted(self._site, self.name, id, window_days=window_days, until=until)

    def staleness(self, at: datetime | None = None) -> Staleness:
        """Return how old the labels that consumers read are, and the gold behind them.

        Args:
            at: When this is asked; now if left out.
        """
        from retrolabel.wiring.aging import staleness

        return staleness(self._site, self.name, at)
