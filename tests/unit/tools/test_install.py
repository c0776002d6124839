"""How ``make`` tells how far an installation is."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "tools" / "install.py"
PIP = """
import sys, time
from pathlib import Path

def wait(for_name):
    # Until a terminal was told so; where none is, for a moment.
    end = time.monotonic() + (60 if Path("terminal").exists() else 0.3)
    while not Path(for_name).exists() and time.monotonic() < end:
        time.sleep(0.01)

print("Collecting one>=1 (from retrolabel)")
print("  Downloading one-1.0.whl (3 kB)")
print("Collecting two")
print("Requirement already satisfied: three<4 in ./lib")
print("Requirement already satisfied: three in ./lib")
sys.stdout.flush()
wait("told 3 packages found")
print("Installing collected packages: one, two", flush=True)
wait("told 0 of 2 packages")
Path("one-1.0.dist-info").mkdir(exist_ok=True)
wait("told 1 of 2 packages")
Path("two-1.0.dist-info").mkdir(exist_ok=True)
"""
FAILING = (
    PIP
    + """
print("WARNING: something is odd", file=sys.stderr)
print("ERROR: No matching distribution found for four", file=sys.stderr)
sys.exit(3)
"""
)


@pytest.fixture
def install(monkeypatch):
    """The script as a module; it tells how far it is ten times a second on a terminal."""
    made = importlib.util.spec_from_file_location("install_script", SCRIPT)
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    monkeypatch.setattr(module, "SECOND", 0.1)
    return module


class Terminal(io.StringIO):
    """What a person looks at; it lets the pip of the test go on when it was told how far that is."""

    def __init__(self, folder=None):
        super().__init__()
        self.folder = folder
        if folder is not None:
            (folder / "terminal").touch()

    def isatty(self):
        return True

    def write(self, text):
        if self.folder is not None and (found := re.search(r": (.*packages(?: found)?), ", text)):
            (self.folder / f"told {found[1]}").touch()
        return super().write(text)


def run(install, script, out, folder):
    """Run what writes as pip does; return its exit code and its errors."""
    err = io.StringIO()
    code = install.run([sys.executable, "-c", f"import os; os.chdir({str(folder)!r})\n{script}"], out, err, folder)
    return code, err.getvalue()


def test_a_terminal_is_told_how_many_packages_were_found_and_how_many_are_installed(install, tmp_path):
    out = Terminal(tmp_path)
    assert run(install, PIP, out, tmp_path) == (0, "")
    told = [re.sub(r"\d+:\d\d$", "TIME", piece.strip()) for piece in out.getvalue().split("\r") if piece.strip()]
    assert told[0] == "installing into .venv"
    assert "installing into .venv: 3 packages found, TIME" in told
    assert "installing into .venv: 1 of 2 packages, TIME" in told
    assert told[-1] == "2 packages installed into .venv, TIME"
    assert out.getvalue().count("\n") == 1


def test_a_log_gets_a_line_at_the_beginning_one_at_the_end_and_one_a_minute(install, tmp_path, monkeypatch):
    out = io.StringIO()
    assert run(install, PIP, out, tmp_path) == (0, "")
    first, last = out.getvalue().splitlines()
    assert (first, last[:-1]) == ("installing into .venv", "2 packages installed into .venv, 0:0")
    monkeypatch.setattr(install, "MINUTE", 0.2)
    out = io.StringIO()
    run(install, PIP, out, tmp_path)
    assert len(out.getvalue().splitlines()) >= 3
    assert "\r" not in out.getvalue()


@pytest.mark.parametrize("out", [Terminal(), io.StringIO()], ids=["terminal", "log"])
def test_errors_and_the_exit_code_are_those_of_pip(install, tmp_path, out):
    code, err = run(install, FAILING, out, tmp_path)
    assert code == 3
    assert err == "WARNING: something is odd\nERROR: No matching distribution found for four\n"
    assert "packages installed" not in out.getvalue()


def test_where_all_is_there_it_says_that_nothing_is_to_be_done(install, tmp_path):
    out = io.StringIO()
    run(install, 'print("Requirement already satisfied: three in ./lib")', out, tmp_path)
    assert out.getvalue().splitlines()[-1].startswith("nothing to install into .venv, ")


def test_one_package_is_one_package(install, tmp_path):
    out = io.StringIO()
    run(install, 'print("Installing collected packages: one")', out, tmp_path)
    assert out.getvalue().splitlines()[-1].startswith("1 package installed into .venv, ")


def test_the_script_hands_its_words_to_pip_and_returns_what_pip_returns():
    environment = os.environ | {"PIP_NO_INDEX": "1"}
    words = [sys.executable, str(SCRIPT), "--no-index", "a-package-that-is-nowhere-0123"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1
    assert "No matching distribution found for a-package-that-is-nowhere-0123" in done.stderr
