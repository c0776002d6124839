"""What a label of one version may be in another, up and down the line of versions."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError, UnknownLabelError, UnknownVersionError, VoteError
from retrolabel.schema.history import History, Resolution
from retrolabel.schema.labels import Label, LabelUnion, union
from retrolabel.schema.relations import Relation
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema

GOOD, BAD = Label("good"), Label("bad")
RETRIEVAL, GENERATION, FORMATTING = Label("retrieval"), Label("generation"), Label("formatting")
BUG, CRASH, DEFECT, TASK = Label("bug"), Label("crash"), Label("defect"), Label("task")
FAILURES = {"retrieval", "generation", "formatting"}


def version(number, labels, revises=None, steps=(), task="failure_mode", **more):
    return LabelSchema(task=task, version=number, labels=labels, revises=revises, steps=steps, **more)


def read(ids, home, *, kind="exact", suspect=False):
    """The resolution of a vote."""
    return Resolution(frozenset(ids), kind, suspect, home)


def problems(versions):
    """Every fault of a history that is refused, as (where, what, remedy)."""
    with pytest.raises(SchemaError, match="is not sound") as caught:
        History(versions)
    return [(problem.where, problem.what, problem.remedy) for problem in caught.value.problems]


THUMBS = version("1.0.0", [GOOD, BAD])
MODES = version(
    "2.0.0",
    [GOOD, RETRIEVAL, GENERATION, FORMATTING],
    THUMBS,
    [Split(BAD, into=[RETRIEVAL, GENERATION, FORMATTING])],
)
TWO = History([THUMBS, MODES])


def redefined(direction):
    """Two versions between which ``bad`` changed its meaning."""
    worse = Label("bad", f"Something {direction}.")
    first = version("1.0.0", [GOOD, BAD])
    return History([first, version("2.0.0", [GOOD, worse], first, [Redefine(BAD, direction)])]), worse


# What a history is


def test_versions_are_kept_oldest_first_whatever_order_they_come_in():
    ninth = version("9.0.0", [GOOD, BAD], THUMBS)
    tenth = version("10.0.0", [GOOD, BAD], ninth)
    history = History([tenth, THUMBS, ninth])
    assert [each.version for each in history] == ["1.0.0", "9.0.0", "10.0.0"]
    assert history.head is tenth
    assert history.task == "failure_mode"
    assert len(history) == 3
    assert history["9.0.0"] is ninth
    assert repr(history) == "History(failure_mode: 1.0.0 -> 9.0.0 -> 10.0.0)"


def test_a_history_of_no_version_is_refused():
    assert problems([]) == [("history", "there is no version", "add one to the task's schema folder")]


def test_a_missing_parent_is_refused():
    assert problems([MODES]) == [
        ("failure_mode 2.0.0", "revises 1.0.0, which is missing", "add its file"),
    ]


def test_a_fork_has_two_heads_and_no_newest_version():
    one, two = version("1.1.0", [GOOD, BAD], THUMBS), version("1.2.0", [GOOD, BAD], THUMBS)
    forked = History([THUMBS, two, one])
    assert forked.heads == (one, two)
    with pytest.raises(SchemaError, match=r"(?s)2 heads: 1\.1\.0, 1\.2\.0.*merge-heads"):
        _ = forked.head


def test_two_first_versions_are_refused():
    assert problems([THUMBS, version("2.0.0", [GOOD, BAD])]) == [
        ("history", "several first versions: 1.0.0, 2.0.0", "all but one need revises=")
    ]


def test_a_version_that_exists_twice_is_refused():
    remedy = "give one of them another number, or delete one of the two files, if it is a draft of the other"
    assert ("failure_mode 2.0.0", "exists twice", remedy) in problems(
        [THUMBS, MODES, version("2.0.0", [GOOD, BAD], THUMBS)]
    )


def test_versions_of_two_tasks_are_refused():
    assert ("history", "versions of several tasks: failure_mode, stars", "one folder a task") in problems(
        [THUMBS, MODES, version("1.0.0", [GOOD, BAD], task="stars")]
    )


@pytest.mark.parametrize(
    "edit", [{"labels": [GOOD, Label("bad", "New words.")]}, {"reason": "why"}, {"labels": [BAD, GOOD]}]
)
def test_a_parent_that_was_edited_since_is_refused(edit):
    edited = version(**({"number": "1.0.0", "labels": [GOOD, BAD]} | edit))
    assert problems([edited, MODES]) == [
        ("failure_mode 2.0.0", "revises a 1.0.0 unlike the one listed", "import it from its file")
    ]


def test_a_parent_read_twice_from_one_file_is_the_same():
    assert len(History([version("1.0.0", [GOOD, BAD]), MODES])) == 2


def test_every_fault_of_a_history_is_told_in_one_error():
    orphan = version("4.0.0", [GOOD, BAD], version("3.0.0", [GOOD, BAD]))
    with pytest.raises(SchemaError) as caught:
        History([THUMBS, version("1.5.0", [GOOD, BAD]), MODES, version("2.1.0", [GOOD, BAD], THUMBS), orphan])
    assert caught.value.message == "The schema history of failure_mode is not sound."
    assert [problem.where for problem in caught.value.problems] == ["history", "failure_mode 4.0.0"]
    assert all(problem.remedy for problem in caught.value.problems)


def test_an_unknown_version_names_the_nearest_and_all_that_are_known():
    with pytest.raises(UnknownVersionError) as caught:
        TWO["2.0"]
    assert caught.value.message == (
        "Task 'failure_mode' has no schema version '2.0'. Did you mean '2.0.0'? Known: 1.0.0, 2.0.0."
    )
    assert (caught.value.version, caught.value.known, caught.value.task) == ("2.0", ("1.0.0", "2.0.0"), "failure_mode")


@pytest.mark.parametrize("ends", [("1.0.0", "3.0.0"), ("3.0.0", "1.0.0")])
def test_a_relation_with_an_unknown_version_is_refused(ends):
    with pytest.raises(UnknownVersionError, match=r"no schema version '3\.0\.0'"):
        TWO.relation(*ends)


# Relations


def test_a_version_relates_to_itself_label_by_label():
    relation = TWO.relation("2.0.0", "2.0.0")
    assert relation.images == {name: {name} for name in ("good", "retrieval", "generation", "formatting")}
    assert (relation.source, relation.target, relation.task) == ("2.0.0", "2.0.0", "failure_mode")
    assert relation.suspect_positive == relation.suspect_negative == frozenset()


def test_a_split_label_may_be_any_part_and_each_part_was_the_label():
    up, down = TWO.relation("1.0.0", "2.0.0"), TWO.relation("2.0.0", "1.0.0")
    assert up.images == {"good": {"good"}, "bad": FAILURES}
    assert down.images == {"good": {"good"}} | {name: {"bad"} for name in FAILURES}
    assert (up.source, up.target) == ("1.0.0", "2.0.0")
    assert (down.source, down.target) == ("2.0.0", "1.0.0")
    assert up.target_ids == FAILURES | {"good"}
    assert down.target_ids == {"good", "bad"}


def test_a_label_is_projected_by_object_or_id():
    relation = TWO.relation("1.0.0", "2.0.0")
    assert relation.project(BAD) == relation.project("bad") == FAILURES


def test_an_unknown_label_cannot_be_projected():
    with pytest.raises(UnknownLabelError) as caught:
        TWO.relation("1.0.0", "2.0.0").project("god")
    assert caught.value.message == "No label 'god' in failure_mode 1.0.0. Did you mean 'good'? Known: good, bad."


def test_steps_compose_over_several_versions_up_and_down():
    first = version("1.0.0", [BUG, CRASH, TASK])
    second = version("2.0.0", [DEFECT, TASK], first, [Merge([BUG, CRASH], into=DEFECT)])
    slow, wrong = Label("slow"), Label("wrong")
    third = version("2.1.0", [slow, wrong, TASK], second, [Split(DEFECT, into=[slow, wrong])])
    fourth = version("3.0.0", [slow, wrong], third, [Remove(TASK, maps_to=[wrong])])
    history = History([first, second, third, fourth])
    assert history.relation("1.0.0", "3.0.0").images == {
        "bug": {"slow", "wrong"},
        "crash": {"slow", "wrong"},
        "task": {"wrong"},
    }
    assert history.relation("3.0.0", "1.0.0").images == {"slow": {"bug", "crash"}, "wrong": {"bug", "crash", "task"}}
    assert history.relation("2.0.0", "2.1.0").images == {"defect": {"slow", "wrong"}, "task": {"task"}}
    assert history.relation("2.1.0", "1.0.0").images == {
        "slow": {"bug", "crash"},
        "wrong": {"bug", "crash"},
        "task": {"task"},
    }


def test_a_label_carved_from_another_leaves_both_possible_and_leads_back_to_it():
    first = version("1.0.0", [BUG, TASK])
    history = History([first, version("2.0.0", [BUG, CRASH, TASK], first, [Add(CRASH, carved_from=BUG)])])
    up, down = history.relation("1.0.0", "2.0.0"), history.relation("2.0.0", "1.0.0")
    assert up.images == {"bug": {"bug", "crash"}, "task": {"task"}}
    assert down.images == {"bug": {"bug"}, "crash": {"bug"}, "task": {"task"}}
    assert [up.kind("bug"), up.kind("task"), down.kind("crash")] == ["set", "exact", "exact"]


def test_a_label_that_came_from_nowhere_is_unknown_in_the_older_version():
    first = version("1.0.0", [BUG, TASK])
    history = History([first, version("2.0.0", [BUG, CRASH, TASK], first, [Add(CRASH)])])
    up, down = history.relation("1.0.0", "2.0.0"), history.relation("2.0.0", "1.0.0")
    assert up.images == {"bug": {"bug"}, "task": {"task"}}
    assert down.images == {"bug": {"bug"}, "crash": {"bug", "task"}, "task": {"task"}}
    assert down.kind(CRASH) == "unknown"


def test_a_label_removed_without_a_heir_is_unknown_and_may_be_behind_any_label():
    first = version("1.0.0", [BUG, CRASH, TASK])
    history = History([first, version("2.0.0", [BUG, CRASH], first, [Remove(TASK)])])
    up, down = history.relation("1.0.0", "2.0.0"), history.relation("2.0.0", "1.0.0")
    assert up.project(TASK) == {"bug", "crash"}
    assert up.kind(TASK) == "unknown"
    assert down.images == {"bug": {"bug", "task"}, "crash": {"crash", "task"}}


def test_a_label_removed_with_heirs_is_one_of_them():
    first = version("1.0.0", [BUG, CRASH, TASK, DEFECT])
    history = History([first, version("2.0.0", [BUG, CRASH, TASK], first, [Remove(DEFECT, maps_to=[BUG, CRASH])])])
    up, down = history.relation("1.0.0", "2.0.0"), history.relation("2.0.0", "1.0.0")
    assert up.project(DEFECT) == {"bug", "crash"}
    assert up.kind(DEFECT) == "set"
    assert down.images == {"bug": {"bug", "defect"}, "crash": {"crash", "defect"}, "task": {"task"}}


def test_a_point_of_an_old_scale_becomes_a_run_of_the_new_one():
    low, high = Label("low", rank=0), Label("high", rank=1)
    one, two, three = (Label(name, rank=rank) for rank, name in enumerate(("one", "two", "three")))
    old = version("1.0.0", [low, high], scale="ordinal")
    new = version("2.0.0", [one, two, three], old, [Rescale({low: [one, two], high: [two, three]})], scale="ordinal")
    history = History([old, new])
    assert history.relation("1.0.0", "2.0.0").images == {"low": {"one", "two"}, "high": {"two", "three"}}
    assert history.relation("2.0.0", "1.0.0").images == {"one": {"low"}, "two": {"low", "high"}, "three": {"high"}}
    assert history.relation("2.0.0", "1.0.0").kind("two") == "unknown"


def test_a_label_that_becomes_one_other_is_exact():
    first = version("1.0.0", [BUG, CRASH, TASK])
    history = History([first, version("2.0.0", [DEFECT, TASK], first, [Merge([BUG, CRASH], into=DEFECT)])])
    relation = history.relation("1.0.0", "2.0.0")
    assert [relation.kind(name) for name in ("bug", "crash", "task")] == ["exact", "exact", "exact"]
    assert history.relation("2.0.0", "1.0.0").kind("defect") == "set"


APART = version("1.0.0", [BUG, CRASH, TASK])
MERGED = version("2.0.0", [DEFECT, TASK], APART, [Merge([BUG, CRASH], into=DEFECT)])
APART_AGAIN = version("3.0.0", [BUG, CRASH, TASK], MERGED, [Split(DEFECT, into=[BUG, CRASH])])


def test_merging_then_splitting_again_loses_nothing_of_an_original_vote():
    history = History([APART, MERGED, APART_AGAIN])
    for label in (BUG, CRASH, TASK):
        assert history.resolve(union(label), "3.0.0") == read({label.id}, "3.0.0")
    assert history.resolve(union(BUG), "2.0.0").ids == {"defect"}


def test_merging_then_splitting_leaves_the_relation_of_what_was_read_in_between():
    history = History([APART, MERGED, APART_AGAIN])
    assert history.relation("1.0.0", "3.0.0").project(BUG) == {"bug", "crash"}
    assert history.relation("2.0.0", "3.0.0").project(DEFECT) == {"bug", "crash"}
    assert history.relation("2.0.0", "1.0.0").project(DEFECT) == {"bug", "crash"}


def test_an_identity_before_or_after_changes_no_relation():
    up = TWO.relation("1.0.0", "2.0.0")
    assert TWO.relation("1.0.0", "1.0.0").then(up) == up
    assert up.then(TWO.relation("2.0.0", "2.0.0")) == up


def test_going_up_and_down_again_leaves_the_label_possible():
    there_and_back = TWO.relation("1.0.0", "2.0.0").then(TWO.relation("2.0.0", "1.0.0"))
    assert there_and_back.images == {"good": {"good"}, "bad": {"bad"}}


def test_a_relation_read_backwards_is_unknown_where_nothing_led():
    relation = Relation("t", "1", "2", {"a": frozenset("x"), "b": frozenset("xy")}, frozenset("xyz"))
    inverse = relation.inverse()
    assert inverse.images == {"x": {"a", "b"}, "y": {"b"}, "z": {"a", "b"}}
    assert (inverse.source, inverse.target, inverse.target_ids) == ("2", "1", {"a", "b"})


# Suspect meanings


@pytest.mark.parametrize(
    ("direction", "positive", "negative"),
    [("narrower", True, False), ("wider", False, True), ("shifted", True, True)],
)
def test_a_redefined_label_is_suspect_in_the_direction_of_the_change(direction, positive, negative):
    relation = redefined(direction)[0].relation("1.0.0", "2.0.0")
    assert relation.images == {"good": {"good"}, "bad": {"bad"}}
    assert relation.suspect(BAD) is positive
    assert relation.suspect("bad", positive=True) is positive
    assert relation.suspect(BAD, positive=False) is negative
    assert relation.suspect(GOOD) is relation.suspect(GOOD, positive=False) is False


@pytest.mark.parametrize(
    ("direction", "positive", "negative"),
    [("narrower", False, True), ("wider", True, False), ("shifted", True, True)],
)
def test_read_backwards_a_narrower_label_is_a_wider_one(direction, positive, negative):
    relation = redefined(direction)[0].relation("2.0.0", "1.0.0")
    assert relation.suspect(BAD) is positive
    assert relation.suspect(BAD, positive=False) is negative
    assert relation.suspect(GOOD) is relation.suspect(GOOD, positive=False) is False


def test_what_leads_to_a_label_that_is_redefined_later_is_suspect():
    first = version("1.0.0", [BUG, CRASH, TASK])
    second = version("2.0.0", [DEFECT, TASK], first, [Merge([BUG, CRASH], into=DEFECT)])
    narrow = Label("defect", "Only what we broke ourselves.")
    third = version("3.0.0", [narrow, TASK], second, [Redefine(DEFECT, "narrower")])
    relation = History([first, second, third]).relation("1.0.0", "3.0.0")
    assert relation.suspect_positive == {"bug", "crash"}
    assert relation.suspect_negative == frozenset()


def test_what_was_redefined_stays_suspect_after_later_steps():
    wide = Label("bug", "Anything odd.")
    first = version("1.0.0", [BUG, CRASH, TASK])
    second = version("2.0.0", [wide, CRASH, TASK], first, [Redefine(BUG, "wider")])
    third = version("3.0.0", [DEFECT, TASK], second, [Merge([wide, CRASH], into=DEFECT)])
    history = History([first, second, third])
    up, down = history.relation("1.0.0", "3.0.0"), history.relation("3.0.0", "1.0.0")
    assert (up.suspect_positive, up.suspect_negative) == (frozenset(), {"bug"})
    assert (down.suspect_positive, down.suspect_negative) == ({"defect"}, frozenset())
    assert history.relation("2.0.0", "3.0.0").suspect_negative == frozenset()


def test_two_redefinitions_of_one_label_add_up():
    wide, narrow = Label("bug", "Anything odd."), Label("bug", "Only crashes.")
    first = version("1.0.0", [BUG, TASK])
    second = version("2.0.0", [wide, TASK], first, [Redefine(BUG, "wider")])
    third = version("3.0.0", [narrow, TASK], second, [Redefine(BUG, "narrower")])
    relation = History([first, second, third]).relation("1.0.0", "3.0.0")
    assert relation.suspect(BUG)
    assert relation.suspect(BUG, positive=False)


# Votes


def test_the_home_of_labels_is_the_newest_version_that_holds_them_all():
    assert TWO.home([GOOD]) is MODES
    assert TWO.home([BAD]) is THUMBS
    assert TWO.home([GOOD, BAD]) is THUMBS
    assert TWO.home([GOOD, RETRIEVAL]) is MODES
    assert TWO.home([BAD, RETRIEVAL]) is None
    assert TWO.home([Label("good", "Another meaning.")]) is None


def test_the_home_of_a_redefined_label_is_the_older_version():
    history, worse = redefined("wider")
    assert history.home([BAD]).version == "1.0.0"
    assert history.home([worse]).version == "2.0.0"
    assert history.home([GOOD]).version == "2.0.0"


def test_a_label_with_another_name_is_at_home_all_the_same():
    assert TWO.home([Label("good", name="Fine", owner="somebody")]) is MODES


@pytest.mark.parametrize(
    ("vote", "target", "ids", "kind", "home"),
    [
        (union(GOOD), "1.0.0", {"good"}, "exact", "1.0.0"),
        (union(GOOD), "2.0.0", {"good"}, "exact", "2.0.0"),
        (union(BAD), "1.0.0", {"bad"}, "exact", "1.0.0"),
        (union(BAD), "2.0.0", FAILURES, "set", "1.0.0"),
        (union(RETRIEVAL), "1.0.0", {"bad"}, "exact", "2.0.0"),
        (RETRIEVAL | GENERATION, "1.0.0", {"bad"}, "exact", "2.0.0"),
        (RETRIEVAL | GOOD, "1.0.0", {"good", "bad"}, "unknown", "2.0.0"),
        (GOOD | BAD, "2.0.0", FAILURES | {"good"}, "unknown", "1.0.0"),
        (~GOOD, "1.0.0", {"bad"}, "exact", "1.0.0"),
        (~GOOD, "2.0.0", FAILURES, "set", "2.0.0"),
        (~BAD, "1.0.0", {"good"}, "exact", "1.0.0"),
        (~BAD, "2.0.0", {"good"}, "exact", "1.0.0"),
        (~RETRIEVAL, "2.0.0", {"good", "generation", "formatting"}, "set", "2.0.0"),
        (~RETRIEVAL, "1.0.0", {"good", "bad"}, "unknown", "2.0.0"),
        (~(GOOD | RETRIEVAL), "2.0.0", {"generation", "formatting"}, "set", "2.0.0"),
        (~(GOOD | RETRIEVAL), "1.0.0", {"bad"}, "exact", "2.0.0"),
        (GOOD | ~GOOD, "2.0.0", FAILURES | {"good"}, "unknown", "2.0.0"),
    ],
    ids=lambda value: "|".join(sorted(value)) if isinstance(value, set | frozenset) else str(value),
)
def test_a_vote_is_read_in_its_home_then_projected(vote, target, ids, kind, home):
    assert TWO.resolve(vote, target) == read(ids, home, kind=kind)


def test_the_negation_of_one_label_is_every_other_one_of_each_version():
    only_thumbs = History([THUMBS])
    assert only_thumbs.resolve(~GOOD, "1.0.0") == read({"bad"}, "1.0.0")
    assert TWO.resolve(~GOOD, "2.0.0").ids == FAILURES


def test_a_negated_vote_leaves_a_label_possible_that_was_added_later():
    first = version("1.0.0", [BUG, TASK])
    history = History([first, version("2.0.0", [BUG, TASK, CRASH], first, [Add(CRASH)])])
    assert history.resolve(~BUG, "2.0.0").ids == {"task", "crash"}
    assert history.resolve(~BUG, "1.0.0").ids == {"task"}  # which has no other word


@pytest.mark.parametrize(
    ("direction", "positive", "negative"),
    [("narrower", True, False), ("wider", False, True), ("shifted", True, True)],
)
def test_a_vote_for_a_label_that_was_redefined_since_is_suspect(direction, positive, negative):
    history, worse = redefined(direction)
    assert history.resolve(union(BAD), "2.0.0") == read({"bad"}, "1.0.0", suspect=positive)
    assert history.resolve(~BAD, "2.0.0") == read({"good"}, "1.0.0", suspect=negative)
    assert history.resolve(union(worse), "2.0.0") == read({"bad"}, "2.0.0")
    assert history.resolve(~worse, "2.0.0").suspect is False
    assert history.resolve(union(BAD), "1.0.0") == read({"bad"}, "1.0.0")
    assert history.resolve(union(GOOD), "2.0.0").suspect is False


@pytest.mark.parametrize(
    ("direction", "positive", "negative"),
    [("narrower", False, True), ("wider", True, False), ("shifted", True, True)],
)
def test_a_vote_for_the_new_meaning_is_suspect_in_the_older_version(direction, positive, negative):
    history, worse = redefined(direction)
    assert history.resolve(union(worse), "1.0.0").suspect is positive
    assert history.resolve(~worse, "1.0.0").suspect is negative


def test_a_union_is_suspect_if_one_of_its_labels_is():
    narrow = Label("bug", "Only crashes.")
    first = version("1.0.0", [BUG, CRASH, TASK])
    history = History([first, version("2.0.0", [narrow, CRASH, TASK], first, [Redefine(BUG, "narrower")])])
    assert history.resolve(BUG | CRASH, "2.0.0") == read({"bug", "crash"}, "1.0.0", kind="set", suspect=True)
    assert history.resolve(CRASH | TASK, "2.0.0").suspect is False
    assert history.resolve(narrow | CRASH, "2.0.0").suspect is False


@pytest.mark.parametrize(
    "vote", [~(GOOD | BAD), LabelUnion(frozenset()), ~(GOOD | RETRIEVAL | GENERATION | FORMATTING)], ids=repr
)
def test_a_vote_that_leaves_nothing_is_an_error(vote):
    with pytest.raises(VoteError, match=r"leaves no label of failure_mode .* possible") as caught:
        TWO.resolve(vote, "2.0.0")
    assert caught.value.remedy == "an LF that knows nothing abstains"


def test_labels_of_no_common_version_make_no_vote():
    with pytest.raises(SchemaError, match=r"No version of failure_mode holds all of bad\|retrieval") as caught:
        TWO.resolve(BAD | RETRIEVAL, "2.0.0")
    assert caught.value.remedy == "import the labels from one version of the schema"


def test_a_label_with_a_meaning_that_was_never_agreed_makes_no_vote():
    with pytest.raises(SchemaError, match="holds all of ~good"):
        TWO.resolve(~Label("good", "Another meaning."), "1.0.0")


def test_a_vote_cannot_be_resolved_in_an_unknown_version():
    with pytest.raises(UnknownVersionError, match=r"Did you mean '2\.0\.0'"):
        TWO.resolve(union(GOOD), "2.0.1")


def test_every_label_of_a_version_resolves_as_its_relation_projects_it():
    for source in TWO:
        for target in TWO:
            relation = TWO.relation(source.version, target.version)
            for label in source.labels:
                resolved = TWO.resolve(union(label), target.version)
                assert (resolved.ids, resolved.kind) == (relation.project(label), relation.kind(label))
