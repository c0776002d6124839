"""Where runs are reported to, and what is told of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Run:
    """A relabel, as a tracker is told of it, at once or later.

    Attributes:
        key: What tells it from every other relabel, so that it is reported once.
        name: Task and version, for people.
        label_set: The label set's full id.
        params: What was chosen.
        metrics: What came out.
        place: Where the manifest is, for people.
        at: When it was, in seconds since 1970, UTC.
    """

    key: str
    name: str
    label_set: str
    params: Mapping[str, Any]
    metrics: Mapping[str, float]
    place: str
    at: float


@dataclass(frozen=True)
class Made:
    """What a label set left that a tracker keeps; nothing of it holds an item's text.

    Attributes:
        manifest: Its manifest; nothing where the label set is gone.
        label_model: What its label model learned, as the tracker's model; nothing where that is not kept whole.
        schema: Its schema version, as JSON; nothing where the project is not there.
        figures: What came out, as JSON: labels, labeling functions, gold, gates.
    """

    manifest: bytes = b""
    label_model: bytes = b""
    schema: bytes = b""
    figures: bytes = b""

    def files(self) -> dict[str, bytes]:
        """Return the files that a tracker keeps, by name; those that there are.

        Example:
            >>> Made(manifest=b"{}").files()
            {'manifest.json': b'{}'}
        """
        named = {"manifest.json": self.manifest, "schema.json": self.schema, "figures.json": self.figures}
        return {name: content for name, content in named.items() if content}


class Tracker(Protocol):
    """Where runs are reported to, beside the store."""

    def send(self, run: Run, made: Made, *, again: bool = False) -> str | None:
        """Report one relabel and return the run's id, or ``None`` where the tracker took none.

        Args:
            run: The relabel.
            made: What its label set left.
            again: Whether it was tried before, so that it may be there, whole or in part.
        """

    def point(self, run: Run, made: Made) -> bool:
        """Let the tracker's alias ``current`` name a label set; return whether it does.

        Args:
            run: A relabel that made it; it is reported where the tracker knows nothing of the label set.
            made: What the label set left.
        """
