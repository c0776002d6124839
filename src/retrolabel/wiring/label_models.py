"""The label models that can be named: in the settings, and with ``--label-model``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import SettingsError, did_you_mean
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.snorkel import SnorkelLabelModel
from retrolabel.label_models.weighted_vote import WeightedVote

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.label_models.protocol import LabelModelProtocol

LABEL_MODELS: dict[str, Callable[[], LabelModelProtocol]] = {
    "label_model": LabelModel,
    "majority_vote": MajorityVote.smoothed,
    "weighted_vote": WeightedVote,
    "dawid_skene": DawidSkene,
    "snorkel": SnorkelLabelModel,
    "auto": AutoLabelModel,
}


def label_model_named(name: str) -> LabelModelProtocol:
    """Return a label model with its defaults, by its name.

    Raises:
        SettingsError: There is none of that name; those that there are.

    Example:
        >>> label_model_named("auto").name
        'auto'
    """
    if name not in LABEL_MODELS:
        raise SettingsError(
            f"There is no label model {name!r}.{did_you_mean(name, LABEL_MODELS)} Known: {', '.join(LABEL_MODELS)}.",
            remedy="--label-model NAME, or label_model in the settings",
        )
    return LABEL_MODELS[name]()
