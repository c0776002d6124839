"""Lists of words that may become labeling functions, each with what it is worth on items by which it was not chosen.

Half of the gold chooses the words, the other half judges them; texts with the same words are in the same half. Where
gold is small and there is a label set, the labels of which it is sure choose the words, and all gold judges them.

Of many lists the best looks better than it is. So the intervals are as wide as it takes that all lists that were
judged lie in theirs, in 95 of 100 cases. (Leaving out a tenth of the gold at a time would show figures of the gold by
which the words were chosen, or nearly so: a list that is chosen without a tenth is chosen with it, too.)
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincinv

from retrolabel.analysis.choosing_terms import Wish, choose, weigh
from retrolabel.analysis.term_groups import group
from retrolabel.analysis.terms import folded_case, terms_of
from retrolabel.gold.agreement import NOTHING, Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.terms import Terms

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Texts = Sequence[Sequence[str | None]]

ENOUGH_GOLD = 200
"""The gold items from which on half of them choose; with fewer, a label set does."""
FEWEST_GOLD = 20
"""The gold items below which nothing is judged."""
CONFIDENT = 0.8
"""The probability from which on a label set's label is taken for one."""
KNOWN_ALREADY = 0.9
"""The share of a term's hits that labeling functions give its label, from which on it says nothing new."""
EXACT = 2.0**20
"""Weights are whole numbers of parts of this size, so that their sums do not depend on the order of the items."""
ERROR = 0.05
LEAST = 0.5
"""What a list that is shown must be right on, of the gold that judges it."""
HOLDS, OPEN, UNCHECKED, NO_BETTER = "holds", "open", "unchecked", "no better"
BY_GOLD, BY_LABEL_SET, BY_WORDS = "half of the gold", "a label set", "the label's own words"


@dataclass(frozen=True)
class Evidence:
    """What is known of n texts.

    Attributes:
        labels: The k labels.
        gold: int [n]: the place of the label that people gave; -1 where they gave none, or several.
        posterior: float [n, k]: what a label set says; rows of 0 where it says nothing. ``None`` without a label set.
        voted: bool [n, k]: whether labeling functions vote for this one label, and for no other.
        needy: bool [n]: items without a sure label. All, where it is left out.
        taken: Says of a term whether a labeling function looks for it already.
    """

    labels: tuple[str, ...]
    gold: Ints
    posterior: Floats | None = None
    voted: Mask | None = None
    needy: Mask | None = None
    taken: Callable[[str], bool] | None = None

    def chosen_by(self, halves: Ints) -> tuple[Floats, Mask, str]:
        """Return what chooses terms, and what judges them.

        Args:
            halves: int [n]: the half of each text, 0 or 1.

        Returns:
            Float [n, k], how much each text counts as one of each label; bool [n], the gold that judges; and what the
            first rests on, in words.
        """
        known = self.gold >= 0
        count, mass = int(known.sum()), np.zeros((len(self.gold), len(self.labels)))
        sure = np.zeros(len(known), np.bool_)
        if self.posterior is not None and count < ENOUGH_GOLD:
            sure = ~known & (self.posterior.max(axis=1, initial=0.0) >= CONFIDENT)
        if sure.any() and self.posterior is not None:
            mass[sure] = np.round(self.posterior[sure] * EXACT) / EXACT
            return mass, known, BY_LABEL_SET
        judges = known & (halves == 1) & (count >= FEWEST_GOLD)
        chooses = known & ~judges
        mass[chooses, self.gold[chooses]] = 1.0
        return mass, judges, BY_GOLD


@dataclass(frozen=True)
class Suggestion:
    """A list of words for one label.

    Attributes:
        label: The label's id.
        terms: Words and phrases, the surest first.
        chosen_by: What they were chosen by: half of the gold, a label set, or the label's own words.
        hits: int [h]: which texts hold one of them.
        new: How many of these no labeling function gives this label alone.
        needy: How many of these have no sure label.
        precision: The share of the gold items among the hits that bears the label, on gold by which they were not
            chosen, with its interval.
        n: How many gold items that is over.
        right: How many of these bear the label.
        base: The share of the label among all gold items.
        state: ``holds`` where the interval lies above the label's share, ``open`` where it does not,
            ``unchecked`` where there is no gold to say it.
        judged: int [n]: those gold items.
    """

    label: str
    terms: tuple[str, ...]
    chosen_by: str
    hits: Ints
    new: int
    needy: int
    precision: Estimate = NOTHING
    n: int = 0
    right: int = 0
    base: float | None = None
    state: str = UNCHECKED
    judged: Ints = None  # type: ignore[assignment]  # set below; an array is no default

    def __post_init__(self) -> None:
        """Fill in that nothing was judged."""
        if self.judged is None:
            object.__setattr__(self, "judged", np.zeros(0, np.int64))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, without its texts."""
        p = self.precision
        return {
            "label": self.label,
            "terms": list(self.terms),
            "kind": "keywords",
            "chosen_by": self.chosen_by,
            "hits": len(self.hits),
            "new": self.new,
            "needy": self.needy,
            "state": self.state,
            "precision": {"value": p.value, "low": p.low, "high": p.high, "n": self.n, "base": self.base},
        }


@dataclass(frozen=True)
class Suggested:
    """Suggestions, and what they rest on.

    Attributes:
        suggestions: The best first: those that hold, then by how far above the label's share the interval begins, and
            how many of the hits have no sure label.
        texts: How many texts were looked at.
        gold: How many of them have gold.
        judging: How many of these judge what was chosen.
        chosen_by: What terms were chosen by.
        looks: How many suggestions were judged: as wide are the intervals.
        rejected: How many were judged no better than their label's share, and are left out.
    """

    suggestions: tuple[Suggestion, ...]
    texts: int
    gold: int
    judging: int
    chosen_by: str
    looks: int = 0
    rejected: int = 0


def suggest(texts: Texts, evidence: Evidence, *, label: str | None = None, wish: Wish | None = None) -> Suggested:
    """Return lists of words that may become labeling functions.

    Args:
        texts: n texts, for each a cell a column.
        evidence: What is known of them.
        label: One label only.
        wish: What a term must be.

    Example:
        >>> names = [a + b for a in "abcdefgh" for b in "klmnopqr"]
        >>> texts = [[f"{name} crashes"] for name in names] + [[f"please {name}"] for name in names]
        >>> found = suggest(texts, Evidence(("bug", "wish"), np.repeat([0, 1], 64)))
        >>> [(each.label, each.terms, each.right, each.n, each.state) for each in found.suggestions]
        [('bug', ('crashes',), 32, 32, 'holds'), ('wish', ('please',), 32, 32, 'holds')]
    """
    wish = wish or Wish()
    mass, judges, by = evidence.chosen_by(halves_of(texts))
    terms = terms_of(texts)
    weighed = weigh(terms, mass, _taken(terms, evidence), wish)
    groups = []
    for place in [place for place, name in enumerate(evidence.labels) if label in (None, name)]:
        fresh = [term for term in choose(terms, mass, weighed, place, wish) if _is_new(terms, term, place, evidence)]
        groups += [(place, each) for each in group(terms, fresh)]
    error = ERROR / max(len(groups), 1)
    made = [_judged(_made(terms, place, each, evidence, by), place, evidence, judges, error) for place, each in groups]
    kept = sorted((each for each in made if each.state != NO_BETTER), key=_order)
    gold, looks = int((evidence.gold >= 0).sum()), len(made) if judges.any() else 0
    return Suggested(tuple(kept), len(texts), gold, int(judges.sum()), by, looks, len(made) - len(kept))


def exact_interval(right: int, n: int, error: float = ERROR) -> Estimate:
    """Return a share with its exact interval (Clopper & Pearson 1934), which holds for two items as for two thousand.

    Args:
        right: How many have it.
        n: Of how many.
        error: How often the share may lie outside, from 0 to 1.

    Example:
        >>> print(exact_interval(8, 10))
        0.800 [0.444, 0.975]
    """
    if not n:
        return NOTHING
    low = float(betaincinv(right, n - right + 1, error / 2)) if right else 0.0
    high = float(betaincinv(right + 1, n - right, 1 - error / 2)) if right < n else 1.0
    return Estimate(right / n, low, high)


def halves_of(texts: Texts) -> Ints:
    """Return int [n]: 0 or 1 for each text, by its words: texts that differ in case, digits or signs are together."""
    plain = [re.sub(r"[\W\d_]+", " ", folded_case(" ".join(cell or "" for cell in cells))).strip() for cells in texts]
    return np.array([zlib.crc32(each.encode("utf-8", "replace")) & 1 for each in plain], np.int64)


def _taken(terms: Terms, evidence: Evidence) -> Mask:
    says = evidence.taken
    return np.array([says is not None and says(word) for word in terms.words], np.bool_)


def _is_new(terms: Terms, term: int, label: int, evidence: Evidence) -> bool:
    """Return whether labeling functions leave enough of a term's hits without its label."""
    if evidence.voted is None:
        return True
    return float(evidence.voted[terms.rows(term), label].mean()) < KNOWN_ALREADY


def _made(terms: Terms, label: int, places: Sequence[int], evidence: Evidence, chosen_by: str) -> Suggestion:
    hits = np.flatnonzero(terms.holding(places))
    voted, needy = evidence.voted, evidence.needy
    return Suggestion(
        evidence.labels[label],
        tuple(terms.words[place] for place in places),
        chosen_by,
        hits,
        len(hits) if voted is None else int((~voted[hits, label]).sum()),
        len(hits) if needy is None else int(needy[hits].sum()),
    )


def _judged(made: Suggestion, label: int, evidence: Evidence, judges: Mask, error: float) -> Suggestion:
    """Return a suggestion with what it is worth on gold by which it was not chosen."""
    if not judges.any():
        return made
    rows = made.hits[judges[made.hits]]
    n, right = len(rows), int((evidence.gold[rows] == label).sum())
    base = float((evidence.gold[judges] == label).mean())
    figure = exact_interval(right, n, error)
    state = HOLDS if figure.low is not None and figure.low > base else OPEN
    if n and right < max(LEAST, base) * n:
        state = NO_BETTER
    return replace(made, precision=figure, n=n, right=right, base=base, state=state, judged=rows)


def _order(each: Suggestion) -> tuple[bool, float, int, str]:
    """Return what suggestions are sorted by."""
    low, base = each.precision.low or 0.0, each.base or 0.0
    lift = (low - base) / max(1 - base, 1e-9)
    needed = 0.5 + 0.5 * each.needy / max(len(each.hits), 1)
    return each.state != HOLDS, -round(lift * needed if lift > 0 else lift, 9), -len(each.hits), each.terms[0]
