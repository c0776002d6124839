"""What may be asked of MLflow's traces: which, from where, and what of them is gold."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrolabel.errors import InputError
from retrolabel.masking import remember_secrets
from retrolabel.tracking.mlflow import TRACKING_URI
from retrolabel.tracking.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.wiring.site import Site


@dataclass(frozen=True)
class TraceOptions:
    """What may be told of traces that are taken in.

    Attributes:
        experiment: MLflow's experiment, by name or id.
        tracking_uri: Where MLflow is; ``MLFLOW_TRACKING_URI``, or the store's own, if left out.
        since: The earliest request; where one came last, if left out.
        gold: ``TASK`` or ``NAME=TASK``, with ``@VERSION``: assessments of people under that name are its gold.
        map_label: Stored value -> label id (or "" for: this is no label).
        role: The role of such gold, where the item has none.
        drops: Columns that stay out of a new source.
        widen: Whether the source gets columns of judges that are new to it; then all traces are read again.
        look_back: Days before the newest request that are read again: verdicts and answers come late.
    """

    experiment: str
    tracking_uri: str | None = None
    since: datetime | None = None
    gold: Sequence[str] = ()
    map_label: Mapping[str, str] = field(default_factory=dict)
    role: str = "dev"
    drops: Sequence[str] = ()
    widen: bool = False
    look_back: float = 7.0


def server_for(site: Site, uri: str | None) -> Server:
    """Return where MLflow is: as asked, else as the environment says, else in the store.

    Raises:
        InputError: Nobody names one, and the store has none.
    """
    asked = uri or os.environ.get(TRACKING_URI)
    own = site.store / "mlflow.db"
    if not asked and not own.is_file():
        raise InputError(
            "No MLflow is named, and the store has none.",
            remedy=f"--tracking-uri http://HOST:PORT, or {TRACKING_URI} in the environment",
        )
    remember_secrets(asked or "")
    return Server(asked or f"sqlite:///{own}", site.settings.tracking_timeout)


def since_of(text: str) -> datetime:
    """Return a day, or a time, as it is typed; without a zone it is UTC.

    Raises:
        InputError: It is none.

    Example:
        >>> since_of("2026-01-01").isoformat()
        '2026-01-01T00:00:00+00:00'
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--since {text!r} is no day.", remedy="--since 2026-01-01, or 2026-01-01T08:00") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
