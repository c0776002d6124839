"""The typed changes between two versions, each a relation from old label ids to new ones.

A step says what a label of the older version may be in the newer one: exactly one label, one of a
set, or nothing known (all of them). Steps are values: they describe a change and do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from retrolabel.errors import SchemaError
from retrolabel.schema.labels import Label, label_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Direction = Literal["narrower", "wider", "shifted"]


@dataclass(frozen=True, init=False)
class Step:
    """One typed change between a version and the one that it revises."""

    def images(self) -> dict[str, frozenset[str] | None]:
        """Return, for each old id that the step moves, what it may be now; ``None`` is unknown."""
        return {}

    def introduces(self) -> frozenset[str]:
        """Return the ids that the step brings into the newer version."""
        return frozenset()

    def names_old(self) -> frozenset[str]:
        """Return the ids that the step expects in the older version."""
        return frozenset(self.images())

    def redefines(self) -> dict[str, Direction]:
        """Return the ids whose meaning the step changes, and in which direction."""
        return {}

    def describe(self) -> dict[str, object]:
        """Return the step as plain data: what fingerprints and manifests hold."""
        raise NotImplementedError


@dataclass(frozen=True, init=False)
class Add(Step):
    """A new label; ``carved_from`` names the old ones that part of it was called before.

    Args:
        label: The label.
        carved_from: The labels of the older version that part of it was called.
        restores: Where the label was there before and went, the number of an older version that had it: an item
            that bore it there is exactly that again.

    Example:
        >>> Add("question").images()
        {}
        >>> sorted(Add("crash", carved_from="bug").images()["bug"])
        ['bug', 'crash']
    """

    label: str
    carved_from: tuple[str, ...]
    restores: str | None

    def __init__(
        self,
        label: Label | str,
        *,
        carved_from: Label | str | Iterable[Label | str] = (),
        restores: str | None = None,
    ) -> None:
        object.__setattr__(self, "label", label_id(label))
        object.__setattr__(self, "carved_from", _ids(carved_from))
        object.__setattr__(self, "restores", restores)

    def images(self) -> dict[str, frozenset[str] | None]:
        """Each label it was carved from stays possible, and the new one is possible too."""
        return {old: frozenset({old, self.label}) for old in self.carved_from}

    def introduces(self) -> frozenset[str]:
        """Return the new label."""
        return frozenset({self.label})

    def describe(self) -> dict[str, object]:
        """Return the step as plain data."""
        described: dict[str, object] = {"step": "add", "label": self.label, "carved_from": list(self.carved_from)}
        return described if self.restores is None else {**described, "restores": self.restores}


@dataclass(frozen=True, init=False)
class Remove(Step):
    """A label that is gone; what bore it ``maps_to`` others, or is unknown.

    Example:
        >>> Remove("wontfix").images()
        {'wontfix': None}
    """

    label: str
    maps_to: tuple[str, ...]

    def __init__(self, label: Label | str, *, maps_to: Label | str | Iterable[Label | str] = ()) -> None:
        object.__setattr__(self, "label", label_id(label))
        object.__setattr__(self, "maps_to", _ids(maps_to))

    def images(self) -> dict[str, frozenset[str] | None]:
        """Return what the label maps to, or unknown."""
        return {self.label: frozenset(self.maps_to) or None}

    def describe(self) -> dict[str, object]:
        """Return the step as plain data."""
        return {"step": "remove", "label": self.label, "maps_to": list(self.maps_to)}


@dataclass(frozen=True, init=False)
class Merge(Step):
    """Several labels become one.

    Example:
        >>> Merge(["bug", "crash"], into="defect").images()["crash"] == {"defect"}
        True
    """

    labels: tuple[str, ...]
    into: str

    def __init__(self, labels: Iterable[Label | str], *, into: Label | str) -> None:
        object.__setattr__(self, "labels", _ids(labels))
        object.__setattr__(self, "into", label_id(into))
        if not self.labels:
            raise SchemaError(f"Merge into {self.into!r} names no label to merge.", remedy="pass [A, B]")

    def images(self) -> dict[str, frozenset[str] | None]:
        """Each of the labels is exactly the merged one."""
        return {old: frozenset({self.into}) for old in self.labels}

    def introduces(self) -> frozenset[str]:
        """Return the merged label."""
        return frozenset({self.into})

    def describe(self) -> dict[str, object]:
        """Return the step as plain data."""
        return {"step": "merge", "labels": list(self.labels), "into": self.into}


@dataclass(frozen=True, init=False)
class Split(Step):
    """One label becomes several; what bore it may be any of them.

    Args:
        label: The label that is split.
        into: Its parts.
        restores: The number of an older version that had some of the parts before they were merged:
            an item that bore one of them there is exactly that part again.

    Example:
        >>> sorted(Split("bad", into=["retrieval", "generation"]).images()["bad"])
        ['generation', 'retrieval']
    """

    label: str
    into: tuple[str, ...]
    restores: str | None

    def __init__(self, label: Label | str, *, into: Iterable[Label | str], restores: str | None = None) -> None:
        object.__setattr__(self, "label", label_id(label))
        object.__setattr__(self, "into", _ids(into))
        object.__setattr__(self, "restores", restores)
        if not self.into:
            raise SchemaError(f"Split({self.label!r}) names no label to split into.", remedy="pass into=[A, B]")

    def images(self) -> dict[str, frozenset[str] | None]:
        """The label may be any of its parts."""
        return {self.label: frozenset(self.into)}

    def introduces(self) -> frozenset[str]:
        """Return the parts."""
        return frozenset(self.into)

    def describe(self) -> dict[str, object]:
        """Return the step as plain data."""
        described: dict[str, object] = {"step": "split", "label": self.label, "into": list(self.into)}
        return described if self.restores is None else {**described, "restores": self.restores}


@dataclass(frozen=True, init=False)
class Redefine(Step):
    """A label keeps its id and gets another meaning: narrower, wider or shifted.

    Example:
        >>> Redefine("bug", "narrower").redefines()
        {'bug': 'narrower'}
    """

    label: str
    direction: Direction

    def __init__(self, label: Label | str, direction: Direction) -> None:
        if direction not in get_args(Direction):
            raise SchemaError(
                f"Redefine({label_id(label)!r}): the direction is one of {', '.join(get_args(Direction))},"
                f" not {direction!r}."
            )
        object.__setattr__(self, "label", label_id(label))
        object.__setattr__(self, "direction", direction)

    def names_old(self) -> frozenset[str]:
        """Return the label that changes its meaning."""
        return frozenset({self.label})

    def redefines(self) -> dict[str, Direction]:
        """Return the label and the direction."""
        return {self.label: self.direction}

    def describe(self) -> dict[str, object]:
        """Return the step as plain data."""
        return {"step": "redefine", "label": self.label, "direction": self.direction}


@dataclass(frozen=True, init=False)
class Rescale(Step):
    """An ordinal scale changes; each old point (label or id) becomes one new point or a run of them.

    Example:
        >>> sorted(Rescale({"low": ["one", "two"], "high": "three"}).images()["low"])
        ['one', 'two']
    """

    mapping: tuple[tuple[str, tuple[str, ...]], ...]

    def __init__(self, mapping: Mapping[Any, Label | str | Iterable[Label | str]]) -> None:
        pairs = sorted((label_id(old), _ids(new)) for old, new in mapping.items())
        if not pairs:
            raise SchemaError("Rescale maps no point of the old scale.", remedy='pass {"old": ["new", ...]}')
        empty = [old for old, new in pairs if not new]
        if empty:
            raise SchemaError(f"Rescale maps {', '.join(empty)} to nothing.", remedy="name at least one new point")
        object.__setattr__(self, "mapping", tuple(pairs))

    def images(self) -> dict[str, frozenset[str] | None]:
        """Return the run of new points that each old point may be."""
        return {old: frozenset(new) for old, new in self.mapping}

    def introduces(self) -> frozenset[str]:
        """Return all new points."""
        return frozenset(new for _, run in self.mapping for new in run)

    def describe(self) -> dict[str, object]:
        """Return the step as plain data."""
        return {"step": "rescale", "mapping": {old: list(new) for old, new in self.mapping}}


def _ids(labels: Label | str | Iterable[Label | str]) -> tuple[str, ...]:
    if isinstance(labels, (Label, str)):
        return (label_id(labels),)
    return tuple(label_id(label) for label in labels)
