"""Let go of what is damaged, or failed, so that a relabel makes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.jobs.label_sets.verify import verify_own_files
from retrolabel.jobs.records.damage import damaged_files
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.votes.faults import said_by_lf

if TYPE_CHECKING:
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.votes.book import VotesBook


def let_go_of_damage(plan: Plan, votes: VotesBook, label_sets: LabelSetsBook, objects: Objects) -> list[str]:
    """Let damaged votes, and a damaged label set, of a plan be no longer real, so that they are made again.

    Feedback is not derived from anything: damage of it stays, and stops a relabel.

    Returns:
        What was let go, for people.
    """
    files = votes.files(list(plan.stored))
    damaged = list(damaged_files(files, objects))
    votes.forget_files(damaged)
    let_go = [objects.locate(path) for path in damaged]
    record = label_sets.record(plan.label_set) if plan.exists else None
    if record is not None and verify_own_files(LabelSet(record, objects)):
        label_sets.forget(record.id)
        let_go.append(f"label set {record.id}")
    return let_go


def let_go_of_faults(plan: Plan, votes: VotesBook, label_sets: LabelSetsBook, objects: Objects) -> tuple[int, bool]:
    """Let the votes of a plan that hold faults be no longer real, so that they are computed again.

    A label set that was made with them goes too: what it would be made of now may differ.

    Returns:
        How many faults there were, and whether a label set was let go.
    """
    said = said_by_lf(plan, plan.stored, objects).values()
    faulty = {key for each in said for key in each.keys}
    if not faulty:
        return 0, False
    if plan.exists:  # first: who is killed in between finds the faults again
        label_sets.forget(plan.label_set)
    votes.forget_keys(sorted(faulty))
    return sum(each.faults for each in said), plan.exists
