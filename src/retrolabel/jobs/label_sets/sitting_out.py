"""Which labeling functions sit out, and a plan without them.

A label set from which one sat out is the label set of the task without it: the same id, the same labels.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import (
    DiscoveryError,
    FaultRateError,
    LabelingFunctionError,
    Problem,
    RetrolabelError,
    counted,
)
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.jobs.records.manifests import read_manifest
from retrolabel.jobs.records.sitting_out import SatOut, named, told_together
from retrolabel.jobs.votes.faults import failing_lfs, fault_rate_error
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.sitting_out import BrokenModule
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.jobs.votes.faults import Failing, Said

CLASS = re.compile(r"[^\W\d]\w*")
"""How the class of an error stands at the beginning of what is kept of a fault."""


def of_modules(
    task: FoundTask, recorded: Mapping[str, Any], released: Collection[str], contracts: Mapping[str, Collection[str]]
) -> tuple[SatOut, ...]:
    """Return the labeling functions that sit out because a module does not import, by name.

    Which a module holds is known from the last label set, or else from the lock. One of another module sits out where
    it reads what no source has and a broken module speaks of: a feature.

    Args:
        task: What discovery found, its broken modules among it.
        recorded: What was recorded with the last label set; nothing where there is none.
        released: The labeling functions that the lock knows.
        contracts: Source -> its columns, of the sources that the task labels.
    """
    there = {lf.name for lf in task.lfs}
    known = {
        each["name"]: each
        for each in (*recorded.get("skipped", ()), *recorded.get("lfs", ()))
        if each["name"] not in there and each["name"] != each.get("file")
    }
    homeless = sorted(set(released) - there - known.keys()) if not recorded else []
    held = {
        module.file: sorted(n for n, each in known.items() if each["file"] == module.file) for module in task.broken
    }
    if homeless:
        held = {file: names or homeless for file, names in held.items()}
    found = {
        name: _by_import(task, name, module, known.get(name, {}).get("key", ""))
        for module in task.broken
        for name in held[module.file]
    }
    told = {problem for module in task.broken if held[module.file] for problem in module.problems}
    for out, module in _of_features(task, contracts):
        found[out.name] = out
        told.update(module.problems)
    for module in task.broken:  # of one whose labeling functions are not known, and for which no other one sits out
        if not held[module.file] and not told.issuperset(module.problems):
            found[module.file] = _by_import(task, module.file, module, "")
    return tuple(found[name] for name in sorted(found))


def _by_import(task: FoundTask, name: str, module: BrokenModule, key: str) -> SatOut:
    why = f"its module does not import: {without_secrets(module.why)}"
    return SatOut(name, _briefly(task, module), why, "import", module.file, key)


def _briefly(task: FoundTask, module: BrokenModule) -> str:
    return f"{module.file.partition(f'/{task.name}/')[2] or module.file} does not import"


def _of_features(task: FoundTask, contracts: Mapping[str, Collection[str]]) -> Iterator[tuple[SatOut, BrokenModule]]:
    """Yield the labeling functions that read a feature of a module that does not import, and the module."""
    for lf in task.lfs:
        for module in task.broken:
            lacks = [
                name
                for name in lf.reads
                if name in module.words
                and any(name not in (ITEM_ID, CREATED_AT, *columns) for columns in contracts.values())
            ]
            if lacks:
                why = f"it reads {', '.join(lacks)}, which no source has, and a module does not import: "
                why += without_secrets(module.why)
                file, key = task.code[lf.name]["file"], task.keys[lf.name]
                yield SatOut(lf.name, _briefly(task, module), why, "import", file, key), module
                break


def of_faults(plan: Plan, failing: Sequence[Failing], highest: float) -> list[SatOut]:
    """Return the labeling functions that sit out because they failed on too many items.

    Args:
        plan: The plan.
        failing: Them, and what they did.
        highest: The share of the items on which one may fail.
    """
    found = []
    for each in failing:
        said, first = each.said, each.first
        brief = f"failed on {said.faults:,} of {said.items:,} items"
        kind = CLASS.match(first.error) if first else None
        error = kind[0] if kind else ""
        item = f"{first.source}/{first.item_id}" if first else ""
        example = f"; first on {item}: {error or 'a fault'}, at {each.place}" if first else f", at {each.place}"
        why = f"{brief}, and {highest:.1%} may{example}"
        key = plan.task.keys[each.lf]
        file = plan.task.code[each.lf]["file"]
        found.append(SatOut(each.lf, brief, why, "faults", file, key, said.faults, said.items, error, item))
    return found


def of_engine(plan: Plan, stuck: Mapping[str, Problem]) -> list[SatOut]:
    """Return the labeling functions that sit out because they hang, or kill their process."""
    return [
        SatOut(
            lf,
            "hangs or kills its process",
            without_secrets(told.what),
            "engine",
            plan.task.code[lf]["file"],
            plan.task.keys[lf],
        )
        for lf, told in stuck.items()
    ]


def sure_to_fail(  # noqa: PLR0913 - a plan, what is stored of it, and the limit
    plan: Plan, said: Mapping[str, Said], votes: VotesBook, label_sets: LabelSetsBook, objects: Objects, highest: float
) -> list[SatOut]:
    """Return the labeling functions that failed on too many of all items, by the votes that are stored.

    Their votes are computed again by the next relabel, but for those that a label set was made with.

    Args:
        plan: The plan.
        said: What each did, as far as votes are stored.
        votes: What is stored.
        label_sets: What was made.
        objects: Where files are.
        highest: The share of the items on which one may fail.
    """
    sure = {lf: each for lf, each in said.items() if each.faults > highest * plan.items}
    failing = failing_lfs(plan, sure, votes, objects, highest)
    if not failing:
        return []
    used = _used(plan.task.name, label_sets, objects)
    rows = {vote.key: vote.segment.rows for vote in plan.votes}
    found = []
    for each, out in zip(failing, of_faults(plan, failing, highest), strict=True):
        again = set(each.said.keys) - used
        found.append(out.tried_again(again, sum(rows[key] for key in again)))
    return found


def _used(task: str, label_sets: LabelSetsBook, objects: Objects) -> set[str]:
    """Return the keys of all votes that label sets of a task were made with; of a damaged one, none."""
    found: set[str] = set()
    for record in label_sets.records(task):
        try:
            found.update(read_manifest(record, objects)["recorded"].get("vote_keys", ()))
        except RetrolabelError:
            continue
    return found


def without(plan: Plan, skipped: Sequence[SatOut], label_sets: LabelSetsBook) -> Plan:
    """Return a plan without labeling functions that sit out: as if the task had none of them, and it says so.

    Where none would be left all stay in it: a relabel tries them again, or says what is wrong with each.

    Args:
        plan: The plan.
        skipped: Those that sit out.
        label_sets: Whether the label set exists.
    """
    names = {each.name for each in skipped}
    if not skipped or names.issuperset(lf.name for lf in plan.task.lfs):
        return noted(plan, skipped)
    latest = plan.before or (label_sets.record(plan.label_set) if plan.is_latest else None)
    less = replace(
        plan,
        task=plan.task.without(names),
        votes=tuple(vote for vote in plan.votes if vote.lf.name not in names),
        resolutions={lf: votes for lf, votes in plan.resolutions.items() if lf not in names},
        inputs={**plan.inputs, "lfs": [lf for lf in plan.inputs["lfs"] if lf["name"] not in names]},
    )
    is_latest = latest is not None and latest.id == less.label_set
    return noted(
        replace(
            less,
            exists=label_sets.record(less.label_set) is not None,
            is_latest=is_latest,
            before=None if is_latest else latest,
        ),
        skipped,
    )


def noted(plan: Plan, skipped: Sequence[SatOut]) -> Plan:
    """Return a plan that says which labeling functions sit out."""
    notes = [f"sitting out: {told}" for told in told_together((each.name, each.why) for each in skipped)]
    again = [each for each in skipped if each.again]
    if again:
        calls = counted(sum(each.calls for each in again), "call")
        notes.append(f"a relabel tries {named([each.name for each in again])} again where it failed: {calls}")
    return replace(plan, notes=(*plan.notes, *notes), skipped=(*plan.skipped, *skipped))


def check_some_left(task: FoundTask, skipped: Sequence[SatOut]) -> None:
    """Refuse to go on where all labeling functions sit out.

    Raises:
        DiscoveryError: With each module that does not import, and each labeling function that failed.
    """
    if task.lfs or not skipped:
        return
    raise DiscoveryError(
        f"No labeling function of {task.name!r} is left, so no label set was made: {len(skipped)} sit out.",
        problems=_problems(skipped, task.broken),
        remedy=f"mend them; retrolabel lf list {task.name} tries it. The label sets that there are stay as they are",
    )


def _problems(skipped: Iterable[SatOut], broken: Iterable[BrokenModule]) -> list[Problem]:
    """Return why labeling functions sit out, a broken module once."""
    found = [problem for module in broken for problem in module.problems]
    found += [Problem(f"LF {each.name}", each.why) for each in skipped if each.kind != "import"]
    return list(dict.fromkeys(found))


def check_some_vote(plan: Plan, said: Mapping[str, Said]) -> None:
    """Refuse to go on where those that are left vote on nothing.

    Raises:
        LabelingFunctionError: With each that sits out.
    """
    left = [lf.name for lf in plan.task.lfs]
    if not plan.skipped or not plan.items or any(said[lf].votes for lf in left):
        return
    raise LabelingFunctionError(
        f"{named(left)} {'is' if len(left) == 1 else 'are'} all that is left of {plan.task.name!r}, and"
        f" vote{'s' if len(left) == 1 else ''} on no item, so no label set was made.",
        problems=_problems(plan.skipped, plan.task.broken),
        remedy="mend those that sit out; the label sets that there are stay as they are",
    )


def fail_or_skip(  # noqa: PLR0913 - a plan, what came of it, and the limit
    plan: Plan,
    said: Mapping[str, Said],
    *,
    skips: bool,
    votes: VotesBook,
    label_sets: LabelSetsBook,
    objects: Objects,
    highest: float,
) -> Plan:
    """Return the plan without the labeling functions that failed too often.

    Args:
        plan: What was carried out, up to the votes.
        said: What each labeling function did.
        skips: Whether those that failed too often sit out.
        votes: Where faults were kept.
        label_sets: Whether the label set of the others exists.
        objects: Where files are.
        highest: The share of the items on which one may fail.

    Raises:
        FaultRateError: One failed too often, and none may sit out; or all did.
        LabelingFunctionError: Those that are left vote on nothing.
    """
    failing = failing_lfs(plan, said, votes, objects, highest)
    if failing and (not skips or len(failing) == len(plan.task.lfs)):
        error = fault_rate_error(plan.task.name, failing, highest, may_skip=not skips)
        more = _problems([each for each in plan.skipped if each.kind != "faults"], plan.task.broken)
        raise FaultRateError(error.message, problems=[*error.problems, *more], remedy=error.remedy)
    if failing:
        plan = without(plan, of_faults(plan, failing, highest), label_sets)
    check_some_vote(plan, said)
    return plan
