"""``retrolabel lf gaps``: what labeling functions leave open, as clusters of items with the terms to look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    shown,
    workspace,
)
from retrolabel.cli.lf_conflicts import ExamplesOption, ItemsOption, show_example
from retrolabel.cli.lf_summary import sparkline
from retrolabel.errors import counted, for_shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrolabel.analysis.gaps.apart import Telling
    from retrolabel.analysis.gaps.clusters import Cluster, Gap
    from retrolabel.analysis.gaps.gaps import Gaps

OfOption = Annotated[
    Literal["uncovered", "guessed", "conflicting"] | None,
    typer.Option("--of", help="Only items without a vote, guessed ones, or those on which votes conflict."),
]
MOST_MONTHS = 24
SOME = 3


def gaps(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    of: OfOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many clusters of each kind are shown.")] = 5,
    examples: ExamplesOption = 2,
    column: Annotated[
        list[str] | None,
        typer.Option(help="The column of texts by which items are alike, repeated; those that LFs read if left out."),
    ] = None,
    items: ItemsOption = 20_000,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what labeling functions leave open: items without a vote, guessed ones, and conflicts, as clusters.

    Each cluster comes with the terms that set it apart from all other items, how large it is and when, what dev gold
    says of it, and items with the terms marked. Votes are those of the labeling functions as they are now; nothing is
    stored. Test gold is not looked at, and items that it is on are left out.

    Example: retrolabel lf gaps issue_type --of uncovered --limit 10
    """
    found = workspace(store).task(task).gaps(*([of] if of else []), columns=tuple(column or ()), items=items)
    if as_json:
        print_json(found.as_dict(limit, examples))
        return
    first, *more = found.told()
    told = len(more) - len(found.found)
    for line in (first, *more[:told]):
        say(line)
    for note in found.notes:
        say(f"note: {note}")
    for gap in found.found:
        say()
        say(found.told_of(gap))
        for number, cluster in enumerate(gap.clusters[:limit], start=1):
            _show_cluster(found, gap, number, cluster, examples)
        if len(gap.clusters) > limit:
            say(f"  {counted(len(gap.clusters) - limit, 'more cluster')}: --limit, --json")
        _show_rest(found, gap, examples)
    _show_next(found)


def _show_cluster(found: Gaps, gap: Gap, number: int, cluster: Cluster, examples: int) -> None:
    months = found.months(cluster.rows)
    bar = (
        sparkline(months.shares[0, -MOST_MONTHS:].tolist(), ascii_only=console().options.ascii_only)
        if months.names
        else ""
    )
    when = f"  {bar} {months.names[-MOST_MONTHS:][0]} to {months.names[-1]}" if len(months.names) > 1 else ""
    say()
    say(f"  {number}. {counted(cluster.items, 'item')}, {found.share(cluster.items):.1%}{when}")
    for line in _known(found, gap, cluster):
        say(f"     {line}", indent="       ")
    for each in found.examples(cluster, examples):
        show_example(each, found.ground.labels, indent="     ")


def _known(found: Gaps, gap: Gap, cluster: Cluster) -> Iterator[str]:
    """Yield what is known of a cluster, a line each."""
    from retrolabel.analysis.trying.telling import as_said  # noqa: PLC0415 - not needed for --help

    labels = found.ground.labels
    if cluster.says_the_same:
        yield "all say the very same"
    else:
        several = len(found.columns) > 1
        terms = [
            f"{shown(t.term)}{f' in {t.column}' if several else ''} {t.here:,}/{t.elsewhere:,}" for t in cluster.terms
        ]
        yield f"terms: {', '.join(terms)}"
        yield f"one of them is in {cluster.told:,} of the {cluster.items:,}, and in {cluster.elsewhere:,} other items"
    gold = found.gold(cluster)
    if gold:
        yield f"dev gold: {_listed({as_said(each, labels): count for each, count in gold.items()})}"
    if gap.kind == "guessed":
        left = {each if each == "none" else as_said(each, labels): n for each, n in found.left(cluster).items()}
        yield f"votes leave: {_listed(left)}"
    if gap.kind == "conflicting":
        pairs = found.pairs(cluster)[:SOME]
        told = [
            f"{p.lf} ({as_said(p.votes[0].vote, labels)}) and {p.other} ({as_said(p.votes[0].other, labels)})"
            f" {p.against:,}"
            for p in pairs
        ]
        yield f"against each other: {'; '.join(told)}"
        said = found.said(cluster)
        if said:
            listed = _listed({label or "no label": count for label, count in said.items()})
            yield f"label set {found.ground.judged_by[:SHORT_ID]} says: {listed}"


def _term(term: Telling, where: str) -> str:
    column = f" in {shown(term.column)}" if term.column and not where else ""
    return f"{shown(term.term)}{column} {term.here:,}/{term.elsewhere:,}"


def _listed(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    more = f", and {len(ordered) - SOME:,} more" if len(ordered) > SOME else ""
    return ", ".join(f"{name} {count:,}" for name, count in ordered[:SOME]) + more


def _show_rest(found: Gaps, gap: Gap, examples: int) -> None:
    if not gap.rest_items:
        return
    say()
    say(f"  {counted(gap.rest_items, 'item')} in no cluster, as:")
    for each in found.others(gap, examples):
        show_example(each, found.ground.labels, indent="     ")


def _show_next(found: Gaps) -> None:
    """Print what the columns of figures are, and the command for the first cluster."""
    first = next((each for gap in found.found for each in gap.clusters if each.terms), None)
    say()
    if first is not None:
        say("terms, n/m: in how many items of the cluster, and in how many others (the bar: its share of each month)")
        say(f"Next: {' '.join(for_shell(word) for word in found.wish(first))}")
        return
    if not any(gap.items for gap in found.found):
        say("Nothing of this is open: whether the votes are right is another question.")
        say(f"Next: retrolabel errors {found.task}")
        return
    say("No terms set groups of these items apart.")
    say(f"Next: retrolabel lf suggest {found.task}")
