"""Suggest labeling functions: what the store knows of a sample of items, and the words that come of it.

Nothing is written but the sample, which lies beside the store. Items with test gold are not looked at.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.evidence import CONFIDENT, Evidence
from retrolabel.analysis.suggested_lfs import SuggestedLf, SuggestedLfs
from retrolabel.analysis.suggestions import suggest
from retrolabel.analysis.trying.tried import Shown
from retrolabel.errors import SchemaError, counted
from retrolabel.jobs.gold.resolving import items_with
from retrolabel.labeling.words import words_of
from retrolabel.wiring.looked_for import looks_for
from retrolabel.wiring.new_lfs import lf_of
from retrolabel.wiring.suggested_wishes import names_for, wish_for
from retrolabel.wiring.text_columns import text_columns
from retrolabel.wiring.trial_ground import TrialGround

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.analysis.trying.values import Ground
    from retrolabel.schema.versions import LabelSchema
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

    Raises:
        DiscoveryError: The task cannot be used; everything at once.
        StoreError: There are no items.
        InputError: There is no such column, or none that holds texts.
        SchemaError: The task is multilabel.
    """

    def __init__(self, site: Site, task: str, columns: Sequence[str] = (), items: int = 20_000) -> None:
        self._site = site
        self._name = task
        self._found = site.discover(task, skips=True)
        if self.schema.scale == "multilabel":
            raise SchemaError(
                f"{self.schema} is multilabel; lf suggest looks for words of labels that exclude each other so far.",
                remedy="retrolabel lf new writes a labeling function from words that you name",
            )
        self._known = TrialGround(site, self._found, items)
        self._tables = self._known.sample.tables
        self.columns = text_columns(self._tables, site.catalog.feedback.sources(), self._found, columns)

    @property
    def schema(self) -> LabelSchema:
        """The newest version."""
        return self._found.history.head

    @cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        """The places in the sample of the items without test gold."""
        hidden = items_with("test", self._site.catalog.gold.human_labels(self._name))
        return np.array([row for row, key in enumerate(self._known.sample.keys) if key not in hidden], np.int64)

    @cached_property
    def _ground(self) -> Ground:
        return self._known.beside("", self._found)

    @cached_property
    def _cells(self) -> list[tuple[str | None, ...]]:
        """The texts of each item without test gold, a cell a column."""
        tables = self._tables.values()
        parts = [zip(*(table.column(name).to_pylist() for name in self.columns), strict=True) for table in tables]
        every = [cells for part in parts for cells in part]
        return [every[row] for row in self._rows.tolist()]

    def label(self, asked: str | None) -> str | None:
        """Return the id of the label that is asked for.

        Raises:
            UnknownLabelError: There is none.
            SchemaError: It has labels below it.
        """
        if asked is None:
            return None
        label = self.schema.label(self.schema.names().get(asked, asked)).id
        if label not in self.schema.leaves:
            below = ", ".join(sorted(self.schema.taxonomy.leaves_of([label])))
            raise SchemaError(f"{label} has labels below it, which tell more.", remedy=f"--label, one of {below}")
        return label

    def found(self, label: str | None = None, limit: int | None = 10) -> SuggestedLfs:
        """Return suggested labeling functions, the best first.

        Args:
            label: One label only, by its id or name.
            limit: How many at most; all if ``None``.

        Raises:
            UnknownLabelError: There is no such label.
        """
        wanted, evidence = self.label(label), self._evidence()
        progress = self._site.progress
        progress.start("looking for words", PASSES * len(self._cells))
        every = suggest(self._cells, evidence, label=wanted, advance=progress.advance)
        chosen = every.suggestions[:limit]
        taken = [*(lf.name for lf in self._found.lfs), *self._found.features]
        lfs = []
        for each, name in zip(chosen, names_for(chosen, taken), strict=True):
            made = self.schema.label(each.label)
            lf = lf_of(wish_for(each, name, made, "LABEL", self.columns), made)
            lfs.append(SuggestedLf(lf.named(name), each))
        ground = self._ground
        return SuggestedLfs(
            self._name,
            self.columns,
            every,
            tuple(lfs),
            wanted,
            ground.judged_by,
            bool(ground.others.voters or ground.judged_by),
            tuple(self._notes()),
            [self._known.sample.keys[row] for row in self._rows.tolist()],
            self._shown,
        )

    def _evidence(self) -> Evidence:
        ground, rows = self._ground, self._rows
        gold = ground.gold[rows]
        one = gold.sum(axis=1) == 1
        voted = _voted(ground)[rows]
        covered = voted.any(axis=1)
        sure = (ground.said[rows] >= 0) & (ground.sure[rows] >= CONFIDENT)
        settled = np.where(gold.any(axis=1), covered, sure) if ground.judged_by else covered
        return Evidence(
            ground.labels,
            np.where(one, gold.argmax(axis=1), -1),
            ground.said[rows] if ground.judged_by else None,
            ground.sure[rows] if ground.judged_by else None,
            voted,
            ~np.asarray(settled, np.bool_),
            looks_for(self._found, self.columns),
        )

    def _notes(self) -> list[str]:
        ground, notes = self._ground, []
        several = int((ground.gold[self._rows].sum(axis=1) > 1).sum())
        if several:
            notes.append(
                f"{counted(several, 'item')} with dev gold of several labels choose nothing, and judge nothing"
            )
        if ground.missing:
            some = ", ".join(ground.missing[:3]) + (", ..." if len(ground.missing) > 3 else "")  # noqa: PLR2004 - a few
            notes.append(
                f"the votes of {counted(len(ground.missing), 'labeling function')} ({some}) are not stored, so what"
                f" these say already may be suggested: retrolabel relabel {self._name}"
            )
        notes += [f"does not import: {p.where}: {p.what}" for module in self._found.broken for p in module.problems]
        return notes

    def _shown(self, place: int, lf: SuggestedLf, verdict: str) -> Shown:
        """Return an item as it is shown, with the words of a suggestion."""
        row, ground = int(self._rows[place]), self._ground
        item: dict[str, Any] = dict(zip(self.columns, self._cells[place], strict=True))
        said = int(ground.said[row])
        return Shown(
            *self._known.sample.keys[row],
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
    votes = ground.others
    left = np.ones((len(votes), len(ground.labels)), np.bool_)
    for column in votes.codes.T:
        left &= votes.membership[column]
    return np.asarray(left & (left.sum(axis=1, keepdims=True) == 1) & votes.covered[:, None])
