"""``retrolabel gold``: human labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOME,
    DelimiterOption,
    EncodingOption,
    HeaderOption,
    JsonOption,
    QuotesOption,
    RowsAtOption,
    SheetOption,
    SkipLinesOption,
    SkipRowsOption,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    TimeFormatOption,
    console,
    dialect_of,
    gold_command,
    listed,
    pairs,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.cli.gold_export import told_of_adjudication
from retrolabel.cli.gold_shown import show_gold
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.telling_apart import GoldReadiness
    from retrolabel.wiring.gold import TaskGold
    from retrolabel.wiring.workspace import Workspace

MOST_SHOWN = 20
FEW_SHOWN = 5
UNNAMED = "unnamed"
SetOption = Annotated[
    str,
    typer.Option("--set", metavar="ID", help="The label set: its id, the beginning of it, a tag, current or latest."),
]
app = typer.Typer(
    help="Human labels: import them, see what there is, how far people agree, and what labels are worth by them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("import")
def import_(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, JSONL, Parquet or JSON of human labels, or a tool's export.")
    ],
    source: Annotated[
        str | None, typer.Option(help="The source of the items; the batch's or the task's if left out.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="The tool that made it: label-studio, doccano, prodigy, argilla, spacy, mlflow, answers; auto (if left"
            " out) tells by what is inside; table takes columns as they are.",
            show_default=False,
        ),
    ] = None,
    labels_at: Annotated[
        str | None,
        typer.Option("--labels-at", help="Records of any other kind: the path of labels, as 'annotations[].labels[]'."),
    ] = None,
    annotator_at: Annotated[
        str | None,
        typer.Option("--annotator-at", help="With --labels-at: the path of people, as 'annotations[].user'."),
    ] = None,
    time_at: Annotated[str | None, typer.Option("--time-at", help="With --labels-at: the path of times.")] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(
            "--match", help="theirs=ours: find items by a text, ours is a column of the source: --match text=review."
        ),
    ] = None,
    all_answers: Annotated[
        bool, typer.Option("--all-answers", help="Keep answers beside one that is marked as ground truth.")
    ] = False,
    item: Annotated[
        str | None,
        typer.Option(help="The column of item ids (a path in a tool's file); item_id if left out.", show_default=False),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(
            help="The column of labels (the question in a tool's file); label if left out.", show_default=False
        ),
    ] = None,
    annotator: Annotated[str | None, typer.Option(help="The column that names the person.")] = None,
    annotator_name: Annotated[
        str | None, typer.Option("--annotator-name", help="The one person who gave all labels of the file.")
    ] = None,
    annotator_columns: Annotated[
        list[str] | None,
        typer.Option("--annotator-columns", help="Columns of labels, each called like its person: ana,bo,cy."),
    ] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_lines: SkipLinesOption = 0,
    header: HeaderOption = None,
    sheet: SheetOption = None,
    rows_at: RowsAtOption = None,
    quotes: QuotesOption = None,
    skip_rows: SkipRowsOption = 0,
    role: Annotated[str | None, typer.Option(help="dev, test, calibration or honeypot, for all rows.")] = None,
    role_column: Annotated[str | None, typer.Option(help="The column that holds the role.")] = None,
    role_map: Annotated[list[str] | None, typer.Option(help="theirs=ours: e.g. train=dev,test=test.")] = None,
    schema: Annotated[
        str | None, typer.Option(help="The version they labelled under; the batch's or the newest if left out.")
    ] = None,
    map_label: Annotated[
        list[str] | None, typer.Option(help="stored=label, repeated; 'unsure=' says it is no label.")
    ] = None,
    sampling: Annotated[
        str | None, typer.Option(help="How the items were chosen: random, stratified, other (if left out).")
    ] = None,
    sampling_is_right: Annotated[
        bool, typer.Option("--sampling-is-right", help="Take a random sample for one, whatever speaks against it.")
    ] = False,
    probability: Annotated[
        str | None, typer.Option(help="The column of probabilities with which items were drawn (stratified).")
    ] = None,
    rationale: Annotated[str | None, typer.Option(help="The column of reasons.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column of times (ISO 8601); a person's newest answer counts.")
    ] = None,
    time_format: TimeFormatOption = None,
    seconds: Annotated[str | None, typer.Option(help="The column of seconds that the person took.")] = None,
    batch: Annotated[
        int | None, typer.Option(help="The draw that the file was written for, where its column batch is gone.")
    ] = None,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown-items", help="Put rows on unknown items aside, however many they are.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take human labels in; a value that is no label, and a row on an unknown item, is put aside and counted.

    Where they are many (half of the values, a tenth of the items) the file is refused: it may be another one.
    The same file twice adds nothing; with --map-label it adds the rows that were put aside. A person's newer
    answer on an item supersedes the older one, and the import says whose. Label sets that retrolabel exported are
    refused: they are no answers of people.

    Exports of Label Studio, doccano, Prodigy, Argilla, spaCy and MLflow are recognised by what is inside; predictions,
    suggestions, cancelled and rejected answers are left out, and counted (docs/files.md).

    Example: retrolabel gold import issue_type gold.csv --source github_issues --role dev --sampling random

    Example: retrolabel gold import issue_type wide.csv --source github_issues --role dev --annotator-columns ana,bo

    Example: retrolabel gold import issue_type ana.csv --source github_issues --role dev --annotator-name ana
    --time when --time-format "%d-%m-%Y"

    Example: retrolabel gold import issue_type label_studio.json --source github_issues --role dev --match text=body
    """
    from retrolabel.wiring.gold_files import GoldFile  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    report = ws.task(task).gold.import_file(
        file,
        source,
        item=item,
        label=label,
        annotator=annotator,
        annotator_name=annotator_name,
        annotator_columns=listed(annotator_columns),
        role=role,
        role_column=role_column,
        map_role=pairs(role_map, "--role-map"),
        schema=schema,
        map_label=pairs(map_label, "--map-label", commas=False, verbatim=True),
        sampling=sampling,
        sampling_is_right=sampling_is_right,
        probability=probability,
        rationale=rationale,
        time=time,
        time_format=time_format,
        seconds=seconds,
        batch=batch,
        skip_unknown=skip_unknown,
        of=GoldFile(
            from_,
            labels_at,
            annotator_at,
            time_at,
            pairs(match, "--match", commas=False),
            all_answers=all_answers,
            dialect=dialect_of(encoding, delimiter, skip_lines, header, sheet, rows_at, quotes, skip_rows),
        ),
    )
    if as_json:
        print_json(asdict(report))
        return
    roles = ", ".join(f"{count:,} {name}" for name, count in sorted(report.roles.items()))
    read, new = counted(report.rows, "row"), counted(report.added, "new label")
    say(f"{file.name}: {read} -> {new}, {report.known:,} known already ({roles}).")
    show_gold(report, weighed=probability is not None, of="cell" if annotator_columns else "row")
    version = (schema or report.schema_version) if report.added else None
    if version and version not in ws.task(task).schema.released():
        say(f"  {version} is a draft: retrolabel schema release {task} {version} keeps what people labelled under")


@app.command()
def show(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: Annotated[str | None, typer.Option("--to", help="The version to read them in; the newest if left out.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write every label to this CSV file.")] = None,
    spreadsheet: SpreadsheetOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how human labels read in a version: the original, what it is there, and who resolved it.

    Below stand the gold sets, each with its hash, and what the step to this version cost them.

    Example: retrolabel gold show failure_mode --to 2.0.0
    """
    from retrolabel.wiring.label_sets import written_frame  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    frame = ws.task(task).gold.labels(to=to)
    version = to or ws.task(task).history.head.version
    formulas = 0
    if out is not None:
        if out.exists():
            raise InputError(f"{out} exists already; nothing was written.", remedy="choose another name")
        formulas, note = written_frame(frame, out, spreadsheet=spreadsheet)
        if note:
            ws.warn(note)
    by = ["schema_version", "label", "reads_as", "kind", "suspect", "resolved_by"]
    counts = Counter(zip(*(frame[name] for name in by), strict=True))
    rows = [(*key, count) for key, count in sorted(counts.items())]
    if as_json:
        found = [dict(zip([*by, "labels"], row, strict=True)) for row in rows]
        of_file = {"file": str(out), "formulas": formulas} if out is not None else {}
        gold = ws.task(task).gold
        sets = [
            {"role": role, "items": len(each.sets), "exact": len(each.places), "hash": each.hash}
            for role, each in gold.sets(to=to).items()
        ]
        costs = [each.as_dict() for each in gold.migration(to=to)]
        told = {"task": task, "version": version, "labels": len(frame), "readings": found}
        print_json({**told, "sets": sets, "cost": costs, **of_file})
        return
    titles = ["made under", "label", "reads as", "kind", "suspect", "by", "labels"]
    shown = [(row[0], row[1], row[2].replace("|", " | "), *row[3:5], row[5] or "-", row[6]) for row in rows]
    title = f"Human labels of {task} under {version}"
    console().print(
        table(title, titles, shown, right=["labels"], whole=["made under"], cut={"reads as": SOME}, last=out is None)
    )
    for line in told_of_adjudication(ws.task(task).gold):
        say(line)
    _show_sets(ws.task(task).gold, to)
    if out is not None:
        say(f"{len(frame):,} labels -> {out}")


def _show_sets(gold: TaskGold, to: str | None) -> None:
    """Print the gold sets of a version, and what the step to it cost them."""
    rows = [
        (
            role,
            len(each.sets),
            len(each.places),
            len(each.sets) - len(each.places),
            len(each.weights),
            each.hash[:SHORT_ID],
        )
        for role, each in gold.sets(to=to).items()
    ]
    titles = ["role", "items", "one label", "several", "of a known design", "hash"]
    if rows:
        console().print(table("Gold sets", titles, rows, right=titles[1:5], whole=["hash"]))
    for cost in gold.migration(to=to):
        title = f"What {cost.after} cost the {cost.role} gold, after {cost.before}"
        labels = [
            (
                each.label,
                "-" if each.before is None else each.before,
                "-" if each.after is None else each.after,
                _wide(each.width_before),
                _wide(each.width_after),
            )
            for each in cost.labels
        ]
        labels.append(("all", cost.exact_before, cost.exact_after, "", ""))
        titles = ["label", f"one label in {cost.before}", f"in {cost.after}", "interval then", "now"]
        console().print(table(title, titles, labels, right=titles[1:]))
        now = f"{counted(cost.several, 'item')} with several labels now"
        say(f"  {now}, {counted(cost.lost, 'item')} with none that is known any more.")
        say("  interval: how wide that of a label's recall is at so many items, at worst")


def _wide(width: float | None) -> str:
    return "-" if width is None else f"{width:.2f}"


@app.command()
def agreement(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: Annotated[
        str | None, typer.Option("--to", help="The version to compare them in; the newest if left out.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="dev, test, calibration or honeypot; all but honeypots if left out.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The source of the items; all if left out.")] = None,
    by: Annotated[str | None, typer.Option(metavar="COLUMN", help="Also by a column of the items.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far people agree, and between which labels they differ.

    Answers of all versions are read in one. The figures are over items that two people or more answered, each with one
    label there; where a label was split, the answers are sets and have an alpha of their own. A figure is withheld
    where too few items speak. People's answers without a name count as one person's. What one person said twice of an
    item is never agreement: it stands apart, as repeats.

    Example: retrolabel gold agreement failure_mode --to 2.0.0 --role dev
    """
    from retrolabel.cli.agreement import show_agreement  # noqa: PLC0415 - not needed for --help

    found = workspace(store).task(task).gold.agreement(to=to, role=role, source=source, by=by)
    if as_json:
        print_json(found.as_dict())
        return
    show_agreement(found)


@app.command()
def retire(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="The label id as people gave it.")],
    schema: Annotated[str | None, typer.Option(help="The version they labelled under; any if left out.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what was taken back.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count them, and change nothing.")] = False,
    living: Annotated[bool, typer.Option("--living", help="Even labels that still say something.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take human labels back whose label the schema gave up. Nothing is deleted; --undo brings them back.

    Example: retrolabel gold retire failure_mode bad --schema 1.0.0 --dry-run
    """
    found = workspace(store).task(task).gold.retire(label, version=schema, undo=undo, dry_run=dry_run, living=living)
    if as_json:
        print_json(asdict(found))
        return
    done = ("brought back" if undo else "taken back") if found.done else "counted; nothing was changed"
    say(f"{found.labels:,} human labels {label!r} of {task}, on {found.items:,} items: {done}.")
    if found.done and not undo:
        say("  The same command with --undo brings them back.")


@app.command("list")
def list_(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")] = None,
    batch: Annotated[int | None, typer.Option(help="One draw of the task: the items that wait for a label.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what human labels there are, by task, source, role, version, sampling and draw, and what each may move.

    Gold of a known design (random, or stratified with probabilities) moves how frequent labels are, and what labeling
    functions are worth; other dev gold moves the latter alone; gold of other roles moves nothing. Below stand the
    draws of gold sample, and how many of their items wait for a label.

    Example: retrolabel gold list issue_type

    Example: retrolabel gold list issue_type --batch 3
    """
    ws = workspace(store)
    if batch is not None:
        _list_batch(ws, task, batch, as_json=as_json)
        return
    batches = ws.task(task).gold.batches() if task else ws.gold_batches()
    drawn = ws.task(task).gold.drawn() if task else ws.gold_drawn()
    tasks = {each["task"]: ws.task(each["task"]).gold for each in batches}
    if as_json:
        ways = {name: str(gold.adjudication) for name, gold in tasks.items()}
        found = {"gold": [dict(each) for each in batches], "batches": [each.as_dict() for each in drawn]}
        print_json({**found, "adjudication": ways})
        return
    if not batches and not drawn:
        say(f"No human labels{f' of {task}' if task else ''} yet: {gold_command(task or 'TASK')}")
        return
    _show_labels(batches, tasks)
    _show_batches(drawn)


def _show_labels(batches: Sequence[Mapping[str, Any]], tasks: Mapping[str, TaskGold]) -> None:
    """Print what human labels there are, and how they are adjudicated."""
    if not batches:
        return
    several = len({batch["task"] for batch in batches}) > 1
    of = "" if several else f" of {batches[0]['task']}"
    names = ["source", "role", "schema_version", "sampling", "labels", "items", "annotators", "moves"]
    titles = ["source", "role", "version", "sampling", "labels", "items", "people", "moves"]
    names, titles = (["task", *names], ["task", *titles]) if several else (names, titles)
    rows = [[*(batch[name] for name in names[:-1]), _moved(batch)] for batch in batches]
    right = ["labels", "items", "people"]
    console().print(table(f"Human labels{of}", titles, rows, right=right, whole=["version"], last=True))
    for name, gold in tasks.items():
        for line in told_of_adjudication(gold):
            say(f"{name}: {line}" if several and not line.startswith(" ") else line)


def _show_batches(drawn: Sequence[BatchOfItems]) -> None:
    """Print the draws that are remembered."""
    if not drawn:
        return
    titles = ["batch", "for", "role", "drawn", "version", "items", "labelled", "waiting", "file"]
    rows = [
        (
            f"{each.batch.task}#{each.number}",
            each.batch.purpose,
            each.batch.role,
            f"{each.batch.at:%Y-%m-%d}",
            each.batch.schema_version,
            len(each.items),
            each.answered,
            "taken back" if each.batch.undone_at else len(each.waiting),
            each.batch.file,
        )
        for each in drawn
    ]
    right = ["items", "labelled", "waiting"]
    console().print(table("Batches for people", titles, rows, right=right, whole=["batch", "drawn"], last=True))


def _list_batch(ws: Workspace, task: str | None, number: int, *, as_json: bool) -> None:
    """Print one draw, with the items that wait for a label."""
    if task is None:
        raise InputError("--batch names a draw of a task.", remedy=f"retrolabel gold list TASK --batch {number}")
    found = ws.task(task).gold.batch(number)
    if as_json:
        print_json(found.as_dict())
        return
    batch = found.batch
    say(f"Batch {number} of {task}: {counted(len(found.items), 'item')} of {batch.source}, drawn for {batch.purpose}")
    say(f"  on {batch.at:%Y-%m-%d}, seed {batch.seed}, under {batch.schema_version}, into {batch.file}")
    if batch.undone_at is not None:
        say(f"  taken back on {batch.undone_at:%Y-%m-%d}; {found.answered:,} were labelled by now")
        return
    say(f"  {found.answered:,} labelled, {len(found.waiting):,} without a label yet")
    for item_id in found.waiting:
        say(f"{item_id}")


def _moved(batch: Mapping[str, Any]) -> str:
    """Return what a batch of human labels may move in a label model, as a table shows it."""
    names = {"shares": "shares", "labeling_functions": "LFs"}
    return ", ".join(names[each] for each in batch["moves"]) or "nothing"


@app.command()
def estimate(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: SetOption = "latest",
    by: Annotated[str | None, typer.Option("--by", help="Slices too: month (of the items' time), or a column.")] = None,
    final: Annotated[
        bool, typer.Option("--final", help="From test gold, where it can be; each look is logged.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a label set is worth on all items: how many labels are right, and how frequent each label is.

    Gold of a known design says it, with 95 % intervals. What the label model says of the items without gold makes
    them narrower; beside them stands what gold alone says.

    Example: retrolabel gold estimate failure_mode --by month
    """
    from retrolabel.jobs.gold.estimates import brief  # noqa: PLC0415 - not needed for --help

    found = workspace(store).task(task).gold.estimate(label_set, by=by, final=final)
    if as_json:
        print_json(found.as_dict())
        return
    record = found.label_set.record
    say(f"{task} {record.schema_version}, label set {record.id[:SHORT_ID]}, from {found.role} gold of a known design")
    for sentence in found.figures.sentences:
        say(f"  {sentence}")
    say("  in the second an item without a label is not right")
    figures = ["of all items", "by gold alone"]
    rows = [(label, brief(each), brief(each.classical)) for label, each in found.prevalence.items()]
    console().print(table("How frequent labels are, [95 % interval]", ["label", *figures], rows, whole=figures))
    if found.slices:
        titles, whole = (
            [by or "", "items", "gold", "right, with a label", "right, of all"],
            ["right, with a label", "right, of all"],
        )
        sliced = [
            (value, each.items, each.accuracy_of_all.n, brief(each.accuracy), brief(each.accuracy_of_all))
            for value, each in found.slices.items()
        ]
        console().print(table(f"By {by}", titles, sliced, right=["items", "gold"], whole=whole))
    for note in found.notes:
        say(f"  note: {note}")
    if found.looks:
        say(f"Look {found.looks} at test gold; it is logged. A test set that is looked at often becomes a dev set.")


@app.command()
def readiness(
    task: TaskArgument,
    label_set: SetOption = "latest",
    against: Annotated[
        str | None, typer.Option("--against", help="The label set to compare with; the one before if left out.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether dev gold tells two label sets apart, and which gold items look wrong.

    Those come first on which the label model and cleanlab (where it is installed) both speak against people.

    Example: retrolabel gold readiness failure_mode
    """
    found = workspace(store).task(task).gold.readiness(label_set, against=against)
    if as_json:
        print_json(found.as_dict())
        return
    for line in _told_apart(found):
        say(line)
    say(f"  the label model speaks against people on {found.suspected:,} of {found.gold:,} gold items with votes")
    if found.by_cleanlab is not None:
        both = f"on {found.by_both:,} with the label model"
        say(f"  cleanlab does on {found.by_cleanlab:,} of the {found.exact:,} that are one label, {both}")
    if not found.suspects:
        return
    titles = ["item", "people", "label model", "probability", "of theirs"]
    asked = found.by_cleanlab is not None
    titles += ["against"] * asked
    rows = [
        (
            f"{each.source}/{each.item_id}",
            ", ".join(f"{label} ({version})" for label, version in each.said),
            each.label,
            each.probability,
            each.of_gold,
            *(["both" if len(each.by) > 1 else each.by[0]] if asked else []),
        )
        for each in found.suspects
    ]
    first = "those of both, then the surest," if asked else "the surest"
    title = f"Look at these again ({len(rows):,} of {found.listed_of:,}, {first} first)"
    right = ["probability", "of theirs"]
    console().print(table(title, titles, rows, right=right, whole=["item"], cut={"people": SOME}, last=True))


def _told_apart(found: GoldReadiness) -> Iterator[str]:
    """Yield what gold says of two label sets."""
    own = f"{found.label_set.id[:SHORT_ID]} ({found.label_set.record.schema_version})"
    if found.against is None or found.found is None:
        yield f"{found.label_set.record.task}, label set {own}: nothing to compare, since {found.why_not}"
        return
    before, told = found.against, found.found
    grain = "" if before.record.schema_version == found.label_set.record.schema_version else f", in {found.version}"
    yield f"{found.label_set.record.task}: {before.id[:SHORT_ID]} ({before.record.schema_version}), then {own}{grain}"
    yield f"  {told}"
    if found.differing is not None:
        share = f"{found.differing:.1%}".replace("%", " %")
        there = f"; {told.where_they_differ:,} are enough if they are drawn there" if told.where_they_differ else ""
        yield f"  they differ on {share} of the items with a label in both{there}"
    if not found.by_design:
        yield "  note: this gold is of no known design, so it says so of these items only"
