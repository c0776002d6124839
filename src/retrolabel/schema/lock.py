"""The lock: which versions are released, what they were when they were, and what each LF may emit.

It holds fingerprints, so a person sees in a diff which version and which label changed, and a machine
sees that a released version was edited. Keys of LFs are not in it: an edit of an LF is no reason for
a check to fail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import SchemaError
from retrolabel.schema.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.schema.versions import LabelSchema

FORMAT = 1


@dataclass(frozen=True)
class LockedVersion:
    """What a version was when it was released.

    Attributes:
        revises: The numbers of its parents.
        shape: The fingerprint of its form.
        meaning: Label id -> the fingerprint of what the label means.
        display: The fingerprint of what people see.
        steps: The hash of its steps.
        reserved: The ids that it keeps from being used.
    """

    revises: tuple[str, ...]
    shape: str
    meaning: Mapping[str, str]
    display: str
    steps: str
    reserved: tuple[str, ...] = ()

    @classmethod
    def of(cls, schema: LabelSchema) -> LockedVersion:
        """Return what the lock would say of a version as it is now."""
        reserved = tuple(sorted(label.id for label in schema.labels if label.status == "reserved"))
        return cls(tuple(parent.version for parent in schema.parents), **fingerprints(schema), reserved=reserved)  # type: ignore[arg-type]  # its four

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "revises": list(self.revises),
            "shape": self.shape,
            "meaning": dict(self.meaning),
            "steps": self.steps,
            "display": self.display,
            **({"reserved": list(self.reserved)} if self.reserved else {}),
        }


@dataclass(frozen=True)
class LockedTask:
    """What the lock says of one task.

    Attributes:
        versions: Number -> what the released version was.
        emits: LF -> the votes that it may cast, in their stored form.
    """

    versions: Mapping[str, LockedVersion] = field(default_factory=dict)
    emits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lock:
    """All released versions of a project.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> lock = Lock({"thumbs": LockedTask({"1.0.0": LockedVersion.of(v1)}, {"says_so": ("good",)})})
        >>> Lock.parse(lock.text()) == lock
        True
    """

    tasks: Mapping[str, LockedTask] = field(default_factory=dict)

    def text(self) -> str:
        """Return the lock as it is written: JSON, sorted, a line for each thing that may change."""
        tasks = {
            name: {
                "versions": {number: locked.as_dict() for number, locked in task.versions.items()},
                "labeling_functions": {lf: " ".join(votes) for lf, votes in task.emits.items()},
            }
            for name, task in self.tasks.items()
        }
        written = {"about": "written by: retrolabel schema release", "format": FORMAT, "tasks": tasks}
        return json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def parse(cls, text: str) -> Lock:
        """Return the lock that a text holds.

        Raises:
            SchemaError: It is no JSON, of another format, or lacks something.
        """
        try:
            read = json.loads(text, object_pairs_hook=_once)
            if read["format"] != FORMAT:
                raise SchemaError(
                    f"The lock is of format {read['format']}, and this retrolabel knows {FORMAT}.",
                    remedy="update retrolabel",
                )
            return cls(
                {
                    name: LockedTask(
                        {number: _version(locked) for number, locked in task["versions"].items()},
                        {lf: tuple(votes.split()) for lf, votes in task["labeling_functions"].items()},
                    )
                    for name, task in read["tasks"].items()
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SchemaError(
                f"The lock cannot be read: {type(error).__name__}: {error}.",
                remedy="take it back from version control, or resolve the merge conflict in it",
            ) from error


def _version(read: Mapping[str, Any]) -> LockedVersion:
    lists = [read["revises"], read.get("reserved", [])]
    texts = [read["shape"], read["display"], read["steps"], *read["meaning"].values(), *lists[0], *lists[1]]
    if not all(isinstance(each, list) for each in lists) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a version holds something of another kind")
    return LockedVersion(
        tuple(lists[0]), read["shape"], dict(read["meaning"]), read["display"], read["steps"], tuple(lists[1])
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of a JSON object; a name that stands twice is what a bad merge of two files leaves."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("something stands in it twice")
    return found
