"""A scene fills the slots that are named, and looks at four places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrolabel.simulation.dice import Dice
from retrolabel.simulation.scene import DRAWN_SLOTS, TOPIC_SLOTS, Scene, Slots, draw_scene

if TYPE_CHECKING:
    from retrolabel.simulation.words import Words


@pytest.fixture
def scene(words: Words) -> Scene:
    return draw_scene(Dice(np.random.default_rng(3)), words, 2026, "slack")


def test_each_place_fills_exactly_the_slots_that_are_named(scene: Scene) -> None:
    for place in (scene.asked, scene.old, scene.elsewhere, scene.sibling):
        assert place.keys() == TOPIC_SLOTS | DRAWN_SLOTS


def test_the_sibling_is_of_the_same_product_and_elsewhere_of_another(scene: Scene) -> None:
    assert scene.sibling["product"] == scene.asked["product"] != scene.elsewhere["product"]
    assert scene.sibling["task"] != scene.asked["task"]
    assert scene.asked["other"] == scene.elsewhere["product"]


def test_the_old_place_differs_in_version_and_year_alone(scene: Scene) -> None:
    differing = {slot for slot in scene.asked if scene.asked[slot] != scene.old[slot]}
    assert differing == {"version", "year"}
    assert scene.old["version"] == scene.asked["oldversion"]


def test_a_slot_that_neither_words_nor_synonyms_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="nuon"):
        Slots(Dice(np.random.default_rng(0)), {"noun": "cache"}, {}).fill("{nuon} is gone.")
