"""Laws of the relation algebra of schemas: small worlds are enumerated, larger ones drawn."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import chain, combinations, combinations_with_replacement, islice, pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import SchemaError
from retrolabel.schema.changes import deserved_bump
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label, union
from retrolabel.schema.paths import relation_between
from retrolabel.schema.relations import Presence, identity
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema
from tests.laws import law
from tests.properties.test_projection import revisions

LAW = law(70, slow=True)
DIRECTIONS = ("narrower", "wider", "shifted")


# Small worlds: every relation that steps can say between two versions


def subsets(ids, least=1):
    return [frozenset(some) for size in range(least, len(ids) + 1) for some in combinations(sorted(ids), size)]


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(task="law", version=number, labels=labels, revises=revises, steps=steps, **more)


def steps_saying(images, ids):
    """The steps that lead from old ids to images (``None`` is unknown) in a version of these ids."""
    steps = [Remove(old) for old, image in images.items() if image is None]
    steps += [Split(old, into=sorted(image)) for old, image in images.items() if image and len(image) > 1]
    for new in sorted(ids):
        olds = [old for old, image in images.items() if image == {new}]
        if olds not in ([], [new]):
            steps.append(Merge(olds, into=new))
    reached = frozenset().union(*(image for image in images.values() if image))
    return steps + [Add(new) for new in sorted(set(ids) - reached - images.keys())]


def worlds_after(parent, number, names, most=3, *, since=None, **more):
    """Every version of two to ``most`` of these names that revises ``parent``, with the images its steps say.

    A label that stays is among what it may be; one that goes may be any set, or unknown. Where the
    images ``since`` an older version are given, a label of it comes back only where it may be itself.
    """
    for ids in (each for each in subsets(names, 2) if len(each) <= most):
        some = subsets(ids)
        choices = [[each for each in some if old in each] if old in ids else [*some, None] for old in parent.ids]
        for image in product(*choices):
            images = dict(zip(parent.ids, image, strict=True))
            back = composed(since, images) if since else {}
            # One that comes back by Add alone needs restores=, which says more than the steps.
            again = frozenset(ids) & (since or {}).keys() - set(parent.ids)
            reached = frozenset().union(*(each for each in image if each))
            if again <= reached and all(old not in ids or found is None or old in found for old, found in back.items()):
                yield version(number, sorted(ids), parent, steps_saying(images, ids), **more), images


def composed(first, later):
    """The oracle: images after two steps, ``None`` where one of them says that nothing is known."""
    found = {}
    for old, image in first.items():
        ways = [None] if image is None else [later[each] for each in image]
        found[old] = None if None in ways else frozenset().union(*ways)
    return found


def told(relation):
    """What a relation says, in the words of the oracle."""
    assert all(relation.images[old] == relation.target_ids for old in relation.unknown)
    return {old: None if old in relation.unknown else image for old, image in relation.images.items()}


def total(relation, source, target):
    """Whether every label of the source has an image, and only of labels that the target has."""
    return (
        relation.images.keys() == set(source.ids)
        and relation.target_ids == set(target.ids)
        and all(image and image <= relation.target_ids for image in relation.images.values())
        and relation.suspect_positive | relation.suspect_negative | relation.unknown <= set(source.ids)
    )


def pairs(history):
    """Every relation between two versions of a history, with the two."""
    return [(history.relation(a.version, b.version), a, b) for a in history for b in history]


AB = version("1.0.0", "ab")
ABC = version("1.0.0", "abc")


@cache
def one_step():
    """Every step from two or three labels into up to three."""
    return [(parent, *world) for parent in (AB, ABC) for world in worlds_after(parent, "2.0.0", "abcn")]


@cache
def two_steps():
    """Every two steps from two labels into two and two; a label that went may come back."""
    return [
        (History([AB, second, third]), one, other)
        for second, one in worlds_after(AB, "2.0.0", "abn", 2)
        for third, other in worlds_after(second, "3.0.0", "abnp", 2, since=one)
    ]


def test_the_schema_worlds_hold_every_kind_of_image():
    kinds = {
        "unknown" if image is None else "kept" if image == {old} else "one" if len(image) == 1 else "set"
        for _, _, images in one_step()
        for old, image in images.items()
    }
    assert kinds == {"unknown", "kept", "one", "set"}
    assert len(one_step()) > 500
    assert len(two_steps()) > 500


def test_one_step_says_what_it_was_made_to_say():
    for parent, newer, images in one_step():
        assert told(History([parent, newer]).relation("1.0.0", "2.0.0")) == images


def test_every_label_of_a_small_world_has_an_image_or_is_unknown_up_and_down():
    for history in chain(
        (History([parent, newer]) for parent, newer, _ in one_step()), (each[0] for each in two_steps())
    ):
        assert all(total(*each) for each in pairs(history)), history


def test_a_version_of_a_small_world_relates_to_itself_as_the_identity():
    for history, *_ in two_steps():
        for each in history:
            assert history.relation(each.version, each.version) == identity(each)
            assert identity(each).images == {label_id: {label_id} for label_id in each.ids}


def test_an_identity_on_either_side_changes_no_relation_of_a_small_world():
    for history, *_ in two_steps():
        for relation, source, target in pairs(history):
            assert identity(source).then(relation) == relation == relation.then(identity(target))


def test_two_steps_say_what_their_sets_say_one_after_the_other():
    for history, one, other in two_steps():
        assert told(history.relation("1.0.0", "3.0.0")) == composed(one, other)


def test_relations_of_three_steps_are_joined_in_any_grouping():
    for second, _ in worlds_after(AB, "2.0.0", "abn", 2):
        for third, _ in worlds_after(second, "3.0.0", [*second.ids, "p"], 2):
            for fourth, _ in worlds_after(third, "4.0.0", third.ids, 2):
                history = History([AB, second, third, fourth])
                one, two, three = (history.relation(f"{n}.0.0", f"{n + 1}.0.0") for n in (1, 2, 3))
                whole = history.relation("1.0.0", "4.0.0")
                assert one.then(two).then(three) == one.then(two.then(three)) == whole
                assert history.relation("1.0.0", "3.0.0").then(three) == whole
                assert one.then(history.relation("2.0.0", "4.0.0")) == whole


def test_relations_are_joined_in_any_grouping_when_a_label_is_redefined_last():
    for second, _ in worlds_after(AB, "2.0.0", "abn", 2):
        for third, _ in worlds_after(second, "3.0.0", [*second.ids, "p"], 3):
            for redefined in third.ids:
                labels = [Label(each, "Otherwise." if each == redefined else "") for each in third.ids]
                fourth = version("4.0.0", labels, third, [Redefine(redefined, "shifted")])
                history = History([AB, second, third, fourth])
                whole = history.relation("1.0.0", "4.0.0")
                for middle in ("2.0.0", "3.0.0"):
                    assert history.relation("1.0.0", middle).then(history.relation(middle, "4.0.0")) == whole


# Reading


def test_what_was_read_in_between_changes_no_projection():
    for history, *_ in two_steps():
        untouched = History(history.versions)
        for relation, source, target in reversed(pairs(history)):
            assert untouched.relation(source.version, target.version) == relation


def test_projecting_twice_to_one_version_is_projecting_once():
    for history, *_ in two_steps():
        for relation, _, target in pairs(history):
            again = history.relation(target.version, target.version)
            for image in relation.images.values():
                assert frozenset().union(*(again.project(each) for each in image)) == image


# Inverses


def test_a_relation_turned_twice_is_itself_where_every_label_is_reached():
    seen = 0
    for parent, newer, images in one_step():
        relation = History([parent, newer]).relation("1.0.0", "2.0.0")
        twice = relation.inverse().inverse()
        if not relation.unasked:
            seen += 1
            assert twice.images == relation.images, images
        assert all(relation.images[old] <= twice.images[old] for old in images)
    assert seen > 500


def test_what_may_become_a_label_is_what_the_label_may_have_been():
    for parent, newer, images in one_step():
        history = History([parent, newer])
        up, down = history.relation("1.0.0", "2.0.0"), history.relation("2.0.0", "1.0.0")
        reached = frozenset().union(*(image for image in images.values() if image))
        for new in reached:
            assert down.images[new] == {old for old, image in up.images.items() if new in image}


def test_what_no_step_says_anything_of_is_unknown_on_the_way_down():
    for parent, newer, images in one_step():
        down = History([parent, newer]).relation("2.0.0", "1.0.0")
        reached = frozenset().union(*(image for image in images.values() if image))
        assert down.unknown == down.images.keys() - reached, images


def test_up_and_down_again_every_label_of_a_small_world_is_possible():
    for history, *_ in two_steps():
        up, down = history.relation("1.0.0", "3.0.0"), history.relation("3.0.0", "1.0.0")
        assert all(old in image for old, image in up.then(down).images.items())
        assert all(old in down.images[new] for old, image in up.images.items() for new in image)


# Squashing


def test_a_squashed_line_reads_every_label_as_the_sequence_did():
    squashed = 0
    for history, one, other in two_steps():
        try:
            short = history.squash("1.0.0", "3.0.0")
        except SchemaError:
            continue
        squashed += 1
        assert [each.version for each in short] == ["1.0.0", "3.0.0"]
        assert told(short.relation("1.0.0", "3.0.0")) == composed(one, other)
        for relation, source, target in pairs(short):
            assert relation == history.relation(source.version, target.version), (one, other)
    assert squashed > len(two_steps()) / 3


def test_a_line_on_which_every_label_is_reached_and_none_comes_back_can_be_squashed():
    seen = 0
    for second, one in worlds_after(AB, "2.0.0", "abn", 2):
        for third, other in worlds_after(second, "3.0.0", [*second.ids, "p"], 2):
            if None in (*one.values(), *other.values()):
                continue
            if frozenset().union(*one.values()) != set(second.ids) or frozenset().union(*other.values()) != set(
                third.ids
            ):
                continue
            seen += 1
            history = History([AB, second, third])
            assert len(history.squash("1.0.0", "3.0.0")) == 2
    assert seen > 30


# Branches


def branches(number, fresh, most):
    return list(worlds_after(AB, number, ["a", "b", *fresh], most))


def joined(*versions):
    """The merge of two branches of one line, or ``None`` where it is refused."""
    try:
        return History(versions).merge_heads("2.0.0")
    except SchemaError:
        return None


def test_merged_branches_commute_or_are_refused():
    merged = 0
    for left, one in branches("1.1.0", "n", 3):
        for right, other in branches("1.2.0", "pn", 2):
            top = joined(AB, left, right)
            if top is None:
                continue
            merged += 1
            history = History([AB, left, right, top])
            by_left = history.relation("1.0.0", "1.1.0").then(history.relation("1.1.0", "2.0.0"))
            by_right = history.relation("1.0.0", "1.2.0").then(history.relation("1.2.0", "2.0.0"))
            assert by_left == by_right == history.relation("1.0.0", "2.0.0"), (one, other)
            assert all(total(*each) for each in pairs(history))
    assert merged > 50


def test_branches_that_have_nothing_to_do_with_each_other_are_merged():
    seen = 0
    for left, one in branches("1.1.0", "nm", 3):
        for right, other in branches("1.2.0", "p", 3):
            here = {old for old, image in one.items() if image != {old}}
            there = {old for old, image in other.items() if image != {old}}
            led = [image or frozenset() for old, image in chain(one.items(), other.items()) if image != {old}]
            if here & there or (here | there) & frozenset().union(*led):
                continue
            if {"a", "b"} & (frozenset().union(*led)):  # a branch leads to what the other one may lack
                continue
            seen += 1
            assert joined(AB, left, right) is not None, (one, other)
    assert seen > 30


def test_it_does_not_matter_which_of_two_branches_has_the_lower_number():
    for left, one in branches("1.1.0", "n", 3):
        for right, other in branches("1.2.0", "p", 3):
            top = joined(AB, left, right)
            turned = joined(AB, replace(left, version="1.2.0"), replace(right, version="1.1.0"))
            assert (top is None) == (turned is None), (one, other)
            if top is not None:
                assert set(top.labels) == set(turned.labels)


def test_a_diamond_made_by_hand_is_accepted_exactly_where_both_ways_say_the_same():
    accepted = refused = 0
    lefts, rights = branches("1.1.0", "n", 2)[::4], branches("1.2.0", "m", 2)[1::4]
    for (left, one), (right, other) in product(lefts, rights):
        heres, theres = (list(worlds_after(each, "2.0.0", "pq", 2)) for each in (left, right))
        for (_, here), (_, there) in product(heres, theres):
            steps = {"1.1.0": steps_saying(here, "pq"), "1.2.0": steps_saying(there, "pq")}
            if composed(one, here) == composed(other, there):
                accepted += 1
                top = version("2.0.0", "pq", [left, right], steps)
                assert told(History([AB, left, right, top]).relation("1.0.0", "2.0.0")) == composed(one, here)
            else:
                refused += 1
                with pytest.raises(SchemaError) as caught:
                    version("2.0.0", "pq", [left, right], steps)
                assert all("by way of" in problem.what for problem in caught.value.problems)
    assert accepted > 100
    assert refused > 100


# Skips


def restoring(third, ids):
    """The version with every split that may restore labels of the first version doing so."""
    steps = []
    for step in third.steps:
        parts = step.into if isinstance(step, Split) else (step.into,) if isinstance(step, Merge) else ()
        olds = (step.label,) if isinstance(step, Split) else step.labels if isinstance(step, Merge) else ()
        if len(olds) == 1 and set(parts) & set(ids):
            steps.append(Split(olds[0], into=parts, restores="1.0.0"))
        else:
            steps.append(step)
    return replace(third, steps=steps) if tuple(steps) != third.steps else None


def with_skips():
    for first, most, every in ((AB, 3, 1), (ABC, 2, 2)):  # three labels make too many: every second world
        for second, one in islice(worlds_after(first, "2.0.0", [*first.ids, "x"], 2), 0, None, every):
            for third, _ in worlds_after(second, "3.0.0", sorted({*first.ids, *second.ids}), most, since=one):
                skipping = restoring(third, first.ids)
                if skipping is not None:
                    yield History([first, second, skipping]), History([first, second, third])


@cache
def skips():
    """Lines of three versions whose last one restores labels of the first, with the same lines without."""
    return list(with_skips())


def test_the_schema_worlds_hold_skips_that_narrow_and_skips_that_do_not():
    narrowed = sum(skip.relation("1.0.0", "3.0.0") != plain.relation("1.0.0", "3.0.0") for skip, plain in skips())
    assert 100 < narrowed < len(skips())


def test_a_skip_leaves_a_subset_of_what_the_steps_leave_possible():
    for skip, plain in skips():
        for source, target in (("1.0.0", "3.0.0"), ("3.0.0", "1.0.0")):
            relation, steps = skip.relation(source, target), plain.relation(source, target)
            assert total(relation, skip[source], skip[target])
            assert all(image <= steps.images[old] for old, image in relation.images.items())
            assert relation.suspect_positive <= steps.suspect_positive
            assert relation.suspect_negative <= steps.suspect_negative
            assert relation.unknown <= steps.unknown


def test_without_skips_a_relation_is_the_composed_one():
    for skip, plain in skips()[::3]:
        for number, other in (("1.0.0", "2.0.0"), ("2.0.0", "3.0.0"), ("2.0.0", "1.0.0"), ("3.0.0", "2.0.0")):
            assert skip.relation(number, other) == plain.relation(number, other)


def test_what_is_restored_is_exactly_itself_again():
    for skip, _ in skips():
        for label_id in frozenset().union(*(ids for _, ids in skip["3.0.0"].restored())):
            assert skip.relation("1.0.0", "3.0.0").project(label_id) == {label_id}


def test_up_and_down_again_a_label_is_possible_across_a_skip():
    for skip, _ in skips():
        up, down = skip.relation("1.0.0", "3.0.0"), skip.relation("3.0.0", "1.0.0")
        assert all(old in image for old, image in up.then(down).images.items()), (up.images, down.images)


# Scales


def scale(number, ids, revises=None, steps=(), *, ranks=None):
    labels = [Label(each, rank=rank) for each, rank in zip(ids, ranks or range(len(ids)), strict=True)]
    return LabelSchema(task="law", version=number, labels=labels, revises=revises, steps=steps, scale="ordinal")


def is_monotone(images, olds, news):
    """Whether every old point has a run of new points, and higher points have no lower ends."""
    if set(images) != set(olds):
        return False
    runs = [sorted(news.index(each) for each in images[old]) for old in olds]
    whole = all(run == list(range(run[0], run[-1] + 1)) for run in runs)
    return whole and all(one[0] <= other[0] and one[-1] <= other[-1] for one, other in pairwise(runs))


def brought(images, olds, news):
    """Whether steps say where every old point went, and bring every new one."""
    return set(news) <= frozenset().union(*images.values())


@pytest.mark.parametrize(("olds", "news"), [("lh", "123"), ("lmh", "12"), ("lmh", "123")])
def test_a_rescale_is_accepted_exactly_where_it_is_whole_and_monotone(olds, news):
    accepted = 0
    old = scale("1.0.0", olds)
    for choice in product([None, *subsets(news)], repeat=len(olds)):
        images = {point: image for point, image in zip(olds, choice, strict=True) if image is not None}
        if not images or not brought(images, olds, news):
            continue
        step = Rescale({point: sorted(image) for point, image in images.items()})
        try:
            new = scale("2.0.0", news, old, [step])
        except SchemaError:
            assert not is_monotone(images, olds, news), images
        else:
            accepted += 1
            assert is_monotone(images, olds, news), images
            assert told(History([old, new]).relation("1.0.0", "2.0.0")) == images
    assert accepted > 2


def test_ranks_say_what_is_above_and_not_the_order_in_which_points_are_listed():
    old = scale("1.0.0", "lmh")
    for ranks in permutations((-1, 0, 5)):
        listed = sorted("xyz", key=lambda each: ranks["xyz".index(each)])
        for image in permutations("xyz"):
            step = Rescale(dict(zip("lmh", image, strict=True)))
            if list(image) == listed:
                assert scale("2.0.0", "xyz", old, [step], ranks=ranks).ids == ("x", "y", "z")
            else:
                with pytest.raises(SchemaError, match="was above"):
                    scale("2.0.0", "xyz", old, [step], ranks=ranks)


def test_rescales_one_after_the_other_keep_the_order():
    old, runs = scale("1.0.0", "lh"), []
    for one in product(subsets("123"), repeat=2):
        for other in product(subsets("45"), repeat=3):
            try:
                middle = scale("2.0.0", "123", old, [Rescale(dict(zip("lh", map(sorted, one), strict=True)))])
                new = scale("3.0.0", "45", middle, [Rescale(dict(zip("123", map(sorted, other), strict=True)))])
            except SchemaError:
                continue
            relation = History([old, middle, new]).relation("1.0.0", "3.0.0")
            runs.append((sorted(relation.project("l")), sorted(relation.project("h"))))
    assert len(runs) > 20
    assert all(low[0] <= high[0] and low[-1] <= high[-1] for low, high in runs)


# Suspects


def redefinitions(number, parent):
    """Every version in which each label of the parent keeps its meaning or is redefined in a direction."""
    for ways in product([None, *DIRECTIONS], repeat=len(parent.ids)):
        labels = [
            replace(label, definition=f"{way} in {number}") if way else label
            for label, way in zip(parent.labels, ways, strict=True)
        ]
        steps = [Redefine(label, way) for label, way in zip(parent.ids, ways, strict=True) if way]
        yield version(number, labels, parent, steps), dict(zip(parent.ids, ways, strict=True))


def narrowed(ways):
    return {label_id for label_id, way in ways.items() if way in ("narrower", "shifted")}


def widened(ways):
    return {label_id for label_id, way in ways.items() if way in ("wider", "shifted")}


def test_redefinitions_add_up_and_turn_round_on_the_way_down():
    for second, one in redefinitions("2.0.0", AB):
        for third, other in redefinitions("3.0.0", second):
            history = History([AB, second, third])
            up, down = history.relation("1.0.0", "3.0.0"), history.relation("3.0.0", "1.0.0")
            assert up.images == down.images == {"a": {"a"}, "b": {"b"}}
            assert up.suspect_positive == down.suspect_negative == narrowed(one) | narrowed(other)
            assert up.suspect_negative == down.suspect_positive == widened(one) | widened(other)
            assert up.inverse() == down
            assert up.inverse().inverse() == up


def test_a_label_is_suspect_if_one_of_those_that_it_may_be_is_redefined_later():
    for second, images in worlds_after(AB, "2.0.0", "abn", 3):
        if None in images.values():
            continue
        for third, ways in redefinitions("3.0.0", second):
            relation = History([AB, second, third]).relation("1.0.0", "3.0.0")
            assert relation.suspect_positive == {old for old, image in images.items() if image & narrowed(ways)}
            assert relation.suspect_negative == {old for old, image in images.items() if image & widened(ways)}


def test_a_squashed_line_keeps_what_is_suspect():
    for second, _ in redefinitions("2.0.0", AB):
        for third, _ in redefinitions("3.0.0", second):
            history = History([AB, second, third])
            short = history.squash("1.0.0", "3.0.0")
            assert short.relation("1.0.0", "3.0.0") == history.relation("1.0.0", "3.0.0")
            assert short.relation("3.0.0", "1.0.0") == history.relation("3.0.0", "1.0.0")


def test_branches_that_redefined_different_labels_are_merged_and_both_are_suspect():
    for left, one in redefinitions("1.1.0", AB):
        for right, other in redefinitions("1.2.0", AB):
            top = joined(AB, left, right)
            clash = any(one[each] and other[each] for each in "ab")
            assert (top is None) == clash, (one, other)
            if top is not None:
                relation = History([AB, left, right, top]).relation("1.0.0", "2.0.0")
                assert relation.suspect_positive == narrowed(one) | narrowed(other)
                assert relation.suspect_negative == widened(one) | widened(other)


# Several labels an item


def held_after(images, held, ids):
    """The oracle: every set of new labels that an item with these old ones may have.

    A label that leads to others holds if and only if one of them does; one that no step leads to, or
    that was dropped, is free.
    """
    known = {old: image for old, image in images.items() if image is not None}
    asked = frozenset().union(*known.values())
    possible = frozenset().union(*(image for old, image in known.items() if old in held))
    for now in subsets(ids, 0):
        if now & asked <= possible and all(image & now for old, image in known.items() if old in held):
            yield now


def unsound(presence, truths):
    """The sets of labels that an item may have and that a presence rules out."""
    return [
        now
        for now in truths
        if not presence.present <= now or presence.absent & now or not all(group & now for group in presence.groups)
    ]


def sides(presence, ids):
    """Whether present, absent and unknown share the labels out, and groups are of unknown ones."""
    parts = [presence.present, presence.absent, presence.unknown]
    return (
        sum(map(len, parts)) == len(ids)
        and frozenset().union(*parts) == set(ids)
        and not any(group & presence.present for group in presence.groups)
    )


MOODS = version("1.0.0", "ab", scale="multilabel")
MORE_MOODS = version("1.0.0", "abc", scale="multilabel")


@cache
def mood_steps():
    """Every step from two or three labels into up to three, where an item may have several."""
    return [
        (parent, *world)
        for parent in (MOODS, MORE_MOODS)
        for world in worlds_after(parent, "2.0.0", "abcn", scale="multilabel")
    ]


def test_a_multilabel_projection_rules_out_nothing_that_may_be():
    for parent, newer, images in mood_steps():
        relation = History([parent, newer]).relation("1.0.0", "2.0.0")
        for held in subsets(parent.ids, 0):
            presence = relation.project_presence(held)
            assert sides(presence, newer.ids)
            assert not unsound(presence, held_after(images, held, newer.ids)), (images, held, presence)


def test_a_multilabel_projection_tells_every_label_that_must_or_cannot_hold():
    for parent, newer, images in mood_steps():
        relation = History([parent, newer]).relation("1.0.0", "2.0.0")
        for held in subsets([old for old, image in images.items() if image is not None], 0):
            presence = relation.project_presence(held)
            truths = list(held_after(images, held, newer.ids))
            assert presence.present == frozenset(newer.ids).intersection(*truths), (images, held, presence)
            assert presence.absent == frozenset(newer.ids) - frozenset().union(*truths), (images, held, presence)


def test_of_the_parts_of_a_label_that_holds_at_least_one_holds():
    for parent, newer, images in mood_steps():
        relation = History([parent, newer]).relation("1.0.0", "2.0.0")
        for held in subsets(parent.ids, 0):
            presence = relation.project_presence(held)
            parts = {image for old, image in images.items() if old in held and image and len(image) > 1}
            assert presence.groups == {each for each in parts if not each & presence.present}, (images, held)


def test_a_multilabel_projection_down_rules_out_nothing_that_may_have_been():
    for parent, newer, images in mood_steps():
        down = History([parent, newer]).relation("2.0.0", "1.0.0")
        was = {held: list(held_after(images, held, newer.ids)) for held in subsets(parent.ids, 0)}
        for now in subsets(newer.ids, 0):
            presence = down.project_presence(now)
            assert not unsound(presence, [held for held, truths in was.items() if now in truths]), (images, now)


def test_a_multilabel_projection_over_two_steps_rules_out_nothing_that_may_be():
    for second, one in worlds_after(MOODS, "2.0.0", "abn", 2, scale="multilabel"):
        for third, other in worlds_after(second, "3.0.0", [*second.ids, "p"], 2, scale="multilabel"):
            relation = History([MOODS, second, third]).relation("1.0.0", "3.0.0")
            for held in subsets("ab", 0):
                truths = {
                    now
                    for between in held_after(one, held, second.ids)
                    for now in held_after(other, between, third.ids)
                }
                presence = relation.project_presence(held)
                assert not unsound(presence, truths), (one, other, held, presence)


def test_a_multilabel_projection_down_over_two_steps_rules_out_nothing_that_may_have_been():
    for second, one in worlds_after(MOODS, "2.0.0", "abn", 2, scale="multilabel"):
        for third, other in worlds_after(second, "3.0.0", [*second.ids, "p"], 2, scale="multilabel"):
            down = History([MOODS, second, third]).relation("3.0.0", "1.0.0")
            was = {
                held: {
                    now
                    for between in held_after(one, held, second.ids)
                    for now in held_after(other, between, third.ids)
                }
                for held in subsets("ab", 0)
            }
            for now in subsets(third.ids, 0):
                presence = down.project_presence(now)
                assert not unsound(presence, [held for held, truths in was.items() if now in truths]), (one, other, now)


def test_a_multilabel_projection_over_merged_branches_rules_out_nothing_that_a_branch_leaves_possible():
    seen = 0
    labels, steps = [Label("a"), Label("p")], [Merge(["b"], into="p")]
    right = LabelSchema(task="law", version="1.3.0", revises=MOODS, labels=labels, steps=steps, scale="multilabel")
    for left, one in worlds_after(MOODS, "1.1.0", "abn", 3, scale="multilabel"):
        for lefter, other in worlds_after(left, "1.2.0", [*left.ids, "m"], 2, scale="multilabel"):
            top = joined(MOODS, left, lefter, right)
            if top is None:
                continue
            seen += 1
            whole = History([MOODS, left, lefter, right, top]).relation("1.0.0", "2.0.0")
            renamed = {each: frozenset({"p" if each == "b" else each}) for each in lefter.ids}
            for held in subsets("ab", 0):
                truths = {
                    frozenset().union(*(renamed[each] for each in now))
                    for between in held_after(one, held, left.ids)
                    for now in held_after(other, between, lefter.ids)
                }
                presence = whole.project_presence(held)
                assert not unsound(presence, truths), (one, other, held, presence)
    assert seen > 5


def merges(ids):
    """Every way to merge some of these labels into at least two groups."""
    for groups in product(range(len(ids)), repeat=len(ids)):
        if len(set(groups)) > 1 and all(group <= place for place, group in enumerate(groups)):
            yield {old: frozenset({f"g{group}"}) for old, group in zip(ids, groups, strict=True)}


def test_on_merges_a_multilabel_projection_commutes_with_union():
    first = version("1.0.0", "abcd", scale="multilabel")
    for images in merges(first.ids):
        ids = sorted(frozenset().union(*images.values()))
        second = version("2.0.0", ids, first, steps_saying(images, ids), scale="multilabel")
        relation = History([first, second]).relation("1.0.0", "2.0.0")
        found = {held: relation.project_presence(held) for held in subsets(first.ids, 0)}
        assert all(each.exact for each in found.values())
        for one, other in combinations_with_replacement(found, 2):
            left, right = found[one], found[other]
            assert found[one | other] == Presence(left.present | right.present, left.absent & right.absent, frozenset())


# Numbers


def test_a_step_deserves_a_major_exactly_where_a_stored_label_is_no_longer_just_itself():
    for parent, newer, images in one_step():
        relation = History([parent, newer]).relation("1.0.0", "2.0.0")
        least = "minor" if set(newer.ids) != set(parent.ids) else "none"
        moved = any(image != {old} for old, image in images.items())
        assert deserved_bump(relation, parent, newer) == ("major" if moved else least), images


# Larger worlds: lines with skips, and branches that part and merge, drawn


def gentle_version(draw, parent, number):
    """A version in which one label of the parent changes, so that branches have a chance to agree."""
    label, kept = draw(st.sampled_from(parent.labels)), list(parent.labels)
    kept.remove(label)
    one, two = Label(f"v{number}_1"), Label(f"v{number}_2")
    other = replace(label, definition=f"Otherwise in {number}.")
    way = draw(st.sampled_from(DIRECTIONS))
    labels, step = draw(
        st.sampled_from(
            [
                ([one, two], Split(label, into=[one, two])),
                ([label, one], Split(label, into=[label, one])),
                ([label, one], Add(one, carved_from=label)),
                ([label, one], Add(one)),
                ([one], Merge([label], into=one)),
                ([one, two], Remove(label, maps_to=[one])),
                ([other], Redefine(label, way)),
            ]
        )
    )
    steps = [step, *(Add(each) for each in labels if isinstance(step, Remove))]
    return LabelSchema(task="random", version=f"{number}.0.0", revises=parent, labels=[*kept, *labels], steps=steps)


def smaller_version(draw, parent, number):
    """A version in which two labels of the parent are one, or one is gone, or ``None``."""
    if len(parent.labels) < 4:
        return None
    one, two, *kept = draw(st.permutations(parent.labels))
    new = Label(f"v{number}_1")
    labels, step = draw(
        st.sampled_from(
            [
                ([*kept, new], Merge([one, two], into=new)),
                ([*kept, two], Merge([one, two], into=two)),
                ([*kept, two], Remove(one)),
                ([*kept, two], Remove(one, maps_to=[two, kept[0]])),
            ]
        )
    )
    return LabelSchema(task="random", version=f"{number}.0.0", revises=parent, labels=labels, steps=[step])


def restored_version(draw, parent, number):
    """A version in which a label is split again into what an older version had, or ``None`` where nothing was lost."""
    lost = [
        (older, whole, parts)
        for older in parent.lineage()
        for whole in parent.labels
        if (parts := [label for label in older.labels if led(older, parent, label) == {whole.id}])
        and parent.version != older.version
        and not set(parts) & set(parent.labels)
    ]
    if not lost:
        return None
    older, whole, parts = draw(st.sampled_from(lost))
    parts = [*parts, *[Label(f"v{number}_new")] * draw(st.integers(0, 1))]
    kept = [label for label in parent.labels if label != whole]
    step = Split(whole, into=parts, restores=older.version)
    try:
        return LabelSchema(task="random", version=f"{number}.0.0", revises=parent, labels=[*kept, *parts], steps=[step])
    except SchemaError:
        return None


def led(older, parent, label):
    return relation_between(older, parent).project(label)


@st.composite
def graphs(draw, *, most=8, skips=True, branches=True):
    """A history that may fork, merge its heads and restore what was there before."""
    versions = [LabelSchema(task="random", version="1.0.0", labels=[Label(f"v1_{n}") for n in range(4)])]
    for number in range(2, draw(st.integers(3, most)) + 1):
        history, made = History(versions), None
        kinds = ["any", "one", "fewer", "restore", *["fork" if len(history.heads) == 1 else "merge"] * 4]
        kind = draw(st.sampled_from(kinds))
        parent = draw(st.sampled_from(history.heads))
        if kind == "merge":
            try:
                made = history.merge_heads(f"{number}.0.0")
            except SchemaError:
                made = None
        elif kind == "restore" and skips:
            made = restored_version(draw, parent, number)
        elif kind == "fork" and branches:
            made = gentle_version(draw, draw(st.sampled_from(history.versions)), number)
        elif kind == "any":
            made = draw(revisions(parent, number))
        elif kind == "fewer":
            made = smaller_version(draw, parent, number)
        versions.append(made or gentle_version(draw, parent, number))
    return History(versions)


def test_the_random_schema_graphs_hold_skips_branches_and_merges():
    seen = set()

    @LAW
    @given(graphs())
    def look(history):
        seen.add(f"{len(history.heads)} heads")
        seen.update("merge" for each in history if len(each.parents) > 1)
        seen.update("skip" for each in history for _ in each.restored())

    look()
    assert seen == {"1 heads", "2 heads", "merge", "skip"}


@LAW
@given(graphs())
def test_every_two_versions_of_a_schema_graph_have_a_total_relation(history):
    assert all(total(*each) for each in pairs(history))


@LAW
@given(graphs(skips=False))
def test_without_skips_every_version_on_the_way_up_is_a_sum_of_the_way(history):
    for end in history:
        for middle in end.lineage():
            for start in middle.lineage():
                parts = history.relation(start.version, middle.version).then(
                    history.relation(middle.version, end.version)
                )
                assert parts == history.relation(start.version, end.version)


@LAW
@given(graphs())
def test_skips_and_merges_only_narrow_what_a_way_up_says(history):
    for end in history:
        for middle in end.lineage():
            for start in middle.lineage():
                parts = history.relation(start.version, middle.version).then(
                    history.relation(middle.version, end.version)
                )
                whole = history.relation(start.version, end.version)
                assert all(image <= parts.images[old] for old, image in whole.images.items())


@LAW
@given(graphs(skips=False))
def test_up_and_down_a_schema_graph_a_label_is_still_possible(history):
    for end in history:
        for start in end.lineage():
            up, down = history.relation(start.version, end.version), history.relation(end.version, start.version)
            assert all(old in down.images[new] for old, image in up.images.items() for new in image)


@LAW
@given(graphs(branches=False), st.data())
def test_a_random_stretch_of_schema_versions_is_squashed_without_a_trace_or_not_at_all(history, data):
    since, until = sorted(data.draw(st.sets(st.integers(0, len(history) - 1), min_size=2, max_size=2)))
    try:
        short = history.squash(history.versions[since].version, history.versions[until].version)
    except SchemaError:
        return
    assert len(short) == len(history) - (until - since - 1)
    for relation, source, target in pairs(short):
        assert relation == history.relation(source.version, target.version)


@LAW
@given(graphs(most=6))
def test_a_vote_of_any_version_is_read_in_every_version_of_a_schema_graph(history):
    for source in history:
        for target in history:
            for label in source.labels:
                resolved = history.resolve(union(label), target.version)
                assert resolved.ids
                assert resolved.ids <= set(target.ids)
                if label in target.labels:
                    assert label.id in resolved.ids
