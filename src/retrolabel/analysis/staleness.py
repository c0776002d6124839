"""Staleness: how old labels and gold are, against how long a task lets them stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import counted

if TYPE_CHECKING:
    from datetime import datetime

SHORT = 12
HORIZON_DAYS = 120
"""Days that labels and gold stand unless a task says otherwise: within three to six months they go stale."""


@dataclass(frozen=True)
class Staleness:
    """How old what consumers read is, and what it rests on.

    Example:
        >>> from datetime import datetime, timedelta
        >>> at = datetime(2026, 7, 1)
        >>> found = Staleness("mood", at, made_at=at - timedelta(130), label_set="3fb4a40cfb99", items=100, labelled=80)
        >>> found.stale, found.age_days, found.old_labels, found.next
        (True, 130, 0.8, 'retrolabel relabel mood')

    Attributes:
        task: The task.
        at: When this was asked.
        horizon_days: How many days labels and gold stand.
        label_set: The label set that consumers read; ``None`` where there is none.
        version: Its schema version.
        made_at: When it was made.
        newest_version: The newest released version; ``None`` where nothing is released.
        version_since: When the first label set of its version was made.
        items: All live items.
        labelled: The live items that have a label in it.
        waiting: The live items that it does not hold.
        gold: The human labels that stand, test gold and all.
        newest_gold: When the newest of them came.
        old_gold: How many of them came before the horizon.
    """

    task: str
    at: datetime
    horizon_days: int = HORIZON_DAYS
    label_set: str | None = None
    version: str | None = None
    made_at: datetime | None = None
    newest_version: str | None = None
    version_since: datetime | None = None
    items: int = 0
    labelled: int = 0
    waiting: int = 0
    gold: int = 0
    newest_gold: datetime | None = None
    old_gold: int = 0

    @property
    def age_days(self) -> int | None:
        """How many days ago the label set was made; ``None`` without one."""
        return self._days(self.made_at)

    @property
    def gold_age_days(self) -> int | None:
        """How many days ago the newest human label came; ``None`` without gold."""
        return self._days(self.newest_gold)

    @property
    def version_days(self) -> int | None:
        """For how many days there have been label sets of the version."""
        return self._days(self.version_since)

    @property
    def old_labels(self) -> float:
        """The share of live items whose label comes from a label set that is older than the horizon."""
        return self.labelled / self.items if self.items and self._is_old(self.age_days) else 0.0

    @property
    def stale(self) -> bool:
        """Whether the labels, or all gold behind them, are older than the horizon."""
        return self._is_old(self.age_days) or self._is_old(self.gold_age_days)

    @property
    def told(self) -> tuple[str, ...]:
        """What there is to say, a sentence each."""
        if self.label_set is None:
            return ("no label set is current",)
        made = f"label set {self.label_set[:SHORT]} is {_old(self.age_days)} old"
        found = [f"{made}{self._against(self.age_days)}"]
        if self._is_old(self.age_days):
            found[0] += f": {_percent(self.old_labels)} of {counted(self.items, 'item')} have a label from it"
        if self.waiting:
            found.append(f"{counted(self.waiting, 'item')} came or changed since ({_percent(self._waiting)})")
        if self.newest_version not in (None, self.version):
            found.append(f"its version is {self.version}, and {self.newest_version} is released")
        if self.gold:
            newest = f"the newest of {counted(self.gold, 'human label')} is {_old(self.gold_age_days)} old"
            older = f"; {self.old_gold:,} are older than {self.horizon_days}" if self.old_gold else ""
            found.append(f"{newest}{self._against(self.gold_age_days)}{older}")
        else:
            found.append("there is no gold, so nobody knows whether labels still hold")
        return tuple(found)

    @property
    def next(self) -> str | None:
        """The command to type next; ``None`` where nothing is stale and nothing waits."""
        if self.label_set is None or self.waiting or self._is_old(self.age_days) or self._behind:
            return f"retrolabel relabel {self.task}"
        return f"retrolabel gold sample {self.task}" if self._is_old(self.gold_age_days) else None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        own = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in asdict(self).items()}
        ages = {name: getattr(self, name) for name in ("age_days", "gold_age_days", "version_days", "old_labels")}
        return {**own, **ages, "stale": self.stale, "told": list(self.told), "next": self.next}

    @property
    def _waiting(self) -> float:
        return self.waiting / self.items if self.items else 0.0

    @property
    def _behind(self) -> bool:
        return self.newest_version not in (None, self.version)

    def _days(self, then: datetime | None) -> int | None:
        return None if then is None else max(0, (self.at - then).days)

    def _is_old(self, days: int | None) -> bool:
        return days is not None and days > self.horizon_days

    def _against(self, days: int | None) -> str:
        return f", and stale after {self.horizon_days}" if self._is_old(days) else f" (stale after {self.horizon_days})"


def _old(days: int | None) -> str:
    return counted(days, "day") if days else "less than a day"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
