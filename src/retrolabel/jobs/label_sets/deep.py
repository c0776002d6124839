"""A label set held against what it rests on: votes, gold, label model, and labeling functions that are called again.

What cannot be done again is neither right nor wrong: it is *open*, and says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrolabel.errors import RetrolabelError, counted
from retrolabel.jobs.label_sets.carrying import own_votes
from retrolabel.jobs.label_sets.kept_votes import read_column
from retrolabel.jobs.label_sets.remaking import NotAgainError, Remaking
from retrolabel.jobs.label_sets.same_labels import compared_labels
from retrolabel.jobs.label_sets.sides import Side
from retrolabel.jobs.label_sets.tallies import Tally, Told
from retrolabel.jobs.label_sets.verify import verify_label_set, verify_own_files
from retrolabel.jobs.records.checks import Check, DeepVerification
from retrolabel.jobs.records.decisions import FAILED, OPEN, PASSED
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.key_reasons import reasons
from retrolabel.jobs.records.key_tree import compare_keys
from retrolabel.jobs.records.votes import FAULT
from retrolabel.jobs.votes.calling_again import Calls
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from retrolabel.errors import Problem
    from retrolabel.jobs.label_sets.remaking import Remade, Rest
    from retrolabel.jobs.label_sets.sides import Ids
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import Told as Gold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.labeling.applying import Guard
    from retrolabel.labeling.functions import LabelingFunction

    Places = npt.NDArray[np.int64]

ABSTAINS, FAILS = "(abstains)", "(failed)"
NAMED = 5
"""Labeling functions that a sentence names."""


class Checkout(NamedTuple):
    """What the project holds now.

    Attributes:
        task: The task; ``None`` where it cannot be read.
        why_not: Why it cannot.
        guard: Stops labeling functions that hang.
    """

    task: FoundTask | None
    why_not: str = ""
    guard: Guard | None = None


def verify_deep(  # noqa: PLR0913 - a label set, all it rests on, and how much of it is done again
    label_set: LabelSet,
    rest: Rest,
    checkout: Checkout,
    progress: Progress,
    *,
    damage: Sequence[Problem] = (),
    sample: int | None = None,
) -> DeepVerification:
    """Return what a label set says and whether it holds, when it is made again; nothing is written.

    Args:
        label_set: The label set.
        rest: What it rests on.
        checkout: What the project holds now.
        progress: Told how far it is.
        damage: What is wrong with the catalog itself.
        sample: On how many items labeling functions are called again, evenly taken; on all if left out.
    """
    problems = tuple(verify_label_set(label_set, rest.feedback, rest.votes, damage))
    told = "its files, its feedback and its votes have the bytes that were written, and do not contradict each other"
    checks = [
        Check("files", FAILED, f"{counted(len(problems), 'problem')}: {problems[0]}", len(problems))
        if problems
        else Check("files", PASSED, told)
    ]
    if problems and verify_own_files(label_set):
        checks.append(Check("labels", OPEN, "its own files are damaged, so nothing is held against them"))
        return DeepVerification(label_set.id, tuple(checks), problems)
    deep = _Deep(Remaking(Side(label_set), rest), checkout, progress, sample)
    try:
        checks += deep.checks()
    except NotAgainError as error:
        checks.append(Check("labels", OPEN, error.message))
    except RetrolabelError as error:
        checks.append(Check("labels", FAILED, error.message))
    return DeepVerification(label_set.id, tuple(checks), problems)


class _Deep:
    def __init__(self, remaking: Remaking, checkout: Checkout, progress: Progress, sample: int | None) -> None:
        self.remaking, self.checkout, self.progress, self.sample = remaking, checkout, progress, sample
        self.side, self.label_set = remaking.side, remaking.label_set
        self.names = list(self.side.keys)
        self.numbers: dict[Ids | None, int] = {None: 0}
        self.unlike: dict[str, Tally] = {}
        self.broken: dict[str, str] = {}
        self.gone: set[str] = set()
        self.ids = Tally()

    def checks(self) -> Iterator[Check]:
        segments = list(self.remaking.segments.values())
        self.progress.start("votes, gold and labels again", len(segments) + 1)
        make = self.remaking.made(self._votes(segments))
        yield from self._of_votes()
        yield from self._of_labels(make)
        self.progress.advance(1)
        yield from self._of_lfs(segments)

    def _votes(self, segments: Sequence[Segment]) -> Iterator[tuple[Segment, VoteMatrix]]:
        """Yield the stored votes on the items of the label set, held against its own on the way."""
        for segment in segments:
            items = self.label_set.items_of(segment.id)
            rows, patterns = segment.live_rows(), np.asarray(items.column("pattern").to_numpy(), np.int64)
            ids = self._ids(segment, items)
            columns: list[tuple[Places, list[Ids]]] = []
            for lf in self.names:
                stored = self._stored(lf, segment)
                if stored is None:
                    columns.append((self.side.column(lf)[patterns], self.side.sets))
                    continue
                codes, texts = stored[0][rows], stored[1]
                tally = self.unlike.setdefault(lf, Tally())
                tally.add(segment.source, ids, self._held(lf, patterns), self._read(lf, codes, texts))
                read = own_votes(self.side, lf, texts)
                known = [each for each in read if each is not None]
                place = np.array([0, *(known.index(each) + 1 if each is not None else 0 for each in read)], np.int64)
                columns.append((place[codes], known))
            yield (
                segment,
                VoteMatrix.from_columns(columns, labels=self.side.labels, voters=self.names, rows=len(rows)),
            )
            self.progress.advance(1)

    def _ids(self, segment: Segment, items: pa.Table) -> list[str]:
        """Return the ids of the items of a segment, held against the segment's own."""
        held: list[str] = items.column(ITEM_ID).to_pylist()
        table = self.remaking.objects.read_table(segment.path, [ITEM_ID], sha256=segment.sha256)
        own: list[str] = table.column(ITEM_ID).take(segment.live_rows()).to_pylist()
        if held != own:
            numbers = (np.asarray(each, np.object_) for each in (held, own))
            told = [Told(each, words.__getitem__) for each, words in zip(numbers, (held, own), strict=True)]
            self.ids.add(segment.source, held, *told)
        return held

    def _held(self, lf: str, patterns: Places) -> Told:
        """Return the votes of an LF that the label set holds."""
        codes = self.side.column(lf)[patterns]
        return Told(self._numbered(self.side.sets)[codes], lambda row: self._word(codes[row], self.side.sets))

    def _read(self, lf: str, codes: Places, texts: Sequence[str]) -> Told:
        """Return votes as they were cast as what they are in the label set's version."""
        read = own_votes(self.side, lf, texts)
        return Told(self._numbered(read)[codes], lambda row: self._word(codes[row], read, texts))

    def _stored(self, lf: str, segment: Segment) -> tuple[Places, list[str]] | None:
        """Return the stored votes of an LF on a segment; ``None`` where they are gone, or cannot be read."""
        column: VoteColumn | None = self.remaking.columns.get((lf, segment.id))
        if column is None:
            self.gone.add(lf)
            return None
        try:
            codes, texts = read_column(column, self.remaking.objects, self.remaking.vote_files.get(column.path))
            if len(codes) != segment.rows:
                self.broken[lf] = f"{len(codes):,} votes are stored on the {segment.rows:,} rows of {segment.id[:12]}"
                return None
        except RetrolabelError as error:
            self.broken[lf] = error.message
            return None
        return codes, texts

    def _numbered(self, sets: Sequence[Ids | None]) -> Places:
        """Return a number for each code of some votes, the same for the same set; 0 for none."""
        full = frozenset(self.side.labels)
        known = [None if each == full else each for each in sets]
        return np.array([0, *(self.numbers.setdefault(each, len(self.numbers)) for each in known)], np.int64)

    def _word(self, code: int, sets: Sequence[Ids | None], texts: Sequence[str] = ()) -> str:
        """Return a vote for people."""
        if code and texts and texts[code - 1] == FAULT:
            return FAILS
        ids = sets[code - 1] if code else None
        return "|".join(label for label in self.side.labels if label in ids) if ids else ABSTAINS

    def _of_votes(self) -> Iterator[Check]:
        if self.ids.items:
            yield self.ids.failed("ids", "another id than the segment has")
        bad = {lf: tally for lf, tally in self.unlike.items() if tally.items}
        for lf, tally in bad.items():
            yield tally.failed(f"votes of {lf}", "labelled with another vote than is stored")
        for lf, why in sorted(self.broken.items()):
            yield Check(f"votes of {lf}", FAILED, why)
        gone = sorted(self.gone - self.broken.keys())
        if gone:
            what = "are not stored any more, or not all of them: the labels are held against those in its own files"
            yield Check("votes", OPEN, f"the votes of {_some(gone)} {what}")
        fine = len(self.names) - len({*bad, *self.broken, *gone})
        if fine or not self.names:
            told = f"{counted(fine, 'labeling function')}: the label set was made of the votes that are stored"
            yield Check("votes", PASSED, told)

    def _of_labels(self, make: Callable[[Mapping[tuple[str, str], Gold]], Remade]) -> Iterator[Check]:
        try:
            model = self.remaking.model
        except NotAgainError as error:
            yield Check("labels", OPEN, error.message)
            return
        try:
            gold = self.remaking.gold() if model.uses_gold else {}
        except NotAgainError as error:
            yield Check("gold", OPEN, error.message)
            yield Check("labels", OPEN, "they follow from gold, which cannot be read again as it was")
            return
        wanted = self.side.inputs["gold"]
        if wanted is not None:
            then = self.label_set.manifest["recorded"].get("started", "")[:16].replace("T", " ")
            yield Check("gold", PASSED, f"{wanted['items']:,} items, read again as they were at {then} UTC")
        try:
            again = make(gold)
        except RetrolabelError as error:
            yield Check("labels", OPEN, f"the label model cannot be fitted here: {error.message}")
            return
        yield from compared_labels(self.side, again, self.remaking.rest.environment)

    def _of_lfs(self, segments: Sequence[Segment]) -> Iterator[Check]:
        """Call labeling functions again that the project has under the same keys."""
        task = self.checkout.task
        if task is None:
            yield Check("labeling functions", OPEN, f"none was called again: {self.checkout.why_not}")
            return
        here = {task.keys[lf.name]: lf for lf in task.lfs}
        called = {name: here[key] for name, key in self.side.keys.items() if key in here}
        tallies = {name: Tally() for name in called}
        calls = Calls(
            list({lf.name: lf for lf in called.values()}.values()),
            task.feature_keys,
            self.remaking.rest.feedback.sources(),
            self.remaking.objects,
            self.checkout.guard,
        )
        total = sum(segment.live for segment in segments)
        share = 1.0 if self.sample is None else min(1.0, self.sample / max(1, total))
        self.progress.start("labeling functions, again", total * share * len(calls.lfs))
        items = 0
        for segment in segments if called else ():
            chosen = _evenly(segment.live, share)
            items += len(chosen)
            self._call(calls, called, tallies, segment, chosen)
            self.progress.advance(len(chosen) * len(calls.lfs))
        for name, tally in tallies.items():
            if tally.items:
                yield tally.failed(f"LF {name}", "called again, it does not say what is stored")
        fine = sum(not tally.items for tally in tallies.values())
        if fine:
            on = counted(items, "item") if share == 1.0 else f"{counted(items, 'item')} of {total:,}"
            yield Check("labeling functions", PASSED, f"{fine:,} called again on {on}: the same votes")
        for name, why in self._others(task):
            yield Check(f"LF {name}", OPEN, f"not called again: {why}")

    def _call(
        self,
        calls: Calls,
        called: Mapping[str, LabelingFunction],
        tallies: Mapping[str, Tally],
        segment: Segment,
        chosen: Places,
    ) -> None:
        items = self.label_set.items_of(segment.id, [ITEM_ID, "pattern"]).take(chosen)
        ids = items.column(ITEM_ID).to_pylist()
        rows, patterns = segment.live_rows()[chosen], np.asarray(items.column("pattern").to_numpy(), np.int64)
        said = calls.on(segment, rows)
        for name, lf in called.items():
            codes, texts = said[lf.name]
            stored = self._stored(name, segment)
            if stored is None:
                tallies[name].add(segment.source, ids, self._held(name, patterns), self._read(name, codes, texts))
            else:
                numbers: dict[str, int] = {}
                told = _cast(stored[0][rows], stored[1], numbers), _cast(codes, texts, numbers)
                tallies[name].add(segment.source, ids, *told)

    def _others(self, task: FoundTask) -> Iterator[tuple[str, str]]:
        """Yield the labeling functions that the project has not under the same keys, and why."""
        keys = set(task.keys.values())
        recorded = self.label_set.manifest["recorded"].get("lfs", ())
        changes = compare_keys(recorded, task.keys, task.trees)
        for name, key in self.side.keys.items():
            if key in keys:
                continue
            change = changes.changed.get(name)
            yield name, "; ".join(reasons(change)) if change is not None else "not in this checkout"


def _evenly(count: int, share: float) -> Places:
    """Return places of items, evenly taken."""
    wanted = count if share >= 1.0 else min(count, max(1, round(count * share)))
    return np.unique(np.linspace(0, count - 1, wanted).astype(np.int64)) if wanted else np.zeros(0, np.int64)


def _cast(codes: Places, texts: Sequence[str], numbers: dict[str, int]) -> Told:
    """Return votes as they were cast; ``numbers`` has a number for each."""
    table = np.array([0, *(numbers.setdefault(text, len(numbers) + 1) for text in texts)], np.int64)
    words = [ABSTAINS, *(FAILS if text == FAULT else text for text in texts)]
    return Told(table[codes], lambda row: words[codes[row]])


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
