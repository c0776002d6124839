"""The feedback that the tests of this folder look at."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest

from retrolabel.interop.word_lists import read_words
from retrolabel.simulation.feedback import simulate_feedback

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.simulation.feedback import Simulated
    from retrolabel.simulation.words import Words

ITEMS = 6_000


@pytest.fixture(scope="session")
def words() -> Words:
    return read_words()


@pytest.fixture(scope="session")
def simulate(words: Words) -> Callable[..., Simulated]:
    return partial(simulate_feedback, words=words, start=date(2026, 1, 1))


@pytest.fixture(scope="session")
def simulated(simulate: Callable[..., Simulated]) -> Simulated:
    return simulate(ITEMS, seed=5)
