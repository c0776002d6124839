"""The examples of labeling functions that are about to run: what fails on them is known before hours are spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import Problem, WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.jobs.records.plans import VotePlan
    from retrolabel.labeling.applying import Guard


def broken_examples(
    plan: VotePlan, guard: Guard, run: Callable[[Callable[[], list[Problem]]], list[Problem]]
) -> list[Problem]:
    """Return what fails on its own examples, of the labeling functions that have votes to compute: new and edited ones.

    Args:
        plan: What is to be computed.
        guard: Stops what hangs.
        run: Runs a piece of work under the guard; raises ``WorkerDiedError`` where it was stopped.
    """
    waiting = {vote.lf.name: vote.lf for vote in plan.to_compute if vote.lf.examples or vote.lf.non_examples}
    problems: list[Problem] = []
    for name, lf in waiting.items():

        def look(name: str = name, check: Callable[[], list[Problem]] = lf.check_examples) -> list[Problem]:
            with guard(name):
                return check()

        try:
            problems += run(look)
        except WorkerDiedError as error:
            problems.append(Problem(name, error.message))
    return problems
