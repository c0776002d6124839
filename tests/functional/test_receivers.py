"""Receivers that fail in every way: no event is lost, none is told out of order, and no relabel waits for them."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from retrolabel.jobs.events import delivering


class Receiver(BaseHTTPRequestHandler):
    """Does what its server is told to do next, then answers well."""

    def do_POST(self):
        manner = self.server.manners.pop(0) if self.server.manners else "well"
        body = self.rfile.read(int(self.headers["content-length"]))
        if manner == "hangs":
            self.server.open.wait(20)
            return
        if manner == "closes":
            self.close_connection = True
            return
        self.server.got.append((self.headers["webhook-id"], json.loads(body)["type"]))
        if manner == "closes after":  # it took it, and nobody hears so
            self.close_connection = True
            return
        self.send_response(500 if manner == "500" else 204)
        self.end_headers()
        if manner == "twice":
            self.wfile.write(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n")

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    made.got, made.manners, made.open, made.daemon_threads = [], [], threading.Event(), True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.open.set()
    made.shutdown()
    made.server_close()


@pytest.fixture
def told(project, run, receiver, monkeypatch):
    """The project, with a receiver that is told of everything; it may take half a second, and tries follow at once."""
    monkeypatch.setenv("RETROLABEL_EVENTS_TIMEOUT", "0.5")
    monkeypatch.setattr(delivering, "PAUSES", (0.01,) * 7)
    url = f"http://127.0.0.1:{receiver.server_address[1]}/x"
    assert run("events", "subscribe", "team", url).code == 0
    return project


MANNERS = ["500", "hangs", "closes", "closes after", "twice"]


@pytest.mark.parametrize("manner", MANNERS)
def test_a_relabel_is_done_whatever_the_receiver_does_and_what_happened_arrives(manner, told, run, receiver):
    receiver.manners = [manner] * 2
    before = time.monotonic()
    done = run("relabel", "mood", "--json")
    assert (done.code, done.json["status"]) == (0, "current")
    assert time.monotonic() - before < 30
    for _ in range(8):
        time.sleep(0.02)
        run("events", "deliver")
    kinds = list(dict.fromkeys(kind for _, kind in receiver.got))
    assert kinds == ["label_set.candidate", "label_set.promoted"]
    ids = [identity for identity, _ in receiver.got]
    assert len(set(ids)) == 2  # told again or not, it is the same event by its id
    (standing,) = run("events", "endpoints", "--json").json["endpoints"]
    assert (standing["untold"], standing["dead"]) == (0, [])


def test_a_receiver_that_is_gone_for_good_leaves_dead_events_that_can_be_sent_again(told, run, receiver):
    receiver.manners = ["500"] * 50
    assert run("relabel", "mood").code == 0
    lines = run("status", "mood", "--json").json["tasks"][0]["lines"]
    (waits,) = [(each["state"], each["told"], each["command"]) for each in lines if each["what"] == "events"]
    assert waits[0::2] == ("note", "retrolabel events endpoints")
    assert waits[1].startswith("team could not be told of 1 event yet, and is tried again: HTTP 500")
    for _ in range(20):
        time.sleep(0.02)
        run("events", "deliver")
    dead = run("events", "endpoints", "--dead")
    assert dead.code == 1
    assert "after 8 tries: HTTP 500" in dead.out
    assert run("status").code == 1
    receiver.manners, receiver.got = [], []
    assert run("events", "resend", "team").out.startswith("2 events will be tried again")
    assert run("events", "deliver").code == 0
    assert [kind for _, kind in receiver.got] == ["label_set.candidate", "label_set.promoted"]
    assert run("events", "resend", "team", "1").code == 1
