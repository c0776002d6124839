"""``retrolabel schema``: the versions of a task, checked and released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from retrolabel.cli.characters import as_text
from retrolabel.cli.common import (
    FAILED,
    SOME,
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.schema.history import History

app = typer.Typer(
    help="Label schemas: look at them, compare, continue, check, release.", no_args_is_help=True, rich_markup_mode=None
)
VersionArgument = Annotated[str | None, typer.Argument(metavar="[VERSION]", help="The newest if left out.")]
OneTask = Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")]


@app.command()
def show(
    task: TaskArgument,
    version: VersionArgument = None,
    form: Annotated[
        Literal["table", "md", "json"], typer.Option("--format", help="md: the guideline that a human labeller reads.")
    ] = "table",
    as_json: JsonOption = False,
) -> None:
    """Show the labels of a version, with what belongs to each and what does not.

    Example: retrolabel schema show failure_mode --format md
    """
    from retrolabel.analysis.guideline import guideline, step_sentences  # noqa: PLC0415 - not needed for --help
    from retrolabel.schema.fingerprints import described_steps, fingerprints  # noqa: PLC0415 - the same

    history = workspace(None).task(task).history
    schema = history[version] if version else history.head
    if as_json or form == "json":
        labels = [
            {
                "id": label.id,
                "name": label.title,
                "definition": label.definition,
                "include": label.include,
                "exclude": label.exclude,
                "examples": label.examples,
                "owner": label.owner or None,
                "hotkey": label.hotkey or None,
                "rank": label.rank,
                "parent": label.parent,
                "aliases": label.aliases,
                "status": label.status,
            }
            for label in schema.labels
        ]
        rules = [rule.describe() for rule in schema.constraints]
        agreement = schema.agreement.describe() if schema.agreement else None
        more = {"labels": labels, "constraints": rules, "agreement": agreement, "guidelines": schema.guidelines}
        print_json({**_described(schema), **more, "fingerprints": fingerprints(schema)})
        return
    if form == "md":
        quiet()
        typer.echo(as_text(guideline(schema), lines=True), nl=False)
        return
    say(f"{schema} ({schema.scale}): {schema.reason}")
    rows = []
    for label in schema.labels:
        text = [label.definition, *(f"+ {case}" for case in label.include), *(f"- {case}" for case in label.exclude)]
        name = label.id if label.status == "active" else f"{label.id} ({label.status})"
        rows.append((name, label.owner or "-", "\n".join(text)))
    titles = ["label", "owner", "what it means  (+ belongs to it, - does not)"]
    console().print(table("", titles, rows, prose=titles[-1:]))
    before = " and ".join(parent.version for parent in schema.parents)
    for told in step_sentences(described_steps(schema)):  # type: ignore[arg-type]  # plain data
        say(f"Since {before}: {told}")


@app.command()
def history(task: TaskArgument, as_json: JsonOption = False) -> None:
    """Draw the versions of a task, newest first, and the steps between them.

    Example: retrolabel schema history failure_mode
    """
    from retrolabel.analysis.guideline import step_sentences  # noqa: PLC0415 - not needed for --help
    from retrolabel.cli.graph import graph  # noqa: PLC0415 - the same
    from retrolabel.schema.fingerprints import described_steps  # noqa: PLC0415 - the same

    ws = workspace(None)
    versions = ws.task(task).history
    released = ws.task(task).schema.released()
    heads = [head.version for head in versions.heads]
    if as_json:
        found = [{**_described(schema), "released": schema.version in released} for schema in versions]
        print_json({"task": task, "heads": heads, "versions": found})
        return
    say(f"{task}: {len(versions)} version(s), newest first")
    newest = list(reversed(list(versions)))
    lanes = graph([(schema.version, [parent.version for parent in schema.parents]) for schema in newest])
    for schema, (first, rest, *between) in zip(newest, lanes, strict=True):
        state = [*(["head"] if schema.version in heads else []), "released" if schema.version in released else "draft"]
        say(
            f"{first} {schema.version}  ({', '.join(state)})  {' '.join(schema.reason.split())}".rstrip(),
            indent=f"{rest or ' '}     ",
        )
        for line in [", ".join(schema.ids), *step_sentences(described_steps(schema))]:  # type: ignore[arg-type]  # plain data
            say(f"{rest or ' '}   {line}", indent=f"{rest or ' '}     ")
        for line in between:
            say(line)
    if len(heads) > 1:
        which = "them" if len(heads) == 2 else "two of them"  # noqa: PLR2004 - a pair
        say(f"{len(heads)} heads: retrolabel schema merge-heads {task} joins {which}.")


@app.command()
def heads(task: TaskArgument, as_json: JsonOption = False) -> None:
    """List the versions that no other one revises: one, or one for each open branch.

    Example: retrolabel schema heads failure_mode
    """
    versions: History = workspace(None).task(task).history
    found = [head.version for head in versions.heads]
    if as_json:
        print_json({"task": task, "heads": found})
        return
    for number in found:
        say(number)


@app.command()
def check(
    task: OneTask = None,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refuse, for CI, what would break or silently reinterpret stored labels; exit 1 with everything at once.

    Example: retrolabel schema check --strict
    """
    report = workspace(store).schemas.check(task, strict=strict)
    if as_json:
        print_json(report.as_dict())
    else:
        for finding in report.findings:
            say(f"{finding.severity:<8}[{finding.code}] {finding.as_problem()}")
        refused = len(report.refused)
        rows = [(name, ", ".join(done) or "-", ", ".join(open_) or "-") for name, (done, open_) in report.tasks.items()]
        console().print(table("", ["task", "released", "drafts"], rows, cut={"released": SOME, "drafts": SOME}))
        say(f"{refused} thing(s) to mend." if refused else "ok")
    if report.refused:
        raise typer.Exit(FAILED)


@app.command()
def release(  # noqa: PLR0913 - the options of a command
    task: OneTask = None,
    versions: Annotated[
        list[str] | None, typer.Argument(metavar="[VERSION...]", help="All drafts if left out.")
    ] = None,
    only_lfs: Annotated[
        bool, typer.Option("--only-lfs", help="Freeze no version; note what the LFs may emit now.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be noted, and write nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Freeze versions: write their fingerprints into labels.lock, after a check.

    Example: retrolabel schema release failure_mode 2.0.0
    """
    ws = workspace(store)
    told = ws.schemas.release(task, versions or None, only_lfs=only_lfs, dry_run=dry_run)
    if as_json:
        print_json({"changed": told, "written": bool(told) and not dry_run})
        return
    for line in told:
        say(f"dry run, nothing written: {line}" if dry_run else line)
    if not told:
        some = any(ws.task(name).schema.released() for name in ([task] if task else ws.tasks()))
        say("labels.lock says all of it already." if some else "No version is released yet, so nothing was noted.")


def _described(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - a LabelSchema, imported late
    from retrolabel.schema.fingerprints import described_steps  # noqa: PLC0415 - not needed for --help

    parents: Sequence[str] = [parent.version for parent in schema.parents]
    return {
        "task": schema.task,
        "version": schema.version,
        "revises": (parents[0] if parents else None) if len(parents) < 2 else parents,  # noqa: PLR2004 - a merge
        "scale": schema.scale,
        "reason": schema.reason,
        "label_ids": list(schema.ids),
        "steps": described_steps(schema),
    }
