"""Label sets against gold: how well they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrolabel.gold.agreement import Agreement, Estimate, Membership, agreement, membership, rank_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.rules import AgreementTarget


@dataclass(frozen=True, repr=False)
class Score:
    """A label set against the gold of one role.

    Attributes:
        agreement: The figures over gold of versions that carry over exactly.
        membership: How often the label is one that the gold leaves possible, over all gold that says
            anything: set-valued gold too.
        ties: Items without a gold label because people were tied.
        other_version: Items whose gold was made under a version that does not carry over exactly; they
            count by membership alone.
        unknown: Items whose gold says nothing in this version; the original is kept.
        suspect: Items whose gold was made on other text, or under a label that was redefined.
        near_misses: Items that might bear another label now, because that one became wider; they count.
        missing: Items that the label set does not hold.
        cross_fitted: Items that the label model saw, and that were scored by a model that did not.
        coarse: Items whose gold is a label with others below it; they count by membership alone.
        rank_error: How many ranks the label is off on average, in an ordinal version.
        labels: The label ids, in the order of the agreement's places.
    """

    agreement: Agreement
    membership: Membership
    ties: int = 0
    other_version: int = 0
    unknown: int = 0
    suspect: int = 0
    near_misses: int = 0
    missing: int = 0
    cross_fitted: int = 0
    coarse: int = 0
    rank_error: Estimate | None = None
    labels: tuple[str, ...] = ()

    @property
    def macro_f1_over(self) -> tuple[str, ...]:
        """The labels that macro-F1 is over: those that occur in gold or in the label set."""
        return tuple(self.labels[place] for place in self.agreement.occurring if place < len(self.labels))

    def __repr__(self) -> str:
        """Return accuracy and membership, each with what it is over."""
        a, sets = self.agreement, self.membership
        return (
            f"Score(accuracy {a.accuracy} on {a.covered:,} of {a.n:,} items with one gold label;"
            f" a possible label on {sets.share} of {sets.covered:,} of {sets.n:,} items with any gold)"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        names = ("ties", "other_version", "coarse", "unknown", "suspect", "near_misses", "missing", "cross_fitted")
        return {
            **self.agreement.as_dict(),
            "macro_f1_over": list(self.macro_f1_over),
            "kappa_says_nothing": self.agreement.kappa_says_nothing or None,
            **({} if self.rank_error is None else {"rank_error": self.rank_error.value}),
            "membership": self.membership.as_dict(),
            **{name: getattr(self, name) for name in names},
        }


class Evaluation(NamedTuple):
    """A label set against gold.

    Attributes:
        label_set: The label set.
        scores: Role -> how well it agrees with the gold of that role.
        looks: How often test gold was looked at so far; 0 where it was not looked at now.
    """

    label_set: LabelSet
    scores: dict[str, Score]
    looks: int

    def __repr__(self) -> str:
        """Return the label set, and a line for each role."""
        return "\n".join([repr(self.label_set), *(f"{role}: {score}" for role, score in self.scores.items())])


def verdict(score: Score, target: AgreementTarget) -> str:
    """Return whether a label set meets a version's agreement target: ``met``, ``missed``, ``open`` or ``too few``.

    It is open where the figure is undefined, or where gold has one label only, so that kappa says nothing.
    """
    a = score.agreement
    figure = {"accuracy": a.accuracy, "macro_f1": a.macro_f1, "kappa": a.kappa}[target.coefficient]
    if not a.covered or a.covered < target.minimum_n:
        return "too few"
    if figure.low is None or figure.high is None or (target.coefficient == "kappa" and a.kappa_says_nothing):
        return "open"
    return target.verdict(low=figure.low, high=figure.high, n=a.covered)


def score(label_set: LabelSet, gold: ResolvedGold) -> Score:
    """Return how well a stored label set agrees with gold.

    Items that its label model was fitted on are scored by what a model said that had not seen them.
    """
    return score_items(label_set.labels, label_set.parts(), label_set.cross_fitted(), gold)


def score_items(
    labels: Sequence[str],
    parts: Iterable[tuple[str, pa.Table]],
    unseen: Mapping[tuple[str, str], str | None],
    gold: ResolvedGold,
) -> Score:
    """Return how well labels agree with gold; only the items that have gold are looked at.

    Args:
        labels: The label ids, in the order that gold's places count.
        parts: (source, items) with the columns ``item_id``, ``label``, ``covered``.
        unseen: (source, item id) -> what a model said that had not seen the item, for those fitted.
        gold: Places of labels.
    """
    ids = list(labels)
    keys: list[tuple[str, str]] = []
    predicted: list[int] = []
    covered: list[bool] = []
    wanted: dict[str, set[str]] = {}
    for source, item_id in gold.sets:
        wanted.setdefault(source, set()).add(item_id)
    for source, items in parts:
        mine = wanted.get(source, set())
        names = items.column("item_id").to_pylist() if mine else []
        rows = [row for row, name in enumerate(names) if name in mine]
        for found in items.take(rows).to_pylist() if rows else []:
            key = (source, found["item_id"])
            label = unseen.get(key, found["label"])
            keys.append(key)
            predicted.append(ids.index(label) if label is not None else -1)
            covered.append(found["covered"])
    said, known = np.array(predicted, np.int64), np.array(covered, np.bool_)
    single = np.array([key in gold.places for key in keys], np.bool_)
    truth = np.array([gold.places[key] for key in keys if key in gold.places], np.int64)
    return Score(
        agreement(truth, said[single], known[single], labels=len(ids)),
        membership([gold.sets[key] for key in keys], said, known),
        gold.ties,
        gold.other_version,
        gold.unknown,
        gold.suspect,
        gold.near_misses,
        len(gold.sets) - len(keys),
        sum(key in unseen for key in keys),
        gold.coarse,
        rank_error(truth, said[single], known[single], gold.ranks) if gold.ranks else None,
        tuple(ids),
    )
