"""Take human labels in: all of a file, or nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem
from retrolabel.gold.adjudication import HumanLabel, adjudicate
from retrolabel.jobs.feedback.quarantine import GOLD, quarantine
from retrolabel.jobs.gold.batches import checked, drawn_with, one_of, remembered
from retrolabel.jobs.gold.calibration.progress import in_their_rounds
from retrolabel.jobs.gold.copies_of_test import remember_test_copies
from retrolabel.jobs.gold.draws import drawn_before, probability_of, role_of, why_not_random
from retrolabel.jobs.gold.file_faults import (
    MOST_STRANGE,
    check_source,
    mixed_roles,
    nuls,
    refuse_multilabel,
    roles_of,
    strange_items,
    unsound_sampling,
    untimely,
)
from retrolabel.jobs.gold.file_remarks import alike_people, known_already, own_labels, several_at_once
from retrolabel.jobs.gold.import_report import GoldReport
from retrolabel.jobs.gold.meanings import all_at_once, labels_of, values_outside
from retrolabel.jobs.gold.rows import UNNAMED
from retrolabel.jobs.gold.superseding import superseding
from retrolabel.jobs.records.gold import Batch
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.meanings import OutsideValue
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Key
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

FIRST = 3
"""Labels that a dry run shows as they would be stored."""


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
    dry_run: bool = False,
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
        dry_run: Whether it is only said what would be done: nothing is stored, and rows are not put aside either.

    Raises:
        GoldError: With every fault of the file: mostly unknown labels, with their counts and the
            nearest label, roles, mostly items that do not exist, items that are in dev and test at
            once; or the task is ``multilabel``.
    """
    refuse_multilabel(rows, schema, file)
    problems: list[Problem] = []
    if batch is not None:
        rows, problems = checked(rows, batch, role=role, sampling=sampling)
    sampling = sampling or (batch.batch.design if batch is not None else "other")
    problems += unsound_sampling(sampling, rows)
    labels, outside = labels_of(rows, schema, list(reversed(list(history))), map_label, problems)
    roles = roles_of(rows, role, map_role, problems)
    revisions = feedback.revisions(source, sorted({row.item_id for row in rows if row.item_id}))
    sources = list(feedback.sources())
    check_source(source, sources, problems)
    most = 1.0 if skip_unknown or source not in sources else MOST_STRANGE
    strange = _strange(rows, source, revisions, most, outside, map_label, problems)
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
        (row, draws.label(source, row, label, chosen, schema, revisions))
        for row, label, chosen in zip(rows, labels, roles, strict=True)
        if label and chosen and row.item_id in revisions and not row.wrong_time
    ]
    answers = in_their_rounds([label for _, label in said], stored)
    problems += [*nuls(rows), *([] if problems else mixed_roles(stored, answers, batches))]
    if problems:
        problems += [each for each in values_outside(outside) if each not in problems]
        raise GoldError(
            f"{file}: these human labels cannot be taken in; nothing was stored.",
            problems=problems,
            remedy=all_at_once(outside.values()),
        )
    aside = [*strange.problems, *aside]
    if dry_run:
        fresh, where_aside, near = gold.new_among(task, answers), None, 0
    else:
        where_aside = _put_aside(task, aside, objects)
        draw = Batch(
            task, source, role_of(label.role for label in answers), design, sampling, len(drawn), population, at
        )
        with within():
            added = gold.add(task, answers, [_extra(row, at) for row, _ in said], draw)
        new = {(label.source, label.item_id) for label in answers}
        near = len(remember_test_copies(task, new if added else (), gold=gold, feedback=feedback, objects=objects))
        fresh = gold.human_labels(task)[len(stored) :]
    adjudicated = adjudicate([*stored, *fresh], twins=history.twins, how=how)
    own = own_labels(answers, rows, label_sets) if fresh else ()
    return GoldReport(
        task,
        len({row.line for row in rows}),
        len(fresh),
        len(said) - len(fresh),
        labels.count(None) - sum(found.rows for found in outside.values()),
        dict(Counter(label.role for label in answers)),
        len(adjudicated.tied),
        len(aside),
        where_aside,
        tuple(replace(outside[value], rows=count) for value, count in strange.values.most_common()),
        superseding(stored, fresh, history.twins, known_already(fresh, answers)),
        len(strange.untimely),
        (*notes, *adjudicated.notes, *alike_people(stored, answers), *several_at_once(said), *own),
        len(strange.lost),
        design,
        why,
        len({label.item_id for label in answers if (source, label.item_id) in before}),
        batch.number if batch else None,
        one_of(remembered(task, gold), batch.number, task).waiting if batch else (),
        schema.version,
        source,
        near,
        len({label.item_id for label in answers if label.revision != revisions[label.item_id]}),
        dry_run=dry_run,
        first=tuple(_first(row, label) for row, label in said[:FIRST]) if dry_run else (),
    )


@dataclass(frozen=True)
class _Strange:
    """Rows that do not go in: their items are unknown, their times cannot be kept, their values are no labels."""

    lost: Sequence[GoldRow]
    untimely: Sequence[GoldRow]
    problems: Sequence[Problem]
    values: Counter[str]


def _strange(  # noqa: PLR0913 - rows, and what may be wrong with them
    rows: Sequence[GoldRow],
    source: str,
    known: Collection[str],
    most: float,
    outside: Mapping[str, OutsideValue],
    map_label: Mapping[str, str],
    problems: list[Problem],
) -> _Strange:
    """Return the rows that do not go in; each of them once."""
    lines_once = list({row.line: row for row in reversed(rows)}.values())[::-1]
    lost = strange_items(lines_once, source, known, most, problems)
    found = [Problem(row.place, f"the source {source} has no item {row.item_id!r}") for row in lost]
    late = untimely(rows, {row.line for row in lost}, lines_once, problems)
    found += [Problem(row.place, str(row.wrong_time)) for row in late]
    lines = {row.line for row in (*lost, *late)}
    no_labels = [
        (row.place, value)
        for row in rows
        if row.line not in lines  # a row is put aside once
        and row.label is not None
        and (value := outside.get(map_label.get(row.label, row.label)))
    ]
    found += [Problem(place, f"{value.value!r} {value.why}", value.remedy) for place, value in no_labels]
    return _Strange(lost, late, found, Counter(value.value for _, value in no_labels))


def _extra(row: GoldRow, at: datetime) -> dict[str, object]:
    """Return what is stored of a row beside its label."""
    return {"rationale": row.rationale, "labelled_at": row.labelled_at, "imported_at": at, "seconds": row.seconds}


def _first(row: GoldRow, label: HumanLabel) -> dict[str, object]:
    """Return a label as it would be stored."""
    told = {name: getattr(label, name) for name in ("item_id", "label", "annotator", "role", "schema_version")}
    more = {"labelled_at": row.labelled_at, "seconds": row.seconds, "rationale": row.rationale}
    return {"row": row.place, **told, **{name: value for name, value in more.items() if value is not None}}


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

    def label(  # noqa: PLR0913 - what a label is made of
        self, source: str, row: GoldRow, label: str, role: str, schema: LabelSchema, revisions: Mapping[str, str]
    ) -> HumanLabel:
        """Return what a row says, as a label that can be stored."""
        item = str(row.item_id)
        return HumanLabel(
            source,
            item,
            row.annotator or UNNAMED,
            label,
            schema.version,
            role,
            self.shown.get(item, revisions[item]),
            self._design,
            row.labelled_at,
            *self.of(source, row),
        )

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
