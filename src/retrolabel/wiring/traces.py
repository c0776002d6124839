"""MLflow's traces, taken in: items of a source, verdicts of judges as their columns, answers of people as gold."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from retrolabel.errors import TrackerError
from retrolabel.interop.traces import TraceRows, remarks
from retrolabel.jobs.feedback.fresh import FreshRows
from retrolabel.jobs.records.traces import GoldTaken, TraceReport
from retrolabel.tracking.cursors import Cursor, Cursors
from retrolabel.tracking.traces import find_experiment, pages
from retrolabel.wiring.site import now
from retrolabel.wiring.trace_options import server_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from retrolabel.jobs.feedback.previewing import Preview
    from retrolabel.jobs.records.traces import Experiment, Page, Trace
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.trace_gold import GoldOfTraces
    from retrolabel.wiring.trace_options import TraceOptions

CHUNK = 1000
"""Traces that become real together: a segment, their gold, the cursor."""
OVERLAP = timedelta(minutes=10)
"""How far before the newest request is read again at each turn: traces end in another order than they begin in."""
LOOK_BACK_EVERY = 3600.0
"""Seconds after which one who follows reads again all that judges and people may have spoken of."""
LONGEST_WAIT = 300.0


class TraceIngest:
    """Takes the traces of an experiment into a source, as often as it is asked.

    Args:
        site: The project and its store.
        source: The source.
        options: What is to be taken, and how.

    Raises:
        InputError: A name is none.
        TrackerError: MLflow does not say whether it has the experiment.
    """

    def __init__(self, site: Site, source: str, options: TraceOptions) -> None:
        from retrolabel.wiring.feedback import check_source
        from retrolabel.wiring.trace_gold import GoldOfTraces

        check_source(source)
        self._site, self.source, self.options = site, source, options
        self.server = server_for(site, options.tracking_uri)
        self._gold = [GoldOfTraces.of(site, source, asked, options) for asked in options.gold]
        self.experiment: Experiment = find_experiment(self.server, options.experiment)
        self._cursors = Cursors(site.store)
        self._asked = {
            "source": source,
            "server": self.server.told,
            "experiment": self.experiment.id,
            "gold": sorted(each.asked for each in self._gold),
            "map_label": dict(options.map_label),
        }
        self._newest: datetime | None = None
        self._looked_back = 0.0

    def take(self) -> TraceReport:
        """Take in what is new; the same trace twice adds nothing, and what was read stays where a server dies.

        Raises:
            TrackerError: MLflow gave nothing at all.
        """
        began, site = time.monotonic(), self._site
        cursor = self._cursors.get(self._asked)
        since = self._since(cursor)
        known: Mapping[str, str] | None = site.open_catalog.feedback.sources().get(self.source)
        tally = _Tally(known is not None, self._gold)
        site.progress.start(f"traces of {self.experiment.name}", None)
        for some in self._chunks(since, tally):
            known = self._take(some, known, tally)
            newest = max((each.at for each in some), default=None)
            self._remember(cursor, since, newest)
        return TraceReport(
            self.source,
            self.experiment.name,
            self.server.told,
            since,
            **tally.counts,
            quarantine=tally.quarantine,
            gold=tuple(each.report() for each in self._gold),
            other_answers=dict(tally.others),
            notes=tuple(remarks(tally.left_out, tally.unfit, known or {})),
            seconds=time.monotonic() - began,
            stopped=tally.stopped,
        )

    def follow(
        self,
        every: float,
        told: Callable[[TraceReport], None],
        away: Callable[[str, float], None],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take in what is new again and again, until the process is interrupted.

        Args:
            every: Seconds between two turns; where a server is away, longer and longer ones, up to five minutes.
            told: Told of each turn.
            away: Told that the server is away, and after how many seconds it is asked again.
            wait: What waits.
        """
        pause = every
        while True:
            try:
                report = self.take()
                told(report)
                stopped = report.stopped
            except TrackerError as error:
                stopped = error.message
            pause = min(max(pause, 1.0) * 2, max(LONGEST_WAIT, every)) if stopped else every
            if stopped:
                away(stopped, pause)
            wait(pause)

    def preview(self) -> tuple[Preview, tuple[GoldTaken, ...]]:
        """Return what would become of the first traces, and of what people say of them; nothing is stored."""
        from retrolabel.jobs.feedback.previewing import preview

        site = self._site
        feedback = site.open_catalog.feedback if site.exists() else None
        known = feedback.sources().get(self.source) if feedback is not None else None
        cursor = self._cursors.get(self._asked)
        first: Page = next(pages(self.server, self.experiment, self._since(cursor)))
        rows = self._rows(first.traces, known, widen=self.options.widen or known is None)
        found = preview(rows, source=self.source, contract=rows.contract, feedback=feedback, revise=True)
        for each in self._gold:
            each.look(first.traces)
        return found, tuple(each.report() for each in self._gold)

    def _since(self, cursor: Cursor | None) -> datetime | None:
        """Return from which request on is read."""
        if self._newest is not None and time.monotonic() - self._looked_back < LOOK_BACK_EVERY:
            return self._newest - OVERLAP
        newest = self._newest or (cursor.time if cursor is not None else None)
        first, self._looked_back = self._looked_back == 0, time.monotonic()
        if first and (self.options.since is not None or self.options.widen):
            return self.options.since
        return newest - timedelta(days=self.options.look_back) if newest is not None else None

    def _chunks(self, since: datetime | None, tally: _Tally) -> Iterator[list[Trace]]:
        """Yield traces, so many as become real together; where a server dies, those that it gave."""
        some: list[Trace] = []
        read = False
        try:
            for page in pages(self.server, self.experiment, since):
                read = True
                some += page.traces
                tally.counts["traces"] += len(page.traces)
                tally.counts["unfinished"] += page.unfinished
                self._site.progress.advance(len(page.traces))
                if len(some) >= CHUNK:
                    yield some
                    some = []
        except TrackerError as error:
            if not read:
                raise
            tally.stopped = error.message
        if some:
            yield some

    def _rows(self, traces: Sequence[Trace], known: Mapping[str, str] | None, *, widen: bool) -> TraceRows:
        name = f"mlflow:{self.experiment.name}"
        return TraceRows(name, traces, known, drops=self.options.drops, widen=widen)

    def _take(self, some: Sequence[Trace], known: Mapping[str, str] | None, tally: _Tally) -> Mapping[str, str] | None:
        """Take some traces in, then what people say of them; return the source's contract."""
        from retrolabel.jobs.feedback.ingest import ingest
        from retrolabel.jobs.feedback.quarantine import quarantine
        from retrolabel.schema.fingerprints import digest

        site = self._site
        rows = self._rows(some, known, widen=self.options.widen or not tally.was_there)
        fresh = FreshRows(rows, self.source, site.open_catalog.feedback)
        contract = known
        if fresh.rows:
            done = ingest(
                fresh,
                source=self.source,
                file_sha256=digest(fresh.contents),
                options=digest(self._asked),
                known_contract=rows.known,
                contract=rows.contract,
                feedback=site.open_catalog.feedback,
                objects=site.objects,
                clock=now,
                progress=_Unheard(site.progress.note),
                revise=True,
            )
            contract = rows.contract
            tally.counts["added"] += done.added
            tally.counts["revised"] += done.revised
        if fresh.broken:
            name = f"{self.source}/traces-{digest([str(each) for each in fresh.broken])[:16]}"
            tally.quarantine = site.objects.locate(quarantine(name, fresh.broken, site.objects))
        tally.counts["unchanged"] += fresh.unchanged
        tally.counts["quarantined"] += len(fresh.broken)
        tally.left_out += rows.left_out
        tally.unfit += rows.unfit
        stored = [each for each in some if each.id not in rows.broken]
        for each in self._gold:
            each.take(stored)
        tally.hear(stored, [each.name for each in self._gold])
        return contract

    def _remember(self, cursor: Cursor | None, since: datetime | None, newest: datetime | None) -> None:
        """Keep how far one came; where something between was never read, the cursor stays before it."""
        before = self._newest or (cursor.time if cursor is not None else None)
        if newest is None or (before is not None and newest <= before):
            return
        self._newest = newest
        if cursor is None or since is None or since <= cursor.time:
            kept = Cursor(self.source, self.server.told, self.experiment.name, newest.isoformat())
            self._cursors.keep(self._asked, kept)


class _Unheard:
    """Progress of a part of a job that tells of its own progress."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.note = note

    def start(self, what: str, total: float | None) -> None:
        """Say nothing."""

    def advance(self, units: float) -> None:
        """Say nothing."""


class _Tally:
    """What happened to the traces so far."""

    def __init__(self, was_there: bool, gold: Sequence[GoldOfTraces]) -> None:
        self.was_there = was_there
        names = ("traces", "added", "revised", "unchanged", "unfinished", "quarantined")
        self.counts: dict[str, int] = dict.fromkeys(names, 0)
        self.quarantine: str | None = None
        self.left_out: Counter[str] = Counter()
        self.unfit: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.stopped = ""
        for each in gold:
            each.forget()

    def hear(self, traces: Sequence[Trace], names: Sequence[str]) -> None:
        """Count what people say that is no task's gold."""
        from retrolabel.jobs.gold.assessed import others

        self.others += others(traces, names)
