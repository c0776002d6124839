"""Why an item has its label, and what each labeling function is worth to the label model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.scores import LEAST
from retrolabel.gold.agreement import agreement
from retrolabel.label_models.auto import FittedAuto
from retrolabel.label_models.fewer_voters import among
from retrolabel.label_models.fitted import PRIOR, SILENCE
from retrolabel.label_models.fitted import FittedLabelModel as Fitted
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import VoteMatrix, symbol_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import FittedLabelModel, LabelModelProtocol
    from retrolabel.votes import Patterns

    Places = npt.NDArray[np.int64]

LEVEL = 0.95


def explain(fitted: FittedLabelModel, votes: VoteMatrix, row: int) -> pd.DataFrame:
    """Return which votes moved the posterior of one item, and by how much.

    Of another label model than :class:`~retrolabel.label_models.label_model.LabelModel` a term is what the
    posterior would lack without the vote; those of majority vote do not add up.

    Args:
        fitted: A fitted label model.
        votes: The votes on the items.
        row: The item's place.

    Returns:
        A frame indexed by ``term`` and ``vote``: ``(prior)``, the voters that voted with what they voted (the
        one that moved it most first) and ``(silence)`` where abstaining counts. A column for each label: what
        the row adds, in nats, to the label's log-odds against the geometric mean of all labels. Columns add up;
        the difference of two is the log-odds between two labels.

    Example:
        >>> from retrolabel.label_models.label_model import LabelModel
        >>> votes = VoteMatrix.from_ints([[0, -1], [1, 1]], labels=["a", "b"], voters=["f", "g"])
        >>> found = explain(LabelModel(max_iter=0, dependence=False).fit(votes), votes, 0)
        >>> found.round(2).loc["f", "a"].map(str).tolist()
        ['0.55', '-0.55']
    """
    model = fitted.model if isinstance(fitted, FittedAuto) else fitted
    terms = model.evidence(votes, row) if isinstance(model, Fitted) else _by_leaving_out(model, votes, row)
    centred = {name: term - term.mean() for name, term in terms.items()}
    told = [name for name in centred if name not in (PRIOR, SILENCE)]
    order = [PRIOR, *sorted(told, key=lambda name: -float(np.ptp(centred[name])))]
    order += [SILENCE] if SILENCE in centred else []
    names = symbol_names(votes.symbols, votes.labels)
    said = {voter: names[code - 1] for voter, code in zip(votes.voters, votes.codes[row].tolist(), strict=True) if code}
    index = pd.MultiIndex.from_tuples([(name, said.get(name, "")) for name in order], names=["term", "vote"])
    return pd.DataFrame([centred[name] for name in order], index=index, columns=votes.labels)


def without_each_vote(fitted: FittedLabelModel, votes: VoteMatrix, row: int) -> pd.DataFrame:
    """Return the posterior of one item, and what it would be if one of its voters had abstained.

    Args:
        fitted: A fitted label model; it stays as it is.
        votes: The votes on the items.
        row: The item's place.

    Returns:
        A frame indexed by ``lf``, ``(all)`` first, then the voters that voted; a column for each label.

    Example:
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> votes = VoteMatrix.from_ints([[0, 0, 1]], labels=["a", "b"], voters=["f", "g", "h"])
        >>> without_each_vote(MajorityVote().fit(votes), votes, 0)["a"].round(2).tolist()
        [0.67, 0.5, 0.5, 1.0]
    """
    voted = np.flatnonzero(votes.codes[row])
    codes = np.repeat(votes.codes[row : row + 1], len(voted) + 1, axis=0)
    codes[np.arange(1, len(codes)), voted] = 0
    found = fitted.predict_proba(VoteMatrix(codes, votes.labels, votes.symbols, votes.voters))
    index = pd.Index(["(all)", *(votes.voters[place] for place in voted)], name="lf")
    return pd.DataFrame(found, index=index, columns=list(votes.labels))


def _by_leaving_out(fitted: FittedLabelModel, votes: VoteMatrix, row: int) -> dict[str, npt.NDArray[np.float64]]:
    """Return for each vote the log-posterior with it, less that without it; and what is said without any vote."""
    none = VoteMatrix(np.zeros_like(votes.codes[:1]), votes.labels, votes.symbols, votes.voters)
    logs = np.log(np.maximum(without_each_vote(fitted, votes, row).to_numpy(), LEAST))
    named = [votes.voters[place] for place in np.flatnonzero(votes.codes[row])]
    prior = np.log(np.maximum(fitted.predict_proba(none)[0], LEAST))
    return {PRIOR: prior, **{name: logs[0] - without for name, without in zip(named, logs[1:], strict=True)}}


def learned(fitted: Fitted, votes: VoteMatrix | Patterns) -> pd.DataFrame:
    """Return what the label model learned of each voter and label set.

    Args:
        fitted: A fitted label model.
        votes: The votes that it was fitted on, or their patterns.

    Returns:
        A frame indexed by ``lf`` and ``vote``: ``votes`` (how many), ``beside`` (on how many of these another votes
        that it does not repeat), ``precision`` as learned, ``low`` and ``high`` (95 %: a Beta distribution worth as
        many observations as ``beside``; it knows nothing of what the model itself gets wrong), ``weight`` (below 1
        where it repeats others) and ``repeats`` (those others). Votes that stand alone agree with nothing and
        contradict nothing, so they say nothing of a precision: where all do, it is gold's or what was assumed, and
        ``low`` and ``high`` are missing.
    """
    from scipy.stats import beta  # noqa: PLC0415 - slow to import

    others: dict[str, list[str]] = {}
    for one, other in fitted.shared:
        others.setdefault(one, []).append(other)
        others.setdefault(other, []).append(one)
    voted = votes.codes != 0
    counts = np.ones(len(voted)) if isinstance(votes, VoteMatrix) else votes.counts
    rows = []
    for (voter, symbol), precision in fitted.precisions.items():
        place = fitted.voters.index(voter)
        code = votes.symbols.index(symbol) + 1 if symbol in votes.symbols else -1
        here = votes.codes[:, place] == code
        apart = [each not in (voter, *others.get(voter, ())) for each in fitted.voters]
        count = int(counts[here].sum())
        beside = int(counts[here & voted[:, apart].any(axis=1)].sum())
        low, high = beta.interval(LEVEL, precision * beside + 1, (1 - precision) * beside + 1)
        low, high = (low, high) if beside else (np.nan, np.nan)
        (name,) = symbol_names([symbol], fitted.labels)
        told = (voter, name, count, beside, precision, low, high)
        rows.append((*told, fitted.weights[place], ", ".join(others.get(voter, []))))
    names = ["lf", "vote", "votes", "beside", "precision", "low", "high", "weight", "repeats"]
    return pd.DataFrame(rows, columns=names).set_index(["lf", "vote"])


def without_each(
    model: LabelModelProtocol,
    votes: VoteMatrix,
    truth: npt.NDArray[np.int64],
    gold: npt.NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Return what the score on gold becomes without each voter.

    Args:
        model: The unfitted label model.
        votes: The votes.
        truth: int [n] with places of labels, -1 where unknown: what it is scored on.
        gold: int [n], the same: what it is fitted with; those items are not scored.

    Returns:
        A frame indexed by ``lf``, with ``(all)`` first: ``covered`` (items with truth and a vote),
        ``accuracy`` over the items that all voters together cover (an item that is covered no more counts as
        wrong), and ``change``.

    Example:
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> votes = VoteMatrix.from_ints([[0, 0], [1, -1]], labels=2, voters=["f", "g"])
        >>> without_each(MajorityVote(), votes, np.array([0, 1]))["accuracy"].tolist()
        [1.0, 0.5, 1.0]
    """
    known = (truth >= 0) & votes.covered
    if gold is not None:
        known &= gold < 0
    rows = []
    for left_out in ("(all)", *votes.voters):
        part = votes.without_column(left_out) if left_out in votes.voters else votes
        predicted = hard_labels(among(model, part.voters).fit(part, gold).predict_proba(part), part.covered)
        found = agreement(truth[known], predicted[known], known[known], labels=len(votes.labels))
        rows.append((left_out, int((part.covered & known).sum()), found.accuracy.value))
    frame = pd.DataFrame(rows, columns=["lf", "covered", "accuracy"]).set_index("lf")
    return frame.assign(change=frame["accuracy"] - frame["accuracy"].iloc[0])
