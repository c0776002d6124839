"""The catalog over SQLAlchemy: what it names is real, what it does not name is swept."""

from __future__ import annotations

import statistics
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from retrolabel.errors import Problem, StoreError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.records import LabelSetRecord, Segment, StoredFault, VoteColumn
from retrolabel.schema.fingerprints import digest
from retrolabel.storage import tables as t
from retrolabel.storage.ingesting import AT_ONCE, SqlIngestSession, batched, select_in
from retrolabel.storage.upgrade import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 30


class SqlCatalog:
    """A catalog in any database that SQLAlchemy speaks; SQLite by default.

    Args:
        url: An SQLAlchemy URL.

    Raises:
        StoreError: The database cannot be opened, or was written by a newer retrolabel.

    Example:
        >>> catalog = SqlCatalog("sqlite://")
        >>> catalog.sources(), catalog.label_sets()
        ({}, [])
    """

    def __init__(self, url: str) -> None:
        self.url = url
        with _translated():
            self._engine = _engine(url)
            upgrade(self._engine)

    @contextmanager
    def ingesting(self, source: str) -> Iterator[SqlIngestSession]:
        """Yield a session that commits when it is left without an error."""
        with self._writing() as connection:
            yield SqlIngestSession(connection, source)

    def find_ingest(self, source: str, file_sha256: str, options: str) -> Mapping[str, Any] | None:
        """Return the record of an earlier ingest of the same bytes with the same options."""
        query = sa.select(t.ingests).where(
            t.ingests.c.source == source, t.ingests.c.sha256 == file_sha256, t.ingests.c.options == options
        )
        rows = self._rows(query)
        return rows[0] if rows else None

    def damage(self) -> list[Problem]:
        """Return what the database says is wrong with its own file (SQLite's integrity check)."""
        if self._engine.dialect.name != "sqlite":
            return []
        with self._reading() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        where = self._engine.url.database or "catalog"
        return [Problem(where, text.replace("\n", " ")) for text in found if text != "ok"]

    def sources(self) -> dict[str, dict[str, str]]:
        """Return source -> its contract."""
        return {row["name"]: row["contract"] for row in self._rows(sa.select(t.sources).order_by(t.sources.c.name))}

    def segments(self, sources: Sequence[str] | None = None) -> list[Segment]:
        """Return the segments of these sources (all if ``None``), sorted by source and id."""
        query = sa.select(t.segments).order_by(t.segments.c.source, t.segments.c.id)
        gone = sa.select(t.superseded).order_by(t.superseded.c.segment, t.superseded.c.row)
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
            superseded: dict[str, list[int]] = {}
            for row in connection.execute(gone).mappings():
                superseded.setdefault(row["segment"], []).append(row["row"])
        return [
            Segment(**row, superseded=tuple(superseded.get(row["id"], ())))
            for row in rows
            if sources is None or row["source"] in sources
        ]

    def items_of(self, segment_id: str) -> list[tuple[int, str, str]]:
        """Return (row, item id, digest of the content) of the live items of a segment, by row."""
        c = t.items.c
        query = sa.select(c.row, c.item_id, c.digest).where(c.segment == segment_id).order_by(c.row)
        with self._reading() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def revisions(self, source: str, item_ids: Sequence[str]) -> dict[str, str]:
        """Return item id -> digest of its live content, for the ids that exist."""
        found: dict[str, str] = {}
        for some in batched(item_ids, AT_ONCE):
            query = sa.select(t.items.c.item_id, t.items.c.digest).where(
                t.items.c.source == source, t.items.c.item_id.in_(some)
            )
            found |= {row["item_id"]: row["digest"] for row in self._rows(query)}
        return found

    def vote_columns(self, keys: Sequence[str]) -> dict[str, VoteColumn]:
        """Return the stored votes under these keys."""
        rows = self._in(t.vote_columns, t.vote_columns.c.key, keys)
        return {row["key"]: VoteColumn(**row) for row in rows}

    def seconds_per_call(self) -> dict[str, float]:
        """Return LF name -> median seconds a call took so far."""
        query = sa.select(t.vote_columns.c.lf, t.vote_columns.c.seconds, t.vote_columns.c.rows)
        found: dict[str, list[float]] = {}
        for row in self._rows(query.where(t.vote_columns.c.rows > 0)):
            found.setdefault(row["lf"], []).append(row["seconds"] / row["rows"])
        return {lf: statistics.median(seconds) for lf, seconds in found.items()}

    def add_votes(self, path: str, sha256: str, columns: Sequence[VoteColumn], faults: Sequence[StoredFault]) -> None:
        """Make a file of votes real; keys that another run stored meanwhile are left as they are."""
        with self._writing() as connection:
            present = {
                row["key"]
                for row in select_in(connection, t.vote_columns, t.vote_columns.c.key, [c.key for c in columns])
            }
            new = [asdict(column) for column in columns if column.key not in present]
            if not new:
                return
            connection.execute(sa.insert(t.vote_files), [{"path": path, "sha256": sha256}])
            connection.execute(sa.insert(t.vote_columns), new)
            kept = [asdict(fault) for fault in faults if fault.key not in present]
            if kept:
                connection.execute(sa.insert(t.faults), kept)

    def all_vote_columns(self) -> list[VoteColumn]:
        """Return all stored votes, by segment and LF."""
        c = t.vote_columns.c
        return [VoteColumn(**row) for row in self._rows(sa.select(t.vote_columns).order_by(c.segment, c.lf, c.key))]

    def move_votes(self, path: str, sha256: str, columns: Sequence[VoteColumn]) -> None:
        """Let votes be in another file from now on; files that hold nothing any more are forgotten."""
        c = t.vote_columns.c
        move = (
            sa.update(t.vote_columns)
            .where(c.key == sa.bindparam("of"))
            .values(path=sa.bindparam("to"), column=sa.bindparam("named"))
        )
        with self._writing() as connection:
            connection.execute(sa.insert(t.vote_files), [{"path": path, "sha256": sha256}])
            connection.execute(move, [{"of": each.key, "to": each.path, "named": each.column} for each in columns])
            self._forget_empty(connection)

    def _forget_empty(self, connection: Connection) -> None:
        used = sa.select(t.vote_columns.c.path)
        connection.execute(sa.delete(t.vote_files).where(t.vote_files.c.path.not_in(used)))

    def forget_vote_keys(self, keys: Sequence[str]) -> None:
        """Let single votes be no longer real, with their faults, so that they are computed again."""
        with self._writing() as connection:
            for some in batched(keys, AT_ONCE):
                connection.execute(sa.delete(t.vote_columns).where(t.vote_columns.c.key.in_(some)))
                connection.execute(sa.delete(t.faults).where(t.faults.c.key.in_(some)))
            self._forget_empty(connection)

    def forget_votes(self, paths: Sequence[str]) -> None:
        """Let files of votes be no longer real, so that their votes are computed again."""
        with self._writing() as connection:
            for some in batched(paths, AT_ONCE):
                connection.execute(sa.delete(t.vote_columns).where(t.vote_columns.c.path.in_(some)))
                connection.execute(sa.delete(t.vote_files).where(t.vote_files.c.path.in_(some)))

    def forget_label_set(self, label_set_id: str) -> None:
        """Let a label set be no longer real, so that the same one is made again."""
        with self._writing() as connection:
            connection.execute(sa.delete(t.label_sets).where(t.label_sets.c.id == label_set_id))

    def faults(self, keys: Sequence[str]) -> list[StoredFault]:
        """Return the kept faults under these vote keys."""
        rows = self._in(t.faults, t.faults.c.key, keys)
        return [StoredFault(**{name: row[name] for name in row if name != "id"}) for row in rows]

    def vote_files(self, keys: Sequence[str]) -> dict[str, str]:
        """Return path -> SHA-256 of the files that hold the votes under these keys."""
        paths = sorted({column.path for column in self.vote_columns(keys).values()})
        return {row["path"]: row["sha256"] for row in self._in(t.vote_files, t.vote_files.c.path, paths)}

    def label_set(self, label_set_id: str) -> LabelSetRecord | None:
        """Return one label set by its full id."""
        rows = self._rows(sa.select(t.label_sets).where(t.label_sets.c.id == label_set_id))
        return LabelSetRecord(**rows[0]) if rows else None

    def label_sets(self, task: str | None = None) -> list[LabelSetRecord]:
        """Return the label sets of a task (all if ``None``), newest first."""
        query = sa.select(t.label_sets).order_by(t.label_sets.c.created_at.desc(), t.label_sets.c.id)
        if task is not None:
            query = query.where(t.label_sets.c.task == task)
        return [LabelSetRecord(**row) for row in self._rows(query)]

    @contextmanager
    def adding_label_set(self, record: LabelSetRecord) -> Iterator[bool]:
        """Make a label set real when the context is left; yield whether it is new."""
        known = sa.select(t.label_sets.c.id).where(t.label_sets.c.id == record.id)
        with self._writing() as connection:
            is_new = connection.execute(known).first() is None
            if is_new:
                connection.execute(sa.insert(t.label_sets), asdict(record))
            yield is_new

    def point(self, task: str, name: str, label_set_id: str, at: datetime) -> None:
        """Let a pointer (``latest``) name a label set, and log it where that is a change."""
        row = {"task": task, "name": name, "label_set": label_set_id, "at": at}
        here = (t.pointers.c.task == task) & (t.pointers.c.name == name)
        with self._writing() as connection:
            before = connection.execute(sa.select(t.pointers.c.label_set).where(here)).scalar()
            if before == label_set_id:
                return
            connection.execute(sa.delete(t.pointers).where(here))
            connection.execute(sa.insert(t.pointers), row)
            connection.execute(sa.insert(t.pointer_log), row)

    def pointer(self, task: str, name: str) -> str | None:
        """Return the label set that a pointer names."""
        query = sa.select(t.pointers.c.label_set).where(t.pointers.c.task == task, t.pointers.c.name == name)
        rows = self._rows(query)
        return rows[0]["label_set"] if rows else None

    def newest(self) -> dict[str, datetime]:
        """Return what was written last of each kind -> when: for those who doubt a clock."""
        columns = {
            "the newest ingest": t.ingests.c.at,
            "the newest label set": t.label_sets.c.created_at,
            "the newest import of gold": t.human_labels.c.imported_at,
        }
        found = {what: self._rows(sa.select(sa.func.max(c).label("at")))[0]["at"] for what, c in columns.items()}
        return {what: at for what, at in found.items() if at is not None}

    def pointer_log(self, task: str, name: str) -> list[str]:
        """Return the label sets that a pointer named one after the other, oldest first."""
        c = t.pointer_log.c
        query = sa.select(c.label_set).where(c.task == task, c.name == name).order_by(c.id)
        return [row["label_set"] for row in self._rows(query)]

    def add_human_labels(self, task: str, labels: Sequence[HumanLabel], extra: Sequence[Mapping[str, Any]]) -> int:
        """Append human labels that are not there yet; return how many were new.

        Args:
            task: The task.
            labels: What people said.
            extra: For each label: ``rationale``, ``labelled_at``, ``imported_at``, ``seconds``.
        """
        rows: dict[str, dict[str, Any]] = {}
        for label, more in zip(labels, extra, strict=True):
            values = asdict(label)
            when = more["labelled_at"].isoformat() if more["labelled_at"] else None
            identity = digest({"task": task, **values, "labelled_at": when})
            rows.setdefault(identity, {**values, **more, "task": task, "identity": identity})
        with self._writing() as connection:
            present = {
                row["identity"] for row in select_in(connection, t.human_labels, t.human_labels.c.identity, list(rows))
            }
            new = [row for identity, row in rows.items() if identity not in present]
            if new:
                connection.execute(sa.insert(t.human_labels), new)
        return len(new)

    def human_labels(self, task: str) -> list[HumanLabel]:
        """Return all human labels of a task, in the order in which they came."""
        names = ("source", "item_id", "annotator", "label", "schema_version", "role", "revision", "sampling")
        query = sa.select(*(t.human_labels.c[name] for name in names))
        return [
            HumanLabel(**row)
            for row in self._rows(query.where(t.human_labels.c.task == task).order_by(t.human_labels.c.id))
        ]

    def labelling_seconds(self, task: str) -> list[float]:
        """Return how long people took for a label of a task, where that is known."""
        c = t.human_labels.c
        query = sa.select(c.seconds).where(c.task == task, c.seconds.is_not(None)).order_by(c.id)
        return [float(row["seconds"]) for row in self._rows(query)]

    def gold_batches(self, task: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return the human labels that stand: task, source, role, version, sampling, labels, items, annotators."""
        by = ("task", "source", "role", "schema_version", "sampling")
        names = (*by, "item_id", "annotator", "label")
        query = sa.select(*(t.human_labels.c[name] for name in names)).order_by(t.human_labels.c.id)
        if task is not None:
            query = query.where(t.human_labels.c.task == task)
        identity = ("task", "source", "item_id", "annotator", "schema_version")
        last = {tuple(row[name] for name in identity): row for row in self._rows(query)}
        batches: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in last.values():
            if row["label"]:
                batches.setdefault(tuple(row[name] for name in by), []).append(row)
        return [
            {
                **dict(zip(by, key, strict=True)),
                "labels": len(rows),
                "items": len({row["item_id"] for row in rows}),
                "annotators": len({row["annotator"] for row in rows}),
            }
            for key, rows in sorted(batches.items())
        ]

    def log_look(self, task: str, label_set_id: str, at: datetime, who: str) -> int:
        """Log a look at the test gold and return how many there were with this one."""
        row = {"task": task, "label_set": label_set_id, "at": at, "who": who}
        with self._writing() as connection:
            connection.execute(sa.insert(t.looks), row)
            count = sa.select(sa.func.count()).select_from(t.looks).where(t.looks.c.task == task)
            return int(connection.execute(count).scalar_one())

    def _in(self, table: sa.Table, column: sa.Column[Any], values: Sequence[str]) -> list[dict[str, Any]]:
        with self._reading() as connection:
            return select_in(connection, table, column, values)

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _translated(), self._engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection


def _engine(url: str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed)
    memory = parsed.database in (None, "", ":memory:")
    engine = sa.create_engine(
        parsed,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=sa.pool.StaticPool if memory else sa.pool.NullPool,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A writer takes its lock at once: what it reads before it writes stays true until it commits.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the database's errors into ours, at this one boundary."""
    try:
        yield
    except sa.exc.OperationalError as error:
        what = str(error.orig)
        remedy = (
            "another retrolabel is writing; try again when it is done"
            if "locked" in what
            else "retrolabel doctor says what is wrong with the store"
        )
        raise StoreError(f"The catalog cannot be used: {what}.", remedy=remedy) from error
    except sa.exc.DatabaseError as error:
        raise StoreError(
            f"The catalog cannot be used: {error.orig}.",
            remedy="restore catalog.db from a backup; retrolabel doctor says where it is and what else is wrong",
        ) from error
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"The catalog's URL cannot be used: {error}.",
            remedy="write catalog in the settings as postgresql://USER@HOST/NAME, and install the database's driver",
        ) from error
