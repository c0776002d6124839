"""Terms that say little by themselves."""

from __future__ import annotations

import pytest

from retrolabel.analysis.light_words import is_light, is_ragged, is_scrambled


@pytest.mark.parametrize("term", ["the", "would", "doesn't", "is there", "i am", "nicht", "pas"])
def test_one_or_two_light_words_say_little(term):
    assert is_light(term)


@pytest.mark.parametrize("term", ["crash", "bill", "system", "how do i", "not working", "退款", "привет"])
def test_what_a_labeling_function_may_look_for_is_not_light(term):
    assert not is_light(term)


def test_a_word_beside_a_light_one_is_ragged():
    assert is_ragged("the bill")
    assert is_ragged("pay the")
    assert not is_ragged("pay bill")
    assert not is_ragged("the bill is")


def test_hashes_and_keys_are_scrambled_and_names_with_a_digit_are_not():
    assert is_scrambled("jy7siq9s7dnlzs5w")
    assert is_scrambled("see jy7siq9s7dnlzs5w")
    assert not is_scrambled("utf8")
    assert not is_scrambled("internationalisation")
