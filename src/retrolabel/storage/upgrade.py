"""Bring a catalog's tables to the revision that this code reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Engine

HEAD = "0009"
"""The newest revision in ``migrations/versions``; a test holds it to that."""


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
    from alembic import command  # noqa: PLC0415 - slow to import, and needed once in a store's life

    config = _config()
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def checked_revision(engine: Engine) -> str | None:
    """Return the revision that a catalog is at, or ``None`` for an empty database.

    Raises:
        StoreError: The catalog was written by a newer retrolabel.
    """
    present = revision(engine)
    if present not in (None, HEAD) and present not in known_revisions():
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
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
