"""``retrolabel labels why``: from one label back to all that it comes from."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotation
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.analysis.why import telling
from retrolabel.cli.common import (
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
    from retrolabel.analysis.why.values import Voted, WhyData

SHOWN_LABELS = 3
"""Labels beside each other in a table of 80 columns: the likeliest."""
SHORT_KEY = 12


def why(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item: its id, or SOURCE/ID.")],
    source: Annotated[str | None, typer.Option(help="Its source, where several have the id.")] = None,
    label_set: Annotated[
        str, typer.Option("--set", metavar="ID", help="The label set: its id, the beginning of it, a tag, current.")
    ] = "latest",
    code: Annotated[
        bool, typer.Option("--code", help="Print the source of each labeling function that voted, as it was then.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a page, with all that is known.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE, whatever it is.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say where a label comes from: votes and their source as it was, schema, people, file and line, run.

    No labeling function is called, nothing is fitted, and nothing is stored. Of an item in the test set nothing is
    told that people said.

    Example: retrolabel labels why issue_type 0042 --html why.html
    """
    found = workspace(store).task(task).why(item, source=source, set=label_set)
    written = found.write(html, force=force) if html is not None else None
    if as_json:
        print_json({**found.as_dict(), "page": str(written) if written else None})
        return
    _show(found.data, code=code)
    if written is not None:
        say(f"page: {written}")


def _show(data: WhyData, *, code: bool) -> None:
    say(f"{data.name}: {telling.verdict(data)}", indent="  ")
    say(f"  {telling.likeliest(data.labelled)}")
    say(f"  {data.task} {data.label_set.version}, {telling.which(data.label_set, data.asked)}")
    for each in data.elsewhere:
        say(f"  {telling.elsewhere(each)}")
    _show_votes(data, code=code)
    _section("Schema", telling.meaning(data.meaning))
    say()
    say("People")
    for person in () if data.people.in_test_set else data.people.said:
        say(f"  {telling.person(person, data.label_set.version)}")
        for more in (*person.carried_by, telling.draw(person), f"why: {person.rationale}" if person.rationale else ""):
            if more:
                say(f"    {more}")
    for line in telling.gold(data):
        say(f"  {line}")
    _section("Where it comes from", telling.origin(data.origin))
    _section("The run", telling.run(data))


def _section(title: str, lines: object) -> None:
    say()
    say(title)
    for line in lines:  # type: ignore[attr-defined]  # an iterator of sentences
        say(f"  {line}")


def _show_votes(data: WhyData, *, code: bool) -> None:
    votes = data.votes
    failed = f", {len(votes.faults)} failed" if votes.faults else ""
    out = f", {len(votes.sat_out)} sat out" if votes.sat_out else ""
    say()
    title = (
        f"Votes: {len(votes.voted)} of {votes.lfs} labeling functions voted, {votes.abstained} abstained{failed}{out}"
    )
    counting = [vote for vote in votes.voted if vote.nats is not None]
    shown = list(data.labelled.probabilities)[:SHOWN_LABELS]
    top = shown[0] if shown else ""
    if counting and votes.prior is not None:
        rows = [("(all begin with)", "", *(f"{votes.prior[label]:+.2f}" for label in shown), "")]
        for vote in counting:
            nats, without = vote.nats or {}, vote.without_it or {}
            reads = telling.either(vote.leaves)
            rows.append((vote.lf, reads, *(f"{nats[label]:+.2f}" for label in shown), f"{without[top]:.3f}"))
        if votes.silence is not None:
            rows.append(("(others abstain)", "", *(f"{votes.silence[label]:+.2f}" for label in shown), ""))
        last = "without it"
        console().print(table(title, ["LF", "vote", *shown, last], rows, right=[*shown, last], cut={"vote": SOME}))
        say(
            "What each adds to the log-odds of a label against the mean of all, in nats; columns"
            f" {'add up' if votes.add_up else 'do not add up'}. {last}: the probability of {top} if it had abstained.",
            indent="",
        )
        say()
    else:
        say(title)
    for vote in votes.voted:
        _show_vote(vote, code=code)
    for line in (*map(telling.fault, votes.faults), *(f"{lf} sat out: {why}" for lf, why in votes.sat_out.items())):
        say(f"  {line}")
    for note in votes.notes:
        say(f"  note: {note}")


def _show_vote(vote: Voted, *, code: bool) -> None:
    say(f"  {vote.lf}: {telling.vote_in_words(vote)}")
    worth = "" if vote.precision is None else f"learned precision {vote.precision:.3f}"
    worth += "" if vote.weight is None else f", weight {vote.weight:.2f}"
    words = telling.found_words(vote)
    lines = [telling.carried(vote), f"found {words}" if words else "", worth]
    lines.append(f"{telling.place(vote.source)}, key {vote.source.key[:SHORT_KEY]}; {telling.today(vote.source)}")
    lines += vote.source.changes
    for line in lines:
        if line:
            say(f"    {line}")
    if code:
        if vote.source.text is None:
            say("    its source was not recorded when the label set was made")
        for line in (vote.source.text or "").splitlines():
            say(f"      {line}", whole=True)
        for line in telling.differences(vote.source):
            say(f"      {line}", whole=True)
