"""MLflow, asked for what it holds: with the patience of the settings, and errors of our own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from retrolabel.errors import MissingExtraError, RetrolabelError, TrackerError
from retrolabel.masking import without_secrets
from retrolabel.tracking.mlflow import impatient, imported, is_of_this_machine, quiet, within

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

T = TypeVar("T")
CAUSE = re.compile(r".*\(Caused by (.*?)\)$")
"""How a request that failed after several tries says why."""
LONGEST = 300
"""Characters of what MLflow says of an error that are told."""


class Server:
    """A place where MLflow keeps traces: a tracking server, or a database of this machine.

    Args:
        uri: Where it is.
        patience: Seconds that one request to a server has; 0 is for ever.
    """

    def __init__(self, uri: str, patience: float = 10) -> None:
        self.uri = uri
        self.patience = patience
        self._client: Any = None

    def __repr__(self) -> str:
        """Return where it is, without a password."""
        return f"Server({without_secrets(self.uri)!r})"

    @property
    def told(self) -> str:
        """Where it is, for people: without a password."""
        return without_secrets(self.uri)

    def ask(self, what: str, work: Callable[[ModuleType, Any], T]) -> T:
        """Return what a piece of work with MLflow returns.

        Args:
            what: What is asked for, as an error says it: ``gave no traces``.
            work: Given MLflow and its client.

        Raises:
            TrackerError: It does not answer in time, or says no.
            MissingExtraError: MLflow is not installed.
        """
        try:
            with quiet():
                mlflow = imported("Reading MLflow's traces")
                if self._client is None:
                    self._client = mlflow.MlflowClient(tracking_uri=self.uri)
                if is_of_this_machine(self.uri):
                    return work(mlflow, self._client)
                with impatient(self.patience):
                    return within(self.patience, lambda: work(mlflow, self._client))
        except (MissingExtraError, RetrolabelError):
            raise
        except Exception as error:
            raise TrackerError(
                f"MLflow at {self.told} {what} ({reason(error)}).",
                remedy="is it up, and is the address right? tracking_timeout in the settings gives it more seconds",
            ) from error


def reason(error: Exception) -> str:
    """Return why MLflow did not do what it was asked for: in a chain of reasons, the last one.

    Args:
        error: What it raised.

    Example:
        >>> reason(ValueError("request failed (Caused by ResponseError('too many 500 error responses'))"))
        "ResponseError('too many 500 error responses')"
    """
    told = " ".join(str(error).split())
    found = CAUSE.search(told)
    why = found[1] if found else f"{type(error).__name__}: {told}"
    return without_secrets(why).rstrip(".")[:LONGEST]
