"""Lists of words that may become labeling functions, each with what it is worth on items by which it was not chosen.

Half of the gold chooses the words, the other half judges them; texts with the same words are in the same half. Then
the labels of which a label set is sure choose more. Where gold is small these alone choose, and all gold judges.

Of many lists the best looks better than it is. So the intervals are as wide as it takes that all lists that were
judged lie in theirs, in 95 of 100 cases. (Leaving out a tenth of the gold at a time would show figures of the gold by
which the words were chosen, or nearly so: a list that is chosen without a tenth is chosen with it, too.)
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv

from retrolabel.analysis.choosing_terms import Wish, choose, weigh
from retrolabel.analysis.evidence import says_something
from retrolabel.analysis.light_words import is_filler
from retrolabel.analysis.lists_of_terms import hits_of, kind_of
from retrolabel.analysis.term_groups import group
from retrolabel.analysis.terms import holds, is_unspaced, terms_of
from retrolabel.gold.agreement import NOTHING, Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from retrolabel.analysis.evidence import Evidence, Floats, Ints, Mask, Texts

MOST_CHARACTERS = 5_000_000
"""Of the texts that choose words; they are taken by a hash of what they say. More cost seconds, and say the same."""
KNOWN_ALREADY = 0.9
"""The share of a term's hits that labeling functions give its label, from which on it says nothing new."""
ERROR = 0.05
NONE = np.zeros(0, np.int64)
LEAST, ABOVE = 0.5, 0.2
"""What a list that is shown must be right on, of the gold that judges it: so much, and so far above chance to 1."""
HOLDS, OPEN, UNCHECKED, NO_BETTER = "holds", "open", "unchecked", "no better"


@dataclass(frozen=True)
class Suggestion:
    """A list of words for one label.

    Attributes:
        label: The label's id.
        terms: Words and phrases, the surest first.
        hits: int [h]: which texts hold one of them.
        new: How many of these no labeling function gives this label alone.
        needy: How many of these have no sure label.
        precision: The share of the gold items among the hits that bears the label, on gold by which they were not
            chosen, with its interval.
        judged: int [g]: those gold items.
        wrong: int [w]: those of them that bear another label.
        unlabelled: int [u]: the hits without one gold label, those without a sure label first.
        of_label: How many gold items that judge bear the label, hit or not.
        base: The share of the label among all gold items that judge; ``None`` where none do.
        state: ``holds`` where the interval lies above the label's share, ``open`` where it does not,
            ``unchecked`` where there is no gold to say it.
    """

    label: str
    terms: tuple[str, ...]
    hits: Ints
    new: int
    needy: int
    precision: Estimate = NOTHING
    judged: Ints = field(default_factory=NONE.copy)
    wrong: Ints = field(default_factory=NONE.copy)
    unlabelled: Ints = field(default_factory=NONE.copy)
    of_label: int = 0
    base: float | None = None
    state: str = UNCHECKED

    @property
    def n(self) -> int:
        """How many gold items judge it."""
        return len(self.judged)

    @property
    def right(self) -> int:
        """How many of these bear the label."""
        return len(self.judged) - len(self.wrong)

    @property
    def kind(self) -> str:
        """What builds it: ``keywords``, or ``regex`` where no space parts its words."""
        return kind_of(self.terms)


@dataclass(frozen=True)
class Suggested:
    """Suggestions, and what they rest on.

    Attributes:
        suggestions: The best first: those that hold, then by how far above the label's share the interval begins, and
            how many of the hits have no sure label.
        texts: How many texts were looked at.
        gold: How many of them have gold.
        judging: How many of these judge what was chosen.
        choosing: How many texts chose the words.
        chosen_by: What these were: half of the gold, all gold, what a label set is sure of; or nothing.
        also: How many texts chose more words after these, since a label set is sure of them.
        looks: How many suggestions were judged: as wide are the intervals.
        rejected: How many were hardly better than their label's share, and are left out.
        filled: How many of the texts say anything.
    """

    suggestions: tuple[Suggestion, ...]
    texts: int
    gold: int
    judging: int
    choosing: int
    chosen_by: str
    looks: int = 0
    rejected: int = 0
    filled: int = 0
    also: int = 0


def suggest(
    texts: Texts,
    evidence: Evidence,
    *,
    label: str | None = None,
    wish: Wish | None = None,
    advance: Callable[[float], None] = lambda _: None,
) -> Suggested:
    """Return lists of words that may become labeling functions.

    Args:
        texts: n texts, for each a cell a column.
        evidence: What is known of them.
        label: One label only.
        wish: What a term must be.
        advance: Told how far it is, of four times n.

    Example:
        >>> from retrolabel.analysis.evidence import Evidence
        >>> names = [a + b for a in "abcdefgh" for b in "klmnopqr"]
        >>> texts = [[f"{name} crashes"] for name in names] + [[f"please {name}"] for name in names]
        >>> found = suggest(texts, Evidence(("bug", "wish"), np.repeat([0, 1], 64)))
        >>> [(each.label, each.terms, each.right, each.n, each.state) for each in found.suggestions]
        [('bug', ('crashes',), 32, 32, 'holds'), ('wish', ('please',), 32, 32, 'holds')]
    """
    choosers, judges = evidence.chosen_by(texts)
    lists: list[_List] = []
    sizes = []
    for chooser in choosers:
        rows = _some(texts, chooser.texts)
        sizes.append(len(rows))
        part = partial(_as_part, advance, len(choosers))
        lists += list(_lists(texts, evidence, chooser.mass, rows, tuple(lists), label, wish or Wish(), part))
    error = ERROR / max(len(lists), 1)
    made = [_judged(_made(each, evidence), each.label, evidence, judges, error) for each in lists]
    kept = sorted((each for each in made if each.state != NO_BETTER), key=_order)
    gold, looks = int((evidence.gold >= 0).sum()), len(made) if judges.any() else 0
    counts = len(texts), gold, int(judges.sum()), sizes[0]
    return Suggested(
        tuple(kept),
        *counts,
        choosers[0].by,
        looks,
        len(made) - len(kept),
        int(says_something(texts).sum()),
        sum(sizes[1:]),
    )


def _some(texts: Texts, rows: Ints) -> Ints:
    """Return as many of some rows as terms are looked for in, by a hash of what they say."""
    said = ["\x00".join(cell or "" for cell in texts[row]) for row in rows.tolist()]
    lengths = np.array([len(each) for each in said], np.int64)
    if lengths.sum() <= MOST_CHARACTERS:
        return rows
    order = np.argsort([zlib.crc32(each.encode("utf-8", "replace")) for each in said], kind="stable")
    fit = int(np.searchsorted(np.cumsum(lengths[order]), MOST_CHARACTERS, side="right"))
    return np.sort(rows[order[: max(fit, 1)]])


class _List(NamedTuple):
    """Words of one label: the label's place, the words, and which texts hold one of them."""

    label: int
    terms: tuple[str, ...]
    hits: Ints


def _lists(  # noqa: PLR0913 - what is known, and what is wanted
    texts: Texts,
    evidence: Evidence,
    mass: Floats,
    rows: Ints,
    before: Sequence[_List],
    label: str | None,
    wish: Wish,
    advance: Callable[[float], None],
) -> Iterator[_List]:
    """Yield lists of words, as the texts in some rows choose them; what is in those before, or not new, is left out."""
    each = len(texts) / max(len(rows), 1)
    terms = terms_of([texts[row] for row in rows], advance=lambda units: advance(units * each))
    mine = mass[rows]
    weighed = weigh(terms, mine, wish)
    wanted = [place for place, name in enumerate(evidence.labels) if label in (None, name)]
    chosen = {}
    for place in wanted:
        known = [each for each in before if each.label == place]
        seen = np.isin(rows, np.concatenate([NONE, *(each.hits for each in known)]))
        chosen[place] = choose(terms, mine, weighed, place, wish, partial(_taken, evidence, known, place), seen)
    words = sorted({terms.words[term] for some in chosen.values() for term in some})
    hits = dict(zip(words, hits_of([[word] for word in words], texts, advance), strict=True))
    for place, some in chosen.items():
        fresh = [term for term in some if _is_new(hits[terms.words[term]], place, evidence)]
        for unspaced in (False, True):  # what builds them differs
            alike = [term for term in fresh if is_unspaced(terms.words[term]) == unspaced]
            for group_ in group(terms, alike):
                found = tuple(terms.words[term] for term in group_)
                yield _List(place, found, np.unique(np.concatenate([hits[word] for word in found])))


def _taken(evidence: Evidence, known: Sequence[_List], label: int, term: str) -> bool:
    """Return whether a term says nothing, or is looked for already: by a labeling function, or by a list before."""
    words = (word for each in known for word in each.terms)
    return is_filler(term) or evidence.taken(term, label) or any(holds(term, word) for word in words)


def _as_part(advance: Callable[[float], None], parts: int, units: float) -> None:
    advance(units / parts)


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


def _is_new(hits: Ints, label: int, evidence: Evidence) -> bool:
    """Return whether labeling functions leave enough of a term's hits without its label."""
    if evidence.voted is None:
        return True
    return int(evidence.voted[hits, label].sum()) < KNOWN_ALREADY * len(hits)


def _made(found: _List, evidence: Evidence) -> Suggestion:
    label, terms, hits = found
    voted, needy = evidence.voted, evidence.needy
    rest = hits[evidence.gold[hits] < 0]
    return Suggestion(
        evidence.labels[label],
        terms,
        hits,
        len(hits) if voted is None else int((~voted[hits, label]).sum()),
        len(hits) if needy is None else int(needy[hits].sum()),
        unlabelled=rest if needy is None else rest[np.argsort(~needy[rest], kind="stable")],
    )


def _judged(made: Suggestion, label: int, evidence: Evidence, judges: Mask, error: float) -> Suggestion:
    """Return a suggestion with what it is worth on gold by which it was not chosen."""
    if not judges.any():
        return made
    rows = made.hits[judges[made.hits]]
    wrong = rows[evidence.gold[rows] != label]
    n, right = len(rows), len(rows) - len(wrong)
    base = float((evidence.gold[judges] == label).mean())
    figure = exact_interval(right, n, error)
    state = HOLDS if figure.low is not None and figure.low > base else OPEN
    if n and right < max(LEAST, base + ABOVE * (1 - base)) * n:
        state = NO_BETTER
    of_label = int((evidence.gold[judges] == label).sum())
    return replace(made, precision=figure, judged=rows, wrong=wrong, of_label=of_label, base=base, state=state)


def _order(each: Suggestion) -> tuple[bool, float, int, str]:
    """Return what suggestions are sorted by."""
    low, base = each.precision.low or 0.0, each.base or 0.0
    lift = (low - base) / max(1 - base, 1e-9)
    needed = 0.5 + 0.5 * each.needy / max(len(each.hits), 1)
    return each.state != HOLDS, -round(lift * needed if lift > 0 else lift, 9), -len(each.hits), each.terms[0]
