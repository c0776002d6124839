"""The verdict of a report: what a label set is worth, against before, and the one step to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from retrolabel.analysis.report.telling import as_percent, number, percent, points, signed
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from retrolabel.analysis.report.gold_view import GoldView
    from retrolabel.analysis.report.values import ReportData
    from retrolabel.gold.pairing import Pairing

SHORT = 12
ENOUGH = 0.2
"""Where more than this part of the gold items are several labels, people can say more than labeling functions."""


@dataclass(frozen=True)
class Next:
    """What to do next.

    Attributes:
        why: Why, in a sentence.
        command: What to type.
    """

    why: str
    command: str


@dataclass(frozen=True)
class Verdict:
    """What a label set is worth.

    Attributes:
        tone: ``stop`` (a gate fails), ``look`` (something is not known, or failed), ``good``.
        standing: Whether consumers read it.
        worth: How much is right, and how much has no label.
        change: The same against the label set before; nothing where that cannot be told.
        next: The one step to do next.
    """

    tone: Literal["stop", "look", "good"]
    standing: str
    worth: str
    change: str
    next: Next


def verdict(data: ReportData, gold: GoldView, confusions: pd.DataFrame | None, name: Callable[[str], str]) -> Verdict:
    """Return the verdict on a label set.

    Args:
        data: What the report says.
        gold: What gold says of all items.
        confusions: Gold labels against labels; ``None`` where there are too many to read.
        name: How a label is called.
    """
    return Verdict(
        _tone(data), _standing(data), _worth(data, gold), told(data.change), _next(data, gold, confusions, name)
    )


def told(change: Pairing | None) -> str:
    r"""Return how much more often a label set is right than the one before, on the same gold items.

    Example:
        >>> import numpy as np
        >>> from retrolabel.gold.pairing import paired
        >>> told(paired(np.array([False] * 30 + [True] * 10), np.array([True] * 40)))
        'Better than the label set before: right on 75.0 points [57.0, 85.9] more of the same 40 gold items.'
    """
    value, low, high = (change.gain.value, change.gain.low, change.gain.high) if change is not None else (None,) * 3
    if change is None or value is None or low is None or high is None:
        return ""
    same = f"the same {counted(change.items, 'gold item')}"
    if low > 0:
        return (
            f"Better than the label set before: right on {points(value)} points [{points(low)}, {points(high)}] more of"
            f" {same}."
        )
    if high < 0:
        less = f"{points(-value)} points [{points(-high)}, {points(-low)}]"
        return f"Worse than the label set before: right on {less} fewer of {same}."
    interval = f"{signed(value)} points [{signed(low)}, {signed(high)}]"
    return f"On {same} as before the difference is {interval}: gold cannot tell which label set is better."


def _tone(data: ReportData) -> Literal["stop", "look", "good"]:
    if data.standing and data.standing.failed:
        return "stop"
    unknown = not (data.scores and data.scores[0].agreement.covered)
    return "look" if unknown or data.fault_count or data.skipped else "good"


def _standing(data: ReportData) -> str:
    now = data.standing
    if now is None:
        return ""
    if now.status == "current":
        return "Consumers read this label set." + (" A gate fails as of now." if now.failed else "")
    failed = f" {counted(len(now.failed), 'gate')} {'fails' if len(now.failed) == 1 else 'fail'}." if now.failed else ""
    return f"Consumers do not read this label set.{failed}"


def _worth(data: ReportData, gold: GoldView) -> str:
    made = data.made
    without = percent(made.items - made.labelled, made.items)
    none = f"{without} of the items have no label"
    if not made.labelled:
        return "No item has a label."
    if gold.whole is not None and gold.whole.accuracy.value is not None:
        right = as_percent(gold.whole.accuracy)
        return f"{right} of the labels are right, by {number(gold.whole.accuracy.n)} gold items; {none}."
    if data.scores and data.scores[0].agreement.covered:
        score = data.scores[0].agreement
        return (
            f"{as_percent(score.accuracy)} of the labels on {counted(score.covered, 'judged gold item')} are right:"
            f" what that says of the others is not known; {none}."
        )
    return f"Nobody can tell how good these labels are: no gold names one label of an item that has one; {none}."


def _next(data: ReportData, gold: GoldView, confusions: pd.DataFrame | None, name: Callable[[str], str]) -> Next:
    task, own = data.task, data.made.id[:SHORT]
    if data.standing and data.standing.failed:
        gate, _, why = data.standing.failed[0]
        against = data.standing.current if data.standing.current != data.made.id else None
        against = against or (data.against.id if data.against else None)
        between = f" {against[:SHORT]} {own}" if against else ""
        command = f"retrolabel labels diff {task}{between}" if against else f"retrolabel gates {task}"
        return Next(f"See what the gate holds: {gate}, {why}.", command)
    if data.fault_count:
        lfs = {fault.lf for fault in data.faults}
        who = f"in {counted(len(lfs), 'labeling function')}" if lfs else "of labeling functions"
        return Next(f"Mend {counted(data.fault_count, 'fault')} {who}.", f"retrolabel lf faults {task}")
    if data.skipped:
        return Next("Mend the labeling functions that sat out, then relabel.", f"retrolabel lf test {task}")
    if data.standing and data.standing.status == "candidate":
        return Next("No gate fails. Let consumers read it.", f"retrolabel labels promote {task} {own}")
    if not (data.scores and data.scores[0].membership.n):
        return Next(
            "Let people label a sample: then every figure here has an interval.", f"retrolabel gold sample {task}"
        )
    sets = data.scores[0].membership
    if sets.n - sets.exact > ENOUGH * sets.n:
        return Next(
            f"{number(sets.n - sets.exact)} of {counted(sets.n, 'gold item')} are several labels since the schema"
            " changed. Ask people which.",
            f"retrolabel gold sample {task} --for split",
        )
    return _largest_loss(data, gold, confusions, name)


def _largest_loss(
    data: ReportData, gold: GoldView, confusions: pd.DataFrame | None, name: Callable[[str], str]
) -> Next:
    """Return what helps where most is lost: items without a label, or labels that are wrong."""
    task, made, score = data.task, data.made, data.scores[0].agreement
    accuracy = gold.whole.accuracy.value if gold.whole is not None else None
    right = accuracy if accuracy is not None else score.accuracy.value
    wrong = 0.0 if right is None else made.labelled * (1 - right)
    if made.items - made.labelled >= wrong:
        guessed = made.without_a_guess > made.items - made.covered
        kind, which = ("are guessed", "guessed") if guessed else ("got no vote", "uncovered")
        many = max(made.without_a_guess, made.items - made.covered)
        return Next(
            f"Most is lost where there is no label: {number(many)} items {kind}. See which words they share.",
            f"retrolabel lf gaps {task} --of {which}",
        )
    pair = _worst_pair(confusions, tuple(made.shares))
    if pair is None:
        return Next(f"About {number(wrong)} labels are wrong. See which.", f"retrolabel errors {task}")
    truth, given = pair
    return Next(
        f"About {number(wrong)} labels are wrong, most often {name(given)} where people say {name(truth)}.",
        f"retrolabel errors {task} --gold {truth} --label {given}",
    )


def _worst_pair(confusions: pd.DataFrame | None, labels: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the gold label and the label that most wrong items have; ``None`` where nothing is wrong."""
    if confusions is None:
        return None
    cells = [
        (int(confusions[given][truth]), truth, given)
        for truth in labels
        for given in labels
        if truth != given and truth in confusions.index and given in confusions.columns
    ]
    most = max(cells, key=lambda cell: cell[0], default=(0, "", ""))
    return (most[1], most[2]) if most[0] else None
