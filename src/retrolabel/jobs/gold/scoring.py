"""Label sets against gold: how well they agree, in figures that a change of the schema does not take away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrolabel.gold.agreement import NOTHING, Agreement, Estimate, Membership, agreement, mean, membership, rank_error
from retrolabel.gold.pairing import Pairing, paired
from retrolabel.jobs.records.label_sets import probabilities_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from retrolabel.jobs.records.gold import Key, ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History
    from retrolabel.schema.rules import AgreementTarget

LEAST_MASS = 1e-6
"""The least probability that a set of labels is taken to have: log-loss stays finite."""
ENOUGH_FOR_LOSSES = 30
"""The items from which on people are told of log-loss: of fewer, one that is sure and wrong would change all of it."""


class Recall(NamedTuple):
    """What becomes of the gold items of one label.

    Attributes:
        items: Gold items of the label.
        right: Those whose label is one that gold leaves possible.
        none: Those without a label: nobody voted, or they are guessed, or tied.
    """

    items: int
    right: int
    none: int


@dataclass(frozen=True, repr=False)
class Score:
    """A label set against the gold of one role.

    Attributes:
        agreement: The figures over gold that is one label, on items that are judged: covered, and not guessed.
        membership: How often the label is one that the gold leaves possible, over all gold that says
            anything: set-valued gold too.
        covered: Items whose gold is one label and on which at least one voter voted, guesses too.
        guessed: Gold items of which votes for several labels alone speak: they have no label.
        recall: Label -> what becomes of the items whose gold is this one label.
        earlier: (label, version) -> what becomes of the items that people gave an older label.
        log_loss: Minus the log of the probability of what gold leaves, on average over covered gold items, in nats.
        logged: How many items that is over.
        said: The item -> its label, for the gold items that have one.
        ties: Items without a gold label because people were tied.
        unknown: Items whose gold says nothing in this version; the original is kept.
        suspect: Items whose gold was made on other text, or under a label that was redefined.
        near_misses: Items that might bear another label now, because that one became wider; they count.
        missing: Items that the label set does not hold.
        cross_fitted: Items that the label model saw, and that were scored by a model that did not.
        rank_error: How many ranks the label is off on average, in an ordinal version.
        labels: The label ids, in the order of the agreement's places.
    """

    agreement: Agreement
    membership: Membership
    covered: int = 0
    guessed: int = 0
    recall: Mapping[str, Recall] = field(default_factory=dict)
    earlier: Mapping[tuple[str, str], Recall] = field(default_factory=dict)
    log_loss: Estimate = NOTHING
    logged: int = 0
    said: Mapping[Key, str] = field(default_factory=dict)
    ties: int = 0
    unknown: int = 0
    suspect: int = 0
    near_misses: int = 0
    missing: int = 0
    cross_fitted: int = 0
    rank_error: Estimate | None = None
    labels: tuple[str, ...] = ()

    @property
    def judged(self) -> int:
        """How many items the accuracy is over: gold is one label, and the label set has one."""
        return self.agreement.covered

    @property
    def items(self) -> int:
        """How many gold items say anything."""
        return self.membership.n

    @property
    def without_gold(self) -> tuple[str, ...]:
        """The labels that no gold item has as its only one: what accuracy says nothing of."""
        return tuple(label for label, found in self.recall.items() if not found.items)

    @property
    def headline(self) -> str:
        """Return the accuracy with what it is over, as one sentence."""
        if not self.items:
            return "no gold says anything in this version"
        if not self.judged:
            return f"0 judged, of {self.items:,} gold items"
        bare = f" (none of them {_some(self.without_gold)})" if self.without_gold else ""
        return f"right on {self.agreement.accuracy} of {self.judged:,} judged{bare}, of {self.items:,} gold items"

    @property
    def macro_f1_over(self) -> tuple[str, ...]:
        """The labels that macro-F1 is over: those that occur in gold or in the label set."""
        return tuple(self.labels[place] for place in self.agreement.occurring if place < len(self.labels))

    def __repr__(self) -> str:
        """Return accuracy and membership, each with what it is over."""
        sets = self.membership
        return (
            f"Score({self.headline};"
            f" a possible label on {sets.share} of {sets.covered:,} of {sets.n:,} items with any gold)"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        names = ("ties", "unknown", "suspect", "near_misses", "missing", "cross_fitted")
        figure = self.log_loss
        return {
            **self.agreement.as_dict(),
            "covered": self.covered,
            "coverage": self.covered / self.agreement.n if self.agreement.n else None,
            "judged": self.judged,
            "of": self.items,
            "guessed": self.guessed,
            "labels_without_gold": list(self.without_gold),
            "macro_f1_over": list(self.macro_f1_over),
            "kappa_says_nothing": self.agreement.kappa_says_nothing or None,
            **({} if self.rank_error is None else {"rank_error": self.rank_error.value}),
            "membership": self.membership.as_dict(),
            "log_loss": {"value": figure.value, "low": figure.low, "high": figure.high, "items": self.logged},
            "recall": {label: found._asdict() for label, found in self.recall.items()},
            "earlier": [{"label": of, "schema": made, **each._asdict()} for (of, made), each in self.earlier.items()],
            **{name: getattr(self, name) for name in names},
        }


def _some(labels: Sequence[str], most: int = 4) -> str:
    more = f" or {len(labels) - most:,} more" if len(labels) > most else ""
    return ", ".join(labels[:most]) + more


def about_sets(score: Score) -> list[str]:
    """Return what a person should know of gold that leaves several labels, and of items without a label.

    Accuracy alone says nothing of either: it is over the items that have one gold label, and a label.
    """
    told, sets = [], score.membership
    several = sets.n - sets.exact
    if several:
        told.append(f"{several:,} of {sets.n:,} gold items leave several labels: accuracy is not over them")
        told.append(f"the label is one that gold leaves on {sets.share} of {sets.covered:,} items of both kinds")
    for (label, version), found in score.earlier.items():
        told.append(
            f"{label} of {version} is several labels now; of its {found.items:,} gold items {found.right:,} have one"
            f" of them, {found.none:,} have no label"
        )
    if score.guessed:
        told.append(f"{score.guessed:,} gold items are guessed (votes for several labels alone), and not judged")
    if score.judged and score.without_gold:
        told.append(f"accuracy says nothing of {_some(score.without_gold)}: no gold item is one of them alone")
    if score.logged >= ENOUGH_FOR_LOSSES:
        told.append(f"log-loss {score.log_loss} over {score.logged:,} covered gold items, of what gold leaves")
    return told


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


def score(label_set: LabelSet, gold: ResolvedGold, parts: Iterable[tuple[str, pa.Table]] | None = None) -> Score:
    """Return how well a stored label set agrees with gold.

    Items that its label model was fitted on are scored by what a model said that had not seen them.

    Args:
        label_set: The label set.
        gold: The gold as it reads in its version.
        parts: Its items that have gold, by source, where somebody has read them; all that it holds if left out.
    """
    return score_items(
        label_set.labels,
        label_set.parts() if parts is None else parts,
        By.of(label_set.patterns, label_set.labels),
        label_set.cross_fitted(),
        label_set.cross_fitted_probabilities(),
        gold,
    )


class By(NamedTuple):
    """What a label set says of the items of each pattern.

    Attributes:
        probabilities: float [U, k].
        guessed: bool [U].
    """

    probabilities: npt.NDArray[np.float64]
    guessed: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, patterns: pa.Table, labels: Sequence[str]) -> By:
        """Return it as a label set's patterns have it; an older one calls nothing guessed."""
        told = "guessed" in patterns.column_names
        guessed = np.asarray(patterns.column("guessed")) if told else np.zeros(patterns.num_rows, np.bool_)
        return cls(probabilities_in(patterns, labels), guessed)


def score_items(  # noqa: PLR0913 - a label set in its parts, and gold
    labels: Sequence[str],
    parts: Iterable[tuple[str, pa.Table]],
    by_pattern: By,
    unseen: Mapping[Key, str | None],
    unseen_probabilities: Mapping[Key, Sequence[float]],
    gold: ResolvedGold,
) -> Score:
    """Return how well labels agree with gold; only the items that have gold are looked at.

    Args:
        labels: The label ids, in the order that gold's places count.
        parts: (source, items) with the columns ``item_id``, ``label``, ``covered``, ``pattern``.
        by_pattern: What is said of each pattern.
        unseen: (source, item id) -> what a model said that had not seen the item, for those fitted.
        unseen_probabilities: The same -> its probabilities.
        gold: Which labels people leave possible.
    """
    ids, k = list(labels), len(labels)
    keys: list[Key] = []
    predicted: list[int] = []
    covered: list[bool] = []
    guessed: list[bool] = []
    masses: list[float] = []
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
            own = unseen_probabilities.get(key, by_pattern.probabilities[found["pattern"]])
            keys.append(key)
            predicted.append(ids.index(label) if label is not None else -1)
            covered.append(found["covered"])
            guessed.append(bool(by_pattern.guessed[found["pattern"]]) and label is None)
            masses.append(float(sum(own[place] for place in gold.sets[key])))
    said, known, guess = np.array(predicted, np.int64), np.array(covered, np.bool_), np.array(guessed, np.bool_)
    places = gold.places
    single = np.array([key in places for key in keys], np.bool_)
    truth = np.array([places[key] for key in keys if key in places], np.int64)
    judged = known & ~guess
    sets = [gold.sets[key] for key in keys]
    losses = -np.log(np.maximum(np.array(masses, np.float64)[known], LEAST_MASS))
    return Score(
        agreement(truth, said[single], judged[single], labels=k),
        membership(sets, said, judged),
        int((single & known).sum()),
        int(guess.sum()),
        {
            label: _recall([row for row, each in enumerate(sets) if each == {place}], sets, said)
            for place, label in enumerate(ids)
        },
        _of_older_labels(keys, sets, said, gold),
        mean(losses),
        len(losses),
        {keys[row]: ids[said[row]] for row in np.flatnonzero(said >= 0).tolist()},
        gold.ties,
        gold.unknown,
        gold.suspect,
        gold.near_misses,
        len(gold.sets) - len(keys),
        sum(key in unseen for key in keys),
        rank_error(truth, said[single], judged[single], gold.ranks) if gold.ranks else None,
        tuple(ids),
    )


def _recall(rows: Sequence[int], sets: Sequence[frozenset[int]], said: npt.NDArray[np.int64]) -> Recall:
    right = sum(int(said[row]) in sets[row] for row in rows)
    return Recall(len(rows), right, sum(int(said[row]) < 0 for row in rows))


def _of_older_labels(
    keys: Sequence[Key], sets: Sequence[frozenset[int]], said: npt.NDArray[np.int64], gold: ResolvedGold
) -> dict[tuple[str, str], Recall]:
    """Return what becomes of the items by the older label that people gave them, where it is several labels now."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(keys):
        for label, version in gold.said.get(key, ()):
            if (label, version) in gold.older:
                rows.setdefault((label, version), []).append(row)
    return {each: _recall(mine, sets, said) for each, mine in sorted(rows.items())}


class Grain(NamedTuple):
    """A version in whose labels two label sets can be compared, since the labels of both are one label each there.

    Attributes:
        version: The version.
        labels: Its labels, as gold's places count them.
        before: What each label of the first set is there.
        after: The same of the second.
    """

    version: str
    labels: tuple[str, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]

    @classmethod
    def of(cls, history: History, before: str, after: str) -> Grain | None:
        """Return the version to compare label sets of two versions in: one of the two; ``None`` if none will do.

        Labels of a version that splits one are finer than those before: judged by their own gold they are wrong more
        often, without being worse.
        """
        same = {version: {leaf: leaf for leaf in history[version].leaves} for version in (before, after)}
        if before == after:
            return cls(after, history[after].leaves, same[before], same[after])
        for target, other in ((after, before), (before, after)):
            relation, tree = history.relation(other, target), history[target].taxonomy
            images = {leaf: tree.leaves_of(relation.project(leaf)) for leaf in history[other].leaves}
            if all(len(image) == 1 for image in images.values()):
                carried = {leaf: next(iter(image)) for leaf, image in images.items()}
                first, second = (carried, same[target]) if other == before else (same[target], carried)
                return cls(target, history[target].leaves, first, second)
        return None


def compared(before: Score, after: Score, gold: ResolvedGold, grain: Grain) -> Pairing:
    """Return how much more often the second label set is right, on the gold items that both have a label of.

    Args:
        before: The first.
        after: The second.
        gold: The gold as it reads in the version that they are compared in.
        grain: That version.
    """
    return paired(*rights(before, after, gold.places, grain))


def rights(
    before: Score, after: Score, places: Mapping[Key, int], grain: Grain
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where each of two label sets is right, bool [n] both, on the gold items that both have a label of.

    Args:
        before: The first.
        after: The second.
        places: The item -> the place of its gold label in the version that they are compared in.
        grain: That version.
    """
    both = sorted(before.said.keys() & after.said.keys() & places.keys())
    truth = [grain.labels[places[key]] for key in both]
    return (
        np.array([grain.before.get(before.said[key]) == t for key, t in zip(both, truth, strict=True)], np.bool_),
        np.array([grain.after.get(after.said[key]) == t for key, t in zip(both, truth, strict=True)], np.bool_),
    )
