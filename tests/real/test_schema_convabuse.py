"""Two releases of one annotation campaign whose columns differ, with a severity of five ordered points.

In both, annotators gave a severity, and were asked for its kind, target and direction only where they called
the turn abusive. The first release (2021-11) keeps kinds as pairs of words (``harass``, ``not_harass``) and has
the id of an assignment, but none of an annotator; the second (2022-08) has a 0/1 column for each answer, and
annotators. So single answers cannot be joined. What can be checked:

- in each release, that what the other columns give away (asked, or not asked) is an interval of the scale that
  the severity of the same row lies in, never a midpoint;
- on the texts that both releases hold, that an interval read from the first is met by a severity of the second;
- that every stored spelling of target and direction of one release is, in the other, the label of the same id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from retrolabel import History, Label, LabelSchema, Rescale
from retrolabel.errors import SchemaError
from retrolabel.schema.changes import changes, deserved_bump

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real]
TEXT = ["prev_agent", "prev_user", "agent", "user"]
EMPTY = "_"
"""How the second release writes a turn that is missing; the first leaves it out."""

ASKED = Label("asked", "The annotator was asked what kind of abuse it is.", rank=-1)
NOT_ASKED = Label("not_asked", "The annotator was not asked.", rank=0)
POINTS = [
    Label("very_strong", "Very strongly abusive.", rank=-3, aliases=["-3"]),
    Label("strong", "Strongly abusive.", rank=-2, aliases=["-2"]),
    Label("mild", "Mildly abusive.", rank=-1, aliases=["-1"]),
    Label("ambiguous", "It might be abusive.", rank=0, aliases=["0"]),
    Label("none", "Not abusive.", rank=1, aliases=["1"]),
]
GATE = LabelSchema(task="severity", version="1.0.0", scale="ordinal", labels=[ASKED, NOT_ASKED])
SCALE = LabelSchema(
    task="severity",
    version="2.0.0",
    revises=GATE,
    scale="ordinal",
    labels=POINTS,
    steps=[Rescale({"asked": ["very_strong", "strong", "mild"], "not_asked": ["ambiguous", "none"]})],
    reason="How bad it is decides who looks at it.",
)
HISTORY = History([GATE, SCALE])
UP, DOWN = HISTORY.relation("1.0.0", "2.0.0"), HISTORY.relation("2.0.0", "1.0.0")


def read(folder: Path, name: str) -> pd.DataFrame:
    frame = pd.read_parquet(folder / f"{name}.parquet")
    frame["severity"] = [SCALE.parse(str(value)).id for value in frame["severity"]]
    frame["text"] = list(zip(*(frame[column].fillna(EMPTY).str.strip() for column in TEXT), strict=True))
    return frame


@pytest.fixture(scope="module")
def folder(real) -> Path:
    """The folder of the data set."""
    return real("convabuse")


@pytest.fixture(scope="module")
def first(folder) -> pd.DataFrame:
    """The first release; an answer whose further columns are filled in was asked."""
    frame = read(folder, "v2021_11_first_release")
    frame["gate"] = ["asked" if given else "not_asked" for given in frame["direction"].notna()]
    return frame


@pytest.fixture(scope="module")
def second(folder) -> pd.DataFrame:
    """The second release, in the same way."""
    frame = read(folder, "annotations")
    given = frame[["direction.explicit", "direction.implicit"]].any(axis=1)
    frame["gate"] = ["asked" if each else "not_asked" for each in given]
    return frame


def outside(frame: pd.DataFrame) -> Counter[tuple[str, str]]:
    """Return (gate, severity) -> rows, where the severity is not in the interval of the gate."""
    pairs = Counter(zip(frame["gate"], frame["severity"], strict=True))
    return Counter({pair: count for pair, count in pairs.items() if pair[1] not in UP.project(pair[0])})


# The scale -------------------------------------------------------------------------------------


def test_schema_an_old_point_is_an_interval_of_the_new_scale_and_its_order_is_kept():
    ranks = {old: sorted(SCALE.label(new).rank for new in UP.project(old)) for old in GATE.ids}
    assert ranks == {"asked": [-3, -2, -1], "not_asked": [0, 1]}
    assert {UP.kind(old) for old in GATE.ids} == {"set"}
    assert {DOWN.kind(point) for point in SCALE.ids} == {"exact"}
    assert deserved_bump(UP, GATE, SCALE) == "major"
    assert {change.change for change in changes(UP, GATE, SCALE) if change.kind != "new"} == {"rescaled"}


def test_schema_a_scale_that_turns_the_order_round_or_leaves_a_hole_is_refused():
    turned = {"asked": ["ambiguous", "none"], "not_asked": ["very_strong", "strong", "mild"]}
    torn = {"asked": ["very_strong", "mild"], "not_asked": ["strong", "ambiguous", "none"]}
    for mapping, told in ((turned, "was above"), (torn, "have a hole")):
        with pytest.raises(SchemaError) as caught:
            LabelSchema(
                task="severity", version="2.0.0", revises=GATE, scale="ordinal", labels=POINTS, steps=[Rescale(mapping)]
            )
        assert any(told in str(problem) for problem in caught.value.problems)


# Each release by itself ------------------------------------------------------------------------


def test_schema_in_the_first_release_every_severity_lies_in_the_interval_that_its_other_columns_leave(first):
    assert len(first) == 12_122
    assert not outside(first)
    assert Counter(first["gate"]) == {"not_asked": 10_206, "asked": 1_916}


def test_schema_in_the_second_release_16_answers_say_what_kind_of_abuse_it_is_and_call_it_none(second):
    # The data contradicts itself there, and nothing is to be mended by a relation. The other 12,752 lie inside.
    assert len(second) == 12_768
    assert outside(second) == {("asked", "ambiguous"): 13, ("asked", "none"): 3}
    assert Counter(second["gate"]) == {"not_asked": 10_723, "asked": 2_045}


def test_schema_read_in_the_older_version_the_severities_below_ambiguous_are_those_that_were_asked(first, second):
    for frame, abuse in ((first, 1_916), (second, 2_029)):
        back = Counter(next(iter(DOWN.project(point))) for point in frame["severity"])
        assert back == {"asked": abuse, "not_asked": len(frame) - abuse}
        assert sum(SCALE.label(point).rank < 0 for point in frame["severity"]) == abuse


# The texts that both hold ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared(first, second) -> dict[tuple[str, ...], tuple[Counter[str], Counter[str]]]:
    """Text -> the severities that it has in each release."""
    said = []
    for frame in (first, second):
        bags = defaultdict(Counter)
        for text, severity in zip(frame["text"], frame["severity"], strict=True):
            bags[text][severity] += 1
        said.append(bags)
    return {text: (said[0][text], said[1][text]) for text in said[0].keys() & said[1].keys()}


def read_as(bag: Counter[str], relation) -> Counter[frozenset[str]]:
    found = Counter()
    for label, count in bag.items():
        found[relation.project(label)] += count
    return found


def test_schema_the_releases_share_texts_but_neither_holds_all_answers_of_the_other(shared, first, second):
    assert (first["text"].nunique(), second["text"].nunique(), len(shared)) == (3_958, 4_052, 3_941)
    more = sum(bool(one - other) for one, other in shared.values())
    fewer = sum(bool(other - one) for one, other in shared.values())
    assert (more, fewer) == (639, 943)


def test_schema_on_all_but_24_shared_texts_an_interval_of_the_first_release_holds_a_severity_of_the_second(shared):
    points = intervals = 0
    for one, other in shared.values():
        points += bool(set(one) - set(other))
        gates = {next(iter(DOWN.project(severity))) for severity in one}
        intervals += any(not UP.project(gate) & set(other) for gate in gates)
    # Each release holds answers that the other lacks. Asked for the very point, 72 of 3,941 texts differ; asked for
    # the interval that the gate of the first leaves, 24.
    assert (points, intervals) == (72, 24)


def test_schema_releases_that_agree_on_the_scale_agree_on_asked_or_not_as_well(shared):
    same = {text for text, (one, other) in shared.items() if one == other}
    coarse = {text for text, (one, other) in shared.items() if read_as(one, DOWN) == read_as(other, DOWN)}
    assert same <= coarse
    assert (len(same), len(coarse)) == (2_439, 2_479)


# The columns whose spelling changed ------------------------------------------------------------

TARGETS, DIRECTIONS = ("generalised", "individual", "system"), ("explicit", "implicit")


def respelt(task: str, ids: tuple[str, ...]) -> History:
    """Return the versions of a column: words first, then the name of the 0/1 column."""
    old = LabelSchema(task=task, version="1.0.0", labels=[Label(each, f"It is {each}.") for each in ids])
    labels = [Label(each, f"It is {each}.", aliases=[f"{task}.{each}"]) for each in ids]
    return History([old, LabelSchema(task=task, version="1.1.0", revises=old, labels=labels)])


@pytest.mark.parametrize(("task", "ids"), [("target", TARGETS), ("direction", DIRECTIONS)])
def test_schema_every_stored_spelling_of_a_column_is_the_same_label_in_both_releases(task, ids, first, second):
    history = respelt(task, ids)
    words = set(first[task].dropna())
    columns = {column for column in second if column.startswith(f"{task}.")}
    assert {history["1.0.0"].parse(word).id for word in words} == set(ids)
    assert {history["1.1.0"].parse(column).id for column in columns} == set(ids)
    assert not any(history["1.0.0"].parse(column) for column in columns)
    assert deserved_bump(history.relation("1.0.0", "1.1.0"), *history) == "minor"
    assert second[sorted(columns)].sum(axis=1).max() == 1  # still one answer a row: 0/1 columns are no second question


def test_schema_one_answer_cannot_become_several_by_a_new_version_of_the_same_task():
    one = respelt("target", TARGETS)["1.0.0"]
    with pytest.raises(SchemaError) as caught:
        LabelSchema(task="target", version="2.0.0", revises=one, scale="multilabel", labels=one.labels)
    assert any("make it a task of its own" in str(problem) for problem in caught.value.problems)
