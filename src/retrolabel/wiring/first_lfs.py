"""Labeling functions to begin with, and what they do on a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.evidence import Evidence
from retrolabel.analysis.suggestions import HOLDS, suggest
from retrolabel.analysis.terms import folded_case, holds
from retrolabel.interop.lf_source import LfWish
from retrolabel.labeling.in_memory import apply_in_memory
from retrolabel.schema.labels import Label
from retrolabel.wiring.new_lfs import lf_of, with_examples
from retrolabel.wiring.suggested_wishes import names_for, wish_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.interop.first_task import FirstLabel

MOST_EACH = 3
"""Labeling functions for a label whose words come from labelled rows."""


@dataclass(frozen=True)
class FirstLf:
    """A labeling function to begin with.

    Attributes:
        wish: It, as it is written.
        label: The id of its label.
        votes: On how many rows it votes; ``None`` where there is no file.
        judged: How many of them have a label that somebody gave.
        right: How many of those have its label.
        held_out: Whether those two count only rows by which its words were not chosen.
    """

    wish: LfWish
    label: str
    votes: int | None = None
    judged: int = 0
    right: int = 0
    held_out: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether most of its votes that can be judged are wrong, by labels that somebody gave."""
        return self.right * 2 < self.judged


def first_lfs(
    labels: Sequence[FirstLabel], column: str, values: Sequence[Any], given: Sequence[str | None] | None
) -> Iterator[FirstLf]:
    """Yield labeling functions that look for the labels' own words, those of which a file holds none left out.

    Where somebody labelled rows, others follow that look for words which speak for a label there: held-out checked.

    Args:
        labels: The labels.
        column: The column that they read.
        values: Its values; nothing, where there is no file.
        given: The label that somebody gave each, where there is one.
    """
    own = list(_of_own_words(labels, column, values, given))
    yield from own
    if given is not None:
        yield from _of_labelled_rows(labels, column, values, given, own)


def _of_own_words(
    labels: Sequence[FirstLabel], column: str, values: Sequence[Any], given: Sequence[str | None] | None
) -> Iterator[FirstLf]:
    for label in labels:
        if not label.words:
            continue
        made = Label(label.id)
        wish = LfWish(f"says_{_plain(label.id)}", "keywords", label.constant, column, (label.words,))
        wish = with_examples(wish, made)
        if not values:
            yield FirstLf(wish, label.id)
            continue
        found = _counted(wish, made, values, given)
        if found.votes:
            yield found


def _of_labelled_rows(
    labels: Sequence[FirstLabel],
    column: str,
    values: Sequence[Any],
    given: Sequence[str | None],
    own: Sequence[FirstLf],
) -> Iterator[FirstLf]:
    """Yield labeling functions whose words come from one half of the labelled rows, and hold on the other."""
    places = {label.id: place for place, label in enumerate(labels)}
    gold = np.array([places[each] if each is not None else -1 for each in given], np.int64)
    mine = {(places[lf.label], folded_case(word)) for lf in own if not lf.is_wrong for word in lf.wish.words}

    def taken(term: str, label: int) -> bool:
        return any(label == place and holds(term, word) for place, word in mine)

    evidence = Evidence(tuple(places), gold, taken=taken)
    every = [each for each in suggest([(value,) for value in values], evidence).suggestions if each.state == HOLDS]
    found = [each for label in labels for each in [one for one in every if one.label == label.id][:MOST_EACH]]
    for each, name in zip(found, names_for(found, [lf.wish.name for lf in own]), strict=True):
        label = labels[places[each.label]]
        wish = wish_for(each, name, Label(label.id), label.constant, (column,))
        yield FirstLf(wish, label.id, len(each.hits), each.n, each.right, held_out=True)


def _plain(label_id: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label_id)


def _counted(wish: LfWish, label: Label, values: Sequence[Any], given: Sequence[str | None] | None) -> FirstLf:
    """Return a labeling function with what it does on a file."""
    votes = apply_in_memory(lf_of(wish, label), {wish.column: list(values)}).votes.codes[:, 0] != 0
    said = [given[row] for row in votes.nonzero()[0]] if given is not None else []
    judged = [each for each in said if each is not None]
    return FirstLf(wish, label.id, int(votes.sum()), len(judged), sum(each == label.id for each in judged))
