"""Which proposals are found again."""

from __future__ import annotations

from retrolabel.gold.same_proposals import Evidence, comes_back, found_again


def evidence(answers, pair=(), words=(), *, decided=False):
    return Evidence(frozenset(answers), tuple(pair), frozenset(words), decided)


def test_a_group_that_grew_keeps_its_proposal_and_another_group_is_new():
    kept = [evidence("abc"), evidence("xyz")]
    assert found_again([evidence("xyzw"), evidence("mno"), evidence("abcdefgh")], kept) == [1, None, 0]


def test_an_open_proposal_takes_one_group_the_one_that_shares_most():
    assert found_again([evidence("ab"), evidence("cde")], [evidence("abcdef")]) == [None, 0]


def test_a_decided_proposal_takes_all_its_parts():
    assert found_again([evidence("ab"), evidence("cde"), evidence("fgh")], [evidence("abcdef", decided=True)]) == [
        0,
        0,
        None,
    ]


def test_new_answers_with_the_same_words_between_the_same_labels_are_the_same_proposal():
    kept = [evidence("abc", ("bug", "slow"), ("page", "loads", "slow"))]
    again, other = (
        evidence("xyz", ("slow", "bug"), ("slow", "loads")),
        evidence("xyz", ("bug", "ask"), ("slow", "loads")),
    )
    assert (found_again([again], kept), found_again([other], kept)) == ([0], [None])


def test_a_decided_proposal_comes_back_when_as_many_items_are_new_and_five_at_least():
    assert [comes_back(range(n), range(8)) for n in (15, 16)] == [False, True]
    assert [comes_back(range(n), range(3)) for n in (7, 8)] == [False, True]
    assert not comes_back(range(3), range(100))
