"""Runs that no tracker took yet: a file each below the store, written before the tracker is asked, so none is lost."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.jobs.ports.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "untracked"
POINTER = ".current"
MODEL = ".model"


class Waiting:
    """The runs of a store that no tracker took yet.

    Args:
        store: The directory of the store.
        settled: Only what was written down so many seconds ago, or earlier, is there: somebody may be about to tell
            the tracker of the rest.
    """

    def __init__(self, store: Path, *, settled: float = 0) -> None:
        self.folder = store / FOLDER
        self.settled = settled

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._files() or self.models() or self.pointers())

    def keep(self, run: Run) -> None:
        """Write a run down.

        Raises:
            StoreError: The file cannot be written.
        """
        self._write(self._path(run.key), json.dumps(asdict(run), indent=1, ensure_ascii=False) + "\n")

    def drop(self, run: Run) -> None:
        """Forget a run that a tracker took; where that fails, it is sent again, and known by its key."""
        self._unlink(self._path(run.key))

    def keep_pointer(self, task: str) -> None:
        """Write down that the tracker is to be told which label set of a task is current.

        Raises:
            StoreError: The file cannot be written.
        """
        self._write(self.folder / f"{task}{POINTER}", "")

    def drop_pointer(self, task: str) -> None:
        """Forget that; where that fails, the tracker is told again."""
        self._unlink(self.folder / f"{task}{POINTER}")

    def pointers(self) -> list[str]:
        """Return the tasks of which the tracker was not told what is current."""
        return sorted(path.name.removesuffix(POINTER) for path in self._named(f"*{POINTER}"))

    def keep_model(self, task: str, model: str) -> None:
        """Write down that the tracker is to be told of a trained model.

        Raises:
            StoreError: The file cannot be written.
        """
        self._write(self.folder / f"{model}{MODEL}", json.dumps({"task": task, "model": model}) + "\n")

    def drop_model(self, model: str) -> None:
        """Forget that; where that fails, the tracker is told again, and knows the model by its id."""
        self._unlink(self.folder / f"{model}{MODEL}")

    def models(self) -> list[tuple[str, str]]:
        """Return (task, model) of each trained model that the tracker was not told of, oldest first.

        Raises:
            StoreError: A file is damaged.
        """
        found = []
        for path in sorted(self._named(f"*{MODEL}"), key=lambda path: (path.stat().st_mtime_ns, path.name)):
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
                found.append((str(told["task"]), str(told["model"])))
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise StoreError(
                    f"{path} cannot be read: {error}.", remedy="delete it: the model stands, MLflow is not told of it"
                ) from error
        return found

    def count(self) -> int:
        """Return how many runs there are."""
        return len(self._files())

    def runs(self) -> list[Run]:
        """Return the runs, oldest first.

        Raises:
            StoreError: A file is damaged.
        """
        found = []
        for path in self._files():
            try:
                found.append(Run(**json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError) as error:
                raise StoreError(
                    f"{path} cannot be read: {error}.",
                    remedy="delete it: the label set stands, its run is not reported",
                ) from error
        return sorted(found, key=lambda run: (run.at, run.key))

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".writing")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            raise StoreError(
                f"{path} cannot be written: {error.strerror or error}.", remedy="is the disk full, or read-only?"
            ) from error

    def _unlink(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            self.folder.rmdir()  # where it was the last one

    def _files(self) -> list[Path]:
        return sorted(self._named("*.json"))

    def _named(self, pattern: str) -> Iterator[Path]:
        """Yield the files of a name that were written early enough; one that is told meanwhile is gone."""
        for path in self.folder.glob(pattern):
            with contextlib.suppress(FileNotFoundError):
                if not self.settled or time.time() - path.stat().st_mtime >= self.settled:
                    yield path

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"
