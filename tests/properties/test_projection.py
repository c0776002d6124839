"""Laws of the relations between versions, on random histories."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement, pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from retrolabel.schema.history import History
from retrolabel.schema.labels import Label, union
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Split
from retrolabel.schema.versions import LabelSchema
from tests.laws import law

LAW = law(150, slow=True)
KINDS = ("keep", "split", "split_in_place", "merge", "remove", "map", "redefine")
DIRECTIONS = st.sampled_from(["narrower", "wider", "shifted"])


class Revision:
    """A version in the making: what becomes of the labels of the one before."""

    def __init__(self, parent, number):
        self.parent, self.number = parent, number
        self.labels, self.steps, self.fresh = [], [], 0

    def new(self):
        """A label with an id that no version before has."""
        self.fresh += 1
        label = Label(f"v{self.number}_{self.fresh}")
        self.labels.append(label)
        return label

    def finished(self):
        """The version, filled up to the two labels that a question needs."""
        while len(self.labels) < 2:
            self.steps.append(Add(self.new()))
        return LabelSchema(
            task="random", version=f"{self.number}.0.0", revises=self.parent, labels=self.labels, steps=self.steps
        )


@st.composite
def revisions(draw, parent, number):  # noqa: C901 - one branch a kind of step
    """A version that changes its parent by any steps that make sense together."""
    revision = Revision(parent, number)
    waiting = list(draw(st.permutations(parent.labels)))
    kept, leaving = [], []
    while waiting:
        label, kind = waiting.pop(), draw(st.sampled_from(KINDS))
        if kind == "split":
            revision.steps.append(Split(label, into=[revision.new() for _ in range(draw(st.integers(1, 3)))]))
        elif kind == "split_in_place":
            revision.labels.append(label)
            revision.steps.append(Split(label, into=[label, revision.new()]))
        elif kind == "merge":
            merged = [label, *(waiting.pop() for _ in range(min(len(waiting), draw(st.integers(0, 2)))))]
            revision.steps.append(Merge(merged, into=revision.new()))
        elif kind == "remove":
            revision.steps.append(Remove(label))
        elif kind == "map":
            leaving.append(label)
        elif kind == "redefine":
            direction = draw(DIRECTIONS)
            revision.labels.append(replace(label, definition=f"{direction} in {number}"))
            revision.steps.append(Redefine(label, direction))
        else:
            kept.append(label)
    revision.labels += kept
    for label in kept:
        if draw(st.integers(0, 3)) == 0:
            revision.steps.append(Add(revision.new(), carved_from=label))
    for _ in range(draw(st.integers(0, 2))):
        revision.steps.append(Add(revision.new()))
    for label in leaving:
        heirs = draw(st.sets(st.sampled_from([each.id for each in revision.labels]))) if revision.labels else ()
        revision.steps.append(Remove(label, maps_to=sorted(heirs)))
    return revision.finished()


@st.composite
def histories(draw):
    """A line of two to five versions, from two to five labels on."""
    labels = [Label(f"v1_{place}") for place in range(draw(st.integers(2, 5)))]
    versions = [LabelSchema(task="random", version="1.0.0", labels=labels)]
    for number in range(2, draw(st.integers(2, 5)) + 1):
        versions.append(draw(revisions(versions[-1], number)))
    return History(draw(st.permutations(versions)))


def numbers(history):
    return [version.version for version in history]


def relations(history):
    """Every relation between two versions, up, down and of one with itself."""
    return [history.relation(source, target) for source in numbers(history) for target in numbers(history)]


def test_the_random_histories_hold_every_step_and_length():
    seen, lengths = set(), set()

    @LAW
    @given(histories())
    def look(history):
        lengths.add(len(history))
        for version in history:
            for step in version.steps:
                detail = bool(getattr(step, "carved_from", ()) or getattr(step, "maps_to", ()))
                seen.add((type(step).__name__, detail))

    look()
    assert lengths == {2, 3, 4, 5}
    assert seen == {
        ("Add", False),
        ("Add", True),
        ("Merge", False),
        ("Redefine", False),
        ("Remove", False),
        ("Remove", True),
        ("Split", False),
    }


@LAW
@given(histories())
def test_every_label_has_an_image_of_labels_that_are_there(history):
    for relation in relations(history):
        assert relation.images.keys() == set(history[relation.source].ids)
        assert relation.target_ids == set(history[relation.target].ids)
        for image in relation.images.values():
            assert image
            assert image <= relation.target_ids


@LAW
@given(histories())
def test_a_version_relates_to_itself_as_the_identity(history):
    for number in numbers(history):
        relation = history.relation(number, number)
        assert relation.images == {label_id: {label_id} for label_id in history[number].ids}
        assert relation.suspect_positive == relation.suspect_negative == frozenset()


@LAW
@given(histories())
def test_a_way_up_or_down_is_the_sum_of_its_parts(history):
    for low, middle, high in combinations_with_replacement(numbers(history), 3):
        for start, end in ((low, high), (high, low)):
            parts = history.relation(start, middle).then(history.relation(middle, end))
            assert parts == history.relation(start, end)


@LAW
@given(histories(), st.data())
def test_ways_are_joined_in_any_grouping(history, data):
    one, two, three, four = (data.draw(st.sampled_from(numbers(history))) for _ in range(4))
    a, b, c = history.relation(one, two), history.relation(two, three), history.relation(three, four)
    assert a.then(b).then(c) == a.then(b.then(c))


@LAW
@given(histories())
def test_a_relation_turned_twice_holds_what_it_held(history):
    for relation in relations(history):
        once = relation.inverse()
        twice = once.inverse()
        known = {label_id for label_id, image in relation.images.items() if not image <= once.unknown}
        assert (twice.source, twice.target) == (relation.source, relation.target)
        assert twice.suspect_positive | twice.unknown >= relation.suspect_positive & known
        assert twice.suspect_negative | twice.unknown >= relation.suspect_negative & known
        for label_id, image in relation.images.items():
            assert twice.images[label_id] >= image


@LAW
@given(histories())
def test_a_relation_turned_once_holds_the_same_pairs_and_unknowns_where_none_led(history):
    for relation in relations(history):
        inverse = relation.inverse()
        for new in relation.target_ids:
            led = {old for old, image in relation.images.items() if new in image}
            named = led and new not in relation.unasked
            assert inverse.images[new] == (led if named else set(relation.images))
            assert named or new in inverse.unknown


@LAW
@given(histories())
def test_up_and_down_again_a_label_is_still_possible(history):
    for low, high in combinations_with_replacement(numbers(history), 2):
        back = history.relation(low, high).then(history.relation(high, low))
        assert all(label_id in image for label_id, image in back.images.items())


@LAW
@given(histories())
def test_down_and_up_again_a_label_is_still_possible_if_it_came_from_another(history):
    for low, high in combinations_with_replacement(numbers(history), 2):
        up = history.relation(low, high)
        back = up.inverse().then(up)
        for label_id in frozenset().union(*up.images.values()):
            assert label_id in back.images[label_id]


@LAW
@given(histories())
def test_the_kind_of_a_label_is_told_by_its_image(history):
    for relation in relations(history):
        for label_id, image in relation.images.items():
            expected = "exact" if len(image) == 1 else "unknown" if image == relation.target_ids else "set"
            assert relation.kind(label_id) == expected


@LAW
@given(histories())
def test_merged_labels_may_together_be_what_each_of_them_may_be(history):
    for version in history:
        for step in version.steps:
            if not isinstance(step, Merge):
                continue
            before = version.revises.version
            for target in numbers(history):
                if history[target].order < version.order:
                    continue
                relation, merged = history.relation(before, target), history.relation(version.version, target)
                together = frozenset().union(*(relation.project(label) for label in step.labels))
                assert together == merged.project(step.into)


@LAW
@given(histories(), st.data())
def test_a_union_resolves_to_the_union_of_what_its_labels_are_in_its_home(history, data):
    version = history[data.draw(st.sampled_from(numbers(history)))]
    labels = data.draw(st.lists(st.sampled_from(version.labels), min_size=1, unique=True))
    target = data.draw(st.sampled_from(numbers(history)))
    resolved = history.resolve(union(labels), target)
    relation = history.relation(resolved.home, target)
    if len(labels) == len(history[resolved.home].labels):  # all labels of its home: it said nothing there
        assert (resolved.ids, resolved.kind) == (relation.target_ids, "unknown")
    else:
        assert resolved.ids == frozenset().union(*(relation.project(label) for label in labels))
    held = set(labels) <= set(history[target].answers)
    assert resolved.home == target if held else history[resolved.home].order >= version.order


@LAW
@given(histories(), st.data())
def test_a_vote_and_its_negation_leave_every_label_possible_that_their_home_leads_to(history, data):
    version = history[data.draw(st.sampled_from(numbers(history)))]
    labels = data.draw(st.lists(st.sampled_from(version.labels), min_size=1, max_size=len(version.labels) - 1))
    target = data.draw(st.sampled_from(numbers(history)))
    home = history.home(labels)
    assume(set(labels) != set(home.labels))
    vote = union(labels)
    plain, negated = history.resolve(vote, target), history.resolve(~vote, target)
    held = set(labels) <= set(history[target].answers)  # the version asked for reads it itself
    assert plain.home == negated.home == (target if held else home.version)
    relation = history.relation(plain.home, target)
    assume(set(labels) != set(history[plain.home].labels))
    assert plain.ids | negated.ids == frozenset().union(*relation.images.values())


@LAW
@given(histories())
def test_a_label_that_never_changed_stays_exactly_itself_unless_a_step_moves_it(history):
    versions = list(history)
    for older, newer in pairwise(versions):
        touched = {label_id for step in newer.steps for label_id in (*step.images(), *step.redefines())}
        relation = history.relation(older.version, newer.version)
        for label in older.labels:
            if label.id not in touched:
                assert relation.project(label) == {label.id}
                assert not relation.suspect(label)
                assert not relation.suspect(label, positive=False)
