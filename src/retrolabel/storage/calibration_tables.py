"""The catalog's tables of calibration, as SQLAlchemy Core: which sets there are, and what was asked in which round."""

from __future__ import annotations

import sqlalchemy as sa

from retrolabel.storage.tables import UTCDateTime, metadata

__all__ = ["calibration_items", "calibration_people", "calibration_rounds", "calibration_sets", "metadata"]

calibration_sets = sa.Table(
    "calibration_sets",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("rotated", sa.Integer, nullable=False),
    sa.Column("again", sa.Integer, nullable=False),
    sa.Column("honeypots", sa.Integer, nullable=False),
    sa.Column("every_days", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("started_by", sa.String(200), nullable=False),
    sa.Column("stopped_at", UTCDateTime),
    sa.Column("stopped_by", sa.String(200)),
)
calibration_rounds = sa.Table(
    "calibration_rounds",
    metadata,
    sa.Column("task", sa.String(200), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("calibration_set", sa.Integer, nullable=False),
    sa.Column("schema_version", sa.String(50), nullable=False),
    sa.Column("opened_at", UTCDateTime, nullable=False),
    sa.Column("opened_by", sa.String(200), nullable=False),
    sa.Column("closed_at", UTCDateTime),
    sa.Column("undone_at", UTCDateTime),
)
"""The rounds of a task are counted through all of its sets; the number of one that was taken back is not used again."""
calibration_people = sa.Table(
    "calibration_people",
    metadata,
    sa.Column("task", sa.String(200), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.String(200), primary_key=True),
    sa.Column("file", sa.String(1000), nullable=False),
)
"""Who is asked in a round; those of a round that is not there yet are to be asked in it, and have no file."""
calibration_items = sa.Table(
    "calibration_items",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("part", sa.String(20), nullable=False),
    sa.Column("person", sa.String(200)),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("item_id", sa.String(1000), nullable=False),
    sa.Column("revision", sa.String(32), nullable=False),
    sa.Column("batch", sa.Integer),
    sa.Column("inclusion", sa.Float),
    sa.Index("ix_calibration_items_task", "task", "round"),
)
"""What was shown in a round: to everybody, or to the one person named. Its key is a number: an id has any length."""
