"""The lock says what released versions were, and is read only whole."""

from __future__ import annotations

import json

import pytest

from retrolabel.errors import SchemaError
from retrolabel.schema.labels import Label
from retrolabel.schema.lock import Lock, LockedTask, LockedVersion
from retrolabel.schema.steps import Add, Merge, Split
from retrolabel.schema.versions import LabelSchema

GOOD, BAD, SLOW = Label("good"), Label("bad", "Schlecht, 悪い."), Label("slow")


def version(number, labels, revises=None, steps=(), **more):
    return LabelSchema(task="thumbs", version=number, labels=labels, revises=revises, steps=steps, **more)


V1 = version("1.0.0", [GOOD, BAD])
V2 = version("2.0.0", [GOOD, BAD, SLOW], V1, [Add(SLOW)])


def lock(*versions, emits=None, task="thumbs"):
    return Lock({task: LockedTask({each.version: LockedVersion.of(each) for each in versions}, emits or {})})


LOCK = lock(V1, V2, emits={"says_slow": ("slow",), "not_good": ("~good", "bad|slow"), "silent": ()})


def test_a_lock_reads_back_as_it_was_written():
    assert Lock.parse(LOCK.text()) == LOCK
    assert Lock.parse(Lock().text()) == Lock()
    assert Lock.parse(Lock.parse(LOCK.text()).text()).text() == LOCK.text()


def test_a_lock_is_written_sorted_whatever_the_order_it_was_made_in():
    turned = lock(V2, V1, emits={"silent": (), "not_good": ("~good", "bad|slow"), "says_slow": ("slow",)})
    assert turned.text() == LOCK.text()
    two = Lock({"b": LockedTask(), "a": LockedTask()})
    assert two.text() == Lock({"a": LockedTask(), "b": LockedTask()}).text()


def test_a_lock_is_readable_in_a_diff():
    lines = LOCK.text().splitlines()
    assert LOCK.text().endswith("}\n")
    assert sum("says_slow" in line for line in lines) == 1
    assert sum('"slow": "' in line for line in lines) == 1
    assert max(len(line) for line in lines) < 120


def test_another_version_changes_only_lines_of_its_own():
    before, after = (lock(*versions).text().splitlines() for versions in ([V1], [V1, V2]))
    assert {line.rstrip(",") for line in before} <= {line.rstrip(",") for line in after}


def test_a_locked_version_holds_its_fingerprints_and_parents():
    locked = LockedVersion.of(V2)
    assert locked.revises == ("1.0.0",)
    assert set(locked.meaning) == {"good", "bad", "slow"}
    assert LockedVersion.of(V1).revises == ()
    assert LockedVersion.of(V1).meaning["bad"] == locked.meaning["bad"]
    assert LockedVersion.of(version("1.0.0", [GOOD, BAD])) == LockedVersion.of(V1)


def test_a_locked_merge_of_branches_holds_both_parents_and_the_steps_from_each():
    left = version("1.1.0", [GOOD, BAD, SLOW], V1, [Add(SLOW)])
    right = version("1.2.0", [GOOD, Label("x")], V1, [Merge([BAD], into="x")])
    labels = [GOOD, Label("x"), SLOW]
    auto = version("2.0.0", labels, [left, right])
    by_hand = version("2.0.0", labels, [left, right], {"1.1.0": [Merge([BAD], into="x")], "1.2.0": [Add(SLOW)]})
    other = version("2.0.0", labels, [left, right], {"1.1.0": [Split(BAD, into=["x"])], "1.2.0": [Add(SLOW)]})
    assert LockedVersion.of(auto).revises == ("1.1.0", "1.2.0")
    assert LockedVersion.of(auto) == LockedVersion.of(by_hand)
    assert LockedVersion.of(auto).steps != LockedVersion.of(other).steps
    assert Lock.parse(lock(auto).text()) == lock(auto)


@pytest.mark.parametrize(
    ("edited", "differs"),
    [
        (version("1.0.0", [GOOD, Label("bad", "Otherwise.")]), {"meaning"}),
        (version("1.0.0", [GOOD, BAD, SLOW]), {"shape", "meaning", "display"}),
        (version("1.0.0", [GOOD, BAD], scale="multilabel"), {"shape"}),
        (version("1.0.0", [GOOD, BAD], reason="why"), {"display"}),
        (version("1.0.1", [GOOD, BAD]), set()),
    ],
    ids=lambda value: "" if isinstance(value, LabelSchema) else ",".join(sorted(value)),
)
def test_a_released_version_that_was_edited_differs_from_its_lock_where_it_was(edited, differs):
    was, now = LockedVersion.of(V1).as_dict(), LockedVersion.of(edited).as_dict()
    assert {name for name in was if was[name] != now[name]} == differs


def test_a_step_that_was_edited_differs_from_its_lock():
    split = version("2.0.0", [GOOD, BAD, SLOW], V1, [Split(BAD, into=[BAD, SLOW])])
    assert LockedVersion.of(split).steps != LockedVersion.of(V2).steps


# Damage


def damaged(change):
    """The text of a lock in which something was changed by hand."""
    read = json.loads(lock(V1, emits={"says_bad": ("bad",)}).text())
    change(read)
    return json.dumps(read)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        '"lock"',
        "NaN",
        '{"format": 1}',
        '{"format": 1, "tasks": []}',
        '{"format": 1, "tasks": {"t": {}}}',
        '{"format": 1, "tasks": {"t": {"versions": {}}}}',
        '{"format": 1, "tasks": {"t": {"versions": {"1.0.0": {}}, "labeling_functions": {}}}}',
        '{"format": 1, "tasks": {"t": {"versions": [], "labeling_functions": {}}}}',
        '{"format": 1, "tasks": {"t": {"versions": {}, "labeling_functions": {"lf": ["bad"]}}}}',
        "<<<<<<< ours\n" + LOCK.text(),
        LOCK.text()[:-20],
        LOCK.text() + LOCK.text(),
        "\ufeff" + LOCK.text(),
    ],
    ids=lambda text: repr(text[:40]),
)
def test_a_damaged_lock_is_refused_with_the_way_to_mend_it(text):
    with pytest.raises(SchemaError, match="The lock cannot be read") as caught:
        Lock.parse(text)
    assert "version control" in caught.value.remedy


@pytest.mark.parametrize("name", ["revises", "shape", "meaning", "display", "steps"])
def test_a_locked_version_that_lacks_something_is_refused(name):
    text = damaged(lambda read: read["tasks"]["thumbs"]["versions"]["1.0.0"].pop(name))
    with pytest.raises(SchemaError, match=f"KeyError: '{name}'"):
        Lock.parse(text)


@pytest.mark.parametrize(
    "wrong",
    [{"shape": None}, {"revises": "1.0.0"}, {"meaning": []}],
    ids=str,
)
def test_a_locked_version_that_holds_something_of_another_kind_is_refused(wrong):
    with pytest.raises(SchemaError):
        Lock.parse(damaged(lambda read: read["tasks"]["thumbs"]["versions"]["1.0.0"].update(wrong)))


def test_a_lock_that_holds_one_version_twice_is_refused():
    one, other = (json.dumps(LockedVersion.of(each).as_dict()) for each in (V1, V2))
    versions = f'{{"1.0.0": {one}, "1.0.0": {other}}}'
    with pytest.raises(SchemaError):  # a merge conflict that was resolved by keeping both
        Lock.parse(f'{{"format": 1, "tasks": {{"t": {{"versions": {versions}, "labeling_functions": {{}}}}}}}}')


@pytest.mark.parametrize("number", [0, 2, "1", None])
def test_a_lock_of_another_format_is_refused_with_its_number(number):
    with pytest.raises(SchemaError, match=f"The lock is of format {number}, and this retrolabel knows 1"):
        Lock.parse(damaged(lambda read: read.update(format=number)))


def test_what_a_lock_says_beside_is_no_hindrance():
    assert Lock.parse(damaged(lambda read: read.update(about="anything"))) == lock(V1, emits={"says_bad": ("bad",)})


def test_the_ids_that_a_version_reserves_are_locked():
    kept = version("1.0.0", [GOOD, BAD, Label("old", status="reserved")])
    locked = LockedVersion.of(kept)
    assert locked.reserved == ("old",)
    assert Lock.parse(lock(kept).text()) == lock(kept)
    assert "reserved" not in LockedVersion.of(V1).as_dict()
