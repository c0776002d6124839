"""A command line in this process, as far apart from what runs here as a process of its own would be."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.cli.main import main
from retrolabel.discovery.project import forget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run_here(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Done:
    """Run ``retrolabel WORDS`` in a folder, through the same entry point as the installed script.

    The folder, the environment, ``sys.argv``, ``sys.path``, the project's modules, what warnings do and where
    output goes are those of the command while it runs, and those of before when it is done. Output is caught
    where processes write it, so that what workers print is in it too. What a process would show as a traceback
    is raised.
    """
    with contextlib.ExitStack() as stack:
        out, err = (stack.enter_context(_caught(name)) for name in ("stdout", "stderr"))
        stack.enter_context(_stood_in(folder, environment))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("default")
        sys.argv[:] = ["retrolabel", *words]
        try:
            main()
        except SystemExit as done:
            code = int(done.code or 0)
        return Done(code, out(), err())


@contextlib.contextmanager
def _stood_in(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    before, place, path, argv = dict(os.environ), Path.cwd(), list(sys.path), list(sys.argv)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    forget()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.path[:], sys.argv[:] = path, argv
        os.chdir(place)
        forget()
        linecache.clearcache()


@contextlib.contextmanager
def _caught(name: str) -> Iterator[object]:
    """Let ``sys.stdout`` or ``sys.stderr``, and what child processes know as such, be a file; yield how to read it."""
    ours = getattr(sys, name)
    number = {"stdout": 1, "stderr": 2}[name]
    ours.flush()
    with tempfile.TemporaryFile() as file:
        kept = os.dup(number)
        os.dup2(file.fileno(), number)
        stream = io.TextIOWrapper(os.fdopen(os.dup(number), "wb"), encoding="utf-8", write_through=True)
        setattr(sys, name, stream)

        def read() -> str:
            stream.flush()
            with os.fdopen(os.dup(file.fileno()), "rb") as written:
                written.seek(0)
                return written.read().decode("utf-8").replace("\r\n", "\n")

        try:
            yield read
        finally:
            stream.close()
            setattr(sys, name, ours)
            os.dup2(kept, number)
            os.close(kept)
