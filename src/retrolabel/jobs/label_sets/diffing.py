"""What changed between two label sets: which labels, why, what gold says of it, and where to look first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.analysis.label_changes import Kind
from retrolabel.errors import RetrolabelError, SchemaError
from retrolabel.jobs.gold.scoring import Grain, compared, score
from retrolabel.jobs.label_sets.causes import NOT_KNOWN, Causes, between, find_causes
from retrolabel.jobs.label_sets.gold_then import GoldThen, answers_at, texts_at
from retrolabel.jobs.label_sets.joining import join
from retrolabel.jobs.label_sets.kept_votes import with_kept_votes
from retrolabel.jobs.label_sets.patterns import ids_by_source
from retrolabel.jobs.label_sets.sides import Side
from retrolabel.jobs.label_sets.worlds import Worlds, lf_pairs
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.schema.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.gold.pairing import Pairing
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.schema.history import History


class Pair(NamedTuple):
    """Items that went from one label to another.

    Attributes:
        before: The label before; ``None`` where there was none.
        after: The label after.
        kind: What that is.
        items: How many items.
    """

    before: str | None
    after: str | None
    kind: Kind
    items: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"from": self.before, "to": self.after, "kind": self.kind.words, "items": self.items}


class GoldEffect(NamedTuple):
    """Two label sets on the same dev gold items.

    Attributes:
        paired: The difference; ``None`` where they cannot be compared.
        version: The version in whose labels they are compared.
        why_not: Why they cannot be.
        cross_fitted: How many gold items each was fitted with; these are judged by fits that had not seen them.
    """

    paired: Pairing | None
    version: str | None
    why_not: str = ""
    cross_fitted: tuple[int, int] = (0, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        figures = self.paired.as_dict() if self.paired else {"items": 0, "before": None, "after": None, "gain": None}
        fitted = {"before": self.cross_fitted[0], "after": self.cross_fitted[1]}
        return {**figures, "compared_in": self.version, "why_not": self.why_not or None, "cross_fitted": fitted}


@dataclass(frozen=True, eq=False, repr=False)
class LabelSetDiff:
    """What changed between two label sets.

    Attributes:
        before: The first.
        after: The second.
        items: How many items both hold.
        new: How many the second alone holds.
        gone: How many the first alone holds.
        pairs: The changes, the most frequent first.
        redefined: Labels that kept their id, and mean something else in the second; an item that has one before and
            after counts as unchanged.
        causes: Why; ``None`` where nobody asked.
        gold: What gold says of it.
        notes: What a person should know.
        worlds: The two label sets and all between them.
        kinds: int8 [J]: what happened to each pair of patterns.
    """

    before: LabelSetRecord
    after: LabelSetRecord
    items: int
    new: int
    gone: int
    pairs: tuple[Pair, ...]
    redefined: tuple[str, ...]
    causes: Causes | None
    gold: GoldEffect
    notes: tuple[str, ...]
    worlds: Worlds = field(compare=False)
    kinds: npt.NDArray[np.int8] = field(compare=False)

    @property
    def flips(self) -> int:
        """On how many items the label is another one, steps of the schema among them."""
        return sum(pair.items for pair in self.pairs)

    @property
    def steps(self) -> int:
        """On how many of these it follows a step of the schema."""
        return sum(pair.items for pair in self.pairs if pair.kind.is_step)

    @property
    def real(self) -> int:
        """On how many it does not."""
        return self.flips - self.steps

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data; what causes did adds up to the flips."""
        found: dict[str, Any] = {
            "task": self.after.task,
            "before": {"id": self.before.id, "schema": self.before.schema_version},
            "after": {"id": self.after.id, "schema": self.after.schema_version},
            "items": self.items,
            "only_before": self.gone,
            "only_after": self.new,
            "flips": self.flips,
            "follow_the_schema": self.steps,
            "real_flips": self.real,
            "redefined": list(self.redefined),
            "pairs": [pair.as_dict() for pair in self.pairs],
            "causes": None,
            "gold": self.gold.as_dict(),
            "notes": list(self.notes),
        }
        if self.causes is not None:
            found["causes"] = {cause: float(items) for cause, items in self.causes.items.items()}
            found["how"] = {
                "exact": self.causes.exact,
                "orders": self.causes.orders,
                "fits": self.causes.reruns,
                "standard_errors": dict(self.causes.errors),
                "groups": {cause: list(lfs) for cause, lfs in self.causes.groups.items()},
            }
        return found

    def frame(self) -> pd.DataFrame:
        """Return a row for each item whose label is another one.

        Returns:
            Columns: ``source``, ``item_id``, ``before``, ``after``, ``kind``, ``cause`` (the one with the largest part
            in it) and ``share`` (that part). Without causes the last two are missing.
        """
        joined, after = self.worlds.joined, self.worlds.after.label_set
        changed = joined.both & (self.kinds != Kind.SAME)
        ids: list[pa.ChunkedArray] = []
        sources: list[str] = []
        keys: list[npt.NDArray[np.int64]] = []
        for stretch in joined.stretches:
            mine = np.flatnonzero(changed[stretch.keys])
            if len(mine):
                table = after.items_of(stretch.segment, [ITEM_ID, "row"])
                at = np.searchsorted(table.column("row").to_numpy(), stretch.rows[mine])
                ids += table.column(ITEM_ID).take(pa.array(at)).chunks
                sources += [stretch.source] * len(mine)
                keys.append(stretch.keys[mine])
        rows = np.concatenate(keys or [np.zeros(0, np.int64)])
        then, now = _labels_of(self.worlds)
        found = pd.DataFrame(
            {
                "source": pd.Series(sources, dtype="str"),
                ITEM_ID: pd.Series(pa.chunked_array(ids, pa.string()).to_pandas(), dtype="str"),
                "before": then[rows],
                "after": now[rows],
                "kind": np.array([kind.words for kind in Kind], object)[self.kinds[rows]],
            }
        )
        if self.causes is None:
            return found
        if not self.causes.by_row:
            return found.assign(cause=pd.Series(dtype="str"), share=pd.Series(dtype="float64"))
        best, share, names = self.causes.main()
        return found.assign(cause=np.array(names, object)[best[rows]], share=share[rows])

    def __repr__(self) -> str:
        """Return how many labels changed, and why."""
        causes = self.causes.items if self.causes else {}
        told = ", ".join(f"{cause} {float(items):,.1f}" for cause, items in causes.items() if items)
        return (
            f"LabelSetDiff({self.after.task}, {self.before.id[:12]} {self.before.schema_version} ->"
            f" {self.after.id[:12]} {self.after.schema_version}: {self.flips:,} of {self.items:,} items have another"
            f" label, {self.steps:,} by a step of the schema; {told or 'no causes'})"
        )


@dataclass(frozen=True)
class Books:
    """What a comparison reads.

    Attributes:
        history: The task's versions, as the project has them.
        feedback: What items there are.
        votes: What is stored of votes.
        gold: What people said.
        how: How people who differ are adjudicated.
    """

    history: History
    feedback: FeedbackBook
    votes: VotesBook
    gold: GoldBook
    how: Adjudication


def diff(  # noqa: PLR0913 - two label sets, and what is asked
    before: LabelSet,
    after: LabelSet,
    books: Books,
    gold_of: Callable[[str], ResolvedGold],
    progress: Progress,
    *,
    causes: bool = True,
    orders: int | None = None,
) -> LabelSetDiff:
    """Return what changed between two label sets.

    Both are read as they are stored. No labeling function is called: causes come from votes that the label sets hold.

    Args:
        before: The first.
        after: The second.
        books: What else is read.
        gold_of: Version -> dev gold as it reads there now.
        progress: Told how far it is.
        causes: Whether causes are looked for.
        orders: How many orders of the causes are drawn where there are many.

    Raises:
        SchemaError: A version is gone from the project, or is multilabel.
        CorruptionError: A file of a label set is damaged.
    """
    history = books.history
    for side in (before, after):
        if history[side.record.schema_version].scale == "multilabel":
            raise SchemaError("A comparison of label sets is about one label an item; this task is multilabel.")
    answers = answers_at(books.gold, before), answers_at(books.gold, after)
    watched = ids_by_source({(each.source, each.item_id): None for each in (*answers[0], *answers[1])})
    joined = join(before, after, watched, progress)
    texts = tuple(
        texts_at(answers[1], at, books.feedback, after.objects) if causes else {} for at in (joined.lay, joined.lies)
    )
    sides = Side(before), Side(after)
    gold = GoldThen(history, books.how, answers, (texts[0], texts[1]))
    pairs = lf_pairs(sides[0].keys, sides[1].keys, was_out=sides[0].skipped, is_out=sides[1].skipped)
    worlds = Worlds(*sides, joined, pairs, history, gold)
    wanted = worlds.not_kept_apart() if causes else set()
    if wanted:
        joined = with_kept_votes(joined, sides, wanted, books.feedback, books.votes)
        worlds = Worlds(*sides, joined, worlds.pairs, history, gold)
    then, now = sides[0].said.take(joined.first), sides[1].said.take(joined.second)
    kinds = between(worlds, sides[1].version).kinds(then, now)
    found: Causes | None = None
    edited = _edited_drafts(sides, history)
    if causes and edited:
        changed = joined.both & (kinds != Kind.SAME)
        found = Causes.unknown(f"{NOT_KNOWN}: {edited}", changed, joined.counts)
    elif causes:
        more = {} if orders is None else {"pairs": max(1, orders // 2)}
        found = find_causes(worlds, kinds, progress, **more)
    relation = history.relation(sides[0].version, sides[1].version)
    return LabelSetDiff(
        before.record,
        after.record,
        int(joined.counts[joined.both].sum()),
        int(joined.counts[joined.new].sum()),
        int(joined.counts[joined.gone].sum()),
        _pairs(worlds, kinds),
        tuple(label for label in sides[0].labels if label in sides[1].labels and relation.suspect(label)),
        found,
        _gold(before, after, history, gold_of),
        tuple(found.notes if found else ()),
        worlds,
        kinds,
    )


def _edited_drafts(sides: tuple[Side, Side], history: History) -> str:
    """Return which version was edited since its label set was made, or nothing."""
    for side in sides:
        made, here = side.inputs["schema"], fingerprints(history[side.version])
        if any(made[name] != here[name] for name in ("shape", "meaning")):
            return f"{side.version} was edited since label set {side.label_set.id[:12]} was made"
    return ""


def _labels_of(worlds: Worlds) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Return the label of each pair of patterns before and after, ``None`` where there is none."""
    found = []
    for side, at in ((worlds.before, worlds.joined.first), (worlds.after, worlds.joined.second)):
        names = np.array([*side.labels, None], object)
        found.append(names[side.said.take(at).label])
    return found[0], found[1]


def _pairs(worlds: Worlds, kinds: npt.NDArray[np.int8]) -> tuple[Pair, ...]:
    then, now = _labels_of(worlds)
    rows = np.flatnonzero(worlds.joined.both & (kinds != Kind.SAME))
    counts: dict[tuple[str | None, str | None, int], int] = {}
    for row in rows.tolist():
        key = (then[row], now[row], int(kinds[row]))
        counts[key] = counts.get(key, 0) + int(worlds.joined.counts[row])
    ordered = sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))
    return tuple(Pair(a, b, Kind(kind), items) for (a, b, kind), items in ordered)


def _gold(before: LabelSet, after: LabelSet, history: History, gold_of: Callable[[str], ResolvedGold]) -> GoldEffect:
    """Return both on the dev gold that there is now."""
    versions = before.record.schema_version, after.record.schema_version
    grain = Grain.of(history, *versions)
    if grain is None:
        return GoldEffect(None, None, "their labels are not one label each in a version of either")
    try:
        read = gold_of(grain.version)
        scores = [score(each, gold_of(each.record.schema_version), _judged(each, gold_of)) for each in (before, after)]
    except RetrolabelError as error:
        return GoldEffect(None, None, error.message)
    found = compared(scores[0], scores[1], read, grain)
    why = "" if found.items else f"no dev gold is one label under {grain.version} on items with a label in both"
    fitted = scores[0].cross_fitted, scores[1].cross_fitted
    return GoldEffect(found if found.items else None, grain.version, why, fitted)


def _judged(label_set: LabelSet, gold_of: Callable[[str], ResolvedGold]) -> list[tuple[str, pa.Table]]:
    """Return the items of a label set that have gold."""
    wanted = ids_by_source(gold_of(label_set.record.schema_version).sets)
    return [
        (source, items.filter(pc.is_in(items.column(ITEM_ID), wanted[source])))
        for source, items in label_set.parts()
        if source in wanted
    ]
