"""An unfitted label model from the settings that a label set was made with, so that it can be fitted again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from retrolabel.errors import VoteError
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.snorkel import SnorkelLabelModel
from retrolabel.label_models.weighted_vote import WeightedVote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from retrolabel.label_models.protocol import LabelModelProtocol

NUMERICS = frozenset({"numerics", "snorkel", "torch"})
"""The settings that say which code does the numerics; nobody chooses them."""
OF_SCHEMA = frozenset({"ranks", "without_gold"})
"""The settings that a schema version gives, where nobody else does."""
MODELS: Mapping[str, Callable[..., LabelModelProtocol]] = {
    "label_model": LabelModel,
    "majority_vote": MajorityVote,
    "weighted_vote": WeightedVote,
    "dawid_skene": DawidSkene,
    "snorkel": SnorkelLabelModel,
}


def from_settings(settings: Mapping[str, Any]) -> LabelModelProtocol:
    """Return the label model that has these settings.

    Its numerics are those of this version of retrolabel; ``settings()`` of what is returned says which.

    Args:
        settings: What ``settings()`` of a label model said.

    Raises:
        VoteError: There is no label model of that name, or it has no such settings.

    Example:
        >>> from_settings(LabelModel(shrinkage=2.0).settings())  == LabelModel(shrinkage=2.0)
        True
    """
    name = str(settings.get("name"))
    if name == "auto":
        return AutoLabelModel(candidates=tuple(from_settings(each) for each in settings["candidates"]))
    if name not in MODELS:
        raise VoteError(f"There is no label model {name!r}.", remedy=f"known: {', '.join([*MODELS, 'auto'])}")
    made = MODELS[name]
    known = {each.name for each in fields(made) if each.init}  # type: ignore[arg-type]  # all are dataclasses
    strange = settings.keys() - known - NUMERICS - {"name"}
    if strange:
        raise VoteError(f"The label model {name!r} has no settings {', '.join(sorted(strange))}.")
    return made(**{each: settings[each] for each in known if each in settings})


def without(settings: Mapping[str, Any], left_out: Collection[str]) -> dict[str, Any]:
    """Return settings without some of them, those of the candidates of ``auto`` too.

    Example:
        >>> sorted(without(MajorityVote().settings(), NUMERICS))
        ['name', 'smoothing']
    """
    kept = {key: value for key, value in settings.items() if key not in left_out}
    if "candidates" in kept:
        kept["candidates"] = [without(each, left_out) for each in kept["candidates"]]
    return kept
