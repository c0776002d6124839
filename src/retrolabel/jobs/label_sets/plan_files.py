"""A plan as a file: what a relabel will make, and of what, so that it makes exactly that or refuses.

It holds ids, names, counts and hashes: no text of an item, no source code, no value that a labeling function knows.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from retrolabel.errors import PlanError, PlanMovedError, Problem, counted
from retrolabel.jobs.label_sets.changes import differences, item_changes, redefined
from retrolabel.jobs.records.key_reasons import reasons
from retrolabel.jobs.records.key_tree import SEPARATOR, compare_flat
from retrolabel.jobs.records.manifests import Manifest
from retrolabel.schema.fingerprints import digest
from retrolabel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.sitting_out import OnFault

KIND = "a plan of retrolabel"
FORMAT = 1
"""Raised when a plan's file changes its form."""
SHOWN = ("python", "package ")
"""What a key depends on whose value is written as it is: versions of libraries. Of all else there is a hash."""
AGAIN = "make the plan anew, look at it, and run that: retrolabel plan {task} -o FILE"
MANY = 3
SHORT = 12
KEYED = re.compile(r"\[(['\"]).*\1\]", re.DOTALL)
"""A text as the key of a dict, in what a key is made of."""


def plan_as_file(  # noqa: PLR0913 - a plan, and what was asked
    plan: Plan, *, store: str, to: str | None, label_model: str | None, on_fault: OnFault, at: datetime
) -> dict[str, Any]:
    """Return a plan as the data of its file.

    Args:
        plan: The plan.
        store: What tells the store from others.
        to: The version that was asked for; ``None`` for the newest.
        label_model: The name of the label model that was asked for; ``None`` for the settings'.
        on_fault: Whether labeling functions that are broken sit out.
        at: The time.
    """
    content = {
        "kind": KIND,
        "format": FORMAT,
        "retrolabel": __version__,
        "made_at": at.isoformat(),
        "task": plan.task.name,
        "store": store,
        "version": plan.schema.version,
        "asked": {"to": to, "label_model": label_model, "on_fault": on_fault},
        "label_set": plan.label_set,
        "latest": plan.latest,
        "calls": {"compute": plan.calls, "reuse": plan.reused},
        "inputs": dict(plan.inputs),
        "live": {segment.id: segment.live for segment in plan.segments},
        "skipped": [{"name": each.name, "brief": each.brief} for each in plan.skipped],
        "depends": {name: _hidden(tree.flat()) for name, tree in plan.task.trees.items()},
    }
    return {**content, "sha256": digest(content)}


def read_plan(content: bytes, name: str) -> dict[str, Any]:
    """Return what a plan's file says.

    Args:
        content: Its bytes.
        name: Its name, for people.

    Raises:
        PlanError: It is no plan, of a newer retrolabel, or not as it was written.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise PlanError(f"{name} is no plan of retrolabel.", remedy="retrolabel plan TASK -o FILE writes one")
    if found.get("format") != FORMAT:
        raise PlanError(
            f"{name} is a plan in the format {found.get('format')!r}, and this retrolabel reads {FORMAT}.",
            remedy=f"it was written by retrolabel {found.get('retrolabel')}; make the plan anew with this one",
        )
    rest = {key: value for key, value in found.items() if key != "sha256"}
    if found.get("sha256") != digest(rest) or Manifest(rest["inputs"], {}).id != rest["label_set"]:
        raise PlanError(
            f"{name} is not as it was written: it is damaged, or was edited.",
            remedy="make the plan anew; what a plan does is changed by the options of retrolabel plan",
        )
    return rest


def check_belongs(file: Mapping[str, Any], task: str, store: str, name: str) -> None:
    """Refuse a plan of another task or store.

    Raises:
        PlanError: It is one.
    """
    if file["task"] != task:
        raise PlanError(f"{name} is a plan of {file['task']}, not of {task}.", remedy=AGAIN.format(task=task))
    if file["store"] != store:
        raise PlanError(
            f"{name} was made for another store: the first feedback of this one is not that of its.",
            remedy=f"name its store with --store; or {AGAIN.format(task=task)}",
        )


def check_still(file: Mapping[str, Any], plan: Plan, segments: Collection[str], name: str) -> None:
    """Refuse a plan that would make something else now than it says; all that moved is told.

    Args:
        file: What the plan's file says.
        plan: What would be done now.
        segments: The ids of all segments that there are.
        name: The file's name.

    Raises:
        PlanMovedError: Something that the label set is made of is not as it was.
    """
    moved = list(_moved(file, plan, segments))
    if not moved and plan.label_set != file["label_set"]:
        moved = [Problem("inputs", f"they make label set {plan.label_set[:12]} now")]
    if moved:
        made = file["label_set"][:12]
        raise PlanMovedError(
            f"{name} says that label set {made} is made, and what it is made of moved since.",
            problems=moved,
            remedy=AGAIN.format(task=plan.task.name),
        )


def check_made(plan: Plan, label_set: str) -> None:
    """Refuse to make another label set than a plan's file says, since labeling functions sit out that it counts on.

    Args:
        plan: What is to be made, without those that sit out.
        label_set: The id that the file says.

    Raises:
        PlanMovedError: It is another one.
    """
    if plan.label_set != label_set:
        raise PlanMovedError(
            f"The plan says that label set {label_set[:SHORT]} is made, and labeling functions of it sit out.",
            problems=[Problem(f"LF {each.name}", each.why) for each in plan.skipped],
            remedy=f"mend them; or {AGAIN.format(task=plan.task.name)}. The votes of the others are kept",
        )


def _moved(file: Mapping[str, Any], plan: Plan, segments: Collection[str]) -> Iterator[Problem]:
    then, heads = file["inputs"], [head.version for head in plan.task.history.heads]
    if file["asked"]["to"] is None and plan.schema.version not in heads:
        told = f"the newest version is {' and '.join(heads)}, and the plan was made for the newest"
        yield Problem("schema", f"{told}, {plan.schema.version} then", "--to asks for an older one")
    for each in differences(then, plan.inputs, plan.task.history):
        yield Problem(each.what, each.told)
    before = [(segment["source"], segment["id"], segment["live"]) for segment in then["segments"]]
    for change in item_changes(before, plan.segments, segments, lambda segment: int(file["live"][segment])):
        counts = {"new": change.new, "revised": change.revised, "erased": change.gone, "left out": change.left_out}
        told = ", ".join(f"{counted(count, 'item')} {how}" for how, count in counts.items() if count)
        yield Problem(f"source {change.source}", told)
    yield from _moved_lfs(file, plan)
    if plan.latest not in (file["latest"], file["label_set"]):  # where it is that one, the plan was carried out
        was, now = (each[:12] if each else "none" for each in (file["latest"], plan.latest))
        yield Problem("latest", f"was {was}, and is {now}")


def _moved_lfs(file: Mapping[str, Any], plan: Plan) -> Iterator[Problem]:
    """Yield what is another one of the labeling functions: those of which the same is to be said together."""
    then = {lf["name"]: lf for lf in file["inputs"]["lfs"]}
    now = {lf["name"]: lf for lf in plan.inputs["lfs"]}
    out = {each.name: each.brief for each in plan.skipped}
    was_out = {each["name"]: each["brief"] for each in file.get("skipped", ())}
    meanings = redefined(plan)
    told: dict[str, list[str]] = {}
    for name in sorted({*then, *now}):
        if name not in then:
            told.setdefault(f"votes again; it sat out: {was_out[name]}" if name in was_out else "new", []).append(name)
        elif name not in now:
            told.setdefault(f"sitting out: {out[name]}" if name in out else "gone", []).append(name)
        elif then[name]["key"] != now[name]["key"]:
            tree = _hidden(plan.task.trees[name].flat())
            why = "; ".join(reasons(compare_flat(file["depends"].get(name, {}), tree), meanings))
            told.setdefault(why, []).append(name)
        elif then[name]["votes"] != now[name]["votes"]:
            told.setdefault("its votes read otherwise", []).append(name)
    for why, names in told.items():
        more = f" and {len(names) - MANY:,} more" if len(names) > MANY else ""
        yield Problem(f"LF{'s' if len(names) > 1 else ''} {', '.join(names[:MANY])}{more}", why)


def _hidden(flat: Mapping[str, str]) -> dict[str, str]:
    """Return what a key is made of, hashes in the place of what may be a text: of values, and of keys of a dict."""
    return {
        KEYED.sub(lambda found: f"[{_hash(found[0])}]", path): value
        if not value or value.startswith("#") or path.rpartition(SEPARATOR)[2].startswith(SHOWN)
        else _hash(value)
        for path, value in flat.items()
    }


def _hash(text: str) -> str:
    return "#" + hashlib.sha256(text.encode()).hexdigest()[:32]
