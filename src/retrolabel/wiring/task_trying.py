"""Labeling functions before they are in a file: ``task.try_lf(lf)``, ``task.suggest_lfs()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrolabel.analysis.suggested_lfs import SuggestedLfs
    from retrolabel.analysis.trying.tried import Tried
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.wiring.site import Site


class Trials:
    """A part of :class:`retrolabel.wiring.task.Task`: what a labeling function would do, and which one to write."""

    _site: Site
    name: str

    def try_lf(self, lf: LabelingFunction, *, items: int = 20_000, marginal: bool = False) -> Tried:
        """Return what a labeling function does on a sample of the items; it may be in no file yet.

        Where one of its name is in the project, it takes its place. Nothing is stored but the sample. Test gold is
        never looked at.

        Args:
            lf: The labeling function.
            items: How many items are drawn, if there are as many; those with dev gold come on top.
            marginal: Whether the label model is fitted on the sample with it and without, to say what it adds.

        Returns:
            What it does: ``.hits`` (the wrong ones first), ``.near_misses`` and ``.figures`` are frames; a notebook
            shows it with the words marked.

        Raises:
            MissingColumnError: It reads a column that a source lacks.
            WorkerDiedError: It took longer than ``timeout`` of the settings.
        """
        return try_lf(self._site, self.name, lf, items=items, marginal=marginal)

    def suggest_lfs(  # noqa: PLR0913 - what may be asked of it
        self,
        label: str | None = None,
        *,
        limit: int | None = 10,
        columns: Sequence[str] = (),
        items: int = 20_000,
        besides: Sequence[str | Path] = (),
        write: str | Path | None = None,
    ) -> SuggestedLfs:
        """Return labeling functions that may be worth writing: words that speak for a label, checked on other gold.

        Words are chosen by one half of dev gold, then by what the newest label set is sure of, and judged by the other
        half; where there are fewer than 200 gold items, the label set alone chooses. What labeling functions look for
        already is left out, and what every text needs ("of a"). Nothing is switched on, and items with test gold are
        not looked at.

        Args:
            label: One label only, by its id or name.
            limit: How many at most, the best first; all if ``None``.
            columns: The columns in which words are looked for; those that labeling functions read if left out.
            items: How many items are drawn, if there are as many; those with dev gold come on top.
            besides: Files that were written before: what is in them is left out, too.
            write: A file to write them into, for you to edit; it must not exist, nor lie in ``labeling_functions``.

        Returns:
            What a notebook shows with words marked; ``.frame`` has a row each; ``found[0].lf`` is a labeling function
            for :meth:`try_lf`. Where it is empty, ``.told()`` says why.

        Raises:
            InputError: There is no such column, or a file cannot be read, or written there.
            UnknownLabelError: There is no such label.
            SchemaError: The task is multilabel.
        """
        from pathlib import Path

        from retrolabel.wiring.suggested_files import check_place, write_suggestions
        from retrolabel.wiring.suggesting import Suggesting

        if write is not None:
            check_place(self._site, Path(write))
        found = Suggesting(self._site, self.name, columns, items, [Path(each) for each in besides]).found(label, limit)
        if write is not None:
            write_suggestions(self._site, found, Path(write))
        return found


def try_lf(site: Site, task: str, lf: LabelingFunction, *, items: int, marginal: bool) -> Tried:
    """Return what a labeling function does on a sample of a task's items; what is open stays open for the next one."""
    from retrolabel.wiring.trying import Trying

    opened: dict[tuple[str, int], tuple[Trying, object]] = site.__dict__.setdefault("_tried", {})
    trying, stood_on = opened.get((task, items), (None, None))
    if trying is None or trying.stands_on != stood_on:
        trying = Trying(site, task, items)
        trying.edited()
        opened[task, items] = trying, trying.stands_on
    elif files := trying.edited():
        trying.again(files)
    return trying.of(lf, marginal=marginal)
