"""What the simulated assistant answers, and what it cites."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.simulation.failures import KINDS, TELLTALE
from retrolabel.simulation.prompts import FOREIGN

if TYPE_CHECKING:
    from retrolabel.simulation.dice import Dice
    from retrolabel.simulation.scene import Scene, Slots
    from retrolabel.simulation.words import Words

# How often the columns beside the comment show a failure at all.
_SHOWS = 0.74
# Two kinds that can hardly fail to show: nothing is cited, nothing is answered.
_SHOWS_MOST = 0.92
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
_FORMATTING = frozenset(KINDS["formatting"])


@dataclass(frozen=True, slots=True)
class Assistant:
    """An assistant that answers out of documents, well or badly.

    Attributes:
        dice: Where chance comes from.
        words: What its texts are made of.
    """

    dice: Dice
    words: Words

    def answer(self, scene: Scene, kind: str, language: str) -> tuple[str, str]:
        """Return an answer and its sources.

        Args:
            scene: What the question is about.
            kind: The kind of failure, or the empty string for a good answer.
            language: The language of the question.
        """
        flaws = self._flaws(kind)
        sources = self._sources(scene, flaws)
        if "language" in flaws or (language != "en" and self.dice.chance(0.6)):
            tongue = language if language != "en" and "language" not in flaws else self.dice.pick(FOREIGN)
            sentences = self.words.answers.foreign[tongue][: self.dice.between(3, 6)]
            text = " ".join(scene.asked.fill(sentence) for sentence in sentences)
        else:
            text = self._content(scene, flaws)
        for flaw in sorted(flaws & _FORMATTING):
            text = self._misform(scene, flaw, text)
        return text, sources

    def _flaws(self, kind: str) -> set[str]:
        """Return what the answer and its sources show: often its failure, and now and then another flaw."""
        if kind and not self.dice.chance(_SHOWS_MOST if kind in {"none", "refuses"} else _SHOWS):
            kind = ""
        flaws = {kind} - {""}
        if kind in KINDS["generation"] and self.dice.chance(0.2):
            flaws.add("hedge")
        if self.dice.chance(_BLEMISH):
            flaws.add(self.dice.choose(_BLEMISHES))
        return flaws

    def _sources(self, scene: Scene, flaws: set[str]) -> str:
        """Return the titles of the cited documents, joined; empty when none is cited."""
        if "none" in flaws and self.dice.chance(0.85):
            return ""
        sources = self.words.sources
        titles = []
        for _ in range(self.dice.pick((1, 1, 2, 2, 2, 3, 4))):
            place = scene.sibling if self.dice.chance(0.25) else scene.asked
            titles.append(place.pick(sources.cited))
        if "stale" in flaws:
            titles[0] = scene.old.pick(sources.dated)
        if "elsewhere" in flaws:
            titles[0] = scene.elsewhere.pick(sources.cited)
            titles = titles[: self.dice.between(1, 2)]
        return "; ".join(dict.fromkeys(titles))

    def _content(self, scene: Scene, flaws: set[str]) -> str:
        """Return what the answer says, before any failure of form."""
        if "refuses" in flaws:
            return scene.asked.pick(self.words.flaws.refusals)
        if "vague" in flaws:
            return " ".join(scene.asked.some(self.words.flaws.vague, self.dice.between(2, 5)))
        about = self._about(scene, flaws)
        if "incomplete" in flaws:
            return about.pick(self.words.answers.openings) + " " + about.pick(self.words.answers.steps)
        parts = self._parts(about)
        for flaw in sorted(flaws & TELLTALE):
            if self.dice.chance(0.8):
                parts.insert(self.dice.between(0, len(parts)), about.pick(self.words.flaws.tells[flaw]))
        if "contradictory" in flaws:
            first, last = self.dice.pick(self.words.flaws.contradictions)
            parts = [about.fill(first), *parts, about.fill(last)]
        return "\n\n".join(parts)

    def _about(self, scene: Scene, flaws: set[str]) -> Slots:
        """Return what the answer is about, which is what was asked unless something failed."""
        if "stale" in flaws:
            return scene.old
        if "elsewhere" in flaws and self.dice.chance(0.6):
            return scene.elsewhere
        return scene.sibling if "misread" in flaws else scene.asked

    def _parts(self, about: Slots) -> list[str]:
        """Return the paragraphs of a sound answer."""
        dice, answers = self.dice, self.words.answers
        parts = [about.pick(answers.openings)] if dice.chance(0.8) else []
        steps = about.some(answers.steps, dice.between(1, 4))
        if len(steps) > 1 and dice.chance(0.55):
            parts.append("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))
        else:
            parts.append(" ".join(steps))
        if dice.chance(0.4):
            parts.append(f"```bash\n{about['command']}\n```")
        elif dice.chance(0.12):
            parts.append(about.pick(answers.snippets))
        if dice.chance(0.06):
            parts.append(about.fill(answers.table))
        for sentences, share in ((answers.details, 0.65), (answers.cautions, 0.35), (answers.closings, 0.35)):
            if dice.chance(share):
                parts.append(about.pick(sentences))
        return parts

    def _misform(self, scene: Scene, flaw: str, text: str) -> str:
        """Return the same content in a form that is hard to use."""
        dice, asked, answers, flaws = self.dice, scene.asked, self.words.answers, self.words.flaws
        match flaw:
            case "table":
                return text + "\n\n" + asked.pick(flaws.broken_tables)
            case "code":
                broken = asked.pick(flaws.broken_code)
                return text.replace("\n```", "", 1) if "```" in text and dice.chance(0.4) else f"{text}\n{broken}"
            case "wall":
                extra = [*asked.some(answers.details, 5), *asked.some(answers.steps, 5)]
                return " ".join([text.replace("```bash", "").replace("```", ""), *extra]).replace("\n", " ")
            case "truncated":
                return text[: int(len(text) * (0.4 + 0.5 * dice.roll()))]
            case "long":
                extra = [line for place in (asked, scene.sibling) for line in place.some(answers.details, 9)]
                return "\n\n".join([*extra, text, *asked.some(answers.cautions, 4)])
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
