"""Whatever a module of a task may do when it is read, imported or called ends in one clear error that names it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

HEAD = (
    "from labeling_functions.mood.schema.v1 import BAD\n"
    "from retrolabel import feature, labeling_function\n"
    "import io, os, sys\n"
)
LF = "@labeling_function(BAD)\ndef odd(comment):\n    return False\n"


@pytest.fixture
def module(write):
    """A function that writes the module ``odd`` of the task."""

    def go(content: str | bytes) -> Path:
        return write("labeling_functions/mood/odd.py", content)

    return go


@pytest.fixture
def refused(project, run, state):
    """A function that runs a command which is refused for the module ``odd``, and returns what is said of it."""

    def go(*words: str) -> str:
        before = state()
        done = run(*words, "--json")
        assert (done.code, "Traceback" in done.err) == (1, False), done
        assert state() == before
        (problem,) = done.json["error"]["problems"]
        assert problem["where"].startswith("labeling_functions/mood/odd.py")
        return problem["what"]

    return go


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + (HEAD + LF).encode(),
        (HEAD + "# caf\xe9\n" + LF).encode("latin-1"),
        ("# -*- coding: latin-1 -*-\n" + HEAD + "# caf\xe9\n" + LF).encode("latin-1"),
        (HEAD + LF).replace("\n", "\r\n").encode(),
    ],
    ids=["byte_order_mark", "a_comment_in_latin1", "declared_latin1", "windows_line_ends"],
)
def test_a_module_that_python_can_import_is_read_whatever_its_bytes(project, run, module, content):
    module(content)
    assert run("relabel", "mood").code == 0
    assert "def odd(comment)" in run("lf", "show", "mood:odd").out


UNREADABLE = {
    "nul": ((HEAD + LF).encode() + b"\x00\n", "SyntaxError: source code string cannot contain null bytes"),
    "an_encoding_that_nobody_knows": (b"# coding: nonsense\n", "SyntaxError: unknown encoding: nonsense"),
    "too_deep": ((HEAD + "x = " + "+".join(["1"] * 20_000) + "\n").encode(), "RecursionError: maximum recursion depth"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_module_that_cannot_be_read_is_refused_and_named(refused, module, case):
    content, says = UNREADABLE[case]
    module(content)
    assert refused("plan", "mood").startswith(says)


def test_a_folder_that_is_called_as_a_module_is_named(project, refused):
    (project / "labeling_functions/mood/odd.py").mkdir()
    assert refused("plan", "mood") == "is a folder, and its name that of a module"


@pytest.mark.parametrize(("to", "why"), [("odd.py", "Too many levels"), ("/nowhere/at/all", "No such file")])
def test_a_link_that_leads_to_nothing_is_named(project, refused, to, why):
    (project / "labeling_functions/mood/odd.py").symlink_to(to)
    assert refused("plan", "mood").startswith(f"is a link that leads to nothing ({why}")


def test_a_module_that_may_not_be_read_is_named(refused, module, monkeypatch):
    path, read = module(LF), Path.read_bytes

    def closed(self):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", closed)  # root reads everything
    assert refused("plan", "mood") == "cannot be read: Permission denied"


IMPORTED = {
    "sys.exit(3)": "SystemExit: 3: it ends the program that imports it",
    "raise KeyboardInterrupt": "KeyboardInterrupt: it ends the program that imports it",
    "raise GeneratorExit": "GeneratorExit: it ends the program that imports it",
    "raise type('Own', (BaseException,), {})('x')": "Own: x",
    "raise type('Mute', (Exception,), {'__str__': lambda self: 1 / 0})": "Mute (its message cannot be made)",
    "def f(): f()\nf()": "RecursionError: maximum recursion depth exceeded",
    "sys.modules[__name__] = 42": "puts a int in its own place in sys.modules",
    "sys.modules[__name__] = None": "puts a NoneType in its own place in sys.modules",
    "os.chdir('/')": "changes the working directory, from {here} to /",
}


@pytest.mark.parametrize("code", IMPORTED)
def test_what_a_module_does_to_the_program_that_imports_it_is_an_error_of_that_module(refused, folder, module, code):
    module(HEAD + code + "\n")
    assert refused("plan", "mood") == IMPORTED[code].format(here=folder)
    assert Path.cwd() == folder


def test_a_module_that_takes_folders_out_of_the_path_is_named_and_they_are_put_back(refused, module):
    module(HEAD + "sys.path.clear()\n")
    assert "out of sys.path, where others are found" in refused("plan", "mood")
    assert json.dumps(os.sys.path) != "[]"


@pytest.mark.parametrize(
    "code", ["print('hello')", "sys.stdout.close()", "sys.stdout = None", "sys.stdout = io.StringIO()"]
)
def test_what_a_module_does_to_standard_output_does_not_reach_the_json_of_a_command(project, run, module, code):
    module(HEAD + code + "\n" + LF)
    done = run("plan", "mood", "--json")
    assert done.code == 0
    assert done.json


CALLED = {
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "raise GeneratorExit": "GeneratorExit",
    "raise SystemExit(4)": "SystemExit: 4",
    "raise Own('x')": "Own: x",
}


@pytest.mark.parametrize("code", CALLED)
@pytest.mark.parametrize(
    "written",
    [
        "@labeling_function(BAD)\ndef odd(comment):\n    {}\n",
        "@labeling_function(BAD, batch=True)\ndef odd(comment):\n    {}\n",
        "@feature\ndef made(comment):\n    {}\n@labeling_function(BAD)\ndef odd(made):\n    return False\n",
    ],
    ids=["by_value", "by_column", "feature"],
)
def test_a_function_that_raises_what_ends_programs_fails_on_its_items_and_is_named(project, run, module, written, code):
    module(HEAD + "class Own(BaseException): pass\n" + written.format(code))
    done = run("relabel", "mood")
    assert done.code == 1
    assert f"failed on 40 of 40 items; first on item 0 of web: {CALLED[code]}" in done.err


def test_an_example_on_which_a_function_raises_an_interrupt_is_told(project, run, module):
    module(HEAD + "@labeling_function(BAD, examples=['x'])\ndef odd(comment):\n    raise KeyboardInterrupt\n")
    assert "odd: raised KeyboardInterrupt on its example 'x'" in run("lf", "list", "mood").out


def test_a_function_that_changes_the_working_directory_is_named(project, run, state, module, folder):
    module(HEAD + "@labeling_function(BAD, version='1')\ndef odd(comment):\n    os.chdir('/')\n    return False\n")
    done = run("relabel", "mood")
    assert done.code == 1
    assert f"odd changed the working directory, from {folder} to /" in done.err
    assert Path.cwd() == folder
