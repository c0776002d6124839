"""Whether two votes conflict: no label is left by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
import pandas as pd

from retrolabel.errors import UnknownLabelError, VoteError
from retrolabel.schema.labels import Label, LabelUnion, union
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    One = str | Label | LabelUnion | Collection[str] | float | None
    Many = pd.Series | npt.NDArray[np.object_]

WRITTEN = "votes look like 'bug', 'bug|crash', '~bug'; None abstains"


@overload
def conflict(a: pd.Series, b: One | Many, *, labels: LabelSchema | Sequence[str] | None = None) -> pd.Series: ...
@overload
def conflict(
    a: One | npt.NDArray[np.object_], b: pd.Series, *, labels: LabelSchema | Sequence[str] | None = None
) -> pd.Series: ...
@overload
def conflict(
    a: npt.NDArray[np.object_], b: One | npt.NDArray[np.object_], *, labels: LabelSchema | Sequence[str] | None = None
) -> npt.NDArray[np.bool_]: ...
@overload
def conflict(
    a: One, b: npt.NDArray[np.object_], *, labels: LabelSchema | Sequence[str] | None = None
) -> npt.NDArray[np.bool_]: ...
@overload
def conflict(a: One, b: One, *, labels: LabelSchema | Sequence[str] | None = None) -> bool: ...


def conflict(
    a: One | Many, b: One | Many, *, labels: LabelSchema | Sequence[str] | None = None
) -> bool | npt.NDArray[np.bool_] | pd.Series:
    """Return whether two votes conflict: no label is possible by both.

    Votes are sets of labels, so texts must not be compared: ``crash|login`` and ``login`` are no conflict, since
    ``login`` satisfies both; ``~crash`` and ``crash`` are one. An abstention conflicts with nothing. Two columns of
    ``task.votes()`` are compared item by item; one vote beside a column is compared with each.

    Args:
        a: A vote: ``"bug"``, ``"bug|crash"``, ``"~bug"``, a label, a union of labels, a set of ids, or ``None`` where
            there is none; or a column of votes.
        b: The same; two columns have the same length, and two series the same index.
        labels: The labels that there are: a schema version, or their ids. Needed where both votes rule labels out, as
            ``~bug`` and ``~crash``, which leave nothing where there are but these two; and where a label has others
            below it, which takes the schema version. Names are checked with it.

    Returns:
        A bool for two votes; a series of bool, on the index of the column, where one is a series; else an array.

    Raises:
        VoteError: A vote leaves no label or is written in no such way; columns are not of the same items; or whether
            two votes conflict depends on the labels that there are, and these are not given.
        UnknownLabelError: A vote names none of ``labels``.

    Example:
        >>> conflict("crash|login", "login"), conflict("crash|login", "wish"), conflict("~crash", "crash")
        (False, True, True)
        >>> votes = pd.DataFrame({"says_it": ["crash|login", None, "crash"], "rated_one": ["login", "login", "wish"]})
        >>> conflict(votes["says_it"], votes["rated_one"]).tolist()
        [False, False, True]
    """
    known = _Labels(labels)
    if not _is_column(a) and not _is_column(b):
        return _clash(known.read(a), known.read(b))
    index = _same_items(a, b)
    rows = len(a) if _is_column(a) else len(b)  # type: ignore[arg-type]  # one of them is a column
    (places, found), (others, there) = _numbered(a, rows), _numbered(b, rows)
    sets, their = [known.read(vote) for vote in found], [known.read(vote) for vote in there]
    both = (places >= 0) & (others >= 0)
    pairs, inverse = np.unique(places[both] * len(their) + others[both], return_inverse=True)
    clashes = [_clash(sets[one], their[other]) for one, other in (divmod(pair, len(their)) for pair in pairs.tolist())]
    made = np.zeros(rows, np.bool_)
    made[both] = np.array(clashes, np.bool_)[inverse]
    return made if index is None else pd.Series(made, index=index)


class _Read(NamedTuple):
    """A vote: the ids that it leaves; or, ``negated``, those that it rules out, of labels that are not known."""

    ids: frozenset[str]
    negated: bool = False


class _Labels:
    """The labels that there are, as far as they are known."""

    def __init__(self, labels: LabelSchema | Sequence[str] | None) -> None:
        self._schema = labels if isinstance(labels, LabelSchema) else None
        if self._schema is not None and self._schema.scale == "multilabel":
            raise VoteError(
                f"{self._schema} is multilabel: an item may have two labels, so votes for different ones agree.",
                remedy="only 'bug' and '~bug' are against each other there",
            )
        self._ids: tuple[str, ...] | None = None
        if labels is not None:
            self._ids = labels.ids if isinstance(labels, LabelSchema) else tuple(labels)

    def read(self, vote: object) -> _Read | None:
        """Return a vote; ``None`` where it abstains."""
        if _is_missing(vote):
            return None
        ids, negated = _written(vote)
        if not ids:
            raise VoteError(f"The vote {vote!r:.40} leaves no label.", remedy=WRITTEN)
        if self._ids is None:
            return _Read(ids, negated)
        unknown = sorted(ids - set(self._ids))
        if unknown:
            of = str(self._schema) if self._schema is not None else "labels="
            raise UnknownLabelError(unknown[0], self._ids, of=of)
        tree = self._schema.taxonomy if self._schema is not None else None
        named = ids if tree is None else tree.leaves_of(ids)
        left = frozenset(self._ids if tree is None else tree.leaves) - named if negated else named
        if not left:
            raise VoteError(f"The vote {vote!r:.40} leaves none of the labels {', '.join(self._ids):.80}.")
        return _Read(left)


def _clash(one: _Read | None, other: _Read | None) -> bool:
    if one is None or other is None:
        return False
    if one.negated and other.negated:
        if one.ids <= other.ids or other.ids <= one.ids:
            return False  # what the larger one leaves, both leave
        raise VoteError(
            f"Whether ~{'|'.join(sorted(one.ids))} and ~{'|'.join(sorted(other.ids))} leave a label depends on the"
            " labels that there are.",
            remedy="labels=task.history.head, or the ids of all labels",
        )
    if one.negated or other.negated:
        plain, ruled_out = (other, one) if one.negated else (one, other)
        return plain.ids <= ruled_out.ids
    return one.ids.isdisjoint(other.ids)


def _written(vote: object) -> tuple[frozenset[str], bool]:
    """Return the ids that a vote names, and whether it rules them out."""
    if isinstance(vote, (Label, LabelUnion)):
        made = union(vote)
        return made.ids, made.negated
    if isinstance(vote, str):
        negated = vote.strip().startswith("~")
        ids = [each.strip() for each in vote.strip().removeprefix("~").split("|")]
        return frozenset() if "" in ids else frozenset(ids), negated
    if isinstance(vote, (set, frozenset, list, tuple)):
        ids = [each.id if isinstance(each, Label) else each for each in vote]
        if all(isinstance(each, str) for each in ids):
            return frozenset(ids), False
    raise VoteError(f"{vote!r:.40} is no vote.", remedy=WRITTEN)


def _is_missing(vote: object) -> bool:
    return vote is None or vote is pd.NA or vote is pd.NaT or (isinstance(vote, float) and vote != vote)  # noqa: PLR0124 - NaN is unlike itself


def _is_column(votes: object) -> bool:
    if isinstance(votes, pd.DataFrame):
        raise VoteError("A frame has several columns of votes.", remedy='compare two: votes["one"], votes["other"]')
    return isinstance(votes, (pd.Series, np.ndarray, pd.Categorical, pd.api.extensions.ExtensionArray))


def _same_items(a: object, b: object) -> pd.Index | None:
    """Return the index of the items of two columns, where one has any."""
    lengths = {len(each) for each in (a, b) if _is_column(each)}  # type: ignore[arg-type]  # a column has one
    if len(lengths) > 1:
        raise VoteError(f"The columns are of {' and '.join(f'{each:,}' for each in sorted(lengths))} items.")
    indexes = [each.index for each in (a, b) if isinstance(each, pd.Series)]
    if len(indexes) > 1 and not indexes[0].equals(indexes[1]):
        raise VoteError(
            "The columns are not of the same items in the same order: their indexes differ.",
            remedy="take both of one frame, or other.reindex(one.index)",
        )
    return indexes[0] if indexes else None


def _numbered(votes: One | Many, rows: int) -> tuple[npt.NDArray[np.int64], list[object]]:
    """Return the place of each item's vote among the distinct ones, -1 where it is missing, and these."""
    if not _is_column(votes):
        return np.full(rows, -1 if _is_missing(votes) else 0), [votes]
    values = [frozenset(each) if isinstance(each, (set, list)) else each for each in votes]  # type: ignore[union-attr]
    places: dict[object, int] = {}
    numbers = [-1 if _is_missing(each) else places.setdefault(each, len(places)) for each in values]
    return np.array(numbers, np.int64), list(places)
