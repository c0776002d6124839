"""What ``retrolabel demo`` prints while it goes along."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.cli.common import SHORT_ID, console, print_json, say, share_of, table, terminal_progress
from retrolabel.cli.plan import plan_as_dict, show_plan
from retrolabel.cli.relabel import show_report
from retrolabel.wiring.demo import MONTHS_BEFORE, TASK, steps, tell

if TYPE_CHECKING:
    from retrolabel.wiring.demo import Story

WIDTH = 80


def run_and_show(folder: Path, items: int, seed: int, *, as_json: bool) -> None:
    """Run the demo and print each chapter when it is done."""
    progress = terminal_progress()
    chapters = {
        "simulated": _simulated,
        "labelled": _labelled,
        "planned": _planned,
        "relabelled": _relabelled,
        "compared": _compared,
    }
    story = None
    for chapter, story in tell(folder.absolute(), items, seed, progress):
        if not as_json:
            chapters[chapter](story, items)
    progress.close()
    if as_json and story is not None:
        print_json(_as_dict(story))


def show_steps(folder: Path, *, as_json: bool) -> None:
    """Print what a person would type to do what the demo does; nothing is written."""
    if as_json:
        print_json({"folder": str(folder), "steps": [asdict(step) for step in steps()]})
        return
    _comment(
        f"What the demo does, as a person would type it. The demo itself writes the files that are named: the feedback"
        f" of six months, what people said of it, and the task {TASK}."
    )
    say(f"cd {shlex.quote(str(folder))}", whole=True)
    for step in steps():
        say()
        _comment(step.why)
        if step.command:
            say(continued(step.command), whole=True)


def _comment(text: str) -> None:
    for line in textwrap.wrap(text, WIDTH - 2):
        say(f"# {line}", whole=True)


def continued(command: str) -> str:
    r"""Return a command over lines of 80 columns, each but the last ending so that a shell reads on.

    Example:
        >>> print(continued("ingest " + "f.csv " * 11 + "--source web"))
        ingest f.csv f.csv f.csv f.csv f.csv f.csv f.csv f.csv f.csv f.csv f.csv \
            --source web
    """
    joined = re.sub(r"(--[\w-]+) (?!--)", "\\1\0", command)  # an option stays with its value
    lines = textwrap.wrap(joined, WIDTH - 2, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return " \\\n".join(lines).replace("\0", " ")


def _simulated(story: Story, items: int) -> None:
    _heading("1. Six months of feedback on an AI assistant (simulated: the truth is known)")
    say(f"{items:,} items, a file a month, in {story.folder / 'feedback'}")


def _labelled(story: Story, items: int) -> None:  # noqa: ARG001 - all chapters look alike
    _heading(f"2. Months 1-{MONTHS_BEFORE}: thumbs. Labelled under 1.0.0 (good, bad)")
    if story.before:
        show_report(story.before)


def _planned(story: Story, items: int) -> None:  # noqa: ARG001 - the same
    _heading("3. Month 4: schema 2.0.0 splits bad: retrieval, generation, formatting")
    if story.plan:
        show_plan(story.plan)


def _relabelled(story: Story, items: int) -> None:  # noqa: ARG001 - the same
    _heading("4. The whole history, labelled again under 2.0.0")
    if story.after:
        show_report(story.after)


def _compared(story: Story, items: int) -> None:  # noqa: ARG001 - the same
    _heading("5. What changed, and how good it is")
    frame = story.flips
    rows = [(name, *(int(count) for count in row)) for name, row in zip(frame.index, frame.to_numpy(), strict=True)]
    columns = ["before \\ after", *map(str, frame.columns)]
    console().print(table("Items by label before (1.0.0) and after (2.0.0)", columns, rows, right=columns[1:]))
    rows = [
        (name, t.items, t.labelled, t.right, t.guessed, share_of(t.holds, t.guessed)) for name, t in story.truth.items()
    ]
    say("Four labels are harder to tell apart than two; what counts is that months 1-3 are as good as 4-6.")
    say("Guessed items have no label: votes said bad, and nothing says which of the")
    say("three. Holds: how often the labels that are left hold the truth.")
    titles = ["label set", "items", "labelled", "right [95 %]", "guessed", "holds"]
    right = [*titles[1:3], *titles[4:]]
    console().print(table("Against the truth, over labelled items", titles, rows, right=right, whole=["right [95 %]"]))
    columns = ["label model", "accuracy", "macro-F1", "log-loss"]
    models = story.label_models
    rows = [(name, row["accuracy"], row["macro_f1"], row["log_loss"]) for name, row in models.iterrows()]
    console().print(table("Label models under 2.0.0, against the truth", columns, rows, right=columns[1:]))
    if "snorkel" not in models.index:
        say('Snorkel is not installed; pip install "retrolabel[snorkel]" shows it beside ours.')
    _ending(story)


def _ending(story: Story) -> None:
    assert story.after is not None  # noqa: S101 - told in order
    owners = ", ".join(f"{owner} {count:,}" for owner, count in story.owners.items())
    say(f"What changed: 'bad' is now three failures with owners: {owners} items.")
    true = story.truth["v2, all"]
    say(f"How good:     right on {true.right} of {true.labelled:,} labelled, of {true.items:,} items (the truth);")
    say(f"              dev gold says {story.after.dev.headline}.")
    identity = story.after.label_set.id[:SHORT_ID]
    command = "retrolabel" if shutil.which("retrolabel") else str(Path(sys.executable).parent / "retrolabel")
    say(f"What to open: {story.report}   ({story.seconds:.0f} s)")
    say(f"Or: cd {story.folder}")
    say(f"    {command} labels show {TASK} {identity}")


def _heading(text: str) -> None:
    from rich.text import Text  # noqa: PLC0415 - only for people

    console().print()
    console().print(Text(text, style="bold"))


def _as_dict(story: Story) -> dict[str, Any]:
    assert story.before is not None and story.after is not None and story.plan is not None  # noqa: S101, PT018 - told in order
    return {
        "folder": str(story.folder),
        "report": str(story.report),
        "before": story.before.as_dict(),
        "plan": plan_as_dict(story.plan),
        "after": story.after.as_dict(),
        "flips": {str(name): {str(k): int(v) for k, v in row.items()} for name, row in story.flips.iterrows()},
        "owners": story.owners,
        "truth": {
            name: {
                "n": t.labelled,
                "items": t.items,
                "guessed": t.guessed,
                "partial_holds": t.holds,
                "accuracy": t.right.value,
                "low": t.right.low,
                "high": t.right.high,
            }
            for name, t in story.truth.items()
        },
        "label_models": story.label_models.reset_index().to_dict("records"),
        "seconds": round(story.seconds, 1),
    }
