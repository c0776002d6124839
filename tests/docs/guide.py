"""Runs a page of documentation: its files are written, its commands and its Python executed, in their order.

A command runs in this process, as far apart from others as one of its own would be (``tests/command.py``).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.command import Done

    Run = Callable[[Sequence[str], Path], Done]

BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (?P<words>.*?)(?:  # (?P<note>.*))?$")


def environment() -> dict[str, str]:
    """Return the environment without what would point a command at another store."""
    hidden = ("RETROLABEL_", "MLFLOW_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "COLUMNS": "80", "NO_COLOR": "1"}


def run_here(words: Sequence[str], folder: Path) -> Done:
    """Run ``retrolabel WORDS`` in this process."""
    return command.run_here(words, folder, environment())


def run_page(text: str, folder: Path, run: Run) -> dict[str, list[str]]:
    """Run a page in a folder; return command -> what it printed, each time.

    A command is retrolabel's, or ``python FILE`` of a file that the page wrote. It may end in ``  # exit 1``. Lines
    under a command are what it must print, among others.
    """
    printed: dict[str, list[str]] = {}
    for language, name, body in BLOCK.findall(text):
        if name.strip().endswith((".csv", ".json", ".jsonl", ".py", ".toml")):
            (folder / name.strip()).write_text(body, encoding="utf-8")
        elif language == "console":
            folder = _run_block(body, folder, run, printed)
    return printed


def _run_block(body: str, folder: Path, run: Run, printed: dict[str, list[str]]) -> Path:
    output = ""
    for line in body.splitlines():
        found = COMMAND.match(line)
        if found is None:
            assert line.strip() in output, f"the page shows {line!r}, and the command printed\n{output}"
            continue
        words = shlex.split(found["words"])
        if words[0] == "cd":
            folder = folder / words[1]
        if words[0] in ("cd", "make"):
            continue
        if words[0] == "python":
            output = _python(words[1:], folder)
            continue
        assert words[0] == "retrolabel", f"the page's test does not know how to run: {line}"
        done = run(words[1:], folder)
        wanted = int(found["note"].removeprefix("exit ")) if (found["note"] or "").startswith("exit ") else 0
        assert done.code == wanted, f"{line}\n{done.out}\n{done.err}"
        output = done.out
        printed.setdefault(found["words"], []).append(output)
    return folder


def _python(words: Sequence[str], folder: Path) -> str:
    """Run a file of the page in a process of its own, and return what it printed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment() | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"python {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run_python(text: str, names: dict[str, object]) -> list[str]:
    """Run the page's unnamed blocks of Python in one namespace and return what they promise to print."""
    promised: list[str] = []
    for language, kind, body in BLOCK.findall(text):
        if language == "python" and not kind.strip():
            exec(body, names)  # noqa: S102 - the page's own code
            promised += re.findall(r"^(?:print\(.*)?\)\s+# (.*)$", body, re.MULTILINE)
    return promised
