"""A key changes with all that the votes depend on, and with nothing else."""

from __future__ import annotations

import sys

import pytest

from retrolabel.discovery.folders import discover
from retrolabel.discovery.keys import _versions

SCHEMA = (
    "from retrolabel import Label, LabelSchema\n"
    'A, B = Label("a"), Label("b")\n'
    'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[A, B])\n'
)
LFS = (
    "from labeling_functions.mood.schema.v1 import A, B\nfrom retrolabel import keywords\n"
    "one = keywords(A, ['x'], column='c')\ntwo = keywords(B, ['y'], column='c')\n"
)


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture
def root(tmp_path):
    base = tmp_path / "project"
    for name, text in {
        "__init__.py": "",
        "mood/__init__.py": "",
        "mood/schema/__init__.py": "",
        "mood/schema/v1.py": SCHEMA,
        "mood/lfs.py": LFS,
    }.items():
        path = base / "labeling_functions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    yield base
    forget()


def keys(root):
    return discover(root, "mood").keys


def test_the_same_files_elsewhere_give_the_same_keys(root, tmp_path):
    before = keys(root)
    assert keys(root.rename(tmp_path / "moved")) == before


def test_two_functions_have_two_keys(root):
    assert len(set(keys(root).values())) == 2


@pytest.mark.parametrize(
    "name",
    [
        "labeling_functions/mood/lfs.py",
        "labeling_functions/mood/words.txt",
        "labeling_functions/mood/deep/words.csv",
    ],
)
def test_a_change_of_any_file_of_the_task_changes_every_key(root, name):
    before = keys(root)
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n# more\n")
    after = keys(root)
    assert all(before[lf] != after[lf] for lf in before)


@pytest.mark.parametrize(
    "name",
    [
        "notes.md",
        "labeling_functions/tone/lfs.py",
        "labeling_functions/mood/__pycache__/x.pyc",
        "labeling_functions/mood/.cache/x",
        "labeling_functions/mood/.lfs.py.swp",
    ],
)
def test_files_that_no_function_depends_on_change_no_key(root, name):
    before = keys(root)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n")
    assert keys(root) == before


V2 = (
    "from labeling_functions.mood.schema.v1 import A, B, SCHEMA as V1\nfrom retrolabel import Add, Label, LabelSchema\n"
    'SCHEMA = LabelSchema(task="mood", version="1.1.0", revises=V1, labels=[A, B, Label("z")], steps=[Add("z")])\n'
)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_new_version_and_a_comment_in_an_old_one_change_no_key(root):
    before = keys(root)
    (root / "labeling_functions/mood/schema/v2.py").write_text(V2)
    edit(root / "labeling_functions/mood/schema/v1.py", "A, B =", "# The two of them.\nA, B =")
    assert keys(root) == before


@pytest.mark.parametrize("more", ['"It helped."', 'hotkey="a"', 'aliases=["x"]', 'exclude=["irony"]'])
def test_whatever_changes_of_a_label_that_is_imported_changes_the_keys(root, more):
    before = keys(root)
    edit(root / "labeling_functions/mood/schema/v1.py", 'Label("a")', f'Label("a", {more})')
    after = keys(root)
    assert all(before[lf] != after[lf] for lf in before)


@pytest.mark.parametrize(
    "line",
    [
        "from labeling_functions.mood.schema.v1 import SCHEMA\n",
        "from labeling_functions.mood.schema.v1 import WORDS\n",
        "from labeling_functions.mood.schema.v1 import *\n",
        "from labeling_functions.mood.schema import v1\n",
        "from .schema import v1\n",
        "from labeling_functions.mood import schema\n",
        "from labeling_functions import mood\n",
        "import labeling_functions.mood.schema.v1\n",
        "import labeling_functions.mood.schema.v1 as v1\n",
        "import labeling_functions\n",
        "import importlib\n",
        "from importlib import import_module\n",
        "import sys\n",
        "V1 = __import__('labeling_functions.mood.schema.v1')\n",
        "def late():\n    from labeling_functions.mood.schema.v1 import WORDS\n    return WORDS\n",
        "try:\n    from labeling_functions.mood.schema.v1 import NOTHING\nexcept ImportError:\n    NOTHING = None\n",
    ],
)
def test_where_more_than_labels_is_taken_every_edit_of_a_schema_file_counts(root, line):
    schema, lfs = root / "labeling_functions/mood/schema/v1.py", root / "labeling_functions/mood/lfs.py"
    schema.write_text(SCHEMA + "WORDS = ['x']\n")
    lfs.write_text(line + LFS)
    before = keys(root)
    edit(schema, "WORDS = ['x']", "WORDS = ['x', 'y']")
    assert keys(root)["one"] != before["one"]


def test_a_helper_that_takes_more_than_labels_counts_as_well(root):
    schema, lfs = root / "labeling_functions/mood/schema/v1.py", root / "labeling_functions/mood/lfs.py"
    schema.write_text(SCHEMA + "WORDS = ['x']\n")
    (root / "beside_schema.py").write_text("from labeling_functions.mood.schema.v1 import WORDS\n")
    lfs.write_text("from beside_schema import WORDS\n" + LFS)
    before = keys(root)
    edit(schema, "WORDS = ['x']", "WORDS = ['x', 'y']")
    assert keys(root)["one"] != before["one"]


def test_a_function_that_is_written_in_a_schema_file_has_a_key_that_knows_it(root):
    schema = root / "labeling_functions/mood/schema/v1.py"
    schema.write_text(SCHEMA + "from retrolabel import keywords\nthree = keywords(A, ['x'], column='c')\n")
    before = keys(root)
    edit(schema, "['x']", "['y']")
    assert keys(root)["three"] != before["three"]


def test_a_label_with_code_of_its_own_counts_with_its_code(root):
    schema, lfs = root / "labeling_functions/mood/schema/v1.py", root / "labeling_functions/mood/lfs.py"
    kind = "class Word(Label):\n    def found_in(self, text):\n        return 'x' in text\n\n\n"
    schema.write_text(SCHEMA.replace("A, B = Label", f"{kind}A, B = Word"))
    lfs.write_text(
        LFS.replace("keywords\n", "labeling_function\n", 1).partition("one =")[0]
        + ("@labeling_function(A)\ndef one(c):\n    return A.found_in(c)\n")
    )
    before = keys(root)
    edit(schema, "'x' in text", "'y' in text")
    assert keys(root)["one"] != before["one"]


def test_another_label_in_its_place_changes_the_keys(root):
    before = keys(root)
    edit(root / "labeling_functions/mood/lfs.py", "import A, B", "import A as B, B as A")
    after = keys(root)
    assert all(before[lf] != after[lf] for lf in before)


def test_a_module_beside_the_package_that_is_imported_is_part_of_the_key(root):
    (root / "beside_keys").mkdir()
    (root / "beside_keys" / "__init__.py").write_text("")
    (root / "beside_keys" / "words.py").write_text("from beside_keys import more\nWORDS = ['x']\n")
    (root / "beside_keys" / "more.py").write_text("")
    path = root / "labeling_functions/mood/lfs.py"
    path.write_text("from beside_keys.words import WORDS\n" + LFS)
    before = keys(root)
    (root / "beside_keys" / "more.py").write_text("X = 1\n")
    assert keys(root)["one"] != before["one"]


def test_relative_imports_are_followed(root):
    (root / "labeling_functions/shared.py").write_text("X = 1\n")
    path = root / "labeling_functions/mood/lfs.py"
    path.write_text("from .. import shared\n" + LFS)
    before = keys(root)
    (root / "labeling_functions/shared.py").write_text("X = 2\n")
    assert keys(root)["one"] != before["one"]


def test_the_version_of_a_package_and_of_what_it_requires_is_part_of_the_key():
    versions = _versions({"pandas", "sys", "retrolabel", "no_such_package"})
    assert {"pandas", "numpy"} <= set(versions)
    assert "sys" not in versions
    assert "retrolabel" not in versions


def test_a_file_that_is_no_python_does_not_stop_the_key(root):
    (root / "labeling_functions/mood/test_broken.py").write_text("def (\n")
    assert set(keys(root)) == {"one", "two"}
