"""The catalog's tables, as SQLAlchemy Core; Alembic's migrations make them, a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.errors import CorruptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy.engine import Dialect

metadata = sa.MetaData()
"""In PostgreSQL texts have any length and are compared by their bytes, and an item's id is found by its hash
(``item_key``, which the database makes): migration 0008."""


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A time in UTC; databases without time zones give it back with its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Read what is stored; what is no time is told."""
        read = super().result_processor(dialect, coltype)

        def checked(value: Any) -> datetime | None:  # noqa: ANN401 - whatever is stored
            try:
                return read(value) if read is not None else value
            except (ValueError, TypeError) as error:
                raise damaged(f"holds the time {value!r:.60}") from error

        return checked

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Read as UTC."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise damaged(f"holds the time {value!r:.60}")
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Texts(sa.types.TypeDecorator[dict[str, str]]):
    """Text -> text, as JSON; what is stored and is none is told."""

    impl = sa.JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], dict[str, str]]:
        """Read what is stored."""
        read = super().result_processor(dialect, coltype)

        def checked(value: Any) -> dict[str, str]:  # noqa: ANN401 - whatever is stored
            try:
                found = read(value) if read is not None else value
            except (ValueError, TypeError, RecursionError) as error:
                raise damaged(f"is no JSON: {value!r:.60}") from error
            if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
                raise damaged(f"is no JSON object of texts: {found!r:.60}")
            return found

        return checked


def damaged(what: str) -> CorruptionError:
    """Return what is said of a row of the catalog that nobody here wrote.

    Args:
        what: What is wrong with what a row holds.
    """
    return CorruptionError(
        f"The catalog is damaged: a row of it {what}.",
        remedy="restore the catalog from a backup; what is stored beside it is as it was",
    )


def check_rows(rows: Sequence[Mapping[str, Any]], columns: Iterable[Any]) -> None:
    """Refuse rows whose values are of other types than their columns: SQLite keeps whatever it is given.

    Args:
        rows: For each, column -> value.
        columns: What was selected.

    Raises:
        CorruptionError: A value is of another type, or missing where it must not be.
    """
    for column in columns:
        if not isinstance(column, sa.Column) or not rows or column.name not in rows[0]:
            continue
        name, kind = column.name, KINDS.get(type(column.type))
        for row in rows:
            value = row[name]
            if value is None:
                if not column.nullable:
                    raise damaged(f"has nothing in {column.table.name}.{name}")
            elif kind is not None and (not isinstance(value, kind) or isinstance(value, bool)):
                raise damaged(f"holds {value!r:.60} in {column.table.name}.{name}")


KINDS: dict[type, tuple[type, ...]] = {
    sa.String: (str,),
    sa.Text: (str,),
    sa.Integer: (int,),
    sa.Float: (float, int),
}
"""Type of a column -> what it may hold."""

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("contract", Texts, nullable=False),
)
ingests = sa.Table(
    "ingests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("file", sa.String(1000), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("quarantined", sa.Integer, nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("who", sa.String(200)),
    sa.Index("ix_ingests_source_sha256", "source", "sha256"),
)
segments = sa.Table(
    "segments",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("source", sa.String(200), nullable=False, index=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("path", sa.String(1000), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("columns", Texts, nullable=False),
)
segment_origins = sa.Table(
    "segment_origins",
    metadata,
    sa.Column("segment", sa.String(32), primary_key=True),
    sa.Column("ingest", sa.Integer, nullable=False),
    sa.Column("lines", sa.Text, nullable=False),
)
items = sa.Table(
    "items",
    metadata,
    sa.Column("source", sa.String(200), primary_key=True),
    sa.Column("item_id", sa.String(1000), primary_key=True),
    sa.Column("segment", sa.String(32), nullable=False),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(32), nullable=False),
)
superseded = sa.Table(
    "superseded",
    metadata,
    sa.Column("segment", sa.String(32), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
)
vote_files = sa.Table(
    "vote_files",
    metadata,
    sa.Column("path", sa.String(500), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
)
vote_columns = sa.Table(
    "vote_columns",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("segment", sa.String(32), nullable=False),
    sa.Column("lf", sa.String(200), nullable=False),
    sa.Column("path", sa.String(500), nullable=False),
    sa.Column("column", sa.String(200), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("votes", sa.Integer, nullable=False),
    sa.Column("faults", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
)
faults = sa.Table(
    "faults",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    sa.Column("lf", sa.String(200), nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("item_id", sa.String(1000), nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("trace", sa.Text, nullable=False),
)
label_sets = sa.Table(
    "label_sets",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("schema_version", sa.String(50), nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("covered", sa.Integer, nullable=False),
    sa.Column("labelled", sa.Integer, nullable=False),
    sa.Column("labels_hash", sa.String(64), nullable=False),
    sa.Column("manifest_sha256", sa.String(64), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
)
pointers = sa.Table(
    "pointers",
    metadata,
    sa.Column("task", sa.String(200), primary_key=True),
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("label_set", sa.String(32), nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
)
pointer_log = sa.Table(
    "pointer_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False),
    sa.Column("name", sa.String(50), nullable=False),
    sa.Column("label_set", sa.String(32), nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
)
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("label_set", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(50), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("gates", sa.Text, nullable=False),
    sa.Column("before", sa.String(32)),
    sa.Column("at", UTCDateTime, nullable=False),
)
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("role", sa.String(50), nullable=False),
    sa.Column("design", sa.String(50), nullable=False),
    sa.Column("asked", sa.String(50), nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("population", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer().with_variant(sa.BigInteger(), "postgresql")),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("purpose", sa.String(50)),
    sa.Column("schema_version", sa.String(50)),
    sa.Column("file", sa.String(1000)),
    sa.Column("undone_at", UTCDateTime),
)
drawn_items = sa.Table(
    "drawn_items",
    metadata,
    sa.Column("batch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item_id", sa.String(1000), primary_key=True),
    sa.Column("revision", sa.String(32), nullable=False),
    sa.Column("inclusion", sa.Float),
)
near_copies = sa.Table(
    "near_copies",
    metadata,
    sa.Column("task", sa.String(200), primary_key=True),
    sa.Column("source", sa.String(200), primary_key=True),
    sa.Column("item_id", sa.String(1000), primary_key=True),
    sa.Column("of_source", sa.String(200), primary_key=True),
    sa.Column("of_item_id", sa.String(1000), primary_key=True),
)
human_labels = sa.Table(
    "human_labels",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("identity", sa.String(64), nullable=False, unique=True),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("item_id", sa.String(1000), nullable=False),
    sa.Column("annotator", sa.String(200), nullable=False),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Column("schema_version", sa.String(50), nullable=False),
    sa.Column("role", sa.String(50), nullable=False),
    sa.Column("revision", sa.String(32), nullable=False),
    sa.Column("sampling", sa.String(50), nullable=False),
    sa.Column("rationale", sa.Text),
    sa.Column("labelled_at", UTCDateTime),
    sa.Column("imported_at", UTCDateTime, nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("batch", sa.Integer),
    sa.Column("inclusion", sa.Float),
    sa.Column("round", sa.Integer),
)
looks = sa.Table(
    "looks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False),
    sa.Column("label_set", sa.String(32), nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
)
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("task", sa.String(200), primary_key=True),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("host", sa.String(200), nullable=False),
    sa.Column("machine", sa.String(100), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("born", sa.String(50), nullable=False),
    sa.Column("since", UTCDateTime, nullable=False),
    sa.Column("renewed", UTCDateTime, nullable=False),
    sa.Column("doing", sa.String(200), nullable=False),
)

# A table of one ingest only: it goes with the connection, and no migration knows it.
seen = sa.Table(
    "seen_in_this_file",
    sa.MetaData(),
    sa.Column("item_id", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
    sa.Index("ix_seen_in_this_file", "item_id", postgresql_using="hash"),  # ids of any length
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
