"""What differs between two states of a task's inputs: noun by noun, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.errors import counted
from retrolabel.jobs.label_sets.planning import what_becomes
from retrolabel.jobs.records.key_reasons import reasons
from retrolabel.jobs.records.key_tree import compare_keys
from retrolabel.jobs.records.plan_changes import Difference, ItemChange, LfChange, PlanChanges
from retrolabel.jobs.records.sitting_out import skipped_in
from retrolabel.schema.changes import changes
from retrolabel.schema.steps import Redefine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.plan_changes import Mark
    from retrolabel.jobs.records.plans import Plan, VoteTask
    from retrolabel.schema.history import History

OF_THE_SCHEMA = ("ranks", "without_gold")
"""Settings of a label model that follow from the version."""


def plan_changes(  # noqa: PLR0913 - a plan, what was before, and what the store says of both
    plan: Plan,
    before: LabelSet | None,
    *,
    segments: Collection[str],
    human: Mapping[str, int],
    gold: Sequence[Mapping[str, Any]],
    unread: str = "",
) -> PlanChanges:
    """Return what a relabel would change against the label set that is latest, and why.

    Args:
        plan: What would be done.
        before: The label set that is latest; ``None`` where there is none.
        segments: The ids of all segments that there are.
        human: How the human labels of the task read in the version.
        gold: What the step between the two versions costs the gold of each role.
        unread: Why the one that is latest cannot be read.
    """
    if before is None and unread:
        there = tuple(_lf_change(name, votes, "=", ()) for name, votes in _by_lf(plan).items())
        there += tuple(_out(plan, {}))
        return PlanChanges(None, None, unread, (), (), there, human, gold, plan.estimate)
    if before is None:
        new = tuple(_lf_change(name, votes, "+", ("new",)) for name, votes in _by_lf(plan).items())
        new += tuple(_out(plan, {}))
        arrived = item_changes([], plan.segments, segments, lambda _: 0)
        return PlanChanges(None, None, unread, (), arrived, new, human, gold, plan.estimate)
    made = before.manifest
    then = [(each["source"], each["id"], each.get("live")) for each in made["inputs"]["segments"]]
    return PlanChanges(
        before.id,
        before.record.schema_version,
        "",
        tuple(differences(made["inputs"], plan.inputs, plan.task.history)),
        item_changes(then, plan.segments, segments, lambda segment: before.items_of(segment, ["row"]).num_rows),
        lf_changes(made["inputs"], made["recorded"], plan),
        human,
        gold,
        plan.estimate,
    )


def item_changes(
    then: Sequence[tuple[str, str, str | None]],
    now: Sequence[Segment],
    there: Collection[str],
    live: Callable[[str], int],
) -> tuple[ItemChange, ...]:
    """Return what came to the items, by source; sources to which nothing came are left out.

    Args:
        then: Source, id, and the digest of the live rows, of the segments that were labelled.
        now: The segments that would be labelled.
        there: The ids of all segments that there are: those whose items were all revised, too.
        live: Segment -> how many of its rows were live; asked of those only whose digest is another one.
    """
    here = {segment.id: segment for segment in now}
    labelled = {segment.source for segment in now}
    known = {segment for _, segment, _ in then}
    new: dict[str, int] = {}
    revised: dict[str, int] = {}
    gone: dict[str, int] = {}
    left_out: dict[str, int] = {}
    for segment in now:
        if segment.id not in known:
            new[segment.source] = new.get(segment.source, 0) + segment.live
    for source, segment_id, digest in then:
        still = here.get(segment_id)
        if still is not None and still.live_digest == digest:
            continue
        lost = live(segment_id) - (still.live if still else 0)
        of = gone if segment_id not in there else revised if source in labelled else left_out
        of[source] = of.get(source, 0) + lost
    found = (
        ItemChange(
            source,
            max(0, new.get(source, 0) - revised.get(source, 0)),  # the new content of those lies in a new segment
            revised.get(source, 0),
            gone.get(source, 0),
            left_out.get(source, 0),
        )
        for source in sorted({*new, *revised, *gone, *left_out})
    )
    return tuple(change for change in found if change)


def differences(then: Mapping[str, Any], now: Mapping[str, Any], history: History) -> Iterator[Difference]:
    """Yield what differs of schema, gold, label model, settings and format between what two label sets are made of.

    Args:
        then: The inputs of the one.
        now: The inputs of the other.
        history: The versions of the task.
    """
    before, after = then["schema"], now["schema"]
    yield from _schema(before, after, history)
    model, other = then["label_model"], now["label_model"]
    if model.get("name") != other.get("name"):
        yield Difference("~", "label model", f"{model.get('name')}, now {other.get('name')}")
    else:
        of_the_schema = OF_THE_SCHEMA if before != after else ()
        for name in sorted({*model, *other} - {"numerics", *of_the_schema}):
            if model.get(name) != other.get(name):
                yield Difference("~", "label model", f"{name} {_shown(model.get(name))}, now {_shown(other.get(name))}")
        if model.get("numerics") != other.get("numerics"):
            told = f"{model.get('numerics')}, now {other.get('numerics')}, by an update of retrolabel (CHANGELOG)"
            yield Difference("~", "numerics", told)
    yield from _gold(then.get("gold"), now.get("gold"), None if before == after else after["version"])
    settings, wanted = then.get("labels") or {}, now.get("labels") or {}
    for name in sorted({*settings, *wanted}):
        if settings.get(name) != wanted.get(name):
            told = f"{name} {_shown(settings.get(name))}, now {_shown(wanted.get(name))}"
            yield Difference("~", "settings", told)
    if then.get("format") != now.get("format"):
        yield Difference("~", "format", f"of label sets {then.get('format')}, now {now.get('format')}")


def _schema(before: Mapping[str, Any], after: Mapping[str, Any], history: History) -> Iterator[Difference]:
    if before == after:
        return
    old, new = before["version"], after["version"]
    if old == new:
        told = [label for label in after["labels"] if label not in before["labels"]]
        gone = [label for label in before["labels"] if label not in after["labels"]]
        meant, means = before.get("meaning") or {}, after.get("meaning") or {}
        other = sorted(label for label in {*meant} & {*means} if meant[label] != means[label])
        words = [f"{label} came" for label in told] + [f"{label} is gone" for label in gone]
        words += [f"meaning of {label} changed" for label in other]
        yield Difference("~", "schema", f"{old} was edited: {', '.join(words) or 'its tree, ranks or rules'}")
        return
    yield Difference("~", "schema", f"{old}, now {new}")
    if not any(each.version == old for each in history):
        return
    marks: dict[str, Mark] = {"added": "+", "removed": "-", "split": "-"}
    for change in changes(history.relation(old, new), history[old], history[new]):
        if change.change != "same":
            yield Difference(marks.get(change.change, "~"), "label", f"{change.label} {change.told}")


def _gold(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None, version: str | None) -> Iterator[Difference]:
    if then == now:
        return
    if then is None or now is None:
        told = f"{counted(now['items'], 'item')} fitted" if now else "none is fitted any more"
        yield Difference("+" if now else "-", "gold", told)
    elif then["items"] != now["items"]:
        yield Difference("~", "gold", f"{now['items']:,} items fitted, {then['items']:,} before")
    else:
        how = f"as they read in {version}" if version else "with other labels or weights"
        yield Difference("~", "gold", f"{now['items']:,} items fitted as before, {how}")


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 - half a line


def lf_changes(then: Mapping[str, Any], recorded: Mapping[str, Any], plan: Plan) -> tuple[LfChange, ...]:
    """Return what is done about each labeling function, and why: those that changed first.

    Args:
        then: The inputs of a label set.
        recorded: What was recorded beside them: of each labeling function what its key is made of; and the vote keys.
        plan: What would be done.
    """
    depends = {lf["name"]: lf.get("depends") or {} for lf in recorded.get("lfs", ())}
    before = {lf["name"]: lf for lf in then["lfs"]}
    known = [{**lf, "depends": depends.get(name, {})} for name, lf in before.items()]
    compared = compare_keys(known, plan.task.keys, plan.task.trees)
    meanings = redefined(plan)
    now = {lf["name"]: lf["votes"] for lf in plan.inputs["lfs"]}
    old = {each["id"] for each in then["segments"]}
    voted = set(recorded.get("vote_keys", ()))
    was_out = {each["name"]: each["brief"] for each in skipped_in({"recorded": recorded})}
    found = list(_out(plan, was_out))
    out = {each.name for each in found}
    for name, votes in _by_lf(plan).items():
        if name in out:
            continue
        if name in compared.new:
            came = f"back, sat out before: {was_out[name]}" if name in was_out else "new"
            found.append(_lf_change(name, votes, "+", (came,)))
        elif name in compared.changed:
            why = reasons(compared.changed[name], meanings)
            found.append(_lf_change(name, votes, "~", why, edited=True))
        else:
            was = compared.renamed.get(name, name)
            why = (f"was {was}",) if was != name else ()
            why += tuple(_read_otherwise(name, before[was].get("votes") or {}, now[name], plan))
            mark: Mark = "~" if why else "="
            found.append(_lf_change(name, votes, mark, (*why, *_called_for(votes, old, voted))))
    found += [LfChange(name, "-", 0, 0, ("gone",)) for name in compared.gone if name not in out]
    return tuple(sorted(found, key=lambda lf: ("+~-!=".index(lf.mark), lf.name)))


def _out(plan: Plan, was_out: Collection[str]) -> Iterator[LfChange]:
    """Yield the labeling functions that sit out; those that did so before are told as well."""
    for each in plan.skipped:
        still = each.name in was_out
        yield LfChange(
            each.name, "!", 0, 0, (f"sitting out{', as before' if still else ''}: {each.brief}",), still=still
        )


def redefined(plan: Plan) -> dict[str, str]:
    """Return label -> how its meaning changed, for those that one step on the way to the version redefines."""
    found: dict[str, set[str]] = {}
    for version in plan.schema.lineage():
        for parent in version.parents:
            for step in version.steps_since(parent):
                if isinstance(step, Redefine):
                    found.setdefault(step.label, set()).add(step.direction)
    return {label: next(iter(ways)) for label, ways in found.items() if len(ways) == 1}


def _read_otherwise(name: str, then: Mapping[str, Any], now: Mapping[str, Any], plan: Plan) -> Iterator[str]:
    """Yield what becomes of votes that read otherwise than they did, though their key is the same."""
    for text, found in plan.resolutions[name].items():
        if then.get(text) != now.get(text):
            yield what_becomes(text, found, plan.schema) or f"votes carried to {plan.schema.version}, as what they were"


def _called_for(votes: Sequence[VoteTask], old: Collection[str], voted: Collection[str]) -> Iterator[str]:
    """Yield for what a labeling function is called whose key is as it was."""
    waiting = [vote for vote in votes if vote.stored is None]
    if any(vote.segment.id not in old for vote in waiting):
        yield "for new content of items"
    for vote in waiting:
        if vote.segment.id in old:
            yield (
                "its votes are not stored any more"
                if vote.key in voted
                else "it reads the whole row, which has other columns"
            )
            return


def _by_lf(plan: Plan) -> dict[str, list[VoteTask]]:
    found: dict[str, list[VoteTask]] = {lf.name: [] for lf in plan.task.lfs}
    for vote in plan.votes:
        found[vote.lf.name].append(vote)
    return found


def _lf_change(
    name: str, votes: Sequence[VoteTask], mark: Mark, why: tuple[str, ...], *, edited: bool = False
) -> LfChange:
    compute = sum(vote.segment.rows for vote in votes if vote.stored is None)
    reuse = sum(vote.segment.rows for vote in votes if vote.stored is not None)
    return LfChange(name, mark, compute, reuse, why, edited)
