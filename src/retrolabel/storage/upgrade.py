"""Bring a catalog's tables to the revision that this code reads."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.errors import StoreError
from retrolabel.storage.places import POSTGRESQL
from retrolabel.storage.postgresql import ALL, in_byte_order, take_lock
from retrolabel.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection, Engine

HEAD = "0011"
"""The newest revision in ``migrations/versions``; a test holds it to that."""
_alone = threading.Lock()
"""Alembic knows one upgrade at a time in a process, whatever it is of."""
OURS = {"sources", "segments", "items"}
"""Tables that a catalog of any revision has."""


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Create or upgrade the tables where they are not at a revision.

    Args:
        engine: The catalog's database.
        to: The revision; the newest if left out.

    Raises:
        StoreError: The catalog was written by a newer retrolabel.
    """
    if checked_revision(engine) == to:
        return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if connection.dialect.name == POSTGRESQL:
            take_lock(connection, ALL)  # who comes second finds it done
        upgrade_inside(connection, to)


def upgrade_inside(connection: Connection, to: str = HEAD) -> None:
    """Create or upgrade the tables inside of a transaction: all of it is done when that commits, or nothing.

    Args:
        connection: Inside of a transaction.
        to: The revision; the newest if left out.
    """
    from alembic import command  # noqa: PLC0415 - slow to import, and needed once in a store's life

    config = _config()
    config.attributes["connection"] = connection
    with _alone:
        command.upgrade(config, to)
    if connection.dialect.name == POSTGRESQL:
        in_byte_order(connection, tuple(metadata.tables))


def checked_revision(engine: Engine) -> str | None:
    """Return the revision that a catalog is at, or ``None`` for an empty database.

    Raises:
        StoreError: The catalog was written by a newer retrolabel.
    """
    present = revision(engine)
    if present not in (None, HEAD) and present not in known_revisions():
        if not set(tables_of(engine)) >= OURS:
            raise StoreError(
                f"The database holds the tables of another program (at its revision {present}), and none of ours.",
                remedy="give the catalog a database of its own, or a schema: ?options=-csearch_path=NAME in its URL",
            )
        raise StoreError(
            f"The catalog is at revision {present}, which this retrolabel does not know.",
            remedy="it was written by a newer version: pip install --upgrade retrolabel",
        )
    return present


def known_revisions() -> set[str]:
    """Return the revisions that this code can read or upgrade."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow to import, and needed once in a store's life

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - slow to import, and needed once in a store's life

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def revision(engine: Engine) -> str | None:
    """Return the revision that a catalog is at, or ``None`` for an empty database."""
    with engine.connect() as connection:
        return revision_inside(connection)


def revision_inside(connection: Connection) -> str | None:
    """Return the same of a database that a connection is to."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def tables_of(engine: Engine) -> list[str]:
    """Return the tables of a catalog that are there, with the one that tells its revision, sorted."""
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
    return sorted(there & {*metadata.tables, "alembic_version"})
