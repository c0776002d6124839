"""``retrolabel lf new``: a labeling function that passes its own examples, to be edited."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from retrolabel.cli.characters import as_text
from retrolabel.cli.common import JsonOption, TaskArgument, listed, print_json, quiet, say, workspace


def new(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The labeling function's name.")],
    kind: Annotated[
        str,
        typer.Option("--from", help="keywords, regex, function, lookup, phrases, token_pattern or classifier."),
    ] = "keywords",
    label: Annotated[str | None, typer.Option(help="The label it votes; else the one that NAME or words name.")] = None,
    words: Annotated[
        list[str] | None, typer.Option(help='What it looks for: "a,b"; the label\'s own words if left out.')
    ] = None,
    pattern: Annotated[
        str | None, typer.Option(help="regex: a pattern of re. token_pattern: a pattern of spaCy's, in JSON.")
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="The column it reads; the one that others read most if left out.")
    ] = None,
    example: Annotated[list[str] | None, typer.Option(help="A text that gets the vote, repeated.")] = None,
    non_example: Annotated[
        list[str] | None, typer.Option("--non-example", help="A text that does not, repeated.")
    ] = None,
    module: Annotated[
        str | None, typer.Option(help="The file it goes into; the one that fits best if left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be added; write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a labeling function that passes its own examples. What is there stays; where it fails, nothing is left.

    Example: retrolabel lf new issue_type says_freezes --label bug --words "freezes,hangs up"
    """
    from retrolabel.wiring.new_lfs import AskedLf, lines_told, new_lf  # noqa: PLC0415 - not needed for --help

    asked = AskedLf(
        name,
        kind,
        label or "",
        column or "",
        tuple(listed(words)),
        pattern or "",
        tuple(example or ()),
        tuple(non_example or ()),
        module or "",
    )
    made = new_lf(workspace(None), task, asked, dry_run=dry_run)
    if as_json:
        print_json(asdict(made))
        return
    if dry_run:
        quiet()
        say(f"{made.path} ({made.why}) would get:")
        typer.echo(as_text("\n".join(text for _, text in made.added), lines=True))
        return
    say(f"{made.path}: {task}:{name} is written ({made.why}).")
    for number, text in made.added:
        say(f"  {number:>4}  {text}", whole=True)
    if made.created:
        say(f"  Undo: delete {made.path}")
    else:
        say(f"  Undo: delete line{'s' if len(made.added) > 1 else ''} {lines_told(made.added)} of {made.path}")
        for number, text in made.gone:
            say(f"        and line {number} was: {text}", whole=True)
    say(f"Next: edit it, then retrolabel lf test {task}:{name}")
