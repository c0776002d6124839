"""What consumers read: a candidate is promoted by its gates or by a person, and what was current comes back.

A decision is made against what was current when it was begun, and is real only where that still is current: the catalog
compares and writes in one transaction. So nobody has to hold the task for it, and a rollback waits for no relabel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import PromotionError, nearest
from retrolabel.jobs.label_sets.gates import VERSION
from retrolabel.jobs.records.decisions import (
    CURRENT,
    FAILED,
    HELD,
    LATEST,
    MOVES,
    OVERRIDDEN,
    PROMOTED,
    ROLLED_BACK,
    Decision,
    Gate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.records.manifests import LabelSetRecord

CANDIDATE = "candidate"
GATES = "the gates"
FIRST = "the first label set of the task"
TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True)
class Outcome:
    """What became of a label set that was just made, or that was there.

    Attributes:
        status: ``current`` or ``candidate``.
        gates: The gates as they are now.
        why: Why it is that, in words.
        failed: Whether it is a candidate because a gate failed.
    """

    status: str
    gates: tuple[Gate, ...]
    why: str
    failed: bool = False


def decide(  # noqa: PLR0913 - who decides what, and when
    record: LabelSetRecord,
    gates: Sequence[Gate],
    *,
    by_hand: bool,
    asked_for: bool,
    against: str | None,
    label_sets: LabelSetsBook,
    who: str,
    at: datetime,
) -> Outcome | None:
    """Decide on the label set of a relabel: it becomes current, or stays a candidate; either is logged once.

    Args:
        record: The label set.
        gates: Its gates.
        against: What was current when these were looked at.
        by_hand: Whether a person promotes.
        asked_for: Whether the version was named: an older one is looked at then, and that is no failure.
        label_sets: Where decisions are.
        who: Who runs the relabel.
        at: Now.

    Returns:
        What became of it; ``None`` where something else is current meanwhile, so that its gates say nothing.
    """
    task, current = record.task, label_sets.pointer(record.task, CURRENT)
    if current == record.id:
        return Outcome(CURRENT, tuple(gates), "consumers read it already")
    failed = [gate for gate in gates if gate.state == FAILED]
    before = [each for each in label_sets.decisions(task) if each.label_set == record.id]
    if before:
        last = before[-1]
        why = f"it was {last.kind} on {last.at:%Y-%m-%d}: {last.why}"
        return Outcome(CANDIDATE, tuple(gates), why, failed=_counts(failed, asked_for=asked_for))

    kind, why, failing = PROMOTED, GATES, False
    if against is None:
        why = FIRST
    elif failed:
        kind, why = HELD, "; ".join(f"{gate.name}: {gate.why}" for gate in failed)
        failing = _counts(failed, asked_for=asked_for)
    elif by_hand:
        kind, why = HELD, "the settings leave promotion to a person"
    if not label_sets.decide(Decision(task, record.id, kind, who, why, tuple(gates), against, at)):
        return None
    status = CANDIDATE if kind == HELD else CURRENT
    return Outcome(status, tuple(gates), "no gate failed" if why == GATES else why, failed=failing)


def _counts(failed: Sequence[Gate], *, asked_for: bool) -> bool:
    """Return whether gates that failed are a failure; an older version that was asked for is none."""
    return any(gate.name != VERSION for gate in failed) or (bool(failed) and not asked_for)


def promote(  # noqa: PLR0913 - who decides what, why, and when
    record: LabelSetRecord,
    gates: Sequence[Gate],
    *,
    override: bool,
    reason: str,
    against: str | None,
    label_sets: LabelSetsBook,
    who: str,
    at: datetime,
) -> Decision:
    """Let a label set be current; return what was decided.

    Args:
        record: The label set.
        gates: Its gates.
        override: Whether it is promoted although a gate failed.
        reason: Why; needed to override.
        against: What was current when the gates were looked at.
        label_sets: Where decisions are.
        who: Who decides.
        at: Now.

    Raises:
        PromotionError: It is current already, a gate failed, there is no reason to override, or something else became
            current meanwhile.
    """
    task = record.task
    if against == record.id:
        raise PromotionError(
            f"Label set {record.id[:12]} is current already.", remedy=f"retrolabel labels log {task} says since when"
        )
    failed = [gate for gate in gates if gate.state == FAILED]
    if failed and not override:
        told = "; ".join(f"{gate.name}: {gate.why}" for gate in failed)
        raise PromotionError(
            f"Label set {record.id[:12]} was not promoted: {told}.",
            remedy=f'retrolabel labels promote {task} {record.id[:12]} --override --reason "..." does it all the same',
        )
    if failed and not reason.strip():
        raise PromotionError("Nothing says why the gates are overridden.", remedy='--reason "why that is right"')
    kind = OVERRIDDEN if failed else PROMOTED
    decision = Decision(task, record.id, kind, who, reason or "by hand", tuple(gates), against, at)
    if not label_sets.decide(decision):
        raise moved(task, label_sets, f"retrolabel gates {task} {record.id[:12]}, then promote it again")
    return decision


def moved(task: str, label_sets: LabelSetsBook, remedy: str) -> PromotionError:
    """Return the error of a decision that somebody else was faster than.

    Args:
        task: The task.
        label_sets: Where decisions are.
        remedy: What would help.
    """
    moves = [each for each in label_sets.decisions(task) if each.kind in MOVES]
    who = f": {moves[-1].label_set[:12]} was {moves[-1].kind} by {moves[-1].who} ({moves[-1].why})" if moves else ""
    return PromotionError(f"Another label set of {task} became current meanwhile{who}. Nothing moved.", remedy=remedy)


def rollback(task: str, *, reason: str, label_sets: LabelSetsBook, who: str, at: datetime) -> Decision:
    """Let the label set be current again that was before the one which is; return what was decided.

    A further rollback goes further back.

    Args:
        task: The task.
        reason: Why.
        label_sets: Where decisions are.
        who: Who decides.
        at: Now.

    Raises:
        PromotionError: There is none, or somebody else moved ``current`` meanwhile.
    """
    there = {record.id for record in label_sets.records(task)}
    stack = [each for each in current_before(label_sets.decisions(task)) if each in there]
    if len(stack) < 2:  # noqa: PLR2004 - the current one, and the one before
        raise PromotionError(
            f"{task} has no label set that was current before the one that is.", remedy=f"retrolabel labels log {task}"
        )
    decision = Decision(task, stack[-2], ROLLED_BACK, who, reason or "by hand", (), stack[-1], at)
    if not label_sets.decide(decision):
        raise moved(task, label_sets, f"retrolabel labels log {task}, then roll back if that is still wanted")
    return decision


def current_before(decisions: Sequence[Decision]) -> list[str]:
    """Return the label sets that led to the current one, oldest first; it is the last.

    Example:
        >>> from datetime import UTC, datetime
        >>> when = datetime(2026, 11, 29, tzinfo=UTC)
        >>> say = lambda kind, label_set: Decision("t", label_set, kind, "ana", "", (), None, when)
        >>> log = [say("promoted", "a"), say("promoted", "b"), say("held", "c"), say("rolled back", "a")]
        >>> current_before(log), current_before([*log, say("promoted", "d")])
        (['a'], ['a', 'd'])
    """
    stack: list[str] = []
    for each in decisions:
        if each.kind == ROLLED_BACK and each.label_set in stack:
            del stack[stack.index(each.label_set) + 1 :]
        elif each.kind in MOVES and stack[-1:] != [each.label_set]:
            stack.append(each.label_set)
    return stack


def tag(record: LabelSetRecord, name: str, *, label_sets: LabelSetsBook, at: datetime) -> str | None:
    """Give a label set a name; return the id of the one that had it before.

    Args:
        record: The label set.
        name: The name.
        label_sets: Where names are.
        at: Now.

    Raises:
        PromotionError: It is no name.
    """
    if name in (CURRENT, LATEST):
        raise PromotionError(
            f"{name!r} is no tag: it moves by itself.",
            remedy=f"retrolabel labels promote {record.task} {record.id[:12]} makes a label set current",
        )
    if TAG.fullmatch(name) is None or HEX.fullmatch(name) is not None:
        why = (
            "it looks like the beginning of an id"
            if HEX.fullmatch(name)
            else "it has other characters than a-z 0-9 . _ -"
        )
        raise PromotionError(f"{name!r} is no tag: {why}.", remedy="a name such as before-the-split")
    before = label_sets.pointer(record.task, name)
    label_sets.point(record.task, name, record.id, at)
    return before


def untag(record: LabelSetRecord, name: str, *, label_sets: LabelSetsBook) -> None:
    """Take a name back.

    Args:
        record: The label set that has it.
        name: The name.
        label_sets: Where names are.

    Raises:
        PromotionError: No label set has it, or another one.
    """
    task = record.task
    names = {known: each for known, each in label_sets.tags(task).items() if known not in (CURRENT, LATEST)}
    if name not in names:
        listed = ", ".join(sorted(names)) or "none"
        near = nearest(name, list(names))
        raise PromotionError(
            f"{task} has no tag {name!r}. It has {listed}.",
            remedy=f"{near!r}, if that is meant" if near else f"retrolabel labels list {task}",
        )
    if names[name] != record.id:
        raise PromotionError(
            f"{name!r} names label set {names[name][:12]}, not {record.id[:12]}.",
            remedy=f"retrolabel labels tag {task} {names[name][:12]} {name} --delete",
        )
    label_sets.drop_pointer(task, name)
