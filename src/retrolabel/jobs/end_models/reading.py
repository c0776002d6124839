"""What a model reads of the items: which columns, and how each becomes numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.end_models.blocks import learned_block
from retrolabel.end_models.encoders import ENCODED, TEXT, TOKENS, Wanted
from retrolabel.end_models.features import TextFeatures, beside, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

    from retrolabel.end_models.blocks import Block

OF_TEXTS = (TEXT, ENCODED, TOKENS)
"""The kinds of features that are made of texts."""


class Learned(NamedTuple):
    """How items become numbers, and the items that were trained on as these.

    Attributes:
        features: The words and characters of texts.
        blocks: What is read beside them.
        numbers: float [n, features], sparse.
        told: What the settings of the model say of it; nothing where it reads texts alone.
    """

    features: TextFeatures
    blocks: tuple[Block, ...]
    numbers: csr_matrix
    told: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a model reads.

    Attributes:
        columns: The columns of the model.
        wanted: What is read of them.
        texts: The columns by whose texts an item is known again: those of the model, else those that labeling
            functions read.
    """

    columns: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, columns: Sequence[str], wanted: Sequence[Wanted], texts: Sequence[str]) -> Reading:
        """Return what a model reads.

        Args:
            columns: Its columns.
            wanted: What is read of them; words and characters if empty.
            texts: The columns with texts that labeling functions read.
        """
        made = tuple(wanted) or tuple(Wanted(TEXT, column) for column in columns)
        own = tuple(dict.fromkeys(each.column for each in made if each.kind in OF_TEXTS))
        return cls(tuple(columns), made, own or tuple(texts))

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns of the model, and after them those by which items are known again."""
        return tuple(dict.fromkeys((*self.columns, *self.texts)))

    @property
    def reads_texts(self) -> bool:
        """Whether the model reads texts."""
        return any(each.kind in OF_TEXTS for each in self.wanted)

    def text(self, cells: Sequence[object]) -> str:
        """Return the texts of an item by which it is known again.

        Args:
            cells: Its cells, one for each of ``all_columns``.
        """
        return joined([cells[place] for place in self._places])

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """The places of ``texts`` among ``all_columns``."""
        return tuple(map(self.all_columns.index, self.texts))

    def learned(self, items: Sequence[Sequence[object]]) -> Learned:
        """Return how items become numbers, and these items as those.

        Args:
            items: For each item its cells, one for each of ``columns``.

        Raises:
            InputError: Values cannot be read, or there are none.
        """
        places = [self.columns.index(each.column) for each in self.wanted]
        words = [place for place, each in zip(places, self.wanted, strict=True) if each.kind == TEXT]
        features, numbers = TextFeatures.learned(items, columns=words)
        rest = [(each, place) for place, each in zip(places, self.wanted, strict=True) if each.kind != TEXT]
        made = [learned_block(each, place, items) for each, place in rest]
        if not made:
            return Learned(features, (), numbers, {})
        whole = beside([numbers, *(part for _, part in made)], len(items))
        return Learned(features, tuple(block for block, _ in made), whole, {"features": self.told})

    @property
    def told(self) -> list[str]:
        """What is read, for people: ``text of comment``, ``number stars``, ``spacy:de of comment``."""
        return [
            f"{each.encoder.name} of {each.column}"
            if each.encoder is not None
            else f"{each.kind} {'of ' if each.kind == TEXT else ''}{each.column}"
            for each in self.wanted
        ]
