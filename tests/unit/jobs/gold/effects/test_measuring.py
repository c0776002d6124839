"""What a version did to agreement: which answers are compared, in which labels, and what is said of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel import Label, LabelSchema, Merge, Redefine, Split
from retrolabel.errors import GoldError, InputError, UnknownLabelError, UnknownVersionError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.effects.measuring import effect_of_version
from retrolabel.jobs.gold.effects.telling import told
from retrolabel.jobs.records.gold import Answer, Batch, DrawnItem
from retrolabel.schema.history import History
from retrolabel.schema.steps import Add

BUG, CRASH, MEH = Label("bug"), Label("crash"), Label("meh")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[BUG, CRASH, MEH])
CLEAR = [Label("bug", "It works, and wrongly."), Label("crash", "It ends.")]
REDEFINED = LabelSchema(
    task="mood", version="1.1.0", revises=V1, labels=[*CLEAR, MEH],
    steps=[Redefine("bug", "narrower"), Redefine("crash", "wider")],
)  # fmt: skip
JANUARY, JUNE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = ("ana", "ben")


def asked(
    items, said, *, version="1.0.0", at=JANUARY, people=PEOPLE, role="calibration", batch=None, seconds=None,
    revision="", imported=None,
):  # fmt: skip
    """Return an answer of each person to each item: what item ``n`` is called is ``said[n % len(said)]``."""
    found = []
    for n in items:
        for who, label in zip(people, said[n % len(said)], strict=True):
            human = HumanLabel("web", str(n), who, label, version, role, revision=revision, labelled_at=at, batch=batch)
            found.append(Answer(human, None, seconds, imported or at or JUNE))
    return found


BB, CC, BC, MM, CB = ("bug", "bug"), ("crash", "crash"), ("bug", "crash"), ("meh", "meh"), ("crash", "bug")
MIXED = (BB, CC, BC, MM, CB)
APART = (BB, CC, BB, MM, CC)
BEFORE = asked(range(60), MIXED)
AFTER = asked(range(60), APART, version="1.1.0", at=JUNE)


def effect(answers, *versions, version="1.1.0", draws=(), drawn=(), **more):
    return effect_of_version(
        answers,
        task="mood",
        version=version,
        history=History(versions or [V1, REDEFINED]),
        draws=dict(draws),
        drawn=dict(drawn),
        **more,
    )


def words(found):
    return "\n".join(told(found))


def test_the_two_redefined_labels_are_the_pair_and_each_side_is_held_against_itself():
    found = effect([*BEFORE, *AFTER])
    assert (found.before, found.changed, found.pair.labels, found.pair.by) == (
        "1.0.0", ("bug", "crash"), ("bug", "crash"), "steps",
    )  # fmt: skip
    assert (found.apart.before, found.apart.after) == (pytest.approx(0.01, abs=0.02), 1.0)
    assert (found.apart.differ_before, found.apart.differ_after, found.apart.items) == (24, 0, 48)
    assert (found.verdict, found.worse) == ("better", ())
    assert words(found).startswith("People tell bug and crash apart better than under 1.0.0 (alpha +")
    assert "people differed on 24 items before, and on 0 now" in words(found)
    json.dumps(found.as_dict())


def test_of_a_persons_answers_the_last_one_counts_on_each_side():
    changed = asked(range(60), APART, at=JANUARY + timedelta(days=7))
    found = effect([*BEFORE, *changed, *AFTER])
    assert (found.apart.before, found.apart.after, found.verdict) == (1.0, 1.0, "withheld")
    assert "cannot be said: people agree on 0 items otherwise than before" in words(found)


def test_a_split_is_compared_in_the_coarser_labels_and_its_parts_were_never_asked_about():
    v2 = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[Label("slow"), Label("wrong"), CRASH, MEH],
        steps=[Split("bug", into=["slow", "wrong"])],
    )  # fmt: skip
    after = asked(range(60), (("slow", "wrong"), CC, ("slow", "slow"), MM, CC), version="2.0.0", at=JUNE)
    found = effect([*BEFORE, *after], V1, v2, version="2.0.0")
    assert [label for label, _ in found.labels] == ["bug", "crash", "meh"]
    assert (found.pair.labels, found.pair.by, found.verdict) == (("bug", "crash"), "confused", "better")
    assert "The worst of several looks better" in words(found)
    parts = effect([*BEFORE, *after], V1, v2, version="2.0.0", pair=("slow", "wrong"))
    assert (parts.apart, parts.verdict) == (None, "none")
    assert words(parts).startswith("slow and wrong cannot be compared: before, both were bug")


def test_labels_that_were_merged_cannot_be_mixed_up_and_the_rest_is_compared_in_the_merged_one():
    v2 = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[Label("defect"), MEH],
        steps=[Merge(["bug", "crash"], into="defect")],
    )  # fmt: skip
    after = asked(range(60), (("defect",) * 2, ("defect", "meh"), MM), version="2.0.0", at=JUNE)
    found = effect([*BEFORE, *after], V1, v2, version="2.0.0")
    assert (found.pair.labels, found.pair.by) == (("bug", "crash"), "steps")
    assert "both are defect now: nobody can mix them up any more" in words(found)
    assert (found.overall.before, found.overall.differ_after, found.overall.less) == (1.0, 20, True)


def test_a_label_carved_from_both_leaves_the_two_as_they_are_and_says_so():
    v2 = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[BUG, CRASH, Label("hang"), MEH],
        steps=[Add("hang", carved_from=["bug", "crash"])],
    )  # fmt: skip
    after = asked(range(60), (BB, CC, ("hang", "hang"), MM, BC), version="2.0.0", at=JUNE)
    found = effect([*BEFORE, *after], V1, v2, version="2.0.0")
    assert (found.pair.labels, found.pair.as_they_are) == (("bug", "crash"), True)
    assert (found.apart.differ_before, found.apart.differ_after, found.apart.items) == (24, 12, 36)
    assert "A new label was carved from both" in words(found)


def test_answers_under_a_later_version_that_asks_the_same_count_and_older_ones_that_asked_otherwise_do_not():
    merged = LabelSchema(task="mood", version="0.1.0", labels=[Label("defect"), MEH])
    v1 = LabelSchema(
        task="mood", version="1.0.0", revises=merged, labels=[BUG, CRASH, MEH],
        steps=[Split("defect", into=["bug", "crash"])],
    )  # fmt: skip
    v2 = LabelSchema(
        task="mood", version="1.1.0", revises=v1, labels=[*CLEAR, MEH],
        steps=[Redefine("bug", "narrower"), Redefine("crash", "wider")],
    )  # fmt: skip
    split = [CLEAR[0], Label("abort"), Label("exit"), MEH]
    v3 = LabelSchema(
        task="mood", version="2.0.0", revises=v2, labels=split, steps=[Split("crash", into=["abort", "exit"])]
    )
    old = asked(range(60), (("defect",) * 2,), version="0.1.0")
    after = asked(range(60), (BB, ("abort", "exit"), BB, MM, ("exit", "exit")), version="2.0.0", at=JUNE)
    found = effect([*old, *BEFORE, *after], merged, v1, v2, v3)
    assert (found.before, found.apart.after, found.compared.items) == ("1.0.0", 1.0, 60)


def test_items_that_were_drawn_again_because_people_differed_are_left_out_and_counted():
    draw = Batch("mood", "web", "dev", "other", "other", 20, 60, JANUARY, purpose="adjudicate", schema_version="1.1.0")
    drawn = {7: [DrawnItem(str(n), "") for n in range(20)]}
    found = effect([*BEFORE, *AFTER], draws={7: draw}, drawn=drawn)
    assert (found.compared.items, found.compared.chosen) == (40, 20)
    assert "20 drawn again because of what people had said of them (adjudicate, split)" in words(found)
    by_batch = effect([*BEFORE, *asked(range(60), APART, version="1.1.0", at=JUNE, batch=7)[:40], *AFTER[40:]],
                      draws={7: draw})  # fmt: skip
    assert by_batch.compared.chosen == 20


def test_items_that_people_differed_on_more_than_on_the_others_are_found_without_knowing_why_they_were_asked():
    again = [n for n in range(60) if n % 5 in (2, 4) or n < 10]
    after = asked(again, APART, version="1.1.0", at=JUNE, role="dev")
    found = effect([*asked(range(60), MIXED, role="dev"), *after])
    assert (found.selected.items, round(found.selected.again, 2), found.selected.others) == (30, 0.8, 0.0)
    assert found.selected.inflates
    assert "Take care: two people differed on 80% of the items that were asked again, and on 0% of the 30" in words(
        found
    )
    fair = effect([*BEFORE, *asked(range(30), APART, version="1.1.0", at=JUNE)])
    assert not fair.selected.inflates
    assert "Take care" not in words(fair)


def test_calibration_items_are_enough_and_dev_items_whose_choice_nobody_knows_are_told_of():
    dev = [*asked(range(100, 150), MIXED, role="dev"), *asked(range(100, 150), MIXED, version="1.1.0", role="dev")]
    assert effect([*BEFORE, *AFTER, *dev]).compared.roles == ("calibration",)
    found = effect(dev)
    assert (found.compared.roles, found.compared.items) == (("dev",), 50)
    assert "why they were asked again is not known" in words(found)


def test_test_gold_and_honeypots_are_never_compared():
    for role in ("test", "honeypot"):
        with pytest.raises(GoldError, match="none has them under both"):
            effect([*asked(range(60), MIXED, role=role), *asked(range(60), APART, version="1.1.0", role=role)])


def test_the_same_people_are_compared_and_where_others_answered_it_is_said():
    three = asked(range(60), APART and tuple((*two, "meh") for two in APART), version="1.1.0", at=JUNE,
                  people=("ana", "ben", "new"))  # fmt: skip
    found = effect([*BEFORE, *three])
    assert (found.compared.people, found.compared.same_people, found.compared.other_people) == (PEOPLE, True, 60)
    assert "60 answers of others stayed out" in words(found)
    others = effect([*BEFORE, *asked(range(60), APART, version="1.1.0", people=("dora", "ed"))])
    assert (others.compared.same_people, others.compared.people) == (False, ("ana", "ben", "dora", "ed"))
    assert "Others answered before than after" in words(others)


def test_answers_of_the_week_before_are_remembered_and_a_text_that_was_revised_is_another_item():
    soon = asked(range(60), APART, version="1.1.0", at=JANUARY + timedelta(days=7), seconds=30.0)
    found = effect([*BEFORE, *soon])
    assert (found.compared.days, found.compared.soon) == (7.0, 120)
    assert "120 of 120 answers came within 14 days" in words(found)
    assert "60 minutes of people's time, 30 seconds an answer (medians)" in words(found)
    assert "14 days" not in words(effect([*BEFORE, *AFTER]))
    revised = effect([*BEFORE, *AFTER[:80], *asked(range(40, 60), APART, version="1.1.0", revision="new")])
    assert (revised.compared.items, revised.compared.revised) == (40, 20)


def test_what_it_cost_elsewhere_is_told_labels_moves_and_labels_that_nobody_uses():
    worse = asked(range(60), (BB, CC, BB, ("meh", "bug"), CC), version="1.1.0", at=JUNE)
    found = effect([*BEFORE, *worse])
    assert found.worse == ("meh", "bug / meh")
    assert "People agree less elsewhere: meh, bug / meh." in words(found)
    gone = effect([*BEFORE, *asked(range(60), (BB, CC, BB, BB, CC), version="1.1.0", at=JUNE)])
    assert gone.unused == ("meh",)
    assert [(each.before, each.after, len(each.items)) for each in gone.moved] == [("meh", "bug", 12)]
    assert "Nobody used meh in 120 answers under 1.1.0." in words(gone)
    assert "What most people say changed on 12 items: meh -> bug 12 (13, 18, 23, 28, ...)." in words(gone)


def test_an_ordinal_scale_keeps_its_order_where_both_versions_have_it():
    scale = [Label(name, rank=rank) for name, rank in (("low", 1), ("middle", 2), ("high", 3))]
    v1 = LabelSchema(task="mood", version="1.0.0", scale="ordinal", labels=scale)
    clear = [scale[0], Label("middle", "In between.", rank=2), scale[2]]
    v2 = LabelSchema(
        task="mood", version="1.1.0", revises=v1, scale="ordinal", labels=clear, steps=[Redefine("middle", "narrower")]
    )
    said = (("low", "low"), ("low", "middle"), ("high", "middle"), ("high", "high"))
    found = effect([*asked(range(60), said), *asked(range(60), said, version="1.1.0", at=JUNE)], v1, v2)
    assert (found.level, found.overall.before) == ("ordinal", found.overall.after)
    assert found.pair.labels in {("low", "middle"), ("middle", "high")}


def test_where_nothing_can_be_compared_the_error_says_why_and_what_helps():
    with pytest.raises(GoldError, match="first version"):
        effect([*BEFORE, *AFTER], version="1.0.0")
    with pytest.raises(GoldError, match="nobody labelled under an older version"):
        effect(AFTER)
    with pytest.raises(GoldError, match=r"60 items have two answers under 1\.0\.0, 0 under 1\.1\.0"):
        effect(BEFORE)
    one = asked(range(60), tuple((two[0],) for two in APART), version="1.1.0", people=("ana",))
    with pytest.raises(GoldError, match=r"60 were asked on both sides, and one person alone answered"):
        effect([*BEFORE, *one])
    with pytest.raises(UnknownVersionError):
        effect(BEFORE, version="9.0.0")
    with pytest.raises(UnknownLabelError, match="crash"):
        effect([*BEFORE, *AFTER], pair=("bug", "crsh"))
    with pytest.raises(InputError, match="A pair is two labels"):
        effect([*BEFORE, *AFTER], pair=("bug",))
    with pytest.raises(GoldError, match="does not come from"):
        effect([*BEFORE, *AFTER], before="1.1.0")
    several = LabelSchema(task="mood", version="1.0.0", scale="multilabel", labels=[BUG, CRASH])
    next_one = LabelSchema(task="mood", version="1.1.0", revises=several, scale="multilabel", labels=[BUG, CRASH, MEH],
                           steps=[Add("meh")])  # fmt: skip
    with pytest.raises(GoldError, match="multilabel"):
        effect([*BEFORE, *AFTER], several, next_one)


def test_answers_without_times_are_compared_and_a_version_that_changes_no_meaning_says_so():
    shown = LabelSchema(task="mood", version="1.0.1", revises=V1, labels=[Label("bug", name="Bug!"), CRASH, MEH])
    after = asked(range(60), APART, version="1.0.1", at=None)
    found = effect([*asked(range(60), MIXED, at=None, imported=JANUARY), *after], V1, shown, version="1.0.1")
    assert (found.changed, found.verdict) == ((), "better")
    assert "1.0.1 changes no meaning" in words(found)


def test_nobody_mixed_anything_up():
    found = effect([*asked(range(60), (BB, CC, MM)), *AFTER], V1, REDEFINED, pair=())
    assert found.pair.by == "steps"
    v2 = LabelSchema(task="mood", version="1.1.0", revises=V1, labels=[CLEAR[0], CRASH, MEH],
                     steps=[Redefine("bug", "narrower")])  # fmt: skip
    found = effect([*asked(range(60), (BB, CC, MM)), *AFTER], V1, v2)
    assert (found.pair, found.verdict) == (None, "none")
    assert words(found).startswith("Nobody mixed up two labels before 1.1.0")
