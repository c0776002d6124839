"""Label models of ordered labels: the schema's ranks reach the models that take them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.label_model import LabelModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.label_models.protocol import LabelModelProtocol


def with_ranks(model: LabelModelProtocol, ranks: Sequence[float]) -> LabelModelProtocol:
    """Return the label model with the places of ordered labels; one that takes none comes back as it is.

    Ranks that the model was given by hand stay.

    Args:
        model: The unfitted label model.
        ranks: k different numbers, in the order of the labels.

    Raises:
        VoteError: The ranks are not different, finite numbers.

    Example:
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> with_ranks(LabelModel(), [1, 2, 4]).settings()["ranks"]
        [1.0, 2.0, 4.0]
        >>> with_ranks(MajorityVote(), [1, 2, 4])
        MajorityVote(smoothing=0.0, name='majority_vote')
    """
    if isinstance(model, LabelModel) and model.ranks is None:
        return replace(model, ranks=ranks)
    if isinstance(model, AutoLabelModel):
        return replace(model, candidates=tuple(with_ranks(each, ranks) for each in model.candidates))
    return model
