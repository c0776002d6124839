"""What a schema version tells a label model: the places of ordered labels, and how probable each is at first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.label_model import LabelModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.label_models.protocol import LabelModelProtocol


def with_schema(
    model: LabelModelProtocol, *, ranks: Sequence[float] | None = None, without_gold: Sequence[float] | None = None
) -> LabelModelProtocol:
    """Return the label model with what a schema version says; one that takes none of it comes back as it is.

    What the model was given by hand stays.

    Args:
        model: The unfitted label model.
        ranks: k different numbers, the places of ordered labels.
        without_gold: k probabilities of the labels where there is no gold.

    Raises:
        VoteError: The ranks are not different, finite numbers; the probabilities are none.

    Example:
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> with_schema(LabelModel(), ranks=[1, 2, 4]).settings()["ranks"]
        [1.0, 2.0, 4.0]
        >>> with_schema(MajorityVote(), ranks=[1, 2, 4])
        MajorityVote(smoothing=0.0, name='majority_vote')
    """
    if isinstance(model, LabelModel):
        return replace(
            model,
            ranks=ranks if model.ranks is None else model.ranks,
            without_gold=without_gold if model.without_gold is None else model.without_gold,
        )
    if isinstance(model, AutoLabelModel):
        candidates = (with_schema(each, ranks=ranks, without_gold=without_gold) for each in model.candidates)
        return replace(model, candidates=tuple(candidates))
    return model
