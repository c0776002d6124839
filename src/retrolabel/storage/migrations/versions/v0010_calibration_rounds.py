"""Rounds of calibration: which sets there are, who was asked what in which round, and the round of an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; answers of before belong to no round."""
    op.add_column("human_labels", sa.Column("round", sa.Integer()))
    op.create_table(
        "calibration_sets",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("rotated", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("honeypots", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(200), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("stopped_by", sa.String(200)),
    )
    op.create_index("ix_calibration_sets_task", "calibration_sets", ["task"])
    op.create_table(
        "calibration_rounds",
        sa.Column("task", sa.String(200), primary_key=True),
        sa.Column("round", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("calibration_set", sa.Integer(), nullable=False),
        sa.Column("schema_version", sa.String(50), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "calibration_people",
        sa.Column("task", sa.String(200), primary_key=True),
        sa.Column("round", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("file", sa.String(1000), nullable=False),
    )
    op.create_table(
        "calibration_items",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("person", sa.String(200)),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("item_id", sa.String(1000), nullable=False),
        sa.Column("revision", sa.String(32), nullable=False),
        sa.Column("batch", sa.Integer()),
        sa.Column("inclusion", sa.Float()),
    )
    op.create_index("ix_calibration_items_task", "calibration_items", ["task", "round"])
