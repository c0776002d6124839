"""What changed between two label sets, and why: each change is named alone, and causes add up to all flips."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from fractions import Fraction

import pytest

from retrolabel.errors import RetrolabelError
from retrolabel.label_models import label_model
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.wiring.feedback import IngestOptions
from tests.jobs.conftest import LFS, forget

OPTIONS = IngestOptions(id_column="item_id")
REVISING = IngestOptions(id_column="item_id", revise=True)
ASKS = """

@labeling_function(BAD, version="1")
def hesitates(comment):
    count("hesitates")
    return comment is not None and comment.startswith(("hm", "ok"))
"""


SLOW = """

@labeling_function(SLOW, version="1")
def drags(comment):
    return comment is not None and "slow" in comment
"""
IMPORTED = "import BAD, GOOD\n"
WITH_SLOW = LFS.replace(IMPORTED, IMPORTED + "from labeling_functions.mood.schema.v2 import SLOW\n") + SLOW


def edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def relabel(project, **more):
    forget()
    return project.open().task("mood").relabel(**more).label_set.id


def causes(found) -> dict[str, float]:
    assert sum(found.causes.items.values()) == found.flips
    return {cause: float(items) for cause, items in found.causes.items.items() if items}


@pytest.fixture
def first(project):
    """The id of a label set of 40 items under version 1, by three LFs."""
    project.open().feedback.ingest(project.feedback(), "chat", OPTIONS)
    return relabel(project)


def test_one_edited_lf_is_the_cause_of_all_flips(project, first):
    project.lfs(edited(LFS, '"wrong" in comment or "slow" in comment', '"wrong" in comment or "hm" in comment'))
    found = project.open().task("mood").diff(first, relabel(project))
    assert found.flips == found.real == 10  # "so slow" loses its label, "hm" gets one: five of each
    assert {(pair.before, pair.after): pair.items for pair in found.pairs} == {("bad", None): 5, (None, "bad"): 5}
    assert causes(found) == {"LF complains edited": 10.0}
    assert found.causes.exact
    assert set(found.frame()["cause"]) == {"LF complains edited"}


def test_no_labeling_function_is_called(project, first):
    project.lfs(edited(LFS, '"slow"', '"hm"'))
    second = relabel(project)
    calls = project.calls()
    project.open().task("mood").diff(first, second)
    assert project.calls() == calls


def test_looking_changes_nothing_in_the_store(project, first):
    project.lfs(edited(LFS, '"slow"', '"hm"'))
    second = relabel(project)
    before = project.state()
    project.open().task("mood").diff(first, second)
    assert project.state() == before


def test_an_lf_that_came_and_one_that_went_are_causes_of_their_own(project, first):
    without = LFS[: LFS.index("@labeling_function(GOOD")] + LFS[LFS.index("@labeling_function(BAD") :]
    project.lfs(without + ASKS)
    found = project.open().task("mood").diff(first, relabel(project))
    named = causes(found)
    assert named.keys() == {"LF hesitates added", "LF praises removed"}
    assert named["LF hesitates added"] == 10.0
    frame = found.frame().set_index("item_id")
    assert frame.loc["5", ["after", "kind", "cause"]].tolist() == ["bad", "gained", "LF hesitates added"]
    assert frame["before"].isna()["5"]


def test_a_renamed_lf_is_no_cause(project, first):
    found = project.open().task("mood")
    second = relabel(project, label_model="majority_vote")
    causes_ = causes(found.diff(first, second))
    assert causes_.keys() <= {"label model label_model -> majority_vote"}


def test_an_edit_that_changes_no_vote_is_said_and_is_no_cause(project, first):
    project.lfs(
        edited(edited(LFS, '"slow" in comment', '"slow" in comment or "never said" in comment'), '"great"', '"hm"')
    )
    found = project.open().task("mood").diff(first, relabel(project))
    assert causes(found).keys() == {"LF praises edited"}
    assert "edited, and voting as before on all items of both: complains" in found.notes


def test_new_items_count_as_in_the_second_set_only(project, first):
    project.open().feedback.ingest(project.feedback("more.csv", items=20, first=40), "chat", OPTIONS)
    found = project.open().task("mood").diff(first, relabel(project))
    assert (found.items, found.gone, found.new, found.flips) == (40, 0, 20, 0)


def test_a_revised_item_is_matched_by_its_id(project, first):
    revised = "item_id,created_at,comment\n0,2026-01-01T12:00:00Z,this is wrong\n"
    project.open().feedback.ingest(project.write("revised.csv", revised), "chat", REVISING)
    found = project.open().task("mood").diff(first, relabel(project))
    assert (found.items, found.gone, found.new) == (40, 0, 0)
    assert causes(found) == {"revision of the item": 1.0}
    assert found.frame().to_dict("records") == [
        {"source": "chat", "item_id": "0", "before": "good", "after": "bad", "kind": "relabelled",
         "cause": "revision of the item", "share": 1.0}
    ]  # fmt: skip


def test_a_narrowing_follows_the_schema_and_is_no_flip(project, first):
    project.add_v2()
    project.lfs(WITH_SLOW)
    found = project.open().task("mood").diff(first, relabel(project))
    kinds = {(pair.before, pair.after): (pair.kind.words, pair.items) for pair in found.pairs}
    assert kinds["bad", "slow"] == ("narrowed", 5)
    assert kinds["bad", None][0] == "open"  # "this is wrong": bad is several labels now, and nothing says which
    assert found.real == 0
    assert causes(found) == {"schema 1.0.0 -> 2.0.0": float(found.flips)}


def test_going_back_over_a_split_follows_the_schema(project, first):
    project.add_v2()
    project.lfs(WITH_SLOW)
    new = relabel(project)
    found = project.open().task("mood").diff(new, relabel(project, to="1.0.0"))
    assert {pair.kind.words for pair in found.pairs} == {"carried"}
    assert causes(found) == {"schema 2.0.0 -> 1.0.0": float(found.flips)}


def test_gold_of_then_is_read_again_and_is_a_cause_of_its_own(project, first):
    gold = {number: "bad" if number % 8 in (0, 1, 3) else "good" for number in range(40)}
    task = project.open().task("mood")
    take_in(task, project, gold)
    second = relabel(project)
    found = project.open().task("mood").diff(first, second)
    assert set(causes(found)) <= {"gold"}
    assert found.causes.exact
    back = project.open().task("mood").diff(second, first)
    assert set(causes(back)) <= {"gold"}


def take_in(task, project, gold) -> None:
    task.gold.import_file(project.gold(gold), "chat", role="dev", sampling="random")


def test_gold_that_cannot_be_read_again_is_said(project, first):
    gold = {number: "bad" if number % 8 in (0, 1, 3) else "good" for number in range(40)}
    task = project.open().task("mood")
    take_in(task, project, gold)
    second = relabel(project)
    with closing(sqlite3.connect(project.store / "catalog.db")) as connection, connection:
        connection.execute("UPDATE human_labels SET label = 'good' WHERE item_id IN ('1', '9')")  # nothing of ours does
    found = project.open().task("mood").diff(first, second)
    assert any("gold that was fitted in the label set after cannot be read again" in note for note in found.notes)
    assert sum(found.causes.items.values(), Fraction(0)) == found.flips


def test_the_label_models_settings_are_a_cause(project, first):
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nabstain_below = 0.999\n')
    found = project.open().task("mood").diff(first, relabel(project))
    assert found.flips > 0
    assert causes(found) == {"label model's settings": float(found.flips)}


def test_older_numerics_are_what_is_left_of_labelling_again(project, monkeypatch):
    project.open().feedback.ingest(project.feedback(), "chat", OPTIONS)
    with monkeypatch.context() as older:
        older.setattr(label_model, "NUMERICS", 0)
        older.setattr(LabelModel, "fit", lambda _, votes, gold=None: MajorityVote().fit(votes, gold))
        first = relabel(project)
    found = project.open().task("mood").diff(first, relabel(project))
    # "thanks, but wrong" was a tie.
    assert causes(found) == {"numerics of the label model": 5.0}
    (note,) = found.notes
    assert note == (
        "the label set before, made again as far as that can be, differs on 5 items: numerics of the label model"
    )


def test_without_causes_nothing_is_fitted_and_counts_are_the_same(project, first):
    project.lfs(edited(LFS, '"slow"', '"hm"'))
    second = relabel(project)
    task = project.open().task("mood")
    bare, full = task.diff(first, second, causes=False), task.diff(first, second)
    assert bare.causes is None
    assert bare.pairs == full.pairs
    assert "cause" not in bare.frame()
    assert not bare.worlds._said


def test_a_set_against_itself_is_refused(project, first):
    with pytest.raises(RetrolabelError, match="are the same label set"):
        project.open().task("mood").diff(first, "latest")


def test_a_version_that_was_edited_since_makes_causes_unknown(project, first):
    v1 = (project.folder / "labeling_functions/mood/schema/v1.py").read_text()
    project.lfs(edited(LFS, '"slow"', '"hm"'))
    project.write("labeling_functions/mood/schema/v1.py", v1.replace("got what they needed", "was helped"))
    found = project.open().task("mood").diff(first, relabel(project))
    (why,) = causes(found)
    assert re.match(r"not known: 1.0.0 was edited since label set [0-9a-f]{12} was made", why)


def test_two_lfs_of_one_task_share_what_only_both_do(project, first):
    said_bad = edited(LFS, '"thanks" in comment or "great" in comment', '"thanks" in comment')
    project.lfs(edited(said_bad, '"wrong" in comment or', '"wrong" in comment or "great" in comment or'))
    found = project.open().task("mood").diff(first, relabel(project))
    # Without the praise "great" has no label, with the complaint alone it stays good: it takes both to make it bad.
    assert causes(found) == {"LF praises edited": 3.75, "LF complains edited": 1.25}


@pytest.fixture
def went_back(project):
    """Two label sets: of version 2, and of version 1 by an edited LF whose two votes read the same there."""
    project.open().feedback.ingest(project.feedback(), "chat", OPTIONS)
    project.add_v2()
    both = edited(WITH_SLOW, "import SLOW\n", "import SLOW, WRONG\n") + TELLS
    project.lfs(both)
    new = relabel(project)
    project.lfs(edited(both, "# nothing", 'if comment == "hm":\n        return WRONG'))
    return new, relabel(project, to="1.0.0")


TELLS = """

@labeling_function(SLOW, WRONG, version="1")
def tells(comment):
    # nothing
    if "slow" in comment:
        return SLOW
    return WRONG if "wrong" in comment else None
"""


def test_votes_that_read_the_same_are_read_as_they_were_cast(project, went_back):
    found = project.open().task("mood").diff(*went_back)
    named = causes(found)
    assert named.keys() == {"schema 2.0.0 -> 1.0.0", "LF tells edited"}
    assert named["LF tells edited"] == 5.0  # "hm"
    assert (True, "tells") in found.worlds.joined.cast


def test_votes_that_are_gone_are_said(project, went_back):
    with closing(sqlite3.connect(project.store / "catalog.db")) as connection, connection:
        connection.execute("DELETE FROM vote_columns WHERE lf = 'tells'")
    found = project.open().task("mood").diff(*went_back)
    named = causes(found)
    assert "not known: votes are gone" in named
    assert "LF tells edited" not in named
    (note,) = [note for note in found.notes if note.startswith("not known: votes are gone")]
    assert "schema 2.0.0 -> 1.0.0, and tells" in note
