"""``retrolabel gold calibrate``: what everybody answers each week, to see whether people still agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    SOMETHING_TO_DO,
    JsonOption,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    console,
    expect,
    listed,
    pairs,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.gold.calibration.filling import FilledSheet
    from retrolabel.jobs.gold.calibration.reporting import CalibrationStatus
    from retrolabel.jobs.gold.calibration.starting import Started
    from retrolabel.wiring.agreement.calibrating import Calibrating

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
PeopleOption = Annotated[
    list[str] | None, typer.Option("--people", metavar="NAMES", help="Who is asked: ana,ben,cleo.")
]
SHOWN = 5

app = typer.Typer(
    help="The calibration set: what everybody answers each week, to see whether people still agree.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def start(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    people: PeopleOption = None,
    n: Annotated[int | None, typer.Option("--n", help="Items that everybody answers in a round; 40.")] = None,
    rotate: Annotated[float | None, typer.Option(help="The share of them that changes each round; 0.25.")] = None,
    again: Annotated[int | None, typer.Option(help="More, that the person answered some rounds ago; 10.")] = None,
    honeypots: Annotated[int | None, typer.Option(help="More, whose gold is beyond doubt; 4.")] = None,
    source: Annotated[str | None, typer.Option(help="The source of the items; the task's, if it has one.")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="A column of texts that people see; all if left out.")
    ] = None,
    every: Annotated[int | None, typer.Option("--every", metavar="DAYS", help="Days until the next round; 7.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed is another draw; 0.")] = None,
    add_person: Annotated[
        list[str] | None, typer.Option("--add-person", metavar="NAME", help="Asked as well, from the next round on.")
    ] = None,
    remove_person: Annotated[
        list[str] | None, typer.Option("--remove-person", metavar="NAME", help="Not asked from the next round on.")
    ] = None,
    next_round: Annotated[bool, typer.Option("--next", help="Open the next round although it is not due yet.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where the files go: FOLDER/TASK/round-01/ana.csv.")] = Path(
        "calibration"
    ),
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="ROUND", help="Take the last round back, if nobody answered in it.")
    ] = None,
    dry_run: DryRunOption = False,
    spreadsheet: SpreadsheetOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start the calibration set of a task; called again, open its next round once that is due.

    Each person gets a CSV file with an empty column label. Everybody is asked the same items: most are fixed, some
    change each round. A few more are personal: items that the person answered some rounds ago, and items with gold.
    Nothing in a file shows which is which. The items are drawn by design; test gold and near copies of it stay out.

    Before the next round is due nothing is done but to say who is missing, so that it can be run each day.

    Example: retrolabel gold calibrate start issue_type --people ana,ben,cleo

    Example: retrolabel gold calibrate start issue_type --add-person dora --remove-person ben
    """
    calibrate = _calibrate(task, store)
    if undo is not None:
        _undo(calibrate, task, undo, dry_run=dry_run, as_json=as_json)
        return
    found = calibrate.start(
        listed(people),
        n=n,
        rotate=rotate,
        again=again,
        honeypots=honeypots,
        source=source,
        columns=listed(column),
        every_days=every,
        seed=seed,
        add=listed(add_person),
        remove=listed(remove_person),
        next_round=next_round,
        folder=folder,
        spreadsheet=spreadsheet,
        dry_run=dry_run,
    )
    if as_json:
        print_json(found.as_dict())
    elif found.opened:
        _show_opened(found)
    else:
        _show_open(found)


@app.command()
def fill(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE|FOLDER]...", help="The open round's folder, if left out.")
    ] = None,
    annotator_name: Annotated[
        str | None, typer.Option(help="Whose files they are, where they do not say it; or to make sure.")
    ] = None,
    map_label: Annotated[
        list[str] | None, typer.Option("--map-label", help="What a value means: stored=label; empty: no label.")
    ] = None,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files of a round back: CSV, also as a spreadsheet saved it, wholly or partly filled.

    A file may come again when more of it is filled: what is there already is passed over, and another label is a
    correction. A file that comes after the next round was opened belongs to its own round all the same. The time of
    an answer is when its file came back, unless the file has a column labelled_at.

    Example: retrolabel gold calibrate fill issue_type calibration/issue_type/round-01
    """
    for file in files or ():
        expect(file)
    found = _calibrate(task, store).fill(
        *(files or ()),
        annotator=annotator_name,
        map_label=pairs(map_label, "--map-label", commas=False, verbatim=True),
        dry_run=dry_run,
    )
    if as_json:
        print_json({"files": [each.as_dict() for each in found], "done": not dry_run})
        return
    _show_filled(task, found, dry_run=dry_run)


@app.command()
def status(
    task: TaskArgument,
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with code 3 if somebody is missing, or the next round is due."),
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how far the rounds are: who is missing and how much, how far people agree of late, when the next is due.

    Example: retrolabel gold calibrate status issue_type --check
    """
    found = _calibrate(task, store).status()
    if as_json:
        print_json(found.as_dict())
    else:
        _show_status(found)
    if check and (found.missing or found.is_due):
        raise typer.Exit(SOMETHING_TO_DO)


@app.command()
def stop(
    task: TaskArgument,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """End the calibration set; what was answered stays, and files that come late are still taken.

    Example: retrolabel gold calibrate stop issue_type
    """
    found = _calibrate(task, store).stop(dry_run=dry_run)
    if as_json:
        print_json({"task": task, "set": found.id, "done": not dry_run})
        return
    say(f"The calibration of {task} {'would be stopped' if dry_run else 'is stopped'}: its answers stay.")
    say(f"  retrolabel gold calibrate start {task} --people ... starts another set, with other items")


def _calibrate(task: str, store: Path | None) -> Calibrating:
    return workspace(store).task(task).gold.calibrate


def _undo(calibrate: Calibrating, task: str, number: int, *, dry_run: bool, as_json: bool) -> None:
    """Take a round back, and say what becomes of it."""
    found = calibrate.undo(number, dry_run=dry_run)
    if as_json:
        print_json({"task": task, "round": number, "done": not dry_run})
        return
    say(f"Round {number} of {task} {'would be taken back' if dry_run else 'is taken back'}: nobody answered in it.")
    say(f"  Its files are of no use any more: {', '.join(found.people.values())}")


def _show_opened(found: Started) -> None:
    """Print what was opened, what each person gets, and what it buys."""
    design = found.design
    done = "is open" if found.done else "would be opened"
    if found.is_new:
        say(f"A new calibration set of {found.task}, from {design.source}, seed {design.seed}.")
    say(f"Round {found.round} of {found.task} {done}, under {found.schema_version}.")
    rows = [
        [person, *(found.parts[person][part] for part in ("fixed", "rotated", "again", "honeypot")), file]
        for person, file in found.files.items()
    ]
    titles = ["person", "fixed", "rotated", "again", "honeypots", "file"]
    console().print(table("", titles, rows, right=titles[1:-1], whole=["person"], last=True))
    if found.half_width is not None:
        size = counted(design.items, "item")
        say(
            f"  It buys: alpha of {len(found.files):,} people within about +-{found.half_width:.2f}"
            f" (95 %) in one round of {size}, where it is near 0.7."
        )
    for note in found.notes:
        say(f"  {note}")
    if not found.done:
        say("Nothing was written.")
        return
    say(f"  The next round is due on {found.due_at:%Y-%m-%d}. When files come back:")
    say(f"  retrolabel gold calibrate fill {found.task}")


def _show_open(found: Started) -> None:
    """Print that the open round is not over yet, and who is missing."""
    say(f"Round {found.round} of {found.task} is open until {found.due_at:%Y-%m-%d}; nothing was opened.")
    if not found.missing:
        say("  Everybody answered everything.")
    for person, many in found.missing.items():
        say(f"  {person} has {counted(many, 'item')} to answer: {found.files[person]}")
    if found.to_be_asked:
        done = "are" if found.done else "would be"
        say(f"  From round {found.round + 1} on {done} asked: {', '.join(found.to_be_asked)}")
    say(f"  retrolabel gold calibrate start {found.task} --next opens the next round now")


def _show_filled(task: str, found: Sequence[FilledSheet], *, dry_run: bool) -> None:
    """Print what each file brought, and what could not be taken."""
    titles = ["person", "round", "new", "corrected", "known", "empty", "answered", "of"]
    rows = [
        [each.person, each.round, each.added, each.corrected, each.known, each.left, each.answered, each.asked]
        for each in found
    ]
    console().print(table("", titles, rows, right=titles[1:], whole=["person"]))
    for each in found:
        if each.late:
            say(f"  {each.file}: round {each.round} is closed; its answers came late, and are of that round")
        for value in each.outside[:SHOWN]:
            say(f"  {each.file}: {value.value!r} ({counted(value.rows, 'row')}) {value.why}. Fix: {value.remedy}")
        if len(each.outside) > SHOWN:
            say(f"  {each.file}: {len(each.outside) - SHOWN:,} values more are no labels")
        if each.unknown:
            ids = ", ".join(each.unknown[:SHOWN]) + (", ..." if len(each.unknown) > SHOWN else "")
            many = counted(len(each.unknown), "row")
            say(f"  {each.file}: {many} left out: {each.person} was not asked {ids} in round {each.round}")
    if any(each.outside for each in found):
        say("  Rows with such values were left out: mend them and fill again.")
    if dry_run:
        say("Nothing was stored.")
        return
    say(f"  retrolabel gold calibrate status {task}")


def _show_status(found: CalibrationStatus) -> None:
    """Print the rounds, who is missing, how far people agree, and what is next."""
    if not found.rounds or found.design is None:
        say(f"There is no calibration set of {found.task} yet.")
        say(f"  retrolabel gold calibrate start {found.task} --people ana,ben,cleo")
        return
    titles = ["round", "opened", "version", "state", "people", "complete", "answers", "of"]
    rows = [
        [
            each.round,
            f"{each.opened_at:%Y-%m-%d}",
            each.schema_version,
            each.state,
            len(each.people),
            len(each.people) - len(each.missing),
            sum(person.answered for person in each.people),
            sum(person.asked for person in each.people),
        ]
        for each in found.rounds
    ]
    right = ["round", "people", "complete", "answers", "of"]
    console().print(table(f"Calibration of {found.task}", titles, rows, right=right, whole=["opened", "version"]))
    for each in found.missing:
        say(f"  {each.person} has {each.missing:,} of {counted(each.asked, 'item')} to answer: {each.file}")
    if found.open_round is not None and not found.missing:
        say(f"  Everybody answered everything in round {found.open_round.round}.")
    if found.agreement is None:
        say("  alpha: nobody answered yet")
    else:
        which = ", ".join(map(str, found.over))
        say(f"  alpha, round{'s' if len(found.over) > 1 else ''} {which}: {found.agreement}")
    last = found.rounds[-1]
    if found.goes_on and sorted(found.to_be_asked) != sorted(person.person for person in last.people):
        say(f"  From the next round on are asked: {', '.join(found.to_be_asked)}")
    if not found.goes_on:
        say("  The set is stopped.")
    elif found.next_due is not None:
        due = "is due" if found.is_due else f"is due on {found.next_due:%Y-%m-%d}"
        say(f"  The next round {due}: retrolabel gold calibrate start {found.task}")
