"""Let go of what is damaged, or failed, so that a relabel makes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.jobs.label_sets.verify import verify_own_files
from retrolabel.jobs.records.damage import damaged_files
from retrolabel.jobs.records.decisions import CURRENT, LATEST, MOVES
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.votes.faults import said_by_lf

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.manifests import LabelSetRecord
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

    A label set that was made with them goes too: what it would be made of now may differ. Votes that a label set rests
    on which consumers read, or read once, or that has a name, stay: under the same keys would be other ones.

    Returns:
        How many faults there were, and whether a label set was let go.

    Raises:
        StoreError: Such a label set rests on them.
    """
    said = said_by_lf(plan, plan.stored, objects).values()
    faulty = {key for each in said for key in each.keys}
    if not faulty:
        return 0, False
    for label_set, why in kept_for_ever(plan.task.name, label_sets).items():
        lfs = _rests_on(LabelSet(label_set, objects), faulty, votes)
        if lfs:
            raise StoreError(
                f"The votes of {', '.join(lfs)} are not computed again: label set {label_set.id[:12]}, which {why}, was"
                " made of them, faults and all, and stays what it is.",
                remedy='@labeling_function(..., version="2") gives a labeling function a new key: it is called again on'
                " all items, and a new label set is made",
            )
    if plan.exists:  # first: who is killed in between finds the faults again
        label_sets.forget(plan.label_set)
    votes.forget_keys(sorted(faulty))
    return sum(each.faults for each in said), plan.exists


def kept_for_ever(task: str, label_sets: LabelSetsBook) -> dict[LabelSetRecord, str]:
    """Return the label sets of a task that are never let go -> why: what is or was current, and what has a name.

    Args:
        task: The task.
        label_sets: What there is.
    """
    names = {label_set: name for name, label_set in label_sets.tags(task).items() if name not in (CURRENT, LATEST)}
    moved = {each.label_set for each in label_sets.decisions(task) if each.kind in MOVES}
    current = label_sets.pointer(task, CURRENT)
    found: dict[LabelSetRecord, str] = {}
    for record in label_sets.records(task):
        if record.id == current:
            found[record] = "is current"
        elif record.id in names:
            found[record] = f"is tagged {names[record.id]}"
        elif record.id in moved:
            found[record] = "was current"
    return found


def _rests_on(label_set: LabelSet, keys: Collection[str], votes: VotesBook) -> list[str]:
    """Return the labeling functions of a label set whose votes have some of these keys."""
    manifest = label_set.manifest
    mine = {lf["name"] for lf in manifest["inputs"]["lfs"]}
    shared = [key for key in manifest["recorded"].get("vote_keys", ()) if key in keys]
    return sorted({each.lf for each in votes.columns(shared).values()} & mine)
