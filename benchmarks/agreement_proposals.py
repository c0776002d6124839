"""Do groups of rationales find what was planted, and nothing where nothing was?

    python benchmarks/agreement_proposals.py [--sets 100]

The rationales are simulated: the sentences and their parts below were written for this benchmark; nobody ever wrote
them as a rationale. A planted group is one point that people make, in one language, in several ways: short or long,
with slips of the pen. Rationales of no group are about words drawn at random, in the sentences that people use for
anything.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.metrics import adjusted_rand_score

from retrolabel.gold.proposing import ideas_of
from retrolabel.gold.rationale_groups import group_rationales
from retrolabel.gold.rationale_words import words_of
from retrolabel.gold.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

POINTS = {
    "en slow": "only slow, nothing breaks|slow but it works|page is slow|loads slowly, still works|"
    "it is just slow to load|loading takes too long|too slow to load, no error|user waits, slow page|"
    "slow response, no failure|works, but slow",
    "en asks": "user asks how to do it|a how-to question|asks how it works|only asks a question|"
    "question about how to use it|he wants to know how, a question|user asks where the setting is|"
    "asks for help, it is a question|asks how to set it",
    "en crash": "app crashes on start|it crashed|crash with stack trace|crashes when opened|"
    "the app crashes again|hard crash, stack trace attached|crashing since update|"
    "whole program crashes|stack trace shows a crash",
    "en docs": "documentation is wrong|docs are out of date|the docs page is missing|"
    "wrong example in the documentation|documentation says something else|docs outdated|"
    "missing from the docs|old documentation, wrong docs",
    "en wish": "wants a new option|asks for an option that is not there|new feature wanted|"
    "wish for a new setting|would like a new feature|feature that does not exist yet|"
    "requests a new option|a wish, new feature",
    "en irony": "sarcasm, not praise|ironic praise|this is sarcastic|user is being sarcastic|"
    "praise is ironic here|sarcastic thanks|irony, he means the opposite|meant as sarcasm|"
    "clearly sarcastic praise",
    "en refund": "wants money back|refund asked for|asks for a refund|customer wants a refund|refund not paid yet|"
    "money back request|refund missing|still waits for the refund|paid twice, wants refund",
    "de langsam": "nur langsam, nichts kaputt|lädt langsam|die Seite ist langsam|langsam, aber es geht|"
    "zu langsam beim Laden|Laden dauert lange, kein Fehler|langsame Seite|läuft, aber langsam|"
    "Seite lädt zu langsam",
    "de frage": "reine Frage|der Nutzer fragt, wie es geht|fragt nach der Einstellung|"
    "nur eine Frage zur Bedienung|Frage, kein Fehler|fragt wie man es macht|stellt eine Frage|"
    "Nutzer fragt nur",
    "de rechnung": "falsche Rechnung|Rechnung doppelt|Betrag auf der Rechnung falsch|die Rechnung stimmt nicht|"
    "Rechnung fehlt|doppelt berechnet, Rechnung falsch|Fehler in der Rechnung|"
    "zwei Rechnungen erhalten",
    "es lento": "solo es lento, no falla|va lento pero funciona|la página es lenta|muy lento al cargar|"
    "carga lenta, sin error|tarda en cargar, lento|lentitud, nada roto|funciona lento",
    "es pregunta": "es una pregunta|pregunta cómo se hace|solo pregunta|el usuario pregunta por la opción|"
    "hace una pregunta de uso|pregunta dónde está|una pregunta, no un error|pregunta sobre el uso",
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
    "mentions {} and {}|it is about the {}|the {} says so|{} here|talks of {}, and of {}|{} and {}|"
    "there is a {} in it|the word {} decides|see the part on {}|{} rather than {}|reads like {}|"
    "I would say {}|main point is the {}|{} in the first line|he writes of {}"
)
"""What people say of anything."""
THINGS = (
    "window garden river bottle candle market ticket engine pepper saddle ladder mirror basket hammer pillow carpet"
    " needle button pocket jacket helmet rocket tunnel bridge harbor island meadow forest desert canyon glacier volcano"
    " thunder shadow whisper echo rhythm melody chorus poem novel letter stamp parcel barrel copper silver marble"
    " velvet"
    " cotton linen leather amber coral ivory ginger garlic lemon cherry walnut almond olive radish turnip lentil barley"
    " oats honey butter cheese yogurt muffin waffle pretzel noodle dumpling curry stew broth kettle teapot saucer spoon"
    " ladle whisk oven stove fridge freezer toaster blender grater peeler apron towel sponge bucket broom mop duster"
    " vacuum curtain blind lamp bulb socket cable switch fuse meter gauge valve pipe faucet drain gutter roof chimney"
    " attic cellar porch balcony terrace fence gate hedge lawn shrub vine moss fern orchid tulip daisy violet poppy"
    " lotus maple birch cedar willow aspen spruce falcon heron sparrow robin magpie pigeon turkey badger beaver otter"
    " rabbit squirrel hedgehog lizard turtle salmon trout herring lobster oyster mussel beetle cricket spider wasp"
)
"""What random rationales are about."""
OTHER_POINTS = {
    "en login": "cannot log in|login fails|locked out of the account|password reset does not arrive|"
    "log-in broken|he can't get into his account|login page rejects the password|"
    "account locked, cannot log in",
    "en price": "too expensive|the price is too high|complains about the price|costs too much|"
    "price went up again|expensive compared to others|wants a lower price|not worth the price",
    "en delivery": "parcel came late|late delivery|delivery took three weeks|parcel never arrived|"
    "still waiting for the parcel|delivered to the wrong house|delivery was late again|"
    "the package is lost",
    "en duplicate": "same as an older issue|duplicate|this was reported before|duplicate of another report|"
    "already reported|known issue, reported before|second report of the same issue",
    "en tone": "rude tone|he is rude, not the product|the tone is rude|insults the staff|rude words, no content|"
    "only insults|angry and rude|just an insult",
    "en mobile": "only on the phone|phone app, not the website|mobile only|happens on Android phones|"
    "on mobile, desktop is fine|broken on the phone only|mobile version of the page",
    "de lieferung": "Lieferung kam zu spät|Paket nie angekommen|Lieferung verspätet|wartet noch auf das Paket|"
    "Paket verloren|späte Lieferung|Paket an falsche Adresse geliefert",
    "de preis": "zu teuer|der Preis ist zu hoch|beschwert sich über den Preis|Preis gestiegen|kostet zu viel|"
    "teurer als andere",
    "es envio": "el paquete llegó tarde|envío tardío|paquete perdido|el envío tarda mucho|"
    "todavía espera el paquete|entrega tarde|paquete no llegó",
    "es precio": "demasiado caro|el precio es muy alto|se queja del precio|precio alto|cuesta mucho|más caro que otros",
}
"""Points on which nothing was chosen: written after the distance was."""
OTHER_ANYTHING = (
    "depends on the {}|hinges on {} for me|{}, simply|classic case of {}|the {} gives it away|"
    "went by the {}|{} or {}, hard call|second sentence: {}|not so much {} as {}|tricky, {} might count|"
    "based on {}|focus lies on {}|context is {}"
)
"""The same of what people say of anything."""


LABELS = ("bug", "feature", "question", "praise")
PEOPLE = ("p1", "p2", "p3", "p4")


class Simulated(NamedTuple):
    """Rationales, and the group that each was planted in; -1 where it is in none."""

    reasons: list[Reason]
    groups: list[int]


def simulate(  # noqa: PLR0913 - what rationales are like
    random: np.random.Generator,
    *,
    points: int,
    each: tuple[int, int],
    alone: int,
    slips: float = 0.15,
    bank: Mapping[str, str] = POINTS,
    anything: str = ANYTHING,
) -> Simulated:
    """Return rationales of some points, each between two labels, and some about anything, on items of any label.

    Each rationale is on an item of its own, which three of four people answer.

    Args:
        random: The dice.
        points: How many points are made.
        each: The least and the most rationales of a point.
        alone: How many rationales are about anything.
        slips: The share of rationales with a slip of the pen.
        bank: A point -> ways to make it.
        anything: What people say of anything.
    """
    said: list[tuple[str, int, str, tuple[str, str]]] = []
    for group, name in enumerate(random.choice(sorted(bank), size=points, replace=False)):
        ways, around = bank[name].split("|"), AROUND[name[:2]].split("|")
        mine, other = random.choice(LABELS, size=2, replace=False)
        for _ in range(int(random.integers(each[0], each[1] + 1))):
            text = str(random.choice(around)).replace("{}", str(random.choice(ways)))
            label, *others = (str(mine if random.random() < p else other) for p in (0.85, 0.55, 0.55))
            said.append((_slipped(text, random) if random.random() < slips else text, group, label, tuple(others)))
    for _ in range(alone):
        text, things = str(random.choice(anything.split("|"))), THINGS.split()
        while "{}" in text:
            text = text.replace("{}", str(random.choice(things)), 1)
        true = str(random.choice(LABELS))
        label, *others = (true if random.random() < 0.85 else str(random.choice(LABELS)) for _ in range(3))
        said.append((text, -1, label, tuple(others)))
    order = [said[place] for place in random.permutation(len(said))]
    reasons = [
        Reason(("inbox", str(place)), str(random.choice(PEOPLE)), text, label, others)
        for place, (text, _, label, others) in enumerate(order)
    ]
    return Simulated(reasons, [group for _, group, _, _ in order])


def _slipped(text: str, random: np.random.Generator) -> str:
    """Return a text in which two neighbouring letters changed places."""
    at = int(random.integers(0, max(1, len(text) - 1)))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


class Score(NamedTuple):
    """How well what was found is what was planted.

    Attributes:
        ari: Adjusted Rand index over the planted rationales; one in no proposal is a group of its own.
        proposed: The share of them that is in a proposal.
        points: The share of the points with a clear proposal most of which is theirs.
        clear: Clear proposals.
        false_clear: Those of them of which no point has more than half.
        faint: Proposals that are not clear.
        false_faint: The same of them.
    """

    ari: float
    proposed: float
    points: float
    clear: int
    false_clear: int
    faint: int
    false_faint: int


def score(simulated: Simulated) -> Score:
    """Return how well the proposals are the planted points."""
    groups = simulated.groups
    found = [-1 - place for place in range(len(groups))]
    counts, seen = {True: [0, 0], False: [0, 0]}, set()
    for number, idea in enumerate(ideas_of(simulated.reasons, labels=LABELS).found):
        members = [groups[place] for place in idea.members]
        for place in idea.members:
            found[place] = number
        best = max(set(members), key=lambda group: (group >= 0, members.count(group)))
        is_false = best < 0 or members.count(best) <= len(members) / 2
        counts[idea.clear][0] += 1
        counts[idea.clear][1] += is_false
        if idea.clear and not is_false:
            seen.add(best)
    planted = [place for place, group in enumerate(groups) if group >= 0]
    if not planted:
        return Score(np.nan, np.nan, np.nan, *counts[True], *counts[False])
    ari = adjusted_rand_score([groups[place] for place in planted], [found[place] for place in planted])
    proposed = float(np.mean([found[place] >= 0 for place in planted]))
    return Score(ari, proposed, len(seen) / len({groups[p] for p in planted}), *counts[True], *counts[False])


def settings() -> dict[str, dict[str, object]]:
    """Return the kinds of sets: those on whose points the distance was chosen, and others."""
    sizes = {
        "30, 3 points": {"points": 3, "each": (6, 10), "alone": 6},
        "100, 5 points": {"points": 5, "each": (8, 22), "alone": 25},
        "300, 8 points": {"points": 8, "each": (10, 50), "alone": 60},
    }
    others = {
        f"{name}, other words": {**how, "bank": OTHER_POINTS, "anything": OTHER_ANYTHING} for name, how in sizes.items()
    }
    none = {
        f"{size} at random": {"points": 0, "each": (0, 0), "alone": size, "anything": OTHER_ANYTHING}
        for size in (30, 100, 300)
    }
    return {**sizes, **others, **none}


def groups_alone(simulated: Simulated, *, idf: bool) -> float:
    """Return the adjusted Rand index of the groups alone, before labels are looked at."""
    words = [words_of(reason.text) for reason in simulated.reasons]
    found = [-1 - place for place in range(len(words))]
    for number, group in enumerate(group_rationales(words, range(len(words)), idf=idf)):
        for place in group.members:
            found[place] = number
    planted = [place for place, group in enumerate(simulated.groups) if group >= 0]
    return float(adjusted_rand_score([simulated.groups[p] for p in planted], [found[p] for p in planted]))


def main() -> None:
    """Print a line for each kind of set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=100, help="Simulated sets of each kind.")
    wanted = parser.parse_args()
    titles = ["rationales", "ARI", "in a proposal", "points found", "clear", "false clear", "sets with one"]
    titles += ["faint", "false faint", "s"]
    print(f"| {' | '.join(titles)} |")
    print(f"| --- {'| ---: ' * (len(titles) - 1)}|")
    for name, setting in settings().items():
        began = time.process_time()
        rows = [score(simulate(np.random.default_rng([seed, 24]), **setting)) for seed in range(wanted.sets)]
        seconds = (time.process_time() - began) / wanted.sets
        of = {field: np.array([getattr(row, field) for row in rows], float) for field in Score._fields}
        mean = {field: float(values.mean()) for field, values in of.items()}
        planted = [f"{mean['ari']:.2f}", f"{mean['proposed']:.0%}", f"{mean['points']:.0%}"]
        line = [
            name,
            *(planted if setting["points"] else ["-"] * 3),
            f"{mean['clear']:.2f}",
            f"{mean['false_clear']:.2f}",
            f"{(of['false_clear'] > 0).mean():.0%}",
            f"{mean['faint']:.2f}",
            f"{mean['false_faint']:.2f}",
            f"{seconds:.2f}",
        ]
        print(f"| {' | '.join(line)} |", flush=True)
    print()
    print("| rationales | ARI of the groups, TF-IDF | without IDF |")
    print("| --- | ---: | ---: |")
    for name, setting in settings().items():
        if setting["points"]:
            sets = [simulate(np.random.default_rng([seed, 24]), **setting) for seed in range(wanted.sets)]
            means = [f"{np.mean([groups_alone(each, idf=idf) for each in sets]):.2f}" for idf in (True, False)]
            print(f"| {name} | {' | '.join(means)} |", flush=True)


if __name__ == "__main__":
    main()
