"""Why the people of a task disagree: ``task.gold.diagnose``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from retrolabel.jobs.gold.diagnosis.values import TaskDiagnosis
    from retrolabel.wiring.site import Site


class Diagnosing:
    """Says why the people of a task disagree."""

    _site: Site
    _task: str

    def diagnose(
        self,
        *,
        to: str | None = None,
        role: str | None = None,
        since: datetime | None = None,
        rounds: int | None = None,
        seed: int = 0,
    ) -> TaskDiagnosis:
        """Return which part of the disagreement is the spec, the data, one person or taste.

        Answers of the roles ``calibration`` and ``dev`` count, those to test items and honeypots never. Each cause that
        stands out has its share with an interval, its items and a drafted question for the guideline. What cannot be
        told of these answers is withheld, with a reason; that no cause stands out is an answer too.

        Args:
            to: The version to read them in; the newest if left out.
            role: Only answers of this role, ``calibration`` or ``dev``.
            since: Only answers from then on.
            rounds: Only answers of the last so many rounds of calibration; where there are none, weeks.
            seed: Another seed deals and resamples in another way.

        Raises:
            GoldError: The version is multilabel, there is no such role, or no item has answers of two people that can
                be compared.
            UnknownVersionError: The task has no such version.
            InputError: Both ``since`` and ``rounds`` are given, or no round is asked for.
        """
        from retrolabel.jobs.gold.diagnosis.diagnosing import diagnosis_of

        if since is not None and rounds is not None:
            raise InputError("--since and --rounds both say which answers count.", remedy="leave one of the two out")
        if rounds is not None and rounds < 1:
            raise InputError(f"{rounds} is no number of rounds.", remedy="--rounds 4 takes the last four")
        self._site.progress.start("look for what people differ on", None)
        history, catalog = self._site.history(self._task), self._site.catalog
        return diagnosis_of(
            catalog.gold.answers(self._task),
            task=self._task,
            schema=history[to] if to else history.head,
            history=history,
            feedback=catalog.feedback,
            objects=self._site.objects,
            role=role,
            since=since,
            rounds=rounds,
            seed=seed,
        )
