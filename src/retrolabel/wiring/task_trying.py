"""Trying labeling functions before they are written to a file: ``task.try_lf(lf)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.analysis.trying.tried import Tried
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.wiring.site import Site


class Trials:
    """A part of :class:`retrolabel.wiring.task.Task`: what a labeling function would do."""

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
