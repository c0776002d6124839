"""Suggested labeling functions: as values, as a frame, as a page of a notebook; nothing of them is switched on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from retrolabel.analysis.evidence import BY_LABEL_SET
from retrolabel.analysis.marked_texts import as_html
from retrolabel.analysis.suggestions import HOLDS
from retrolabel.analysis.suggestions_told import terms_told, what_it_is_worth, what_it_rests_on, why_none
from retrolabel.analysis.trying.figures import RIGHT, UNJUDGED, WRONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrolabel.analysis.suggestions import Suggested, Suggestion
    from retrolabel.analysis.trying.tried import Shown
    from retrolabel.labeling.functions import LabelingFunction


COLUMNS = [
    "lf", "label", "words", "hits", "new", "needy", "precision", "low", "high", "of", "chance", "finds", "state",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class SuggestedLf:
    """A labeling function that nobody has written yet.

    Attributes:
        lf: It; ``task.try_lf(each.lf)`` shows what it does.
        found: Its words, what they hit, and how often they were right.
    """

    lf: LabelingFunction
    found: Suggestion

    @property
    def name(self) -> str:
        """Its name."""
        return self.lf.name

    def told(self, *, labelers: bool = True) -> list[str]:
        """Return what it is worth in sentences.

        Args:
            labelers: Whether votes or labels are known, so that one can say what is new.
        """
        return list(what_it_is_worth(self.found, labelers=labelers))


@dataclass(frozen=True, eq=False, repr=False)
class SuggestedLfs:
    """Suggested labeling functions, the best first; :attr:`frame` has a row each.

    Attributes:
        task: The task.
        columns: The columns that they read.
        all_found: What was looked at, and all that was found.
        lfs: As many as were asked for.
        label: The label that was asked for; ``None`` for all.
        label_set: The id of the newest label set; empty without one.
        labelers: Whether votes or labels are known.
        notes: What a person should know.
        ask: Row, labeling function -> the item as it is shown, its words marked; with the verdict that is given.
    """

    task: str
    columns: tuple[str, ...]
    all_found: Suggested
    lfs: tuple[SuggestedLf, ...]
    label: str | None = None
    label_set: str = ""
    labelers: bool = False
    notes: tuple[str, ...] = ()
    ask: Callable[[int, SuggestedLf, str], Shown] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lfs)

    def __iter__(self) -> Iterator[SuggestedLf]:
        """Yield them, the best first."""
        return iter(self.lfs)

    def __getitem__(self, place: int) -> SuggestedLf:
        """Return one of them."""
        return self.lfs[place]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row each: label and words, hits, precision on dev gold that did not choose it, with its interval.

        ``new``: hits without a vote for this label alone; ``needy``: hits without a sure label; ``of``: the gold items
        that judge it; ``chance``: the label's share among all of these; ``finds``: how much of it the words hit.
        """
        made = [_row(each) for each in self.lfs]
        return pd.DataFrame(made, columns=COLUMNS).set_index("lf")

    def told(self) -> list[str]:
        """Return what they rest on, in sentences; where there are none, why, and what helps."""
        rests = list(what_it_rests_on(self.all_found, self.columns, self.label_set))
        return rests if self.lfs else [*rests, *why_none(self.all_found, self.task, self.label)]

    def examples(self, each: SuggestedLf, most: int) -> list[Shown]:
        """Return some of its hits: wrong by the gold that judges it, right by it, and those without a sure label.

        Args:
            each: One of them.
            most: How many of each kind.
        """
        if self.ask is None:
            return []
        it = each.found
        right = [row for row in it.judged.tolist() if row not in set(it.wrong.tolist())]
        kinds = ((it.wrong.tolist(), WRONG), (right, RIGHT), (it.unlabelled.tolist(), UNJUDGED))
        return [self.ask(row, each, verdict) for rows, verdict in kinds for row in rows[:most]]

    def as_dict(self, show: int) -> dict[str, Any]:
        """Return it as plain data.

        Args:
            show: How many hits of each kind.
        """
        found = self.all_found
        by_set = self.label_set if found.also or found.chosen_by == BY_LABEL_SET else ""
        return {
            "task": self.task,
            "label": self.label,
            "columns": list(self.columns),
            "items": found.texts,
            "chosen_by": {
                "what": found.chosen_by,
                "items": found.choosing,
                "also": found.also,
                "label_set": by_set or None,
            },
            "gold": {"items": found.gold, "judging": found.judging, "judged": found.looks, "rejected": found.rejected},
            "found": len(found.suggestions),
            "suggestions": [self._as_dict(each, show) for each in self.lfs],
            "told": self.told(),
            "notes": list(self.notes),
        }

    def _as_dict(self, each: SuggestedLf, show: int) -> dict[str, Any]:
        it, p = each.found, each.found.precision
        return {
            "name": each.name,
            "label": it.label,
            "kind": it.kind,
            "terms": list(it.terms),
            "hits": len(it.hits),
            "new": it.new if self.labelers else None,
            "needy": it.needy if self.labelers else None,
            "state": it.state,
            "precision": {"value": p.value, "low": p.low, "high": p.high, "right": it.right, "of": it.n},
            "chance": it.base,
            "of_label": it.of_label,
            "items": [shown.as_dict() for shown in self.examples(each, show)],
        }

    def __repr__(self) -> str:
        """Return what they rest on, and a line each."""
        lines = [f"{each.name} -> {each.found.label}: {terms_told(each.found.terms)}" for each in self.lfs]
        return "\n".join([f"{self.task}: {len(self.lfs)} suggested", *self.told(), *self.notes, *lines])

    def _repr_html_(self) -> str:
        """Return the same with some hits, their words marked, for a notebook."""
        parts = [f"<p><b>{escape(self.task)}</b><br>{'<br>'.join(map(escape, (*self.told(), *self.notes)))}</p>"]
        for each in self.lfs:
            sure = " (better than chance)" if each.found.state == HOLDS else ""
            head = (
                f"<b>{escape(each.name)}</b> &rarr; {escape(each.found.label)}: {escape(terms_told(each.found.terms))}"
            )
            told = "<br>".join(map(escape, each.told(labelers=self.labelers)))
            rows = [
                f"<tr><td>{escape(shown.verdict)}</td><td>{escape(shown.gold)}</td><td>{_texts(shown)}</td></tr>"
                for shown in self.examples(each, 1)
            ]
            parts.append(f"<p>{head}{sure}<br>{told}</p><table>{''.join(rows)}</table>")
        return "".join(parts)


def _texts(shown: Shown) -> str:
    """Return an item's texts for a page: those with words, which are marked."""
    found = {span.column for span in shown.spans}
    return "<br>".join(
        f"{escape(name)}: {as_html(shown.texts[name], shown.spans, name)}" for name in shown.texts if name in found
    )


def _row(each: SuggestedLf) -> tuple[object, ...]:
    it, p = each.found, each.found.precision
    head = (each.name, it.label, ", ".join(it.terms), len(it.hits), it.new, it.needy)
    return (*head, p.value, p.low, p.high, it.n, it.base, it.right / it.of_label if it.of_label else None, it.state)
