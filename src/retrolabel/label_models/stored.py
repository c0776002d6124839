"""A fitted label model from what a label set keeps of it, so that nothing is fitted again to explain a label.

``parameters()`` of a fitted model is written beside its labels. Together with the settings it holds all that
``predict_proba`` needs: the probabilities come out the same to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import StoreError
from retrolabel.label_models.auto import FittedAuto
from retrolabel.label_models.dawid_skene import FittedDawidSkene
from retrolabel.label_models.fitted import FittedLabelModel as Fitted
from retrolabel.label_models.fitting import GOLD_SILENCE
from retrolabel.label_models.majority import FittedMajorityVote
from retrolabel.label_models.weighted_vote import FittedWeightedVote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.label_models.protocol import FittedLabelModel


def from_parameters(
    settings: Mapping[str, Any], parameters: Mapping[str, Any], *, labels: Sequence[str], voters: Sequence[str]
) -> FittedLabelModel:
    """Return the fitted model that gave these parameters.

    Args:
        settings: What ``settings()`` of the unfitted model said.
        parameters: What ``parameters()`` of the fitted one said.
        labels: The k label ids, in the order of the probabilities.
        voters: The m voters, in the order of the votes.

    Raises:
        StoreError: The parameters of this label model are not all kept (Snorkel's), or are of another form.

    Example:
        >>> from retrolabel.label_models.label_model import LabelModel
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 0], [0, 1], [1, -1]], labels=2)
        >>> fitted = LabelModel().fit(votes)
        >>> again = from_parameters(
        ...     LabelModel().settings(), fitted.parameters(), labels=votes.labels, voters=votes.voters
        ... )
        >>> bool((again.predict_proba(votes) == fitted.predict_proba(votes)).all())
        True
    """
    name = str(settings.get("name"))
    known: dict[str, Callable[..., FittedLabelModel]] = {
        "label_model": _label_model,
        "weighted_vote": _weighted_vote,
        "dawid_skene": _dawid_skene,
        "majority_vote": _majority_vote,
        "auto": _auto,
    }
    if name not in known:
        raise StoreError(
            f"What the label model {name!r} learned is not kept whole, so it cannot be asked again.",
            remedy=f"label sets made by {', '.join(known)} can be explained",
        )
    try:
        return known[name](settings, parameters, tuple(labels), tuple(voters))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, StopIteration) as error:
        raise StoreError(
            f"What the label model {name!r} learned is stored in another form: {type(error).__name__}: {error}.",
            remedy="make the label set again with this version of retrolabel",
        ) from error


def _label_model(
    settings: Mapping[str, Any], parameters: Mapping[str, Any], labels: tuple[str, ...], voters: tuple[str, ...]
) -> Fitted:
    degrees = _number(parameters["temperature"], "temperature")
    if not degrees:
        raise ValueError("temperature is 0")
    # What was stored before silence was: with gold it counted, and then no temperature is just 1.
    silence = _number(parameters.get("silence", 0.0 if degrees == 1.0 else GOLD_SILENCE), "silence")
    return Fitted(
        labels,
        voters,
        _by_name(parameters["prior"], labels),
        _given(parameters, labels),
        dict(base) if isinstance(base := settings["base_precision"], Mapping) else float(base),
        int(parameters["iterations"]),
        converged=bool(parameters["converged"]),
        items=_number(parameters["items"], "items"),
        weights=_by_name(parameters["weights"], voters),
        silence=silence,
        ranks=tuple(settings["ranks"]) if settings.get("ranks") is not None else None,
        shared={(pair["lfs"][0], pair["lfs"][1]): float(pair["share"]) for pair in parameters["shared"]},
        degrees=degrees,
        at_prior=bool(settings.get("at_prior", False)),
        faint={
            (str(vote["lf"]), symbol): _number(vote["faint"], "faint")
            for vote, symbol in zip(parameters["votes"], _symbols(parameters, labels), strict=True)
            if "faint" in vote
        },
        error_correlation=_number(parameters.get("error_correlation", 0.0), "error_correlation"),
        unvoted=_by_name(parameters["unvoted"], labels) if "unvoted" in parameters else None,
    )


def _weighted_vote(
    _: Mapping[str, Any], parameters: Mapping[str, Any], labels: tuple[str, ...], voters: tuple[str, ...]
) -> FittedWeightedVote:
    return FittedWeightedVote(labels, voters, _by_name(parameters["precision"], voters))


def _dawid_skene(
    _: Mapping[str, Any], parameters: Mapping[str, Any], labels: tuple[str, ...], voters: tuple[str, ...]
) -> FittedDawidSkene:
    prior, iterations = _by_name(parameters["prior"], labels), int(parameters["iterations"])
    together = _number(parameters.get("error_correlation", 0.0), "error_correlation")
    start = bool(parameters.get("start", False))
    return FittedDawidSkene(labels, voters, prior, _given(parameters, labels), iterations, together, start=start)


def _majority_vote(
    settings: Mapping[str, Any], _: Mapping[str, Any], labels: tuple[str, ...], __: tuple[str, ...]
) -> FittedMajorityVote:
    return FittedMajorityVote(labels, float(settings["smoothing"]))


def _auto(
    settings: Mapping[str, Any], parameters: Mapping[str, Any], labels: tuple[str, ...], voters: tuple[str, ...]
) -> FittedAuto:
    chosen = str(parameters["chosen"])
    mine = next(each for each in settings["candidates"] if each["name"] == chosen)
    model = from_parameters(mine, parameters, labels=labels, voters=voters)
    return FittedAuto(model, chosen, dict(parameters["held_out_log_loss"]), str(parameters.get("why", "")))


def _by_name(values: Mapping[str, float], names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return values in the order of their names; JSON does not keep another."""
    return np.array([_number(values[name], name) for name in names], dtype=np.float64)


def _number(value: object, name: str) -> float:
    """Return what is stored under a name as a number, none below 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(f"{name} is {value!r:.40}, which is no number from 0 up")
    return float(value)


def _given(
    parameters: Mapping[str, Any], labels: tuple[str, ...]
) -> dict[tuple[str, tuple[int, ...]], npt.NDArray[np.float64]]:
    """Return the confusion tables, in the order in which they were written: sums over them depend on it."""
    return {
        (str(vote["lf"]), symbol): _by_name(vote["given"], labels)
        for vote, symbol in zip(parameters["votes"], _symbols(parameters, labels), strict=True)
    }


def _symbols(parameters: Mapping[str, Any], labels: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Return the places of the labels of each vote."""
    place = {label: index for index, label in enumerate(labels)}
    return [tuple(place[label] for label in vote["labels"]) for vote in parameters["votes"]]
