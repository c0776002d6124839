"""A label set made again, in memory, from stored votes, gold as it was, and the settings that its manifest lists."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import CorruptionError, RetrolabelError
from retrolabel.jobs.feedback.content import canonical_bytes
from retrolabel.jobs.label_sets.files import as_json, item_table, pattern_table
from retrolabel.jobs.label_sets.fitting import fit, gold_inputs
from retrolabel.jobs.label_sets.gold_then import GoldThen, answers_at, texts_at
from retrolabel.jobs.label_sets.joining import At
from retrolabel.jobs.label_sets.kept_votes import kept_columns
from retrolabel.jobs.label_sets.patterns import AllPatterns, ids_by_source, merged_parts
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.label_models.deciding import decide
from retrolabel.label_models.rebuilding import NUMERICS, from_settings, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.sides import Side
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import Told
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.schema.history import History
    from retrolabel.votes import VoteMatrix

    Key = tuple[str, str]


class NotAgainError(Exception):
    """Something that a label set was made of cannot be had again; it is told of, and ends nothing.

    Args:
        message: What, and why.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Rest:
    """What a label set rests on.

    Attributes:
        feedback: What items there are.
        votes: What is stored of votes.
        gold: What people said.
        how: How people who differ are adjudicated, as the settings say now.
        history: Returns the task's versions, as the project has them; raises where there are none.
        environment: Packages and platform, as they are now.
    """

    feedback: FeedbackBook
    votes: VotesBook
    gold: GoldBook
    how: Adjudication
    history: Callable[[], History]
    environment: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Remade:
    """What came out.

    Attributes:
        patterns: The patterns, in the form of the label set's own.
        parts: The items of each segment, in the order of a relabel.
        labels_hash: The hash of all of them.
        learned: What the label model learned, as plain data.
        unseen: The gold items that were fitted, by models that had not seen them.
    """

    patterns: pa.Table
    parts: list[pa.Table]
    labels_hash: str
    learned: dict[str, Any]
    unseen: list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Remaking:
    """Makes a label set again; nothing is written.

    Attributes:
        side: The label set.
        rest: What it rests on.
    """

    side: Side
    rest: Rest

    @property
    def label_set(self) -> LabelSet:
        """The label set."""
        return self.side.label_set

    @property
    def objects(self) -> Objects:
        """The files of the store."""
        return self.label_set.objects

    @cached_property
    def segments(self) -> dict[str, Segment]:
        """The segments as they were: with the rows that were superseded then.

        Raises:
            NotAgainError: The catalog knows one of them no more.
            CorruptionError: The label set holds other rows than its id was made of.
        """
        known = {each.id: each for each in self.rest.feedback.segments()}
        found: dict[str, Segment] = {}
        for made in self.side.inputs["segments"]:
            segment = known.get(made["id"])
            if segment is None:
                raise NotAgainError(f"the catalog knows the segment {made['id'][:12]} of {made['source']} no more")
            rows = self.label_set.items_of(made["id"], ["row"]).column("row").to_numpy().astype(np.int64)
            gone = np.setdiff1d(np.arange(segment.rows), rows)
            then = replace(segment, superseded=tuple(gone.tolist()))
            if then.live_digest != made["live"] or not np.array_equal(then.live_rows(), rows):
                of = f"the segment {made['id'][:12]} of {made['source']}"
                raise CorruptionError(f"the items of {of} are not those that the id was made of")
            found[made["id"]] = then
        return found

    @cached_property
    def columns(self) -> dict[tuple[str, str], VoteColumn]:
        """(LF, segment) -> where the votes are stored; what is gone is left out."""
        return kept_columns(self.label_set, self.rest.feedback, self.rest.votes)

    @cached_property
    def vote_files(self) -> dict[str, str]:
        """The files of these -> the hash that they were written with."""
        return self.rest.votes.files(sorted({each.key for each in self.columns.values()}))

    @cached_property
    def model(self) -> LabelModelProtocol:
        """The unfitted label model.

        Raises:
            NotAgainError: This version of retrolabel has no such one.
        """
        wanted = self.side.settings
        try:
            made = from_settings(wanted)
            now = json.loads(as_json(made.settings()))
        except (RetrolabelError, TypeError, ValueError, KeyError) as error:
            raise NotAgainError(f"the label model cannot be made again: {error}") from error
        if now == wanted:
            return made
        if without(now, NUMERICS) == without(wanted, NUMERICS):
            told = [
                f"{name} {wanted.get(name, '(none)')}, now {now.get(name, '(none)')}"
                for name in sorted(NUMERICS)
                if now.get(name) != wanted.get(name)
            ]
            raise NotAgainError(f"other code does the numerics: {', '.join(told) or 'of one of its candidates'}")
        raise NotAgainError("this version of retrolabel does not know all settings of its label model")

    def gold(self) -> Mapping[Key, Told]:
        """Return the gold that was fitted.

        Raises:
            NotAgainError: It cannot be read again as it was.
        """
        wanted = self.side.inputs["gold"]
        if wanted is None:
            return {}
        try:
            history = self.rest.history()
            answers = answers_at(self.rest.gold, self.label_set)
            texts = texts_at(answers, self._places(answers), self.rest.feedback, self.objects)
            then = GoldThen(history, self.rest.how, (answers, answers), (texts, texts))
            sources = frozenset(each["source"] for each in self.side.inputs["segments"])
            told = then.told(self.side.version, sources, later=False, later_texts=False)
        except RetrolabelError as error:
            raise NotAgainError(f"gold cannot be read again: {error.message}") from error
        if gold_inputs(told) != wanted:
            what = f"the {wanted['items']:,} gold items that were fitted cannot be read again as they were"
            why = "answers, draws, the schema, or the way people who differ are adjudicated changed"
            raise NotAgainError(f"{what}: {why}")
        return told

    def _places(self, answers: Iterable[Any]) -> dict[Key, At]:
        """Return where the label set holds the items that people labelled."""
        wanted = ids_by_source({(each.source, each.item_id): None for each in answers})
        found: dict[Key, At] = {}
        for made in self.side.inputs["segments"]:
            if made["source"] in wanted:
                items = self.label_set.items_of(made["id"], [ITEM_ID, "row"])
                mine = items.filter(pc.is_in(items.column(ITEM_ID), wanted[made["source"]])).to_pydict()
                pairs = zip(mine[ITEM_ID], mine["row"], strict=True)
                found |= {(made["source"], item_id): At(made["id"], row) for item_id, row in pairs}
        return found

    def made(self, votes: Iterator[tuple[Segment, VoteMatrix]]) -> Callable[[Mapping[Key, Told]], Remade]:
        """Read votes as patterns; return what makes the rest, of gold.

        Args:
            votes: The segments as they were, each with the votes on its items.
        """
        patterns, parts = merged_parts(votes, self.side.labels, self.label_set.voters)
        found = AllPatterns(patterns, parts, 0)

        def rest(gold: Mapping[Key, Told]) -> Remade:
            seen = found.of_items(gold, self.objects)
            fitted, unseen = fit(self.model, patterns, gold, seen, self.side.deciding)
            probabilities = fitted.predict_proba(patterns)
            table = pattern_table(patterns, probabilities, decide(patterns, probabilities, self.side.deciding))
            if not self.label_set.tells_guesses:
                table = table.drop_columns(["guessed", "partial"])
            hasher, items = hashlib.sha256(canonical_bytes(table)), []
            for part in parts:
                items.append(item_table(part, table, self.objects))
                hasher.update(canonical_bytes(items[-1]))
            learned = json.loads(as_json(fitted.parameters()))
            return Remade(table, items, hasher.hexdigest(), learned, unseen.to_pylist() if unseen is not None else [])

        return rest
