"""Take human labels in: all of a file, or nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem, counted, nearest
from retrolabel.gold.adjudication import ROLES, SAMPLINGS, HumanLabel, adjudicate, standing
from retrolabel.jobs.feedback.quarantine import GOLD, quarantine
from retrolabel.jobs.gold.batches import checked, drawn_with, one_of, remembered, waiting
from retrolabel.jobs.gold.copies_of_test import remember_test_copies
from retrolabel.jobs.gold.draws import drawn_before, probability_of, role_of, why_not_random
from retrolabel.jobs.gold.meanings import SHOWN, OutsideValue, all_at_once, labels_of, values_outside
from retrolabel.jobs.gold.own_labels import same_as_a_label_set
from retrolabel.jobs.gold.superseding import Superseding, superseding
from retrolabel.jobs.records.gold import Batch
from retrolabel.labeling.folding import fold
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Key
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

MOST_STRANGE = 0.1
"""The share of rows on unknown items above which a file of gold is refused."""
LIMIT = f"without it, up to {MOST_STRANGE:.0%} of a file are"
UNNAMED = "unnamed"


@dataclass(frozen=True)
class GoldReport:
    """What an import of human labels did.

    Attributes:
        task: The task.
        rows: Rows of the file.
        added: Labels that are new.
        known: Labels that the store had already.
        unlabelled: Rows without a label, which say that the person gave none; cells, where each person has a column.
        roles: Role -> number of labels in the file.
        ties: Items of the task that are excluded because people were tied.
        quarantined: Rows put aside: the source does not have their item, the value is no label, or the time
            cannot be kept.
        quarantine: Where they are, if there are any.
        outside: The values that are no labels, most frequent first, with how many rows were put aside for each.
        superseded: Whose earlier answers do not count any more, and whose answers of the file are too old to count.
        outside_time: Rows put aside because their time cannot be kept.
        unknown_items: Rows put aside because the source does not have their item.
        notes: What was assumed of the file.
        design: What the draw of its items is taken for: ``random``, ``stratified`` or ``other``.
        not_random: Why it is not taken for the random sample that it was said to be.
        drawn_before: Items that keep the draw that they came from first.
        batch: The number of the draw that the file was written for.
        waiting: The items of that draw that nobody has labelled yet.
        schema_version: The version that the labels are of.
        source: The source of the items.
        near_test: Dev items, of this file or before, that are near copies of test items and stay out of dev.
        revised: Items of it whose text changed since people were shown it: these labels are suspect.
        read_as: What the file was recognised as, where it is of a labelling tool.
        left_out: What of such a file is no answer that counts -> how often.
        several: Answers put aside, since they choose several labels.
        matched_by: The columns by which rows without ids were matched to items.
        unmatched: Rows put aside, since no item has their text.
        ambiguous: Rows put aside, since several items have their text.
        put_aside: What is wrong with the first rows of those three kinds.
    """

    task: str
    rows: int
    added: int
    known: int
    unlabelled: int
    roles: Mapping[str, int]
    ties: int
    quarantined: int = 0
    quarantine: str | None = None
    outside: tuple[OutsideValue, ...] = ()
    superseded: tuple[Superseding, ...] = ()
    outside_time: int = 0
    notes: tuple[str, ...] = ()
    unknown_items: int = 0
    design: str = "other"
    not_random: str | None = None
    drawn_before: int = 0
    batch: int | None = None
    waiting: tuple[str, ...] = ()
    schema_version: str = ""
    source: str = ""
    near_test: int = 0
    revised: int = 0
    read_as: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    several: int = 0
    matched_by: tuple[str, ...] = ()
    unmatched: int = 0
    ambiguous: int = 0
    put_aside: tuple[Problem, ...] = ()


def import_gold(  # noqa: PLR0913 - a use case with its options
    rows: Sequence[GoldRow],
    *,
    file: str,
    task: str,
    source: str,
    schema: LabelSchema,
    history: History,
    how: Adjudication,
    map_label: Mapping[str, str],
    role: str | None,
    map_role: Mapping[str, str],
    sampling: str | None = None,
    sampling_is_right: bool = False,
    batch: BatchOfItems | None = None,
    skip_unknown: bool = False,
    notes: Sequence[str] = (),
    aside: Sequence[Problem] = (),
    label_sets: Sequence[LabelSet] = (),
    gold: GoldBook,
    feedback: FeedbackBook,
    objects: Objects,
    at: datetime,
    within: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> GoldReport:
    """Append human labels.

    A fault of the file refuses all of it. Rows on items that the source does not have (which may be in
    its own quarantine), and rows whose value is no label of the version, are put aside and said. Where more
    than a tenth of the rows are on such items, or half of the values are no labels, the file is taken to be
    another one than was meant: that is a fault. Once a value is mapped, the same file adds the rows that it holds.

    Args:
        rows: The file's rows.
        file: Its name, for messages.
        task: The task.
        source: The source of the items.
        schema: The version that the people labelled under.
        history: All versions: another one may know a value.
        how: How people who differ are adjudicated.
        map_label: Stored value -> label id (or "" for: this is no label).
        role: The role of all rows, unless they bring their own.
        map_role: The file's role -> ours.
        sampling: How the items were chosen: ``random``, ``stratified`` or ``other``. What cannot be a random sample
            is taken as ``other``, and said. If left out, that of the batch, or ``other``.
        sampling_is_right: Whether a random sample is one, whatever speaks against it.
        batch: The draw that the file was written for: what comes back is checked against it.
        skip_unknown: Whether rows on items that the source lacks are put aside, however many they are.
        notes: What was assumed when the file was read; passed on.
        aside: Rows of the file that are not among ``rows``: they are put aside with the others.
        label_sets: The newest label sets of the task, newest first: what was known of the items before, and what may
            have been exported (labels of nobody and no time that are all equal to theirs are noted).
        gold: Where the labels go.
        feedback: What items there are.
        objects: Where rows that are put aside go.
        at: Now.
        within: What the labels are appended in: what others are told of it becomes real together with them.

    Raises:
        GoldError: With every fault of the file: mostly unknown labels, with their counts and the
            nearest label, roles, mostly items that do not exist, items that are in dev and test at
            once; or the task is ``multilabel``.
    """
    if schema.scale == "multilabel":
        raise GoldError(
            f"{schema} is multilabel: an item has several labels, and gold of that kind cannot be kept yet.",
            remedy="relation.project_presence reads such labels in another version, in memory",
        )
    problems: list[Problem] = []
    if batch is not None:
        rows, problems = checked(rows, batch, role=role, sampling=sampling)
    sampling = sampling or (batch.batch.design if batch is not None else "other")
    if sampling != "stratified" and any(row.probability for row in rows):
        problems.append(
            Problem(
                "--probability", "says with which probability items were drawn", "--sampling stratified is its design"
            )
        )
    if sampling not in SAMPLINGS:
        problems.append(Problem("--sampling", f"{sampling!r} is none of {', '.join(SAMPLINGS)}", _sampling(sampling)))
    labels, outside = labels_of(rows, schema, list(reversed(list(history))), map_label, problems)
    roles = _roles(rows, role, map_role, problems)
    revisions = feedback.revisions(source, sorted({row.item_id for row in rows if row.item_id}))
    sources = list(feedback.sources())
    _check_source(source, sources, problems)
    most = 1.0 if skip_unknown or source not in sources else MOST_STRANGE
    lines_once = list({row.line: row for row in reversed(rows)}.values())[::-1]
    lost = _strange_items(lines_once, source, revisions, most, problems)
    strange = [Problem(row.place, f"the source {source} has no item {row.item_id!r}") for row in lost]
    untimely = _untimely(rows, {row.line for row in lost}, lines_once, problems)
    strange += [Problem(row.place, str(row.wrong_time)) for row in untimely]
    lines = {row.line for row in (*lost, *untimely)}
    no_labels = [
        (row.place, found)
        for row in rows
        if row.line not in lines  # a row is put aside once
        and row.label is not None
        and (found := outside.get(map_label.get(row.label, row.label)))
    ]
    strange += [Problem(place, f"{found.value!r} {found.why}", found.remedy) for place, found in no_labels] + [*aside]
    put_aside = Counter(found.value for _, found in no_labels)
    stored = gold.human_labels(task)
    drawn = {row.item_id for row in rows if row.item_id in revisions and not row.wrong_time}
    taken_for_right = sampling != "random" or sampling_is_right or problems or batch is not None
    why = None if taken_for_right else why_not_random(drawn, source, stored, label_sets[:1], gold.draws(task))
    design = "other" if why else sampling
    batches, before = remembered(task, gold), drawn_before(stored)
    population = sum(segment.live for segment in feedback.segments([source])) if source in sources else 0
    share = min(1.0, len(drawn) / population) if population else None
    draws = _Draws(design, share, batch, before, batches)
    said = [
        (
            row,
            HumanLabel(
                source,
                row.item_id,
                row.annotator or UNNAMED,
                label,
                schema.version,
                chosen,
                draws.shown.get(row.item_id, revisions[row.item_id]),
                design,
                row.labelled_at,
                *draws.of(source, row),
            ),
        )
        for row, label, chosen in zip(rows, labels, roles, strict=True)
        if label and chosen and row.item_id in revisions and not row.wrong_time
    ]
    problems += [*_nuls(rows), *([] if problems else _mixed_roles(stored, [label for _, label in said], batches))]
    if problems:
        problems += [each for each in values_outside(outside) if each not in problems]
        raise GoldError(
            f"{file}: these human labels cannot be taken in; nothing was stored.",
            problems=problems,
            remedy=all_at_once(outside.values()),
        )
    extra = [
        {"rationale": row.rationale, "labelled_at": row.labelled_at, "imported_at": at, "seconds": row.seconds}
        for row, _ in said
    ]
    where_aside = _put_aside(task, strange, objects)
    of_roles = role_of(label.role for _, label in said)
    draw = Batch(task, source, of_roles, design, sampling, len(drawn), population, at)
    with within():
        added = gold.add(task, [label for _, label in said], extra, draw)
    new = {(label.source, label.item_id) for _, label in said}
    near = remember_test_copies(task, new if added else (), gold=gold, feedback=feedback, objects=objects)
    after = gold.human_labels(task)
    adjudicated = adjudicate(after, twins=history.twins, how=how)
    return GoldReport(
        task,
        len(lines_once),
        added,
        len(said) - added,
        labels.count(None) - sum(found.rows for found in outside.values()),
        dict(Counter(label.role for _, label in said)),
        len(adjudicated.tied),
        len(strange),
        where_aside,
        tuple(replace(outside[value], rows=count) for value, count in put_aside.most_common()),
        superseding(stored, after[len(stored) :], history.twins, _known(after[len(stored) :], said)),
        len(untimely),
        (
            *notes,
            *adjudicated.notes,
            *_alike_people(stored, [label for _, label in said]),
            *(_own_labels([label for _, label in said], rows, label_sets) if added else ()),
        ),
        len(lost),
        design,
        why,
        len({label.item_id for _, label in said if (source, label.item_id) in before}),
        batch.number if batch else None,
        one_of(remembered(task, gold), batch.number, task).waiting if batch else (),
        schema.version,
        source,
        len(near),
        len({label.item_id for _, label in said if label.revision != revisions[label.item_id]}),
    )


class _Draws:
    """Says which draw an item of a file is of, and with which probability it was drawn."""

    def __init__(
        self,
        design: str,
        share: float | None,
        batch: BatchOfItems | None,
        before: Mapping[Key, tuple[int | None, float]],
        batches: Sequence[BatchOfItems],
    ) -> None:
        self._design, self._share = design, share
        self._number = batch.number if batch else None
        drawn = {key: (number, item.inclusion) for key, (number, item) in drawn_with(batches).items()}
        self._known: dict[Key, tuple[int | None, float | None]] = {**drawn, **before}
        self.shown = {item.item_id: item.revision for item in batch.items} if batch else {}

    def of(self, source: str, row: GoldRow) -> tuple[int | None, float | None]:
        """Return the number of the batch, and the probability: the first draw of an item counts."""
        chance = None if self._number is not None else probability_of(self._design, row.probability, self._share)
        return self._known.get((source, str(row.item_id)), (self._number, chance))


def _put_aside(task: str, strange: Sequence[Problem], objects: Objects) -> str | None:
    """Keep what is wrong with rows that do not go in; return where it is."""
    if not strange:
        return None
    name = f"{GOLD}{task}/{digest([str(problem) for problem in strange])[:16]}"
    return objects.locate(quarantine(name, strange, objects))


def _nuls(rows: Sequence[GoldRow]) -> list[Problem]:
    """Return the rows whose words hold a NUL, which not every catalog can keep."""
    found = [row.place for row in rows if "\0" in (row.rationale or "") + (row.annotator or "")]
    what = "holds a NUL character in the reason or in the person's name"
    more = [Problem("and", f"{len(found) - SHOWN:,} more")] if len(found) > SHOWN else []
    return [Problem(place, what, "take it out") for place in found[:SHOWN]] + more


def _untimely(
    rows: Sequence[GoldRow], lost: Collection[int], lines_once: Sequence[GoldRow], problems: list[Problem]
) -> list[GoldRow]:
    """Return the rows whose time cannot be kept; where no row has one that can, that is a fault of the file."""
    found = [row for row in lines_once if row.wrong_time and row.line not in lost]
    if found and not any(row.labelled_at for row in rows):
        problems += [Problem(row.place, str(row.wrong_time)) for row in found[:SHOWN]]
    return found


def _known(new: Sequence[HumanLabel], said: Sequence[tuple[GoldRow, HumanLabel]]) -> list[HumanLabel]:
    """Return the answers of a file that the store knew already."""
    fresh = {(label, label.labelled_at) for label in new}
    return [label for _, label in said if (label, label.labelled_at) not in fresh]


def _alike_people(stored: Sequence[HumanLabel], new: Sequence[HumanLabel]) -> list[str]:
    """Return a note where people's names differ only in case, white space or how their letters are coded."""
    spelled: dict[str, dict[str, None]] = {}
    for label in [*stored, *new]:
        spelled.setdefault(fold(label.annotator).strip().casefold(), {})[label.annotator] = None
    mine = {label.annotator for label in new}
    several = [list(names) for names in spelled.values() if len(names) > 1 and mine.intersection(names)]
    told = "; ".join(", ".join(map(repr, names)) for names in several[:SHOWN]) + ("; ..." if several[SHOWN:] else "")
    what = "names that differ only in case or white space count as different people"
    return [f"{what}: {told}; if one person is meant, write the name one way"] if several else []


def _own_labels(said: Sequence[HumanLabel], rows: Sequence[GoldRow], label_sets: Sequence[LabelSet]) -> list[str]:
    """Return a note where labels that nobody signed are those of a label set."""
    if not said or any(row.annotator is not None or row.labelled_at is not None for row in rows):
        return []
    own = same_as_a_label_set(said, said[0].source, label_sets)
    if own is None:
        return []
    note = (
        f"these {len(said):,} labels are all equal to those of label set {own[:12]}: an export is not gold, and figures"
        " on it say nothing; if people gave them, say who: --annotator-name, or --annotator COLUMN"
    )
    return [note]


def _sampling(said: str) -> str:
    """Return which sampling was meant, or what the common one says."""
    near = nearest(said, SAMPLINGS)
    return (
        f"--sampling {near}" if near else "--sampling random, if each item was as likely to be drawn; else leave it out"
    )


def _roles(
    rows: Sequence[GoldRow], role: str | None, map_role: Mapping[str, str], problems: list[Problem]
) -> list[str | None]:
    found = [map_role.get(row.role, row.role) if row.role is not None else role for row in rows]
    wrong = Counter(value for value in found if value is not None and value not in ROLES)
    for value, count in wrong.most_common(SHOWN):
        problems.append(
            Problem(f"role {value!r}", f"({count:,} rows) is none of {', '.join(ROLES)}", f'--role-map "{value}=dev"')
        )
    if None in found:
        missing = sum(value is None for value in found)
        problems.append(Problem("role", f"{missing:,} rows have none", "--role dev, or --role-column COLUMN"))
    return [value if value in ROLES else None for value in found]


def _strange_items(
    rows: Sequence[GoldRow], source: str, known: Collection[str], most: float, problems: list[Problem]
) -> list[GoldRow]:
    """Return the rows on items that the source lacks; more than the share ``most`` are a fault of the file."""
    without = [row.place for row in rows if not row.item_id]
    if without:
        problems.append(
            Problem(
                without[0],
                f"has no item id ({len(without):,} rows like it)",
                "fill the column, or name another with --item",
            )
        )
    strange = [row for row in rows if row.item_id and row.item_id not in known]
    if len(strange) > len(rows) * most:
        listed = ", ".join(str(row.item_id) for row in strange[:SHOWN]) + (", ..." if len(strange) > SHOWN else "")
        what = f"does not have the items of {len(strange):,} of {len(rows):,} rows: {listed}"
        remedy = (
            "ingest them first; or is --item the right column? --match TEXT=COLUMN finds items by a text;"
            f" --skip-unknown-items puts them aside ({LIMIT})"
        )
        problems.append(Problem(f"source {source}", what, remedy))
    return strange


def _check_source(source: str, known: Collection[str], problems: list[Problem]) -> None:
    if source in known:
        return
    has = f"the store has {', '.join(known)}" if known else "the store has none yet"
    near = nearest(source, known)
    remedy = f"--source {near}, if that is meant" if near else "ingest its items first: retrolabel ingest"
    problems.append(Problem(f"--source {source}", f"there is no such source; {has}", remedy))


def _mixed_roles(
    stored: Sequence[HumanLabel], new: Sequence[HumanLabel], batches: Sequence[BatchOfItems]
) -> list[Problem]:
    """Return a problem for each two roles that items would be in at once: labels of one, and waiting for another."""
    roles: dict[Key, dict[str, None]] = {}
    for label in [*standing(stored), *new]:
        roles.setdefault((label.source, label.item_id), {})[label.role] = None
    for key, drawn in waiting(batches).items():
        if key in roles:
            roles[key][drawn.batch.role] = None
    mixed: dict[tuple[str, ...], list[str]] = {}
    for label in new:
        found = roles[label.source, label.item_id]
        if len(found) > 1:
            mixed.setdefault(tuple(sorted(found)), []).append(label.item_id)
    return [
        Problem(
            "role",
            f"{counted(len(set(ids)), 'item')} would be {' and '.join(found)} gold at once: "
            + ", ".join(sorted(set(ids))[:SHOWN])
            + (", ..." if len(set(ids)) > SHOWN else ""),
            "an item is in one role",
        )
        for found, ids in sorted(mixed.items())
    ]
