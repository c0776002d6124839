"""Where a catalog is: its URL in its parts, and in words for people."""

from __future__ import annotations

import os
import re

import sqlalchemy as sa

from retrolabel.errors import StoreError

EXAMPLE = "postgresql://USER@HOST/NAME"
IN_MEMORY = (None, "", ":memory:")
URLS = f"sqlite:////absolute/path.db or {EXAMPLE}"
"""How the URL of a catalog looks."""
POSTGRESQL = "postgresql"
SPELLINGS = ("postgres", "postgresql")
"""How people call PostgreSQL in a URL that names no driver."""


def parsed_url(url: str) -> sa.URL:
    """Return a catalog's URL in its parts; PostgreSQL is spoken to with psycopg 3 unless the URL names another driver.

    Raises:
        StoreError: It cannot be read; a part of a password may stand where the host should, so nothing of it is told.

    Example:
        >>> parsed_url("postgres://ann@db/labels").drivername
        'postgresql+psycopg'
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        parsed = None
    if parsed is not None and not ("@" in (parsed.host or "") or (parsed.host and "@" in (parsed.database or ""))):
        return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in SPELLINGS else parsed
    raise StoreError(
        "The catalog's URL cannot be used: it does not read as a URL.",
        remedy=f"write catalog in the settings as {EXAMPLE}, and install the database's driver; in user and password,"
        " write @ as %40, : as %3A, / as %2F, % as %25",
    )


def place_of(url: sa.URL) -> str:
    """Return where a catalog is, for people; no password is in it.

    Example:
        >>> place_of(sa.make_url("postgresql://ann:secret@db.example.org/labels"))
        'the PostgreSQL database labels on db.example.org'
        >>> place_of(sa.make_url("sqlite:////data/catalog.db"))
        '/data/catalog.db'
    """
    if url.get_backend_name() == "sqlite":
        return "memory" if url.database in IN_MEMORY else str(url.database)
    if url.get_backend_name() != POSTGRESQL:
        return f"the {url.get_backend_name()} database {url.database or ''} on {url.host or 'this machine'}"
    host = url.host or _first(url.query.get("host")) or os.environ.get("PGHOST") or ""
    port = url.port or _first(url.query.get("port")) or os.environ.get("PGPORT") or ""
    service = _first(url.query.get("service")) or os.environ.get("PGSERVICE") or ""
    database = url.database or os.environ.get("PGDATABASE") or url.username or ""
    if service and not host:
        return f"the PostgreSQL service {service}"
    where = "this machine" if not host or host.startswith("/") else host
    return f"the PostgreSQL database {database} on {where}{f':{port}' if port else ''}".replace("  ", " ")


def without_password(url: sa.URL) -> str:
    """Return a URL without its password, the shortest way that it is written.

    Example:
        >>> without_password(parsed_url("postgresql://ann:secret@db/labels"))
        'postgresql://ann@db/labels'
    """
    name = "postgresql" if url.drivername == "postgresql+psycopg" else url.drivername
    plain = sa.URL.create(name, url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(hide_password=True)


def _first(said: str | tuple[str, ...] | None) -> str:
    return said if isinstance(said, str) else ",".join(said or ())


def how_to_save(url: str, revision: str | None) -> str:
    """Return what saves a copy of a catalog before it is upgraded, for people.

    Args:
        url: Its URL.
        revision: The revision that it is at; nothing where there is nothing to save.

    Example:
        >>> how_to_save("postgresql://ann:secret@db:5433/labels?options=-csearch_path%3Dteam", "0006")
        'pg_dump --format=custom --host=db --port=5433 --username=ann --schema=team --file=catalog.0006.dump labels'
        >>> how_to_save("sqlite:////data/catalog.db", "0006")
        'the upgrade itself copies it to /data/catalog.db.0006'
    """
    parsed = parsed_url(url)
    if revision is None:
        return ""
    if parsed.get_backend_name() == "sqlite":
        return f"the upgrade itself copies it to {parsed.database}.{revision}"
    if parsed.get_backend_name() != POSTGRESQL:
        return "save the database as its kind is saved"
    schema = re.search(r"search_path=([\w]+)", _first(parsed.query.get("options")))
    host, port = parsed.host or _first(parsed.query.get("host")), parsed.port or _first(parsed.query.get("port"))
    words = {"host": host, "port": port, "username": parsed.username, "schema": schema[1] if schema else ""}
    told = [f"--{name}={value}" for name, value in words.items() if value]
    return " ".join(
        ["pg_dump --format=custom", *told, f"--file=catalog.{revision}.dump", parsed.database or ""]
    ).rstrip()
