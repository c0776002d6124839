"""Train a model on a label set, and judge it on gold that neither has seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrolabel.end_models.estimators import Estimator, fit_estimator
from retrolabel.end_models.features import joined
from retrolabel.end_models.model import EndModel
from retrolabel.end_models.training import LinearModel, confidence, fit
from retrolabel.end_models.unseen import Folds, marks, parts_of
from retrolabel.errors import StoreError, counted
from retrolabel.gold.agreement import wilson
from retrolabel.gold.near_copies import near_copies
from retrolabel.jobs.end_models.items import Items, items_of, text_columns
from retrolabel.jobs.end_models.judging import DEV, TEST, Judge
from retrolabel.jobs.end_models.reading import Reading
from retrolabel.jobs.end_models.records import Material, Training
from retrolabel.label_models.calibration import temperature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    from retrolabel.end_models.encoders import Wanted
    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.agreement import Estimate
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.end_models.reading import Learned
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.gold import Key
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

    Places = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float64]

MOST = 30_000
"""Items that are fitted; of more than these a part is taken by a fixed rule."""
STRENGTH = 10.0
"""C of the logistic regression: measured on four sets of labeling functions of others (docs/end_model.md)."""
FEWEST = 20
"""Items below which nothing is trained."""
FOLDS = 5
"""Parts of the items where a model is to vote."""
NEWEST = 0.2
"""The part of the items that is newest."""


class Settings(NamedTuple):
    """How a model is trained.

    Attributes:
        columns: The columns that are read; those with texts that labeling functions read if empty.
        most: Items that are fitted at most.
        strength: C of the logistic regression.
        soft: Whether items are fitted with their probabilities; else with their likeliest label.
        weighted: Whether an item weighs as much as is known of it.
        folds: In how many parts the items are split, each with a model that did not see it; 0 where it will not vote.
        estimator: Which classifier is fitted, ``module:factory``; ours if empty.
    """

    columns: tuple[str, ...] = ()
    most: int = MOST
    strength: float = STRENGTH
    soft: bool = True
    weighted: bool = True
    folds: int = 0
    estimator: str = ""


@dataclass(frozen=True)
class Trainer:
    """Trains a model on a label set.

    Attributes:
        label_set: The label set.
        history: The task's versions.
        feedback: What items there are.
        gold: What people said.
        objects: Where files are.
        progress: Told how far it is.
        how: How people who differ are adjudicated.
        look: Logs a look at test gold, and returns how many there were.
        make: Returns a classifier that is not fitted; ours is taken if left out.
        wanted: What is read of the columns; words and characters of their texts if empty.
    """

    label_set: LabelSet
    history: History
    feedback: FeedbackBook
    gold: GoldBook
    objects: Objects
    progress: Progress
    how: Adjudication
    look: Callable[[], int]
    make: Callable[[], Any] | None = None
    wanted: tuple[Wanted, ...] = ()

    def train(self, settings: Settings, *, test: bool = True) -> Training:
        """Return a model, with how it was judged; nothing is stored but that test gold was looked at.

        Args:
            settings: How.
            test: Whether it is judged on test gold too; each such look is logged.

        Raises:
            StoreError: Too few items can be fitted, or there is no text.
            InputError: Values of a column cannot be read.
        """
        self.progress.start("train", 5)
        reading = self._reading(settings)
        items = items_of(self.label_set, self.feedback, self.objects, reading.all_columns)
        rows, material = self._chosen(items, settings, reading)
        if len(rows) < FEWEST:
            raise StoreError(
                f"{counted(len(rows), 'item')} can be trained on, and {FEWEST} are the fewest:"
                f" {material.uncovered:,} have no vote, {material.gold:,} have human labels.",
                remedy="labeling functions that vote on more items: retrolabel lf summary TASK says what there is",
            )
        self.progress.advance(1)
        targets = self.label_set.probabilities[items.patterns[rows]]
        targets = targets if settings.soft else np.eye(targets.shape[1])[targets.argmax(axis=1)]
        weights = confidence(targets) if settings.weighted and settings.soft else np.ones(len(rows))
        cells = [items.cells[row][: len(reading.columns)] for row in rows.tolist()]
        lesson = Lesson(cells, targets, weights, settings.strength, self.make)
        learned = reading.learned(cells)
        newest = lesson.newest(learned.numbers, items.times[rows])
        self.progress.advance(1)
        model = self._model(lesson, learned, reading.columns, settings)
        self.progress.advance(1)
        judge = Judge(self.label_set, self.history, self.feedback, self._said, self.how, self.look)
        model, dev = _warmed(model, items, judge)
        self.progress.advance(1)
        on_dev, _ = judge.judged(model, items, DEV)
        on_test, why_not = judge.judged(model, items, TEST) if test else (None, ("Test gold was not looked at.", ""))
        content = model.to_bytes()
        self.progress.advance(1)
        return Training(
            model,
            hashlib.sha256(content).hexdigest()[:32],
            content,
            self.label_set.id,
            material,
            *newest,
            dev,
            on_test,
            why_not,
            on_dev,
        )

    def _model(self, lesson: Lesson, learned: Learned, columns: Sequence[str], settings: Settings) -> EndModel:
        """Return the model of what is trained on, and those of all but a part of it where they are asked for."""
        about = {
            "task": self.label_set.record.task,
            "label_set": self.label_set.id,
            "schema_version": self.label_set.record.schema_version,
            "settings": {**settings._asdict(), "columns": list(columns), **learned.told},
        }
        numbers = learned.numbers
        known = marks(lesson.texts)
        parts = parts_of(known, max(settings.folds, 1))
        fitted = [lesson.fitted(numbers, np.flatnonzero(parts != part)) for part in range(settings.folds)]
        models = [each for each in fitted if isinstance(each, LinearModel)]
        folds = Folds(tuple(models), np.unique(known)) if models else None
        whole = lesson.fitted(numbers, np.arange(len(known)))
        return EndModel(self.label_set.labels, tuple(columns), learned.features, whole, about, folds, learned.blocks)

    def _reading(self, settings: Settings) -> Reading:
        """Return what the model reads."""
        texts = text_columns(self.label_set, self.feedback.sources())
        columns = settings.columns or texts
        if not columns:
            raise StoreError(
                f"No source of {self.label_set.record.task} has a column of texts.",
                remedy="--features COLUMN names one",
            )
        reading = Reading.of(columns, self.wanted, texts)
        if settings.folds and not reading.reads_texts:
            raise StoreError(
                "A model that votes is to read texts: by them it knows the items that it was trained on.",
                remedy="--features COLUMN names a column of texts too; or leave --voter out",
            )
        return reading

    # What is trained on --------------------------------------------------------------------------

    def _chosen(self, items: Items, settings: Settings, reading: Reading) -> tuple[Places, Material]:
        """Return the rows that are fitted, and how many stay out for which reason."""
        covered = np.asarray(self.label_set.patterns.column("covered").to_numpy(), np.bool_)[items.patterns]
        has_gold = {(label.source, label.item_id) for label in self._said}
        gold = np.array([key in has_gold for key in items.keys], np.bool_)
        width = len(reading.columns)
        textless = np.array([not joined(each[:width]).strip() for each in items.cells], np.bool_)
        kept = np.flatnonzero(covered & ~gold & ~textless)
        near = self._near_test(items, kept, reading)
        kept = kept[~near]
        order = np.argsort([_hash(items.keys[row]) for row in kept.tolist()], kind="stable")
        rows = np.sort(kept[order[: settings.most]])
        left = len(kept) - len(rows)
        material = Material(
            len(rows),
            int((~covered & ~gold).sum()),
            int(gold.sum()),
            int(near.sum()),
            int((textless & covered & ~gold).sum()),
            left,
        )
        return rows, material

    def _near_test(self, items: Items, rows: Places, reading: Reading) -> npt.NDArray[np.bool_]:
        """Return which rows are near copies of test items by their texts, or say just the same; bool [rows]."""
        test = {(label.source, label.item_id) for label in self._said if label.role == "test"}
        theirs = [reading.text(items.cells[row]) for row, key in enumerate(items.keys) if key in test]
        found = np.zeros(len(rows), np.bool_)
        if not reading.texts:
            return found
        near = near_copies([[reading.text(items.cells[row])] for row in rows.tolist()], [[text] for text in theirs])
        found[[place for place, _ in near]] = True
        return found

    @cached_property
    def _said(self) -> list[HumanLabel]:
        return self.gold.human_labels(self.label_set.record.task)


class Lesson(NamedTuple):
    """What a model is trained on.

    Attributes:
        texts: For each item its texts.
        targets: float [n, k]: the probability of each label.
        weights: float [n]: how much each item counts.
        strength: C of the logistic regression.
        make: Returns a classifier that is not fitted; ours is taken if left out.
    """

    texts: Sequence[Sequence[object]]
    targets: Array
    weights: Array
    strength: float
    make: Callable[[], Any] | None = None

    def fitted(self, numbers: csr_matrix, rows: Places) -> LinearModel | Estimator:
        """Return the model of some items, rounded as it is stored.

        Args:
            numbers: float [n, features]: the features of all items.
            rows: Which of them are fitted.
        """
        if self.make is not None:
            return fit_estimator(self.make, numbers[rows], self.targets[rows], self.weights[rows])
        linear = fit(numbers[rows], self.targets[rows], self.weights[rows], strength=self.strength)
        return replace(linear, coefficients=linear.coefficients.astype(np.float32).astype(np.float64))

    def newest(self, numbers: csr_matrix, times: Array) -> tuple[Estimate | None, int]:
        """Return how often a model of the older items says what the label set says of the newest, and on how many.

        Items of the newest that say just what an older one says stay out. Which words there are is known of all.

        Args:
            numbers: As above.
            times: float [n]: when each was said; NaN without a time.
        """
        known = np.isfinite(times)
        if known.sum() < 10 * FEWEST or len(np.unique(times[known])) < FEWEST:
            return None, 0
        border = np.quantile(times[known], 1 - NEWEST)
        older = np.flatnonzero(known & (times <= border))
        before = {_plain(self.texts[row]) for row in older.tolist()}
        newer = [
            row for row in np.flatnonzero(known & (times > border)).tolist() if _plain(self.texts[row]) not in before
        ]
        if len(newer) < FEWEST:
            return None, 0
        said = self.fitted(numbers, older).predict_proba(numbers[newer]).argmax(axis=1)
        same = int((said == self.targets[newer].argmax(axis=1)).sum())
        return wilson(same, len(newer)), len(newer)


def _warmed(model: EndModel, items: Items, judge: Judge) -> tuple[EndModel, int]:
    """Return the model at the temperature that fits dev gold best, and how many items that was fitted to."""
    rows, sets, _ = judge.gold(DEV, items)
    if not len(rows):
        return model, 0
    possible = np.array([[place in each for place in range(len(model.labels))] for each in sets], np.bool_)
    said = model.predict_proba([items.cells[row] for row in rows.tolist()])
    degrees = temperature(said, possible, np.ones(len(rows)))
    folds = model.folds
    if folds is not None:
        folds = replace(folds, models=tuple(replace(each, degrees=degrees) for each in folds.models))
    return replace(model, linear=replace(model.linear, degrees=degrees), folds=folds), len(rows)


def _plain(cells: Sequence[object]) -> str:
    return " ".join(joined(cells).casefold().split())


def _hash(key: Key) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()
