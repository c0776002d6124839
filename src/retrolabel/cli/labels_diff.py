"""``retrolabel labels diff``: what changed between two label sets, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    share_of,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.label_sets.causes import Causes
    from retrolabel.jobs.label_sets.diffing import LabelSetDiff
    from retrolabel.jobs.label_sets.looking import Look

UNLABELLED = "(no label)"
SHOWN_PAIRS = 15
KINDS = {
    "carried": "follows the schema: it has one label for it now",
    "narrowed": "follows the schema: one of the labels that it may be now",
    "open": "follows the schema: guessed, nothing says which label it is now",
    "relabelled": "another label",
    "gained": "had no label",
    "lost": "has no label any more",
}


def diff(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    before: Annotated[
        str | None,
        typer.Argument(
            metavar="[BEFORE]",
            help="The first label set: its id, the beginning of it, a tag, current or latest; else the one before the"
            " second. Where current is the second itself: what was current before.",
        ),
    ] = None,
    after: Annotated[str, typer.Argument(metavar="[AFTER]", help="The second.")] = "latest",
    items: Annotated[int, typer.Option(min=0, help="How many items to look at first are shown.")] = 5,
    no_causes: Annotated[bool, typer.Option("--no-causes", help="Count flips only; nothing is fitted.")] = False,
    orders: Annotated[
        int, typer.Option(min=2, help="How many orders of the causes are drawn where there are more than three.")
    ] = 24,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which labels changed between two label sets, why, what gold says of it, and which items to look at first.

    No labeling function is called: the label model is fitted again on stored votes, with one change at a time. What the
    causes did adds up to all changed labels.

    Example: retrolabel labels diff issue_type 3f2a latest --items 10
    """
    from retrolabel.wiring.diffing import diffed, looked_at  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    found = diffed(ws, task, before, after, causes=not no_causes, orders=orders)
    looks = looked_at(ws, found, items)
    if as_json:
        print_json({**found.as_dict(), "look_at": [each.as_dict() for each in looks]})
        return
    _show(found)
    if found.causes is not None and found.flips:
        _show_causes(found.causes, found.flips)
    _show_gold(found)
    for note in found.notes:
        say(f"  note: {note}")
    if looks:
        _show_looks(looks)


def _show(found: LabelSetDiff) -> None:
    a, b = found.before, found.after
    versions = a.schema_version if a.schema_version == b.schema_version else f"{a.schema_version} -> {b.schema_version}"
    say(f"{b.task} {versions}: label set {a.id[:SHORT_ID]} -> {b.id[:SHORT_ID]}")
    say(f"  {found.items:,} items in both; {found.gone:,} only in the first, {found.new:,} only in the second")
    if not found.flips:
        say("  no label changed")
        return
    told = f"  {counted(found.flips, 'label')} changed ({share_of(found.flips, found.items)})"
    if a.schema_version != b.schema_version:
        told += f": {found.steps:,} follow the schema, {found.real:,} do not"
    say(told)
    if found.redefined:
        say(f"  redefined, and called the same, so not counted as changed: {', '.join(found.redefined)}")
    rows = [
        (pair.before or UNLABELLED, pair.after or UNLABELLED, pair.items, KINDS[pair.kind.words])
        for pair in found.pairs[:SHOWN_PAIRS]
    ]
    say()
    title = "Changed labels"
    titles, more = ["before", "after", "items", "what that is"], len(found.pairs) > SHOWN_PAIRS
    console().print(table(title, titles, rows, right=["items"], cut={"what that is": 24}, last=more))
    if more:
        rest = found.pairs[SHOWN_PAIRS:]
        say(f"and {len(rest):,} more pairs with {sum(pair.items for pair in rest):,} items: --json has all")
        say()


def _show_causes(causes: Causes, flips: int) -> None:
    whole = whole_numbers([float(items) for items in causes.items.values()], flips)
    rows = []
    for (cause, items), shown in zip(causes.items.items(), whole, strict=True):
        error = causes.errors.get(cause)
        rows.append(
            (cause, shown, share_of(shown, flips), f"± {error:,.1f}" if error is not None else "", float(items))
        )
    estimated = bool(causes.errors)
    titles = ["cause", "items", "of all", *(["s.e."] if estimated else [])]
    cells = [row[:4] if estimated else row[:3] for row in rows]
    console().print(table("Why", titles, cells, right=titles[1:]))
    how = (
        f"over all orders of the changes ({counted(causes.reruns, 'fit')})"
        if causes.exact
        else f"over {causes.orders} orders of the changes, drawn with a fixed seed ({counted(causes.reruns, 'fit')})"
    )
    say(f"items: what a change did on average {how}; they add up to all {flips:,}")


def whole_numbers(parts: Sequence[float], total: int) -> list[int]:
    """Return figures as whole numbers that add up to what they are parts of.

    Example:
        >>> whole_numbers([1.5, 1.25, 0.25], 3)
        [2, 1, 0]
    """
    found = [int(part // 1) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (found[place] - parts[place], place))
    for place in order[: total - sum(found)]:
        found[place] += 1
    return found


def _show_gold(found: LabelSetDiff) -> None:
    gold = found.gold
    if gold.paired is None:
        say(f"gold: no comparison: {gold.why_not}")
        return
    paired, gain = gold.paired, gold.paired.gain
    figures = f"{100 * (gain.value or 0):+.1f} points [{100 * (gain.low or 0):+.1f}, {100 * (gain.high or 0):+.1f}]"
    say(
        f"gold: right on {paired.before:,} before and {paired.after:,} after, of the same {paired.items:,} dev gold"
        f" items in the labels of {gold.version}: {figures}"
    )
    low, high = gain.low or 0.0, gain.high or 0.0
    if low <= 0 <= high:
        say("  so gold does not tell them apart")
    else:
        say(f"  so the second is right {'more' if low > 0 else 'less'} often")


def _show_looks(looks: Sequence[Look]) -> None:
    say()
    say("Look at first (an item stands for all with the same votes before and after):")
    for each in looks:
        alike = f", and {counted(each.alike - 1, 'item')} like it" if each.alike > 1 else ""
        why = f"; {each.cause}" if each.cause else ""
        say(
            f"  {each.source}/{each.item_id}: {each.before or UNLABELLED} -> {each.after or UNLABELLED}"
            f" (probability moved {each.moved:.2f}{alike}{why})"
        )
        if not each.votes:
            say("    no labeling function votes otherwise on it: the label model weighs the same votes in another way")
        for vote in each.votes:
            words = f"   found: {', '.join(repr(word) for word in vote.words)}" if vote.words else ""
            say(f"    {vote.lf} ({vote.what}): {vote.before or 'abstained'} -> {vote.after or 'abstained'}{words}")
