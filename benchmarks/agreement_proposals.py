"""Do groups of rationales find what was planted, and nothing where nothing was?

    python benchmarks/agreement_proposals.py [--sets 60]

The rationales are simulated: the sentences and their parts below were written for this benchmark; nobody ever wrote them
as a rationale. A planted group is one point that people make, in one language, in several ways: short or long, with
slips of the pen. Rationales of no group are about words drawn at random, in the sentences that people use for anything.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.metrics import adjusted_rand_score

from retrolabel.gold.rationale_groups import group_rationales
from retrolabel.gold.rationale_words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS = {
    "en slow": "only slow, nothing breaks|slow but it works|page is slow|loads slowly, still works|it is just slow to load"
    "|loading takes too long|too slow to load, no error|user waits, slow page|slow response, no failure|works, but slow",
    "en asks": "user asks how to do it|a how-to question|asks how it works|only asks a question|question about how to use it"
    "|he wants to know how, a question|user asks where the setting is|asks for help, it is a question|asks how to set it",
    "en crash": "app crashes on start|it crashed|crash with stack trace|crashes when opened|the app crashes again"
    "|hard crash, stack trace attached|crashing since update|whole program crashes|stack trace shows a crash",
    "en docs": "documentation is wrong|docs are out of date|the docs page is missing|wrong example in the documentation"
    "|documentation says something else|docs outdated|missing from the docs|old documentation, wrong docs",
    "en wish": "wants a new option|asks for an option that is not there|new feature wanted|wish for a new setting"
    "|would like a new feature|feature that does not exist yet|requests a new option|a wish, new feature",
    "en irony": "sarcasm, not praise|ironic praise|this is sarcastic|user is being sarcastic|praise is ironic here"
    "|sarcastic thanks|irony, he means the opposite|meant as sarcasm|clearly sarcastic praise",
    "en refund": "wants money back|refund asked for|asks for a refund|customer wants a refund|refund not paid yet"
    "|money back request|refund missing|still waits for the refund|paid twice, wants refund",
    "de langsam": "nur langsam, nichts kaputt|lädt langsam|die Seite ist langsam|langsam, aber es geht|zu langsam beim Laden"
    "|Laden dauert lange, kein Fehler|langsame Seite|läuft, aber langsam|Seite lädt zu langsam",
    "de frage": "reine Frage|der Nutzer fragt, wie es geht|fragt nach der Einstellung|nur eine Frage zur Bedienung"
    "|Frage, kein Fehler|fragt wie man es macht|stellt eine Frage|Nutzer fragt nur",
    "de rechnung": "falsche Rechnung|Rechnung doppelt|Betrag auf der Rechnung falsch|die Rechnung stimmt nicht"
    "|Rechnung fehlt|doppelt berechnet, Rechnung falsch|Fehler in der Rechnung|zwei Rechnungen erhalten",
    "es lento": "solo es lento, no falla|va lento pero funciona|la página es lenta|muy lento al cargar|carga lenta, sin error"
    "|tarda en cargar, lento|lentitud, nada roto|funciona lento",
    "es pregunta": "es una pregunta|pregunta cómo se hace|solo pregunta|el usuario pregunta por la opción"
    "|hace una pregunta de uso|pregunta dónde está|una pregunta, no un error|pregunta sobre el uso",
}
"""A point -> ways to make it."""
AROUND = {
    "en": "{}|{}|{}|I think {}|{}, so this label|because {}|{} if you read it again|it seems that {}"
    "|{}. The rest of the text does not matter here I think|the way I read the guideline, {}",
    "de": "{}|{}|ich denke, {}|{}, deshalb|weil {}|{}, wenn man genau liest|meiner Meinung nach {}",
    "es": "{}|{}|creo que {}|{}, por eso|porque {}|{} si se lee bien|a mi parecer {}",
}
"""How people put it."""
ANYTHING = (
    "mentions {} and {}|it is about the {}|the {} says so|{} here|talks of {}, and of {}|{} and {}|there is a {} in it"
    "|the word {} decides|see the part on {}|{} rather than {}|reads like {}|I would say {}|main point is the {}"
    "|{} in the first line|he writes of {}"
)
"""What people say of anything."""
THINGS = (
    "window garden river bottle candle market ticket engine pepper saddle ladder mirror basket hammer pillow carpet"
    " needle button pocket jacket helmet rocket tunnel bridge harbor island meadow forest desert canyon glacier volcano"
    " thunder shadow whisper echo rhythm melody chorus poem novel letter stamp parcel barrel copper silver marble velvet"
    " cotton linen leather amber coral ivory ginger garlic lemon cherry walnut almond olive radish turnip lentil barley"
    " oats honey butter cheese yogurt muffin waffle pretzel noodle dumpling curry stew broth kettle teapot saucer spoon"
    " ladle whisk oven stove fridge freezer toaster blender grater peeler apron towel sponge bucket broom mop duster"
    " vacuum curtain blind lamp bulb socket cable switch fuse meter gauge valve pipe faucet drain gutter roof chimney"
    " attic cellar porch balcony terrace fence gate hedge lawn shrub vine moss fern orchid tulip daisy violet poppy"
    " lotus maple birch cedar willow aspen spruce falcon heron sparrow robin magpie pigeon turkey badger beaver otter"
    " rabbit squirrel hedgehog lizard turtle salmon trout herring lobster oyster mussel beetle cricket spider wasp"
)
"""What random rationales are about."""


class Simulated(NamedTuple):
    """Rationales, and the group that each was planted in; -1 where it is in none."""

    texts: list[str]
    groups: list[int]


def simulate(random: np.random.Generator, *, points: int, each: tuple[int, int], alone: int, slips: float) -> Simulated:
    """Return rationales of some points, and some about anything.

    Args:
        random: The dice.
        points: How many points are made.
        each: The least and the most rationales of a point.
        alone: How many rationales are about anything.
        slips: The share of rationales with a slip of the pen.
    """
    texts, groups = [], []
    for group, name in enumerate(random.choice(sorted(POINTS), size=points, replace=False)):
        ways, around = POINTS[name].split("|"), AROUND[name[:2]].split("|")
        for _ in range(int(random.integers(each[0], each[1] + 1))):
            text = random.choice(around).replace("{}", str(random.choice(ways)))
            texts.append(_slipped(text, random) if random.random() < slips else text)
            groups.append(group)
    things = THINGS.split()
    for _ in range(alone):
        text = str(random.choice(ANYTHING.split("|")))
        while "{}" in text:
            text = text.replace("{}", str(random.choice(things)), 1)
        texts.append(text)
        groups.append(-1)
    order = random.permutation(len(texts))
    return Simulated([texts[place] for place in order], [groups[place] for place in order])


def _slipped(text: str, random: np.random.Generator) -> str:
    """Return a text in which two neighbouring letters changed places."""
    at = int(random.integers(0, max(1, len(text) - 1)))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def found_in(texts: Sequence[str], fewest: int = 3) -> list[int]:
    """Return the group that each rationale was found in; -1 where that is none."""
    found = [-1] * len(texts)
    for number, group in enumerate(group_rationales([words_of(text) for text in texts], range(len(texts)), fewest=fewest)):
        for place in group.members:
            found[place] = number
    return found


def score(simulated: Simulated) -> tuple[float, float, float, int, int]:
    """Return ARI over planted rationales, share of them in a group, purity, groups found, and false groups.

    A rationale in no group is a group of its own for the ARI. A group is false where most of it is of no one point.
    """
    found = found_in(simulated.texts)
    own = [number if number >= 0 else 10_000 + place for place, number in enumerate(found)]
    planted = [place for place, group in enumerate(simulated.groups) if group >= 0]
    ari = adjusted_rand_score([simulated.groups[p] for p in planted], [own[p] for p in planted]) if planted else np.nan
    caught = float(np.mean([found[p] >= 0 for p in planted])) if planted else np.nan
    pure, false = [], 0
    for number in set(found) - {-1}:
        members = [simulated.groups[p] for p, each in enumerate(found) if each == number]
        most = max((members.count(group) for group in set(members) - {-1}), default=0)
        pure.append(most / len(members))
        false += most <= len(members) / 2
    return ari, caught, float(np.mean(pure)) if pure else np.nan, len(pure), false


SETTINGS = {
    "30 rationales, 3 points": {"points": 3, "each": (6, 10), "alone": 6, "slips": 0.15},
    "60 rationales, 4 points": {"points": 4, "each": (8, 16), "alone": 12, "slips": 0.15},
    "100 rationales, 5 points": {"points": 5, "each": (8, 22), "alone": 25, "slips": 0.15},
    "300 rationales, 8 points": {"points": 8, "each": (10, 50), "alone": 60, "slips": 0.15},
    "30 at random": {"points": 0, "each": (0, 0), "alone": 30, "slips": 0.15},
    "100 at random": {"points": 0, "each": (0, 0), "alone": 100, "slips": 0.15},
    "300 at random": {"points": 0, "each": (0, 0), "alone": 300, "slips": 0.15},
}


def main() -> None:
    """Print a line for each kind of set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=60, help="Simulated sets of each kind.")
    wanted = parser.parse_args()
    print("| rationales | sets | ARI, mean | 10 % of sets below | in a group | purity | groups | sets with a false group | s a set |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, setting in SETTINGS.items():
        began = time.process_time()
        rows = [score(simulate(np.random.default_rng([seed, 24]), **setting)) for seed in range(wanted.sets)]
        seconds = (time.process_time() - began) / wanted.sets
        ari, caught, pure, groups, false = (np.array(each, float) for each in zip(*rows, strict=True))
        cells = [f"{np.mean(ari):.2f}", f"{np.quantile(ari, 0.1):.2f}", f"{np.mean(caught):.0%}"]
        if not setting["points"]:
            cells = ["-", "-", "-"]
        purity = f"{np.nanmean(pure):.2f}" if np.isfinite(pure).any() and setting["points"] else "-"
        line = [name, str(wanted.sets), *cells, purity, f"{groups.mean():.1f}", f"{(false > 0).mean():.0%}", f"{seconds:.2f}"]
        print(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    main()
