"""How long a person took for a label, where that is known."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; labels that were stored before have no time."""
    op.add_column("human_labels", sa.Column("seconds", sa.Float()))
