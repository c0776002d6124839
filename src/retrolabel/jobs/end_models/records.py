"""What a training gave: the model, how it was judged, and what went into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.end_models.model import EndModel
    from retrolabel.gold.agreement import Agreement, Estimate
    from retrolabel.gold.pairing import Pairing


@dataclass(frozen=True)
class Rival:
    """What the model is compared with, on the same gold test items.

    Attributes:
        agreement: Its own figures, over all of them.
        pairing: It and the model: how much more often the model is right.
        covered: On how many of them it says more than what is frequent.
    """

    agreement: Agreement
    pairing: Pairing
    covered: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**figures(self.agreement), "covered": self.covered, "model_gains": self.pairing.as_dict()["gain"]}


@dataclass(frozen=True)
class Judged:
    """The model on gold test, beside the label model and the majority vote; nobody abstains.

    Attributes:
        agreement: The model's figures.
        rivals: ``label_model`` and ``majority_vote``.
        looks: How often anybody has looked at this task's test gold for a label set, with this time.
        several: Test items that gold leaves several labels; they are not judged.
        unheld: Test items that the label set does not hold.
    """

    agreement: Agreement
    rivals: Mapping[str, Rival]
    looks: int
    several: int = 0
    unheld: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return its figures and those of its rivals as plain data."""
        return {**figures(self.agreement), **{name: each.as_dict() for name, each in self.rivals.items()}}


@dataclass(frozen=True)
class Material:
    """What a model was trained on.

    Attributes:
        items: Items that were fitted.
        uncovered: Items that no labeling function voted on; they stay out.
        gold: Items with human labels of any role; they stay out.
        near_test: Items that are near copies of test items; they stay out.
        textless: Items without any text; they stay out.
        left: Items that stay out because there are more than asked for; chosen by a fixed rule.
    """

    items: int
    uncovered: int
    gold: int
    near_test: int
    textless: int
    left: int

    def as_dict(self) -> dict[str, int]:
        """Return it as plain data."""
        return dict(vars(self))


@dataclass(frozen=True, eq=False, repr=False)
class Training:
    """What a training gave.

    Attributes:
        model: The model.
        id: The first 32 digits of the hash of its bytes.
        content: Its bytes.
        label_set: The label set that it was trained on.
        material: What went into it.
        newest: How often a model of the older four fifths says what the label set says of the newest fifth; ``None``
            where items have no time, or are too few.
        newest_items: How many items that is over.
        dev: How many dev gold items the temperature was fitted to.
        judged: The figures on gold test; ``None`` without any.
        why_not: Why there are none, and what helps.
        on_dev: The figures on dev gold, which it was not trained on either; ``None`` without any.
        looks: How often anybody has looked at the task's test gold by now; ``None`` where nobody counted.
        trial: Whether it was trained to try something, so that it is asked by its name alone.
    """

    model: EndModel
    id: str
    content: bytes
    label_set: str
    material: Material
    newest: Estimate | None
    newest_items: int
    dev: int
    judged: Judged | None
    why_not: tuple[str, str] = ("", "")
    on_dev: Judged | None = None
    looks: int | None = None
    trial: bool = False

    def __repr__(self) -> str:
        """Return the model and its accuracy."""
        right = (
            f"right on {self.judged.agreement.accuracy} of {self.judged.agreement.n:,}" if self.judged else "unjudged"
        )
        return f"Training({self.model.about['task']} model {self.id[:12]} on {self.label_set[:12]}; {right})"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what ``train --json`` prints."""
        judged = self.judged
        rivals = judged.rivals if judged is not None else {}
        return {
            "task": self.model.about["task"],
            "label_set": self.label_set,
            "schema_version": self.model.about["schema_version"],
            "test": figures(judged.agreement) if judged is not None else None,
            **{name: rivals[name].as_dict() if name in rivals else None for name in ("label_model", "majority_vote")},
            "test_looks": self.looks,
            "test_left_out": {"several_labels": judged.several, "not_in_label_set": judged.unheld} if judged else None,
            "why_no_test": " ".join(filter(None, self.why_not)) or None,
            "dev": None if self.on_dev is None else self.on_dev.as_dict(),
            "newest": None
            if self.newest is None
            else {"value": self.newest.value, "low": self.newest.low, "high": self.newest.high, "n": self.newest_items},
            "trained_on": self.material.as_dict(),
            "temperature": self.model.linear.degrees,
            "temperature_gold": self.dev,
            "trial": self.trial,
            "model": self.id,
        }


def figures(found: Agreement) -> dict[str, Any]:
    """Return accuracy with its interval, and macro-F1, as plain data."""
    right = found.accuracy
    return {
        "n": found.n,
        "accuracy": right.value,
        "low": right.low,
        "high": right.high,
        "macro_f1": found.macro_f1.value,
        "macro_f1_low": found.macro_f1.low,
        "macro_f1_high": found.macro_f1.high,
    }
