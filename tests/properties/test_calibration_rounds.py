"""Laws of the calibration set, over whole series of rounds: whoever answers what, and whatever the source loses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from retrolabel.jobs.gold.calibration.parts import AGAIN_AFTER, Honeypot, Past, put_together, shuffled, wanted_anew
from retrolabel.jobs.records.calibration import AGAIN, FIXED, HONEYPOT, ROTATED, AskedItem, CalibrationSet
from tests.laws import law

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = ("ana", "ben", "cleo")
POTS = tuple(Honeypot(("web", f"pot{n}"), "r", frozenset({"ana"} if n % 2 else ())) for n in range(5))


@dataclass
class Series:
    """Rounds, one after the other, as the jobs make them."""

    design: CalibrationSet
    source: list[str]
    asked: dict[int, tuple[AskedItem, ...]] = field(default_factory=dict)
    answered: dict[int, dict[str, frozenset[tuple[str, str]]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    breaks: set[int] = field(default_factory=set)

    def past(self, number: int) -> Past:
        since = max((each for each in self.breaks if each <= number), default=0)
        known = {item.key for items in self.asked.values() for item in items}
        revisions = {key: "r" for key in known if key[1] not in self.gone}
        comparable = frozenset(each for each in self.asked if each >= since)
        return Past(self.design, self.asked, self.answered, revisions, comparable)

    def round(self, number: int):
        past, used = self.past(number), {item.item_id for items in self.asked.values() for item in items}
        left = [item for item in self.source if item not in used | self.gone][: max(0, wanted_anew(past))]
        drawn = [AskedItem(ROTATED, "web", item, "r", None, number, 0.5) for item in left]
        found = put_together(past, number=number, people=PEOPLE, drawn=drawn, honeypots=POTS)
        self.asked[number] = found.items
        return found


designs = st.builds(
    lambda rotated, fixed, again, pots: CalibrationSet(
        "mood", "web", (), fixed + rotated, rotated, again, pots, 7, 0, NOW, "me", id=1
    ),
    st.integers(0, 4),
    st.integers(1, 5),
    st.integers(0, 4),
    st.integers(0, 3),
)


@st.composite
def series(draw):
    """Return a series of some rounds, whose people answer what they like, and whose source loses items meanwhile."""
    made = Series(draw(designs), [f"i{n}" for n in range(draw(st.integers(5, 40)))])
    parts = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        if draw(st.integers(0, 5)) == 0:
            made.breaks.add(number)
        found = made.round(number)
        parts.append(found)
        made.answered[number] = {
            person: frozenset(item.key for item in found.of(person) if draw(st.integers(0, 4))) for person in PEOPLE
        }
        lost = [item.item_id for item in found.items if item.part in (FIXED, ROTATED)]
        if lost and draw(st.integers(0, 3)) == 0:
            made.gone.add(draw(st.sampled_from(lost)))
    return made, parts


def keys(found, part, person="ana"):
    return [item.key for item in found.of(person) if item.part == part]


@given(series())
@law(60, slow=True)
def test_the_fixed_part_is_the_same_for_everybody_and_each_round_but_for_what_is_gone(drawn):
    made, parts = drawn
    for before, after in pairwise(parts):
        kept = set(keys(before, FIXED)) & set(keys(after, FIXED))
        assert set(keys(before, FIXED)) - kept <= {("web", item) for item in made.gone}
        assert set(after.gone) == set(keys(before, FIXED)) - kept
    for found in parts:
        assert {tuple(keys(found, FIXED, person)) for person in PEOPLE} == {tuple(keys(found, FIXED))}
        assert {tuple(keys(found, ROTATED, person)) for person in PEOPLE} == {tuple(keys(found, ROTATED))}


@given(series())
@law(60, slow=True)
def test_nobody_is_asked_an_item_twice_in_a_round_and_parts_have_their_size_or_say_what_they_lack(drawn):
    made, parts = drawn
    design = made.design
    sizes = {FIXED: design.fixed, ROTATED: design.rotated, AGAIN: design.again, HONEYPOT: design.honeypots}
    for found in parts:
        for person in PEOPLE:
            asked = [item.key for item in found.of(person)]
            assert len(asked) == len(set(asked))
        for part, size in sizes.items():
            least = min(len(keys(found, part, person)) for person in PEOPLE)
            assert least == size - found.short.get(part, 0)


@given(series())
@law(60, slow=True)
def test_rotation_repeats_nothing_until_the_source_is_exhausted(drawn):
    made, parts = drawn
    seen: set[tuple[str, str]] = set()
    for found in parts:
        rotated = keys(found, ROTATED)
        again = [key for key in rotated if key in seen]
        assert len(again) == found.recycled
        seen |= set(rotated) | set(keys(found, FIXED))
        if found.recycled:
            assert {key[1] for key in seen} | made.gone >= set(made.source)


@given(series())
@law(60, slow=True)
def test_what_is_asked_again_the_same_person_answered_long_enough_ago_under_the_same_meaning(drawn):
    made, parts = drawn
    for person in PEOPLE:
        before: list[tuple[str, str]] = []
        for number, found in enumerate(parts, 1):
            since = max((each for each in made.breaks if each <= number), default=0)
            for key in keys(found, AGAIN, person):
                assert any(
                    since <= earlier <= number - AGAIN_AFTER
                    and key in made.answered[earlier][person]
                    and key in keys(parts[earlier - 1], ROTATED, person)
                    for earlier in range(1, number)
                )
                assert key not in before  # once more, and not again and again
                before.append(key)


@given(series())
@law(60, slow=True)
def test_honeypots_come_in_turn_and_those_that_a_person_labelled_last(drawn):
    made, parts = drawn
    pots = made.design.honeypots
    for person in PEOPLE:
        times = {pot.key: 0 for pot in POTS}
        for found in parts:
            asked = keys(found, HONEYPOT, person)
            assert len(asked) == pots
            for key in asked:
                times[key] += 1
        assert max(times.values()) - min(times.values()) <= 1
    first = keys(parts[0], HONEYPOT, "ana")
    assert {key[1] for key in first} <= {"pot0", "pot2", "pot4"}


@given(series(), st.text(max_size=5), st.randoms())
@law(40, slow=True)
def test_the_order_of_a_file_is_that_of_its_key_however_its_items_come(drawn, key, random):
    _, parts = drawn
    items = parts[-1].of("ana")
    mixed = random.sample(items, len(items))
    assert shuffled(items, key) == shuffled(mixed, key)
    assert sorted(map(repr, shuffled(items, key))) == sorted(map(repr, items))
