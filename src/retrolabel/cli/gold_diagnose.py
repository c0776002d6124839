"""``retrolabel gold diagnose``: why people disagree."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    SOME,
    JsonOption,
    StoreOption,
    TaskArgument,
    ToOption,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from retrolabel.jobs.gold.diagnosis.values import CauseFound, TaskDiagnosis

INTERVAL = "95 %"
IN_SHORT = "in short"
DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


def diagnose(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: ToOption = None,
    role: Annotated[str | None, typer.Option("--role", help="calibration or dev; both if left out.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="DATE", formats=DAY, help="Only answers from this day on (UTC)."),
    ] = None,
    rounds: Annotated[
        int | None, typer.Option("--rounds", min=1, help="Only the last so many rounds; without rounds, weeks.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why people disagree: the spec, the data, one person, or taste; each with its share, items and a question.

    The spec: two labels that everybody mixes up, on items of one kind. The data: items on which people change their
    answer when they are asked again (about 50 answers, --time at import). One person: who differs from the rest. Taste:
    camps that side with each other (eight people or more). What cannot be told is withheld, and says why.

    Answers of role calibration and dev count, test gold and honeypots never do.

    Example: retrolabel gold diagnose issue_type

    Example: retrolabel gold diagnose issue_type --rounds 4 --json
    """
    found = (
        workspace(store)
        .task(task)
        .gold.diagnose(to=to, role=role, since=None if since is None else since.replace(tzinfo=UTC), rounds=rounds)
    )
    if as_json:
        print_json(found.as_dict())
        return
    _show(found)


def _show(found: TaskDiagnosis) -> None:
    """Print the finding, the shares, each cause, and what to do next."""
    from retrolabel.gold.causes.cause import NAMES  # noqa: PLC0415 - not needed for --help

    say(found.finding)
    say(f"  {_answers(found)}")
    say(f"  alpha {_alpha(found)}")
    rows = [
        (NAMES[cause.kind], _percent(cause.share), _interval(cause), cause.rule or _about(cause))
        for cause in found.causes
    ]
    for kind, name in NAMES.items():
        if kind in found.withheld and kind not in _kinds(found):
            rows.append((name, "-", "-", f"not told: {found.withheld[kind]}"))
        elif kind not in _kinds(found):
            rows.append((name, "-", "-", "does not stand out"))
    rows.append(("chance, or not told apart", _percent(found.rest), "", ""))
    titles = ["cause", "share", INTERVAL, IN_SHORT]
    console().print(
        table("Of the disagreement", titles, rows, right=["share"], whole=["cause", INTERVAL], prose=[IN_SHORT])
    )
    for cause in found.causes:
        _show_cause(cause)
    for step in found.next:
        say(f"  next: {step}")
    for note in found.notes:
        say(f"note: {note}")


def _show_cause(cause: CauseFound) -> None:
    """Print a cause: what it is, items to talk about, the question, and what to do next."""
    say(f"{cause.finding[0].upper()}{cause.finding[1:]}.")
    rows = [
        (
            each.key[1],
            "; ".join(f"{who}: {', '.join(labels)}" for who, labels in each.said.items()),
            each.excerpt or "-",
        )
        for each in cause.shown
    ]
    title = f"Items to talk about, {len(rows)} of {len(cause.items)}"
    console().print(table(title, ["item", "said", "text"], rows, cut={"said": SOME, "text": SOME}))
    say(f"  question: {cause.question}")
    if cause.note:
        say(f"  {cause.note}")
    for step in cause.next:
        say(f"  next: {step}")
    say()


def _answers(found: TaskDiagnosis) -> str:
    again = f"{counted(found.again, 'answer')} given again" if found.again else "nobody was asked again"
    return (
        f"{found.task} {found.version}: {len(found.people):,} people, {counted(found.items, 'item')} that several"
        f" answered, {found.split:,} on which they differ; {again}; {found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}"
    )


def _alpha(found: TaskDiagnosis) -> str:
    told = found.alpha.as_dict()
    if found.alpha.value is None or found.alpha.why:
        return f"withheld: {found.words}"
    between = "" if told["low"] is None else f" ({told['low']:.2f} to {told['high']:.2f})"
    return f"{found.alpha.value:.2f}{between}: {found.words}. A habit of the field; it decides nothing here."


def _kinds(found: TaskDiagnosis) -> set[str]:
    return {cause.kind for cause in found.causes}


def _about(cause: CauseFound) -> str:
    """Return what a cause without a rule is about."""
    if cause.kind == "taste":
        return " | ".join(", ".join(camp) for camp in cause.camps)
    pair = " / ".join(cause.labels)
    return f"{cause.person}: {pair or 'all labels'}" if cause.person else pair or counted(len(cause.items), "item")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _interval(cause: CauseFound) -> str:
    return f"{100 * cause.low:.0f} to {100 * cause.high:.0f} %"
