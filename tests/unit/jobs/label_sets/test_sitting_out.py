"""Who sits out where a module does not import: what the last label set knows, then the lock, then the file's name."""

from __future__ import annotations

from pathlib import Path

from retrolabel.errors import Problem
from retrolabel.jobs.label_sets.sitting_out import of_modules
from retrolabel.jobs.records.sitting_out import BrokenModule
from retrolabel.jobs.records.tasks import FoundTask
from retrolabel.labeling.functions import LabelingFunction, labeling_function
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.versions import LabelSchema

GOOD = Label("good")
HISTORY = History([LabelSchema(task="mood", version="1.0.0", labels=[GOOD, Label("bad")])])
FOLDER = "labeling_functions/mood/"


@labeling_function(GOOD)
def praises(comment: str, size: int) -> bool:
    """It reads a column, and what may be a feature."""
    return "thanks" in comment and size > 0


def broken(name: str, *, line: int = 1, where: str = "", words: frozenset[str] = frozenset()) -> BrokenModule:
    place = f"{FOLDER}{where or name}:{line}"
    return BrokenModule(FOLDER + name, (Problem(place, "SyntaxError: invalid syntax"),), words)


def task(*modules: BrokenModule, lfs: tuple[LabelingFunction, ...] = ()) -> FoundTask:
    keys = {lf.name: f"key of {lf.name}" for lf in lfs}
    code = {lf.name: {"file": FOLDER + "wording.py"} for lf in lfs}
    return FoundTask("mood", HISTORY, lfs, keys, code, Path(), broken=modules)


def held(**names: str) -> dict[str, list[dict[str, str]]]:
    """Return what was recorded with a label set: labeling function -> its file."""
    return {"lfs": [{"name": name, "file": FOLDER + file, "key": f"key of {name}"} for name, file in names.items()]}


def out(found, recorded=None, released=(), columns=("comment", "size")):
    return {each.name: each.brief for each in of_modules(found, recorded or {}, released, {"web": columns})}


def test_those_that_the_last_label_set_had_from_the_module_are_named():
    found = task(broken("a.py"), broken("b.py"))
    assert out(found, held(one="a.py", two="b.py", three="a.py", four="c.py")) == {
        "one": "a.py does not import", "three": "a.py does not import", "two": "b.py does not import",
    }  # fmt: skip


def test_one_that_moved_to_a_module_that_imports_does_not_sit_out():
    assert out(task(broken("a.py"), lfs=(praises,)), held(praises="a.py", other="a.py")) == {
        "other": "a.py does not import"
    }


def test_one_that_sat_out_of_the_last_label_set_is_known_still():
    recorded = {"lfs": [], "skipped": [{"name": "one", "why": "no", "file": FOLDER + "a.py", "key": "k"}]}
    (found,) = of_modules(task(broken("a.py")), recorded, (), {})
    assert (found.name, found.key) == ("one", "k")


def test_without_a_label_set_the_lock_names_those_that_were_not_found():
    assert out(task(broken("a.py"), lfs=(praises,)), released=["one", "praises"]) == {"one": "a.py does not import"}


def test_where_a_label_set_tells_the_lock_is_not_asked():
    assert out(task(broken("a.py")), held(two="a.py"), released=["one"]) == {"two": "a.py does not import"}


def test_a_module_of_which_nothing_is_known_is_named_itself():
    assert out(task(broken("a.py"))) == {FOLDER + "a.py": "a.py does not import"}


def test_a_helper_that_broke_others_is_told_with_them():
    found = task(broken("a.py", where="helper.py"), broken("helper.py"))
    assert out(found, held(one="a.py")) == {"one": "a.py does not import"}


def test_one_that_reads_what_a_broken_module_speaks_of_sits_out_where_no_source_has_it():
    found = task(broken("features.py", words=frozenset({"size"})), lfs=(praises,))
    assert out(found, columns=("comment",)) == {"praises": "features.py does not import"}
    assert out(found) == {FOLDER + "features.py": "features.py does not import"}


def test_one_that_misses_a_column_of_which_no_broken_module_speaks_does_not_sit_out():
    found = task(broken("features.py"), lfs=(praises,))
    assert "praises" not in out(found, columns=("comment",))
