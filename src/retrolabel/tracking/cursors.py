"""How far the traces of an experiment were taken in: a small file each below the store.

A cursor that is lost costs time and nothing else: all traces are read again, and those that are known add nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "traces"


@dataclass(frozen=True)
class Cursor:
    """How far the traces of an experiment were taken into a source.

    Attributes:
        source: The source.
        server: Where MLflow is, without a password.
        experiment: The experiment's name.
        newest: The time of the newest request that was taken in, ISO 8601.
    """

    source: str
    server: str
    experiment: str
    newest: str

    @property
    def time(self) -> datetime:
        """The time of the newest request."""
        return datetime.fromisoformat(self.newest)


class Cursors:
    """The cursors of a store.

    Args:
        store: The directory of the store.
    """

    def __init__(self, store: Path) -> None:
        self.folder = store / FOLDER

    def get(self, asked: Mapping[str, object]) -> Cursor | None:
        """Return how far one came; ``None`` at the beginning, and where the file says nothing.

        Args:
            asked: All that decides what a trace becomes; another wish has another cursor.
        """
        return self._read(self._path(asked))

    def keep(self, asked: Mapping[str, object], cursor: Cursor) -> None:
        """Write down how far one came.

        Raises:
            StoreError: The file cannot be written.
        """
        path = self._path(asked)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".writing")
            temporary.write_text(json.dumps(asdict(cursor), indent=1) + "\n", encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            raise StoreError(
                f"{path} cannot be written: {error.strerror or error}.", remedy="is the disk full, or read-only?"
            ) from error

    def all(self) -> list[Cursor]:
        """Return all cursors that this store's folder knows, by source."""
        found = (self._read(path) for path in self.folder.glob("*.json"))
        return sorted((each for each in found if each is not None), key=lambda each: (each.source, each.experiment))

    def _path(self, asked: Mapping[str, object]) -> Path:
        return self.folder / f"{digest(dict(asked))[:24]}.json"

    def _read(self, path: Path) -> Cursor | None:
        try:
            cursor = Cursor(**json.loads(path.read_text(encoding="utf-8")))
            cursor.time  # noqa: B018 - a time that is none is no cursor
        except (OSError, ValueError, TypeError):
            return None
        return cursor
