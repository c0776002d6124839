"""Models in the store: what the catalog's log of events says of them, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.end_models.model import EndModel
from retrolabel.errors import StoreError
from retrolabel.jobs.records.decisions import CURRENT, LATEST
from retrolabel.jobs.records.events import TRAINED, Event, once

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from retrolabel.end_models.encoders import Encoder
    from retrolabel.jobs.end_models.records import Training
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.manifests import LabelSetRecord

SHORT = 12
FOLDER, FILE = "end_models", "model.npz"


@dataclass(frozen=True)
class StoredModel:
    """A model that was trained, as the catalog knows it.

    Attributes:
        id: Its id.
        task: Its task.
        label_set: The label set that it was trained on.
        schema_version: Its version.
        sha256: The hash of its file.
        at: When it was trained.
        figures: How it was judged then: what ``train --json`` printed.
        trial: Whether it was trained to try something (``train --trial``): it is asked by its name alone.
    """

    id: str
    task: str
    label_set: str
    schema_version: str
    sha256: str
    at: datetime
    figures: Mapping[str, Any]
    trial: bool = False

    @classmethod
    def of(cls, event: Event) -> StoredModel:
        """Return the model that an event tells of."""
        told = event.data
        return cls(
            str(told["model"]),
            event.task,
            event.subject,
            str(told["schema_version"]),
            str(told["sha256"]),
            event.at,
            told,
            bool(told.get("trial")),
        )

    def __str__(self) -> str:
        """Return it for people."""
        return f"model {self.id[:SHORT]}, trained on {self.label_set[:SHORT]} ({self.schema_version})"

    @property
    def file(self) -> str:
        """Where its file is in the store."""
        return f"{FOLDER}/{self.id}/{FILE}"

    @property
    def estimator(self) -> str:
        """The classifier of somebody's own that was fitted; nothing where it is ours."""
        return str((self.figures.get("settings") or {}).get("estimator", ""))

    def is_stale(self, current: LabelSetRecord | None) -> bool:
        """Return whether consumers read another label set than it was trained on.

        Args:
            current: What consumers read.
        """
        return current is None or current.id != self.label_set

    def read(self, objects: Objects, find: Callable[[str], Encoder] | None = None) -> EndModel:
        """Return the model; its bytes are checked before they are looked at.

        Args:
            objects: Where its file is.
            find: Looks for the encoders that it reads texts by.

        Raises:
            CorruptionError: The bytes are others than were written.
        """
        return EndModel.from_bytes(objects.read_bytes(self.file, sha256=self.sha256), trusted=True, find=find)


def keep(training: Training, objects: Objects, at: datetime) -> Event:
    """Write the file of a model, and return the event that makes it real.

    Args:
        training: What a training gave.
        objects: Where its file goes.
        at: Now.
    """
    task = str(training.model.about["task"])
    sha256 = objects.write_bytes(f"{FOLDER}/{training.id}/{FILE}", training.content)
    figures = {**training.as_dict(), "settings": training.model.about["settings"], "sha256": sha256}
    right = ""
    if training.judged is not None:
        right = f"; right on {training.judged.agreement.accuracy} of {training.judged.agreement.n:,} test items"
    said = f"Model {training.id[:SHORT]} of {task} was trained on label set {training.label_set[:SHORT]}{right}."
    key = once(TRAINED, task, training.label_set, training.id, f"{at:%Y-%m-%dT%H:%M:%S.%f}")
    return Event(TRAINED, task, training.label_set, said, at, figures, key)


@dataclass(frozen=True)
class Consumed:
    """Which label sets consumers of a task read.

    Attributes:
        now: The one that they read; ``None`` where there is none.
        before: Those that they ever read.
    """

    now: str | None
    before: Collection[str] = ()


def asked(models: Sequence[StoredModel], consumed: Consumed) -> StoredModel | None:
    """Return the model that is asked where nobody names one: the newest on the labels that consumers read.

    Where none was trained on these, it is the newest on labels that they read before, which is stale. Trials, and
    models on labels that nobody ever read, are asked by name alone.

    Args:
        models: Those that there are, oldest first.
        consumed: What consumers read.
    """
    own = [each for each in models if not each.trial]
    now = [each for each in own if each.label_set == consumed.now]
    before = [each for each in own if each.label_set in consumed.before]
    return next(reversed(now or before), None)


def chosen(models: Sequence[StoredModel], name: str, task: str, consumed: Consumed) -> StoredModel:
    """Return a model by its name.

    Args:
        models: Those that there are, oldest first.
        name: ``current`` is the one that :func:`asked` gives, ``latest`` the newest of all, trials too; else how its
            id begins.
        task: The task.
        consumed: What consumers read.

    Raises:
        StoreError: There is none, or several ids begin like that.
    """
    if not models:
        raise StoreError(f"No model was trained on {task} yet.", remedy=f"retrolabel train {task}")
    if name == LATEST:
        return models[-1]
    if name == CURRENT:
        found = asked(models, consumed)
        if found is not None:
            return found
        raise StoreError(
            f"No model of {task} was trained on labels that consumers read, trials left out; the newest is"
            f" {models[-1]}.",
            remedy=f"retrolabel train {task}; or --model {models[-1].id[:SHORT]} asks that one",
        )
    alike = {each.id: each for each in models if each.id.startswith(name)}
    if len(alike) == 1:
        return next(iter(alike.values()))
    known = ", ".join(dict.fromkeys(each.id[:SHORT] for each in reversed(models)))
    what = f"{len(alike)} models of {task} begin with" if alike else f"No model of {task} begins with"
    raise StoreError(f"{what} {name!r}. Known: {known}.", remedy=f"name one of those, {CURRENT}, or {LATEST}")
