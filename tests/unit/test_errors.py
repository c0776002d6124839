"""An error says what failed, carries its data and names the remedy; all stand in one tree."""

from __future__ import annotations

import inspect
import re

import pytest

from retrolabel import errors
from retrolabel.errors import (
    MissingExtraError,
    Problem,
    RetrolabelError,
    SchemaError,
    SettingsError,
    UnknownLabelError,
    UnknownVersionError,
    did_you_mean,
    nearest,
)

CLASSES = {
    name: found
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, Exception) and found.__module__ == errors.__name__
}


def drawn_tree():
    """The parent of each class as the module's docstring draws it; the root has none."""
    parents, above = {}, []
    for line in errors.__doc__.splitlines():
        found = re.fullmatch(r"    ([│├└─ ]*)([A-Za-z]+Error)\b.*", line)
        if found:
            depth = len(found[1]) // 4
            parents[found[2]] = above[depth - 1] if depth else None
            above[depth:] = [found[2]]
    return parents


def test_the_drawn_tree_and_the_classes_are_the_same():
    assert drawn_tree().keys() == CLASSES.keys()


def test_each_class_stands_below_its_own_parent():
    drawn = {name: parent for name, parent in drawn_tree().items() if parent is not None}
    assert drawn == {name: found.__base__.__name__ for name, found in CLASSES.items() if found is not RetrolabelError}
    assert RetrolabelError.__base__ is Exception


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_each_class_has_a_sentence_of_its_own(name):
    sentences = [found.__doc__ for found in CLASSES.values()]
    assert CLASSES[name].__doc__.split("\n")[0].endswith(".")
    assert sentences.count(CLASSES[name].__doc__) == 1


def test_a_problem_is_one_line_with_its_remedy():
    assert str(Problem("row 7", "no item id", "fill the column")) == "row 7: no item id. Fix: fill the column"


def test_a_problem_without_remedy_names_none():
    assert str(Problem("row 7", "no item id")) == "row 7: no item id"


def test_a_problem_that_ends_with_a_full_stop_gets_no_second_one():
    assert str(Problem("row 7", "no item id.", "fill it")) == "row 7: no item id. Fix: fill it"
    assert str(Problem("row 7", "no item id.")) == "row 7: no item id"


def test_problems_compare_by_what_they_say():
    assert Problem("a", "b") == Problem("a", "b", "")
    assert Problem("a", "b") != Problem("a", "b", "c")
    assert len({Problem("a", "b"), Problem("a", "b")}) == 1


def test_an_error_with_a_message_alone_is_that_message():
    error = RetrolabelError("It failed.")
    assert str(error) == "It failed."
    assert (error.message, error.remedy, error.problems, error.args) == ("It failed.", "", (), ("It failed.",))


def test_an_error_shows_message_problems_and_remedy_a_line_each():
    error = SchemaError(
        "Two things are wrong.",
        problems=(Problem(where, "is wrong", "mend it") for where in ("a", "b")),
        remedy="read the guide",
    )
    assert str(error).splitlines() == [
        "Two things are wrong.",
        "  - a: is wrong. Fix: mend it",
        "  - b: is wrong. Fix: mend it",
        "Fix: read the guide",
    ]
    assert error.problems == (Problem("a", "is wrong", "mend it"), Problem("b", "is wrong", "mend it"))


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - {"RetrolabelError"}))
def test_every_error_is_caught_as_one_of_retrolabel(name):
    assert issubclass(CLASSES[name], RetrolabelError)


def test_a_missing_extra_names_the_command_that_installs_it():
    error = MissingExtraError("snorkel", "snorkel", "adopt()")
    assert str(error) == (
        "adopt() needs the package 'snorkel', which is not installed.\nFix: pip install \"retrolabel[snorkel]\""
    )
    assert (error.package, error.extra, error.feature) == ("snorkel", "snorkel", "adopt()")
    assert isinstance(error, SettingsError)


def test_an_unknown_label_names_the_nearest_and_the_known_ones():
    error = UnknownLabelError("retreival", ["retrieval", "formatting"], of="failure_mode 2.0.0")
    assert str(error) == (
        "No label 'retreival' in failure_mode 2.0.0. Did you mean 'retrieval'? Known: retrieval, formatting.\n"
        "Fix: name one of those; a new label comes with a new version: retrolabel schema new"
    )
    assert (error.name, error.known, error.of) == ("retreival", ("retrieval", "formatting"), "failure_mode 2.0.0")


def test_an_unknown_label_that_is_like_none_offers_none():
    error = UnknownLabelError("xyz", ["good", "bad"], of="thumbs 1.0.0")
    assert str(error).startswith("No label 'xyz' in thumbs 1.0.0. Known: good, bad.\nFix: name one of those")


def test_an_unknown_version_names_task_and_the_known_ones():
    error = UnknownVersionError("1.0", ["1.0.0", "2.0.0"], task="thumbs")
    assert str(error) == (
        "Task 'thumbs' has no schema version '1.0'. Did you mean '1.0.0'? Known: 1.0.0, 2.0.0.\n"
        "Fix: name one of those; retrolabel schema new thumbs writes the next one"
    )
    assert (error.version, error.known, error.task) == ("1.0", ("1.0.0", "2.0.0"), "thumbs")


def test_the_nearest_name_is_offered_as_a_sentence():
    assert did_you_mean("formating", ["retrieval", "formatting"]) == " Did you mean 'formatting'?"


@pytest.mark.parametrize("known", [[], ["good", "bad"]])
def test_nothing_is_offered_where_no_name_is_alike(known):
    assert did_you_mean("quaternion", known) == ""
    assert nearest("quaternion", known) is None


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("BUG", ["bug", "feature"], "bug"),
        ("bug", ["BUG", "feature"], "BUG"),
        ("Straße", ["STRASSE", "Weg"], "STRASSE"),
        ("FEATUER", ["Bug", "Feature"], "Feature"),
    ],
)
def test_the_nearest_name_is_case_blind_and_returned_as_it_is_written(name, known, near):
    assert nearest(name, known) == near


def test_the_nearest_of_several_is_the_most_alike():
    assert nearest("retrieval_2", ["retrieval", "retrieval_1x", "retrieve"]) == "retrieval"


def test_names_may_come_from_a_generator():
    assert nearest("bugs", (name for name in ("feature", "bug"))) == "bug"
