"""The same label model for fewer voters: what its settings say of the others is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.label_model import LabelModel

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrolabel.label_models.protocol import LabelModelProtocol


def among(model: LabelModelProtocol, voters: Collection[str]) -> LabelModelProtocol:
    """Return a label model whose settings name these voters only.

    Args:
        model: The unfitted label model.
        voters: The voters that there are.

    Example:
        >>> among(LabelModel(dependence={"a": 1.0, "b": 0.5}, tied=["b"]), ["a"]).settings()["dependence"]
        {'a': 1.0}
    """
    if isinstance(model, AutoLabelModel):
        return replace(model, candidates=tuple(among(each, voters) for each in model.candidates))
    if not isinstance(model, LabelModel):
        return model
    return replace(
        model,
        base_precision=_of(model.base_precision, voters)
        if isinstance(model.base_precision, Mapping)
        else model.base_precision,
        dependence=_of(model.dependence, voters) if isinstance(model.dependence, Mapping) else model.dependence,
        tied=[voter for voter in model.tied if voter in voters],
    )


def _of(settings: Mapping[str, float], voters: Collection[str]) -> dict[str, float]:
    return {voter: value for voter, value in settings.items() if voter in voters}
