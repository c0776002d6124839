"""The errors of a task: its label sets, its dev gold and the words of its items, brought together as frames."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from retrolabel.analysis.confusion import confusion
from retrolabel.analysis.errors import errors, said_of, sets_of
from retrolabel.errors import GoldError, RetrolabelError
from retrolabel.jobs.gold.resolving import gold_in, items_of_test, why_no_gold
from retrolabel.jobs.label_sets.judging import cells, judged_items, months_of, text_columns
from retrolabel.jobs.label_sets.lf_against import place_of
from retrolabel.jobs.label_sets.patterns import ids_by_source
from retrolabel.jobs.label_sets.words import words_found
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from retrolabel.analysis.confusion import Confusion
    from retrolabel.jobs.label_sets.judging import Items, Judged
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.words import Span
    from retrolabel.votes import VoteMatrix
    from retrolabel.wiring.site import Site

    Key = tuple[str, str]


class Judging:
    """A label set, its items with dev gold, and what the project says of their words; read once.

    Items that test gold is on are nowhere in it.

    Args:
        site: The project and its store.
        task: The task.
        name: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.

    Raises:
        UnknownLabelSetError: There is no such label set.
        GoldError: It has no item with dev gold.
    """

    def __init__(self, site: Site, task: str, name: str, *, needs_gold: bool = True) -> None:
        self.site, self.task = site, task
        self.label_set: LabelSet = site.label_set(task, name)
        history, version = site.history(task), self.label_set.record.schema_version
        said = site.catalog.gold.human_labels(task)
        gold = gold_in(history, version, "dev", said, site.catalog.feedback, how=site.adjudication(task))
        self.of_test = items_of_test(said)
        self.segments = {segment.id: segment for segment in site.catalog.feedback.segments()}
        self.judged: Judged = judged_items(
            self.label_set, gold, without=self.of_test, segments=self.segments, objects=site.objects
        )
        if needs_gold and not self.judged.items.keys:
            why, remedy = why_no_gold(gold, task, version)
            raise GoldError(why, remedy=remedy)
        self.keys = {lf["name"]: lf["key"] for lf in self.label_set.manifest["inputs"]["lfs"]}

    @cached_property
    def project(self) -> FoundTask:
        """The task as the project has it, without modules that do not import; raises ``DiscoveryError``."""
        return self.site.discover(self.task, skips=True)

    @cached_property
    def found(self) -> FoundTask | None:
        """The same; ``None`` where it cannot be read."""
        try:
            return self.project
        except RetrolabelError:
            return None

    @cached_property
    def without_gold(self) -> list[tuple[str, pa.Table]]:
        """(source, item id and pattern) of the items that no gold of dev or test is on, a table for each segment."""
        known = ids_by_source({*self.judged.items.keys, *self.of_test})
        found = []
        for made in self.label_set.manifest["outputs"]["segments"]:
            items = self.label_set.items_of(made["id"], [ITEM_ID, "pattern"])
            if made["source"] in known:
                items = items.filter(pc.invert(pc.is_in(items.column(ITEM_ID), known[made["source"]])))
            found.append((made["source"], items))
        return found

    def words(self, lf: str, item: dict[str, Any]) -> list[Span]:
        """Return the words that made a labeling function vote, where the project has it as it was."""
        return words_found(self.found, self.keys[lf], item)

    def columns(self) -> dict[str, list[str | None]]:
        """Return what buckets may be of: source, month, gold, label, and the vote of each labeling function.

        A labeling function that is called like one of the others is left out.
        """
        judged, items = self.judged, self.judged.items
        names = symbol_names(judged.votes.symbols, judged.votes.labels)
        votes = {voter: cells(names, judged.votes.codes[:, place]) for place, voter in enumerate(judged.votes.voters)}
        return {
            **votes,
            "source": [source for source, _ in items.keys],
            "month": months_of(items.days),
            "gold": list(sets_of(judged.labels, judged.possible)),
            "label": said_of(judged.labels, judged.said, items.covered, judged.guessed).tolist(),
        }

    def wrong(self) -> list[bool | None]:
        """Return whether the label of each item is wrong; ``None`` where it is not judged."""
        both = zip(self.judged.judged.tolist(), self.judged.right.tolist(), strict=True)
        return [not right if known else None for known, right in both]


def found_errors(  # noqa: PLR0913 - what is asked of them
    at: Judging,
    *,
    gold: str | None = None,
    label: str | None = None,
    lf: str | None = None,
    among: npt.NDArray[np.bool_] | None = None,
    words: int | None = None,
) -> pd.DataFrame:
    """Return the errors of a label set; the columns are those of ``Task.errors``.

    Args:
        at: The label set, with its dev gold.
        gold: Only items whose gold leaves this label.
        label: Only items with this label, or without one for this reason.
        lf: Only items that this labeling function votes on.
        among: bool [n]: only these of the items with dev gold.
        words: For how many items words are looked for, the surest first; all if left out.
    """
    judged, items = at.judged, at.judged.items
    found = errors(
        judged.possible,
        judged.said,
        judged.probabilities,
        labels=judged.labels,
        covered=items.covered,
        guessed=judged.guessed,
        of_gold=gold,
        of_label=label,
    )
    keep = np.ones(len(items.keys), np.bool_) if among is None else np.asarray(among, np.bool_)
    if lf is not None:
        keep &= judged.votes.codes[:, place_of(at.label_set, lf)] != 0
    found = found[keep[found["row"].to_numpy(np.int64)]]
    rows = found["row"].tolist()
    names = symbol_names(judged.votes.symbols, judged.votes.labels)
    votes = [_votes_of(judged.votes, row, names) for row in rows]
    head = {
        "source": [items.keys[row][0] for row in rows],
        "item_id": [items.keys[row][1] for row in rows],
        **{name: [items.columns[row].get(name) for row in rows] for name in texts_of(at, items)},
    }
    tail = {
        "partial": [judged.partial[row] for row in rows],
        "cross_fitted": [bool(judged.fitted[row]) for row in rows],
        "month": [months_of(items.days[[row]])[0] for row in rows],
        "votes": votes,
        "words": _words_of(at, rows, votes, len(rows) if words is None else words),
    }
    made: pd.DataFrame = pd.concat(
        [pd.DataFrame(head), found.drop(columns="row").reset_index(drop=True), pd.DataFrame(tail, dtype=object)], axis=1
    )
    made.attrs |= {"label_set": at.label_set.id, "texts": texts_of(at, items)}
    for name, count in counts_of(judged).items():
        made.attrs[name] = count
    return made


def _words_of(
    at: Judging, rows: Sequence[int], votes: Sequence[dict[str, str]], most: int
) -> list[dict[str, list[Span]]]:
    """Return the words that made labeling functions vote on some items; none after so many items."""
    progress = at.site.progress
    found: list[dict[str, list[Span]]] = [{} for _ in rows]
    progress.start("words of labeling functions", min(most, len(rows)))
    for place, (row, said) in enumerate(zip(rows[:most], votes[:most], strict=True)):
        spans = {voter: at.words(voter, at.judged.items.columns[row]) for voter in said}
        found[place] = {voter: words for voter, words in spans.items() if words}
        progress.advance(1)
    return found


def counts_of(judged: Judged) -> dict[str, int]:
    """Return how many items have dev gold, are judged, wrong, and cross-fitted."""
    return {
        "items": len(judged.items.keys),
        "judged": int(judged.judged.sum()),
        "wrong": int((judged.judged & ~judged.right).sum()),
        "cross_fitted": int(judged.fitted.sum()),
    }


def texts_of(at: Judging, items: Items) -> list[str]:
    """Return the columns of texts that labeling functions read; all, where that is not known."""
    names = text_columns(items, at.site.catalog.feedback.sources())
    reads = at.label_set.reads
    return [name for name in names if name in reads] or names


def _votes_of(votes: VoteMatrix, row: int, names: Sequence[str]) -> dict[str, str]:
    codes = votes.codes[row].tolist()
    return {voter: names[code - 1] for voter, code in zip(votes.voters, codes, strict=True) if code}


def confused(at: Judging) -> Confusion:
    """Return gold beside labels."""
    judged = at.judged
    return confusion(
        judged.possible,
        judged.said,
        labels=judged.labels,
        covered=judged.items.covered,
        guessed=judged.guessed,
    )
