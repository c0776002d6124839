"""Train a model on a label set, and judge it on gold that neither has seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from retrolabel.end_models.features import TextFeatures, joined
from retrolabel.end_models.model import EndModel
from retrolabel.end_models.training import confidence, fit
from retrolabel.errors import GoldError, StoreError, counted
from retrolabel.gold.agreement import agreement, wilson
from retrolabel.gold.near_copies import near_copies
from retrolabel.gold.pairing import paired
from retrolabel.jobs.end_models.records import Judged, Material, Rival, Training
from retrolabel.jobs.gold.resolving import gold_in, why_no_gold
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.label_models.calibration import temperature
from retrolabel.label_models.majority import MajorityVote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
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
NEWEST = 0.2
"""The part of the items that is newest."""


class Settings(NamedTuple):
    """How a model is trained.

    Attributes:
        columns: The columns whose texts are read; those that labeling functions read if empty.
        most: Items that are fitted at most.
        strength: C of the logistic regression.
        soft: Whether items are fitted with their probabilities; else with their likeliest label.
        weighted: Whether an item weighs as much as is known of it.
    """

    columns: tuple[str, ...] = ()
    most: int = MOST
    strength: float = STRENGTH
    soft: bool = True
    weighted: bool = True


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
    """

    label_set: LabelSet
    history: History
    feedback: FeedbackBook
    gold: GoldBook
    objects: Objects
    progress: Progress
    how: Adjudication
    look: Callable[[], int]

    def train(self, settings: Settings) -> Training:
        """Return a model, with how it was judged; nothing is stored but that test gold was looked at.

        Args:
            settings: How.

        Raises:
            StoreError: Too few items can be fitted, or there is no text.
        """
        self.progress.start("train", 5)
        columns = settings.columns or text_columns(self.label_set, self.feedback.sources())
        if not columns:
            raise StoreError(
                f"No source of {self.label_set.record.task} has a column of texts.",
                remedy="--features COLUMN names one",
            )
        items = self._items(columns)
        rows, material = self._chosen(items, settings)
        if len(rows) < FEWEST:
            raise StoreError(
                f"{counted(len(rows), 'item')} can be trained on, and {FEWEST} are the fewest:"
                f" {material.uncovered:,} have no vote, {material.gold:,} have human labels.",
                remedy="labeling functions for more items: retrolabel lf gaps TASK",
            )
        self.progress.advance(1)
        targets = self.label_set.probabilities[items.patterns[rows]]
        targets = targets if settings.soft else np.eye(targets.shape[1])[targets.argmax(axis=1)]
        weights = confidence(targets) if settings.weighted and settings.soft else np.ones(len(rows))
        texts = [items.cells[row] for row in rows.tolist()]
        newest = self._newest(items, rows, texts, targets, weights, settings)
        self.progress.advance(1)
        features = TextFeatures.fit(texts)
        linear = fit(features.transform(texts), targets, weights, strength=settings.strength)
        self.progress.advance(1)
        about = {
            "task": self.label_set.record.task,
            "label_set": self.label_set.id,
            "schema_version": self.label_set.record.schema_version,
            "settings": {**settings._asdict(), "columns": list(columns)},
        }
        rounded = replace(linear, coefficients=linear.coefficients.astype(np.float32).astype(np.float64))
        model = EndModel(self.label_set.labels, columns, features, rounded, about)
        model, dev = self._warmed(model, items)
        self.progress.advance(1)
        judged, why_not = self._judge(model, items)
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
            judged,
            why_not,
        )

    # What is trained on --------------------------------------------------------------------------

    def _items(self, columns: Sequence[str]) -> Items:
        """Return the items of the label set with their texts."""
        stored = {segment.id: segment for segment in self.feedback.segments()}
        keys: list[Key] = []
        found: list[tuple[object, ...]] = []
        patterns, times = [], []
        for made in self.label_set.manifest["outputs"]["segments"]:
            segment = stored.get(made["id"])
            if segment is None:
                continue
            own = self.label_set.items_of(segment.id, [ITEM_ID, "row", "pattern"])
            there = [name for name in columns if name in segment.columns]
            table = self.objects.read_table(segment.path, [CREATED_AT, *there], sha256=segment.sha256)
            table = table.take(own.column("row"))
            none = [None] * own.num_rows
            cells = [table.column(name).to_pylist() if name in there else none for name in columns]
            found += zip(*cells, strict=True)
            keys += [(segment.source, str(each)) for each in own.column(ITEM_ID).to_pylist()]
            patterns.append(own.column("pattern").to_numpy().astype(np.int64))
            times.append(_seconds(table.column(CREATED_AT)))
        return Items(
            keys, found, np.concatenate(patterns or [np.zeros(0, np.int64)]), np.concatenate(times or [np.zeros(0)])
        )

    def _chosen(self, items: Items, settings: Settings) -> tuple[Places, Material]:
        """Return the rows that are fitted, and how many stay out for which reason."""
        covered = np.asarray(self.label_set.patterns.column("covered").to_numpy(), np.bool_)[items.patterns]
        has_gold = {(label.source, label.item_id) for label in self._said}
        gold = np.array([key in has_gold for key in items.keys], np.bool_)
        textless = np.array([not joined(each).strip() for each in items.cells], np.bool_)
        kept = np.flatnonzero(covered & ~gold & ~textless)
        near = self._near_test(items, kept)
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

    def _near_test(self, items: Items, rows: Places) -> npt.NDArray[np.bool_]:
        """Return which rows are near copies of test items, or say just the same; bool [rows]."""
        test = {(label.source, label.item_id) for label in self._said if label.role == "test"}
        theirs = [joined(items.cells[row]) for row, key in enumerate(items.keys) if key in test]
        found = np.zeros(len(rows), np.bool_)
        near = near_copies([[joined(items.cells[row])] for row in rows.tolist()], [[text] for text in theirs])
        found[[place for place, _ in near]] = True
        return found

    @cached_property
    def _said(self) -> list[HumanLabel]:
        return self.gold.human_labels(self.label_set.record.task)

    def _newest(  # noqa: PLR0913 - what is fitted, and how
        self,
        items: Items,
        rows: Places,
        texts: Sequence[Sequence[object]],
        targets: Array,
        weights: Array,
        settings: Settings,
    ) -> tuple[Any, int]:
        """Return how often a model of the older items says what the label set says of the newest, and on how many.

        Items of the newest that say just what an older one says stay out.
        """
        times = items.times[rows]
        known = np.isfinite(times)
        if known.sum() < 10 * FEWEST or len(np.unique(times[known])) < FEWEST:
            return None, 0
        border = np.quantile(times[known], 1 - NEWEST)
        older = np.flatnonzero(known & (times <= border))
        before = {_plain(texts[row]) for row in older.tolist()}
        newer = [row for row in np.flatnonzero(known & (times > border)).tolist() if _plain(texts[row]) not in before]
        if len(newer) < FEWEST:
            return None, 0
        features = TextFeatures.fit([texts[row] for row in older.tolist()])
        model = fit(
            features.transform([texts[row] for row in older.tolist()]),
            targets[older],
            weights[older],
            strength=settings.strength,
        )
        said = model.predict_proba(features.transform([texts[row] for row in newer])).argmax(axis=1)
        same = int((said == targets[newer].argmax(axis=1)).sum())
        return wilson(same, len(newer)), len(newer)

    # What gold says ------------------------------------------------------------------------------

    def _gold(self, role: str, items: Items) -> tuple[Places, list[frozenset[int]], Any]:
        """Return the rows of the gold items of a role, what gold leaves of each, and the gold."""
        version = self.label_set.record.schema_version
        found = gold_in(self.history, version, role, self._said, self.feedback, how=self.how)
        rows = [row for row, key in enumerate(items.keys) if key in found.sets]
        return np.array(rows, np.int64), [found.sets[items.keys[row]] for row in rows], found

    def _warmed(self, model: EndModel, items: Items) -> tuple[EndModel, int]:
        """Return the model at the temperature that fits dev gold best, and how many items that was fitted to."""
        rows, sets, _ = self._gold("dev", items)
        if not len(rows):
            return model, 0
        possible = np.array([[place in each for place in range(len(model.labels))] for each in sets], np.bool_)
        said = model.predict_proba([items.cells[row] for row in rows.tolist()])
        degrees = temperature(said, possible, np.ones(len(rows)))
        return replace(model, linear=replace(model.linear, degrees=degrees)), len(rows)

    def _judge(self, model: EndModel, items: Items) -> tuple[Judged | None, tuple[str, str]]:
        """Return how good the model is on test gold beside label model and majority vote; or why that is not known."""
        rows, sets, found = self._gold("test", items)
        exact = [place for place, each in enumerate(sets) if len(each) == 1]
        if not exact:
            return None, _why_not(found, self.label_set)
        looks = self.look()
        judged = rows[exact]
        truth = np.array([next(iter(sets[place])) for place in exact], np.int64)
        patterns = items.patterns[judged]
        covered = np.asarray(self.label_set.patterns.column("covered").to_numpy(), np.bool_)[patterns]
        frequent = np.array(list(self.label_set.shares().values()), np.float64)
        own = model.predict_proba([items.cells[row] for row in judged.tolist()]).argmax(axis=1)
        by_votes = MajorityVote().fit(self.label_set.votes()).predict_proba(self.label_set.votes())[patterns]
        said = {
            "label_model": likeliest(self.label_set.probabilities[patterns], covered, frequent),
            "majority_vote": likeliest(by_votes, covered, frequent),
        }
        k, all_ = len(model.labels), np.ones(len(truth), np.bool_)
        rivals = {
            name: Rival(agreement(truth, each, all_, labels=k), paired(each == truth, own == truth), int(covered.sum()))
            for name, each in said.items()
        }
        unheld = len(found.sets) - len(rows)
        return Judged(agreement(truth, own, all_, labels=k), rivals, looks, len(rows) - len(exact), unheld), ("", "")


@dataclass(frozen=True)
class Items:
    """The items of a label set.

    Attributes:
        keys: (source, item id) of each.
        cells: The texts of each, a cell a column.
        patterns: int [n]: its pattern of votes.
        times: float [n]: seconds since 1970; NaN without a time.
    """

    keys: Sequence[Key]
    cells: Sequence[Sequence[object]]
    patterns: Places
    times: Array


def likeliest(probabilities: Array, covered: npt.NDArray[np.bool_], frequent: Array) -> Places:
    """Return the likeliest label of each item, without abstention: ties, and what is uncovered, go to what is frequent.

    Args:
        probabilities: float [n, k].
        covered: bool [n].
        frequent: float [k]: how often the label set gives each label.

    Example:
        >>> said = np.array([[0.5, 0.5, 0.0], [0.1, 0.2, 0.7], [0.2, 0.2, 0.6]])
        >>> likeliest(said, np.array([True, True, False]), np.array([3.0, 5.0, 1.0])).tolist()
        [1, 2, 1]
    """
    tied = probabilities >= probabilities.max(axis=1, keepdims=True) - 1e-12
    tied |= ~covered[:, None]
    return np.asarray(np.where(tied, frequent + 1.0, 0.0).argmax(axis=1), np.int64)


def text_columns(label_set: LabelSet, contracts: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Return the columns of texts that labeling functions read; all columns of texts where none reads any.

    Args:
        label_set: The label set.
        contracts: Source -> column -> type.
    """
    sources = {segment["source"] for segment in label_set.manifest["outputs"]["segments"]}
    texts = {
        name
        for source in sorted(sources & contracts.keys())
        for name, kind in contracts[source].items()
        if kind in ("string", "large_string") and name not in (ITEM_ID, CREATED_AT)
    }
    read = {name for lf in label_set.manifest["recorded"].get("lfs", ()) for name in lf.get("reads", ())}
    return tuple(sorted(texts & read or texts))


def _plain(cells: Sequence[object]) -> str:
    return " ".join(joined(cells).casefold().split())


def _hash(key: Key) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()


def _seconds(times: pa.ChunkedArray) -> Array:
    """Return times as seconds since 1970, NaN where there is none."""
    if pa.types.is_null(times.type):
        return np.full(len(times), np.nan)
    whole = times.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    return np.asarray(whole.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64) / 1e6


def _why_not(found: Any, label_set: LabelSet) -> tuple[str, str]:  # noqa: ANN401 - gold as it was read
    try:
        return why_no_gold(found, label_set.record.task, label_set.record.schema_version, "test")
    except GoldError as error:
        return error.message, error.remedy or ""
