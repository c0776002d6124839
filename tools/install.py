"""Run pip install and count what it does: on a terminal in one line that moves, in a log with a line a minute.

python tools/install.py WORDS FOR PIP...

What pip says of errors and warnings is passed on, and its exit code is returned.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import IO, TextIO

PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", "--no-color"]
FOUND = re.compile(r"(?:Collecting|Requirement already satisfied:|Obtaining) ([^\s<>=!~;(\[]+)")
INSTALLING = "Installing collected packages: "
SECOND, MINUTE, INTERRUPTED = 1.0, 60.0, 130


class Counted:
    """What pip did so far, as one line.

    Args:
        out: Where the line goes.
        packages: Where packages are installed.
    """

    def __init__(self, out: TextIO, packages: Path) -> None:
        self._out, self._packages = out, packages
        self._found: set[str] = set()
        self._total = self._before = self._width = 0
        self._started = self._told = monotonic()
        self._terminal = out.isatty()
        self._tell()

    def read(self, line: str) -> None:
        """Take in a line of pip's."""
        if found := FOUND.match(line):
            self._found.add(found[1].lower())
        elif line.startswith(INSTALLING):
            self._total, self._before = line.count(",") + 1, self._there()

    def tick(self) -> None:
        """Tell how far it is, if it is time to."""
        if monotonic() - self._told >= (SECOND if self._terminal else MINUTE):
            self._tell()

    def clear(self) -> None:
        """Make room on the terminal for something else."""
        if self._terminal:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()

    def finish(self, code: int) -> None:
        """Say what came of it."""
        self.clear()
        if code == 0:
            done = f"{_packages(self._total)} installed into .venv" if self._total else "nothing to install into .venv"
            self._out.write(f"{done}, {self._seconds()}\n")

    def _tell(self) -> None:
        self._told = monotonic()
        line = "installing into .venv"
        if self._total:
            done = min(self._total, max(0, self._there() - self._before))
            line += f": {done} of {_packages(self._total)}, {self._seconds()}"
        elif self._found:
            line += f": {_packages(len(self._found))} found, {self._seconds()}"
        self.clear()
        self._width = len(line)
        self._out.write(line if self._terminal else f"{line}\n")
        self._out.flush()

    def _there(self) -> int:
        """Return how many packages are installed."""
        return sum(1 for _ in self._packages.glob("*.dist-info"))

    def _seconds(self) -> str:
        minutes, seconds = divmod(int(monotonic() - self._started), 60)
        return f"{minutes}:{seconds:02}"


def _packages(count: int) -> str:
    return f"{count} package{'' if count == 1 else 's'}"


def run(command: list[str], out: TextIO, err: TextIO, packages: Path) -> int:
    """Run a command that writes what pip writes; return its exit code."""
    counted = Counted(out, packages)
    lines: Queue[tuple[str, str]] = Queue()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace") as pip:
        streams = {"out": pip.stdout, "err": pip.stderr}
        for name, stream in streams.items():
            Thread(target=_forward, args=(name, stream, lines), daemon=True).start()
        while streams:
            try:
                name, line = lines.get(timeout=SECOND)
            except Empty:
                counted.tick()
                continue
            if not line:
                del streams[name]
            elif name == "err":
                counted.clear()
                err.write(line)
                err.flush()
            else:
                counted.read(line)
            counted.tick()
    counted.finish(pip.returncode)
    return pip.returncode


def _forward(name: str, stream: IO[str], lines: Queue[tuple[str, str]]) -> None:
    for line in stream:
        lines.put((name, line))
    lines.put((name, ""))


if __name__ == "__main__":
    try:
        sys.exit(run(PIP + sys.argv[1:], sys.stdout, sys.stderr, Path(sysconfig.get_paths()["purelib"])))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
