"""``retrolabel lf test``: the examples of labeling functions, without pytest."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from retrolabel.cli.common import FAILED, JsonOption, print_json, say, workspace
from retrolabel.errors import counted

SHOWN = 8
LfsArgument = Annotated[
    str | None, typer.Argument(metavar="[TASK[:LF]]", help="A task, or one labeling function; all if left out.")
]


def examples(lfs: LfsArgument = None, as_json: JsonOption = False) -> None:
    """Run the examples of labeling functions: each gets a vote, and each non-example gets none.

    Modules that do not import are told too, and do not keep the others from running. Exit code 1 if anything fails.

    Example: retrolabel lf test issue_type
    """
    from retrolabel.wiring.lf_examples import run_examples  # noqa: PLC0415 - not needed for --help

    task, _, lf = (lfs or "").partition(":")
    done = run_examples(workspace(None), task or None, lf)
    if as_json:
        failures = [{**asdict(each), "told": str(each)} for each in done.failures]
        found = {"lfs": done.lfs, "slices": done.slices, "examples": done.examples}
        print_json({**found, "failures": failures, "without_examples": done.without})
    else:
        for each in done.failures:
            say(str(each))
        slices = f" and {counted(done.slices, 'slice')}" if done.slices else ""
        of = f"{counted(done.examples, 'example')} of {counted(done.lfs, 'labeling function')}{slices}"
        failed = len(done.failures)
        say(f"{counted(failed, 'failure')}; {of}." if failed else f"ok: {of}.")
        if done.without:
            more = f" and {len(done.without) - SHOWN:,} more" if len(done.without) > SHOWN else ""
            say(f"Without examples, so that nothing was tested: {', '.join(done.without[:SHOWN])}{more}")
    if done.failures:
        raise typer.Exit(FAILED)
