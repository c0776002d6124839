"""Features beside the words of texts: numbers, vectors, and what an encoder makes of texts.

Each dimension is taken as its distance from the mean in standard deviations, five at most. Those of a vector are
divided by the root of how many there are, so that a vector is about as long as the words of a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.end_models.cells import as_number, as_vector, is_missing
from retrolabel.end_models.encoders import ENCODED, NUMBER, TOKENS, VECTOR, Named
from retrolabel.end_models.features import MOST, READ, joined, learned_terms, terms_in
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    from retrolabel.end_models.encoders import Encoder, Wanted

    Array = npt.NDArray[np.float64]

FARTHEST = 5.0
"""Standard deviations from the mean beyond which a number is no larger."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """Numbers of one column: themselves, a vector, or the vector that an encoder makes of a text.

    Attributes:
        kind: ``number``, ``vector`` or ``encoded``.
        place: The place of its column among those of the model.
        column: The column's name.
        mean: float [d].
        scale: float [d]: the standard deviation of each; 1 where nothing varies.
        holes: Whether values were missing in what was trained on: then it is a feature that one is.
        encoder: What makes vectors of texts; ``None`` where none does.
    """

    kind: str
    place: int
    column: str
    mean: Array
    scale: Array
    holes: bool
    encoder: Named | None = None

    @classmethod
    def learned(cls, wanted: Wanted, place: int, items: Sequence[Sequence[object]]) -> tuple[Scaled, csr_matrix]:
        """Return the features of some items, and the items as those.

        Args:
            wanted: What is read.
            place: The place of its column.
            items: For each item its cells.

        Raises:
            InputError: No item has a value, or some cannot be read.
        """
        encoder = None
        if wanted.encoder is not None:
            found = wanted.encoder
            encoder = Named(found.name, found.identity, lambda _: found)
        bare = cls(wanted.kind, place, wanted.column, np.zeros(0), np.ones(0), holes=False, encoder=encoder)
        raw = bare.raw(items)
        known = np.asarray(np.isfinite(raw).all(axis=1), np.bool_)
        if not known.any():
            raise InputError(f"No item that is trained on has a value in {wanted.column}.")
        deviation = raw[known].std(axis=0)
        block = cls(
            wanted.kind,
            place,
            wanted.column,
            raw[known].mean(axis=0),
            np.where(deviation > 0, deviation, 1.0),
            holes=not bool(known.all()),
            encoder=encoder,
        )
        return block, block.scaled(raw)

    @property
    def size(self) -> int:
        """How many numbers an item has."""
        return len(self.mean) + self.holes

    def transform(self, items: Sequence[Sequence[object]]) -> csr_matrix:
        """Return the features of items, float [n, size], sparse.

        Args:
            items: For each item its cells.

        Raises:
            InputError: Values cannot be read.
        """
        return self.scaled(self.raw(items))

    def scaled(self, raw: Array) -> csr_matrix:
        """Return numbers as distances from the mean; what is missing lies at the mean.

        Args:
            raw: float [n, d]: what :meth:`raw` gave.
        """
        from scipy.sparse import csr_matrix  # noqa: PLC0415 - slow to import

        known = np.asarray(np.isfinite(raw).all(axis=1), np.bool_)
        with np.errstate(invalid="ignore"):
            far = np.clip((raw - self.mean) / self.scale, -FARTHEST, FARTHEST) / np.sqrt(max(len(self.mean), 1))
        found = np.where(known[:, None], far, 0.0)
        return csr_matrix(np.column_stack([found, ~known]) if self.holes else found)

    def raw(self, items: Sequence[Sequence[object]]) -> Array:
        """Return what the items' cells hold, float [n, d]; NaN where a value is missing.

        Args:
            items: For each item its cells.

        Raises:
            InputError: Values cannot be read.
        """
        cells = [item[self.place] if self.place < len(item) else None for item in items]
        if self.kind == ENCODED:
            return self._encoded(cells)
        read = as_number if self.kind == NUMBER else as_vector
        values: list[Any] = []
        broken: list[object] = []
        for cell in cells:
            try:
                values.append(None if is_missing(cell) else read(cell))
            except (TypeError, ValueError):
                broken.append(cell)
        if broken:
            raise self._unreadable(broken)
        if self.kind == NUMBER:
            return np.array([[np.nan if each is None else each] for each in values], np.float64).reshape(-1, 1)
        return self._stacked(values)

    def _stacked(self, values: Sequence[Any]) -> Array:
        lengths = [len(each) for each in values if each is not None]
        width = len(self.mean) or max(sorted(set(lengths)), key=lengths.count, default=1)
        odd = [length for length in lengths if length != width]
        if odd:
            raise InputError(
                f"{self.column} holds vectors of {width} numbers, and {counted(len(odd), 'item')} one of {odd[0]}.",
                remedy="vectors of one model have one length",
            )
        nothing = np.full(width, np.nan)
        return np.array([nothing if each is None else each for each in values], np.float64).reshape(-1, width)

    def _encoded(self, cells: Sequence[object]) -> Array:
        if self.encoder is None:
            raise InputError(f"Nothing makes vectors of {self.column}.")
        texts = [joined([cell])[:READ] for cell in cells]
        found = np.asarray(self.encoder.found.vectors(texts), np.float64)
        found = found.reshape(len(texts), -1) if texts else np.zeros((0, len(self.mean)))
        found[[not text.strip() for text in texts]] = np.nan
        return found

    def _unreadable(self, broken: Sequence[object]) -> InputError:
        is_number = self.kind == NUMBER
        lacks = f"{'has' if len(broken) == 1 else 'have'} no {'number' if is_number else 'vector'}"
        return InputError(
            f"{counted(len(broken), 'item')} {lacks} in {self.column}: {broken[0]!r:.60}.",
            remedy="mend them, or leave them empty" if is_number else "a vector is a list of numbers, as [0.1, -2]",
        )

    def told(self) -> dict[str, Any]:
        """Return what is no array of it, as plain data."""
        encoder = None if self.encoder is None else [self.encoder.name, self.encoder.identity]
        return {"kind": self.kind, "place": self.place, "column": self.column, "holes": self.holes, "encoder": encoder}

    def arrays(self) -> dict[str, Array]:
        """Return its arrays."""
        return {"mean": self.mean, "scale": self.scale}


@dataclass(frozen=True, eq=False)
class Words:
    """TF-IDF of the words that an encoder finds in a text, one and two in a row: lemmas, or words as they are spelt.

    Attributes:
        place: The place of its column among those of the model.
        column: The column's name.
        terms: The words, sorted.
        weights: float [terms]: the inverse document frequency of each.
        encoder: What finds words.
    """

    place: int
    column: str
    terms: tuple[str, ...]
    weights: Array
    encoder: Named

    @classmethod
    def learned(cls, wanted: Wanted, place: int, items: Sequence[Sequence[object]]) -> tuple[Words, csr_matrix]:
        """Return the features of some items, and the items as those.

        Args:
            wanted: What is read, with its encoder.
            place: The place of its column.
            items: For each item its cells.

        Raises:
            InputError: No text has a word.
        """
        found: Any = wanted.encoder
        encoder = Named(found.name, found.identity, lambda _: found)
        texts = cls(place, wanted.column, (), np.zeros(0), encoder).texts(items)
        made = learned_terms(TOKENS, texts, MOST)
        if made is None:
            raise InputError(f"No item that is trained on has a word in {wanted.column}.")
        terms, weights, numbers = made
        return cls(place, wanted.column, terms, weights, encoder), numbers

    @property
    def size(self) -> int:
        """How many numbers an item has."""
        return len(self.terms)

    def transform(self, items: Sequence[Sequence[object]]) -> csr_matrix:
        """Return the features of items, float [n, size], sparse.

        Args:
            items: For each item its cells.
        """
        return terms_in(TOKENS, self.texts(items), self.terms, self.weights)

    def texts(self, items: Sequence[Sequence[object]]) -> list[str]:
        """Return the words of each item.

        Args:
            items: For each item its cells.
        """
        return self.encoder.found.words([joined(item[self.place : self.place + 1])[:READ] for item in items])

    def told(self) -> dict[str, Any]:
        """Return what is no array of it, as plain data."""
        encoder = [self.encoder.name, self.encoder.identity]
        return {"kind": TOKENS, "place": self.place, "column": self.column, "terms": self.terms, "encoder": encoder}

    def arrays(self) -> dict[str, Array]:
        """Return its arrays."""
        return {"weights": self.weights}


Block = Scaled | Words
ARRAYS = {NUMBER: ("mean", "scale"), VECTOR: ("mean", "scale"), ENCODED: ("mean", "scale"), TOKENS: ("weights",)}
"""The names of the arrays of each kind."""


def learned_block(wanted: Wanted, place: int, items: Sequence[Sequence[object]]) -> tuple[Block, csr_matrix]:
    """Return the features of some items beside the words of texts, and the items as those.

    Args:
        wanted: What is read.
        place: The place of its column.
        items: For each item its cells.

    Raises:
        InputError: No item has a value, or some cannot be read.
    """
    return (Words if wanted.kind == TOKENS else Scaled).learned(wanted, place, items)


def stored_block(
    told: Mapping[str, Any], arrays: Mapping[str, Any], find: Callable[[str], Encoder] | None = None
) -> Block:
    """Return the block that ``told()`` and ``arrays()`` of one gave.

    Args:
        told: What is no array of it.
        arrays: Its arrays.
        find: Looks for an encoder.
    """
    encoder = None if told["encoder"] is None else Named(str(told["encoder"][0]), str(told["encoder"][1]), find)
    place, column = int(told["place"]), str(told["column"])
    if told["kind"] == TOKENS and encoder is not None:
        return Words(place, column, tuple(told["terms"]), arrays["weights"], encoder)
    return Scaled(told["kind"], place, column, arrays["mean"], arrays["scale"], bool(told["holes"]), encoder)
