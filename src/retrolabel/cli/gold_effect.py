"""``retrolabel gold effect``: whether a version did what it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    listed,
    print_json,
    say,
    table,
    workspace,
)

if TYPE_CHECKING:
    from retrolabel.gold.paired_agreement import PairedChange
    from retrolabel.jobs.gold.effects.effect import EffectOfVersion

INTERVAL = "95 %"
MOST_LABELS, MOST_PAIRS = 20, 5


def effect(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version, e.g. 2.1.0.")],
    pair: Annotated[
        str | None, typer.Option(help="The two labels that it was to tell apart: bug,crash; found if left out.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(help="The version to compare with; the newest answered before it if left out.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show whether people agree more under a version than before it, on the items that were answered on both sides.

    The pair of labels is the one that the version's steps leave, else the one that people mixed up most. Each figure is
    Krippendorff's alpha with the interval of its change. What the version cost elsewhere stands below: labels and pairs
    on which people agree less, labels that nobody uses, items whose label moved, people's time.

    Example: retrolabel gold effect failure_mode 2.1.0 --pair retrieval,generation
    """
    asked = listed([pair] if pair else None)
    found = workspace(store).task(task).gold.effect(version, pair=asked, before=before)
    if as_json:
        print_json(found.as_dict())
        return
    _show(found)


def _show(found: EffectOfVersion) -> None:
    """Print the figures, and what to make of them."""
    from retrolabel.jobs.gold.effects.telling import told  # noqa: PLC0415 - not needed for --help

    rows = []
    if found.pair is not None and found.apart is not None:
        rows.append((" / ".join(found.pair.labels), *_cells(found.apart)))
    rows.append(("all labels", *_cells(found.overall)))
    rows += [(label, *_cells(change)) for label, change in found.labels[:MOST_LABELS]]
    rows += [(" / ".join(labels), *_cells(change)) for labels, change in found.pairs[:MOST_PAIRS]]
    titles = ["alpha of", "before", "after", "change", INTERVAL, "items"]
    title = f"{found.task} {found.version} against {found.before}, on the same {found.compared.items:,} items"
    numbers = ["before", "after", "change", "items"]
    console().print(table(title, titles, rows, right=numbers, whole=[INTERVAL]))
    for sentence in told(found):
        say(sentence)


def _cells(change: PairedChange) -> tuple[str, str, str, str, int]:
    """Return before, after, the change and its interval as cells."""
    values = ["-" if each is None else f"{each:.2f}" for each in (change.before, change.after)]
    if change.by is None:
        return values[0], values[1], "-", "undefined", change.items
    if change.why or change.low is None or change.high is None:
        return values[0], values[1], "-", "withheld", change.items
    return values[0], values[1], f"{change.by:+.2f}", f"{change.low:+.2f} to {change.high:+.2f}", change.items
