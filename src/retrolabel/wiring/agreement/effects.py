"""Whether a version did what it was made for: ``task.gold.effect``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.gold.effects.effect import EffectOfVersion
    from retrolabel.wiring.site import Site


class Effects:
    """Says what became of agreement with a version of a task's schema."""

    _site: Site
    _task: str

    def effect(self, version: str, *, pair: Sequence[str] = (), before: str | None = None) -> EffectOfVersion:
        """Return what became of agreement with a version, on the items that were answered before it and under it.

        Each item is its own control: what people said of it before is held against what they say now. Calibration items
        are compared where there are twelve or more; test gold and honeypots never are. Items that a draw asked again
        because of what people had said of them are left out.

        Args:
            version: The version.
            pair: The two labels that people were to tell apart better. If left out: the two that the version's steps
                leave, else those that people mixed up most.
            before: The version to compare with; the newest one before it that people answered under if left out.

        Raises:
            GoldError: Nothing can be compared: no version before, or no item that two people answered on both sides.
            UnknownVersionError: The task has no such version.
            UnknownLabelError: No such label of the pair.
        """
        from retrolabel.jobs.gold.effects.measuring import effect_of_version

        book = self._site.catalog.gold
        return effect_of_version(
            book.answers(self._task),
            task=self._task,
            version=version,
            history=self._site.history(self._task),
            draws=book.draws(self._task),
            drawn=book.drawn(self._task),
            pair=pair,
            before=before,
        )
