"""What was put aside is found again, in the order of its file."""

from __future__ import annotations

import json

from retrolabel.errors import Problem
from retrolabel.jobs.feedback.quarantine import quarantine


class Memory:
    """Files in a dictionary."""

    def __init__(self):
        self.files = {}

    def write_bytes(self, name, content):
        self.files[name] = content
        return ""


def test_problems_are_json_lines_sorted_by_line():
    memory = Memory()
    found = [Problem("line 12", "b"), Problem("lines 3 to 9", "a", "mend"), Problem("row 5", "c"), Problem("all", "d")]
    path = quarantine("web/1", found, memory)
    assert path == "quarantine/web/1.jsonl"
    rows = [json.loads(line) for line in memory.files[path].decode().splitlines()]
    assert [row["where"] for row in rows] == ["all", "lines 3 to 9", "row 5", "line 12"]
    assert rows[1] == {"where": "lines 3 to 9", "reason": "a", "remedy": "mend"}


def test_bytes_that_were_no_text_do_not_stop_it():
    memory = Memory()
    path = quarantine("web/1", [Problem("line 1", "caf\udce9")], memory)
    assert b"caf" in memory.files[path]
