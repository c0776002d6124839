"""Which labeling functions voted on one item: as they wrote it, as it reads, what it moved, and their source then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.why.values import (
    COUNTED,
    EDITED,
    GONE,
    MOVED,
    NOT_KNOWN,
    SAME,
    SAYS_NOTHING,
    SUSPECT,
    FaultOnIt,
    LfSource,
    Mark,
    Voted,
    Votes,
)
from retrolabel.errors import RetrolabelError
from retrolabel.jobs.label_sets.carrying import read_as_then
from retrolabel.jobs.label_sets.explaining import explained, stored_model
from retrolabel.jobs.label_sets.steps_taken import steps_taken
from retrolabel.jobs.label_sets.words import words_found
from retrolabel.jobs.records.key_tree import KeyChange, compare_flat
from retrolabel.jobs.records.votes import FAULT
from retrolabel.jobs.votes.reading import read_columns
from retrolabel.label_models.auto import FittedAuto
from retrolabel.label_models.fitted import PRIOR, SILENCE
from retrolabel.label_models.fitted import FittedLabelModel as Fitted
from retrolabel.masking import without_secrets
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.jobs.label_sets.explaining import Explanation
    from retrolabel.jobs.label_sets.finding_items import HeldItem
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.label_models.protocol import FittedLabelModel
    from retrolabel.schema.history import History

    Entry = Mapping[str, Any]
    """What a manifest has of a labeling function."""

SHOWN_CHANGES = 8


@dataclass(frozen=True, eq=False)
class Reading:
    """What the votes on one item are read with.

    Attributes:
        label_set: The label set.
        item: The item.
        segment: Its segment; ``None`` where it is gone.
        values: What the item says, by column.
        contract: The columns of its source.
        history: The task's versions; ``None`` where the project cannot be read.
        task: What the project holds; ``None`` where it cannot be read.
        votes: What is stored of votes.
    """

    label_set: LabelSet
    item: HeldItem
    segment: Segment | None
    values: Mapping[str, Any]
    contract: Collection[str]
    history: History | None
    task: FoundTask | None
    votes: VotesBook


def votes_on(reading: Reading) -> Votes:
    """Return which labeling functions voted on an item, and which did not.

    Args:
        reading: What is read.
    """
    label_set, manifest = reading.label_set, reading.label_set.manifest
    explanation, fitted, notes = _explained(reading)
    cast, keys = _cast(reading)
    row = reading.item.pattern_in(label_set).to_pylist()[0]
    used = {lf: row[f"v_{lf}"] for lf in label_set.voters}
    recorded = {lf["name"]: lf for lf in manifest["recorded"].get("lfs", ())}
    if cast is None:
        notes = (*notes, "the stored votes are gone, so votes that are suspect and faults cannot be told")
    spoke = [lf for lf in label_set.voters if used[lf] is not None or (cast or {}).get(lf) not in (None, FAULT)]
    voted = [
        _voted(reading, recorded.get(lf, {"name": lf}), used[lf], (cast or {}).get(lf), explanation, fitted)
        for lf in spoke
    ]
    model = str(manifest["inputs"]["label_model"]["name"])
    failed = [lf for lf in label_set.voters if (cast or {}).get(lf) == FAULT]
    nats = _nats(explanation)
    return Votes(
        tuple(sorted(voted, key=lambda each: -_moved(each.nats))),
        len(label_set.voters) - len(voted) - len(failed),
        len(label_set.voters),
        _faults(reading, failed, keys),
        {each["name"]: str(each.get("why", "")) for each in manifest["recorded"].get("skipped", ())},
        nats.get(PRIOR),
        nats.get(SILENCE),
        model,
        model != "majority_vote",
        notes,
    )


def _explained(reading: Reading) -> tuple[Explanation | None, FittedLabelModel | None, tuple[str, ...]]:
    """Return what the label model says of each vote; why not, where it cannot be asked again."""
    item, label_set = reading.item, reading.label_set
    said = {"item_id": item.item_id, **item.said}
    try:
        fitted = stored_model(label_set)
        return explained(label_set, fitted, item.source, said, item.pattern_in(label_set)), fitted, ()
    except RetrolabelError as error:
        return None, None, (f"what each vote moved is not known: {error.message}",)


def _nats(explanation: Explanation | None) -> dict[str, dict[str, float]]:
    """Return term -> label -> nats."""
    if explanation is None:
        return {}
    terms = explanation.terms
    rows = terms.to_dict("records")
    return {
        str(term): {str(label): float(value) for label, value in row.items()}
        for (term, _), row in zip(terms.index.tolist(), rows, strict=True)
    }


def _moved(nats: Mapping[str, float] | None) -> float:
    return max(nats.values()) - min(nats.values()) if nats else 0.0


def _cast(reading: Reading) -> tuple[dict[str, str | None] | None, dict[str, str]]:
    """Return LF -> its vote on the item as it was written, and LF -> key of its votes on the segment.

    The first is ``None`` where stored votes are gone.
    """
    columns = _columns(reading)
    try:
        tables = read_columns(columns.values(), reading.label_set.objects)
    except RetrolabelError:
        return None, {}
    keys = {lf: column.key for lf, column in columns.items()}
    if len(columns) < len(reading.label_set.voters):
        return None, keys
    row = reading.item.row
    return {lf: tables[each.path].column(each.column)[row].as_py() for lf, each in columns.items()}, keys


def _columns(reading: Reading) -> dict[str, VoteColumn]:
    """Return LF -> where its votes on the item's segment are stored: under the key that they were computed with."""
    manifest, segment = reading.label_set.manifest, reading.segment
    if segment is None:
        return {}
    known = set(manifest["recorded"].get("vote_keys", ()))
    asked: dict[str, str] = {}
    for lf in manifest["recorded"].get("lfs", ()):
        for names in (list(lf["reads"]), sorted({*segment.columns, *reading.contract}), sorted(segment.columns)):
            read = [[name, segment.columns.get(name, f"missing on {segment.rows} rows")] for name in names]
            key = digest([lf["key"], segment.rows if not read else None, read])
            if key in known:
                asked[lf["name"]] = key
                break
    found = reading.votes.columns(list(asked.values()))
    return {lf: found[key] for lf, key in asked.items() if key in found}


def _faults(reading: Reading, failed: Sequence[str], keys: Mapping[str, str]) -> tuple[FaultOnIt, ...]:
    """Return what failed on the item, with what was kept of it."""
    item = reading.item
    kept = {
        fault.key: fault.error
        for fault in (reading.votes.faults([keys[lf] for lf in failed]) if failed else ())
        if (fault.source, fault.item_id) == (item.source, item.item_id)
    }
    return tuple(FaultOnIt(lf, kept.get(keys[lf])) for lf in failed)


def _voted(  # noqa: PLR0913 - a vote, and what is known of it
    reading: Reading,
    lf: Entry,
    used: str | None,
    cast: str | None,
    explanation: Explanation | None,
    fitted: FittedLabelModel | None,
) -> Voted:
    """Return one vote with all that is known of it."""
    label_set, name = reading.label_set, str(lf["name"])
    entry = next(each for each in label_set.manifest["inputs"]["lfs"] if each["name"] == name)
    wrote = cast if cast is not None else _only_vote_for(entry, used)
    made_under, carried_by, leaves, state = _carried(reading, entry, wrote, used)
    nats, without = None, None
    if explanation is not None and used is not None:
        nats = _nats(explanation)[name]
        without = {str(k): float(v) for k, v in explanation.without.loc[name].to_dict().items()}
    precision, weight = _learned(fitted, name, used, label_set.labels)
    marks = tuple(Mark(*span) for span in words_found(reading.task, entry["key"], reading.values))
    about = str(lf.get("description") or "")
    reads = tuple(lf.get("reads", ()))
    source = _source(reading, lf, entry["key"])
    return Voted(
        name,
        about,
        wrote,
        leaves,
        state,
        made_under,
        carried_by,
        nats,
        without,
        precision,
        weight,
        reads,
        marks,
        source,
    )


def _only_vote_for(entry: Entry, used: str | None) -> str | None:
    """Return the stored form of the vote, where only one reads as the label set has it."""
    wanted = frozenset((used or "").split("|"))
    texts = [text for text, ids in entry["votes"].items() if frozenset(ids) == wanted]
    return texts[0] if len(texts) == 1 else None


def _carried(
    reading: Reading, entry: Entry, wrote: str | None, used: str | None
) -> tuple[str | None, tuple[str, ...], tuple[str, ...], str]:
    """Return the version a vote was read in, the steps from there, what it leaves, and whether it counts."""
    label_set = reading.label_set
    own, labels = label_set.record.schema_version, label_set.labels
    state = COUNTED
    leaves = tuple(label for label in labels if label in (used or "").split("|"))
    if used is None:
        parts = [
            entry["votes"].get(each) for each in ([wrote] if wrote in entry["votes"] else (wrote or "").split("|"))
        ]
        known = None if None in parts else frozenset(each for part in parts for each in part or ())
        state = SAYS_NOTHING if known == frozenset(labels) else SUSPECT
        leaves = labels if known == frozenset(labels) else ()
    if reading.history is None or wrote is None:
        return None, (), leaves, state
    try:
        found = read_as_then(reading.history, own, wrote, frozenset(leaves) if state != SUSPECT else None)
    except RetrolabelError:  # the version is gone
        found = None
    if found is None or found[1].home == own:
        return None, (), leaves, state
    vote, here = found
    names = [label.id for label in vote.labels]
    return here.home, steps_taken(reading.history, here.home, own, names), leaves, state


def _learned(
    fitted: FittedLabelModel | None, lf: str, used: str | None, labels: Sequence[str]
) -> tuple[float | None, float | None]:
    """Return how often such a vote is right as the label model learned it, and how much the function counts."""
    model = fitted.model if isinstance(fitted, FittedAuto) else fitted
    if not isinstance(model, Fitted) or used is None:
        return None, None
    symbol = tuple(sorted(labels.index(each) for each in used.split("|")))
    precision = model.precisions.get((lf, symbol))
    weight = float(np.asarray(model.weights)[model.voters.index(lf)]) if lf in model.voters else None
    return None if precision is None else float(precision), weight


def _source(reading: Reading, lf: Entry, key: str) -> LfSource:
    """Return the source of a labeling function as it was, and whether it is the same today."""
    text = lf.get("source") or None
    line = int(lf["line"]) if str(lf.get("line") or "").isdecimal() else None
    where = (text, lf.get("file"), line, key)
    task = reading.task
    if task is None:
        return LfSource(*where, NOT_KNOWN)
    name = str(lf["name"])
    if task.keys.get(name) == key:
        now = without_secrets(str(task.code[name].get("source", "")))
        return LfSource(*where, SAME, now=now if text and now != text else None)
    renamed = next((each for each, other in task.keys.items() if other == key), None)
    if renamed is not None:
        return LfSource(*where, MOVED, now_called=renamed)
    if name not in task.keys:
        return LfSource(*where, GONE)
    flat = task.trees[name].flat() if name in task.trees else {}
    changes = _told(compare_flat(lf.get("depends") or {}, flat))
    return LfSource(*where, EDITED, now=without_secrets(str(task.code[name].get("source", ""))), changes=changes)


def _told(change: KeyChange) -> tuple[str, ...]:
    """Return what of a key differs, as people say it."""
    told = [f"{path} is new" for path in change.added]
    told += [f"{path} is gone" for path in change.removed]
    told += [f"{path}: {before} -> {now}" for path, (before, now) in change.changed.items()]
    more = len(told) - SHOWN_CHANGES
    return (*told[:SHOWN_CHANGES], *([f"and {more} more"] if more > 0 else []))
