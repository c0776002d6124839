"""Progress on the terminal: a bar after a second; in a log file a line a minute."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from retrolabel.cli.characters import as_text
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from rich.progress import Task

SHOW_AFTER = 1.0
LOG_EVERY = 60.0


class TerminalProgress:
    """Shows how far a job is, on standard error, once it takes longer than a second."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._what, self._total, self._done = "", 0.0, 0.0
        self._started = self._logged = monotonic()
        self._noted: set[str] = set()

    def start(self, what: str, total: float | None) -> None:
        """Begin a stretch of work; the one before is over."""
        self.close()
        self._what, self._total, self._done = what, total or 0.0, 0.0
        self._started = self._logged = monotonic()

    def advance(self, units: float) -> None:
        """Say that some of it is done."""
        self._done += units
        if not sys.stderr.isatty():
            self._log()
            return
        if self._bar is None and monotonic() - self._started > SHOW_AFTER:
            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(), _Count(), TimeRemainingColumn(),
                console=self._console, transient=True,
            )  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total or None)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)
            if self._total and self._done >= self._total:
                self.close()

    def note(self, text: str) -> None:
        """Print something that the person should know, once."""
        if text in self._noted:
            return
        self._noted.add(text)
        self._console.print(Text(f"Note: {as_text(without_secrets(text), lines=True)}"), soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = self._task = None

    def _log(self) -> None:
        if monotonic() - self._logged > LOG_EVERY:
            self._logged = monotonic()
            of = f" of {self._total:,.0f}" if self._total else ""
            sys.stderr.write(f"{self._what}: {self._done:,.0f}{of}\n")


class _Count(TextColumn):
    """How many are done, of how many."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """Return the count."""
        of = f" / {task.total:,.0f}" if task.total else ""
        return Text(f"{task.completed:,.0f}{of}")
