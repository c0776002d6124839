"""``retrolabel lf conflicts``: pairs of labeling functions, and the items on which their votes conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    READABLE,
    SHORT_ID,
    JsonOption,
    StoreOption,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.cli.errors import MOST_VOTES, show_texts
from retrolabel.cli.lfs import LfsArgument, task_and_lf
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.gaps.conflicts import Conflicts
    from retrolabel.analysis.gaps.examples import Example
    from retrolabel.analysis.gaps.pairs import Pair
    from retrolabel.analysis.trying.values import Share

ItemsOption = Annotated[int, typer.Option(min=1, help="How many items are drawn; dev gold comes on top.")]
ExamplesOption = Annotated[int, typer.Option(min=0, help="How many items are shown of each.")]
FIRST = 3
"""Pairs of which items are shown where the task alone was asked for."""


def conflicts(  # noqa: PLR0913 - the options of a command
    lf: LfsArgument,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs are shown.")] = 10,
    examples: ExamplesOption = 2,
    items: ItemsOption = 20_000,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which labeling functions disagree: how often, who is right on dev gold, and items with the words of both.

    Two votes conflict where no label is possible by both: a vote for several labels does not conflict with one of them.
    Votes are those of the labeling functions as they are now, read in the newest schema version; nothing is stored.
    Test gold is not looked at, and items that it is on are left out.

    Example: retrolabel lf conflicts issue_type:asks_how
    """
    ws = workspace(store)
    name, wanted = task_and_lf(ws, lf, "conflicts")
    found = ws.task(name).conflicts(wanted or None, items=items)
    if as_json:
        print_json(found.as_dict(limit, examples))
        return
    for line in found.told():
        say(line)
    for note in found.notes:
        say(f"note: {note}")
    if not found.found:
        _show_none(name, wanted, found)
        return
    _show_pairs(found, limit)
    for pair in found.found[: limit if wanted else FIRST]:
        _show_pair(found, pair, examples)
    if not wanted:
        say()
        say(f"Next: retrolabel lf conflicts {name}:{_worst(found)}")


def _show_none(task: str, lf: str, found: Conflicts) -> None:
    who = f"{lf} conflicts with none" if lf else "No two conflict"
    covered = int(found.ground.others.covered.sum())
    say(f"{who}: {counted(covered, 'item')} have votes, and each item's leave a label that all of them allow.")
    say(f"Next: retrolabel lf summary {task}")


def _show_pairs(found: Conflicts, limit: int) -> None:
    judged = any(pair.gold.lf.of for pair in found.found)
    titles = ["LF", "other", "conflicts", "of both", "most often"]
    titles += ["right on gold", "LF [95 %]", "other [95 %]"] if judged else []
    told = bool(found.ground.judged_by)
    titles += ["set"] if told else []
    rows = [tuple(_cells(pair, found.ground.labels, judged=judged, told=told)) for pair in found.found[:limit]]
    right = [title for title in titles if title not in ("LF", "other", "most often")]
    spare = ["of both", "LF [95 %]", "other [95 %]", "set", "most often"]
    title = "Pairs that conflict most often"
    console().print(table(title, titles, rows, right=right, spare=spare, cut={"most often": READABLE}))
    say("conflicts, of both: items on which the two leave no label in common, of how many on which both vote")
    if judged:
        say("right on gold: LF, other, of how many with dev gold of one label, drawn or not; [95 %]: as shares")
    else:
        say(f"Who is right is not known: there is no dev gold on them. retrolabel gold sample {found.task}")
    if told:
        say(
            f"set: how often the label in label set {found.ground.judged_by[:SHORT_ID]} is one that LF leaves, other,"
            " or neither: an opinion, not the truth"
        )
    if len(found.found) > limit:
        say(f"{len(found.found) - limit:,} more pairs: --limit, --json; task.conflicts() has them as a frame")


def _cells(pair: Pair, labels: Sequence[str], *, judged: bool, told: bool) -> Iterator[object]:
    from retrolabel.analysis.trying.telling import as_said  # noqa: PLC0415 - not needed for --help

    most = pair.votes[0]
    yield from (pair.lf, pair.other, pair.against, pair.both)
    yield f"{as_said(most.vote, labels)} / {as_said(most.other, labels)}"
    if judged:
        lf, other = pair.gold.lf, pair.gold.other
        yield from (f"{lf.right:,}, {other.right:,} of {lf.of:,}" if lf.of else "-", _interval(lf), _interval(other))
    if told and pair.said is not None:
        yield f"{pair.said.lf:,} / {pair.said.other:,} / {pair.said.neither + pair.said.no_label:,}"


def _interval(share: Share) -> str:
    if share.figure.low is None or share.figure.high is None:
        return "-"
    return f"[{share.figure.low:.0%}, {share.figure.high:.0%}]"


def _show_pair(found: Conflicts, pair: Pair, examples: int) -> None:
    shown = found.examples(pair, examples)
    if shown:
        say()
        say(f"{pair.lf} against {pair.other} ({counted(pair.against, 'item')})")
    for each in shown:
        show_example(each, found.ground.labels)


def show_example(item: Example, labels: Sequence[str], *, indent: str = "") -> None:
    """Print an item: its votes, what is known of it, its texts with the words marked.

    Args:
        item: The item.
        labels: The labels that there are.
        indent: What its lines begin with.
    """
    from retrolabel.analysis.trying.telling import as_said  # noqa: PLC0415 - not needed for --help

    votes = [f"{lf}: {as_said(vote, labels)}" for lf, vote in item.votes.items()]
    known = [*votes[:MOST_VOTES], *([f"{len(votes) - MOST_VOTES} more votes"] if len(votes) > MOST_VOTES else [])]
    known += [f"gold {as_said(item.gold, labels)}"] if item.gold else []
    known += [f"label set {item.label} {item.probability:.2f}"] if item.label and not item.gold else []
    known += [f"{item.alike:,} say the same"] if item.alike > 1 else []
    say(f"{indent}  " + "; ".join([f"{item.source}/{item.item_id}", *known]))
    show_texts(item.texts, list(item.texts), item.spans, indent=indent)


def _worst(found: Conflicts) -> str:
    """Return the labeling function to look at first: the wrong one of the first pair on gold, else its first."""
    pair = found.found[0]
    return pair.other if pair.gold.other.right < pair.gold.lf.right else pair.lf
