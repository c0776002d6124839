"""What people say of traces, taken in as gold of one task."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, InputError
from retrolabel.gold.adjudication import ROLES
from retrolabel.jobs.gold.assessed import assessed
from retrolabel.jobs.records.traces import GoldTaken
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.gold.assessed import Assessed
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.traces import Trace
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.trace_options import TraceOptions


class GoldOfTraces:
    """Takes what people say of traces under one name in as gold of one task.

    Args:
        site: The project and its store.
        source: The source of the items.
        name: The name of the assessments.
        task: The task.
        version: The version that they were given under; the newest if left out.
        options: What values mean, and which role the gold has.
    """

    def __init__(  # noqa: PLR0913 - what decides what an answer means
        self, site: Site, source: str, name: str, task: str, version: str | None, options: TraceOptions
    ) -> None:
        site.check_task(task)
        if options.role not in ROLES:
            raise InputError(f"There is no role {options.role!r}.", remedy=f"one of {', '.join(ROLES)}")
        self._site, self._source, self.name, self.task = site, source, name, task
        self._map_label: Mapping[str, str] = options.map_label
        self._role = options.role
        self._history = site.history(task)
        self._schema = self._history[version] if version else self._history.head
        if self._schema.scale == "multilabel":
            raise GoldError(
                f"{self._schema} is multilabel: an item has several labels, and gold of that kind cannot be kept yet.",
                remedy=f"leave out --gold {task}; the traces themselves can be taken in",
            )
        self.asked = f"{name}={task}@{version or ''}"
        self.forget()

    @classmethod
    def of(cls, site: Site, source: str, asked: str, options: TraceOptions) -> GoldOfTraces:
        """Return what ``--gold`` asks for: ``TASK``, ``NAME=TASK`` or either with ``@VERSION``.

        Raises:
            SettingsError: There is no such task.
            UnknownVersionError: The task has no such version.
        """
        name, _, rest = asked.rpartition("=")
        task, _, version = rest.partition("@")
        return cls(site, source, name or task, task, version or None, options)

    def forget(self) -> None:
        """Begin to count anew."""
        self._added = self._known = self._unsigned = 0
        self._left_out: Counter[str] = Counter()
        self._remedies: dict[str, str] = {}

    def look(self, traces: Sequence[Trace]) -> Assessed:
        """Return what would be taken in, and count it; nothing is stored."""
        catalog = self._site.open_catalog if self._site.exists() else None
        found = assessed(
            traces,
            name=self.name,
            task=self.task,
            source=self._source,
            schema=self._schema,
            history=self._history,
            map_label=self._map_label,
            role=self._role,
            gold=catalog.gold if catalog is not None else None,
            feedback=catalog.feedback if catalog is not None else None,
        )
        self._added += found.new
        self._known += found.known
        self._unsigned += found.unsigned
        for each in found.outside:
            self._left_out[each.value] += each.rows
            self._remedies[each.value] = each.remedy
        return found

    def take(self, traces: Sequence[Trace]) -> None:
        """Take in what people say of traces that are in the store."""
        for version, rows in self.look(traces).rows.items():
            self._import(version, rows)

    def _import(self, version: str, rows: Sequence[GoldRow]) -> None:
        from retrolabel.jobs.gold.importing import import_gold
        from retrolabel.wiring.gold_alarms import Watch

        site, at = self._site, now()
        watch = Watch(site, self.task, at)
        import_gold(
            rows,
            file=f"assessments {self.name!r}",
            task=self.task,
            source=self._source,
            schema=self._history[version],
            history=self._history,
            how=site.adjudication(self.task),
            map_label=self._map_label,
            role=self._role,
            map_role={},
            skip_unknown=True,
            gold=site.catalog.gold,
            feedback=site.catalog.feedback,
            objects=site.objects,
            at=at,
            within=watch,
        )
        if watch.told is not None:
            site.warn(watch.told.said)

    def report(self) -> GoldTaken:
        """Return what became of the answers since one began to count."""
        return GoldTaken(
            self.task,
            self.name,
            self._schema.version,
            self._added,
            self._known,
            self._unsigned,
            dict(self._left_out.most_common()),
            dict(self._remedies),
        )
