"""Suggest labeling functions: what is known of a task's items, and the words that come of it.

Nothing is written but the sample, which lies beside the store. Items with test gold are not looked at.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.evidence import CONFIDENT, Evidence
from retrolabel.analysis.gaps.kinds import left_by
from retrolabel.analysis.suggested_lfs import SuggestedLf, SuggestedLfs
from retrolabel.analysis.suggestions import suggest
from retrolabel.analysis.trying.tried import Shown
from retrolabel.errors import SchemaError, counted
from retrolabel.labeling.words import words_of
from retrolabel.wiring.looked_for import looks_for
from retrolabel.wiring.new_lfs import lf_of
from retrolabel.wiring.offered_before import offered_in
from retrolabel.wiring.suggested_wishes import names_for, wish_for
from retrolabel.wiring.task_items import TaskItems
from retrolabel.wiring.text_columns import text_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from retrolabel.analysis.trying.values import Ground
    from retrolabel.wiring.site import Site

PASSES = 4
"""How often texts are looked at: three times for words, once for what these hit."""


class Suggesting:
    """A task for which labeling functions are suggested, by a sample of its items.

    Args:
        site: The project and its store.
        task: The task.
        columns: The columns in which words are looked for; those that the task's labeling functions read if empty.
        items: How many items are drawn.
        besides: Files of suggestions that were written before: what is in them is left out.

    Raises:
        DiscoveryError: The task cannot be used; everything at once.
        StoreError: There are no items.
        InputError: There is no such column, none that holds texts, or a file cannot be read.
        SchemaError: The task is multilabel.
    """

    def __init__(
        self,
        site: Site,
        task: str,
        columns: Sequence[str] = (),
        items: int = 20_000,
        besides: Sequence[Path] = (),
    ) -> None:
        self._offered = offered_in(besides)
        self._site = site
        self._name = task
        self._at = TaskItems(site, task, items)
        self.columns = text_columns(self._at, site.catalog.feedback.sources(), columns)

    @cached_property
    def _cells(self) -> list[tuple[str | None, ...]]:
        """The texts of each item, a cell a column."""
        return self._at.cells(self.columns)

    def _label(self, asked: str | None) -> str | None:
        if asked is None:
            return None
        schema = self._at.schema
        label = schema.label(schema.names().get(asked, asked)).id
        if label not in schema.leaves:
            below = ", ".join(sorted(schema.taxonomy.leaves_of([label])))
            raise SchemaError(f"{label} has labels below it, which tell more.", remedy=f"--label, one of {below}")
        return label

    def found(self, label: str | None = None, limit: int | None = 10) -> SuggestedLfs:
        """Return suggested labeling functions, the best first.

        Args:
            label: One label only, by its id or name.
            limit: How many at most; all if ``None``.

        Raises:
            UnknownLabelError: There is no such label.
            SchemaError: The label has others below it.
        """
        wanted, ground = self._label(label), self._at.ground
        progress = self._site.progress
        progress.start("looking for words", PASSES * len(self._cells))
        every = suggest(self._cells, self._evidence(ground), label=wanted, advance=progress.advance)
        found = self._at.found
        taken = [*(lf.name for lf in found.lfs), *found.features]
        lfs = []
        for each, name in zip(every.suggestions[:limit], names_for(every.suggestions[:limit], taken), strict=True):
            made = self._at.schema.label(each.label)
            lf = lf_of(wish_for(each, name, made, "LABEL", self.columns), made)
            lfs.append(SuggestedLf(lf.named(name), each))
        several = int((ground.gold.sum(axis=1) > 1).sum())
        told = f"{counted(several, 'item')} with dev gold of several labels choose nothing, and judge nothing"
        return SuggestedLfs(
            self._name,
            self.columns,
            every,
            tuple(lfs),
            wanted,
            ground.judged_by,
            bool(ground.others.voters or ground.judged_by),
            (*self._at.notes, *([told] if several else ())),
            self._shown,
        )

    def _evidence(self, ground: Ground) -> Evidence:
        one = ground.gold.sum(axis=1) == 1
        voted = _voted(ground)
        covered = voted.any(axis=1)
        sure = (ground.said >= 0) & (ground.sure >= CONFIDENT)
        settled = np.where(ground.has_gold, covered, sure) if ground.judged_by else covered
        return Evidence(
            ground.labels,
            np.where(one, ground.gold.argmax(axis=1), -1),
            ground.said if ground.judged_by else None,
            ground.sure if ground.judged_by else None,
            voted,
            ~np.asarray(settled, np.bool_),
            self._taken(),
        )

    def _taken(self) -> Callable[[str, int], bool]:
        looked_for = looks_for(self._at.found, self.columns)
        return lambda term, label: looked_for(term, label) or self._offered(term)

    def _shown(self, row: int, lf: SuggestedLf, verdict: str) -> Shown:
        """Return an item as it is shown, with the words of a suggestion."""
        ground = self._at.ground
        item = dict(zip(self.columns, self._cells[row], strict=True))
        said = int(ground.said[row])
        return Shown(
            *self._at.items().keys[row],
            vote=lf.found.label,
            verdict=verdict,
            gold="|".join(np.asarray(ground.labels)[ground.gold[row]].tolist()),
            label=ground.labels[said] if said >= 0 else "",
            probability=float(ground.sure[row]) if said >= 0 else None,
            texts={name: text for name, text in item.items() if text is not None},
            spans=words_of(lf.lf, item),
        )


def _voted(ground: Ground) -> npt.NDArray[np.bool_]:
    """Return bool [n, k]: whether the votes on an item leave this label alone."""
    left = left_by(ground.others)
    return np.asarray(left & (left.sum(axis=1, keepdims=True) == 1) & ground.others.covered[:, None])
