"""Bring a catalog's tables to the revision that this code reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

HEAD = "0002"
"""The newest revision in ``migrations/versions``; a test holds it to that."""


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables where they are not at the newest revision.

    Raises:
        StoreError: The catalog was written by a newer retrolabel.
    """
    present = revision(engine)
    if present == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - slow to import, and needed once in a store's life
    from alembic.config import Config  # noqa: PLC0415 - the same
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise StoreError(
            f"The catalog is at revision {present}, which this retrolabel does not know.",
            remedy="it was written by a newer version: pip install --upgrade retrolabel",
        )
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision(engine: Engine) -> str | None:
    """Return the revision that a catalog is at, or ``None`` for an empty database."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
