"""Items that are shown of a gap or a conflict: their votes, what is known of them, and the words to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.marked_texts import as_html
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrolabel.analysis.trying.values import Ground
    from retrolabel.labeling.words import Span


@dataclass(frozen=True)
class Example:
    """An item as it is shown.

    Attributes:
        source: Its source.
        item_id: The item.
        gold: What dev gold leaves, ``slow|wrong``; empty where there is none.
        label: What the newest label set says; empty where it says nothing.
        probability: How sure that one is; ``None`` where it says nothing.
        texts: Column -> value as text.
        votes: Labeling function -> its vote.
        words: Labeling function, or term -> its words in the texts.
        alike: How many items say the very same.
    """

    source: str
    item_id: str
    gold: str
    label: str
    probability: float | None
    texts: Mapping[str, str]
    votes: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    alike: int = 1

    @property
    def spans(self) -> list[Span]:
        """All words of it that are marked."""
        return [span for spans in self.words.values() for span in spans]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "source": self.source,
            "item_id": self.item_id,
            "gold": self.gold.split("|") if self.gold else None,
            "label": self.label or None,
            "probability": self.probability,
            "texts": dict(self.texts),
            "votes": {lf: vote.split("|") for lf, vote in self.votes.items()},
            "words": {of: [span._asdict() for span in spans] for of, spans in self.words.items()},
            "alike": self.alike,
        }

    def as_html(self) -> str:
        """Return its texts for a page, with the words marked."""
        return "<br>".join(f"{escape(name)}: {as_html(text, self.spans, name)}" for name, text in self.texts.items())


@dataclass(frozen=True, eq=False)
class Items:
    """n items that are looked at, and how more of them is asked for.

    Attributes:
        keys: (source, item id) of each.
        reads: Labeling function -> the columns that it reads.
        values: A row and columns -> column -> value as text, where there is one.
        words: A labeling function and a row -> the words that made it vote.
    """

    keys: Sequence[tuple[str, str]]
    reads: Mapping[str, Sequence[str]]
    values: Callable[[int, Sequence[str]], Mapping[str, str]]
    words: Callable[[str, int], Sequence[Span]]

    def example(  # noqa: PLR0913 - an item, and what is shown of it
        self,
        row: int,
        ground: Ground,
        *,
        columns: Sequence[str],
        lfs: Iterable[str] = (),
        words: Mapping[str, Sequence[Span]],
        alike: int = 1,
    ) -> Example:
        """Return an item as it is shown.

        Args:
            row: Its place.
            ground: What is known of the items.
            columns: The columns that are shown.
            lfs: The labeling functions whose votes are shown, where they vote.
            words: The words that are marked.
            alike: How many say the same.
        """
        votes, said = ground.others, int(ground.said[row])
        names = symbol_names(votes.symbols, votes.labels)
        codes = {lf: int(votes.codes[row, votes.voters.index(lf)]) for lf in lfs}
        return Example(
            *self.keys[row],
            "|".join(np.asarray(ground.labels)[ground.gold[row]].tolist()),
            ground.labels[said] if said >= 0 else "",
            float(ground.sure[row]) if said >= 0 else None,
            self.values(row, columns),
            {lf: names[code - 1] for lf, code in codes.items() if code},
            words,
            alike,
        )

    def distinct(self, rows: Iterable[int], columns: Sequence[str], most: int) -> list[tuple[int, int]]:
        """Return the first rows whose values differ, and how many of those looked at say the same as each.

        Args:
            rows: The rows, in the order in which they are shown; not all are looked at.
            columns: The columns of these values.
            most: How many.
        """
        seen: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for row in rows:
            said = tuple(self.values(row, columns).items())
            if said not in seen and len(seen) == most:
                break
            seen.setdefault(said, []).append(row)
        return [(same[0], len(same)) for same in seen.values()]
