"""What makes vectors, or words, of texts; it is given, and never looked for here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

TEXT, NUMBER, VECTOR, ENCODED, TOKENS = "text", "number", "vector", "encoded", "tokens"
"""The kinds of features: words and characters, a number, a vector, an encoder's vector, an encoder's words."""


class Encoder(Protocol):
    """What makes vectors, or words, of texts: a pipeline of spaCy, a model of model2vec.

    Attributes:
        name: How it is asked for, as ``spacy:de``.
        identity: The hash of what it is made of.
        gives: ``encoded``, where it gives vectors; else ``tokens``.
    """

    @property
    def name(self) -> str:
        """How it is asked for."""

    @property
    def identity(self) -> str:
        """The hash of what it is made of."""

    @property
    def gives(self) -> str:
        """``encoded`` or ``tokens``."""

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return a vector for each text, float [n, d]."""

    def words(self, texts: Sequence[str]) -> list[str]:
        """Return the words of each text, with a space between them."""


class Wanted(NamedTuple):
    """Features that a model is to read.

    Attributes:
        kind: ``text``: words and characters, or vectors where the column holds them; ``number``; ``encoded``: what an
            encoder makes of texts.
        column: The column.
        encoder: The encoder.
    """

    kind: str
    column: str
    encoder: Encoder | None = None


@dataclass(frozen=True, eq=False)
class Named:
    """An encoder that is looked for when it is first needed, and refused where it is another one.

    Attributes:
        name: How it is asked for.
        identity: What it was when the model was trained.
        find: Looks for it; ``None`` where nothing here can.
    """

    name: str
    identity: str
    find: Callable[[str], Encoder] | None = None

    @cached_property
    def found(self) -> Encoder:
        """The encoder.

        Raises:
            InputError: It is another one than the model was trained with, or nothing here can look for it.
        """
        if self.find is None:
            raise InputError(f"The model reads texts by {self.name}, which is not looked for here.")
        encoder = self.find(self.name)
        if encoder.identity != self.identity:
            raise InputError(
                f"{self.name} is not what the model was trained with: it is {encoder.identity[:12]}, and was"
                f" {self.identity[:12]}.",
                remedy="put the one of then in its place, or train again: retrolabel train TASK",
            )
        return encoder
