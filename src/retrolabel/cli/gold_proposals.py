"""``retrolabel gold proposals``: what people's rationales ask of the spec, and what a person decides of it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from retrolabel.cli.characters import as_text
from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    quiet,
    say,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from retrolabel.wiring.agreement.drafting import Draft
    from retrolabel.wiring.agreement.shown_proposals import Proposals, ShownProposal

app = typer.Typer(
    help="Changes of the spec that people's rationales ask for: each a draft for a person, to accept or reject.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NumberArgument = Annotated[int, typer.Argument(metavar="ID", help="The number of the proposal.")]
WhyOption = Annotated[str, typer.Option("--why", help="The reason.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; who is logged in if left out.")]
FAINT = 5
"""Proposals that may be chance that are shown without being asked for."""
LONGEST = 100
"""Characters of what people say, in the list."""
RATIONALES = 20
"""Rationales of a proposal that are shown without being asked for."""


@app.command("list")
def list_(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Group the rationales anew; what was decided stays decided.")
    ] = False,
    diagnose: Annotated[
        bool, typer.Option("--diagnose", help="Take in what gold diagnose asks of the spec, too.")
    ] = False,
    status: Annotated[
        Literal["open", "accepted", "rejected"] | None, typer.Option("--status", help="Those alone.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Those that are faint or gone too, however many.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what the rationales of a task ask of its schema: groups of people who say much the same.

    A proposal is clear where its items bear other labels than the rest, or people differ on them more, beyond chance;
    else it is faint: it may be chance, or one person's words. Looking writes nothing; --refresh and --diagnose keep
    what they find.

    Example: retrolabel gold proposals list issue_type --refresh
    """
    found = workspace(store).task(task).gold.proposals(refresh=refresh, diagnose=diagnose, status=status)
    if as_json:
        print_json(found.as_dict())
        return
    _show_search(found)
    _show_list(found, every=every)


@app.command()
def show(
    task: TaskArgument,
    number: NumberArgument,
    every: Annotated[bool, typer.Option("--all", help="All rationales, however many.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a proposal: its rationales with people and items, and the draft that accepting it would give.

    Example: retrolabel gold proposals show issue_type 3
    """
    found = workspace(store).task(task).gold.proposal(number)
    if as_json:
        draft = found.draft.as_dict() if found.draft else None
        print_json({**found.as_dict(), "draft": draft, "cannot": found.cannot})
        return
    _show_one(found)
    _show_rationales(found, every=every)
    if found.draft is not None:
        say("What accepting it would give:")
        _show_draft(found.draft)
        say(f"  retrolabel gold proposals accept {task} {number} --why REASON")
        say(f"  retrolabel gold proposals reject {task} {number} --why REASON")
    elif found.cannot:
        say(f"No version can be drafted from it: {found.cannot}")


@app.command()
def accept(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    number: NumberArgument,
    why: Annotated[str, typer.Option("--why", help="The reason; it becomes the reason of the version.")] = "",
    by: ByOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file; one in the project's folder proposals if left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the draft, and write nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept a proposal: write the draft of the next version, outside of the folders that are discovered.

    Nothing is switched on. The draft says TODO where a person has to write; it is moved by hand. A file that exists is
    never written over. reopen takes the decision back.

    Example: retrolabel gold proposals accept issue_type 3 --why "Slow pages are no bugs." --dry-run
    """
    gold = workspace(store).task(task).gold
    draft = gold.accept_proposal(number, why=why, by=by, out=out, dry_run=dry_run)
    if as_json:
        print_json({**draft.as_dict(), "written": not dry_run})
        return
    _show_draft(draft)
    if dry_run:
        say("Nothing was written.")
        return
    say(f"Proposal {number} of {task}: accepted. {draft.schema} is drafted in {draft.file}.")
    say("  Write what TODO stands for. Then:")
    for command in draft.commands:
        say(f"  {command}", whole=True)


@app.command()
def reject(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    number: NumberArgument,
    why: Annotated[str, typer.Option("--why", help="The reason.", show_default=False)],
    by: ByOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reject a proposal. It stays rejected, until as many new items speak for it as did then, and five at least.

    Example: retrolabel gold proposals reject issue_type 3 --why "The docs team wants these."
    """
    done = workspace(store).task(task).gold.reject_proposal(number, why=why, by=by)
    if as_json:
        print_json(done.as_dict())
        return
    say(f"Proposal {number} of {task}: rejected by {done.who}.")
    say(f"  retrolabel gold proposals reopen {task} {number} takes that back")


@app.command()
def reopen(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    number: NumberArgument,
    why: WhyOption = "",
    by: ByOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a proposal again that was accepted or rejected; a draft that was written stays where it is.

    Example: retrolabel gold proposals reopen issue_type 3 --why "Another team asks for it."
    """
    done = workspace(store).task(task).gold.reopen_proposal(number, why=why, by=by)
    if as_json:
        print_json(done.as_dict())
        return
    say(f"Proposal {number} of {task} is open again.")


def _show_search(found: Proposals) -> None:
    """Say what was looked through, where something was, or what waits to be."""
    if found.rationales is None:
        if found.unread:
            rest = f"{counted(found.unread, 'rationale')} came since somebody looked last"
            say(f"{rest}: retrolabel gold proposals list {found.task} --refresh")
        elif not found.shown:
            say(f"There are no proposals of {found.task}, and no rationales to make them of.")
            say(f"  retrolabel gold import {found.task} FILE --rationale COLUMN takes rationales in")
        return
    said = f"{counted(found.rationales, 'rationale')} of {found.task}, by {counted(found.people or 0, 'person')}."
    say(said.replace("persons", "people"))
    for why, count in found.left.items():
        say(f"  {count:,} {why}")
    if found.new:
        say(f"  new: {', '.join(map(str, found.new))}")
    for number in found.back:
        say(f"  {number} was decided, and is open again: as many new items speak for it as did then")


def _show_list(found: Proposals, *, every: bool) -> None:
    """Print the proposals: those that are clear, and a few of the others."""
    if not found.shown:
        if found.rationales is not None:
            say("No group of rationales asks for a change.")
        return
    faint = [each for each in found if not each.proposal.clear or each.proposal.gone]
    hidden = [] if every else [each for each in faint if each.proposal.status == "open"][FAINT:]
    rows = [
        (
            each.proposal.id,
            "gone" if each.proposal.gone else each.proposal.status,
            each.maybe,
            _cut(f'"{each.quoted}"' if each.quoted else "; ".join(each.proposal.why)) or "-",
            len(each.proposal.items),
            len(each.proposal.people) or None,
            "clear" if each.proposal.clear else "faint",
        )
        for each in found
        if each not in hidden
    ]
    titles = ["id", "status", "maybe", "since people say", "items", "people", "beyond chance"]
    numbers = ["id", "items", "people"]
    console().print(table("", titles, rows, right=numbers, prose=["maybe", "since people say"], spare=["status"]))
    if hidden:
        say(f"{len(hidden)} more are faint: --all shows them.")
    say(f"Each is a draft for a person. retrolabel gold proposals show {found.task} ID shows one.")


def _cut(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip()}..."


def _show_one(found: ShownProposal) -> None:
    """Print what a proposal says, why, and what was decided of it."""
    each = found.proposal
    say(f"Proposal {each.id} of {each.task}, {each.status}: maybe {found.maybe}.")
    for sentence in each.why:
        say(f"  {sentence}")
    if each.draft.question:
        say(f"  {each.draft.question}")
    if each.draft.words:
        say(f"  words: {', '.join(each.draft.words)}")
    sure = "beyond chance" if each.clear else "faint: it may be chance, or one person's words"
    people = counted(len(each.people), "person").replace("persons", "people") if each.people else "no rationales"
    say(f"  {counted(len(each.items), 'item')}, {people}; {sure}; found in {each.version}")
    if each.gone:
        say("  The last refresh did not find it again.")
    for decision in found.decisions:
        why = f": {decision.why}" if decision.why else ""
        say(f"  {decision.at:%Y-%m-%d} {decision.kind} by {decision.who}{why}")
        if decision.file and decision.kind == "accepted":
            say(f"    draft: {decision.file}")
    if found.command:
        say("  The same steps, without these words:")
        say(f"    {found.command}", whole=True)


def _show_rationales(found: ShownProposal, *, every: bool) -> None:
    """Print what people said, with what others gave the item."""
    shown = found.rationales if every else found.rationales[:RATIONALES]
    rows = [
        (
            row.item_id,
            f"{row.annotator}: {row.label}" if row.annotator else "-",
            row.rationale or "-",
            ", ".join(f"{person}: {label}" for person, label in row.others) or "-",
            row.text or "-",
        )
        for row in shown
    ]
    prose = ["why", "item's text"]
    console().print(table("", ["item", "who said what", "why", "others", "item's text"], rows, prose=prose))
    if len(found.rationales) > len(shown):
        say(f"{len(found.rationales) - len(shown)} more: --all shows them.")


def _show_draft(draft: Draft) -> None:
    """Print how the guideline would change, and what the change would do."""
    quiet()
    typer.echo(as_text("\n".join(draft.guideline), lines=True))
    for each in draft.diff.labels:
        if each.change.change != "same":
            say(f"  {each.change.label} {each.change.told}: {counted(each.human, 'human label')}")
