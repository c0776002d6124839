"""What a version asks of its labels beside their meaning: which go together, how well they must agree with gold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from retrolabel.errors import SchemaError
from retrolabel.schema.labels import Label, label_id

if TYPE_CHECKING:
    from collections.abc import Iterable

Coefficient = Literal["accuracy", "macro_f1", "kappa"]


@dataclass(frozen=True, init=False)
class Constraint:
    """Which labels of a ``multilabel`` version may, or must, hold of one item together."""

    labels: tuple[str, ...]

    def __init__(self, labels: Iterable[Label | str]) -> None:
        object.__setattr__(self, "labels", tuple(dict.fromkeys(label_id(label) for label in labels)))
        if len(self.labels) < 2:  # noqa: PLR2004 - a rule about one label is no rule
            raise SchemaError(f"{type(self).__name__} is about two labels or more, not {list(self.labels)}.")

    def violation(self, present: frozenset[str]) -> str | None:
        """Return what is wrong with these labels together, or ``None``."""
        raise NotImplementedError

    def describe(self) -> dict[str, object]:
        """Return the constraint as plain data."""
        return {"constraint": type(self).__name__, "labels": list(self.labels)}

    def canonical(self) -> dict[str, object]:
        """Return the constraint as plain data, the same for all ways to write it."""
        return {"constraint": type(self).__name__, "labels": sorted(self.labels)}


class AtLeastOne(Constraint):
    """One of the labels holds, or several.

    Example:
        >>> AtLeastOne(["joy", "fear", "neutral"]).violation(frozenset())
        'none of joy, fear, neutral holds'
    """

    def violation(self, present: frozenset[str]) -> str | None:
        """Return what is wrong with these labels together, or ``None``."""
        return None if present & set(self.labels) else f"none of {', '.join(self.labels)} holds"


class AtMostOne(Constraint):
    """Two of the labels never hold together.

    Example:
        >>> AtMostOne(["joy", "neutral"]).violation(frozenset({"joy", "neutral"}))
        'joy and neutral exclude each other'
    """

    def violation(self, present: frozenset[str]) -> str | None:
        """Return what is wrong with these labels together, or ``None``."""
        both = [label for label in self.labels if label in present]
        return f"{' and '.join(both)} exclude each other" if len(both) > 1 else None


class Implies(Constraint):
    """Where the first label holds, all others do.

    Example:
        >>> Implies(["grief", "sadness"]).violation(frozenset({"grief"}))
        'grief holds without sadness'
    """

    def violation(self, present: frozenset[str]) -> str | None:
        """Return what is wrong with these labels together, or ``None``."""
        first, *others = self.labels
        missing = [label for label in others if label not in present]
        return f"{first} holds without {', '.join(missing)}" if first in present and missing else None

    def canonical(self) -> dict[str, object]:
        """Return the constraint as plain data, the same for all ways to write it."""
        first, *others = self.labels
        return {"constraint": type(self).__name__, "labels": [first, *sorted(others)]}


@dataclass(frozen=True)
class AgreementTarget:
    """How well labels must agree with gold before they are good enough.

    Args:
        coefficient: ``accuracy``, ``macro_f1`` or ``kappa``, over covered gold items.
        threshold: What its 95 % interval has to lie above, as a whole, before the target is met.
        minimum_n: The number of covered gold items below which nothing is said.

    Raises:
        SchemaError: The coefficient is unknown, the threshold is not between 0 and 1, or n is below 1.

    Example:
        >>> target = AgreementTarget("kappa", 0.6, minimum_n=100)
        >>> target.verdict(low=0.62, high=0.7, n=250), target.verdict(low=0.55, high=0.7, n=250)
        ('met', 'open')
        >>> target.verdict(low=0.4, high=0.5, n=250), target.verdict(low=0.62, high=0.7, n=20)
        ('missed', 'too few')
    """

    coefficient: Coefficient
    threshold: float
    minimum_n: int = 1

    def __post_init__(self) -> None:
        """Check the three."""
        if self.coefficient not in get_args(Coefficient):
            known = ", ".join(get_args(Coefficient))
            raise SchemaError(f"An agreement target is about one of {known}, not {self.coefficient!r}.")
        if not (_is_number(self.threshold) and 0 <= self.threshold <= 1):
            raise SchemaError(f"An agreement target lies between 0 and 1, not at {self.threshold!r}.")
        if not (_is_number(self.minimum_n) and self.minimum_n >= 1):
            raise SchemaError(f"An agreement target needs minimum_n of 1 or more, not {self.minimum_n!r}.")

    def verdict(self, *, low: float, high: float, n: int) -> str:
        """Return ``met``, ``missed``, ``open`` (the interval holds the threshold) or ``too few``."""
        if n < self.minimum_n:
            return "too few"
        if low >= self.threshold:
            return "met"
        return "missed" if high < self.threshold else "open"

    def describe(self) -> dict[str, object]:
        """Return the target as plain data."""
        return {"coefficient": self.coefficient, "threshold": self.threshold, "minimum_n": self.minimum_n}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
