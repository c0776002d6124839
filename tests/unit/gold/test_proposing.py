"""From groups of rationales to changes of the spec."""

from __future__ import annotations

import itertools

import pytest

from retrolabel.gold.proposing import ideas_of
from retrolabel.gold.reasons import Reason

LABELS = ("bug", "feature", "question")
PEOPLE = itertools.cycle(["ana", "ben", "cleo"])
SLOW = ["page is slow", "slow to load", "it is only slow", "slow page", "loads slow", "slow, nothing breaks"]
CRASH = ["it crashes", "crash on start", "crashed again", "crashes with a trace", "a crash", "crashing"]
numbers = itertools.count()


def reasons(texts, label, others, *, people=PEOPLE, **more):
    return [Reason(("s", str(next(numbers))), next(people), text, label, tuple(others), **more) for text in texts]


OTHERS = (
    "window garden river bottle candle market ticket engine pepper saddle ladder mirror basket hammer pillow carpet"
    " needle button pocket jacket helmet rocket tunnel bridge island forest canyon glacier echo poem"
)


def plain():
    """Return rationales of no group, on items on which people agree."""
    return [
        each for at, word in enumerate(OTHERS.split()) for each in reasons([word], LABELS[at % 3], [LABELS[at % 3]] * 2)
    ]


def found(*groups, alike=(), rules=None):
    return ideas_of([each for group in groups for each in group], labels=LABELS, alike=alike, rules=rules)


def first(*groups, **more):
    return found(*groups, **more).found[0]


def test_a_case_that_most_people_give_one_label_is_left_out_of_the_other():
    idea = first(reasons(SLOW, "feature", ["bug", "feature"]), plain())
    assert (idea.kind, idea.label, set(idea.pair), idea.clear) == ("exclude", "bug", {"feature", "bug"}, True)
    assert "slow" in idea.terms


def test_a_case_that_its_writers_alone_give_a_label_is_taken_in_there():
    idea = first(reasons(SLOW, "feature", ["bug", "bug"]), plain())
    assert (idea.kind, idea.label) == ("include", "feature")
    assert "Decide which it is first" in " ".join(idea.why)


def test_a_reason_that_both_sides_give_is_a_question():
    idea = first(reasons(SLOW, "feature", ["bug"]), reasons(SLOW, "bug", ["feature"]), plain())
    assert (idea.kind, set(idea.pair)) == ("question", {"bug", "feature"})


def test_two_labels_that_nobody_tells_apart_are_merged():
    both = [reasons(SLOW, "feature", ["bug"]), reasons(SLOW, "bug", ["feature"])]
    idea = first(*both, plain(), alike=[frozenset({"bug", "feature"})])
    assert (idea.kind, idea.label, idea.labels) == ("merge", "bug_or_feature", ("bug", "feature"))


@pytest.mark.parametrize("text", ["none of these fits: billing", "kein Label passt, billing"])
def test_where_people_say_that_no_label_fits_one_is_added(text):
    idea = first(reasons([text] * 4, "bug", ["question"]), plain())
    assert (idea.kind, idea.label, set(idea.labels)) == ("add", "billing", {"bug", "question"})


def test_where_people_scatter_over_three_labels_one_is_added():
    scattered = [
        each
        for text, (one, *others) in zip(SLOW, itertools.cycle(itertools.permutations(LABELS)), strict=False)
        for each in reasons([text], one, others)
    ]
    idea = first(scattered, plain())
    assert (idea.kind, set(idea.labels)) == ("add", set(LABELS))


def test_a_label_that_two_kinds_of_cases_share_is_split():
    most, few = reasons(SLOW, "bug", ["feature", "bug"]), reasons(CRASH, "bug", ["feature", "feature"])
    idea = first(most, few, plain())
    assert (idea.kind, idea.label, set(idea.labels)) == ("split", "bug", {"bug_slow", "bug_crash"})
    assert len(idea.members) == 12


def test_a_label_is_split_as_an_older_version_had_it():
    slow = reasons(SLOW, "bug", ["bug"], earlier=(("slow", "1.0.0"),))
    idea = first(slow, reasons(CRASH, "bug", ["bug"], earlier=(("crash", "1.0.0"),)), plain())
    assert (idea.kind, set(idea.labels), idea.restores) == ("split", {"slow", "crash"}, "1.0.0")


def test_what_the_rules_of_a_label_say_is_not_proposed_where_people_agree():
    agreed = reasons(SLOW, "bug", ["bug"])
    assert first(agreed, plain()).kind == "include"
    ideas = found(agreed, plain(), rules={"bug": {"slow", "page", "load"}})
    assert (ideas.found, ideas.told) == ((), 6)


def test_words_that_go_with_any_label_are_a_manner_of_speaking():
    texts = [f"reads like {word}" for word in ("violet", "sponge", "melody", "copper", "lentil", "falcon")]
    spread = [each for at, text in enumerate(texts) for each in reasons([text], LABELS[at % 3], [LABELS[at % 3]])]
    ideas = found(spread, plain())
    assert (ideas.found, ideas.of_any_label) == ((), 6)


def test_what_one_person_alone_writes_is_not_clear_where_others_write_too():
    assert not first(reasons(SLOW, "feature", ["bug", "feature"], people=itertools.repeat("ana")), plain()).clear


def test_rationales_that_say_nothing_are_left_out_and_counted():
    ideas = found(reasons(["idk", "?", "bug"], "bug", ["feature"]), plain())
    assert (ideas.silent, ideas.alone, ideas.found) == (3, 30, ())


def test_the_same_rationales_give_the_same_changes():
    said = [*reasons(SLOW, "feature", ["bug", "feature"]), *reasons(CRASH, "bug", ["feature", "bug"]), *plain()]
    assert ideas_of(said, labels=LABELS) == ideas_of(said, labels=LABELS)


def test_no_rationale_asks_for_nothing():
    assert found().found == ()
