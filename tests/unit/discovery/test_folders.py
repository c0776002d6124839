"""Folders become tasks, or everything that is wrong with them is told at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from retrolabel.discovery.folders import discover
from retrolabel.discovery.project import task_names
from retrolabel.errors import DiscoveryError, SchemaError, SettingsError

SCHEMA = (
    "from retrolabel import Label, LabelSchema\n"
    'A, B = Label("a"), Label("b")\n'
    'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[A, B])\n'
)
IMPORTS = "from labeling_functions.mood.schema.v1 import A, B\nfrom retrolabel import keywords, labeling_function\n"


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture
def project(tmp_path):
    """A function that writes files below ``labeling_functions`` and returns the project."""
    forget()
    root = tmp_path / "project"

    def write(**files):
        base = {"__init__.py": "", "mood/__init__.py": "", "mood/schema/__init__.py": "", "mood/schema/v1.py": SCHEMA}
        for name, text in (base | {key.replace("__slash__", "/"): value for key, value in files.items()}).items():
            path = root / "labeling_functions" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return root

    yield write
    forget()


def lfs(text, name="mood/lfs.py"):
    return {name: IMPORTS + text}


def problems(root, task="mood"):
    with pytest.raises(DiscoveryError) as caught:
        discover(root, task)
    return [str(problem) for problem in caught.value.problems]


def test_labeling_functions_are_collected_by_name_with_their_source(project):
    root = project(
        **lfs(
            "two = keywords(A, ['x'], column='c')\n\n\n"
            "@labeling_function(B)\ndef one(c, d):\n    '''Doc.'''\n    return False\n"
        )
    )
    task = discover(root, "mood")
    assert [lf.name for lf in task.lfs] == ["one", "two"]
    assert task.code["one"]["file"] == "labeling_functions/mood/lfs.py"
    assert task.code["one"]["source"].startswith("@labeling_function(B)\ndef one(c, d):")
    assert task.code["two"]["source"] == "two = keywords(A, ['x'], column='c')"
    assert task.lfs[0].columns == ("c", "d")
    assert task.history.head.version == "1.0.0"


def test_tasks_are_the_folders_with_a_schema(project):
    root = project(**{"notes/readme.py": "", "tone/schema/v1.py": ""})
    assert task_names(root) == ["mood", "tone"]
    assert task_names(root / "elsewhere") == []


def test_an_unknown_task_is_refused_with_the_nearest(project):
    with pytest.raises(SettingsError, match="Did you mean 'mood'"):
        discover(project(), "moods")


def test_an_edit_is_seen_by_the_next_discovery(project):
    before = discover(project(**lfs("one = keywords(A, ['x'], column='c')\n")), "mood")
    after = discover(project(**lfs("other = keywords(A, ['x'], column='c')\n")), "mood")
    assert [lf.name for lf in before.lfs + after.lfs] == ["one", "other"]


def test_one_project_at_a_time_stands_first_on_the_path_and_nothing_is_written_into_it(project):
    root = project(**lfs("one = keywords(A, ['x'], column='c')\n"))
    files = sorted(root.rglob("*"))
    discover(root, "mood")
    path = list(sys.path)
    discover(root, "mood")
    assert sys.path == path
    assert path[0] == str(root)
    assert sorted(root.rglob("*")) == files


def test_two_projects_in_one_process_are_told_apart(project, tmp_path):
    first = project(**lfs("one = keywords(A, ['x'], column='c')\n"))
    second = first.rename(tmp_path / "second")
    first = project(**lfs("two = keywords(A, ['x'], column='c')\n"))
    assert [lf.name for lf in discover(second, "mood").lfs] == ["one"]
    assert [lf.name for lf in discover(first, "mood").lfs] == ["two"]


def test_a_project_that_an_old_path_brings_back_stands_behind_no_other(project, tmp_path, monkeypatch):
    first = project(**lfs("one = keywords(A, ['x'], column='c')\n"))
    (first / "labeling_functions" / "__init__.py").write_text("")
    first = first.rename(tmp_path / "first")
    second = project(**lfs("two = keywords(A, ['x'], column='c')\n")).rename(tmp_path / "second")
    discover(first, "mood")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path])
        discover(second, "mood")
    assert str(first) in sys.path
    third = second.rename(tmp_path / "third")
    assert [lf.name for lf in discover(third, "mood").lfs] == ["two"]
    assert str(first) not in sys.path


def test_a_project_that_was_on_the_path_before_stays_on_it(project, tmp_path, monkeypatch):
    mine = project(**lfs("one = keywords(A, ['x'], column='c')\n")).rename(tmp_path / "mine")
    monkeypatch.setattr(sys, "path", [*sys.path, str(mine)])
    for name in ("second", "third", "fourth"):
        discover(mine, "mood")
        discover(project(**lfs("two = keywords(A, ['x'], column='c')\n")).rename(tmp_path / name), "mood")
    assert sys.path.count(str(mine)) == 1


def test_helpers_of_one_project_are_not_those_of_another(project, tmp_path):
    text = "import beside_folders\none = keywords(A, [beside_folders.WORD], column='c')\n"
    first = project(**lfs(text))
    (first / "beside_folders.py").write_text("WORD = 'x'\n")
    second = first.rename(tmp_path / "second")
    first = project(**lfs(text))
    (first / "beside_folders.py").write_text("WORD = 'y'\n")
    for root, word in ((second, "x"), (first, "y")):
        (lf,) = discover(root, "mood").lfs
        assert lf({"x": "x", "y": "y"}[word]), word


def test_every_module_that_does_not_import_is_told_with_file_and_line(project):
    root = project(
        **lfs("one = keywords(A, ['x'], column='c')\n"),
        **{"mood/bad1.py": "x = 1\nimport nowhere_at_all\n", "mood/bad2.py": "def (\n", "mood/bad3.py": "1 / 0\n"},
    )
    told = problems(root)
    assert [problem.split(": ")[0] for problem in told] == [
        "labeling_functions/mood/bad1.py:2",
        "labeling_functions/mood/bad2.py:1",
        "labeling_functions/mood/bad3.py:1",
    ]
    assert "ZeroDivisionError" in told[2]


def test_a_module_that_exits_is_told_like_one_that_raises(project):
    assert "bad.py" in problems(project(**{"mood/bad.py": "import sys\nsys.exit(0)\n"}))[0]


def test_a_misspelt_label_is_told_where_it_is_imported(project):
    (told,) = problems(project(**{"mood/bad.py": "\nfrom labeling_functions.mood.schema.v1 import AA\n"}))
    assert told.startswith("labeling_functions/mood/bad.py:2: ImportError")


def test_two_functions_of_one_name_are_told(project):
    one = "one = keywords(A, ['x'], column='c')\n"
    (told,) = problems(project(**lfs(one), **lfs(one, "mood/more.py")))
    assert "a second LF is called 'one' (the first: lfs.py)" in told


def test_a_function_that_is_imported_elsewhere_counts_once(project):
    root = project(
        **lfs("one = keywords(A, ['x'], column='c')\n"),
        **{"mood/zz.py": "from labeling_functions.mood.lfs import one\n"},
    )
    assert [lf.name for lf in discover(root, "mood").lfs] == ["one"]


def test_tests_beside_the_functions_are_left_out(project):
    root = project(**{"mood/test_lfs.py": "raise RuntimeError\n", "mood/conftest.py": "raise RuntimeError\n"})
    assert discover(root, "mood").lfs == ()


def test_a_task_without_a_version_is_told(project):
    root = project(**{"mood/schema/v1.py": "x = 1\n"})
    assert "holds no version" in problems(root)[0]


def test_a_version_of_another_task_is_told(project):
    assert "says task='tone'" in problems(project(**{"mood/schema/v1.py": SCHEMA.replace("mood", "tone")}))[0]


def test_a_version_that_exists_twice_is_told(project):
    (told,) = [each for each in problems(project(**{"mood/schema/v1b.py": SCHEMA})) if "exists twice" in each]
    assert "or delete one of the two files, if it is a draft of the other" in told


def test_a_task_with_two_heads_is_found_and_has_no_newest_version(project):
    revise = (
        "from labeling_functions.mood.schema.v1 import A, B, SCHEMA as V1\n"
        "from retrolabel import Add, Label, LabelSchema\n"
        'C = Label("c")\n'
        'SCHEMA = LabelSchema(task="mood", version="{}", revises=V1, labels=[A, B, C], steps=[Add(C)])\n'
    )
    root = project(**{"mood/schema/v2.py": revise.format("2.0.0"), "mood/schema/v3.py": revise.format("3.0.0")})
    history = discover(root, "mood").history
    assert [head.version for head in history.heads] == ["2.0.0", "3.0.0"]
    with pytest.raises(SchemaError, match="2 heads"):
        _ = history.head


def test_a_label_that_no_version_has_is_told_with_the_function(project):
    (told,) = problems(project(**lfs("from retrolabel import Label\nodd = keywords(Label('z'), ['x'], column='c')\n")))
    assert told.startswith(
        "LF odd (labeling_functions/mood/lfs.py): votes z, which no version of mood has with that meaning"
    )


def test_a_label_of_one_id_and_another_meaning_is_foreign(project):
    text = "from retrolabel import Label\nodd = keywords(Label('a', 'Another meaning.'), ['x'], column='c')\n"
    assert "votes a, which no version" in problems(project(**lfs(text)))[0]


def test_another_package_of_the_same_name_is_never_taken_for_the_project(project, tmp_path, monkeypatch):
    """A folder without ``__init__.py`` gives way to a package of its name anywhere on the path."""
    other = project(**lfs("one = keywords(A, ['x'], column='c')\n")).rename(tmp_path / "other")
    root = project(**lfs("one = keywords(A, ['y'], column='c')\n", "mood/more.py"))
    (root / "labeling_functions" / "__init__.py").unlink()
    clear = [each for each in sys.path if not Path(each or ".", "labeling_functions").is_dir()]
    for path in (clear, [*clear, str(other)]):
        monkeypatch.setattr(sys, "path", list(path))
        forget()
        (lf,) = discover(root, "mood").lfs
        assert lf("y")
        assert not lf("x")


def test_a_module_that_comes_from_elsewhere_is_refused(project, tmp_path, monkeypatch):
    other = project(**lfs("one = keywords(A, ['x'], column='c')\n")).rename(tmp_path / "other")
    root = project(**lfs("one = keywords(A, ['y'], column='c')\n"))
    (root / "labeling_functions" / "__init__.py").unlink()
    monkeypatch.setattr(sys, "path", [*sys.path, str(other)])
    monkeypatch.setattr("retrolabel.discovery.project._as_a_package", lambda _: None)
    (told,) = problems(root)
    assert told.startswith("labeling_functions: is no package, so Python took the one of the same name in")
    assert f"make an empty file {root / 'labeling_functions' / '__init__.py'}" in told
