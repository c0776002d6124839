"""How the simulated users comment on an answer, and how carelessly they type.

No sentence is a key to the label: each turns up, at a lower rate, under another truth as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.simulation.failures import KINDS

if TYPE_CHECKING:
    from retrolabel.simulation.dice import Dice
    from retrolabel.simulation.scene import Slots
    from retrolabel.simulation.words import Words

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
# What a complaint that tells what failed stands with.
_TELLING = {"plain": 0.66, "conceding": 0.1, "after": 0.05, "before": 0.05, "twice": 0.06, "sour": 0.08}
# To what users put a failure down that there is not.
_FAILURES = {"retrieval": 0.42, "generation": 0.4, "formatting": 0.18}
_SHORTEST_WITH_TYPOS = 6


@dataclass(frozen=True, slots=True)
class Commenter:
    """Somebody who comments on answers.

    Attributes:
        dice: Where chance comes from.
        words: What the comments are made of.
    """

    dice: Dice
    words: Words

    def comment(self, slots: Slots, mode: str, kind: str) -> str:
        """Return a comment as a user may leave it.

        Args:
            slots: The words of the item.
            mode: What is true: ``good`` or one of the failures.
            kind: The kind of the failure; the empty string for a good answer.
        """
        if mode == "good":
            form = self.dice.choose(_GOOD)
            text = self._on_good(slots, form)
        else:
            form = self.dice.choose(_BAD)
            text = self._on_bad(slots, form, mode, kind)
        if form in {"telling", "generic", "praise", "neutral", "quibble"} and self.dice.chance(0.16):
            text += " " + slots.pick(self.words.comments.context)
        return text if form == "terse" else self._roughen(text, angry=mode != "good")

    def _on_good(self, slots: Slots, form: str) -> str:
        said = self.words.comments
        match form:
            case "praise":
                text = slots.often(said.praise)
                return f"{text} {slots.often(said.praise)}" if self.dice.chance(0.12) else text
            case "neutral":
                return slots.often(said.neutral)
            case "terse":
                return self.dice.often(said.terse["bad" if self.dice.chance(0.1) else "good"])
            case "unrelated":
                return slots.often(said.unrelated)
            case "generic":
                return slots.often(said.generic)
            case "ambiguous":
                return slots.pick(said.ambiguous_on("generation"))
            case "foreign":
                return slots.pick(said.foreign["good"])
            case _:
                complaint = self._complaint(slots, self.dice.choose(_FAILURES))
                return _join(slots.often(said.quibbles), complaint) if form == "quibble" else complaint

    def _on_bad(self, slots: Slots, form: str, mode: str, kind: str) -> str:
        said = self.words.comments
        match form:
            case "telling":
                return self._telling(slots, mode, kind)
            case "generic":
                return slots.often(said.generic)
            case "ambiguous":
                return slots.pick(said.ambiguous_on(mode))
            case "terse":
                return self.dice.often(said.terse["good" if self.dice.chance(0.15) else "bad"])
            case "misattributed":
                return self._complaint(slots, self._another(mode))
            case "unrelated":
                return slots.often(said.unrelated)
            case "foreign":
                return slots.pick(said.foreign[mode])
            case _:
                return slots.often(said.praise if self.dice.chance(0.5) else said.neutral)

    def _telling(self, slots: Slots, mode: str, kind: str) -> str:
        """Return a complaint about what failed, alone or among other things."""
        said = self.words.comments
        complaint = self._complaint(slots, mode, "" if self.dice.chance(0.1) else kind)
        match self.dice.choose(_TELLING):
            case "conceding":
                return _join(slots.pick(said.concessions[mode]), complaint)
            case "after":
                lesser = self._complaint(slots, self._another(mode))
                return f"{lesser} {_join(self.dice.pick(said.turns), complaint)}"
            case "before":
                aside = self.dice.pick(said.asides)
                return f"{complaint} {_join(aside, self._complaint(slots, self._another(mode)))}"
            case "twice":
                return f"{complaint} {self._complaint(slots, mode, kind)}"
            case "sour":
                return f"{complaint} {slots.often(said.generic)}"
            case _:
                return complaint

    def _complaint(self, slots: Slots, mode: str, kind: str = "") -> str:
        return slots.often(self.words.complaints[mode][kind or self.dice.pick(tuple(KINDS[mode]))])

    def _another(self, mode: str) -> str:
        return self.dice.choose({other: weight for other, weight in _FAILURES.items() if other != mode})

    def _roughen(self, text: str, *, angry: bool) -> str:
        """Return the text as somebody in a hurry types it."""
        dice, said = self.dice, self.words.comments
        if dice.chance(0.07):
            text = f"{dice.pick(said.openers)} {text[:1].lower()}{text[1:]}"
        if angry and dice.chance(0.06):
            text = f"{text} {dice.pick(said.closers)}"
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
            text = f"{text} {dice.often(said.emojis['good' if glad else 'bad'])}"
        return text


def _join(head: str, tail: str) -> str:
    """Return one sentence of two, with the second in lower case where it is no name."""
    word = tail.split(" ", 1)[0]
    return f"{head} {tail if word == 'I' or word[1:] != word[1:].lower() else tail[:1].lower() + tail[1:]}"


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
