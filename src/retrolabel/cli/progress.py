"""Progress on the terminal: a bar after a second, how long it takes after two; in a log file a line a minute."""

from __future__ import annotations

import sys
from threading import RLock, Timer
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn
from rich.text import Text

from retrolabel.cli.characters import as_text
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from pathlib import Path

    from rich.progress import Task

SHOW_AFTER = 1.0
WAIT_AFTER = 2.0
LOG_EVERY = 60.0
BLOCK = 1 << 20
LINE_END, QUOTE = ord("\n"), ord('"')


class TerminalProgress:
    """Shows how far a job is, on standard error, once it takes longer than a second.

    Between the stretches that a job counts it shows the command and its seconds, so that no silence is longer than
    two. Whoever prints takes it away first.

    Args:
        command: What the person called; nothing is shown between stretches without it.
    """

    def __init__(self, command: str = "") -> None:
        self._console = Console(stderr=True, highlight=False)
        self._lock = RLock()
        self._command = command
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._timer: Timer | None = None
        self._what, self._total, self._done = "", 0.0, 0.0
        self._expected = 0.0
        self._noted: set[str] = set()
        self._began = self._started = self._logged = monotonic()
        self._wait()

    def expect(self, total: float | None) -> None:
        """Say about how long the next stretch is, if it does not say so itself."""
        self._expected = total or 0.0

    def start(self, what: str, total: float | None) -> None:
        """Begin a stretch of work; the one before is over."""
        with self._lock:
            self.close()
            self._what, self._total, self._done = what, total or self._expected, 0.0
            self._expected = 0.0
            self._started = self._logged = monotonic()
            self._show_after(SHOW_AFTER)

    def advance(self, units: float) -> None:
        """Say that some of it is done."""
        with self._lock:
            self._done += units
            if not sys.stderr.isatty():
                self._log()
                return
            if monotonic() - self._started > SHOW_AFTER:
                self._show()
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=self._done)
            if self._total and self._done >= self._total:
                self.close()
                self._wait()

    def note(self, text: str) -> None:
        """Print something that the person should know, once."""
        if text in self._noted:
            return
        self._noted.add(text)
        self._console.print(Text(f"Note: {as_text(without_secrets(text), lines=True)}"), soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._bar is not None:
                self._bar.stop()
            self._bar = self._task = self._timer = None

    def _wait(self) -> None:
        """Begin what no job counts: reading, hashing, writing."""
        if self._command:
            self._what, self._total, self._done, self._started = self._command, 0.0, 0.0, self._began
            self._show_after(WAIT_AFTER)

    def _show_after(self, seconds: float) -> None:
        if sys.stderr.isatty():
            timer = Timer(seconds, lambda: self._due(timer))
            timer.daemon = True
            self._timer = timer
            timer.start()

    def _due(self, timer: Timer) -> None:
        """Show the bar, unless another stretch began meanwhile."""
        with self._lock:
            if self._timer is timer:
                self._show()

    def _show(self) -> None:
        if self._bar is None:
            counted = [BarColumn(), _Count(), _Left()] if self._total else [_Count(), _Seconds(self._started)]
            self._bar = Progress(
                TextColumn("{task.description}", markup=False), *counted, console=self._console, transient=True
            )
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total or None, completed=int(self._done))

    def _log(self) -> None:
        if monotonic() - self._logged > LOG_EVERY:
            self._logged = monotonic()
            of = f" of {self._total:,.0f}" if self._total else ""
            sys.stderr.write(f"{self._what}: {self._done:,.0f}{of}\n")


def rows_in(file: Path) -> int | None:
    """Return about how many rows a file has; ``None`` where that is not quick to say.

    Args:
        file: CSV or JSONL; a line inside of quotes is no row of CSV.
    """
    if file.suffix not in (".csv", ".jsonl") or not file.is_file():
        return None
    import numpy as np  # noqa: PLC0415 - who only lists label sets needs none

    rows, quoted, csv = 0, 0, file.suffix == ".csv"
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            text = np.frombuffer(block, dtype=np.uint8)
            ends = text == LINE_END
            if csv:
                inside = (quoted + np.cumsum(text == QUOTE)) % 2
                ends &= inside == 0
                quoted = int(inside[-1])
            rows += int(np.count_nonzero(ends))
    return rows - csv


class _Count(ProgressColumn):
    """How many are done, of how many."""

    def render(self, task: Task) -> Text:
        """Return the count; nothing where nothing is counted."""
        of = f" / {task.total:,.0f}" if task.total else ""
        return Text(f"{task.completed:,.0f}{of}" if task.completed or of else "")


class _Left(ProgressColumn):
    """How long it will take still."""

    def render(self, task: Task) -> Text:
        """Return minutes and seconds; nothing while that is not known."""
        if task.time_remaining is None:
            return Text()
        minutes, seconds = divmod(int(task.time_remaining), 60)
        return Text(f"{minutes:,}:{seconds:02} left")


class _Seconds(ProgressColumn):
    """How long it takes already."""

    def __init__(self, started: float) -> None:
        super().__init__()
        self._started = started

    def render(self, task: Task) -> Text:  # noqa: ARG002 - of the clock, not of the task
        """Return the seconds."""
        return Text(f"{monotonic() - self._started:,.0f} s")
