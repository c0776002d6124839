"""Which items were drawn for people, before their answers come; and which items with human labels are near copies."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; batches of before were imported, so nothing is known of their items but the answers."""
    op.add_column("batches", sa.Column("purpose", sa.String(50)))
    op.add_column("batches", sa.Column("schema_version", sa.String(50)))
    op.add_column("batches", sa.Column("file", sa.String(1000)))
    op.add_column("batches", sa.Column("undone_at", sa.DateTime(timezone=True)))
    op.create_table(
        "drawn_items",
        sa.Column("batch", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("item_id", sa.String(1000), primary_key=True),
        sa.Column("revision", sa.String(32), nullable=False),
        sa.Column("inclusion", sa.Float()),
    )
    op.create_table(
        "near_copies",
        sa.Column("task", sa.String(200), primary_key=True),
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("item_id", sa.String(1000), primary_key=True),
        sa.Column("of_source", sa.String(200), primary_key=True),
        sa.Column("of_item_id", sa.String(1000), primary_key=True),
    )
