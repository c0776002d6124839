"""Where a segment comes from: the ingest, and the line of the file of each of its rows; and who ingested."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; of segments that are there already nobody knows it."""
    op.create_table(
        "segment_origins",
        sa.Column("segment", sa.String(32), primary_key=True),
        sa.Column("ingest", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
    )
    op.add_column("ingests", sa.Column("who", sa.String(200)))
