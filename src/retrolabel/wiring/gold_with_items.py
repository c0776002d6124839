"""A file that holds items and their human labels: both are taken in together, or neither is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, InputError, counted, nearest
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.feedback.previewing import Preview
    from retrolabel.jobs.gold.import_report import GoldReport
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.feedback import IngestReport
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.feedback import IngestOptions
    from retrolabel.wiring.site import Site

FIELDS = {
    "label": "label",
    "annotator": "annotator",
    "time": "labelled_at",
    "role": "role",
    "rationale": "rationale",
    "seconds": "seconds",
}
"""What ``--gold`` may name a column for -> the field of a row of human labels."""
EXAMPLE = "--gold TASK=label,annotator=who"
SHOWN = 20


@dataclass(frozen=True)
class GoldColumns:
    """Columns of a file of feedback that hold human labels.

    Attributes:
        task: The task.
        version: The version that they were given under; the newest if left out.
        columns: ``label``, ``annotator``, ``labelled_at``, ``role``, ``rationale``, ``seconds`` -> the column.
    """

    task: str
    version: str | None
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: str) -> GoldColumns:
        """Return what ``--gold`` says of a file: ``TASK=LABEL[,annotator=COLUMN]``, ``TASK@VERSION`` too.

        Raises:
            InputError: It says something else.

        Example:
            >>> GoldColumns.of("kind@1.0.0=label, annotator=who").columns
            {'label': 'label', 'annotator': 'who'}
        """
        first, *more = said.split(",")
        left, equals, label = first.partition("=")
        task, _, version = left.strip().partition("@")
        if not equals or not task or not label.strip():
            raise InputError(f"--gold {said!r} names no column of labels.", remedy=f"for a file: {EXAMPLE}")
        columns = {"label": label.strip()}
        for each in more:
            name, equals, column = each.partition("=")
            if name.strip() not in FIELDS or not equals or not column.strip():
                near = nearest(name.strip(), FIELDS) or "annotator"
                raise InputError(
                    f"--gold {said!r}: {each.strip()!r} is none of {', '.join(FIELDS)}.", remedy=f"{near}=COLUMN"
                )
            columns[FIELDS[name.strip()]] = column.strip()
        return cls(task, version.strip() or None, columns)


@dataclass(frozen=True)
class GoldSeen:
    """What human labels a file holds.

    Attributes:
        task: The task.
        labels: Label -> how many answers say so.
        unlabelled: Rows without a label.
        outside: Value that is no label -> how often.
    """

    task: str
    labels: Mapping[str, int]
    unlabelled: int
    outside: Mapping[str, int]


class ItemsWithGold:
    """Takes a file of items and their labels in.

    Args:
        site: The project and its store.
        file: The file.
        source: The source of the items.
        options: How it is read.
        gold: Its columns of labels.
        role: The role of the labels, where no column says it.

    Raises:
        SettingsError: There is no such task.
        UnknownVersionError: The task has no such version.
    """

    def __init__(  # noqa: PLR0913 - a file, and what is in it
        self,
        site: Site,
        file: Path,
        source: str,
        options: IngestOptions,
        gold: Sequence[GoldColumns],
        role: str = "dev",
    ) -> None:
        self._site, self._file, self._source, self._gold, self._role = site, file, source, gold, role
        self._histories: dict[str, History] = {}
        self._schemas: dict[str, LabelSchema] = {}
        for each in gold:
            site.check_task(each.task)
            history = self._histories[each.task] = site.history(each.task)
            self._schemas[each.task] = history[each.version] if each.version else history.head
        answers = {
            column for each in gold for name, column in each.columns.items() if name not in ("labelled_at", "role")
        }
        stay_out = [each for each in sorted(self._holders(answers, options)) if each not in options.drops]
        self._given = options
        self.options = replace(options, drops=[*options.drops, *stay_out])
        self.notes = (
            [f"{', '.join(map(repr, stay_out))}: the answer stays out of the items (--keep COLUMN keeps it)"]
            if stay_out
            else []
        )

    def _holders(self, answers: set[str], options: IngestOptions) -> set[str]:
        """Return the columns that hold answers and are not kept; of a path into JSON the one that it leads into."""
        from retrolabel.interop.json_rows import is_deep
        from retrolabel.interop.paths import parse_path
        from retrolabel.interop.rows import TableFile

        wanted = answers - {*options.keeps}
        if not any(map(is_deep, wanted)):
            return wanted
        there = TableFile(self._file, options.dialect).columns
        return {
            str(parse_path(each, "--gold").steps[0]) if each not in there and is_deep(each) else each for each in wanted
        }

    def take(self) -> tuple[IngestReport, list[GoldReport]]:
        """Take both in: all of it becomes real at the end, or nothing.

        Raises:
            IngestError: The items cannot be taken in.
            GoldError: The labels cannot be taken in.
        """
        from retrolabel.wiring.feedback import Feedback

        site = self._site
        rows = self._rows()
        report: IngestReport | None = None
        try:
            with site.open_catalog.transaction():
                report = Feedback(site).ingest(self._file, self._source, self.options)
                ids = self._ids()
                imported = [self._import(each, rows[each.task], ids) for each in self._gold]
        except BaseException:
            if report is not None:
                self._remove(report)
            raise
        return replace(report, notes=(*report.notes, *self.notes)), imported

    def preview(self) -> tuple[Preview, list[GoldSeen]]:
        """Return what would become of the file; nothing is stored."""
        from retrolabel.jobs.gold.meanings import labels_of
        from retrolabel.wiring.feedback import Feedback

        found = Feedback(self._site).preview(self._file, self._source, self.options)
        seen = []
        for each in self._gold:
            rows, history = self._rows()[each.task], self._histories[each.task]
            labels, outside = labels_of(rows, self._schemas[each.task], list(history), self.options.map_label or {}, [])
            counts = Counter(label for label in labels if label)
            strange = {value: told.rows for value, told in outside.items()}
            empty = len(rows) - counts.total() - sum(strange.values())
            seen.append(GoldSeen(each.task, dict(counts.most_common()), empty, strange))
        return replace(found, notes=(*found.notes, *self.notes)), seen

    def _rows(self) -> dict[str, list[GoldRow]]:
        """Return task -> the rows of its labels, without items."""
        from retrolabel.interop.dialects import AS_FOUND
        from retrolabel.interop.gold import GoldReader

        found = {}
        for each in self._gold:
            ids = {label for version in self._histories[each.task] for label in version.ids}
            columns: dict[str, str | None] = {"item_id": None, **dict.fromkeys(FIELDS.values()), **each.columns}
            time_format = self.options.time_format if "labelled_at" in each.columns else None
            dialect = self.options.dialect or AS_FOUND
            reader = GoldReader(
                self._file, columns, time_format=time_format, label_ids=ids, dialect=dialect, whole=False
            )
            found[each.task] = reader.rows()
        return found

    def _ids(self) -> dict[int, str]:
        """Return line -> the item that it is in the store, for the rows that are there."""
        from retrolabel.jobs.feedback.content import item_ids, row_digests
        from retrolabel.wiring.feedback import Feedback

        reader = Feedback(self._site).reader(self._file, self._source, self.options)
        occurrences: Counter[str] = Counter()
        found: dict[int, str] = {}
        for table, lines, _ in reader.batches():
            if table.num_rows:
                found |= dict(zip(lines, item_ids(table, row_digests(table), occurrences), strict=True))
        return found

    def _import(self, asked: GoldColumns, rows: Sequence[GoldRow], ids: Mapping[int, str]) -> GoldReport:
        from retrolabel.jobs.gold.importing import import_gold
        from retrolabel.wiring.gold_alarms import Watch

        site, history, at = self._site, self._histories[asked.task], now()
        watch = Watch(site, asked.task, at)
        known = [replace(row, item_id=ids[row.line]) for row in rows if row.line in ids]
        if not known:
            raise GoldError(f"No row of {self._file.name} that holds a label of {asked.task} can be kept as an item.")
        report = import_gold(
            known,
            file=self._file.name,
            task=asked.task,
            source=self._source,
            schema=self._schemas[asked.task],
            history=history,
            how=site.adjudication(asked.task),
            map_label=self.options.map_label or {},
            role=self._role,
            map_role={},
            gold=site.catalog.gold,
            feedback=site.catalog.feedback,
            objects=site.objects,
            at=at,
            within=watch,
        )
        return replace(report, notes=(*report.notes, watch.told.said)) if watch.told else report

    def _remove(self, report: IngestReport) -> None:
        """Remove the files of an ingest that did not become real."""
        from retrolabel.jobs.feedback.quarantine import FOLDER

        site = self._site
        named = {segment.path for segment in site.catalog.feedback.segments([self._source])}
        written = [f"feedback/{self._source}/{segment}.parquet" for segment in report.segments]
        if report.quarantine:
            written.append(f"{FOLDER}/{self._source}/{PurePath(report.quarantine).name}")
        site.objects.remove(path for path in written if path not in named)


def told_of_labels(seen: GoldSeen) -> str:
    """Return what human labels a file holds, in a line.

    Example:
        >>> told_of_labels(GoldSeen("kind", {"bug": 3}, 1, {"?": 2}))
        'gold of kind: bug 3; 1 row without a label; no labels: ? 2'
    """
    parts = [", ".join(f"{label} {count:,}" for label, count in seen.labels.items()) or "no labels at all"]
    parts += [f"{counted(seen.unlabelled, 'row')} without a label"] if seen.unlabelled else []
    parts += (
        ["no labels: " + ", ".join(f"{v} {n:,}" for v, n in list(seen.outside.items())[:SHOWN])] if seen.outside else []
    )
    return f"gold of {seen.task}: {'; '.join(parts)}"
