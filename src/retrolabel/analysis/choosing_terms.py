"""Which terms speak for which label: by weighted log odds with an interval, and by what of their hits bears the label.

The log odds of a term in texts of a label, against its log odds in all others, with a prior count that follows how
often it occurs in all texts (Monroe, Colaresi & Quinn 2008). The lower end of the interval orders the terms, so that a
rare one has to be much purer than a frequent one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrolabel.analysis.terms import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.terms import Terms

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

PRIOR = 10.0
"""How many texts the prior of the log odds is worth."""
LEAST_PRIOR = 0.5
"""What it is worth at least for a term, on each side."""
DEVIATIONS = 1.5
"""How far below the log odds its lower end lies, in standard deviations."""
SMOOTHING = 2.0
"""Texts at a label's own share that are added to the hits of a term, before it is asked how pure it is."""


@dataclass(frozen=True)
class Wish:
    """What a term must be to be chosen.

    Attributes:
        fewest: The texts, by weight, that hold it at least.
        share: The share of all texts, by weight, that hold it at least;
        of_label: or this share of those of the label, where that is less.
        purest: The share of its hits that bears the label at least, whatever the label's own share is.
        gain: How much of the way from the label's own share to 1 its hits go at least.
        most: How many terms a label has at most.
        new: The texts, by weight, that it adds at least to the terms before it.
    """

    fewest: float = 4.0
    share: float = 0.01
    of_label: float = 0.1
    purest: float = 0.6
    gain: float = 0.4
    most: int = 40
    new: float = 2.0


class Weighed(NamedTuple):
    """Terms against labels.

    Attributes:
        low: float [V, k]: the lower end of the log odds.
        eligible: bool [V, k]: whether a term may be chosen for a label; for one at most.
        wanted: float [k]: what of a term's hits must bear the label.
    """

    low: Floats
    eligible: Mask
    wanted: Floats


def weigh(terms: Terms, mass: Floats, wish: Wish) -> Weighed:
    """Return which terms speak for which label.

    Args:
        terms: V terms of n texts.
        mass: float [n, k]: how much each text counts as one of each label; 0 where nothing is known.
        wish: What a term must be.
    """
    hits = np.asarray(terms.hits.T @ mass, np.float64)
    total = mass.sum(axis=0)
    texts, held = total.sum(), hits.sum(axis=1, keepdims=True)
    if not texts:
        nothing = np.zeros(hits.shape)
        return Weighed(nothing, nothing > 0, np.ones(hits.shape[1]))
    prior = np.maximum(PRIOR * held / texts, LEAST_PRIOR)
    others, rest = held - hits, texts - total
    here = np.log(hits + prior) - np.log(total - hits + PRIOR)
    there = np.log(others + prior) - np.log(rest - others + PRIOR)
    error = np.sqrt(1 / (hits + prior) + 1 / (others + prior))
    low = here - there - DEVIATIONS * error
    share = total / texts
    wanted = np.maximum(wish.purest, share + wish.gain * (1 - share))
    pure = (hits + SMOOTHING * share) / (held + SMOOTHING)
    enough = np.maximum(wish.fewest, np.minimum(wish.share * texts, wish.of_label * total))
    eligible = (held >= enough) & (pure >= wanted) & (low > 0) & (share < 1)
    eligible &= low == np.where(eligible, low, -np.inf).max(axis=1, keepdims=True)
    return Weighed(low, eligible, wanted)


def choose(  # noqa: PLR0913 - what is chosen from, by what, and for which label
    terms: Terms,
    mass: Floats,
    weighed: Weighed,
    label: int,
    wish: Wish,
    taken: Callable[[str], bool],
    found: Mask | None = None,
) -> list[int]:
    """Return the places of the terms that are chosen for a label, the surest first.

    A term counts by the texts that it adds to those before it: they must be some, and as pure as was wished.

    Args:
        terms: The terms.
        mass: As in :func:`weigh`.
        weighed: What it found.
        label: The place of the label.
        wish: What a term must be.
        taken: Whether a term is looked for already.
        found: bool [n]: texts that other terms of the label hit already; none if left out.
    """
    places = [place for place in np.flatnonzero(weighed.eligible[:, label]).tolist() if not taken(terms.words[place])]
    ordered = sorted(
        places, key=lambda place: (-round(float(weighed.low[place, label]), 9), *by_name(terms.words[place]))
    )
    counts, mine = mass.sum(axis=1), mass[:, label]
    seen = np.zeros(len(mass), np.bool_) if found is None else found.copy()
    chosen: list[int] = []
    for place in ordered:
        rows = terms.rows(place)
        new = rows[~seen[rows]]
        weight = float(counts[new].sum())
        if weight >= wish.new and float(mine[new].sum()) >= weighed.wanted[label] * weight:
            chosen.append(place)
            seen[rows] = True
        if len(chosen) == wish.most:
            break
    return without_longer(terms.words, chosen)


def by_name(word: str) -> tuple[int, int, str]:
    """Return what decides between terms of one weight: few words, long ones; without spaces the longest is whole."""
    return word.count(" "), -len(word), word


def without_longer(words: Sequence[str], chosen: Sequence[int]) -> list[int]:
    """Return places of terms without those that hold another of them: their texts are the other's, too."""
    return [
        place for place in chosen if not any(other != place and holds(words[place], words[other]) for other in chosen)
    ]
