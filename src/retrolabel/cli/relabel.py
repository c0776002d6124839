"""``retrolabel relabel`` and ``evaluate``: the main job."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    FAILED,
    FEW_GOLD,
    SHORT_ID,
    JsonOption,
    LabelSetArgument,
    ModelOption,
    OnFaultOption,
    StoreOption,
    TaskArgument,
    ToOption,
    console,
    gold_command,
    print_json,
    say,
    share_of,
    show_skipped,
    table,
    workspace,
)
from retrolabel.errors import RetrolabelError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.gold.agreement import Estimate
    from retrolabel.jobs.gold.estimates import WholeEstimate
    from retrolabel.jobs.gold.scoring import Score
    from retrolabel.jobs.label_sets.relabel import RelabelReport
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.task import Task

MOST_LABELS = 6
"""Labels that a remark names."""
EngineOption = Annotated[
    str | None,
    typer.Option("--engine", help="auto (default), serial (lets a debugger in), local (processes) or dask."),
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=0, help="How many worker processes; 0 is one for each processor.")
]


def relabel(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: ToOption = None,
    label_model: ModelOption = None,
    on_fault: OnFaultOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Make votes and label sets again whose files are damaged.")
    ] = False,
    retry_faults: Annotated[
        bool,
        typer.Option("--retry-faults", help="Call LFs again where they failed, unless what was current rests on it."),
    ] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Leave with 4 where another process relabels the task.")
    ] = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Do exactly what this file says (plan -o), or refuse.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--report", help="Write a report page too: a file, or a folder that is there.")
    ] = None,
    tracking: Annotated[bool | None, typer.Option("--tracking/--no-tracking", help="Report the run to MLflow.")] = None,
    engine: EngineOption = None,
    workers: WorkersOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Label all items under a schema version. What is stored is not computed again; safe to kill.

    The label set is a candidate, and becomes current (what labels export gives) unless a gate fails: retrolabel gates
    TASK. Where one fails the exit code is 1, and what was current stays; --report leaves a page that says why. With
    --on-fault skip a broken labeling function sits out: the label set is made without it, and the gates decide.

    Example: retrolabel relabel issue_type --report relabelled.html
    """
    if plan_file is not None and (to is not None or label_model is not None or on_fault is not None):
        told = "the plan says the version and the label model, and whether broken labeling functions sit out"
        raise typer.BadParameter(told, param_hint="--plan")
    ws = workspace(store, engine=engine, workers=workers)
    if page is not None:
        from retrolabel.analysis.report.page import GENERATOR  # noqa: PLC0415 - not needed for --help
        from retrolabel.wiring.written_pages import check_place  # noqa: PLC0415 - the same

        check_place(page, GENERATOR, option="--report")
    with redirect_stdout(sys.stderr if as_json else sys.stdout):  # what authors print is no JSON
        report = ws.task(task).relabel(
            to=to,
            label_model=label_model,
            tracking=tracking,
            repair=repair,
            retry_faults=retry_faults,
            wait=not no_wait,
            plan=plan_file,
            on_fault=on_fault,
            told=None if as_json else show_report,
        )
    written = ws.task(task).report(report.label_set.id).write(page) if page is not None else None
    if as_json:
        print_json({**report.as_dict(), "report": str(written) if written else None})
    elif report.mlflow_run:
        say(f"MLflow run {report.mlflow_run}")
    if written and not as_json:
        say(f"report -> {written}")
    if report.outcome is not None and report.outcome.failed:
        raise typer.Exit(FAILED)


def show_report(report: RelabelReport) -> None:
    """Print what a relabel did, for people."""
    record = report.label_set
    state = "is new" if report.is_new else "was there already"
    out = f"; {counted(len(report.skipped), 'labeling function')} sat out" if report.skipped else ""
    say(f"{record.task} {record.schema_version}: label set {record.id[:SHORT_ID]} {state}{out}.")
    show_skipped(each.as_dict() for each in report.skipped)
    covered, labelled = share_of(record.covered, record.items), share_of(record.labelled, record.items)
    votes = report.votes
    say(f"  items    {record.items:>11,}, covered {covered}, labelled {labelled}")
    say(f"  votes    {votes.computed:>11,} computed, {votes.reused:,} reused, {votes.faults:,} faults")
    if votes.faults and all(each.kind != "import" for each in report.skipped):  # it imports what is broken
        say(f"  faults   retrolabel lf faults {record.task} shows where and why")
    for remark in report.remarks:
        say(f"  note: {remark}")
    if report.guessed:
        say(f"  guessed  {report.guessed:>11,} items have votes for several labels alone: {_guesses(report)}")
    if report.votes.suspect:
        say(f"  suspect  {report.votes.suspect:>11,} votes stay out: their labels were redefined")
    rows = [(label, count, share_of(count, record.items)) for label, count in report.shares.items()]
    guessed = report.guessed if not report.guesses_are_labels else 0
    for name, count in (
        ("(no label: guessed)", guessed),
        ("(no label: tied or unsure)", record.covered - record.labelled - guessed),
        ("(no label: no votes)", record.items - record.covered),
    ):
        if count:
            rows.append((name, count, share_of(count, record.items)))
    console().print(table("", ["label", "items", "share"], rows, right=["items", "share"]))
    show_scores({"dev": report.dev})
    _show_what_has_no_vote(record)
    for line in _beside(report):
        say(line)
    for line in _chosen(report.label_model):
        say(line)
    _show_outcome(report)
    say(f"{report.seconds:.1f} s" + (f", MLflow run {report.mlflow_run}" if report.mlflow_run else ""))
    sys.stdout.flush()  # the tracker that is told next may take its time


def _show_what_has_no_vote(record: LabelSetRecord) -> None:
    """Print what helps where labeling functions vote on nothing, or on less than half."""
    if not record.covered:
        say("  No labeling function voted on any item: retrolabel lf list shows which there are, and what they read.")
    elif 2 * record.covered < record.items:
        say(f"  Most items have no vote: retrolabel lf gaps {record.task} groups them; lf suggest finds words.")


def _show_outcome(report: RelabelReport) -> None:
    """Print whether consumers read the label set now, and which gates say no."""
    outcome, record = report.outcome, report.label_set
    if outcome is None:
        return
    if outcome.status == "current":
        say(f"  current: labels export {record.task} gives it from now on ({outcome.why})")
        return
    failed = [gate for gate in outcome.gates if gate.state == "failed"]
    say(f"  candidate: consumers do not read it{'' if failed else f': {outcome.why}'}")
    for gate in failed:
        say(f"    gate {gate.name} failed: {gate.why}")
    override = ' --override --reason "..."' if failed else ""
    say(f"    retrolabel report {record.task} {record.id[:SHORT_ID]} --against current  shows what is different")
    say(f"    retrolabel labels promote {record.task} {record.id[:SHORT_ID]}{override}")


def _guesses(report: RelabelReport) -> str:
    if report.guesses_are_labels:
        return 'they get the likeliest (guesses = "label" in the settings)'
    return "they get none, and their set is in the column partial"


def _beside(report: RelabelReport) -> Iterator[str]:
    """Yield how the label set before does on the gold items that both are judged on."""
    if report.before is None or report.paired is None:
        return
    old, pair = report.before, report.paired
    if not pair.items:
        yield f"  no dev gold item has a label in this label set and in the one before ({old.id[:SHORT_ID]})"
        return
    grain = "" if old.schema_version == report.label_set.schema_version else f", in the labels of {report.paired_in}"
    shares = f"{pair.before / pair.items:.3f} before, {pair.after / pair.items:.3f} now"
    there = f"{old.id[:SHORT_ID]} ({old.schema_version}){grain}"
    yield f"  on the {pair.items:,} dev gold items with a label here and in {there}:"
    yield f"    right on {shares}: {_signed(pair.gain)}"


def _signed(gain: Estimate) -> str:
    if gain.value is None or gain.low is None or gain.high is None:
        return "n/a"
    return f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"


def _chosen(label_model: Mapping[str, Any]) -> Iterator[str]:
    """Yield which label model ``auto`` took, and why."""
    learned = label_model.get("learned", {})
    if "chosen" not in learned:
        return
    losses = {name: loss for name, loss in learned["held_out_log_loss"].items() if loss is not None}
    if not losses:
        yield f"  auto took {learned['chosen']}: {learned.get('why') or 'too little random dev gold to choose by'}"
        return
    told = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
    yield f"  auto took {learned['chosen']}: log-loss on held-out gold is {told}"
    if losses[learned["chosen"]] > min(losses.values()):
        yield "    (another is lower by less than one standard error, which may be chance)"


def evaluate(
    task: TaskArgument,
    label_set: LabelSetArgument = "latest",
    final: Annotated[bool, typer.Option("--final", help="Look at test gold too; each look is logged.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure a label set against gold, with 95 % intervals: dev, and test with --final.

    Example: retrolabel evaluate issue_type --final
    """
    from retrolabel.jobs.gold.scoring import verdict  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    found, scores, looks = ws.task(task).evaluate(label_set, final=final)
    target = ws.task(task).history[found.record.schema_version].agreement
    whole = _of_all_items(ws.task(task), found.id, final=final)
    verdicts = {role: verdict(score, target) for role, score in scores.items()} if target else {}
    if as_json:
        gold = {role: score.as_dict() for role, score in scores.items()}
        wanted = {**target.describe(), "verdicts": verdicts} if target else None
        made = {"id": found.id, "schema": found.record.schema_version}
        print_json({"label_set": made, "gold": gold, **_of_all_as_dict(whole), "target": wanted, "looks": looks})
        return
    say(f"{task} {found.record.schema_version}, label set {found.id[:SHORT_ID]}")
    show_scores(scores)
    if not isinstance(whole, RetrolabelError):
        say(f"  {whole.role}: {whole.figures.sentences[1]}")
    elif any(score.items for score in scores.values()):
        say(f"  how many of all {counted(found.record.items, 'item')} are right is not known. {whole.message}")
        if whole.remedy:
            say(f"    Fix: {whole.remedy}")
    for role, said in verdicts.items():
        aim = f"{target.coefficient} of {target.threshold} or more, n {target.minimum_n:,} or more" if target else ""
        say(f"  {role}: the version's target is {said} ({aim}; the whole interval has to lie above)")
        nothing = scores[role].agreement.kappa_says_nothing
        if said == "open" and target and target.coefficient == "kappa" and nothing:
            say(f"    it stays open, since {nothing}")
    if looks:
        say(f"Look {looks} at test gold; it is logged. A test set that is looked at often becomes a dev set.")


def _of_all_items(task: Task, label_set: str, *, final: bool) -> WholeEstimate | RetrolabelError:
    """Return what a label set is worth on all items, or why gold does not say it."""
    try:
        return task.gold.estimate(label_set, final=final, look=False)
    except RetrolabelError as error:
        return error


def _of_all_as_dict(whole: WholeEstimate | RetrolabelError) -> dict[str, Any]:
    """Return the accuracy over all items as plain data, or why it is not known."""
    if isinstance(whole, RetrolabelError):
        return {"of_all": None, "of_all_unknown": {"message": whole.message, "remedy": whole.remedy}}
    return {"of_all": whole.as_dict()["accuracy_of_all"] | {"role": whole.role}}


def show_scores(scores: dict[str, Score]) -> None:
    """Print agreement with gold, with intervals."""
    rows = []
    for role, score in scores.items():
        a = score.agreement
        rows.append((role, score.items, score.judged, _brief(a.accuracy), _brief(a.macro_f1), _brief(a.kappa)))
    if not any(s.membership.n or s.missing or s.unknown or s.suspect or s.ties for s in scores.values()):
        say(f"  no gold, so it is not known how good this is: {gold_command()}")
    else:
        figures = ["accuracy", "macro-F1", "kappa"]
        titles, title = ["gold", "of", "judged", *figures], "Agreement with gold over judged items, [95 % interval]"
        console().print(table(title, titles, rows, right=["of", "judged"], whole=figures, spare=["macro-F1"]))
    for role, score in scores.items():
        for remark in _remarks(role, score):
            say(f"  {remark}")


def _remarks(role: str, score: Score) -> Iterator[str]:
    """Yield what the table of figures does not say: what they are over, and what stays out of them."""
    from retrolabel.jobs.gold.scoring import about_sets  # noqa: PLC0415 - not needed for --help

    if score.items:
        yield f"{role}: {score.headline}"
    if score.agreement.no_label:
        yield f"{role}: {score.agreement.no_label:,} of the judged items have no label (a tie), and count as wrong"
    for remark in (*about_sets(score), *_of_figures(score), *_of_scale(score)):
        yield f"{role}: {remark}"
    if score.near_misses:
        yield f"{role}: {score.near_misses:,} gold items may bear a label that became wider; ask people again"
    left_out = {
        "on which people are tied": score.ties,
        "that say nothing under this version": score.unknown,
        "whose text or label changed since": score.suspect,
        "not in this label set": score.missing,
    }
    told = [f"{count:,} {why}" for why, count in left_out.items() if count]
    if told:
        yield f"{role} gold left out: {'; '.join(told)}"
    if 0 < score.agreement.covered < FEW_GOLD:
        yield f"{role}: {score.agreement.covered} judged gold items are few; the intervals say how few"


def _of_figures(score: Score) -> Iterator[str]:
    """Yield what macro-F1 is over, where labels are missing from it, and why kappa says nothing."""
    if not score.agreement.covered:
        return
    over = score.macro_f1_over
    absent = [label for label in score.labels if label not in over]
    if absent:
        occur = "occurs" if len(absent) == 1 else "occur"
        yield f"macro-F1 is over {_some(over)}; {_some(absent)} {occur} neither in this gold nor in its labels"
    if score.agreement.kappa_says_nothing:
        yield score.agreement.kappa_says_nothing


def _some(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - MOST_LABELS:,} more" if len(labels) > MOST_LABELS else ""
    return ", ".join(labels[:MOST_LABELS]) + more


def _of_scale(score: Score) -> Iterator[str]:
    """Yield what there is to say of gold on a scale that has an order, or labels below labels."""
    if score.rank_error is not None and score.rank_error.value is not None:
        yield f"the label is {score.rank_error} ranks off on average"


def _brief(estimate: Estimate) -> str:
    """Return an estimate without the zeros before the point, so that three of them fit a line."""
    return str(estimate).replace("0.", ".")
