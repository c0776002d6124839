"""Labeling functions of Snorkel's in our engine."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import LabelingFunctionError, Problem, UndeclaredVoteError
from retrolabel.interop.snorkel.data_points import called, fresh
from retrolabel.interop.snorkel.numbers import wrong_number
from retrolabel.labeling.functions import SNORKEL_ABSTAINS, LabelingFunction, Row, declare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.schema.labels import Label, LabelUnion


def adopt(
    lf: Any,  # noqa: ANN401 - an object of Snorkel's, which is not imported here
    labels: Mapping[int, Label | LabelUnion],
    *,
    name: str | None = None,
    columns: Sequence[str] | None = None,
    version: str = "",
) -> LabelingFunction:
    """Return a labeling function of Snorkel's as one of ours.

    It may be made by ``@labeling_function``, ``@nlp_labeling_function`` or their classes, with
    resources and preprocessors. Each call gets a data point of its own, with plain Python values, and
    ``None`` where a value is missing (Snorkel's pandas applier shows NaN there). What a preprocessor
    or the function sets on it, no other labeling function sees; a list or dict that it holds is
    copied too, but not what lies deeper. A memoised preprocessor remembers the last 65,536 data
    points; what it remembers is shared by the labeling functions that read the same ``columns``. A
    ``memoize_key`` that leaves out a column lets one item decide the vote on another, as in Snorkel.

    -1 abstains. Everything but an integer of ``labels`` is a fault, and so is what it raises. A
    labeling function that swallows its own errors (``fault_tolerant``, in older versions of Snorkel)
    goes on doing so: it abstains, and nothing is counted.

    Args:
        lf: Snorkel's labeling function.
        labels: What its integers mean: a label, or a union of labels.
        name: The name within the task; Snorkel's name if left out.
        columns: The columns, or features, that it reads. Then these alone are loaded, and its key
            depends on them alone. If left out it gets the whole row, and any change of a row runs it again.
        version: Raise it where something changes that cannot be seen in the code, as a service that it asks.

    Raises:
        LabelingFunctionError: It is none of Snorkel's; the integers or the columns make no sense.

    Example:
        >>> from snorkel.labeling import labeling_function
        >>> from retrolabel.schema.labels import Label
        >>> @labeling_function(resources={"words": ["crash", "error"]})
        ... def breaks(x, words):
        ...     return 0 if any(word in x.body for word in words) else -1
        >>> ours = adopt(breaks, {0: Label("bug"), 1: Label("feature")}, columns=["body"])
        >>> ours.name, ours.columns, ours.vote({"body": "an error"}), ours.vote({"body": "please add"})
        ('breaks', ('body',), bug, None)
    """
    if not _is_snorkels(lf):
        raise _not_snorkels(lf)
    known = name or str(lf.name)
    votes = _votes_of(labels, known)
    read = None if columns is None else _columns(columns, known)
    wrapped = lf._f  # noqa: SLF001 - Snorkel shows its function nowhere else
    while isinstance(wrapped, partial):
        wrapped = wrapped.func
    return LabelingFunction(
        name=known,
        function=Adopted(lf, votes, read),
        declared=tuple(dict.fromkeys(votes.values())),
        columns=read or (),
        takes_row=read is None,
        description=(inspect.getdoc(wrapped) or "").partition("\n")[0],
        module=str(getattr(wrapped, "__module__", None) or ""),
        version=version,
    )


def adopt_all(
    lfs: Iterable[Any], labels: Mapping[int, Label | LabelUnion], *, columns: Sequence[str] | None = None
) -> list[LabelingFunction]:
    """Return several labeling functions of Snorkel's as ours; see :func:`adopt`.

    Discovery looks at a module's names, so in a task's module each gets one:
    ``breaks, asks = adopt_all([snorkel_breaks, snorkel_asks], {0: BUG, 1: FEATURE})``.

    Args:
        lfs: Snorkel's labeling functions.
        labels: What their integers mean.
        columns: The columns that all of them read; the whole row if left out.

    Raises:
        LabelingFunctionError: With all of those that are none of Snorkel's.

    Example:
        >>> from snorkel.labeling import LabelingFunction as SnorkelsLF
        >>> from retrolabel.schema.labels import Label
        >>> lfs = [SnorkelsLF("yes", lambda x: 1), SnorkelsLF("never", lambda x: -1)]
        >>> [lf.vote({"body": "so"}) for lf in adopt_all(lfs, {0: Label("bug"), 1: Label("wish")})]
        [wish, None]
    """
    given = list(lfs)
    strange = [_not_snorkels(lf) for lf in given if not _is_snorkels(lf)]
    if strange:
        raise LabelingFunctionError(
            "Not all of these are labeling functions of Snorkel's.",
            problems=[Problem(f"one of {len(given)}", error.message, error.remedy) for error in strange],
        )
    return [adopt(lf, labels, columns=columns) for lf in given]


class Adopted:
    """Calls a labeling function of Snorkel's, and says which vote its number is.

    Attributes:
        lf: Snorkel's labeling function, with its resources and preprocessors.
        votes: Number -> vote.
        columns: The names of the values that a call brings; ``None`` where it brings the whole row.
    """

    def __init__(self, lf: Any, votes: Mapping[int, LabelUnion], columns: tuple[str, ...] | None) -> None:  # noqa: ANN401
        self.lf = lf
        self.votes = votes
        self.columns = columns
        self.__name__ = str(lf.name)

    def __repr__(self) -> str:
        """Return what it calls."""
        return f"Adopted({self.lf!r})"

    def __call__(self, *values: Any) -> LabelUnion | None:  # noqa: ANN401 - columns, or one row
        """Return the vote on one item.

        Raises:
            UndeclaredVoteError: Snorkel's function returned a number that means nothing here, or no number.
            Exception: Whatever it raises itself.
        """
        given = values[0] if self.columns is None else Row(dict(zip(self.columns, values, strict=True)))
        returned = called(self.lf, fresh(given), self.columns)
        if isinstance(returned, bool) or not isinstance(returned, (int, np.integer)):
            raise UndeclaredVoteError(
                f"{self.lf.name} returned {returned!r:.80}, not a number.",
                remedy=f"return one of {_listed(self.votes)}, or -1 to abstain",
            )
        if returned == SNORKEL_ABSTAINS:
            return None
        if returned not in self.votes:
            raise UndeclaredVoteError(
                f"{self.lf.name} returned {returned}, which stands for no label; adopt was told of"
                f" {_listed(self.votes)}.",
                remedy=f"say what it means: adopt({self.lf.name}, {{..., {returned}: LABEL}})",
            )
        return self.votes[int(returned)]


def _is_snorkels(lf: object) -> bool:
    return callable(lf) and all(hasattr(lf, attribute) for attribute in ("name", "_f", "_resources", "_pre"))


def _not_snorkels(lf: object) -> LabelingFunctionError:
    if isinstance(lf, LabelingFunction):
        return LabelingFunctionError(f"{lf.name} is one of ours already.", remedy="use it as it is")
    return LabelingFunctionError(
        f"adopt takes a labeling function of Snorkel's, not {lf!r:.80}.",
        remedy="a plain function needs retrolabel's @labeling_function(LABEL)" if callable(lf) else "",
    )


def _votes_of(labels: Mapping[int, Label | LabelUnion], name: str) -> dict[int, LabelUnion]:
    """Return number -> vote, by number."""
    if not isinstance(labels, Mapping):
        raise LabelingFunctionError(
            f"adopt({name}) needs to know what its numbers mean, got {labels!r:.60}.",
            remedy="write adopt(lf, {0: BUG, 1: FEATURE})",
        )
    problems = [problem for number in labels if (problem := wrong_number(number))]
    if problems:
        raise LabelingFunctionError(f"adopt({name}): these stand for no label.", problems=problems)
    votes = declare(list(labels.values()), "adopt")
    by_number = {int(number): vote for number, vote in zip(labels, votes, strict=True)}
    return dict(sorted(by_number.items()))


def _columns(columns: Sequence[str], name: str) -> tuple[str, ...]:
    if isinstance(columns, str):
        raise LabelingFunctionError(
            f"adopt({name}): columns is a list of names, not one text.", remedy=f"write columns=[{columns!r}]"
        )
    given: tuple[Any, ...] = tuple(columns)
    if not given or len(set(given)) < len(given) or not all(isinstance(each, str) and each for each in given):
        raise LabelingFunctionError(
            f"adopt({name}): columns={list(given)!r:.80} is no list of different names.",
            remedy="name the columns that it reads, or leave columns out: then it gets the whole row",
        )
    return given


def _listed(votes: Mapping[int, object]) -> str:
    return ", ".join(map(str, votes))
