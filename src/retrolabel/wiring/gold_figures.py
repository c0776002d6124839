"""What human labels are measured by: ``task.gold.agreement``, ``estimate``, ``readiness``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from retrolabel.jobs.gold.agreeing import PeopleAgreement
    from retrolabel.jobs.gold.estimates import WholeEstimate
    from retrolabel.jobs.gold.telling_apart import GoldReadiness
    from retrolabel.jobs.records.gold import Key
    from retrolabel.wiring.site import Site


class Figures:
    """Measures the people of a task, and label sets by what they said."""

    _site: Site
    _task: str

    def agreement(
        self, *, to: str | None = None, role: str | None = None, source: str | None = None, by: str | None = None
    ) -> PeopleAgreement:
        """Return how far people agree with each other, and with themselves.

        Answers of all versions are read in one. The figures are over the items on which each of two people or more
        gave one label there; where a label was split they are sets, and have an alpha of their own.

        Args:
            to: The version to compare them in; the newest if left out.
            role: ``dev``, ``test``, ``calibration`` or ``honeypot``; all but honeypots if left out.
            source: A source; all if left out.
            by: A column of the items, for figures by its values; times go by month.

        Raises:
            GoldError: No item has answers of two people, or there is no such role, source or column.
            UnknownVersionError: The task has no such version.
        """
        from retrolabel.jobs.gold.agreeing import agreement_of_people

        history, catalog = self._site.history(self._task), self._site.catalog
        said = catalog.gold.human_labels(self._task)
        return agreement_of_people(
            said,
            task=self._task,
            schema=history[to] if to else history.head,
            history=history,
            feedback=catalog.feedback,
            role=role,
            source=source,
            by=by,
            column=self._column(by, {(label.source, label.item_id) for label in said}) if by else None,
        )

    def _column(self, name: str, items: set[Key]) -> dict[Key, Any]:
        """Return (source, item id) -> the value of a column, for some items; the month of a time.

        Raises:
            GoldError: Their sources have no such column.
        """
        from retrolabel.errors import GoldError, did_you_mean

        sources = sorted({source for source, _ in items})
        contracts = self._site.catalog.feedback.sources()
        columns = sorted({column for source in sources for column in contracts.get(source, {})} | {CREATED_AT})
        if items and name not in columns:
            raise GoldError(
                f"The items that people labelled have no column {name!r}.{did_you_mean(name, columns)}",
                remedy=f"--by one of {', '.join(columns)}",
            )
        found: dict[Key, Any] = {}
        for source in sources:
            for segment in self._site.catalog.feedback.segments([source]):
                table = self._site.objects.read_table(segment.path, sha256=segment.sha256).take(segment.live_rows())
                if name not in table.column_names:
                    continue
                ids = table.column(ITEM_ID).to_pylist()
                for item_id, value in zip(ids, table.column(name).to_pylist(), strict=True):
                    if (source, item_id) in items and value is not None:
                        found[source, item_id] = f"{value:%Y-%m}" if hasattr(value, "year") else str(value)
        return found

    def estimate(
        self, label_set: str = "latest", *, by: str | None = None, final: bool = False, look: bool = True
    ) -> WholeEstimate:
        """Return what a label set is worth on all items, from gold of a known design.

        Dev gold is judged by models that had not seen it.

        Args:
            label_set: Its id, the beginning of it, a tag, ``current`` or ``latest``.
            by: The column whose values tell slices apart; ``month`` for the month of an item's own time.
            final: Whether test gold is taken, if some is of a known design; each look at it is logged.
            look: Whether a look is logged; ``evaluate`` has logged its own.

        Raises:
            GoldError: No gold is of a known design, or it is too little.
            InputError: There is no such column.
        """
        from retrolabel.wiring.gold_estimates import estimated

        return estimated(self._site, self._task, label_set, by=by, final=final, look=look)

    def readiness(self, label_set: str = "latest", *, against: str | None = None) -> GoldReadiness:
        """Return whether dev gold tells two label sets apart, and the gold items that look wrong.

        Args:
            label_set: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
            against: The one to compare with; the one that was latest before it if left out.

        Raises:
            GoldError: No gold says anything in the label set's version.
        """
        from retrolabel.wiring.gold_estimates import readied

        return readied(self._site, self._task, label_set, against)
