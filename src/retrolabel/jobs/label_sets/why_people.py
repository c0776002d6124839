"""What people said of one item; of an item in the test set, only that it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from retrolabel.analysis.why.values import Draw, People, PersonSaid
from retrolabel.gold.adjudication import adjudicate, key_of, last_answers
from retrolabel.gold.deciding import DAWID_SKENE, TIE
from retrolabel.gold.projection import Readings
from retrolabel.jobs.label_sets.steps_taken import steps_taken
from retrolabel.jobs.records.label_sets import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.gold.projection import Reading
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.finding_items import HeldItem
    from retrolabel.jobs.records.gold import Answer, Batch
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

TEST = "test"


def people_on(
    label_set: LabelSet, item: HeldItem, history: History | None, gold: GoldBook, how: Adjudication
) -> People:
    """Return what people said of an item, and whether the label model was fitted with it.

    Test gold is seen by ``evaluate --final`` alone, so of an item in the test set nothing else is told.

    Args:
        label_set: The label set.
        item: The item.
        history: The task's versions; ``None`` where the project cannot be read.
        gold: What people said.
        how: How people who differ are adjudicated.
    """
    key, task = (item.source, item.item_id), label_set.record.task
    answers = gold.answers_on(task, *key)
    labels = [answer.label for answer in answers]
    if any(label.role == TEST for label in last_answers(labels).values()):
        return People(in_test_set=True)
    version = label_set.record.schema_version
    readings = Readings(history, version, {key: item.live.digest}) if history is not None else None
    draws = gold.draws(task) if any(label.batch is not None for label in labels) else {}
    said = _said(label_set, answers, draws, readings, history)
    settled = _settled(task, key, labels, readings, history, gold, how)
    unseen = {(row["source"], row["item_id"]): row for row in label_set.unseen} if labels else {}
    row = unseen.get(key)
    kept = UNSEEN in label_set.manifest["outputs"]["files"] or not label_set.manifest["inputs"].get("gold")
    fitted = label_set.fitted_gold.get(key) if row is not None else None
    return replace(
        settled,
        near_test=any(label.near_test for label in labels),
        said=said,
        fitted=tuple(fitted.split("|")) if fitted else None,
        unseen_label=row["label"] if row is not None else None,
        was_fitted=(row is not None) if kept else None,
    )


def _said(
    label_set: LabelSet,
    answers: Sequence[Answer],
    draws: Mapping[int, Batch],
    readings: Readings | None,
    history: History | None,
) -> tuple[PersonSaid, ...]:
    """Return the answers, in the order in which they came."""
    version = label_set.record.schema_version
    begun = label_set.manifest["recorded"].get("started")
    since = datetime.fromisoformat(begun) if begun else label_set.record.created_at
    last = last_answers(answer.label for answer in answers)
    taken_back = {key for key, label in last.items() if not label.label}
    found = []
    for answer in answers:
        label = answer.label
        if not label.label or label.checks_a_person:  # a command that takes an answer back; a honeypot of a round
            continue
        reading = readings(label) if readings is not None else None
        stands = last.get(key_of(label)) is label
        state = "stands" if stands else "taken back" if key_of(label) in taken_back else "superseded"
        carried: tuple[str, ...] = ()
        if history is not None and label.schema_version != version and reading is not None and reading.ids:
            carried = steps_taken(history, label.schema_version, version, [label.label])
        found.append(
            PersonSaid(
                label.annotator,
                label.label,
                label.schema_version,
                reading.ids if reading is not None and reading.ids else None,
                carried,
                _iso(label.labelled_at),
                _iso(answer.imported_at),
                label.role,
                state,
                _why_suspect(label, reading, readings),
                bool(answer.imported_at and answer.imported_at > since),
                answer.rationale,
                answer.seconds,
                _draw(label, draws),
            )
        )
    return tuple(found)


def _why_suspect(label: HumanLabel, reading: Reading | None, readings: Readings | None) -> str:
    if reading is None or readings is None or not reading.suspect:
        return ""
    if not readings.is_live(label):
        return "the item's text was revised since"
    return f"what {label.label} means was redefined since {label.schema_version}"


def _draw(label: HumanLabel, draws: Mapping[int, Batch]) -> Draw | None:
    if label.batch is None:
        return None
    batch = draws.get(label.batch)
    if batch is None:
        return Draw(label.batch, label.sampling, label.inclusion, None, None, None, None)
    return Draw(
        label.batch, batch.design, label.inclusion, batch.items, batch.population, batch.purpose, _iso(batch.at)
    )


def _settled(  # noqa: PLR0913 - what people said of one item, and how that is read
    task: str,
    key: tuple[str, str],
    labels: Sequence[HumanLabel],
    readings: Readings | None,
    history: History | None,
    gold: GoldBook,
    how: Adjudication,
) -> People:
    """Return the gold label of an item, and how it came about; a model of people needs all that they said."""
    if not any(label.label for label in labels):
        return People()
    given = gold.human_labels(task) if how.method == DAWID_SKENE else labels
    rank = readings.rank if readings is not None else None
    twins = history.twins if history is not None else None
    found = adjudicate(given, rank=rank, twins=twins, how=how)
    item = next((each for each in (*found.items, *found.tied) if (each.source, each.item_id) == key), None)
    if item is None:
        return People()
    if item.decided == TIE:
        return People(decided=TIE, label_version=item.schema_version, differing=item.differing)
    reading = readings(item) if readings is not None else None
    return People(
        label=item.label,
        label_version=item.schema_version,
        decided=item.decided,
        differing=item.differing,
        leaves=reading.ids if reading is not None and reading.ids else None,
    )


def _iso(when: datetime | None) -> str | None:
    return when.isoformat(timespec="seconds") if when is not None else None
