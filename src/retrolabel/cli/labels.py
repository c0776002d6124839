"""``retrolabel labels``: label sets, in and out of the store."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOME,
    JsonOption,
    LabelSetArgument,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    show_skipped,
    table,
    told_of_a_set,
    workspace,
)
from retrolabel.cli.labels_diff import diff
from retrolabel.cli.labels_export import export
from retrolabel.cli.labels_why import why
from retrolabel.cli.verifying import verify
from retrolabel.errors import RetrolabelError
from retrolabel.jobs.records.sitting_out import named, skipped_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.workspace import Workspace


DAMAGED = "damaged"
app = typer.Typer(
    help="Label sets: list, show, compare, export, promote, roll back, verify.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(diff)
app.command()(export)
app.command()(why)
app.command()(verify)


@app.command("list")
def list_(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the label sets there are, newest first. A narrow terminal leaves out labelled, then by; --json has all.

    Example: retrolabel labels list issue_type
    """
    ws = workspace(store)
    records = ws.task(task).label_sets() if task else ws.label_sets()
    names = _names(records, ws)
    if as_json:
        print_json(
            {
                "label_sets": [
                    asdict(record)
                    | {
                        "latest": "latest" in names[record.id],
                        "current": "current" in names[record.id],
                        "tags": [name for name in names[record.id] if name not in ("current", "latest")],
                    }
                    for record in records
                ]
            }
        )
        return
    if not records:
        say(f"No label set{f' of {task}' if task else ''} yet: retrolabel relabel {task or 'TASK'} makes one.")
        return
    made = {record.id: _made_by(record, ws) for record in records}
    _show_list(records, names, {each: model for each, (model, _) in made.items()})
    for record in records:
        _, out = made[record.id]
        if out:
            say(f"  {record.id[:SHORT_ID]} lacks {named(out)}, which sat out")


def _names(records: Sequence[LabelSetRecord], ws: Workspace) -> dict[str, list[str]]:
    """Return the id of each label set -> what names it: current first, then latest and tags."""
    found: dict[str, list[str]] = {record.id: [] for record in records}
    for task in dict.fromkeys(record.task for record in records):
        for name, label_set in sorted(ws.catalog.label_sets.tags(task).items(), key=lambda each: _first(each[0])):
            if label_set in found:
                found[label_set].append(name)
    return found


def _first(name: str) -> tuple[int, str]:
    return ("current", "latest").index(name) if name in ("current", "latest") else 2, name


def _show_list(records: Sequence[LabelSetRecord], names: dict[str, list[str]], made_by: dict[str, str]) -> None:
    """Print label sets, a line each; the task's name stands in the title if it is one."""
    several = len({record.task for record in records}) > 1
    rows = [
        (
            r.id[:SHORT_ID] + _marks(names[r.id]),
            *([r.task] if several else []),
            r.schema_version,
            made_by[r.id],
            r.items,
            r.covered,
            r.labelled,
            f"{r.created_at:%Y-%m-%d %H:%M}",
        )
        for r in records
    ]
    figures = ["items", "covered", "labelled", "made (UTC)"]
    titles = ["label set", *(["task"] if several else []), "version", "by", *figures]
    spare = ["labelled", "covered" if DAMAGED in made_by.values() else "by"]
    whole = [title for title in ("label set", "version", "by") if title not in spare]
    title = f"Label sets{'' if several else f' of {records[0].task}'} (> is current, * is latest)"
    console().print(table(title, titles, rows, right=figures, whole=whole, spare=spare, last=True))
    for r in records:
        tags = [name for name in names[r.id] if name not in ("current", "latest")]
        if tags:
            say(f"  {r.id[:SHORT_ID]} is {', '.join(tags)}")


def _marks(names: Sequence[str]) -> str:
    """Return what stands behind the id of a label set."""
    marks = (">" if "current" in names else "") + ("*" if "latest" in names else "")
    return f" {marks}" if marks else ""


def _made_by(record: LabelSetRecord, ws: Workspace) -> tuple[str, list[str]]:
    """Return the label model's name, and those that sat out; a damaged manifest hides no other label set."""
    from retrolabel.jobs.records.manifests import read_manifest  # noqa: PLC0415 - not needed for --help

    try:
        manifest = read_manifest(record, ws.objects)
        return str(manifest["inputs"]["label_model"]["name"]), [each["name"] for each in skipped_in(manifest)]
    except RetrolabelError:
        return DAMAGED, []


@app.command()
def show(
    task: TaskArgument,
    label_set: LabelSetArgument = "latest",
    item: Annotated[str | None, typer.Option(help="One item, its id or SOURCE/ID: its label and votes.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what made a label set, or one item of it.

    Example: retrolabel labels show issue_type latest --item 0042
    """
    found = workspace(store).task(task).label_set(label_set)
    if item is not None:
        rows = found.item(item)
        if as_json:
            print_json({"label_set": found.id, "items": rows})
            return
        for row in rows:
            shares = {**row["probabilities"], **row.get("sums", {})}
            probabilities = ", ".join(f"{label} {p:.3f}" for label, p in shares.items())
            say(f"{row['source']}/{row['item_id']}: {row['label'] or '(no label)'}   {probabilities}")
            if row.get("guessed") or (row["label"] is None and row.get("partial")):
                say(told_of_a_set(row["partial"], guessed=row["guessed"]))
            console().print(table("", ["LF", "vote"], list(row["votes"].items())))
        return
    manifest = found.manifest
    if as_json:
        print_json(manifest)
        return
    recorded, outputs = manifest["recorded"], manifest["outputs"]
    git = recorded["environment"].get("git") or {}
    say(f"{task} {found.record.schema_version}, label set {found.id}")
    say(f"  items {outputs['items']:,}, covered {outputs['covered']:,}, labelled {outputs['labelled']:,}")
    model = manifest["inputs"]["label_model"]["name"]
    say(f"  {model}, {len(outputs['segments'])} segment(s), made {found.record.created_at:%Y-%m-%d %H:%M} UTC")
    changed = " (with changes)" if git.get("dirty") else ""
    show_skipped(skipped_in(manifest))
    say(f"  git {git.get('commit', '-')}{changed}, retrolabel {recorded['environment']['retrolabel']}")
    rows_ = [
        (
            lf["name"],
            ", ".join(lf["votes"]).replace("|", " | "),
            lf["voted"],
            lf["faults"],
            f"{lf['file'].removeprefix(f'labeling_functions/{task}/')}:{lf['line']}",
        )
        for lf in recorded["lfs"]
    ]
    titles, right = ["LF", "votes", "voted", "faults", "written in"], ["voted", "faults"]
    console().print(table("", titles, rows_, right=right, cut={"votes": SOME}, spare=["written in"], last=True))
