"""What a database says, in our words, with what would help: at this one boundary."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.errors import MissingExtraError, RetrolabelError, StoreError
from retrolabel.storage.places import POSTGRESQL, URLS, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = "what was committed is kept; the same command goes on from there"
WRITING = "another retrolabel is writing; try again when it is done"
ASK = "ask who looks after the server"
BY_CODE = {
    "42501": "the user lacks a right, which the owner GRANTs; or name another user in catalog (docs/postgresql.md)",
    "25006": "the server or the user may only read: name the server that is written in catalog, or another user",
    "3F000": "no schema of the search_path is there: CREATE SCHEMA, or mend options=-csearch_path=NAME in the URL",
    "42P01": "restore the catalog from a dump (pg_restore); retrolabel doctor says what else is wrong",
    "55P03": WRITING,
    "57014": "the server has a limit (statement_timeout): ALTER ROLE name SET statement_timeout = 0, and run it again",
    "25P03": "the server has a limit (idle_in_transaction_session_timeout): raise it for this user, and run it again",
    "40001": f"two wrote the same at once; {AGAIN}",
    "40P01": f"two waited for each other; {AGAIN}",
    "53100": f"the server's disk is full; make room there; {AGAIN}",
    "53300": f"the server has no connection left: raise max_connections, or end what nobody needs; {AGAIN}",
    "57P01": f"somebody ended the connection, or the server; {AGAIN}",
    "57P02": f"the server ended; {AGAIN}",
    "57P03": "the server is starting; try again in a moment",
    "23505": f"another process stored the same at this moment; {AGAIN}",
}
"""SQLSTATE -> what would help."""
BY_WORDS = (
    (r"password authentication failed|no password supplied|authentication failed",
     "check user and password: in the URL (write @ as %40, : as %3A, / as %2F), in PGPASSWORD, or in ~/.pgpass"),
    (r"no pg_hba\.conf entry", "the server lets this user or machine not in: its pg_hba.conf says who may"),
    (r'role "[^"]*" does not exist', "CREATE ROLE it, or name another user in catalog"),
    (r'database "[^"]*" does not exist', "CREATE DATABASE name OWNER user, or name another one in catalog"),
    (r"remaining connection slots|too many clients|too many connections", BY_CODE["53300"]),
    (r"permission denied for database", BY_CODE["42501"]),
    (r"starting up|in recovery mode", BY_CODE["57P03"]),
    (r"refused|timeout expired|No such file|resolve host|translate host name|unreachable|No route|timed out",
     "is the server running, and is this its host and port? pg_isready -h HOST -p PORT asks it"),
    (r"closed the conn|is lost|is closed|terminating conn|SSL SYSCALL|reset by peer|is bad|consuming input",
     f"the connection broke off; {AGAIN}"),
    (r"invalid connection option|invalid URI query", "mend what stands after the ? in the URL"),
    (r"SSL", "the server and sslmode in the URL do not agree on encryption"),
    (r"NUL", "a text holds the character NUL, which PostgreSQL cannot store: take it out of the file"),
)  # fmt: skip
"""What stands in the driver's words, where the server sent no code -> what would help."""


CUT = re.compile(r"\n(?:DETAIL|LINE|CONTEXT|HINT|Multiple connection attempts)|\n\s*Is the server running")
"""Where what a server says goes on with rows, with queries, or with what we say ourselves."""


@contextmanager
def translated(url: sa.URL | None = None, *, opening: bool = False) -> Iterator[None]:
    """Turn the database's errors into ours.

    Args:
        url: The database; a file of SQLite needs no name, since there is one in a store.
        opening: Whether the database is just being opened, so that a driver which stumbles does so over the URL.

    Raises:
        StoreError: The database said no.
    """
    elsewhere = url is not None and url.get_backend_name() != "sqlite"
    try:
        yield
    except RetrolabelError:
        raise
    except sa.exc.DBAPIError as error:
        raise _elsewhere(url, error) if elsewhere and url is not None else _of_sqlite(error) from error
    except ImportError as error:
        if elsewhere and url is not None and url.drivername == "postgresql+psycopg":  # psycopg without its C half
            raise MissingExtraError("psycopg[binary]", "postgres", "A catalog in PostgreSQL") from error
        raise StoreError(
            f"The catalog's database cannot be spoken to: its driver is not installed ({error}).",
            remedy=f"pip install {error.name or 'the driver'}, or name another: {URLS}",
        ) from error
    except (sa.exc.ArgumentError, sa.exc.InvalidRequestError, TypeError, ValueError) as error:
        if isinstance(error, UnicodeError) or not isinstance(error, (TypeError, ValueError)) or opening:
            raise StoreError(
                f"The catalog's URL cannot be used: {str(error).rstrip('.')}.",
                remedy=f"write catalog in the settings as {URLS}; or leave it out: it is a file in the store then",
            ) from error
        raise


def _of_sqlite(error: sa.exc.DBAPIError) -> StoreError:
    what = " ".join(str(error.orig).split())
    remedy = "restore catalog.db from a backup; retrolabel doctor says where it is and what else is wrong"
    if isinstance(error, (sa.exc.OperationalError, sa.exc.InterfaceError)):
        remedy = "is it there, and may you read and write it; retrolabel doctor looks at the rest of the store"
        if "locked" in what:
            remedy = WRITING
    return StoreError(f"The catalog cannot be used: {what}.", remedy=remedy)


def _elsewhere(url: sa.URL, error: sa.exc.DBAPIError) -> StoreError:
    """Return what a server said, which database it is of, and what would help; no row is told."""
    said = str(error.orig)
    what = " ".join(CUT.split(said)[0].split()).rstrip(".?")
    what = re.sub(r"connection (?:failed|to server)[^\"]*\"[^\"]*\"[^:]*failed: (?:FATAL: )?", "", what)
    remedy = BY_CODE.get(getattr(error.orig, "sqlstate", None) or "")
    remedy = remedy or next((help_ for words, help_ in BY_WORDS if re.search(words, said)), "")
    if not remedy:
        of = "the server" if url.get_backend_name() == POSTGRESQL else "the database"
        remedy = f"that is what {of} says: {ASK}; retrolabel doctor looks at the rest of the store"
    return StoreError(f"The catalog, {place_of(url)}, cannot be used: {what}.", remedy=remedy)
