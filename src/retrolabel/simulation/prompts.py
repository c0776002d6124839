"""What the simulated users ask, and in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.simulation.dice import Dice
    from retrolabel.simulation.scene import Scene
    from retrolabel.simulation.words import Prompts

LANGUAGES: Mapping[str, float] = {"en": 0.955, "de": 0.025, "es": 0.02}
"""Language -> how often users ask in it."""
FOREIGN = ("de", "es")


def write_prompt(dice: Dice, scene: Scene, prompts: Prompts) -> tuple[str, str]:
    """Return a question as a user types it, and its language.

    Args:
        dice: Where chance comes from.
        scene: What the question is about.
        prompts: What users ask.
    """
    language = dice.choose(LANGUAGES)
    text = scene.asked.pick(prompts.questions[language])
    if dice.chance(0.22):
        text += " " + scene.asked.pick(prompts.context)
    if dice.chance(0.35):
        text = text.lower() if dice.chance(0.5) else text[:1].lower() + text[1:]
    if dice.chance(0.3):
        text = text.rstrip("?.")
    return text, language
