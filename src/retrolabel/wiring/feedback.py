"""The feedback of a project: files taken in, items read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID, IngestReport
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.feedback import FeedbackReader
    from retrolabel.interop.label_columns import LabelColumn
    from retrolabel.jobs.feedback.previewing import Preview
    from retrolabel.wiring.site import Site


@dataclass(frozen=True)
class IngestOptions:
    """What ``ingest`` may be told about a file.

    Attributes:
        id_column: The column of the ids; ids are derived from the rows if left out.
        time_column: The column of the times.
        renames: New name -> the file's name.
        drops: Columns that stay out, as those that would leak the answer.
        revise: Whether items that exist with other content are replaced.
        widen: Whether the source may get new columns.
        labels: Column -> ``task`` or ``task@version``: it holds labels; other values go to quarantine.
        map_label: Stored value -> the label that it means (nothing, where it is none).
        time_format: The one format of the times: of ``strptime``, ``epoch-s`` or ``epoch-ms``; ISO 8601 if left out.
        keep_na: Whether ``NA``, ``null`` and the like are texts as others, in columns of numbers too.
        dialect: How the file is written; found, where nothing is said.
        keeps: The columns that are kept, besides those of ids and times; all if left out.
        rename_all: Whether columns whose names no labeling function can read get names that it can.
    """

    id_column: str | None = None
    time_column: str | None = None
    renames: Mapping[str, str] | None = None
    drops: Sequence[str] = ()
    revise: bool = False
    widen: bool = False
    labels: Mapping[str, str] | None = None
    map_label: Mapping[str, str] | None = None
    time_format: str | None = None
    keep_na: bool = False
    dialect: Dialect | None = None
    keeps: Sequence[str] = ()
    rename_all: bool = False

    def key(self) -> str:
        """Return the options that decide what a file becomes, as one text."""
        told: dict[str, object] = {
            "id": self.id_column,
            "time": self.time_column,
            "map": dict(self.renames or {}),
            "drop": sorted(self.drops),
        }
        more = {
            "labels": dict(self.labels or {}),
            "map_label": dict(self.map_label or {}),
            "time_format": self.time_format,
            "keep_na": self.keep_na,
            "dialect": self.dialect.key() if self.dialect else {},
            "keep": sorted(self.keeps),
            "rename_all": self.rename_all,
        }
        given = {name: value for name, value in more.items() if value}  # others would make an earlier ingest unknown
        return json.dumps({**told, **given}, sort_keys=True)


class Feedback:
    """The feedback of a project: ``ws.feedback``.

    Args:
        site: The project and its store.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def sources(self) -> dict[str, dict[str, str]]:
        """Return source -> its columns and their types."""
        return self._site.catalog.feedback.sources()

    def items(self, source: str | None = None) -> pd.DataFrame:
        """Return all live items as a frame: ``source``, ``item_id``, ``created_at`` and the columns.

        Args:
            source: One source only; all of them if left out.
        """
        import pandas as pd

        frames: list[pd.DataFrame] = []
        for segment in self._site.catalog.feedback.segments([source] if source else None):
            table = self._site.objects.read_table(segment.path, sha256=segment.sha256).take(segment.live_rows())
            frames.append(table.to_pandas().assign(source=segment.source))
        if not frames:
            return pd.DataFrame(columns=["source", ITEM_ID, CREATED_AT])
        frame: pd.DataFrame = pd.concat(frames, ignore_index=True)
        first = ["source", ITEM_ID, CREATED_AT]
        return frame.reindex(columns=first + [column for column in frame.columns if column not in first])

    def ingest(self, file: str | Path, source: str, options: IngestOptions | None = None) -> IngestReport:
        """Take a file of feedback into a source; the same file twice adds nothing.

        Raises:
            IngestError: It does not fit; nothing was stored.
        """
        from retrolabel.jobs.feedback.ingest import ingest
        from retrolabel.storage.objects import hash_file

        options = options or IngestOptions()
        path, site = Path(file), self._site
        sha256 = hash_file(path) if path.is_file() else ""
        known = self._ingested(source, sha256, options)
        if known is not None:
            rows = int(known["rows"])
            return IngestReport(source, path.name, rows=rows, unchanged=rows, already=True)
        reader = self.reader(path, source, options)
        site.progress.start(f"ingest {reader.name}", None)
        return ingest(
            reader,
            source=source,
            file_sha256=sha256,
            options=options.key(),
            known_contract=reader.known,
            contract=reader.contract,
            feedback=site.open_catalog.feedback,
            objects=site.objects,
            clock=now,
            progress=site.progress,
            revise=options.revise,
            who=who(),
        )

    def preview(self, file: str | Path, source: str, options: IngestOptions | None = None) -> Preview:
        """Return what an ingest would do; nothing is stored.

        Raises:
            IngestError: The file does not fit.
        """
        from retrolabel.jobs.feedback.previewing import preview
        from retrolabel.storage.objects import hash_file

        options = options or IngestOptions()
        path, site = Path(file), self._site
        reader = self.reader(path, source, options)
        return preview(
            reader,
            source=source,
            contract=reader.contract,
            feedback=site.open_catalog.feedback if site.exists() else None,
            already=self._ingested(source, hash_file(path), options) is not None,
            revise=options.revise,
        )

    def _ingested(self, source: str, sha256: str, options: IngestOptions) -> Mapping[str, Any] | None:
        """Return the record of an earlier ingest of the same file, if that is why nothing is to be done."""
        if options.revise or not sha256 or not self._site.exists():
            return None
        return self._site.open_catalog.feedback.find_ingest(source, sha256, options.key())

    def reader(self, path: Path, source: str, options: IngestOptions) -> FeedbackReader:
        """Return what reads a file into a source, fitted to its contract.

        Raises:
            IngestError: The file does not fit.
        """
        from retrolabel.interop.dialects import Dialect
        from retrolabel.interop.feedback import FeedbackReader

        check_source(source)
        site = self._site
        return FeedbackReader(
            path,
            options.id_column,
            options.time_column,
            options.renames or {},
            options.drops,
            site.open_catalog.feedback.sources().get(source) if site.exists() else None,
            widen=options.widen,
            labels={column: self._labels(named, options) for column, named in (options.labels or {}).items()},
            time_format=options.time_format,
            keep_na=options.keep_na,
            dialect=options.dialect or Dialect(),
            keeps=options.keeps,
            rename_all=options.rename_all,
        )

    def _labels(self, named: str, options: IngestOptions) -> LabelColumn:
        """Return the labels that a column holds, of ``task`` or ``task@version``."""
        from retrolabel.interop.label_columns import LabelColumn

        task, _, version = named.partition("@")
        history = self._site.history(task)
        schema = history[version] if version else history.head
        spellings = schema.spellings()

        def understood(value: str) -> str | None:
            label = schema.understood(value)
            return label.id if label else None

        meant = {
            value: target if not target or target in spellings else understood(target) or schema.label(target).id
            for value, target in (options.map_label or {}).items()  # ``label`` raises, with the nearest
        }
        return LabelColumn(str(schema), spellings, {**schema.names(), **meant}, understood)

    def __repr__(self) -> str:
        """Return the sources, with their columns."""
        if not self._site.has_store():
            return "Feedback(none yet)"
        told = (f"{source}: {', '.join(contract)}" for source, contract in self.sources().items())
        return f"Feedback({'; '.join(told)})"


def check_source(source: str) -> None:
    """Refuse a name that no source can have.

    Raises:
        InputError: It holds something else than letters, digits, ``_`` and ``-``.
    """
    if not source.replace("_", "").replace("-", "").isalnum():
        raise InputError(f"{source!r} cannot be a source's name.", remedy="take letters, digits, _ and -")
