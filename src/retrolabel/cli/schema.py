"""``retrolabel schema``: the versions of a task."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from retrolabel.cli.common import JsonOption, TaskArgument, console, print_json, say, table, workspace

app = typer.Typer(help="Label schemas: versions, labels, steps.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(
    task: TaskArgument,
    version: Annotated[str | None, typer.Argument(metavar="[VERSION]", help="The newest if left out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the labels of a version, with what belongs to each and what does not.

    Example: retrolabel schema show failure_mode 1.0.0
    """
    from retrolabel.schema.fingerprints import fingerprints  # noqa: PLC0415 - not needed for --help

    history = workspace(None).task(task).history
    schema = history[version] if version else history.head
    if as_json:
        labels = [
            {
                "id": label.id,
                "name": label.title,
                "definition": label.definition,
                "include": label.include,
                "exclude": label.exclude,
                "owner": label.owner or None,
                "aliases": label.aliases,
            }
            for label in schema.labels
        ]
        print_json({**_described(schema), "labels": labels, "fingerprints": fingerprints(schema)})
        return
    say(f"{schema} ({schema.scale}): {schema.reason}")
    rows = []
    for label in schema.labels:
        text = [label.definition, *(f"+ {case}" for case in label.include), *(f"- {case}" for case in label.exclude)]
        rows.append((label.id, label.owner or "-", "\n".join(text)))
    console().print(table("", ["label", "owner", "what it means  (+ belongs to it, - does not)"], rows))
    for step in schema.steps:
        say(f"Since {schema.revises.version if schema.revises else '-'}: {_sentence(step.describe())}")


@app.command()
def history(task: TaskArgument, as_json: JsonOption = False) -> None:
    """Show all versions of a task and the steps between them.

    Example: retrolabel schema history failure_mode
    """
    versions = workspace(None).task(task).history
    if as_json:
        print_json({"task": task, "versions": [_described(schema) for schema in versions]})
        return
    rows = [
        (
            schema.version,
            ", ".join(schema.ids),
            "\n".join(_sentence(step.describe()) for step in schema.steps) or "first",
            schema.reason,
        )
        for schema in versions
    ]
    console().print(table(f"{task}: {len(rows)} version(s)", ["version", "labels", "steps", "why"], rows))


def _described(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - a LabelSchema, imported late
    return {
        "task": schema.task,
        "version": schema.version,
        "revises": schema.revises.version if schema.revises else None,
        "scale": schema.scale,
        "reason": schema.reason,
        "label_ids": list(schema.ids),
        "steps": [step.describe() for step in schema.steps],
    }


def _sentence(step: dict[str, Any]) -> str:
    """Return a step as people say it."""
    kind = step["step"]
    if kind == "split":
        return f"split {step['label']} into {', '.join(step['into'])}"
    if kind == "merge":
        return f"merge {', '.join(step['labels'])} into {step['into']}"
    if kind == "add":
        carved = f" (carved from {', '.join(step['carved_from'])})" if step["carved_from"] else ""
        return f"add {step['label']}{carved}"
    if kind == "remove":
        return f"remove {step['label']} ({'now ' + ' or '.join(step['maps_to']) if step['maps_to'] else 'unknown now'})"
    if kind == "redefine":
        return f"redefine {step['label']}: {step['direction']}"
    return "rescale " + ", ".join(f"{old} -> {' or '.join(new)}" for old, new in step["mapping"].items())
