"""Ids and other texts of any length, compared by their bytes, in PostgreSQL too; no text holds a NUL."""

import sqlalchemy as sa
from alembic import op

from retrolabel.storage.postgresql import in_byte_order

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEYS = {
    "items": ("source", "item_id"),
    "drawn_items": ("batch", "item_id"),
    "near_copies": ("task", "source", "item_id", "of_source", "of_item_id"),
}
"""Tables whose key holds ids of items, and its columns. An index takes 2,704 bytes; an id may be longer."""


def upgrade() -> None:
    """Key items by the hash of their id in PostgreSQL; write a NUL out in what SQLite took."""
    if op.get_bind().dialect.name == "postgresql":
        _in_postgresql()
    elif op.get_bind().dialect.name == "sqlite":
        _in_sqlite()


def _in_sqlite() -> None:
    """Write NULs out; SQLite's own ``replace`` takes one for the end of a text."""
    faults = sa.table("faults", sa.column("id"), sa.column("error"), sa.column("trace"))
    held = [sa.func.instr(column, sa.func.char(0)) > 0 for column in (faults.c.error, faults.c.trace)]
    for row in op.get_bind().execute(sa.select(faults).where(sa.or_(*held))).all():
        texts = {"error": row.error.replace("\0", "\\x00"), "trace": row.trace.replace("\0", "\\x00")}
        op.get_bind().execute(sa.update(faults).where(faults.c.id == row.id).values(texts))


def _in_postgresql() -> None:
    in_byte_order(op.get_bind(), tuple(KEYS))
    op.alter_column("batches", "seed", type_=sa.BigInteger())
    for table, columns in KEYS.items():
        op.drop_constraint(f"{table}_pkey", table)
        key = []
        for column in columns:
            if column.endswith("item_id"):
                hashed = column.replace("item_id", "item_key")
                op.execute(
                    f"ALTER TABLE {table} ADD COLUMN {hashed} uuid GENERATED ALWAYS AS (md5({column})::uuid) STORED"
                )
                key.append(hashed)
            else:
                key.append(column)
        op.create_primary_key(f"{table}_pkey", table, key)
