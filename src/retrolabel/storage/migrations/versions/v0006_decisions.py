"""What consumers read: each decision on it, with who, when, why and the gates."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHY = "there was no current label set before this version of retrolabel: the latest one was what exports wrote"


def upgrade() -> None:
    """Make the table; what was latest is current from now on, since that is what consumers read until now."""
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("label_set", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("gates", sa.Text(), nullable=False),
        sa.Column("before", sa.String(32)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_decisions_task", "decisions", ["task"])
    text = sa.text
    latest = "FROM pointers p WHERE p.name = 'latest' AND p.label_set IN (SELECT id FROM label_sets)"
    op.execute(
        text(
            "INSERT INTO decisions (task, label_set, kind, who, why, gates, at) "
            f"SELECT p.task, p.label_set, 'upgraded', 'retrolabel', :why, '[]', p.at {latest}"
        ).bindparams(why=WHY)
    )
    op.execute(
        text(
            f"INSERT INTO pointer_log (task, name, label_set, at) SELECT p.task, 'current', p.label_set, p.at {latest}"
        )
    )
    op.execute(
        text(f"INSERT INTO pointers (task, name, label_set, at) SELECT p.task, 'current', p.label_set, p.at {latest}")
    )
