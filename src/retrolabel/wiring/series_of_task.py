"""The series of a task: its answers read from the store, and made a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.jobs.gold.series.records import AgreementSeries
    from retrolabel.wiring.site import Site


def series_of(  # noqa: PLR0913 - whose answers, and how they are read
    site: Site, task: str, *, by: str = "round", source: str | None = None, role: str | None = None, draws: int = 0
) -> AgreementSeries:
    """Return the series of a task.

    Args:
        site: The project and its store.
        task: The task.
        by: ``round``, ``week`` or ``month``.
        source: Answers on one source.
        role: Answers of one role.
        draws: Resamples of the intervals.

    Raises:
        GoldError: There is none.
    """
    from retrolabel.jobs.gold.series.building import agreement_series

    book = site.catalog.gold
    return agreement_series(
        book.answers(task),
        task=task,
        history=site.history(task),
        feedback=site.catalog.feedback,
        draws=book.draws(task),
        by=by,
        source=source,
        role=role,
        intervals=draws,
    )
