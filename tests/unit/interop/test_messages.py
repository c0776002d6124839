"""Webhooks are signed, sent once, and never followed elsewhere; whatever goes wrong is a sentence."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from retrolabel.errors import EventError
from retrolabel.interop.messages import Messenger, webhook
from retrolabel.jobs.records.events import PROMOTED, Endpoint, Event
from retrolabel.tracking.mlflow import within

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
EVENT = Event(PROMOTED, "mood", "1f" * 16, "Label set 1f is current.", AT, {"who": "ana"}, "ab12", 7)


class Receiver(BaseHTTPRequestHandler):
    """Answers by the path: a status, or a manner."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        if self.path == "/hangs":
            self.server.open.wait(20)
            return
        if self.path == "/drips":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.open.wait(0.1):
                self.wfile.write(b"x-drip: 1\r\n")
                self.wfile.flush()
            return
        if self.path == "/closes":
            self.close_connection = True
            return
        self.send_response(int(self.path[1:]))
        if self.path == "/302":
            self.send_header("location", "/200")
        self.end_headers()
        if self.path == "/500":
            self.wfile.write(b"we are full")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    """A server on this machine; ``got`` holds what it was sent."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    made.got, made.open, made.daemon_threads = [], threading.Event(), True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.open.set()
    made.shutdown()
    made.server_close()


@pytest.fixture
def tell(server, monkeypatch):
    """Tell the server of an event at a path."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    server.got.clear()

    def go(path, *secrets, seconds=5.0):
        url = f"http://127.0.0.1:{server.server_address[1]}{path}"
        endpoint = Endpoint("team", url, (), None, secrets or ("env:HOOK_SECRET",), AT)
        return Messenger(within, lambda: datetime.now(UTC), seconds).tell(endpoint, EVENT)

    return go


def test_a_webhook_is_signed_and_says_what_happened(tell, server):
    assert tell("/204") is None
    ((path, headers, body),) = server.got
    told = Webhook(SECRET).verify(body, headers)
    assert told == {
        "type": "label_set.promoted",
        "timestamp": "2026-11-30T03:00:00+00:00",
        "data": {"task": "mood", "subject": "1f" * 16, "said": "Label set 1f is current.", "data": {"who": "ana"}},
    }
    assert (path, headers["webhook-id"], headers["content-type"]) == (
        "/204",
        "evt_ab12",
        "application/json; charset=utf-8",
    )


def test_while_a_secret_is_replaced_both_are_good(tell, server, monkeypatch):
    monkeypatch.setenv("NEW_SECRET", OTHER)
    assert tell("/204", "env:NEW_SECRET", "env:HOOK_SECRET") is None
    ((_, headers, body),) = server.got
    for secret in (SECRET, OTHER):
        assert Webhook(secret).verify(body, headers)["type"] == "label_set.promoted"
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 32).verify(body, headers)


def test_what_is_signed_is_what_the_specification_says():
    headers, body = webhook(EVENT, [SECRET], datetime(2021, 2, 25, 12, 0, tzinfo=UTC))
    assert headers["webhook-timestamp"] == "1614254400"
    assert json.loads(body)["type"] == "label_set.promoted"
    assert headers["webhook-signature"] == Webhook(SECRET).sign(
        "evt_ab12", datetime(2021, 2, 25, 12, 0, tzinfo=UTC), body
    )
    assert "webhook-signature" not in webhook(EVENT, [], AT)[0]


def test_a_redirect_is_not_followed(tell, server):
    assert tell("/302") == "HTTP 302, a redirect, which is not followed"
    assert [path for path, _, _ in server.got] == ["/302"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/500", "HTTP 500: we are full"),
        ("/hangs", "no answer within 0.5 s"),
        ("/drips", "no answer within 0.5 s"),
        ("/closes", "no connection (RemoteDisconnected)"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_takes_no_longer_than_it_may(tell, path, why):
    before = time.monotonic()
    told = tell(path, seconds=0.5)
    assert why in told or (path == "/drips" and "TimeoutError" in told)
    assert time.monotonic() - before < 3


def test_nobody_there_a_secret_that_is_none_and_a_variable_that_is_not_set_are_told_without_the_url(tell, monkeypatch):
    nobody = Endpoint("team", "http://127.0.0.1:1/services/T0KEN", (), None, (), AT)
    told = Messenger(within, lambda: AT).tell(nobody, EVENT)
    assert "no connection (ConnectionRefusedError)" in told
    assert "T0KEN" not in told
    assert "The environment has no MISSING_SECRET." in tell("/204", "env:MISSING_SECRET")
    monkeypatch.setenv("HOOK_SECRET", "whsec_")
    assert "A secret is no secret of a webhook." in tell("/204")
    with pytest.raises(EventError):
        webhook(EVENT, ["whsec_"], AT)


def test_mail_and_chat_go_through_apprise(monkeypatch):
    apprise = pytest.importorskip("apprise")
    sent = []
    monkeypatch.setattr(apprise.Apprise, "notify", lambda _, **said: sent.append(said) or True)
    to = Endpoint("team", "json://127.0.0.1:9", (), None, (), AT)
    assert Messenger(within, lambda: AT).tell(to, EVENT) is None
    assert sent == [{"title": "retrolabel: mood, label_set.promoted", "body": "Label set 1f is current."}]
    nothing = Endpoint("team", "nosuch://x", (), None, (), AT)
    assert Messenger(within, lambda: AT).tell(nothing, EVENT) == "Apprise knows no such URL"
