"""Which draw an item with a human label comes from, and how probable it was that it was drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a batch of each import so far; a random one is a draw of its items out of those that live now."""
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("role", sa.String(50), nullable=False),
        sa.Column("design", sa.String(50), nullable=False),
        sa.Column("asked", sa.String(50), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_batches_task", "batches", ["task"])
    op.add_column("human_labels", sa.Column("batch", sa.Integer()))
    op.add_column("human_labels", sa.Column("inclusion", sa.Float()))
    text = sa.text
    op.execute(
        text(
            "INSERT INTO batches (task, source, role, design, asked, items, population, at) "
            "SELECT h.task, h.source, h.role, h.sampling, h.sampling, COUNT(DISTINCT h.item_id), "
            "(SELECT COUNT(*) FROM items i WHERE i.source = h.source), h.imported_at FROM human_labels h "
            "GROUP BY h.task, h.source, h.role, h.sampling, h.imported_at ORDER BY MIN(h.id)"
        )
    )
    same = " AND ".join(
        f"b.{theirs} = human_labels.{ours}"
        for theirs, ours in (
            ("task", "task"),
            ("source", "source"),
            ("role", "role"),
            ("design", "sampling"),
            ("at", "imported_at"),
        )
    )
    op.execute(text(f"UPDATE human_labels SET batch = (SELECT b.id FROM batches b WHERE {same})"))  # noqa: S608 - our own words
    op.execute(
        text(
            "UPDATE human_labels SET inclusion = (SELECT CASE WHEN b.items < b.population THEN "
            "1.0 * b.items / b.population ELSE 1.0 END FROM batches b WHERE b.id = human_labels.batch) "
            "WHERE sampling = 'random'"
        )
    )
