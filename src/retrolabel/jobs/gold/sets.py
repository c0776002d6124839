"""Gold sets as they are in a version, and what it cost them to get there."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.gold.adjudication import ROLES
from retrolabel.gold.agreement import wilson
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.schema.history import History


@dataclass(frozen=True)
class LabelCost:
    """How much gold a label has, before and after a schema change.

    Attributes:
        label: The label.
        before: Gold items that said this one label before; ``None`` where the version before had no such label.
        after: Gold items that say it now; ``None`` where the version has no such label.
        width_before: How wide a 95 % interval of "how often is this label found" is at so many items, at worst.
        width_after: The same now.
    """

    label: str
    before: int | None
    after: int | None
    width_before: float | None
    width_after: float | None


@dataclass(frozen=True)
class MigrationCost:
    """What a schema change cost a gold set.

    Attributes:
        role: The role of the gold.
        before: The version before.
        after: The version asked for.
        exact_before: Gold items that were one label before.
        exact_after: Gold items that are one label now.
        several: Those that leave several labels now.
        lost: Those that say nothing now, or are suspect, and did not before.
        labels: Label by label.
    """

    role: str
    before: str
    after: str
    exact_before: int
    exact_after: int
    several: int
    lost: int
    labels: tuple[LabelCost, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def gold_sets(
    history: History, version: str, labels: Sequence[HumanLabel], feedback: FeedbackBook, *, how: Adjudication
) -> dict[str, ResolvedGold]:
    """Return role -> gold of it, as it reads in a version; roles without gold are left out.

    Args:
        history: The versions of the task.
        version: The version.
        labels: All human labels of the task.
        feedback: What items there are.
        how: How people who differ are adjudicated.
    """
    there = {label.role for label in labels if label.label}
    return {role: gold_in(history, version, role, labels, feedback, how=how) for role in ROLES if role in there}


def migration_costs(  # noqa: PLR0913 - whose answers, how they are read, and against which version
    history: History,
    version: str,
    labels: Sequence[HumanLabel],
    feedback: FeedbackBook,
    *,
    how: Adjudication,
    since: str | None = None,
) -> tuple[MigrationCost, ...]:
    """Return what the step to a version cost the gold of each role; none for a version that revises nothing.

    The same human labels are read in both versions, those that were given under the new one too: so only the step
    makes a difference.

    Args:
        history: The versions of the task.
        version: The version.
        labels: All human labels of the task.
        feedback: What items there are.
        how: How people who differ are adjudicated.
        since: The version before; the one that it revises if left out.
    """
    revised = history[version].revises
    if since is None and revised is None:
        return ()
    parent = since or (revised if isinstance(revised, LabelSchema) else revised[0]).version  # type: ignore[index]  # not None
    before = gold_sets(history, parent, labels, feedback, how=how)
    after = gold_sets(history, version, labels, feedback, how=how)
    return tuple(_cost(role, history, before[role], after[role]) for role in after if role in before)


def _cost(role: str, history: History, before: ResolvedGold, after: ResolvedGold) -> MigrationCost:
    first, then = _exact(history, before), _exact(history, after)
    known, left = history[before.version].leaves, history[after.version].leaves
    return MigrationCost(
        role,
        before.version,
        after.version,
        sum(first.values()),
        sum(then.values()),
        len(after.sets) - sum(then.values()),
        len(before.sets.keys() - after.sets.keys()),
        tuple(
            LabelCost(
                label,
                first[label] if label in known else None,
                then[label] if label in left else None,
                _width(first[label]),
                _width(then[label]),
            )
            for label in (*(label for label in known if label not in left), *left)
        ),
    )


def _exact(history: History, gold: ResolvedGold) -> Counter[str]:
    """Return label -> number of the gold items that are this one label."""
    leaves = history[gold.version].leaves
    return Counter(leaves[place] for place in gold.places.values())


def _width(n: int) -> float | None:
    """Return how wide Wilson's interval of a share of 1/2 is at so many items; ``None`` where there are none."""
    if not n:
        return None
    found = wilson(n // 2, n)
    return None if found.low is None or found.high is None else found.high - found.low
