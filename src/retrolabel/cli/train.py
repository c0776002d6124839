"""``retrolabel train`` and ``predict``: a model on a label set, and its labels for new feedback."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.analysis.report.telling import estimate
from retrolabel.cli.common import (
    SOMETHING_TO_DO,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    pairs,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.cli.dialect_options import (
    DelimiterOption,
    EncodingOption,
    HeaderOption,
    QuotesOption,
    RowsAtOption,
    SheetOption,
    SkipLinesOption,
    SkipRowsOption,
    dialect_of,
)
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.jobs.end_models.records import Judged, Training
    from retrolabel.jobs.end_models.stored import StoredModel

NAMES = {"label_model": "label model", "majority_vote": "majority vote"}


def train(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: Annotated[
        str, typer.Argument(metavar="[ID]", help="The label set: its id, the beginning of it, a tag, or latest.")
    ] = "current",
    features: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN|spacy[:NAME]|model2vec:FOLDER",
            help="What to read, again and again: a column of texts, numbers or vectors; what spaCy or model2vec makes"
            " of texts. If left out, the texts that labeling functions read.",
        ),
    ] = None,
    most: Annotated[int, typer.Option(min=20, help="Items that are fitted at most, chosen by a fixed rule.")] = 30_000,
    voter: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the model with its folds here, for a labeling function: .npz."),
    ] = None,
    estimator: Annotated[
        str, typer.Option(metavar="MODULE:FACTORY", help="A classifier of your own, which takes sample_weight.")
    ] = "",
    no_test: Annotated[
        bool, typer.Option("--no-test", help="Do not look at test gold; dev gold says how good the model is.")
    ] = False,
    trial: Annotated[
        bool, typer.Option("--trial", help="Only try something: as --no-test, and predict asks it by its name alone.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a model on a label set, and judge it on test gold beside the label model and the majority vote.

    It reads texts, so it labels what no labeling function knows. Items with human labels of any role, and near copies
    of test items, are not trained on. Each look at test gold is logged: a test that is looked at often says too much.
    With --voter the model may vote: of what it was trained on, a model says it that did not see it.
    predict asks the newest model that was trained on what consumers read, trials left out; the last lines say which.

    Example: retrolabel train issue_type --features title
    """
    from retrolabel.jobs.end_models.training import FOLDS  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.stored_models import asked_model  # noqa: PLC0415 - the same

    ws = workspace(store)
    folds = FOLDS if voter is not None else 0
    training = ws.task(task).train(
        label_set,
        columns=tuple(features or ()),
        most=most,
        folds=folds,
        test=not no_test,
        estimator=estimator,
        trial=trial,
    )
    if voter is not None:
        _save(training.content, voter)
    asked = asked_model(ws, task)
    if as_json:
        print_json({**training.as_dict(), "predict_asks": None if asked is None else asked.id})
        return
    _show(training)
    _show_asked(training, asked)
    if voter is not None:
        columns = training.model.columns
        named = repr(columns[0]) if len(columns) == 1 else repr(list(columns))
        say(f"{voter}: voting_model(resource({voter.name!r})), column={named} of a classifier (docs/end_model.md)")


def _save(content: bytes, path: Path) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}. The model is in the store.",
            remedy="name a file in a folder that is there",
        ) from error


def _show(training: Training) -> None:
    material, task = training.material, training.model.about["task"]
    label_set, version = training.label_set[:12], training.model.about["schema_version"]
    say(f"{task}: model {training.id[:12]} on label set {label_set} ({version})")
    read = training.model.about["settings"].get("features")
    by = ", ".join(read) if read else f"the texts of {', '.join(training.model.columns)}"
    say(f"trained on {material.items:,} items, by {by}")
    out = {
        "no vote": material.uncovered,
        "human labels": material.gold,
        "near copies of test items": material.near_test,
        "no text": material.textless,
        "beyond --most": material.left,
    }
    told = [f"{count:,} {why}" for why, count in out.items() if count]
    if told:
        say(f"left out: {', '.join(told)}")
    if training.newest is not None:
        say(
            f"a model of the older four fifths says what the label set says on {training.newest} of the newest"
            f" {counted(training.newest_items, 'item')}"
        )
    if training.judged is not None:
        _show_judged(training.judged, "test")
    else:
        why, remedy = training.why_not
        say(why if training.on_dev is not None else f"How good it is, nobody knows. {why}")
        if remedy:
            say(f"Fix: {remedy}")
    if training.on_dev is not None:
        _show_judged(training.on_dev, "dev")


def _show_asked(training: Training, asked: StoredModel | None) -> None:
    """Print which model ``predict`` asks now, and how this one is asked."""
    task = training.model.about["task"]
    if asked is not None and asked.id == training.id:
        say("predict asks this model: the newest that was trained on what consumers read")
        say(f"Next: retrolabel predict {task} FILE")
        return
    why = "it is a trial" if training.trial else "consumers do not read its label set"
    says = (
        f"asks {asked}"
        if asked is not None
        else f"asks no model yet: none was trained on what consumers of {task} read"
    )
    say(f"predict {says}; this one is asked by its name alone: {why}")
    say(f"Next: retrolabel predict {task} FILE --model {training.id[:12]}")


def _show_judged(judged: Judged, role: str) -> None:
    own = judged.agreement
    rows = [("this model", estimate(own.accuracy), estimate(own.macro_f1), "", "")]
    for name, rival in judged.rivals.items():
        gain = rival.pairing.gain
        more = "" if gain.value is None else f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        found = rival.agreement
        rows.append((NAMES[name], estimate(found.accuracy), estimate(found.macro_f1), more, f"{rival.covered:,}"))
    title = f"On {own.n:,} {role} gold items; nobody abstains"
    heads = ["", "right [95 %]", "macro-F1", "this model gains", "covered"]
    console().print(table(title, heads, rows, right=heads[1:]))
    left = {"that gold leaves several labels": judged.several, "that the label set does not hold": judged.unheld}
    told = [f"{counted(count, 'item')} {why}" for why, count in left.items() if count]
    if told:
        say(f"not judged: {', '.join(told)}")
    if role == "dev":
        say(
            "dev gold: the label model is fitted to it, and says here what it says without the item; try settings on it"
        )
        return
    say("covered: items with a vote; on the others, and on ties, a rival says the label that is most frequent")
    times = "look" if judged.looks == 1 else "looks"
    say(f"{judged.looks:,} {times} at this test gold by now; who chooses by it needs a new one")


def predict(  # noqa: PLR0913 - the same
    task: TaskArgument,
    file: Annotated[str, typer.Argument(help="CSV, JSON Lines or Parquet; - reads CSV or JSON Lines.")],
    out: Annotated[Path | None, typer.Option(help="The CSV or JSON Lines file; standard output if left out.")] = None,
    model: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help="How the model's id begins; latest is the newest of all; current the newest on what consumers read.",
        ),
    ] = "current",
    rename: Annotated[
        list[str] | None, typer.Option("--map", metavar="NEW=OLD", help="Call the file's column OLD by the name NEW.")
    ] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_lines: SkipLinesOption = 0,
    header: HeaderOption = None,
    sheet: SheetOption = None,
    rows_at: RowsAtOption = None,
    quotes: QuotesOption = None,
    skip_rows: SkipRowsOption = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Label nothing with a stale model: exit code 3.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Label new feedback with a trained model; nothing is stored.

    A row of the file gives a row: the file's item_id where it has one, label, probability, and p_LABEL for each label.
    The newest model that was trained on what consumers read is asked, trials left out; standard error says which.
    Where it is stale (consumers read another label set, or a newer version is released), standard error says so.

    Example: retrolabel predict issue_type new.csv --out labels.csv
    """
    from retrolabel.wiring.end_models import predictor, read_file  # noqa: PLC0415 - not needed for --help

    renames = pairs(rename, "--map", commas=False)
    dialect = dialect_of(encoding, delimiter, skip_lines, header, sheet, rows_at, quotes, skip_rows)
    ws = workspace(store)
    found = predictor(ws, task, model)
    if found.stale:
        ws.warn(found.stale)
        if fresh:
            raise typer.Exit(SOMETHING_TO_DO)
    if file == "-":
        with tempfile.TemporaryDirectory() as folder:
            feedback = read_file(_spooled(Path(folder)), renames, dialect)
    else:
        feedback = read_file(Path(file), renames, dialect)
    labels = found.model.labels_of(feedback)
    if "item_id" in feedback and feedback["item_id"].notna().any():
        labels.insert(0, "item_id", feedback["item_id"])
    _write(labels, out, as_json=as_json)
    if out is not None:
        say(f"{counted(len(labels), 'item')} -> {out}, by {found.stored}")
    else:
        ws.warn(f"{counted(len(labels), 'item')}, by {found.stored}")


def _spooled(folder: Path) -> Path:
    """Return a file with what standard input says."""
    content = sys.stdin.buffer.read()
    path = folder / ("input.jsonl" if content.lstrip()[:1] == b"{" else "input.csv")
    path.write_bytes(content)
    return path


def _write(labels: pd.DataFrame, out: Path | None, *, as_json: bool) -> None:
    lines = as_json or (out is not None and out.suffix in (".jsonl", ".ndjson"))
    try:
        target = str(out) if out is not None else sys.stdout
        if lines:
            labels.to_json(target, orient="records", lines=True, force_ascii=False)
        else:
            labels.to_csv(target, index=False)
    except OSError as error:
        raise InputError(
            f"{out} cannot be written: {error.strerror or error}.", remedy="name a file in a folder that is there"
        ) from error
