"""The labeling functions that disagree, with the items on which they do; as values, frames and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from retrolabel.analysis.trying.telling import as_said
from retrolabel.errors import LabelingFunctionError, counted, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.gaps.examples import Example, Items
    from retrolabel.analysis.gaps.pairs import Pair
    from retrolabel.analysis.trying.values import Ground

SHORT = 12
TOGETHER = 3
"""Pairs that a notebook shows with an item."""


@dataclass(frozen=True, eq=False, repr=False)
class Conflicts:
    """Pairs of labeling functions that conflict; :attr:`pairs` is a frame, :meth:`examples` has the items of a pair.

    Attributes:
        task: The task.
        version: The schema version in which votes are read.
        found: The pairs, those first that conflict most often.
        ground: What is known of the items; its ``others`` are the votes of all labeling functions.
        lf: The labeling function of which they are; empty where they are of all.
        test_items: How many items were left out, since test gold is on them.
        notes: What a person should know of it.
        items: Asked for what is shown of an item.
    """

    task: str
    version: str
    found: Sequence[Pair]
    ground: Ground
    lf: str = ""
    test_items: int = 0
    notes: Sequence[str] = ()
    items: Items = field(kw_only=True)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """A row a pair.

        ``both`` and ``against`` (items), ``share``, ``votes``; ``judged`` (dev gold of one label where they conflict)
        with ``lf_right``, ``other_right`` and their intervals; ``set_lf``, ``set_other``, ``set_neither``,
        ``set_no_label`` (whose vote leaves the label of the newest label set; missing without one).
        """
        rows = [_row(pair) for pair in self.found]
        return pd.DataFrame(rows, columns=COLUMNS)

    def pair(self, lf: str, other: str) -> Pair:
        """Return a pair by its names, in either order.

        Raises:
            LabelingFunctionError: They do not conflict, or there are no such labeling functions.
        """
        for each in self.found:
            if {each.lf, each.other} == {lf, other}:
                return each
        for name in (lf, other):
            if name not in self.ground.others.voters:
                raise LabelingFunctionError(
                    f"{self.task} has no labeling function {name!r}.{did_you_mean(name, self.ground.others.voters)}",
                    remedy=f"retrolabel lf list {self.task} names those there are",
                )
        raise LabelingFunctionError(f"{lf} and {other} conflict on no item.", remedy="look at .pairs for those that do")

    def examples(self, pair: Pair, most: int = 3) -> list[Example]:
        """Return items on which two conflict, with what both read and their words; those with dev gold first."""
        items, lfs = self.items, (pair.lf, pair.other)
        columns = tuple(dict.fromkeys(name for lf in lfs for name in items.reads[lf]))
        shown = []
        for row, alike in items.distinct(pair.rows, columns, most):
            words = {lf: items.words(lf, row) for lf in lfs}
            shown.append(items.example(row, self.ground, columns=columns, lfs=lfs, words=words, alike=alike))
        return shown

    def told(self) -> Iterator[str]:
        """Yield how many conflict, on how many items, a sentence each."""
        ground, voters = self.ground, len(self.ground.others.voters)
        drawn = int(ground.drawn.sum())
        of = counted(drawn, "item") + (f" drawn of {ground.total:,}" if ground.total > drawn + self.test_items else "")
        who = f"{counted(len(self.found), 'pair')} of {counted(voters, 'labeling function')} conflict"
        if self.lf:
            who = f"{self.lf} conflicts with {len(self.found):,} of {counted(voters - 1, 'other')}"
        yield f"{self.task} {self.version}: {who}, on {self.in_conflict:,} of {of}"
        if self.test_items:
            yield f"{counted(self.test_items, 'item')} with test gold are left out"

    @cached_property
    def in_conflict(self) -> int:
        """On how many items of the draw any pair conflicts."""
        rows = {row for pair in self.found for row in pair.rows}
        return int(self.ground.drawn[sorted(rows)].sum()) if rows else 0

    def as_dict(self, limit: int | None = None, examples: int = 2) -> dict[str, Any]:
        """Return it as plain data.

        Args:
            limit: How many pairs; all if left out.
            examples: How many items of each.
        """
        ground = self.ground
        return {
            "task": self.task,
            "schema_version": self.version,
            "label_set": ground.judged_by or None,
            "items": int(ground.drawn.sum()),
            "live_items": ground.total,
            "test_items_left_out": self.test_items,
            "in_conflict": self.in_conflict,
            "labeling_functions": len(ground.others.voters),
            "pairs": [
                {**pair.as_dict(), "examples": [each.as_dict() for each in self.examples(pair, examples)]}
                for pair in self.found[:limit]
            ],
            "pairs_in_all": len(self.found),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """Return how many conflict, and where to look."""
        return "\n".join([*self.told(), *self.notes, "look at .pairs (a frame), .examples(pair)"])

    def _repr_html_(self) -> str:
        """Return the first pairs, each with an item, its words marked, for a notebook."""
        rows = []
        for pair in self.found[:TOGETHER]:
            for each in self.examples(pair, 1):
                votes = [f"{lf}: {as_said(vote, self.ground.labels)}" for lf, vote in each.votes.items()]
                head = "<br>".join(map(escape, (*votes, f"{pair.against:,} of {pair.both:,} items")))
                rows.append(f"<tr><td>{head}</td><td>{escape(each.gold)}</td><td>{each.as_html()}</td></tr>")
        lines = "<br>".join(map(escape, (*self.told(), *self.notes)))
        head = "<tr><th>votes</th><th>gold</th><th>text</th></tr>"
        return f"<p>{lines}</p><table>{head}{''.join(rows)}</table>"


COLUMNS = [
    "lf", "other", "both", "against", "share", "votes", "judged", "lf_right", "lf_low", "lf_high", "other_right",
    "other_low", "other_high", "set_lf", "set_other", "set_neither", "set_no_label",
]  # fmt: skip


def _row(pair: Pair) -> dict[str, Any]:
    plain = pair.as_dict()
    gold, said = plain["gold"], plain["label_set"] or {}
    found = {name: plain[name] for name in ("lf", "other", "both", "against", "share")}
    found["votes"] = ", ".join(f"{each.vote} / {each.other} ({each.items:,})" for each in pair.votes)
    found["judged"] = gold["items"]
    for who in ("lf", "other"):
        found |= {f"{who}_right": gold[who]["share"], f"{who}_low": gold[who]["low"], f"{who}_high": gold[who]["high"]}
    return found | {f"set_{who}": said.get(who) for who in ("lf", "other", "neither", "no_label")}
