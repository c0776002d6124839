"""How long `retrolabel lf try` takes: from cold, and after a save while it watches.

    retrolabel demo /tmp/try --items 20000
    python benchmarks/trying.py /tmp/try

It edits a copy of one labeling function of the demo, a word at each save, and measures from the write of the file to
the line of figures that the process prints. Cold is a process of its own; the first time it draws its sample.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TASK, LF = "failure_mode", "tried_here"
SAVES, COLD = 20, 5
KEYWORDS = """
from labeling_functions.failure_mode.schema.v2_failure_modes import RETRIEVAL
from retrolabel import keywords

tried_here = keywords(RETRIEVAL, ["outdated", "stale", "word{n}"], column="comment")
"""
FUNCTION = """
import re

from labeling_functions.failure_mode.schema.v2_failure_modes import RETRIEVAL
from retrolabel import labeling_function

@labeling_function(RETRIEVAL)
def tried_here(comment):
    return re.search(r"outdated|stale|word{n}", comment or "", re.IGNORECASE)
"""
PHRASES = """
from labeling_functions.failure_mode.schema.v2_failure_modes import RETRIEVAL
from retrolabel import phrases

tried_here = phrases(RETRIEVAL, ["outdated page", "is stale", "word{n}"], column="comment")
"""


def main(demo: Path) -> None:
    """Measure, and print a line for each kind of labeling function."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "demo"
        shutil.copytree(demo, project)
        shutil.rmtree(project / ".retrolabel" / "samples", ignore_errors=True)
        file = project / "labeling_functions" / TASK / "tried.py"
        file.write_text(KEYWORDS.format(n=0), encoding="utf-8")
        first = cold(project)
        print(f"cold, the sample is drawn: {first:.2f} s")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        times = [cold(project) for _ in range(COLD)]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / COLD
        print(
            f"cold, the sample is kept: median {statistics.median(times):.2f} s, worst {max(times):.2f} s of {COLD};"
            f" {worked:.2f} s of a processor, near misses included; load {os.getloadavg()[0]:.1f} on {os.cpu_count()}"
        )
        for name, text in (("keywords", KEYWORDS), ("function", FUNCTION), ("phrases", PHRASES)):
            file.write_text(text.format(n=0), encoding="utf-8")
            figures, near = saves(project, file, text)
            print(
                f"{name}: first figures after a save: median {statistics.median(figures):.2f} s,"
                f" worst {max(figures):.2f} s; with near misses: median {statistics.median(near):.2f} s of {SAVES}"
            )


def started(project: Path, *more: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "retrolabel", "lf", "try", f"{TASK}:{LF}", *more]
    return subprocess.Popen(words, cwd=project, stdout=subprocess.PIPE, text=True, env=os.environ, bufsize=1)


def until(process: subprocess.Popen[str], begins: str) -> None:
    """Read lines until one that begins so."""
    for line in process.stdout or ():
        if line.lstrip().startswith(begins):
            return
    raise SystemExit(f"the process ended before a line that begins {begins!r}")


def cold(project: Path) -> float:
    """Return the seconds from the start of a process to its first figures."""
    began = time.perf_counter()
    process = started(project)
    until(process, "votes on")
    took = time.perf_counter() - began
    process.communicate()
    return took


def saves(project: Path, file: Path, text: str) -> tuple[list[float], list[float]]:
    """Return the seconds from each save to the first figures, and to the end of what is shown."""
    process = started(project, "--watch")
    until(process, "Waiting")
    figures, near = [], []
    for n in range(1, SAVES + 1):
        time.sleep(0.5)
        began = time.perf_counter()
        file.write_text(text.format(n=n), encoding="utf-8")
        until(process, "votes on")
        figures.append(time.perf_counter() - began)
        until(process, "Waiting")
        near.append(time.perf_counter() - began)
    process.send_signal(signal.SIGINT)
    process.communicate()
    if process.returncode:
        raise SystemExit(f"Ctrl-C ended it with {process.returncode}")
    return figures, near


if __name__ == "__main__":
    main(Path(sys.argv[1]))
