"""A plan is a function of values: no store, no file, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrolabel import Add, History, Label, LabelSchema, Redefine, Remove, Split, keywords
from retrolabel.errors import MissingColumnError, SchemaError, UnknownVersionError
from retrolabel.jobs.label_sets.planning import Known, plan_relabel
from retrolabel.jobs.records.feedback import Segment
from retrolabel.jobs.records.gold import ResolvedGold
from retrolabel.jobs.records.manifests import LabelSetRecord
from retrolabel.jobs.records.plan_changes import Rate
from retrolabel.jobs.records.tasks import FoundTask
from retrolabel.jobs.records.votes import VoteColumn
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.labeling.functions import labeling_function

GOOD, BAD, SLOW, WRONG = Label("good", "It helped."), Label("bad"), Label("slow"), Label("wrong")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
V2 = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
MODEL = {"name": "majority_vote"}
CONTRACTS = {"web": {"comment": "string"}}


def task(*lfs, versions=(V1,), **keys):
    lfs = lfs or (
        keywords(GOOD, ["thanks"], column="comment", name="thanks"),
        keywords(BAD, ["bad"], column="comment", name="bad"),
    )
    names = {lf.name: keys.get(lf.name, f"key of {lf.name}") for lf in lfs}
    code = {name: {"file": "lfs.py", "line": "1", "source": ""} for name in names}
    return FoundTask("mood", History(versions), tuple(lfs), names, code, Path())


def segment(name="s1", rows=10, source="web", superseded=(), **columns):
    held = {"item_id": f"ids {name}", "created_at": f"times {name}", "comment": f"texts {name}"} | columns
    return Segment(name, source, rows, f"feedback/{name}.parquet", "0" * 64, held, superseded)


def plan(found, segments=None, to=None, label_model=MODEL, gold=None, **more):
    segments = [segment()] if segments is None else segments
    dev = ResolvedGold({key: frozenset({place}) for key, place in (gold or {}).items()})
    known = Known(segments, **{"contracts": CONTRACTS, "dev": dev} | more)
    return plan_relabel(found, known, to=to, label_model=label_model)


def column(key, rows=10):
    return VoteColumn(key, "s1", "thanks", "votes/1.parquet", "thanks", rows, 1, 0, 0.1)


def record(identity):
    return LabelSetRecord(identity, "mood", "1.0.0", 10, 5, 5, "1" * 64, "2" * 64, datetime(2026, 1, 1, tzinfo=UTC))


def test_what_is_stored_is_reused_and_the_rest_computed():
    found = task()
    key = vote_key(found, found.lfs[0], segment(), ())
    made = plan(found, stored={key: column(key)})
    assert (made.calls, made.reused) == (10, 10)
    assert [vote.lf.name for vote in made.to_compute] == ["bad"]


def test_the_id_depends_on_what_makes_the_labels():
    base = plan(task()).label_set
    assert plan(task()).label_set == base
    assert plan(task(thanks="another key")).label_set != base
    assert plan(task(versions=(V1, V2)), to="2.0.0").label_set != base
    assert plan(task(), segments=[segment("s2")]).label_set != base
    assert plan(task(), segments=[segment(superseded=(3,))]).label_set != base
    assert plan(task(), label_model={"name": "majority_vote", "smoothing": 1.0}).label_set != base
    assert plan(task(), gold={("web", str(n)): n % 2 for n in range(20)}).label_set != base


def test_the_id_depends_on_nothing_else():
    base = plan(task(), segments=[segment("a"), segment("b")]).label_set
    assert plan(task(), segments=[segment("b"), segment("a")]).label_set == base
    assert plan(task(versions=(V1, V2)), segments=[segment("a"), segment("b")], to="1.0.0").label_set == base
    few = {("web", str(n)): 0 for n in range(19)}
    assert plan(task(), segments=[segment("a"), segment("b")], gold=few).label_set == base
    assert plan(task(), segments=[segment("a"), segment("b")], rates={"bad": Rate(1.0, 10)}).label_set == base


def test_superseded_rows_are_no_items_but_their_votes_stay():
    made = plan(task(), segments=[segment(superseded=(0, 4))])
    assert (made.items, made.calls) == (8, 20)


def test_a_vote_key_depends_on_the_columns_that_are_read_only():
    found = task()
    lf = found.lfs[0]
    base = vote_key(found, lf, segment(), ())
    assert vote_key(found, lf, segment("other", comment="texts s1"), ()) == base
    assert vote_key(found, lf, segment(comment="other texts"), ()) != base
    assert vote_key(found, lf, segment(stars="some"), ()) == base


def test_votes_of_a_function_that_reads_nothing_are_those_of_a_segment_of_as_many_rows_alone():
    lf = replace(keywords(GOOD, ["thanks"], column="comment", name="thanks"), columns=())
    found = task(lf)
    base = vote_key(found, lf, segment("one", rows=10), ())
    assert vote_key(found, lf, segment("two", rows=10), ()) == base
    assert vote_key(found, lf, segment("one", rows=11), ()) != base


def test_a_function_of_the_whole_row_depends_on_every_column():
    @labeling_function(GOOD)
    def whole(x):
        return False

    found = task(whole)
    assert vote_key(found, whole, segment(), ()) != vote_key(found, whole, segment(stars="some"), ())
    assert vote_key(found, whole, segment(), ()) != vote_key(found, whole, segment(item_id="other ids"), ())


def test_segments_of_other_sizes_that_both_lack_a_column_have_other_keys():
    lf = keywords(GOOD, ["five"], column="stars", name="stars")
    found = task(lf)
    assert vote_key(found, lf, segment("a", rows=3), ()) != vote_key(found, lf, segment("b", rows=7), ())


def test_the_time_is_the_sum_over_what_is_to_be_computed():
    found = task()
    key = vote_key(found, found.lfs[0], segment(), ())
    made = plan(found, stored={key: column(key)}, rates={"bad": Rate(0.5, 10), "thanks": Rate(100.0, 10)})
    assert made.seconds == pytest.approx(5.0)
    assert plan(found, rates={"bad": Rate(0.5, 10)}).seconds is None


def test_every_missing_column_of_every_source_is_named():
    found = task(keywords(GOOD, ["x"], column="coment", name="a"), keywords(GOOD, ["x"], column="stars", name="b"))
    with pytest.raises(MissingColumnError) as caught:
        plan(
            found,
            segments=[segment(), segment("s2", source="mail")],
            contracts=CONTRACTS | {"mail": {"stars": "integer"}},
        )
    said = [(problem.where.split()[1], problem.what) for problem in caught.value.problems]
    assert [name for name, _ in said] == ["a", "a", "b"]
    assert "the source 'web' does not have. Did you mean 'comment'?" in said[1][1]


def test_id_and_time_are_columns_too():
    found = task(keywords(GOOD, ["x"], column="item_id", name="a"))
    assert plan(found).calls == 10


def test_notes_say_what_becomes_of_votes_for_labels_that_changed():
    v2 = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW], steps=[Remove(BAD), Add(SLOW)])
    assert "bad: the vote bad says nothing under 2.0.0" in plan(task(versions=(V1, v2))).notes
    assert "bad: the vote bad (of 1.0.0) is carried as slow | wrong" in plan(task(versions=(V1, V2))).notes
    better = Label("good", "It helped at once.")
    v3 = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[better, BAD], steps=[Redefine(better, "narrower")]
    )
    assert any(
        "thanks: the vote good names a label that was redefined" in note for note in plan(task(versions=(V1, v3))).notes
    )


def test_an_unknown_version_and_a_scale_without_label_model_are_refused():
    with pytest.raises(UnknownVersionError):
        plan(task(), to="9.0.0")
    several = LabelSchema(task="mood", version="1.0.0", scale="multilabel", labels=[Label("low"), Label("high")])
    with pytest.raises(SchemaError, match="is multilabel"):
        plan(task(keywords(several.labels[0], ["x"], column="comment", name="a"), versions=(several,)))


def test_an_existing_label_set_whose_votes_are_all_stored_leaves_nothing_to_do():
    found = task()
    keys = [vote_key(found, lf, segment(), ()) for lf in found.lfs]
    made = plan(found)
    stored = {key: column(key) for key in keys}
    again = plan(found, stored=stored, label_sets={made.label_set}, latest=record(made.label_set))
    assert (made.nothing_to_do, again.nothing_to_do) == (False, True)


def test_an_existing_label_set_that_is_not_the_latest_leaves_the_pointer_to_move():
    found = task()
    keys = [vote_key(found, lf, segment(), ()) for lf in found.lfs]
    made = plan(found)
    stored = {key: column(key) for key in keys}
    again = plan(found, stored=stored, label_sets={made.label_set}, latest=record("another"))
    assert (again.exists, again.calls, again.nothing_to_do) == (True, 0, False)
    assert again.before is not None
    assert again.before.id == "another"


def test_no_items_and_no_functions_are_noted():
    assert any("ingest feedback first" in note for note in plan(task(), segments=[]).notes)
