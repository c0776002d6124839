"""What people should label next: ``task.gold.sample``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.errors import InputError, SettingsError, UnknownLabelSetError, did_you_mean
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.samples import Sample
    from retrolabel.wiring.site import Site


class Sampling:
    """Draws items of a task for people to label."""

    _site: Site
    _task: str

    def sample(  # noqa: PLR0913 - the options of a draw
        self,
        n: int | None = None,
        *,
        purpose: str = "dev",
        source: str | None = None,
        role: str | None = None,
        seed: int = 0,
        columns: Sequence[str] = (),
        schema: str | None = None,
        out: str | Path | None = None,
        spreadsheet: bool = False,
    ) -> Sample:
        """Draw items for people to label next; the file takes their labels, and ``import_file`` takes it back.

        Half of a draw is uniform; the rest goes to strata of the newest label set (predicted label, fifth of
        certainty). Each item has the exact probability with which it was drawn. Items of another role, and those that
        people labelled already, are never drawn: a probability is over the other items.

        Args:
            n: How many; 100 if left out, and for ``audit`` 2 % of what people labelled.
            purpose: ``dev``, ``test``, ``calibration``; ``split``: items that a new version made several labels first;
                ``rare``: as many of each predicted label; ``adjudicate``: items on which people are tied or differ and
                    no adjudicator decided;
                ``audit``: items that people labelled, to be labelled again.
            source: The source; the one of the task if left out.
            role: The role of what people will say, where the purpose is none itself; ``dev`` if left out.
            seed: Another seed is another draw.
            columns: The columns of texts that people see; all of the source if left out.
            schema: The version that people are asked under; the newest if left out.
            out: The CSV file to write; none if left out. With a file the draw is remembered: its items are not drawn
                again until they are labelled, or the draw is taken back.
            spreadsheet: Whether cells that begin like formulas get an apostrophe before them.

        Raises:
            GoldError: There is no such purpose, role or column, or nothing that could be drawn.
            InputError: The file exists already, or cannot be written.
            UnknownVersionError: The task has no such version.
            SettingsError: The task has several sources, or not this one.
        """
        from retrolabel.jobs.gold.sampling import sample_items

        site = self._site
        history = site.history(self._task)
        path = None if out is None else Path(out)
        if path is not None and path.exists():
            raise InputError(f"{path} exists already; nothing was written.", remedy="choose another name with --out")
        try:
            label_set = site.label_set(self._task)
        except UnknownLabelSetError:
            label_set = None
        found = sample_items(
            self._task,
            self._source(source),
            purpose=purpose,
            n=n,
            role=role,
            seed=seed,
            columns=columns,
            history=history,
            asked=history[schema] if schema else history.head,
            how=site.adjudication(self._task),
            label_set=label_set,
            gold=site.catalog.gold,
            feedback=site.catalog.feedback,
            objects=site.objects,
        )
        return found if path is None else self._written(found, path, spreadsheet=spreadsheet)

    def _written(self, found: Sample, path: Path, *, spreadsheet: bool) -> Sample:
        """Write a draw for people; it is remembered if the file is there, and only then."""
        from retrolabel.jobs.gold.remembering import remember
        from retrolabel.jobs.gold.samples import BATCH
        from retrolabel.wiring.label_sets import written_frame

        catalog = self._site.catalog
        with catalog.transaction():
            number = remember(found, file=path.name, gold=catalog.gold, feedback=catalog.feedback, at=now())
            frame = found.table.to_pandas()
            frame.insert(len(frame.columns) - 2, BATCH, f"{found.task}#{number}")
            _, note = written_frame(frame, path, spreadsheet=spreadsheet)
        if note:
            self._site.warn(note)
        return replace(found, batch=number)

    def drawn(self) -> tuple[BatchOfItems, ...]:
        """Return the draws that are remembered, each with the items that wait for a label."""
        from retrolabel.jobs.gold.batches import remembered

        return remembered(self._task, self._site.catalog.gold)

    def batch(self, number: int) -> BatchOfItems:
        """Return one draw by its number.

        Raises:
            GoldError: There is none.
        """
        from retrolabel.jobs.gold.batches import one_of

        return one_of(self.drawn(), number, self._task)

    def undo_sample(self, number: int, *, dry_run: bool = False) -> BatchOfItems:
        """Take a draw back: the items that nobody labelled can be drawn again; the others keep their draw.

        Args:
            number: The number of the draw.
            dry_run: Whether nothing is changed.

        Raises:
            GoldError: There is no such draw, or it was taken back before.
        """
        from retrolabel.jobs.gold.remembering import undo

        return undo(self._task, number, gold=self._site.catalog.gold, at=now(), dry_run=dry_run)

    def _source(self, source: str | None) -> str:
        """Return the source that is meant."""
        known = list(self._site.catalog.feedback.sources())
        mine = list(self._site.sources_of(self._task) or known)
        if source is None:
            if len(mine) == 1:
                return mine[0]
            raise SettingsError(f"{self._task} labels {', '.join(mine)}.", remedy=f"--source {mine[0]} says which one")
        if source not in known:
            raise SettingsError(
                f"There is no source {source!r}.{did_you_mean(source, known)} The store has {', '.join(known)}.",
                remedy="name one of those",
            )
        return source
