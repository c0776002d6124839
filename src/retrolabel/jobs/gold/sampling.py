"""Which items people should label next: a draw for a purpose, and all that is to be known of it before it is spent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import GoldError, NothingLeftError, nearest
from retrolabel.gold.adjudication import ROLES, adjudicate, standing
from retrolabel.gold.near_copies import near_copies
from retrolabel.gold.pricing import half_width
from retrolabel.gold.sampling import CORE, Draw, draw, first_come, keyed, root_shares, unsure_shares
from retrolabel.jobs.gold.batches import PROBABILITY, remembered
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.gold.samples import CHOICES, COPIES, LABEL, Sample, StratumDrawn, items_to_show
from retrolabel.jobs.gold.strata import joined, no_strata, same_texts, strata_of
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.strata import Strata
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

OF_A_ROLE = ("dev", "test", "calibration")
"""Purposes that are the role of what people will say."""
PURPOSES = (*OF_A_ROLE, "split", "adjudicate", "rare", "audit")
N = 100
AUDITED = 0.02
"""The share of what people labelled that is looked at again."""
SMALL_CORE = 0.1
"""The uniform part of a draw that is after some items above all."""
ORDER = "\x00order"
ROUNDED = 1e-12


def sample_items(  # noqa: PLR0913 - a use case with its options
    task: str,
    source: str,
    *,
    purpose: str,
    n: int | None,
    role: str | None,
    seed: int,
    columns: Sequence[str],
    history: History,
    asked: LabelSchema,
    how: Adjudication,
    label_set: LabelSet | None,
    gold: GoldBook,
    feedback: FeedbackBook,
    objects: Objects,
) -> Sample:
    """Draw items for people to label; nothing is stored.

    Args:
        task: The task.
        source: The source.
        purpose: One of :data:`PURPOSES`.
        n: How many; 100 if left out, and for ``audit`` 2 % of what people labelled.
        role: The role of what people will say, where the purpose is none itself; ``dev`` if left out.
        seed: Another seed is another draw.
        columns: The columns of texts; all of the source if left out.
        history: The versions of the task.
        asked: The version that people are asked under.
        how: How people who differ are adjudicated.
        label_set: The newest label set, if there is one.
        gold: What people said so far.
        feedback: What items there are.
        objects: Where their texts are.

    Raises:
        GoldError: There is no such purpose, role or column.
        NothingLeftError: Nothing is left that could be drawn.
    """
    chosen = _checked(purpose, role, asked)
    table, months = items_to_show(source, columns, feedback, objects)
    said = standing(gold.human_labels(task))
    batches = tuple(each for each in remembered(task, gold) if each.batch.source == source)
    mine = tuple(each for each in said if each.source == source)
    pool = _Pool(task, source, purpose, chosen, seed, table, history, asked, how, mine, batches, months)
    if purpose in ("adjudicate", "audit"):
        return pool.again(n, gold.human_labels(task))
    return pool.draw(N if n is None else n, label_set, feedback)


@dataclass(frozen=True)
class _Pool:
    """The items of a source, and what people said of them."""

    task: str
    source: str
    purpose: str
    role: str
    seed: int
    table: pa.Table
    history: History
    asked: LabelSchema
    how: Adjudication
    said: tuple[HumanLabel, ...]
    batches: tuple[BatchOfItems, ...]
    months: Ints

    def draw(self, n: int, label_set: LabelSet | None, feedback: FeedbackBook) -> Sample:
        """Return a draw with probabilities."""
        head = self.asked.version
        ids: list[str] = self.table.column(ITEM_ID).to_pylist()
        places = {item_id: place for place, item_id in enumerate(ids)}
        clusters = same_texts(self.table.drop_columns([ITEM_ID]), ids)
        strata = (
            strata_of(label_set, self.source, self._ids(), self.history, head) if label_set else no_strata(len(ids))
        )
        if self.purpose == "rare" and not any(strata.predicted):
            raise GoldError(
                f"No label set says which labels of {self.task} are rare in {self.source}.",
                remedy=f"retrolabel relabel {self.task} makes one",
            )
        again = self._sets(head, feedback, places) if self.purpose == "split" else np.zeros(0, np.int64)
        out, left_out = self._left_out(places, clusters, again)
        kept = np.flatnonzero(~out)
        if not len(kept):
            raise NothingLeftError(
                f"No item of {self.source} is left that could be drawn.",
                remedy="ingest more items, or another --source",
            )
        first = np.zeros(len(ids), np.bool_)
        first[again] = True
        codes, shown, shares, core = self._design(strata, first, kept, n)
        within = self.months * (int(strata.pattern.max(initial=0)) + 2) + strata.pattern + 1  # by month, then pattern
        key = "\x00".join([self.task, self.source, self.purpose, self.role, str(self.seed), self._answered()])
        one = np.unique(clusters[kept], return_inverse=True)[1]
        names = ids if len(kept) == len(ids) else [ids[place] for place in kept.tolist()]
        found = draw(
            names,
            codes,
            n,
            key=key,
            shares=shares,
            clusters=one,
            within=within.ravel()[kept].astype(np.int64),
            core=core,
        )
        notes = list(_few(n, len(found.places)))
        drawn, found = self._without_copies(kept[found.places], found, notes)
        if self.purpose == "split":
            notes += self._split_notes(label_set, bool((codes < len(shown) - 1).any()))
        told = tuple(
            StratumDrawn(name, int((of == name).sum()), int((of[found.places] == name).sum()))
            for of in [np.array(shown, dtype=object)[codes]]
            for name in dict.fromkeys(shown)
            if (of == name).any()
        )
        if self.purpose != "split":
            told = tuple(sorted(told, key=lambda each: -each.items))
        return self._sample(
            drawn,
            found,
            population=len(kept),
            duplicates=len(kept) - len(set(one.tolist())),
            left_out=left_out,
            strata=told,
            label_set=label_set.id if label_set else None,
            notes=tuple(notes),
        )

    def _without_copies(self, drawn: Ints, found: Draw, notes: list[str]) -> tuple[Ints, Draw]:
        """Leave out what is a near copy of an item in another role; the probabilities of the others stay as they are.

        Args:
            drawn: int [n]: the places of the drawn items.
            found: The draw.
            notes: Where it is told.
        """
        columns = [self.table.column(name) for name in self.table.column_names if name != ITEM_ID]

        def texts(places: Ints) -> list[list[str | None]]:
            cells = [column.take(pa.array(places)).to_pylist() for column in columns]
            return [list(row) for row in zip(*cells, strict=True)]

        ids = {each.item_id for each in self.said if each.role != self.role}
        ids |= {item_id for each in self.batches if each.batch.role != self.role for item_id in each.waiting}
        mine, others = texts(drawn), pc.is_in(self._ids(), pa.array(sorted(ids), pa.string()))
        copies = {row for row, _ in near_copies(mine, texts(np.flatnonzero(others)))} if ids else set()
        if copies:
            many = "1 of them is a near copy" if len(copies) == 1 else f"{len(copies):,} of them are near copies"
            notes.append(f"{many} of items in another role, and left out")
        stays = np.array([row not in copies for row in range(len(drawn))], np.bool_)
        alike = {max(row, other) for row, other in near_copies(mine, mine) if row != other} - copies
        if alike:
            what = "is a near copy of another one" if len(alike) == 1 else "are near copies of others"
            notes.append(f"{len(alike):,} of the drawn {what}; they stay, since each stands for itself")
        kept = replace(
            found, places=found.places[stays], probability=found.probability[stays], copies=found.copies[stays]
        )
        return drawn[stays], kept

    def _design(self, strata: Strata, again: Flags, kept: Ints, n: int) -> tuple[Ints, tuple[str, ...], Any, float]:
        """Return the stratum of each item that is kept, what each is shown as, their shares, and the core."""
        if self.purpose == "split":
            head = self.asked.version
            codes = np.where(again, 0, np.where(strata.several, 1, 2))[kept]
            shown = (f"gold that is several labels in {head}", f"votes leave several labels in {head}", "other items")
            return codes, shown, first_come(codes, 3, (1 - SMALL_CORE) * n), SMALL_CORE
        codes = strata.codes[kept]
        if self.purpose != "rare":
            count = len(strata.groups)
            parts = root_shares(codes, count), unsure_shares(codes, count, strata.unsure)
            shares = sum(each / max(each.sum(), ROUNDED) for each in parts)
            return codes, strata.groups, shares, CORE
        # Equal over labels, and in a label as its strata are large.
        there = np.bincount(codes, minlength=len(strata.groups)).astype(np.float64)
        of_label: Counter[str] = Counter()
        for name, items in zip(strata.groups, there.tolist(), strict=True):
            of_label[name] += int(items)
        shares = np.array(
            [
                items / of_label[name] if predicted and items else 0.0
                for name, predicted, items in zip(strata.groups, strata.predicted, there.tolist(), strict=True)
            ]
        )
        return codes, strata.groups, shares, SMALL_CORE

    def _left_out(self, places: Mapping[str, int], clusters: Ints, again: Ints) -> tuple[Flags, dict[str, int]]:
        """Return which items cannot be drawn, bool [N], and how many there are for which reason."""
        of_role = joined(places, list({each.item_id for each in self.said if each.role == self.role}))
        elsewhere = joined(places, list({each.item_id for each in self.said if each.role != self.role}))
        mine, other, waits = (np.zeros(len(places), np.bool_) for _ in range(3))
        mine[of_role] = True
        other[elsewhere] = True
        waits[joined(places, sorted(self._waiting))] = True
        mine[again] = False
        out = mine | other | waits
        taken = np.isin(clusters, np.unique(clusters[out])) & ~out
        taken[again[~waits[again]]] = False
        told = {
            f"labelled already as {self.role}": int((mine & ~other & ~waits).sum()),
            "in another role": int((other & ~waits).sum()),
            "drawn already, and not labelled yet": int(waits.sum()),
            "exact duplicates of these": int(taken.sum()),
        }
        return out | taken, {why: count for why, count in told.items() if count}

    def _sets(self, version: str, feedback: FeedbackBook, places: Mapping[str, int]) -> Ints:
        """Return the items of the role whose gold is several labels in a version."""
        sets = gold_in(self.history, version, self.role, self.said, feedback, how=self.how).sets
        return joined(places, [item_id for (_, item_id), labels in sets.items() if len(labels) > 1])

    def _split_notes(self, label_set: LabelSet | None, there_are: bool) -> list[str]:
        head = self.asked.version
        notes = []
        if not there_are:
            notes.append(f"nothing is several labels in {head}: this is a plain draw")
        if label_set is None:
            notes.append(f"no label set says what votes leave: retrolabel relabel {self.task}")
        elif label_set.record.schema_version != head:
            made = f"label set {label_set.id[:12]} is of {label_set.record.schema_version}"
            notes.append(f"{made}; its labels are read in {head}: retrolabel relabel {self.task} knows better")
        return notes

    def again(self, n: int | None, everything: Sequence[HumanLabel]) -> Sample:
        """Return items that people labelled already, to be looked at again; such a draw has no probabilities."""
        live = {each.item_id for each in self.said if each.role == self.role} - self._waiting
        ids: list[str] = self.table.column(ITEM_ID).to_pylist()
        places = {item_id: place for place, item_id in enumerate(ids)}
        adjudicated = adjudicate(
            [each for each in everything if each.source == self.source], twins=self.history.twins, how=self.how
        ).with_role(self.role)
        there = places.keys() - self._waiting
        tied = sorted(item_id for _, item_id, _ in adjudicated.ties if item_id in there)
        settled = ("unanimous", "adjudicator")
        differ = sorted(i.item_id for i in adjudicated.items if i.decided not in settled and i.item_id in there)
        groups = [("labelled by people", sorted(live & places.keys()))]
        if self.purpose == "adjudicate":
            groups = [("people are tied", tied), ("people differ", differ)]
        total = sum(len(each) for _, each in groups)
        if not total:
            what = "people are tied or differ on" if self.purpose == "adjudicate" else "people labelled"
            raise GoldError(
                f"There is no item of {self.source} that {what} as {self.role} gold of {self.task}.",
                remedy=f"retrolabel gold list {self.task}",
            )
        wanted = n if n is not None else N if self.purpose == "adjudicate" else max(1, round(AUDITED * total))
        if wanted < 1:
            raise GoldError("A draw takes at least one item.", remedy="--n 100")
        before = digest(sorted(str(each.number) for each in self.batches if each.batch.undone_at is None))
        key = "\x00".join([self.task, self.source, self.purpose, self.role, str(self.seed), before])
        drawn: list[str] = []
        strata = []
        for name, each in groups:
            mixed = [each[place] for place in np.argsort(keyed(each, key), kind="stable").tolist()]
            taken = mixed[: wanted - len(drawn)]
            drawn += taken
            if each:
                strata.append(StratumDrawn(name, len(each), len(taken)))
        order = np.argsort(keyed(drawn, key + ORDER), kind="stable").tolist()
        notes = [*_few(wanted, len(drawn)), "chosen among what people labelled: it moves no label's share"]
        if self.purpose == "audit":
            within = half_width(len(drawn), total)
            notes.append(f"how often people say the same again is known within +-{within:.3f} of these {total:,} items")
        return self._sample(
            np.array([places[drawn[each]] for each in order], np.int64),
            None,
            population=total,
            duplicates=0,
            left_out={},
            strata=tuple(strata),
            label_set=None,
            notes=tuple(notes),
        )

    def _sample(self, drawn: Ints, found: Draw | None, **more: Any) -> Sample:  # noqa: ANN401 - fields of a sample
        rows = self.table.take(pa.array(drawn))
        if found is not None:
            rows = rows.append_column(PROBABILITY, pa.array(found.probability))
            if more["duplicates"]:
                rows = rows.append_column(COPIES, pa.array(found.copies))
        head = self.asked
        choices = [" | ".join(head.ids)] * len(drawn)
        rows = rows.append_column(CHOICES, pa.array(choices, pa.string()))
        rows = rows.append_column(LABEL, pa.array([""] * len(drawn), pa.string()))
        return Sample(
            self.task,
            self.source,
            self.purpose,
            self.role,
            self.seed,
            "stratified" if found is not None else "other",
            rows,
            half_width=found.half_width if found is not None else None,
            labels=tuple(head.ids),
            version=head.version,
            **more,
        )

    def _ids(self) -> pa.Array:
        return self.table.column(ITEM_ID).combine_chunks()

    @property
    def _waiting(self) -> set[str]:
        """The items that were drawn, and wait for a label."""
        return {item_id for each in self.batches for item_id in each.waiting}

    def _answered(self) -> str:
        """Return what makes another draw of the same seed once people labelled more, or more was drawn."""
        return digest(sorted({each.item_id for each in self.said} | self._waiting))


def _few(wanted: int, drawn: int) -> list[str]:
    return [f"only {drawn:,} of the {wanted:,} that were asked for are there"] if drawn < wanted else []


def _checked(purpose: str, role: str | None, asked: LabelSchema) -> str:
    """Return the role of what people will say."""
    if purpose not in PURPOSES:
        near = nearest(purpose, PURPOSES)
        raise GoldError(
            f"--for {purpose!r} is none of {', '.join(PURPOSES)}.", remedy=f"--for {near or 'dev'}, if that is meant"
        )
    if asked.scale == "multilabel":
        raise GoldError(
            f"{asked} is multilabel: an item has several labels, and gold of that kind cannot be kept yet.",
            remedy="relation.project_presence reads such labels in another version, in memory",
        )
    if purpose in OF_A_ROLE and role not in (None, purpose):
        raise GoldError(f"Items drawn for {purpose} are {purpose} gold, not {role}.", remedy=f"--for {role}")
    if role is not None and role not in ROLES:
        raise GoldError(f"--role {role!r} is none of {', '.join(ROLES)}.", remedy="leave it out for dev")
    return purpose if purpose in OF_A_ROLE else role or "dev"
