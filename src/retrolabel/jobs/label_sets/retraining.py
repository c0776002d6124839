"""When models that were trained on a task's labels are due to be trained anew: rules, each with its figure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.jobs.records.events import RETRAINING_DUE, Event, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.manifests import LabelSetRecord

SHORT = 12


@dataclass(frozen=True)
class Rules:
    """When models are due; a rule that is ``None`` is off.

    Attributes:
        new_labels: So many more items have a label.
        flips: So large a share of the items with a label in both has another one.
        gold_agreement: Labels are right on less than this share of dev gold.
        staleness: So many days have passed.
        schema_released: The labels are of another version.
    """

    new_labels: int | None = None
    flips: float | None = None
    gold_agreement: float | None = None
    staleness: int | None = None
    schema_released: bool = False

    def __bool__(self) -> bool:
        """Whether any rule is on."""
        return any(each is not None and each is not False for each in asdict(self).values())


@dataclass(frozen=True)
class Rule:
    """One rule as it stands.

    Attributes:
        name: The rule, as the settings call it.
        due: Whether it says that models are due.
        told: What was found, with its figure.
    """

    name: str
    due: bool
    told: str


def judged(  # noqa: PLR0913 - two label sets, and what is known of them
    rules: Rules,
    since: LabelSetRecord,
    current: LabelSetRecord,
    *,
    flips: Callable[[], tuple[int, int] | None],
    agreement: Callable[[], float | None],
    at: datetime,
) -> Iterator[Rule]:
    """Yield each rule that is on, as it stands.

    Args:
        rules: The rules.
        since: The label set that models were due for last, or the first that was current.
        current: The label set that consumers read.
        flips: Returns how many items have another label, of how many with a label in both; ``None`` where nobody knows.
        agreement: Returns on which share of dev gold the labels are right; ``None`` where there is too little.
        at: Now.
    """
    short = since.id[:SHORT]
    if rules.new_labels is not None:
        new = current.labelled - since.labelled
        told = f"{new:,} more items have a label than in {short}; {rules.new_labels:,} make models due"
        yield Rule("new_labels", new >= rules.new_labels, told)
    if rules.flips is not None:
        found = flips()
        if found is None or not found[1]:
            yield Rule("flips", due=False, told=f"nobody can tell how many labels changed since {short}")
        else:
            share = found[0] / found[1]
            told = f"{share:.1%} of {found[1]:,} labels are others than in {short}; {rules.flips:.1%} make models due"
            yield Rule("flips", share >= rules.flips, told.replace("%", " %"))
    if rules.gold_agreement is not None:
        right = agreement()
        if right is None:
            yield Rule("gold_agreement", due=False, told="there is too little dev gold")
        else:
            told = f"labels are right on {right:.3f} of dev gold; below {rules.gold_agreement:g} models are due"
            yield Rule("gold_agreement", right < rules.gold_agreement, told)
    if rules.staleness is not None:
        days = (at - since.created_at).days
        told = f"{days:,} days since {short} was made; {rules.staleness:,} make models due"
        yield Rule("staleness", days >= rules.staleness, told)
    if rules.schema_released:
        other = since.schema_version != current.schema_version
        told = f"labels are of {current.schema_version}" + (
            f", {short} of {since.schema_version}" if other else " still"
        )
        yield Rule("schema_released", other, told)


def due_event(
    current: LabelSetRecord, since: LabelSetRecord, rules: Sequence[Rule], at: datetime, *, answered: bool
) -> Event | None:
    """Return what is told where models are due, once for each label set; ``None`` where they are not.

    Args:
        current: The label set that consumers read.
        since: The label set that they were due for last, or trained on; the first that was current, where that is none.
        rules: The rules as they stand.
        at: Now.
        answered: Whether models were due for ``current``, or trained on it, already.
    """
    due = [each for each in rules if each.due]
    if not due or answered:
        return None
    said = f"Models on {current.task} are due to be trained on {current.id[:SHORT]}: {'; '.join(x.told for x in due)}."
    figures: dict[str, Any] = {"rules": [asdict(each) for each in rules], "since": since.id}
    key = once(RETRAINING_DUE, current.task, current.id)
    return Event(RETRAINING_DUE, current.task, current.id, said, at, figures, key)
