"""What came of trying a labeling function: figures, hits with their words, near misses; as values, frames and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.analysis.marked_texts import as_html
from retrolabel.analysis.trying.telling import in_words
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.analysis.trying.near_misses import NearMiss
    from retrolabel.analysis.trying.values import Failed, Figures, Ground, Marginal, Share
    from retrolabel.labeling.words import Span
    from retrolabel.votes import VoteMatrix

NEAR = 20
"""Near misses of a frame."""
WITH_WORDS = 500
"""Hits of a frame whose words are looked for; the author's code runs once more for each."""


@dataclass(frozen=True)
class Shown:
    """An item as it is shown.

    Attributes:
        source: Its source.
        item_id: The item.
        vote: The vote on it; empty on a near miss.
        verdict: What is known of the vote, as :func:`retrolabel.analysis.trying.figures.verdicts` says it.
        gold: What dev gold leaves, ``slow|wrong``; empty where there is none.
        label: What the newest label set says; empty where it says nothing.
        probability: How sure that one is; ``None`` where it says nothing.
        texts: Column -> value as text, of what the labeling function reads.
        spans: The words that made it vote.
        alike: How many of the hits with the same verdict say the very same.
        terms: The words by which a near miss is like the hits.
    """

    source: str
    item_id: str
    vote: str
    verdict: str
    gold: str
    label: str
    probability: float | None
    texts: Mapping[str, str]
    spans: Sequence[Span] = ()
    alike: int = 1
    terms: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        words = [span._asdict() for span in self.spans]
        known = {name: getattr(self, name) for name in ("source", "item_id", "vote", "verdict", "gold", "label")}
        more = {"probability": self.probability, "texts": dict(self.texts), "words": words}
        return {**known, **more, "alike": self.alike, "terms": list(self.terms)}


@dataclass(frozen=True, eq=False, repr=False)
class Tried:
    """What a labeling function does on a sample; :attr:`figures`, :attr:`hits` and :attr:`near_misses` are frames.

    Attributes:
        task: The task.
        lf: The labeling function's name.
        measured: The figures as values.
        ground: What is known of the items.
        votes: Its votes, n x 1.
        verdicts: What is known of the vote on each item.
        order: The places of its hits, those first that deserve a look.
        keys: The (source, item id) of each item.
        failed: The first items on which it failed.
        notes: What a person should know of it.
        ask: Asked for what is shown of an item, and for near misses.
        marginal: What it adds to the label set; ``None`` where that was not asked.
    """

    task: str
    lf: str
    measured: Figures
    ground: Ground
    votes: VoteMatrix = field(repr=False)
    verdicts: Sequence[str] = field(repr=False)
    order: Sequence[int] = field(repr=False)
    keys: Sequence[tuple[str, str]] = field(repr=False)
    failed: Sequence[Failed] = ()
    notes: Sequence[str] = ()
    ask: Asked = field(kw_only=True, repr=False)
    marginal: Marginal | None = None

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures: ``value``, with ``low`` and ``high`` (95 %) and ``of`` how many items where it is a share."""
        return pd.DataFrame(
            [(name, *_cells(value)) for name, value in self._named()], columns=["figure", "value", "low", "high", "of"]
        ).set_index("figure")

    def _named(self) -> list[tuple[str, object]]:
        found = self.measured
        named: list[tuple[str, object]] = [("items", found.items), ("hits", found.hits), ("coverage", found.coverage)]
        named += [("alone", found.alone), ("overlaps", found.overlaps), ("conflicts", found.conflicts)]
        named += [("dev items", found.dev_items), ("hits on dev items", found.dev_hits)]
        named += [("precision on dev", found.precision)]
        named += [(f"precision on dev of {vote}", share) for vote, share in found.by_vote.items()]
        named += [(f"recall on dev of {vote}", share) for vote, share in found.recall.items()]
        named += [("agrees with the label set", found.confident), ("faults", found.faults)]
        if self.marginal is not None:
            named += self.marginal.named()
        return named

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The hits, the wrong ones first; words of the first 500. Those that were not drawn are there for dev gold."""
        shown = [self.shown(row, words=place < WITH_WORDS) for place, row in enumerate(self.order)]
        return _frame(shown).assign(drawn=self.ground.drawn[list(self.order)])

    @cached_property
    def near_misses(self) -> pd.DataFrame:
        """The 20 items that read most like the hits and are none, with what is known of them."""
        return _frame(self.near(NEAR)).drop(columns=["vote", "verdict", "words"])

    def first(self, most: int) -> list[Shown]:
        """Return the first hits to look at; those with the same verdict that say the very same are shown once."""
        seen: dict[tuple[object, ...], list[int]] = {}
        for row in self.order:
            texts = self.ask.texts(row)
            seen.setdefault((self.verdicts[row], *texts.items()), []).append(row)
            if len(seen) > most:  # what follows is not shown, nor counted
                seen.popitem()
                break
        return [self.shown(rows[0], alike=len(rows)) for rows in list(seen.values())[:most]]

    def near(self, most: int) -> list[Shown]:
        """Return the near misses, the most alike first."""
        return [self.shown(each.row, terms=each.terms) for each in self.ask.alike(most)]

    def shown(self, row: int, *, words: bool = True, alike: int = 1, terms: Sequence[str] = ()) -> Shown:
        """Return an item as it is shown.

        Args:
            row: Its place in the sample.
            words: Whether the words that made the labeling function vote are looked for.
            alike: How many say the same.
            terms: The words by which it is like the hits.
        """
        ground, code = self.ground, int(self.votes.codes[row, 0])
        said = int(ground.said[row])
        return Shown(
            *self.keys[row],
            symbol_names(self.votes.symbols, self.votes.labels)[code - 1] if code else "",
            self.verdicts[row] if code else "",
            "|".join(np.asarray(ground.labels)[ground.gold[row]].tolist()),
            ground.labels[said] if said >= 0 else "",
            float(ground.sure[row]) if said >= 0 else None,
            self.ask.texts(row),
            self.ask.words(row) if code and words else (),
            alike,
            terms,
        )

    def told(self) -> list[str]:
        """Return the figures in sentences."""
        return list(in_words(self.measured, self.ground, self.marginal))

    def as_dict(self, show: int) -> dict[str, Any]:
        """Return it as plain data.

        Args:
            show: How many hits and near misses.
        """
        return {
            "task": self.task,
            "lf": self.lf,
            "live_items": self.ground.total,
            "figures": self.measured.as_dict(),
            "label_set": self.ground.judged_by or None,
            "without_stored_votes": list(self.ground.missing),
            "marginal": None if self.marginal is None else dict(self.marginal.named_plainly()),
            "notes": list(self.notes),
            "faults": [vars(each) for each in self.failed],
            "hits": [each.as_dict() for each in self.first(show)],
            "near_misses": [each.as_dict() for each in self.near(show)],
        }

    def __repr__(self) -> str:
        """Return the figures in sentences, and where to look."""
        told = [f"{self.task}:{self.lf}", *self.told(), *self.notes]
        return "\n".join([*told, "look at .hits (the wrong ones first), .near_misses, .figures"])

    def _repr_html_(self) -> str:
        """Return the same with the first hits, their words marked, for a notebook."""
        rows = []
        for each in self.first(10):
            known = f"gold {each.gold}" if each.gold else f"label set: {each.label}" if each.label else ""
            texts = "<br>".join(f"{escape(name)}: {as_html(each.texts[name], each.spans, name)}" for name in each.texts)
            cells = (each.verdict, each.vote, known)
            rows.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{texts}</td></tr>")
        head = "<tr><th></th><th>vote</th><th>known</th><th>text</th></tr>"
        lines = "<br>".join(map(escape, (*self.told(), *self.notes)))
        return f"<p><b>{escape(self.task)}:{escape(self.lf)}</b><br>{lines}</p><table>{head}{''.join(rows)}</table>"


@dataclass(frozen=True)
class Asked:
    """What is asked for items that are shown.

    Attributes:
        texts: Row -> column -> value as text, of what the labeling function reads.
        words: Row -> the words that made it vote.
        alike: A number -> so many near misses.
    """

    texts: Callable[[int], Mapping[str, str]]
    words: Callable[[int], Sequence[Span]]
    alike: Callable[[int], Sequence[NearMiss]]


def _cells(value: Any) -> tuple[object, object, object, object]:  # noqa: ANN401 - a number, a share, or bounds
    if isinstance(value, tuple):
        return value[0], value[1], value[2], value[3]
    if hasattr(value, "figure"):
        share: Share = value
        return share.figure.value, share.figure.low, share.figure.high, share.of
    return value, None, None, None


def _frame(shown: Sequence[Shown]) -> pd.DataFrame:
    names = ["source", "item_id", "vote", "verdict", "gold", "label", "probability", "words"]
    columns = list(dict.fromkeys(name for each in shown for name in each.texts))
    rows = [
        (
            *(getattr(each, name) for name in names[:-1]),
            ", ".join(dict.fromkeys(span.text for span in each.spans)),
            *(each.texts.get(column) for column in columns),
        )
        for each in shown
    ]
    return pd.DataFrame(rows, columns=[*names, *(c if c not in names else f"{c} (column)" for c in columns)])
