"""How what a labeling function does is printed: figures in sentences, then items with their words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.trying.figures import AGAINST, AGREES, RIGHT, WRONG
from retrolabel.analysis.trying.telling import as_said
from retrolabel.cli.characters import as_text
from retrolabel.cli.common import console, say, table
from retrolabel.cli.highlighting import highlighted
from retrolabel.errors import counted
from retrolabel.masking import without_remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from retrolabel.analysis.trying.tried import Shown, Tried

PIPE = 160
"""The cells of a line where nobody's terminal says how many it has."""
TITLES = {
    WRONG: "Wrong, says dev gold",
    AGAINST: "Doubtful: the newest label set is sure of something else",
    "": "Nothing known against it",
    AGREES: "The newest label set agrees",
    RIGHT: "Right, says dev gold",
}


def show_tried(tried: Tried, show: int, seconds: float) -> None:
    """Print what a labeling function does, faults first, then the hits that deserve a look.

    Args:
        tried: What it does.
        show: How many hits.
        seconds: How long it took.
    """
    say(f"{tried.task}:{tried.lf}  ({seconds:.1f} s)")
    _show_faults(tried)
    for line in tried.told():
        say(f"  {line}")
    for note in tried.notes:
        say(f"  note: {note}")
    verdict = None
    for each in tried.first(show):
        if each.verdict != verdict:
            count = sum(tried.verdicts[row] == each.verdict for row in tried.order)
            say(f"{TITLES[each.verdict]} ({counted(count, 'hit')})")
            verdict = each.verdict
        _show_item(each, tried.ground.labels)


def show_near_misses(tried: Tried, show: int) -> None:
    """Print the items that read like the hits and are none.

    Args:
        tried: What the labeling function does.
        show: How many.
    """
    near = tried.near(show)
    if near:
        say("Near misses: they read like the hits, and it does not vote on them")
    for each in near:
        _show_item(each, tried.ground.labels)


def show_line_each(task: str, several: Sequence[Tried]) -> None:
    """Print labeling functions, a line each.

    Args:
        task: The task.
        several: What each does.
    """
    rows = []
    for each in several:
        found = each.measured
        rows.append(
            (
                each.lf,
                found.hits,
                f"{found.coverage:.1%}",
                found.overlaps,
                found.conflicts,
                str(found.precision.figure) if found.precision.of else "-",
                found.precision.of,
                found.faults,
            )
        )
    titles = ["LF", "hits", "cov", "overlaps", "conflicts", "right on dev [95 %]", "of", "faults"]
    first = several[0]
    title = f"{task}: {counted(len(several), 'labeling function')} on {first.measured.items:,} items"
    console().print(table(title, titles, rows, right=titles[1:]))
    for note in dict.fromkeys(note for each in several for note in each.notes):
        say(f"note: {note}")
    say(f"One of them with its words and its near misses: retrolabel lf try {task}:{first.lf}")


def _show_faults(tried: Tried) -> None:
    if not tried.measured.faults:
        return
    say(f"  fails on {counted(tried.measured.faults, 'item')} of {len(tried.keys):,}:")
    for fault in tried.failed[:3]:
        say(f"    {fault.source}/{fault.item_id}: {fault.error}")
    lines = [line.strip() for line in tried.failed[0].trace.splitlines() if line.lstrip().startswith("File ")]
    if lines:
        say(f"    {lines[-1]}")


def _show_item(item: Shown, labels: Sequence[str]) -> None:
    """Print an item: what is known of it, and each text in which words were found, or the first one."""
    out = console()
    say(f"  {', '.join(_known(item, labels))}  {item.source}/{item.item_id}", whole=True)
    found = {span.column for span in item.spans}
    columns = [name for name in item.texts if name in found] or list(item.texts)[:1]
    for name in columns:
        _print_text(out, name, item)


def _known(item: Shown, labels: Sequence[str]) -> Iterator[str]:
    if item.gold:
        yield f"gold {as_said(item.gold, labels)}"
    if item.vote:
        yield f"voted {as_said(item.vote, labels)}"
    if item.label and not item.gold:
        yield f"label set {item.label} ({item.probability:.2f})"
    if not item.gold and not item.label and not item.vote:
        yield "nothing known"
    if item.terms:
        yield f"like them by {', '.join(map(as_text, item.terms))}"
    if item.alike > 1:
        yield f"{item.alike:,} say the same"


def _print_text(out: Console, name: str, item: Shown) -> None:
    lead = f"    {name}: "
    width = (out.width if out.is_terminal else PIPE) - len(lead)
    colour = out.color_system is not None and not out.no_color
    spans = [span for span in item.spans if span.column == name]
    line = highlighted(without_remembered(item.texts[name]), spans, width=max(width, 20), colour=colour)
    line.pad_left(0)
    out.print(lead, line, sep="", end="\n", soft_wrap=True, markup=False)
