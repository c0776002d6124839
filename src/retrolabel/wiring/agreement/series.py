"""Agreement over time: ``task.gold.series``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.jobs.gold.series.records import AgreementSeries
    from retrolabel.wiring.site import Site


class Series:
    """Measures how far the people of a task agree, period by period."""

    _site: Site
    _task: str

    def series(
        self, *, by: str = "round", source: str | None = None, role: str | None = None, intervals: bool = True
    ) -> AgreementSeries:
        """Return how far people agree in each round, week or month, with control charts that watch it.

        ``.parts`` are the stretches between changes of meaning, each with ``.periods``, ``.charts`` and ``.alarms``;
        ``.alarm`` is the newest fall that newer answers did not take back; ``.frame()`` has a row for each figure.

        Args:
            by: ``round``: the round that asked, and for answers that no round asked for the week of the ISO calendar;
                ``week``; or ``month``.
            source: Answers on one source; those with the most answered items if left out.
            role: ``calibration`` or ``dev``; the calibration set if left out, where there is one.
            intervals: Whether figures have intervals; without, a long series is there at once.

        Raises:
            GoldError: No item has answers of two people in one period, or the task lets an item have several labels.
        """
        from retrolabel.gold.series.figures import DRAWS
        from retrolabel.wiring.series_of_task import series_of

        return series_of(self._site, self._task, by=by, source=source, role=role, draws=DRAWS if intervals else 0)
