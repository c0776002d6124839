"""What is left open, as values, frames and words."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.gaps.clusters import find_gap
from retrolabel.analysis.gaps.corpus import Corpus
from retrolabel.analysis.gaps.examples import Items
from retrolabel.analysis.gaps.gaps import Gaps
from retrolabel.analysis.gaps.kinds import KINDS
from tests.unit.analysis.gaps.ground import ground
from tests.unit.analysis.gaps.test_clusters import NAMES

TEXTS = [f"{name} dark mode" for name in NAMES[:20]] + [f"{name} login fails" for name in NAMES[20:40]] + NAMES[40:]
VOTES = [[None, None]] * 20 + [[0, 1]] * 20 + [[0, 0]] * 60
GOLD = [(1,)] * 4 + [()] * 16 + [(0,), (0, 2)] * 5 + [()] * 70
DAYS = np.array([30 * (row % 3) for row in range(100)])


def gaps(kinds=KINDS, *, texts=TEXTS, column="comment", votes=VOTES, gold=GOLD, said=None):
    """Return what is left open of a hundred items of one column."""
    known = ground(votes, gold=gold, said=said)
    order = np.arange(len(texts))
    corpus = Corpus.of([[text] for text in texts], [column])
    items = Items(
        [("web", str(row)) for row in range(len(texts))],
        {"f": (column,), "g": (column,)},
        lambda row, columns: dict.fromkeys(columns, texts[row]),
        lambda _, __: (),
    )
    found = tuple(find_gap(kind, known, corpus, order) for kind in kinds)
    return Gaps("mood", "1.0.0", (column,), found, ground=known, order=order, days=DAYS, items=items)


def test_a_cluster_is_a_row_with_its_terms_its_gold_and_its_months():
    row = gaps(["uncovered"]).clusters.iloc[0]
    assert (row["kind"], row["items"], row["share"], row["told"], row["elsewhere"]) == ("uncovered", 20, 0.2, 20, 0)
    assert "dark" in row["terms"]
    assert (row["gold"], row["first"], row["last"]) == ("b 4", "1970-01", "1970-03")


def test_a_conflicting_cluster_says_who_disagrees_and_what_the_label_set_says():
    found = gaps(["conflicting"], said=[-1] * 20 + [0] * 15 + [-1] * 5 + [0] * 60)
    (cluster,) = found.as_dict()["gaps"][0]["clusters"]
    (pair,) = cluster["pairs"]
    assert (pair["lf"], pair["other"], pair["against"]) == ("f", "g", 20)
    assert pair["votes"] == [{"lf": ["a"], "other": ["b"], "items": 20}]
    assert cluster["label_set"] == [{"label": "a", "items": 15}, {"label": None, "items": 5}]
    assert cluster["gold"] == {"a": 5, "a|c": 5}
    assert found.clusters.iloc[0]["pairs"] == "f / g (20)"


def test_a_guessed_cluster_says_what_its_votes_leave():
    votes = [[{0, 1}, None]] * 20 + [[0, 0]] * 80
    (cluster,) = gaps(["guessed"], votes=votes).as_dict()["gaps"][0]["clusters"]
    assert cluster["left"] == {"a|b": 20}


def test_examples_have_their_terms_marked_and_equal_texts_once():
    texts = ["it is dark mode"] * 5 + [f"{name} dark mode" for name in NAMES[5:20]] + TEXTS[20:]
    found = gaps(["uncovered"], texts=texts)
    (cluster,) = found.found[0].clusters
    shown = found.examples(cluster, most=20)
    assert len({each.texts["comment"] for each in shown}) == len(shown) == 16
    assert max(each.alike for each in shown) == 5
    assert all({span.text for span in each.spans} & {"dark", "mode", "dark mode"} for each in shown)
    assert "<mark>" in found._repr_html_()


def test_the_command_that_writes_one_names_the_label_that_gold_is_sure_of():
    found = gaps()
    uncovered, conflicting = found.found[0].clusters[0], found.found[2].clusters[0]
    words = found.wish(uncovered)
    assert words[:4] == ["retrolabel", "lf", "new", "mood"]
    assert words[words.index("--label") + 1] == "b"
    assert words[words.index("--words") + 1].split(",") == [each.term for each in uncovered.terms]
    assert found.wish(conflicting)[6] == "LABEL"  # a, or a|c


@pytest.mark.parametrize(("right", "of", "label"), [(4, 4, "b"), (3, 3, "LABEL"), (7, 8, "b"), (6, 8, "LABEL")])
def test_a_label_is_named_where_its_share_in_the_cluster_is_surely_more_than_half(right, of, label):
    gold = [(1,)] * right + [(0,)] * (of - right) + [()] * (100 - of)
    found = gaps(["uncovered"], gold=gold)
    assert found.wish(found.found[0].clusters[0])[6] == label


def test_terms_of_a_script_without_spaces_are_a_pattern():
    others = [f"{one}{other}" for one in "甲乙丙丁戊己" for other in "子丑寅卯辰巳"]
    texts = [f"{name} 退款太慢" for name in others[:20]] + TEXTS[20:]
    found = gaps(["uncovered"], texts=texts)
    words = found.wish(found.found[0].clusters[0])
    assert words[words.index("--from") + 1] == "regex"
    assert "退款太慢" in words[words.index("--pattern") + 1]
    assert words[4] == "says_退款太慢"


def test_sentences_say_how_much_is_open_of_what():
    lines = list(gaps().told())
    assert lines[0] == "mood 1.0.0: 100 items, alike by comment"
    assert lines[1] == "uncovered: 20 items, 20.0% (no labeling function votes); 1 cluster"
    assert lines[2] == "guessed: none (votes are for several labels alone, and leave several)"
    assert lines[3] == "conflicting: 20 items, 20.0% (votes leave no label in common); 1 cluster"
    assert repr(gaps()).endswith(".examples(cluster)")


@pytest.mark.parametrize("limit", [0, 1])
def test_plain_data_holds_as_many_clusters_as_are_asked_for(limit):
    plain = gaps(["uncovered"]).as_dict(limit=limit, examples=1)["gaps"][0]
    assert (len(plain["clusters"]), plain["clusters_in_all"]) == (limit, 1)
    assert plain["in_no_cluster"] == {"items": 0, "examples": []}
