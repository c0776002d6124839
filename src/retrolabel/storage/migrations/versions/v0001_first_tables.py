"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sources",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("contract", sa.JSON(), nullable=False),
    )
    op.create_table(
        "ingests",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("file", sa.String(1000), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_ingests_source_sha256", "ingests", ["source", "sha256"])
    op.create_table(
        "segments",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
    )
    op.create_index("ix_segments_source", "segments", ["source"])
    op.create_table(
        "items",
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("item_id", sa.String(1000), primary_key=True),
        sa.Column("segment", sa.String(32), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
    )
    op.create_table(
        "superseded",
        sa.Column("segment", sa.String(32), primary_key=True),
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
    )
    op.create_table(
        "vote_files",
        sa.Column("path", sa.String(500), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "vote_columns",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("segment", sa.String(32), nullable=False),
        sa.Column("lf", sa.String(200), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("column", sa.String(200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
    )
    op.create_table(
        "faults",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("lf", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("item_id", sa.String(1000), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
    )
    op.create_index("ix_faults_key", "faults", ["key"])
    op.create_table(
        "label_sets",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("schema_version", sa.String(50), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("labelled", sa.Integer(), nullable=False),
        sa.Column("labels_hash", sa.String(64), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_label_sets_task", "label_sets", ["task"])
    op.create_table(
        "pointers",
        sa.Column("task", sa.String(200), primary_key=True),
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("label_set", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "pointer_log",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("label_set", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "human_labels",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("identity", sa.String(64), nullable=False, unique=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("item_id", sa.String(1000), nullable=False),
        sa.Column("annotator", sa.String(200), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("schema_version", sa.String(50), nullable=False),
        sa.Column("role", sa.String(50), nullable=False),
        sa.Column("revision", sa.String(32), nullable=False),
        sa.Column("sampling", sa.String(50), nullable=False),
        sa.Column("rationale", sa.Text()),
        sa.Column("labelled_at", sa.DateTime(timezone=True)),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_human_labels_task", "human_labels", ["task"])
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("label_set", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("looks")
    op.drop_table("human_labels")
    op.drop_table("pointer_log")
    op.drop_table("pointers")
    op.drop_table("label_sets")
    op.drop_table("faults")
    op.drop_table("vote_columns")
    op.drop_table("vote_files")
    op.drop_table("superseded")
    op.drop_table("items")
    op.drop_table("segments")
    op.drop_table("ingests")
    op.drop_table("sources")
