"""Labeling functions to begin with, and what they do on a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.first_words import first_words
from retrolabel.interop.lf_source import LfWish
from retrolabel.labeling.in_memory import apply_in_memory
from retrolabel.schema.labels import Label
from retrolabel.wiring.new_lfs import lf_of, with_examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.interop.first_task import FirstLabel


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
    if given is not None:
        yield from _of_labelled_rows(labels, column, values, given)


def _of_labelled_rows(
    labels: Sequence[FirstLabel], column: str, values: Sequence[Any], given: Sequence[str | None]
) -> Iterator[FirstLf]:
    """Yield labeling functions whose words come from one half of the labelled rows, and hold on the other."""
    known = {label.id: label for label in labels}
    for found in first_words(values, given):
        label, made = known[found.label], Label(found.label)
        wish = LfWish(f"words_of_{_plain(label.id)}", "keywords", label.constant, column, found.words)
        wish = with_examples(wish, made)
        votes = _counted(wish, made, values, None).votes
        yield FirstLf(wish, label.id, votes, found.checked, found.right, held_out=True)


def _plain(label_id: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label_id)


def _counted(wish: LfWish, label: Label, values: Sequence[Any], given: Sequence[str | None] | None) -> FirstLf:
    """Return a labeling function with what it does on a file."""
    votes = apply_in_memory(lf_of(wish, label), {wish.column: list(values)}).votes.codes[:, 0] != 0
    said = [given[row] for row in votes.nonzero()[0]] if given is not None else []
    judged = [each for each in said if each is not None]
    return FirstLf(wish, label.id, int(votes.sum()), len(judged), sum(each == label.id for each in judged))
