"""What drift is looked for in, as families of shares: labels, votes, sources, lengths and words of texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.drift_null import Family
from retrolabel.analysis.drift_weeks import LENGTHS, characters_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.drift_weeks import Weeks

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

FEWEST = 20
"""Items, in all weeks together, below which a share says too little to be looked at."""
NO_LABEL = "(no label)"
"""What the share of items without a label is called."""
NAMED = ("label", "labeling function", "source")
"""Kinds of shares that have names, and are few."""
GROUPS = (NAMED, ("length", "words"))
"""What is looked at together: each group has half of the false alarms, so that many columns of texts drown no label."""


@dataclass(frozen=True)
class Looked:
    """The kinds of shares that are looked at, with the name of each share.

    Attributes:
        kind: ``label``, ``labeling function``, ``source``, ``length`` or ``words``.
        column: The column of a text; empty elsewhere.
        names: The shares: what each is of.
        family: Their counts.
    """

    kind: str
    column: str
    names: tuple[Any, ...]
    family: Family


def families(weeks: Weeks, kept: Flags) -> Iterator[Looked]:
    """Yield the shares of each kind, over some weeks.

    Args:
        weeks: The feedback by week.
        kept: bool [W]: the weeks.
    """
    items = weeks.items[kept].astype(np.float64)[:, None]

    def family(name: str, counts: npt.ArrayLike, of: Floats) -> Family:
        return Family(name, np.asarray(counts, np.float64), of)

    if len(weeks.labels):
        table = weeks.labelled[kept]
        has = table.sum(axis=1).astype(np.float64)[:, None]
        counts = np.column_stack([table, items - has])
        of = np.column_stack([np.broadcast_to(has, table.shape), items])
        yield Looked("label", "", (*weeks.labels, None), family("labels", counts, of))
    if weeks.votes:
        yield Looked("labeling function", "", weeks.votes, family("votes", weeks.voted[kept], items))
    if len(weeks.sources) > 1:
        yield Looked("source", "", weeks.sources, family("sources", weeks.come[kept], items))
    for column, texts in sorted(weeks.texts.items()):
        lengths = texts.lengths[kept].astype(np.float64)
        there = lengths[:, 1:].sum(axis=1, keepdims=True)
        longer = lengths[:, ::-1].cumsum(axis=1)[:, ::-1][:, 2:]
        of = np.column_stack([lengths.sum(axis=1), np.broadcast_to(there, longer.shape)])
        counts = np.column_stack([lengths[:, :1], longer])
        yield Looked("length", column, (None, *range(2, LENGTHS)), family(f"lengths of {column}", counts, of))
        used = np.flatnonzero(texts.words.sum(axis=0) >= FEWEST)
        words = family(f"words of {column}", texts.words[kept][:, used], there)
        yield Looked("words", column, tuple(used.tolist()), words)


def frequent(looked: Looked) -> Looked:
    """Return the shares that enough items speak of: those that have it, and those that have not."""
    counts = looked.family.counts.sum(axis=0)
    whole = np.broadcast_to(looked.family.of, looked.family.counts.shape).sum(axis=0)
    return chosen(looked, np.flatnonzero(np.minimum(counts, whole - counts) >= FEWEST).tolist())


def chosen(looked: Looked, places: Sequence[int]) -> Looked:
    """Return some shares of a family, by their places."""
    of = looked.family.of if looked.family.of.shape[1] == 1 else looked.family.of[:, places]
    family = Family(looked.family.name, looked.family.counts[:, places], of)
    return Looked(looked.kind, looked.column, tuple(looked.names[place] for place in places), family)


def name_of(kind: str, what: Any, names: Mapping[Any, str]) -> str:  # noqa: ANN401 - a place, a name, or a vote
    """Return what people call a share.

    Args:
        kind: Its kind.
        what: Its name in its family.
        names: The words of places, as far as they are known.

    Example:
        >>> name_of("labeling function", ("says_slow", "bad"), {}), name_of("length", 27, {})
        ('says_slow -> bad', '91 characters or more')
    """
    if kind == "labeling function":
        return f"{what[0]} -> {what[1]}"
    if kind == "words":
        return names.get(what, f"word #{what}")
    if kind == "length":
        return "missing" if what is None else f"{characters_from(what)} characters or more"
    return NO_LABEL if what is None else str(what)
