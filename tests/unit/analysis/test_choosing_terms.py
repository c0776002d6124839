"""Which terms are chosen for a label: frequent enough, pure, new, and for one label each."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.choosing_terms import Wish, choose, weigh, without_longer
from retrolabel.analysis.terms import terms_of

FILL = [f"x{a}{b}y" for a in "abcdefghij" for b in "klmnopqrst"]


def material(*groups):
    """Texts of groups (text, label, how many), each with a word of its own, as terms with their mass."""
    texts, labels = [], []
    for text, label, count in groups:
        texts += [[f"{text} {FILL[len(texts) + n]}"] for n in range(count)]
        labels += [label] * count
    mass = np.zeros((len(texts), 1 + max(labels)))
    mass[np.arange(len(texts)), labels] = 1.0
    return terms_of(texts), mass


def chosen(terms, mass, label, wish=None, taken=lambda _: False):
    wish = wish or Wish()
    found = choose(terms, mass, weigh(terms, mass, wish), label, wish, taken)
    return [terms.words[place] for place in found]


def test_a_word_is_chosen_for_the_label_that_it_speaks_for():
    terms, mass = material(("crashes", 0, 20), ("please", 1, 20), ("app", 0, 5), ("app", 1, 5))
    assert chosen(terms, mass, 0) == ["crashes"]
    assert chosen(terms, mass, 1) == ["please"]


def test_a_word_is_for_one_label_at_most():
    terms, mass = material(("crashes", 0, 9), ("crashes", 1, 9), ("so", 2, 40))
    assert chosen(terms, mass, 0) == chosen(terms, mass, 1) == []


def test_the_purity_that_is_asked_for_grows_with_the_share_of_the_label():
    terms, mass = material(("bad", 0, 8), ("bad", 1, 2), ("so", 0, 72), ("so", 1, 18))
    assert chosen(terms, mass, 0) == []
    terms, mass = material(("bad", 0, 8), ("bad", 1, 2), ("so", 0, 12), ("so", 1, 68))
    assert chosen(terms, mass, 0) == ["bad"]


def test_a_rare_word_is_no_evidence_unless_the_label_is_rare():
    terms, mass = material(("rare", 0, 3), ("so", 0, 47), ("on", 1, 50))
    assert chosen(terms, mass, 0, Wish(fewest=3, share=0.05)) == ["so"]
    terms, mass = material(("rare", 0, 4), ("so", 1, 45), ("on", 2, 50))
    assert chosen(terms, mass, 0, Wish(fewest=4, share=0.05)) == ["rare"]
    assert chosen(terms, mass, 0, Wish(fewest=4, share=0.05, of_label=2.0)) == []


def test_what_is_looked_for_already_is_passed_over_and_lets_others_in():
    terms, mass = material(("crashes hard", 0, 12), ("so", 1, 20))
    assert chosen(terms, mass, 0) == ["crashes"]
    assert chosen(terms, mass, 0, taken=lambda term: "crashes" in term) == ["hard"]


def test_a_term_has_to_add_texts_to_those_before_it():
    terms, mass = material(("crashes hard", 0, 10), ("crashes", 0, 10), ("hard", 0, 1), ("so", 1, 30))
    assert chosen(terms, mass, 0) == ["crashes"]


def test_the_texts_that_a_term_adds_are_as_pure_as_all_it_holds():
    terms, mass = material(("crashes often", 0, 12), ("often", 0, 1), ("often", 1, 5), ("so", 1, 30))
    assert chosen(terms, mass, 0) == ["crashes"]


def test_a_number_of_terms_is_enough():
    terms, mass = material(*((word, 0, 6) for word in ("ab", "cd", "ef", "gh")), ("so", 1, 30))
    assert len(chosen(terms, mass, 0)) == 4
    assert len(chosen(terms, mass, 0, Wish(most=2))) == 2


def test_without_evidence_nothing_is_chosen():
    terms, mass = material(("crashes", 0, 20), ("please", 1, 20))
    assert chosen(terms, 0 * mass, 0) == []
    assert chosen(terms, mass[:, :1], 0) == []


def test_weights_count_as_texts_do():
    terms, mass = material(("crashes", 0, 20), ("please", 1, 20))
    assert chosen(terms, mass / 8, 0) == []
    doubled = weigh(terms, np.repeat(mass, 1, axis=0) * 2, Wish()).low
    assert doubled[terms.words.index("crashes"), 0] > weigh(terms, mass, Wish()).low[terms.words.index("crashes"), 0]


@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_order_of_texts_changes_nothing_to_the_bit(order):
    terms, mass = material(("crashes", 0, 20), ("please", 1, 20), ("app crashes", 1, 3))
    other = np.random.default_rng(order).permutation(len(mass))
    texts = [[" ".join(terms.words[place] for place in np.flatnonzero(row))] for row in terms.hits.toarray()]
    again = terms_of([texts[row] for row in other])
    first = terms_of(texts)
    assert first.words == again.words
    assert (weigh(first, mass, Wish()).low == weigh(again, mass[other], Wish()).low).all()


def test_longer_terms_are_left_out_beside_what_they_hold():
    words = ["app crashes", "crashes", "crash", "\u5f88\u6162\u554a", "\u5f88\u6162"]
    assert without_longer(words, [0, 1, 2, 3, 4]) == [1, 2, 4]
    assert without_longer(words, [0, 2, 3]) == [0, 2, 3]
