"""Gold as a table for others: an item a row with its adjudicated label, or an answer a row, as people gave it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from retrolabel.errors import GoldError, counted, did_you_mean
from retrolabel.gold.adjudication import ROLES, Newest, adjudicate, key_of
from retrolabel.gold.deciding import ADJUDICATOR, TIE
from retrolabel.jobs.gold.resolving import read_in, resolve_gold
from retrolabel.jobs.gold.shares import shares_of_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrolabel.gold.adjudication import GoldItem, GoldSet, HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.gold.projection import Readings
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.records.gold import Answer, Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

ITEM_COLUMNS = {
    "source": pa.string(),
    "item_id": pa.string(),
    "label": pa.string(),
    "partial": pa.string(),
    "kind": pa.string(),
    "role": pa.string(),
    "adjudicated": pa.string(),
    "schema_version": pa.string(),
    "decided": pa.string(),
    "annotators": pa.int64(),
    "agree": pa.int64(),
    "batch": pa.int64(),
    "probability": pa.float64(),
    "rationale": pa.string(),
}
"""The columns of a row an item; soft gold adds ``shares_of`` and a column ``share_<label>`` for each label."""
PEOPLE_COLUMNS = {
    "source": pa.string(),
    "item_id": pa.string(),
    "annotator": pa.string(),
    "label": pa.string(),
    "schema": pa.string(),
    "role": pa.string(),
    "sampling": pa.string(),
    "batch": pa.int64(),
    "probability": pa.float64(),
    "labelled_at": pa.string(),
    "seconds": pa.float64(),
    "rationale": pa.string(),
    "reads": pa.string(),
    "kind": pa.string(),
}
"""The columns of a row an answer: those that ``gold import`` takes back, and how it reads in the newest version."""
BETWEEN = " | "


@dataclass(frozen=True)
class GoldTable:
    """Gold as a table.

    Attributes:
        task: The task.
        version: The version that labels are read in; ``None`` where they stand as people gave them.
        table: The rows.
        counts: How many rows came about how (``unanimous``, ``tie`` and so on); of answers, source and version -> rows.
        left_open: How many items have a label in no or several labels there: ``set``, ``unknown``, ``suspect``.
        notes: What is to be known of them.
        pseudonyms: Whether pseudonyms stand for people's names.
    """

    task: str
    version: str | None
    table: pa.Table
    counts: Mapping[Any, int]
    left_open: Mapping[str, int]
    notes: tuple[str, ...] = ()
    pseudonyms: bool = False

    def with_pseudonyms(self, called: Callable[[str], str]) -> GoldTable:
        """Return the answers with what stands for people's names; rationales stay as people wrote them.

        Args:
            called: What stands for a name.
        """
        place = self.table.column_names.index("annotator")
        names = [called(name) for name in self.table.column(place).to_pylist()]
        table = self.table.set_column(place, "annotator", pa.array(names, pa.string()))
        return replace(self, table=table, pseudonyms=True)


def gold_table(  # noqa: PLR0913 - whose answers, and how they are read and adjudicated
    answers: Sequence[Answer],
    *,
    task: str,
    schema: LabelSchema,
    history: History,
    feedback: FeedbackBook,
    how: Adjudication,
    role: str | None = None,
    source: str | None = None,
    soft: bool = False,
) -> GoldTable:
    """Return one row an item: its adjudicated label, as it reads in a version, and how it came about.

    An item on which people are tied is a row without a label. Where a label is several there, ``label`` is empty and
    ``partial`` has them: ``slow|wrong``. ``agree`` of ``annotators`` people said the label; ``rationale`` is theirs, or
    the adjudicator's, where it was one who decided.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        schema: The version that labels are read in.
        history: The versions of the task.
        feedback: What the texts of the items are now.
        how: How people who differ are adjudicated.
        role: ``dev``, ``test`` or ``calibration``; all if left out.
        source: A source; all if left out.
        soft: Whether there is a column for each label, with the share of people's answers: those that stand and are on
            the item's present text, one a person, read in the version. An answer that leaves several labels gives each
            an equal part.

    Raises:
        GoldError: There is no such gold.
    """
    labels = [answer.label for answer in answers]
    _check(labels, task, role, source)
    read = read_in(history, schema.version, labels, feedback)
    gold = adjudicate(labels, rank=read.rank, twins=history.twins, how=how)
    chosen = [item for item in (*gold.items, *gold.tied) if role in (None, item.role) and source in (None, item.source)]
    chosen.sort(key=lambda item: (item.source, item.item_id))
    places = _places(gold, history, schema.version, read)
    newest = newest_answers(answers)
    rows = [_row(item, places, newest, schema, read, how) for item in chosen]
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(ITEM_COLUMNS.items())))
    if soft:
        shares = shares_of_answers(labels, schema, read)
        people = [shares.get((item.source, item.item_id), (0, None)) for item in chosen]
        table = table.append_column("shares_of", pa.array([count for count, _ in people], pa.int64()))
        for place, leaf in enumerate(schema.leaves):
            column = pa.array([None if found is None else found[place] for _, found in people], pa.float64())
            table = table.append_column(f"share_{leaf}", column)
    kinds = Counter(row["kind"] for row in rows if row["kind"] not in (None, "exact"))
    decided = Counter(str(row["decided"]) for row in rows)
    return GoldTable(task, schema.version, table, dict(decided), dict(kinds), gold.notes)


def answers_table(  # noqa: PLR0913 - whose answers
    answers: Sequence[Answer],
    *,
    task: str,
    readings: Readings,
    role: str | None = None,
    source: str | None = None,
    version: str | None = None,
) -> GoldTable:
    """Return one row an answer that stands and is on the item's present text, as it was given, the newest last.

    ``reads`` has the labels that it leaves in the version of the readings, ``slow|wrong``; ``kind`` says ``exact``,
    ``set``, ``unknown``, or ``suspect`` where the meaning of its label changed since. ``gold import`` takes the answers
    of one source and version back, and the same gold comes of them.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        readings: Reads labels in the newest version, and knows the texts of the items.
        role: ``dev``, ``test`` or ``calibration``; all if left out.
        source: A source; all if left out.
        version: The version that people labelled under; any if left out.

    Raises:
        GoldError: There are no such answers.
    """
    _check([answer.label for answer in answers], task, role, source)
    chosen = [
        answer
        for answer in newest_answers(answers).values()
        for label in [answer.label]
        if label.label and role in (None, label.role) and source in (None, label.source)
    ]
    made_under = sorted({answer.label.schema_version for answer in chosen})
    if version is not None and version not in made_under:
        raise GoldError(
            f"Nobody labelled {task} under {version}.{did_you_mean(version, made_under)}",
            remedy=f"one of {', '.join(made_under)}",
        )
    chosen = [answer for answer in chosen if version in (None, answer.label.schema_version)]
    live = [answer for answer in chosen if readings.is_live(answer.label)]
    notes = []
    if len(live) < len(chosen):
        lost = counted(len(chosen) - len(live), "answer")
        notes.append(f"{lost} left out, since the text was revised: taken back, they would be on the new one")
    notes += _on_draws([answer.label for answer in live])
    table = pa.Table.from_pylist(
        [_answer_row(answer, readings) for answer in live], schema=pa.schema(list(PEOPLE_COLUMNS.items()))
    )
    files = Counter((answer.label.source, answer.label.schema_version) for answer in live)
    return GoldTable(task, None, table, dict(files), {}, tuple(notes))


def newest_answers(answers: Iterable[Answer]) -> dict[tuple[str, str, str, str], Answer]:
    """Return the newest answer of each person on each item under each version, in the order of these answers.

    An answer to a honeypot of a round is none of these: it says something of the person alone.
    """
    newest = Newest()
    found: dict[tuple[str, str, str, str], Answer] = {}
    for answer in answers:
        key = key_of(answer.label)
        if not answer.label.checks_a_person and newest.is_newer(key, answer.label.labelled_at):
            found.pop(key, None)
            found[key] = answer
    return found


def _check(labels: Sequence[HumanLabel], task: str, role: str | None, source: str | None) -> None:
    """Refuse a role and a source of which there is nothing."""
    taking = f"retrolabel gold import {task} FILE --source NAME --role {role or 'dev'} --annotator COLUMN"
    if role is not None and role not in ROLES:
        raise GoldError(f"There is no role {role!r}.{did_you_mean(role, ROLES)}", remedy=f"one of {', '.join(ROLES)}")
    sources = sorted({label.source for label in labels})
    if source is not None and sources and source not in sources:
        raise GoldError(
            f"Nobody labelled an item of {source!r} for {task}.{did_you_mean(source, sources)}",
            remedy=f"one of {', '.join(sources)}",
        )
    if not any(role in (None, each.role) and source in (None, each.source) for each in labels):
        of_role = f"{role} labels" if role else "human labels"
        raise GoldError(f"There are no {of_role} of {task}{f' in {source}' if source else ''} yet.", remedy=taking)


def _places(gold: GoldSet, history: History, version: str, read: Readings) -> dict[Key, frozenset[int]]:
    """Return the item -> places of the labels that its gold leaves, as it is fitted."""
    found: dict[Key, frozenset[int]] = {}
    for role in sorted({item.role for item in gold.items}):
        found |= resolve_gold(gold, role, history, version, read).sets
    return found


def _row(  # noqa: PLR0913 - what a row is made of
    item: GoldItem,
    places: Mapping[Key, frozenset[int]],
    newest: Mapping[tuple[str, str, str, str], Answer],
    schema: LabelSchema,
    read: Readings,
    how: Adjudication,
) -> dict[str, Any]:
    """Return the row of an item."""
    left = [schema.leaves[place] for place in sorted(places.get((item.source, item.item_id), ()))]
    tie = item.decided == TIE
    kind = None if tie else "exact" if len(left) == 1 else "set" if left else _why_nothing(item, read)
    return {
        "source": item.source,
        "item_id": item.item_id,
        "label": left[0] if len(left) == 1 and not tie else None,
        "partial": "|".join(left) or None,
        "kind": kind,
        "role": item.role,
        "adjudicated": item.label or None,
        "schema_version": item.schema_version,
        "decided": item.decided,
        "annotators": item.annotators,
        "agree": None if tie else item.annotators - len(item.differing),
        "batch": item.batch,
        "probability": item.inclusion,
        "rationale": _rationale(item, newest, how),
    }


def _why_nothing(item: GoldItem, read: Readings) -> str:
    return "suspect" if read(item).suspect else "unknown"


def _rationale(item: GoldItem, newest: Mapping[tuple[str, str, str, str], Answer], how: Adjudication) -> str | None:
    """Return why those say it whose answers decide: the adjudicator's, or the label's; of a tie, everybody's."""
    people = [answer.annotator for answer in item.answers]
    decider = next((person for person in how.people if person in people), None)
    if item.decided == ADJUDICATOR and decider is not None:
        differing = set(people) - {decider}
    else:
        differing = set(item.differing) if item.label else set()
    told = [
        f"{answer.annotator}: {why}"
        for answer in item.answers
        if answer.annotator not in differing
        for why in [newest[key_of(answer)].rationale if key_of(answer) in newest else None]
        if why
    ]
    return BETWEEN.join(told) or None


def _answer_row(answer: Answer, readings: Readings) -> dict[str, Any]:
    """Return the row of an answer."""
    label = answer.label
    now = readings(label)
    return {
        "source": label.source,
        "item_id": label.item_id,
        "annotator": label.annotator,
        "label": label.label,
        "schema": label.schema_version,
        "role": label.role,
        "sampling": label.sampling,
        "batch": label.batch,
        "probability": label.inclusion,
        "labelled_at": label.labelled_at.isoformat() if label.labelled_at else None,
        "seconds": answer.seconds,
        "rationale": answer.rationale,
        "reads": "|".join(now.ids) or None,
        "kind": "suspect" if now.suspect else now.kind,
    }


def _on_draws(labels: Sequence[HumanLabel]) -> list[str]:
    """Return a note where answers of a source come from several draws, which a file taken back is not."""
    draws: dict[str, set[int | None]] = {}
    for label in labels:
        if label.inclusion is not None:
            draws.setdefault(label.source, set()).add(label.batch)
    most = max(map(len, draws.values()), default=0)
    told = f"these answers come from {most} draws of a known design; taken back as one file they count as one draw,"
    return [f"{told} and their items weigh otherwise"] if most > 1 else []
