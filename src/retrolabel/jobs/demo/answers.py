"""What the simulated users ask, what the assistant answers, and what it cites."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from retrolabel.jobs.demo import wording
from retrolabel.jobs.demo.phrases import COMPLAINTS

if TYPE_CHECKING:
    from retrolabel.jobs.demo.dice import Dice, Scene, Slots

# How often the columns beside the comment show a failure at all.
_SHOWS = 0.74
# How often an answer has a flaw that is not its failure; good answers have them just as often.
_BLEMISH = 0.22
_BLEMISHES = {
    "stale": 3.0,
    "elsewhere": 1.5,
    "none": 5.5,
    "hedge": 2.5,
    "incomplete": 2.0,
    "vague": 1.0,
    "code": 1.0,
    "wall": 1.0,
    "long": 1.5,
    "raw": 0.8,
}
_FORMATTING = frozenset(COMPLAINTS["formatting"])


def write_prompt(dice: Dice, scene: Scene) -> tuple[str, str]:
    """Return a question as a user types it, and its language (``en``, ``de``, ``es``)."""
    language = dice.choose({"en": 0.955, "de": 0.025, "es": 0.02})
    text = scene.asked.fill(dice.pick(wording.PROMPTS[language]))
    if dice.chance(0.22):
        text += " " + scene.asked.fill(dice.pick(wording.PROMPT_CONTEXT))
    if dice.chance(0.35):
        text = text.lower() if dice.chance(0.5) else text[:1].lower() + text[1:]
    if dice.chance(0.3):
        text = text.rstrip("?.")
    return text, language


def write_answer(dice: Dice, scene: Scene, kind: str, language: str) -> tuple[str, str]:
    """Return an answer and its sources.

    Args:
        dice: Where chance comes from.
        scene: What the question is about.
        kind: The kind of failure, or the empty string for a good answer.
        language: The language of the question.
    """
    if kind and not dice.chance(0.92 if kind in {"none", "refuses"} else _SHOWS):
        kind = ""
    flaws = {kind} - {""}
    if kind in COMPLAINTS["generation"] and dice.chance(0.2):
        flaws.add("hedge")
    if dice.chance(_BLEMISH):
        flaws.add(dice.choose(_BLEMISHES))
    sources = _sources(dice, scene, flaws)
    if "language" in flaws or (language != "en" and dice.chance(0.6)):
        tongue = language if language != "en" and "language" not in flaws else dice.pick(("de", "es"))
        text = " ".join(scene.asked.fill(part) for part in wording.FOREIGN_ANSWERS[tongue][: dice.between(3, 6)])
    else:
        text = _content(dice, scene, flaws)
    for flaw in sorted(flaws & _FORMATTING):
        text = _misform(dice, scene, flaw, text)
    return text, sources


def _sources(dice: Dice, scene: Scene, flaws: set[str]) -> str:
    """Return the titles of the cited documents, joined; empty when none is cited."""
    if "none" in flaws and dice.chance(0.85):
        return ""
    titles = []
    for _ in range(dice.pick((1, 1, 2, 2, 2, 3, 4))):
        place = scene.sibling if dice.chance(0.25) else scene.asked
        titles.append(place.fill(dice.pick(wording.SOURCES)))
    if "stale" in flaws:
        titles[0] = scene.old.fill(dice.pick(wording.DATED_SOURCES))
    if "elsewhere" in flaws:
        titles[0] = scene.elsewhere.fill(dice.pick(wording.SOURCES))
        titles = titles[: dice.between(1, 2)]
    return "; ".join(dict.fromkeys(titles))


def _content(dice: Dice, scene: Scene, flaws: set[str]) -> str:
    """Return what the answer says, before any failure of form."""
    if "refuses" in flaws:
        return scene.asked.fill(dice.pick(wording.REFUSALS))
    if "vague" in flaws:
        return " ".join(scene.asked.fill(line) for line in dice.some(wording.VAGUE, dice.between(2, 5)))
    about = scene.asked
    if "stale" in flaws:
        about = scene.old
    elif "elsewhere" in flaws and dice.chance(0.6):
        about = scene.elsewhere
    elif "misread" in flaws:
        about = scene.sibling
    if "incomplete" in flaws:
        return about.fill(dice.pick(wording.OPENINGS)) + " " + about.fill(dice.pick(wording.STEPS))
    parts = _parts(dice, about)
    for flaw in sorted(flaws & wording.TELLS.keys()):
        if dice.chance(0.8):
            parts.insert(dice.between(0, len(parts)), about.fill(dice.pick(wording.TELLS[flaw])))
    if "contradictory" in flaws:
        first, second = dice.pick(wording.CONTRADICTIONS)
        parts.insert(0, about.fill(first))
        parts.append(about.fill(second))
    return "\n\n".join(parts)


def _parts(dice: Dice, about: Slots) -> list[str]:
    """Return the paragraphs of a sound answer."""
    parts = [about.fill(dice.pick(wording.OPENINGS))] if dice.chance(0.8) else []
    steps = [about.fill(step) for step in dice.some(wording.STEPS, dice.between(1, 4))]
    if len(steps) > 1 and dice.chance(0.55):
        parts.append("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))
    else:
        parts.append(" ".join(steps))
    if dice.chance(0.4):
        parts.append(f"```bash\n{about['command']}\n```")
    elif dice.chance(0.12):
        parts.append(about.fill(dice.pick(wording.SNIPPETS)))
    if dice.chance(0.06):
        parts.append(about.fill(wording.TABLE))
    for pool, share in ((wording.DETAILS, 0.65), (wording.CAUTIONS, 0.35), (wording.CLOSINGS, 0.35)):
        if dice.chance(share):
            parts.append(about.fill(dice.pick(pool)))
    return parts


def _misform(dice: Dice, scene: Scene, flaw: str, text: str) -> str:
    """Return the same content in a form that is hard to use."""
    slots = scene.asked
    match flaw:
        case "table":
            return text + "\n\n" + slots.fill(dice.pick(wording.BROKEN_TABLES))
        case "code":
            broken = slots.fill(dice.pick(wording.BROKEN_CODE))
            return text.replace("\n```", "", 1) if "```" in text and dice.chance(0.4) else f"{text}\n{broken}"
        case "wall":
            extra = [slots.fill(line) for pool in (wording.DETAILS, wording.STEPS) for line in dice.some(pool, 5)]
            return " ".join([text.replace("```bash", "").replace("```", ""), *extra]).replace("\n", " ")
        case "truncated":
            return text[: int(len(text) * (0.4 + 0.5 * dice.roll()))]
        case "long":
            extra = [place.fill(line) for place in (slots, scene.sibling) for line in dice.some(wording.DETAILS, 9)]
            return "\n\n".join([*extra, text, *(slots.fill(line) for line in dice.some(wording.CAUTIONS, 4))])
        case "raw":
            return _raw(dice, text)
        case _:
            return text


def _raw(dice: Dice, text: str) -> str:
    """Return the text as the markup or the data that should have been rendered."""
    style = dice.choose({"html": 0.35, "json": 0.25, "escaped": 0.2, "stars": 0.2})
    if style == "html":
        return "<p>" + text.replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
    if style == "json":
        return json.dumps({"type": dice.pick(("answer", "message", "tool_result")), "content": text.split("\n\n")})
    if style == "escaped":
        return text.replace("\n", "\\n").replace("`", "&#96;").replace("<", "&lt;")
    return "**" + text.replace("\n\n", "**\n\n## **").replace(". ", ".** **")
