"""``retrolabel plan``: what a relabel would do, why, and what it costs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOMETHING_TO_DO,
    JsonOption,
    ModelOption,
    OnFaultOption,
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
    from collections.abc import Iterator, Mapping

    from retrolabel.jobs.records.plan_changes import LfChange, PlanChanges
    from retrolabel.jobs.records.plans import Plan

SOME_NAMES = 3
"""Labeling functions of a group that are named."""


def plan(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: ToOption = None,
    label_model: ModelOption = None,
    on_fault: OnFaultOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the plan to this file, for relabel --plan.")
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 3 where something would be done.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a relabel would do, why, and what it costs; change nothing.

    Example: retrolabel plan failure_mode --to 2.0.0 -o plan.json
    """
    of = workspace(store).task(task)
    found = of.plan(to=to, label_model=label_model, on_fault=on_fault)
    changes = of.changes(found)
    if out is not None:
        of.write_plan(found, out, to=to, label_model=label_model, on_fault=on_fault)
    if as_json:
        print_json(plan_as_dict(found, changes))
    else:
        show_plan(found, changes)
        if out is not None:
            say(f"Written to {out}. To do exactly this: retrolabel relabel {task} --plan {out}")
    if detailed_exitcode and not found.nothing_to_do:
        raise typer.Exit(SOMETHING_TO_DO)


def plan_as_dict(found: Plan, changes: PlanChanges | None = None) -> dict[str, Any]:
    """Return a plan as plain data, with what it changes where that was asked for."""
    by_lf: dict[str, dict[str, int]] = {}
    for vote in found.votes:
        entry = by_lf.setdefault(vote.lf.name, {"compute": 0, "reuse": 0})
        entry["compute" if vote.stored is None else "reuse"] += vote.segment.rows
    estimate = found.estimate
    return {
        "task": found.task.name,
        "schema": found.schema.version,
        "label_set": found.label_set,
        "exists": found.exists,
        "items": found.items,
        "segments": len(found.segments),
        "calls": {"compute": found.calls, "reuse": found.reused},
        "lfs": by_lf,
        "estimated_seconds": found.seconds,
        "estimate": {"seconds": estimate.seconds, "measured": estimate.measured, "unknown": list(estimate.unknown)},
        "skipped": [each.as_dict() for each in found.skipped],
        **({"changes": changes.as_dict()} if changes is not None else {}),
        "notes": list(found.notes),
        "nothing_to_do": found.nothing_to_do,
    }


def show_plan(found: Plan, changes: PlanChanges | None = None) -> None:
    """Print a plan for people: what changes and why, where that was asked for; what it costs; what to know."""
    say(f"Plan: {counted(found.items, 'item')} of {found.task.name} under {found.schema.version}.")
    if changes is not None:
        for line in _changed(changes):
            say(line)
        _show_gold(found, changes)
    lfs = len({vote.lf.name for vote in found.to_compute})
    if found.calls:
        say(f"  compute  {counted(found.calls, 'call'):>19} of {counted(lfs, 'labeling function')}")
        say(f"           {_time(found, changes)}")
    if found.reused:
        say(f"  reuse    {counted(found.reused, 'call'):>19} that {'is' if found.reused == 1 else 'are'} stored")
    say(f"  label set {found.label_set[:SHORT_ID]} {_state(found)}")
    told = {why for lf in changes.lfs for why in lf.why} if changes is not None else set()
    for note in found.notes:
        if not any(note.endswith(f": {why}") for why in told):
            say(f"  note: {note}")


def _state(found: Plan) -> str:
    if found.nothing_to_do:
        return "exists: nothing to do"
    if found.is_latest:
        return "exists, and is latest"
    return "exists, and becomes latest" if found.exists else "is new"


def _time(found: Plan, changes: PlanChanges | None) -> str:
    """Return about how long the calls take, and what that rests on; what was never measured is not known."""
    estimate, waiting = found.estimate, {vote.lf.name for vote in found.to_compute}
    if estimate.seconds is None:
        return f"time not known: {'it never' if len(waiting) == 1 else 'none of them ever'} ran"
    told = f"about {estimate.seconds:,.0f} s" if round(estimate.seconds) else "less than 1 s"
    told += f" in one process (from {counted(estimate.measured, 'call')} measured"
    known = waiting - set(estimate.unknown)
    edited = known & {lf.name for lf in changes.lfs if lf.edited} if changes is not None else set()
    if edited:
        told += f"; of {len(edited)} of {len(known)} before an edit" if len(known) > 1 else " before its edit"
    more = ", ..." if len(estimate.unknown) > SOME_NAMES else ""
    never = f"; not known for {', '.join(estimate.unknown[:SOME_NAMES])}{more}" if estimate.unknown else ""
    return f"{told}){never}"


def _changed(changes: PlanChanges) -> Iterator[str]:
    """Yield what changes against the label set before: + added, ~ changed, - removed, ! sits out, = reused."""
    if changes.before is None:
        if changes.unread:
            yield f"  What changed is not known, since the latest label set cannot be read. {changes.unread}"
        else:
            yield "  There is no label set yet, so all of it is new."
    else:
        yield f"Against label set {changes.before[:SHORT_ID]} ({changes.version_before}, the latest):"
    for each in changes.differences:
        yield f"  {each.mark} {each.what}: {each.told}" if each.what != "label" else f"    {each.mark} {each.told}"
    for source in changes.items:
        for mark, count, how in (
            ("+", source.new, "new"),
            ("~", source.revised, "revised"),
            ("-", source.gone, "erased"),
            ("-", source.left_out, "labelled no more"),
        ):
            if count:
                yield f"  {mark} {count:,} {how} {'item' if count == 1 else 'items'} of {source.source}"
    yield from _lfs(changes)
    if changes.before is not None:
        same = ", ".join(_unchanged(changes))
        if same:
            yield f"  = nothing {'else ' if changes else ''}changed: {same} as before"


def _unchanged(changes: PlanChanges) -> list[str]:
    differ = {each.what for each in changes.differences}
    same = [what for what in ("schema", "gold", "label model", "numerics", "settings") if what not in differ]
    if not changes.items:
        same.append("items")
    if all(lf.mark == "=" or lf.still for lf in changes.lfs):
        same.append("labeling functions")
    return same


def _lfs(changes: PlanChanges) -> Iterator[str]:
    """Yield a line for each labeling function that changed; those of which the same is to be said share one."""
    groups: dict[tuple[str, tuple[str, ...]], list[LfChange]] = {}
    for lf in changes.lfs:
        groups.setdefault((lf.mark, lf.why), []).append(lf)
    for (mark, why), lfs in groups.items():
        names = [lf.name for lf in lfs]
        compute, reuse = sum(lf.compute for lf in lfs), sum(lf.reuse for lf in lfs)
        reused = f"{reuse:,} reused" if compute else f"{counted(reuse, 'call')} reused"
        calls = [*([counted(compute, "call")] if compute else []), *([reused] if reuse else [])]
        who = f"LF {names[0]}" if len(names) == 1 else f"{len(names):,} LFs"
        yield f"  {mark} {'; '.join([f'{who}: ' + ', '.join([*calls] or list(why)), *(why if calls else ())])}"
        if len(names) > 1 and mark != "=":
            more = f" and {len(names) - SOME_NAMES:,} more" if len(names) > SOME_NAMES else ""
            yield f"      {', '.join(names[:SOME_NAMES])}{more}"


def _show_gold(found: Plan, changes: PlanChanges) -> None:
    """Print how human labels read in the version, and how wide intervals become with the gold that stays exact."""
    human = changes.human
    if any(human.values()):
        counts = {"carried": "exact", "as a set": "set", "suspect": "suspect", "that say nothing": "unknown"}
        told = ", ".join(f"{human.get(kind, 0):,} {how}" for how, kind in counts.items())
        say(f"  human labels read in {found.schema.version}: {told}")
    for cost in changes.gold:
        rows = [
            (each["label"], *(_count(each[name]) for name in ("before", "after")), *_widths(each))
            for each in cost["labels"]
        ]
        title = f"{cost['role']} gold: items that are one label, and how wide a 95 % interval is"
        columns = ["label", f"n in {cost['before']}", f"n in {cost['after']}", "width before", "width now"]
        console().print(table(title, columns, rows, right=columns[1:]))


def _count(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _widths(label: Mapping[str, Any]) -> tuple[str, str]:
    widths = (label["width_before"], label["width_after"])
    counts = (label["before"], label["after"])
    before, after = (
        "-" if n is None else f"{width:.2f}" if width is not None else "unknown"
        for n, width in zip(counts, widths, strict=True)
    )
    return before, after
