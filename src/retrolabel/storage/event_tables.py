"""The catalog's tables of events and schedules, as SQLAlchemy Core."""

from __future__ import annotations

import sqlalchemy as sa

from retrolabel.storage.proposal_tables import metadata
from retrolabel.storage.tables import UTCDateTime

__all__ = ["deliveries", "endpoints", "events", "metadata", "schedule_runs", "schedules"]
"""Whoever wants all tables takes ``metadata`` from here: those of all books are in it."""

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("kind", sa.String(50), nullable=False),
    sa.Column("task", sa.String(200), nullable=False, index=True),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
)
endpoints = sa.Table(
    "endpoints",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("kinds", sa.Text, nullable=False),
    sa.Column("task", sa.String(200)),
    sa.Column("secrets", sa.Text, nullable=False),
    sa.Column("since", UTCDateTime, nullable=False),
)
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("endpoint", sa.String(200), primary_key=True),
    sa.Column("event", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("next_at", UTCDateTime),
    sa.Column("error", sa.Text, nullable=False),
)
schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("task", sa.String(200), nullable=False),
    sa.Column("cron", sa.String(200), nullable=False),
    sa.Column("zone", sa.String(100), nullable=False),
    sa.Column("when", sa.Text, nullable=False),
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.Column("made_by", sa.String(200), nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
)
schedule_runs = sa.Table(
    "schedule_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("schedule", sa.Integer, nullable=False),
    sa.Column("due_at", UTCDateTime, nullable=False),
    sa.Column("missed", sa.Integer, nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("ended_at", UTCDateTime),
    sa.Column("host", sa.String(200), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("label_set", sa.String(32)),
    sa.Column("log", sa.Text, nullable=False),
    sa.UniqueConstraint("schedule", "due_at", name="uq_schedule_runs_due"),
)
