"""No command asks the network for anything: no name is looked up, nobody is connected to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrolabel.wiring.templates import write_project

SOURCES = Path(__file__).parents[2] / "src"
WATCH = """
import os, socket

def _tell(what, where):
    if not isinstance(where, (str, bytes)) or what != "connect":  # a socket of this machine has a path
        with open(os.environ["ASKED"], "a") as asked:
            asked.write(f"{what} {where!r}\\n")

def _watched(what, original, place=0):
    def asks(*words, **more):
        _tell(what, words[place] if len(words) > place else more)
        return original(*words, **more)
    return asks

for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "create_connection", "getnameinfo"):
    setattr(socket, _name, _watched(_name, getattr(socket, _name)))

class _Socket(socket.socket):
    connect = _watched("connect", socket.socket.connect, 1)
    connect_ex = _watched("connect", socket.socket.connect_ex, 1)
    sendto = _watched("sendto", socket.socket.sendto, 2)

socket.socket = _Socket
"""
RUN = """
import json, sys
from retrolabel.cli.main import main
codes = {}
for line in sys.stdin:
    words = json.loads(line)
    sys.argv = ["retrolabel", *words]
    try:
        main()
    except SystemExit as done:
        codes[" ".join(words)] = done.code or 0
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]
print("\\n" + json.dumps(codes))
"""
COMMANDS = [
    "--version",
    "ingest f.csv --source web",
    "ingest f.csv --source web --dry-run",
    "gold import mood gold.csv --source web --role dev",
    "gold list",
    "plan mood",
    "relabel mood --tracking",
    "relabel mood --tracking --label-model majority_vote --engine local --workers 1",
    "evaluate mood --final",
    "compare mood",
    "report mood --out report.html",
    "labels list",
    "labels show mood",
    "labels show mood --item 1",
    "labels verify mood",
    "labels export mood --format csv --out out.csv",
    "explain mood 1",
    "gold show mood",
    "lf list",
    "lf summary mood",
    "lf faults mood",
    "lf show mood:shouts --why",
    "lf diff mood",
    "lf check mood",
    "schema show mood",
    "schema history mood",
    "schema heads mood",
    "schema check",
    "schema release mood 1.0.0",
    "track",
    "track --resend",
    "compact",
    "doctor",
]


@pytest.fixture
def go(tmp_path):
    """Run commands, all in one process; return their exit codes, and what they and their children asked for."""
    write_project(tmp_path / "here", "mood")
    watch = tmp_path / "watch"
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(WATCH)
    (tmp_path / "here" / "f.csv").write_text("item_id,comment\n1,thank you\n2,this is wrong\n3,hm\n")
    (tmp_path / "here" / "gold.csv").write_text("item_id,label\n1,good\n2,bad\n")
    (tmp_path / "asked").write_text("")

    def run(commands, **more):
        hidden = ("RETROLABEL_", "MLFLOW_", "PYTEST_", "DO_NOT_TRACK", "CI", "GITHUB_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        done = subprocess.run(
            [sys.executable, "-c", RUN],
            input="".join(json.dumps(words.split()) + "\n" for words in commands),
            cwd=tmp_path / "here",
            env=kept | {"PYTHONPATH": f"{watch}{os.pathsep}{SOURCES}", "ASKED": str(tmp_path / "asked")} | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]), (tmp_path / "asked").read_text().splitlines()

    return run


@pytest.mark.slow
def test_no_command_looks_up_a_name_or_connects_to_anybody(go):
    everything = [*COMMANDS, "demo ../demo --items 500"]
    codes, asked = go(everything)
    assert asked == []
    assert {words: code for words, code in codes.items() if code} == {}
    assert len(codes) == len(everything)


@pytest.mark.slow
def test_mlflow_reports_its_use_where_the_user_turned_that_on(go):
    commands = ["ingest f.csv --source web", "relabel mood --tracking"]
    assert go(commands, MLFLOW_DISABLE_TELEMETRY="false")[1] != []
