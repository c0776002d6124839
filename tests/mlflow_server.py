"""A real tracking server for tests, and a door in front of it that can be slow, broken or shut."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 120
SEARCH = "traces/search"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextlib.contextmanager
def tracking_server(folder: Path) -> Iterator[str]:
    """Start a server with a database in a folder; yield its address, and end it."""
    port = free_port()
    words = ["--backend-store-uri", f"sqlite:///{folder / 'server.db'}"]
    words += ["--artifacts-destination", str(folder / "artifacts"), "--host", "127.0.0.1", "--port", str(port)]
    hidden = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    environment = hidden | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", *words, "--workers", "1"],
            stdout=log,
            stderr=log,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


class Door:
    """What stands between retrolabel and a server.

    Attributes:
        url: Its address.
        state: ``open``; ``broken``: it answers 500; ``silent``: it never answers; ``full``: nothing can be written.
        searches: How many searches for traces it lets through before it is broken; ``None`` is all.
    """

    def __init__(self, behind: str) -> None:
        self.state, self.searches = "open", None
        self._behind = behind.removeprefix("http://")
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def shut(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def says(self, method: str, path: str) -> str:
        """Return what it does with a request."""
        if SEARCH in path and self.searches is not None:
            self.searches -= 1
            if self.searches < 0:
                return "broken"
        writes = method in ("PUT", "PATCH", "DELETE") or (method == "POST" and "search" not in path)
        if self.state == "full":
            return "broken" if writes else "open"
        return self.state

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        door = self

        class Handler(BaseHTTPRequestHandler):
            def _pass(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                said = door.says(self.command, self.path)
                if said == "silent":
                    door._over.wait(60)
                    return
                if said == "broken":
                    self._answer(500, b'{"error_code": "INTERNAL_ERROR", "message": "no space left on device"}')
                    return
                to = http.client.HTTPConnection(door._behind, timeout=60)
                kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                to.request(self.command, self.path, body, kept | {"Host": door._behind})
                answer = to.getresponse()
                self._answer(answer.status, answer.read(), answer.headers.get("Content-Type", "application/json"))
                to.close()

            def _answer(self, status: int, content: bytes, kind: str = "application/json") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass  # noqa: N815 - their names say it

            def log_message(self, *_: object) -> None:
                pass

        return Handler
