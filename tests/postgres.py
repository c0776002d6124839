"""A PostgreSQL server for tests: made in memory, started by a user without rights, gone with the process.

A test asks for the fixture ``postgres`` (a server) or ``database`` (an empty database of its own, by its URL). Where
no server is installed such a test is skipped; in CI it fails.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrolabel.storage.connections import engines
from retrolabel.storage.upgrade import upgrade

try:
    import psycopg
except ImportError:  # without the extra
    psycopg = None  # type: ignore[assignment]  # nothing here runs then

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER, PASSWORD = "owner", "correct-h0rse:b@ttery/9"
QUOTED = "correct-h0rse%3Ab%40ttery%2F9"
"""The password as a URL has it."""
PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")
FAST = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB",
    "max_connections=40", "max_wal_senders=0", "wal_level=minimal", "listen_addresses=127.0.0.1",
    "unix_socket_directories=", "log_min_messages=fatal",
)  # fmt: skip
"""Nothing of it outlives the tests, so nothing is waited for."""


class Server:
    """A server that runs.

    Args:
        folder: Where its files are.
        binaries: Where its programs are.
        user: Who runs it; nobody else than this process, if left out.
    """

    def __init__(self, folder: Path, binaries: Path, user: str | None) -> None:
        self.folder, self.binaries = folder, binaries
        self._as = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self.host = "127.0.0.1"
        self.port = _free_port()
        (folder / "password").write_text(PASSWORD)
        words = ["--auth=scram-sha-256", f"--username={OWNER}", f"--pwfile={folder / 'password'}", "--no-sync"]
        # A collation that sorts as people do, not as bytes are: what depends on it is found.
        words += [
            "--encoding=UTF8",
            "--locale-provider=icu",
            "--icu-locale=en",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]
        self._run("initdb", "-D", str(folder / "data"), *words)
        self.start()

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *words], capture_output=True, text=True, cwd=self.folder, check=False,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, **self._as,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [word for setting in FAST for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *settings],
                stdout=log, stderr=log, cwd=self.folder, env={"LC_ALL": "C.UTF-8"}, start_new_session=True,
                preexec_fn=_with_us, **self._as,  # noqa: PLW1509 - no threads are about
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                self.sql("SELECT 1")
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop it at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)
            self._process = None

    def sql(self, *statements: str, database: str = "postgres", user: str = OWNER) -> list[tuple[object, ...]]:
        """Run statements, each for itself; return what the last one finds."""
        with psycopg.connect(
            host=self.host, port=self.port, user=user, password=PASSWORD, dbname=database, autocommit=True
        ) as connection:
            cursor = None
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[arg-type]  # our own words
            return cursor.fetchall() if cursor is not None and cursor.description else []

    def database(self, like: str = "template1") -> str:
        """Make a database, empty or like another one; return its URL."""
        name = f"labels_{next(self._numbers)}"
        idle = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{like}'"  # noqa: S608 - our own words
        self.sql(idle, f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        return self.url(name)

    @cached_property
    def with_tables(self) -> str:
        """The name of a database with the tables of a catalog, and nothing in them."""
        url = self.database()
        engine, _ = engines(url)
        upgrade(engine)
        engine.dispose()
        return name_of(url)

    def catalog(self) -> str:
        """Make a database that has a catalog's tables; return its URL."""
        return self.database(self.with_tables)

    def url(self, name: str, user: str = OWNER, password: str = QUOTED) -> str:
        """Return the URL of a database."""
        return f"postgresql://{user}:{password}@{self.host}:{self.port}/{name}"


def name_of(url: str) -> str:
    """Return the name of the database that a URL names."""
    return url.rpartition("/")[2].partition("?")[0]


def binaries() -> Path | None:
    """Return where the server's programs are, the newest of them; ``None`` where it is not installed."""
    found = [path.parent for place in PLACES for path in Path(place).glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    newest = max(found, key=lambda path: [int(each) for each in re.findall(r"\d+", path.parent.name)], default=None)
    return newest or (Path(on_path).parent if on_path else None)


def _with_us() -> None:
    """Let the server end when this process does, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


def _free_port() -> int:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])


def _user() -> str | None:
    """Return who may run the server: it refuses root."""
    if os.getuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Yield a server that runs while the context is open.

    Raises:
        LookupError: None is installed.
    """
    where = binaries()
    if where is None:
        raise LookupError("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="postgres.", dir=memory if os.access(memory, os.W_OK) else "/tmp"))  # noqa: S108 - others may not look into pytest's
    try:
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        running = Server(folder, where, user)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, one for all tests of this process."""
    if (binaries() is None or psycopg is None) and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL server, or no psycopg (Debian: apt-get install postgresql; pip install psycopg)")
    with server() as running:
        yield running


@pytest.fixture
def database(postgres: Server) -> str:
    """The URL of an empty database."""
    return postgres.database()
