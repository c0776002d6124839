"""``retrolabel gold estimate`` and ``readiness``: what labels are worth, by gold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOME,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.gold.telling_apart import GoldReadiness

SetOption = Annotated[
    str,
    typer.Option("--set", metavar="ID", help="The label set: its id, the beginning of it, a tag, current or latest."),
]


def estimate(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: SetOption = "latest",
    by: Annotated[str | None, typer.Option("--by", help="Slices too: month (of the items' time), or a column.")] = None,
    final: Annotated[
        bool, typer.Option("--final", help="From test gold, where it can be; each look is logged.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a label set is worth on all items: how many labels are right, and how frequent each label is.

    Gold of a known design says it, with 95 % intervals. What the label model says of the items without gold makes
    them narrower; beside them stands what gold alone says.

    Example: retrolabel gold estimate failure_mode --by month
    """
    from retrolabel.jobs.gold.estimates import brief  # noqa: PLC0415 - not needed for --help

    found = workspace(store).task(task).gold.estimate(label_set, by=by, final=final)
    if as_json:
        print_json(found.as_dict())
        return
    record = found.label_set.record
    say(f"{task} {record.schema_version}, label set {record.id[:SHORT_ID]}, from {found.role} gold of a known design")
    for sentence in found.figures.sentences:
        say(f"  {sentence}")
    say("  in the second an item without a label is not right")
    figures = ["of all items", "by gold alone"]
    rows = [(label, brief(each), brief(each.classical)) for label, each in found.prevalence.items()]
    console().print(table("How frequent labels are, [95 % interval]", ["label", *figures], rows, whole=figures))
    if found.slices:
        titles, whole = (
            [by or "", "items", "gold", "right, with a label", "right, of all"],
            ["right, with a label", "right, of all"],
        )
        sliced = [
            (value, each.items, each.accuracy_of_all.n, brief(each.accuracy), brief(each.accuracy_of_all))
            for value, each in found.slices.items()
        ]
        console().print(table(f"By {by}", titles, sliced, right=["items", "gold"], whole=whole))
    for note in found.notes:
        say(f"  note: {note}")
    if found.looks:
        say(f"Look {found.looks} at test gold; it is logged. A test set that is looked at often becomes a dev set.")


def readiness(
    task: TaskArgument,
    label_set: SetOption = "latest",
    against: Annotated[
        str | None, typer.Option("--against", help="The label set to compare with; the one before if left out.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether dev gold tells two label sets apart, and which gold items look wrong.

    Those come first on which the label model and cleanlab (where it is installed) both speak against people.

    Example: retrolabel gold readiness failure_mode
    """
    found = workspace(store).task(task).gold.readiness(label_set, against=against)
    if as_json:
        print_json(found.as_dict())
        return
    for line in _told_apart(found):
        say(line)
    say(f"  the label model speaks against people on {found.suspected:,} of {found.gold:,} gold items with votes")
    if found.by_cleanlab is not None:
        both = f"on {found.by_both:,} with the label model"
        say(f"  cleanlab does on {found.by_cleanlab:,} of the {found.exact:,} that are one label, {both}")
    if not found.suspects:
        return
    titles = ["item", "people", "label model", "probability", "of theirs"]
    asked = found.by_cleanlab is not None
    titles += ["against"] * asked
    rows = [
        (
            f"{each.source}/{each.item_id}",
            ", ".join(f"{label} ({version})" for label, version in each.said),
            each.label,
            each.probability,
            each.of_gold,
            *(["both" if len(each.by) > 1 else each.by[0]] if asked else []),
        )
        for each in found.suspects
    ]
    first = "those of both, then the surest," if asked else "the surest"
    title = f"Look at these again ({len(rows):,} of {found.listed_of:,}, {first} first)"
    right = ["probability", "of theirs"]
    console().print(table(title, titles, rows, right=right, whole=["item"], cut={"people": SOME}, last=True))


def _told_apart(found: GoldReadiness) -> Iterator[str]:
    """Yield what gold says of two label sets."""
    own = f"{found.label_set.id[:SHORT_ID]} ({found.label_set.record.schema_version})"
    if found.against is None or found.found is None:
        yield f"{found.label_set.record.task}, label set {own}: nothing to compare, since {found.why_not}"
        return
    before, told = found.against, found.found
    grain = "" if before.record.schema_version == found.label_set.record.schema_version else f", in {found.version}"
    yield f"{found.label_set.record.task}: {before.id[:SHORT_ID]} ({before.record.schema_version}), then {own}{grain}"
    yield f"  {told}"
    if found.differing is not None:
        share = f"{found.differing:.1%}".replace("%", " %")
        there = f"; {told.where_they_differ:,} are enough if they are drawn there" if told.where_they_differ else ""
        yield f"  they differ on {share} of the items with a label in both{there}"
    if not found.by_design:
        yield "  note: this gold is of no known design, so it says so of these items only"
