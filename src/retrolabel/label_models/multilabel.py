"""Items with several labels: one binary label model a label, marginals out, groups respected.

Labels are taken as independent given the votes, as binary relevance does (Tsoumakas & Katakis 2007), but for
groups of which at least one label holds: the marginals are conditioned on them, exactly.

Rare labels are the rule here: one item in twenty has a given one of 28 emotions. Two things follow.

- A vote for a rare label says more than a vote against it. So the base precision holds at the label's share
  (``at_prior``): a lone "present" is right three to four times in five, where equal lifts would make of it one in ten;
  a lone "absent" leaves a third of the odds that there were.
- What is expected before a vote depends on who votes. Where somebody says both present and absent, as people
  do, the label is taken to be as frequent as it is among these votes. Where all only ever say "present", as
  labeling functions do, the items with a vote are picked out, and the label is as likely as not, before the
  vote itself. Of items without a vote it is then assumed that as many labels were missed as were found. Where
  all only ever say "absent", nothing is known of the items without a vote: one half.

A random sample of items with gold replaces these assumptions: its share among items with votes on the label
and its share among items without.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models.groups import at_least_one
from retrolabel.label_models.label_model import LabelModel
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.label_models.fitted import FittedLabelModel
    from retrolabel.label_models.groups import Marginals
    from retrolabel.label_models.presence import PresenceVotes

HALF = 0.5
GOLD_ITEMS = 10.0
"""How many gold items the assumptions about a label's share are worth."""
FEWEST_GOLD = 10
"""From so many covered gold items with the label, and without it, on, gold tells of the voters too."""
GROUPS, PRIOR = "(groups)", "(prior)"
NUMERICS = 2


@dataclass(frozen=True, kw_only=True)
class MultilabelModel:
    """Learns of each label how far each voter can be trusted about it.

    Args:
        each: The binary model that is fitted for each label, at the label's share: ``class_prior`` is worked
            out, ``at_prior`` holds.
        shares: Label id -> the share of all items that have it, where that is known.

    Raises:
        VoteError: A share does not lie between 0 and 1, or ``each`` has a setting for other labels.

    Example:
        >>> from retrolabel.label_models.presence import PresenceVotes
        >>> rows = [[{"joy"}, {"joy"}], [{"joy"}, None], [None, {"fear"}], [None, None]]
        >>> votes = PresenceVotes.from_sets(rows, labels=["joy", "fear"], complete=False)
        >>> MultilabelModel(each=LabelModel(max_iter=0)).fit(votes).marginals(votes).round(2).tolist()
        [[0.9, 0.25], [0.75, 0.25], [0.5, 0.75], [0.5, 0.25]]
    """

    each: LabelModel = field(default_factory=LabelModel)
    shares: Mapping[str, float] = field(default_factory=dict)
    name: str = field(default="multilabel", init=False)

    def __post_init__(self) -> None:
        """Check the settings."""
        if (
            self.each.class_prior is not None
            or self.each.ranks is not None
            or not isinstance(self.each.dependence, bool)
        ):
            raise VoteError(
                "MultilabelModel: each= takes no class_prior, ranks or weights.", remedy="shares= has shares"
            )
        wrong = {label: share for label, share in self.shares.items() if not 0 < share < 1}
        if wrong:
            raise VoteError(f"MultilabelModel: shares lie between 0 and 1, not {wrong}.")
        object.__setattr__(self, "each", replace(self.each, at_prior=True))

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics."""
        return {"name": self.name, "each": self.each.settings(), "shares": dict(self.shares), "numerics": NUMERICS}

    def fit(self, votes: PresenceVotes, gold: npt.NDArray[np.integer] | None = None) -> FittedMultilabelModel:
        """Return the fitted model.

        Args:
            votes: n items x m voters x k labels; not changed.
            gold: Labels of a random sample of the items, int [n, k]: 1 present, 0 absent, -1 unknown.

        Raises:
            VoteError: Gold does not fit the votes, or a share is of an unknown label.
        """
        unknown = sorted(set(self.shares) - set(votes.labels))
        if unknown:
            raise VoteError(f"MultilabelModel: shares of {', '.join(unknown)}, which are no labels.")
        known = _checked_gold(gold, votes)
        models: list[FittedLabelModel | None] = []
        silent = np.empty(len(votes.labels))
        for place, label in enumerate(votes.labels):
            one = _OneLabel(votes, place, known[:, place], self.shares.get(label))
            models.append(one.fit(self.each))
            silent[place] = one.share_of_silent(models[-1])
        return FittedMultilabelModel(votes.labels, votes.voters, tuple(models), silent)


@dataclass(frozen=True, eq=False)
class FittedMultilabelModel:
    """What was learned of each label.

    Attributes:
        labels: The k label ids.
        voters: The m voters.
        models: For each label the fitted binary model; ``None`` where no voter ever spoke of it.
        silent: float [k]: the probability of each label where nobody says anything of it.
    """

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    models: tuple[FittedLabelModel | None, ...] = field(repr=False)
    silent: npt.NDArray[np.float64]

    def marginals(self, votes: PresenceVotes) -> Marginals:
        """Return the probability of each label on each item, float [n, k].

        Where ``votes.covered`` is false, nobody said anything of the label, and it has the share assumed.

        Raises:
            VoteError: The votes are over other labels or by other voters; too many groups hang together.
        """
        found = self._without_groups(votes)
        for groups, rows in votes.rows_by_groups().items():
            found[rows] = at_least_one(found[rows], [votes.groups[number] for number in groups])
        return found

    def evidence(self, votes: PresenceVotes, row: int, label: str) -> dict[str, float]:
        """Return what speaks for a label on one item: terms in nats that add up to its log-odds.

        Returns:
            ``(prior)``, the voters that said something of it, ``(silence)`` where abstaining counts, and
            ``(groups)`` where it is in a group of which at least one label holds.

        Raises:
            VoteError: There is no such label, or the votes do not fit the model.
        """
        if label not in self.labels:
            raise VoteError(f"{label!r} is no label of {', '.join(self.labels)}.")
        place = self.labels.index(label)
        self._check(votes)
        model, matrix = self._binary(votes, place)
        if model is None or not matrix.codes[row].any():
            terms = {PRIOR: float(_log_odds(self.silent[place]))}
        else:
            terms = {name: float(term[1] - term[0]) for name, term in model.evidence(matrix, row).items()}
        if any(place in votes.groups[number] for number in votes.grouped[votes.grouped[:, 0] == row, 1]):
            own = self._without_groups(votes)[[row]]
            held = [votes.groups[number] for number in votes.grouped[votes.grouped[:, 0] == row, 1]]
            after = at_least_one(own, held)[0, place]
            terms[GROUPS] = float(_log_odds(after) - _log_odds(own[0, place]))
        return terms

    def parameters(self) -> dict[str, Any]:
        """Return what was learned of each label, as plain data for a manifest."""
        return {
            label: {"silent": float(self.silent[place]), **(model.parameters() if model is not None else {})}
            for place, (label, model) in enumerate(zip(self.labels, self.models, strict=True))
        }

    def _without_groups(self, votes: PresenceVotes) -> Marginals:
        self._check(votes)
        found = np.empty((len(votes), len(self.labels)))
        for place in range(len(self.labels)):
            model, matrix = self._binary(votes, place)
            found[:, place] = self.silent[place]
            if model is not None:
                patterns = matrix.patterns()
                own = model.predict_proba(patterns)[:, 1]
                found[:, place] = np.where(patterns.covered, own, self.silent[place])[patterns.inverse]
        return found

    def _check(self, votes: PresenceVotes) -> None:
        if votes.labels != self.labels or votes.voters != self.voters:
            raise VoteError("The votes are over other labels or by other voters than the model was fitted on.")

    def _binary(self, votes: PresenceVotes, place: int) -> tuple[FittedLabelModel | None, VoteMatrix]:
        """Return a label's model and the votes on it, over the same voters.

        A voter of whom nothing was learned about this label counts as one that is right with the base precision.
        """
        model, matrix = self.models[place], votes.votes[place]
        if model is None or model.voters == matrix.voters:
            return model, matrix
        new = tuple(voter for voter in matrix.voters if voter not in model.voters)
        model = replace(model, voters=(*model.voters, *new), weights=np.append(model.weights, np.ones(len(new))))
        codes = np.zeros((len(matrix), len(model.voters)), matrix.codes.dtype)
        for column, voter in enumerate(matrix.voters):
            codes[:, model.voters.index(voter)] = matrix.codes[:, column]
        return model, VoteMatrix(codes, matrix.labels, matrix.symbols, model.voters)


class _OneLabel:
    """The votes on one label, with gold, and what they say of its share."""

    def __init__(self, votes: PresenceVotes, place: int, gold: npt.NDArray[np.int64], share: float | None) -> None:
        self.patterns = votes.patterns(place)
        self.covered = votes.votes[place].covered
        self.matrix = votes.votes[place]
        self.gold, self.given = gold, share
        codes, counts = self.patterns.codes, self.patterns.counts
        absent, present = ((codes == code) * counts[:, None] for code in (1, 2))
        self.said = np.array([absent.sum(axis=0), present.sum(axis=0)])  # [2, voters]
        self.asked = self.said.min(axis=0) > 0  # voters that say both: what they are silent on tells nothing

    def fit(self, each: LabelModel) -> FittedLabelModel | None:
        """Return the fitted binary model, or ``None`` where nobody says anything."""
        if not self.covered.any():
            return None
        share = self._mixed(self._share_of_covered(), self.gold[self.covered])
        shares = (1 - share, share)
        known = bool(self.asked.any() or (self.gold[self.covered] >= 0).any())
        model = replace(each, class_prior=shares) if known else replace(each, without_gold=shares)
        told = np.where(self.covered, self.gold, -1)
        if min(int((told == answer).sum()) for answer in (0, 1)) < FEWEST_GOLD:
            return model.fit(self.patterns)
        return model.fit(self.matrix, told)

    def share_of_silent(self, model: FittedLabelModel | None) -> float:
        """Return how probable the label is where nobody says anything of it."""
        return self._mixed(self._assumed(model), self.gold[~self.covered])

    def _share_of_covered(self) -> float:
        some = self.asked if self.asked.any() else np.ones_like(self.asked)
        if self.given is not None and self.asked.any():
            return self.given
        absent, present = self.said[:, some].sum(axis=1)
        return float(min(HALF, (present + 1) / (absent + present + 2)))

    def _assumed(self, model: FittedLabelModel | None) -> float:
        if self.given is not None:
            return self.given
        if model is None or not self.said[1].any():
            return HALF
        counts = self.patterns.counts
        found = model.predict_proba(self.patterns)[:, 1]
        if self.asked.any():
            here = (self.patterns.codes[:, self.asked] > 0).any(axis=1)
            return float((found[here] * counts[here]).sum() / counts[here].sum())
        covered = self.patterns.covered
        left = float(counts[~covered].sum())
        held = float((found[covered] * counts[covered]).sum())
        return min(HALF, held / left) if left else float(held / counts.sum())

    def _mixed(self, assumed: float, gold: npt.NDArray[np.int64]) -> float:
        """Return the share in gold, mixed with what was assumed."""
        known = gold[gold >= 0]
        return float((known.sum() + GOLD_ITEMS * assumed) / (len(known) + GOLD_ITEMS))


def _checked_gold(gold: npt.NDArray[np.integer] | None, votes: PresenceVotes) -> npt.NDArray[np.int64]:
    wanted = (len(votes), len(votes.labels))
    if gold is None:
        return np.full(wanted, -1, np.int64)
    found = np.asarray(gold)
    if votes.counts is not None:
        raise VoteError(
            "Gold is of single items, and these rows stand for several.", remedy="pass votes without counts"
        )
    if found.shape != wanted or found.dtype.kind not in "iu":
        raise VoteError(f"Gold is whole numbers of the shape {wanted}, got {found.dtype} {found.shape}.")
    if found.size and (found.min() < -1 or found.max() > 1):
        raise VoteError("Gold is 1 (present), 0 (absent) or -1 (unknown).")
    return found.astype(np.int64)


def _log_odds(p: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log(p) - np.log1p(-p))
