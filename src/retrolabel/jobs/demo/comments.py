"""How the simulated users comment on an answer, and how carelessly they type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.jobs.demo import phrases
from retrolabel.jobs.demo.phrases import COMPLAINTS

if TYPE_CHECKING:
    from retrolabel.jobs.demo.dice import Dice, Slots

# What a comment on a bad answer is made of.
_BAD = {
    "telling": 0.64,
    "generic": 0.12,
    "ambiguous": 0.08,
    "terse": 0.05,
    "misattributed": 0.03,
    "unrelated": 0.03,
    "praise": 0.02,
    "foreign": 0.03,
}
# What a comment on a good answer is made of.
_GOOD = {
    "praise": 0.5,
    "neutral": 0.14,
    "terse": 0.08,
    "unrelated": 0.065,
    "quibble": 0.08,
    "complaint": 0.02,
    "generic": 0.035,
    "ambiguous": 0.025,
    "foreign": 0.03,
}
_SHORTEST_WITH_TYPOS = 6
_FAILURES = {"retrieval": 0.42, "generation": 0.4, "formatting": 0.18}


def write_comment(dice: Dice, slots: Slots, mode: str, kind: str) -> str:
    """Return a comment as a user may leave it.

    Args:
        dice: Where chance comes from.
        slots: The words of the item.
        mode: The true answer: ``good`` or one of the failure modes.
        kind: The kind of the failure; the empty string for a good answer.
    """
    if mode == "good":
        form = dice.choose(_GOOD)
        text = _on_good(dice, slots, form)
    else:
        form = dice.choose(_BAD)
        text = _on_bad(dice, slots, form, mode, kind)
    if form in {"telling", "generic", "praise", "neutral", "quibble"} and dice.chance(0.16):
        text += " " + slots.fill(dice.pick(phrases.CONTEXT))
    return text if form == "terse" else _roughen(dice, text, angry=mode != "good")


def _on_good(dice: Dice, slots: Slots, form: str) -> str:
    match form:
        case "praise":
            text = slots.fill(dice.often(phrases.PRAISE))
            return f"{text} {slots.fill(dice.often(phrases.PRAISE))}" if dice.chance(0.12) else text
        case "neutral":
            return slots.fill(dice.often(phrases.NEUTRAL))
        case "terse":
            return dice.often(phrases.TERSE_BAD if dice.chance(0.1) else phrases.TERSE_GOOD)
        case "unrelated":
            return slots.fill(dice.often(phrases.UNRELATED))
        case "generic":
            return slots.fill(dice.often(phrases.GENERIC))
        case "ambiguous":
            return slots.fill(dice.pick(phrases.AMBIGUOUS["generation"]))
        case "foreign":
            return slots.fill(dice.pick(phrases.FOREIGN["good"]))
        case _:
            complaint = _complaint(dice, slots, dice.choose(_FAILURES))
            quibbles = form == "quibble"
            return _join(slots.fill(dice.often(phrases.QUIBBLES)), complaint) if quibbles else complaint


def _on_bad(dice: Dice, slots: Slots, form: str, mode: str, kind: str) -> str:
    match form:
        case "telling":
            return _telling(dice, slots, mode, kind)
        case "generic":
            return slots.fill(dice.often(phrases.GENERIC))
        case "ambiguous":
            return slots.fill(dice.pick(phrases.AMBIGUOUS[mode]))
        case "terse":
            return dice.often(phrases.TERSE_GOOD if dice.chance(0.15) else phrases.TERSE_BAD)
        case "misattributed":
            return _complaint(dice, slots, _another(dice, mode))
        case "unrelated":
            return slots.fill(dice.often(phrases.UNRELATED))
        case "foreign":
            return slots.fill(dice.pick(phrases.FOREIGN[mode]))
        case _:
            return slots.fill(dice.often(phrases.PRAISE if dice.chance(0.5) else phrases.NEUTRAL))


def _telling(dice: Dice, slots: Slots, mode: str, kind: str) -> str:
    """Return a complaint about what failed, alone or among other things."""
    complaint = _complaint(dice, slots, mode, "" if dice.chance(0.1) else kind)
    form = dice.choose({"plain": 0.66, "conceding": 0.1, "after": 0.05, "before": 0.05, "twice": 0.06, "sour": 0.08})
    if form == "conceding":
        return _join(slots.fill(dice.pick(phrases.CONCESSIONS[mode])), complaint)
    if form == "after":
        lesser = _complaint(dice, slots, _another(dice, mode))
        return f"{lesser} {_join(dice.pick(phrases.TURNS), complaint)}"
    if form == "before":
        return f"{complaint} {_join(dice.pick(phrases.ASIDES), _complaint(dice, slots, _another(dice, mode)))}"
    if form == "twice":
        return f"{complaint} {_complaint(dice, slots, mode, kind)}"
    if form == "sour":
        return f"{complaint} {slots.fill(dice.often(phrases.GENERIC))}"
    return complaint


def _complaint(dice: Dice, slots: Slots, mode: str, kind: str = "") -> str:
    kinds = COMPLAINTS[mode]
    return slots.fill(dice.often(kinds[kind or dice.pick(tuple(kinds))]))


def _another(dice: Dice, mode: str) -> str:
    return dice.choose({other: weight for other, weight in _FAILURES.items() if other != mode})


def _join(head: str, tail: str) -> str:
    """Return one sentence of two, with the second in lower case where it is no name."""
    word = tail.split(" ", 1)[0]
    return f"{head} {tail if word == 'I' or word[1:] != word[1:].lower() else tail[:1].lower() + tail[1:]}"


def _roughen(dice: Dice, text: str, *, angry: bool) -> str:
    """Return the text as somebody in a hurry types it."""
    if dice.chance(0.07):
        text = f"{dice.pick(phrases.OPENERS)} {text[:1].lower()}{text[1:]}"
    if angry and dice.chance(0.06):
        text = f"{text} {dice.pick(phrases.CLOSERS)}"
    if dice.chance(0.42):
        text = text.lower() if dice.chance(0.6) else text[:1].lower() + text[1:]
    elif angry and dice.chance(0.03):
        text = text.upper()
    if dice.chance(0.5):
        text = text.rstrip(".")
    if dice.chance(0.2):
        text = text.replace("'", "").replace(",", "")
    if dice.chance(0.16):
        text = _typo(dice, text)
    if dice.chance(0.04):
        text += dice.pick(("!!!", "??", "...", "!"))
    if dice.chance(0.07):
        glad = dice.chance(0.15) is angry
        text = f"{text} {dice.often(phrases.EMOJIS_GOOD if glad else phrases.EMOJIS_BAD)}"
    return text


def _typo(dice: Dice, text: str) -> str:
    """Return the text with one or two slips of the finger."""
    for _ in range(dice.between(1, 2)):
        if len(text) < _SHORTEST_WITH_TYPOS:
            break
        at = dice.between(1, len(text) - 3)
        slip = dice.pick(("drop", "double", "swap", "next"))
        if slip == "drop":
            text = text[:at] + text[at + 1 :]
        elif slip == "double":
            text = text[:at] + text[at] + text[at:]
        elif slip == "swap":
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        else:
            text = text[:at] + dice.pick("esaroti") + text[at + 1 :]
    return text
