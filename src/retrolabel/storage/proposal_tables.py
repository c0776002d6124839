"""The catalog's tables of proposals, as SQLAlchemy Core."""

from __future__ import annotations

import sqlalchemy as sa

from retrolabel.storage.calibration_tables import metadata
from retrolabel.storage.tables import UTCDateTime

__all__ = ["metadata", "proposal_decisions", "proposals"]

proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("version", sa.String(50), nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("pair", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("clear", sa.Boolean, nullable=False),
    sa.Column("support", sa.Float, nullable=False),
    sa.Column("gone", sa.Boolean, nullable=False),
    sa.Column("found_at", UTCDateTime, nullable=False),
    sa.Column("seen_at", UTCDateTime, nullable=False),
)
proposal_decisions = sa.Table(
    "proposal_decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("proposal", sa.Integer, nullable=False, index=True),
    sa.Column("task", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("file", sa.String(1000)),
    sa.Column("said", sa.Text, nullable=False),
)
