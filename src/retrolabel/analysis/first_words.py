"""Words that speak for a label, found on one half of the texts that somebody labelled, and checked on the other."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.gold.agreement import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,20}(?![^\W_])")
FEWEST_ROWS, FEWEST_HITS, FEWEST_CHECKED = 40, 5, 5
MOST_WORDS = 8
HALF = 0.5

Labelled = list[tuple[frozenset[str], str]]


@dataclass(frozen=True)
class FirstWords:
    """Words of a label.

    Attributes:
        label: The label.
        words: The words, the one with the most evidence first.
        checked: On how many texts of the other half one of them stands.
        right: How many of those have the label.
    """

    label: str
    words: tuple[str, ...]
    checked: int
    right: int


def first_words(texts: Sequence[str | None], given: Sequence[str | None]) -> Iterator[FirstWords]:
    """Yield the words of each label that hold on texts by which they were not chosen.

    A text goes to a half by its hash, so that two that are alike are never on both sides. A word is chosen where the
    lower end of the interval of its precision is above the label's share; a label's words are kept where that is so on
    the other half too, and most of what they hit is right there.

    Args:
        texts: The texts.
        given: The label of each; none where nobody gave one.

    Example:
        >>> names = [a + b for a in "abcdefgh" for b in "klmnopqr"]
        >>> texts = [f"{name} crashes" for name in names] + [f"please {name}" for name in names]
        >>> [each.words for each in first_words(texts, ["bug"] * 64 + ["wish"] * 64)]
        [('crashes',), ('please',)]
    """
    halves: tuple[Labelled, Labelled] = ([], [])
    for text, label in zip(texts, given, strict=True):
        if text is not None and label is not None:
            folded = " ".join(text.casefold().split())
            side = zlib.crc32(re.sub(r"\W+|\d+", " ", folded).encode("utf-8", "replace")) & 1
            halves[side].append((frozenset(WORD.findall(folded)), label))
    chosen_on, checked_on = halves
    if min(map(len, halves)) < FEWEST_ROWS // 2:
        return
    counts = Counter((word, label) for words, label in chosen_on for word in words)
    hits = Counter(word for words, _ in chosen_on for word in words)
    shares = Counter(label for _, label in chosen_on)
    for label, of_label in sorted(shares.items()):
        share = of_label / len(chosen_on)
        scored = {
            word: wilson(counts[word, label], number).low or 0.0
            for word, number in hits.items()
            if number >= FEWEST_HITS and counts[word, label] > HALF * number
        }
        ordered = sorted(scored, key=lambda word: (-scored[word], word))
        words = [word for word in ordered if scored[word] > share][:MOST_WORDS]
        found = _checked(label, words, checked_on)
        if found is not None:
            yield found


def _checked(label: str, words: Sequence[str], other: Labelled) -> FirstWords | None:
    """Return the words with what they do on the other half; nothing, where they do not hold there."""
    wanted = set(words)
    hit = [given for said, given in other if said & wanted]
    right = hit.count(label)
    share = sum(given == label for _, given in other) / len(other)
    low = wilson(right, len(hit)).low or 0.0
    holds = len(hit) >= FEWEST_CHECKED and right > HALF * len(hit) and low > share
    return FirstWords(label, tuple(words), len(hit), right) if holds else None
