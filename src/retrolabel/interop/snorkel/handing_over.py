"""Labeling functions of ours in Snorkel's appliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import LabelingFunctionError, MissingColumnError, MissingExtraError, Problem, did_you_mean
from retrolabel.interop.snorkel.numbers import wrong_number
from retrolabel.labeling.functions import SNORKEL_ABSTAINS, LabelingFunction
from retrolabel.schema.labels import Label, LabelUnion, label_id
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.labeling.features import Feature

Labels = LabelSchema | Sequence[Label | str] | Mapping[Label, int] | Mapping[str, int]
MISSING = object()


def to_snorkel(lf: LabelingFunction, labels: Labels, *, features: Iterable[Feature] = ()) -> Any:  # noqa: ANN401 - Snorkel's
    """Return a labeling function of ours as one of Snorkel's, for its appliers.

    It reads the attributes of a data point (of a pandas row, or of a mapping, the columns), and sees
    ``None`` where pandas has NaN. A vote is the number of its label; a vote that leaves several
    numbers possible abstains (-1), as Snorkel has no sets. What our labeling function raises, and a vote
    that it does not declare, is raised through.

    Args:
        lf: A labeling function, a builder's too.
        labels: Which number a label has: its place among the labels of a version or of a list, or
            ``{label: number}``. They also say what ``~A`` leaves possible.
        features: What its parameters may ask for besides columns; discovery has bound those of a task.

    Raises:
        MissingExtraError: Snorkel is not installed.
        LabelingFunctionError: It declares labels that are not among ``labels``, or votes that leave none
            of them; the numbers make no sense.

    Example:
        >>> from types import SimpleNamespace
        >>> from snorkel.labeling import LFApplier
        >>> from retrolabel import Label, keywords
        >>> bug, wish = Label("bug"), Label("wish")
        >>> lfs = [to_snorkel(keywords(bug, ["crash"], column="body", name="crashes"), [bug, wish]),
        ...        to_snorkel(keywords(~bug, ["please"], column="body", name="asks"), [bug, wish])]
        >>> data = [SimpleNamespace(body="a crash"), SimpleNamespace(body="please add")]
        >>> LFApplier(lfs).apply(data, progress_bar=False).tolist()
        [[0, -1], [-1, 1]]
    """
    try:
        from snorkel.labeling.lf import LabelingFunction as SnorkelsFunction  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("snorkel", "snorkel", "Handing a labeling function to Snorkel") from None
    if not isinstance(lf, LabelingFunction):
        raise LabelingFunctionError(
            f"to_snorkel takes a labeling function of ours, not {lf!r:.80}.",
            remedy="Snorkel's own need no change; a plain function needs @labeling_function(LABEL)",
        )
    bound = lf.bound({each.name: each for each in features})
    return SnorkelsFunction(lf.name, HandedOver(bound, _numbers(bound, labels)))


@dataclass(frozen=True, eq=False)
class HandedOver:
    """Calls a labeling function of ours on a data point of Snorkel's, and returns a number.

    Attributes:
        lf: Our labeling function, with its features.
        numbers: Label id -> number.
    """

    lf: LabelingFunction
    numbers: Mapping[str, int]

    def __call__(self, x: Any) -> int:  # noqa: ANN401 - Snorkel takes any object
        """Return the number of the vote on a data point; -1 abstains.

        Raises:
            MissingColumnError: The data point lacks what the labeling function reads.
            UndeclaredVoteError: The labeling function returned something undeclared.
        """
        vote = self.lf.vote(self._item(x))
        if vote is None:
            return SNORKEL_ABSTAINS
        possible = {self.numbers[each] for each in _left(vote, self.numbers)}
        return possible.pop() if len(possible) == 1 else SNORKEL_ABSTAINS

    def _item(self, x: Any) -> dict[str, object]:  # noqa: ANN401 - the same
        if self.lf.takes_row:
            columns = _columns_of(x)
            if columns is None:
                raise MissingColumnError(
                    f"{self.lf.name} takes the whole row, and {type(x).__name__} does not tell its columns.",
                    remedy="give a SimpleNamespace, a mapping or a row of a pandas frame",
                )
            return {str(name): _plain(value) for name, value in columns.items()}
        item = {name: _value(x, name) for name in self.lf.reads}
        missing = [name for name, value in item.items() if value is MISSING]
        if missing:
            known = [str(each) for each in _columns_of(x) or ()]
            raise MissingColumnError(
                f"{self.lf.name} reads the column {missing[0]!r}, which the data point does not have."
                f"{did_you_mean(missing[0], known)} It has: {', '.join(known) or 'no names'}.",
                remedy="rename it there; or, if it is a feature: to_snorkel(lf, labels, features=[...])",
            )
        return item


def _numbers(lf: LabelingFunction, labels: Labels) -> dict[str, int]:
    """Return label id -> number, after a look at what the labeling function declares."""
    if isinstance(labels, (str, Label, LabelUnion)):
        raise LabelingFunctionError("labels is a version, a list of labels or {label: number}, not one label.")
    given: list[Any] = list(labels.answers if isinstance(labels, LabelSchema) else labels)
    numbers = list(labels.values()) if isinstance(labels, Mapping) else list(range(len(given)))
    problems = [problem for number in numbers if (problem := wrong_number(number))]
    ids = [label_id(each) for each in given]
    problems += [Problem(each, "is there twice") for each in sorted({each for each in ids if ids.count(each) > 1})]
    problems += _unknown(lf, dict(zip(ids, given, strict=True)))
    problems += [Problem(str(vote), "leaves none of these labels") for vote in lf.declared if not _left(vote, ids)]
    if problems:
        raise LabelingFunctionError(
            f"{lf.name} and the labels {', '.join(ids) or '(none)'} do not go together.", problems=problems
        )
    return {each: int(number) for each, number in zip(ids, numbers, strict=True)}


def _unknown(lf: LabelingFunction, given: Mapping[str, object]) -> list[Problem]:
    """Return a problem for each label that is declared and not among those given, or not with that meaning."""
    problems = []
    declared = {label for vote in lf.declared for label in vote.labels}
    for label in sorted(declared, key=label_id):
        if label.id not in given:
            hint = did_you_mean(label.id, tuple(given))
            problems.append(Problem(label.id, f"is declared, and not among them.{hint}"))
        elif isinstance(given[label.id], Label) and given[label.id] != label:
            problems.append(Problem(label.id, "is declared with another meaning", "import it from one version"))
    return problems


def _left(vote: LabelUnion, ids: Iterable[str]) -> frozenset[str]:
    """Return the labels that a vote leaves possible, out of all there are."""
    return frozenset(ids) - vote.ids if vote.negated else vote.ids


def _columns_of(x: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any object
    """Return the columns of a data point; ``None`` where it does not tell them."""
    if isinstance(x, (Mapping, pd.Series)):
        return dict(x.items())
    if hasattr(x, "_asdict"):
        return dict(x._asdict())
    return dict(vars(x)) if hasattr(x, "__dict__") else None


def _value(x: Any, column: str) -> Any:  # noqa: ANN401 - any object
    """Return a value of a data point; a pandas row has attributes of its own, as ``name`` and ``size``."""
    if isinstance(x, Mapping):
        return _plain(x.get(column, MISSING))
    if isinstance(x, pd.Series):
        return _plain(x[column]) if column in x.index else MISSING
    return _plain(getattr(x, column, MISSING))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value as a plain Python one, ``None`` where it is missing."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return value.item() if isinstance(value, (np.bool_, np.number)) else value
