"""Whether what a task rests on still holds: ``task.drift()``, ``task.accept_drift()``, ``task.staleness()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.drift_accepted import Accepted
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

    def accept_drift(
        self, found: Drift, *subjects: str, reason: str, since: date | None = None
    ) -> tuple[Accepted, ...]:
        """Say that alarms are the new normal; return what is accepted now.

        From then on each is compared with the weeks since that day alone.

        Args:
            found: The look that raised them: ``task.drift()``.
            subjects: The ``subject`` of each alarm, or ``all``.
            reason: Why.
            since: The day from which on it is normal; when each drift began, if left out.

        Raises:
            InputError: The look has no such alarm; the day is not within it.
        """
        from retrolabel.wiring.drifting import accept_drift, accepted_drift

        accept_drift(self._site, self.name, found, subjects, why=reason, since=since)
        return accepted_drift(self._site, self.name)

    def reopen_drift(self, *subjects: str, reason: str = "") -> tuple[Accepted, ...]:
        """Take back that drifts are the new normal; return what is still accepted.

        Args:
            subjects: What is accepted, or ``all``.
            reason: Why.

        Raises:
            InputError: That is not accepted.
        """
        from retrolabel.wiring.drifting import accepted_drift, reopen_drift

        reopen_drift(self._site, self.name, subjects, why=reason)
        return accepted_drift(self._site, self.name)

    def staleness(self, at: datetime | None = None) -> Staleness:
        """Return how old the labels that consumers read are, and the gold behind them.

        Args:
            at: When this is asked; now if left out.
        """
        from retrolabel.wiring.aging import staleness

        return staleness(self._site, self.name, at)
