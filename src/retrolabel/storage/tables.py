"""The catalog's tables, as SQLAlchemy Core; Alembic's migrations make them, a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

metadata = sa.MetaData()


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A time in UTC; databases without time zones give it back with its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)  # type: ignore[no-any-return]  # a datetime, says the driver


sources = sa.Table(
    "sources",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("contract", sa.JSON, nullable=False),
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
    sa.Column("columns", sa.JSON, nullable=False),
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

# A table of one ingest only: it goes with the connection, and no migration knows it.
seen = sa.Table(
    "seen_in_this_file",
    sa.MetaData(),
    sa.Column("item_id", sa.String(1000), primary_key=True),
    prefixes=["TEMPORARY"],
)
