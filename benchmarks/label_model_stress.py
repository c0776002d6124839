"""How label models stand what is hard for them: planted votes, each case beside Bayes' rule that knows all of it.

Copies and near copies, accurate voters that agree because they are right, constant and one-sided and adversarial
voters, rare labels, sparse votes, many labels, votes for several labels, few and many voters, crowds, and a little
gold. Bayes' rule knows every table, the shares of the labels, and who copies whom; nobody can do better but by chance.
Scored on items with a vote and without gold. Every model runs with its defaults and what the case gives.

    python benchmarks/label_model_stress.py [--only PATTERN] [--models ours,...|all] [--seeds N] [--json FILE]

crowd-kit is no dependency of the project: pip install crowd-kit. From Python, ``for case in cases(seeds=3)`` makes
the cases one by one, and ``against_bayes(run(cases(), {"mine": lambda case: probabilities}))`` sums a model up.
"""

from __future__ import annotations

import argparse
import logging
import re
import time
import warnings
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from peers import LEAST, MACE, correct, dawid_skene, figures, mace
from planting import Planted, Voter, World, always, confused, denies, even, of_parts, only, says

from retrolabel import LabelModel, MajorityVote, SnorkelLabelModel
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.snorkel import FEWEST_LFS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from peers import Fit, Found

    from retrolabel import VoteMatrix

    Random = np.random.Generator
    Model = Callable[["Case"], Found | None]

ITEMS = 5_000
MANY = 20_000
GOLD = 100
MOST_COLUMNS = 2_000
"""Snorkel's matrix has a row and a column for each label of each voter; 4,000 of them take it three minutes."""
WITHOUT_END = 1e9
MOST_ERRORS = 3.5
ROUNDING = 1e-9
WORST = 5
FIGURES = ("accuracy", "f1", "log_loss", "ece")
TITLES = {
    "accuracy": "Accuracy, ties drawn",
    "f1": "F1 of label 1 (two labels), or the mean of all labels'",
    "log_loss": "Log-loss (nats)",
    "ece": "Expected calibration error",
}
BAYES = "bayes"


@dataclass(frozen=True, eq=False)
class Case:
    """One planted world.

    Attributes:
        family: What kind of difficulty it is.
        name: The case; with ``seed`` it says all.
        seed: Another draws another world of the same kind.
        votes: n items x m voters.
        truth: int [n].
        best: What Bayes' rule says to who knows everything, float [n, k].
        settings: Settings of the label model that the case gives, as the class prior.
        gold: int [n] with -1 where there is none, or ``None``.
        scored: bool [n]: the items that count.
    """

    family: str
    name: str
    seed: int
    votes: VoteMatrix
    truth: np.ndarray
    best: Found
    settings: dict[str, Any]
    gold: np.ndarray | None
    scored: np.ndarray

    @property
    def k(self) -> int:
        """The number of labels."""
        return self.best.shape[1]

    def figures(self, probabilities: Found) -> dict[str, float]:
        """Return accuracy, F1, log-loss and calibration error of what a model says of all items."""
        found = figures(probabilities[self.scored], self.truth[self.scored], macro=True)
        return dict(zip(FIGURES, map(float, found), strict=True))


@dataclass(frozen=True)
class Kind:
    """A kind of case, made when it is asked for.

    Kinds that differ in what the model is told alone share their votes: what is drawn follows from the seed and the
    function that plants.
    """

    family: str
    name: str
    plant: Callable[[Random], Planted]

    def case(self, seed: int) -> Case:
        """Return the case of one seed; what other cases there are does not matter."""
        name = getattr(self.plant, "func", self.plant).__name__
        made = self.plant(np.random.default_rng([seed, zlib.crc32(name.encode())]))
        return Case(
            self.family, self.name, seed, made.votes, made.truth, made.best, made.settings, made.gold, made.scored
        )


def cases(seeds: int | Iterable[int] = 3, only: str = "") -> Iterator[Case]:
    """Yield each kind of case with each seed.

    Args:
        seeds: How many, or which.
        only: A regular expression that is searched for in ``family: name``.
    """
    chosen = range(seeds) if isinstance(seeds, int) else list(seeds)
    for kind in kinds(only):
        for seed in chosen:
            yield kind.case(seed)


def good(accuracies: list[float], coverage: float, k: int = 2) -> list[Voter]:
    """Return voters of these accuracies."""
    return [says(k, right, coverage) for right in accuracies]


def near_copies(  # noqa: PLR0913 - what is planted
    random: Random, others: list[float], original: float, copies: int, differ: float = 0.1, gold: int = 0
) -> Planted:
    world = World(random, ITEMS, 2).add(*good(others, 0.6))
    return world.copied(says(2, original, 0.6), copies, differ).planted(gold=gold)


def redrawn_copies(random: Random, others: list[float], original: float, copies: int) -> Planted:
    """Copies that differ on a tenth as they decide anew on some items."""
    share = 0.1 / (2 * original * (1 - original))
    return World(random, ITEMS, 2).add(*good(others, 0.6)).redrawn(says(2, original, 0.6), copies, share).planted()


def two_blocks(random: Random, others: list[float], differ: float) -> Planted:
    """Three that are alike and poor, three that are alike and good."""
    world = World(random, ITEMS, 2).add(*good(others, 0.6)).copied(says(2, 0.55, 0.6), 2, differ)
    return world.copied(says(2, 0.8, 0.6), 2, differ).planted()


def exact_copies(random: Random, others: list[float], original: float, copies: int) -> Planted:
    return World(random, ITEMS, 2).add(*good(others, 0.5)).copied(says(2, original, 0.5), copies).planted()


def independent(
    random: Random, accuracies: list[float], coverage: float, n: int = ITEMS, k: int = 2, **about: object
) -> Planted:
    """Voters that are independent given the truth."""
    return World(random, n, k).add(*good(accuracies, coverage, k)).planted(**about)


def rare_labels(random: Random, prior: list[float], coverage: float, weaker: int) -> Planted:
    """Accurate voters where most labels are rare: they agree more than two would by chance, as they are right."""
    world = World(random, ITEMS, prior)
    return world.add(*good([0.9, 0.92, 0.95], coverage, world.k), *good([0.6] * weaker, 0.3, world.k)).planted()


def err_together(random: Random, coverage: float) -> Planted:
    """Accurate voters, of which each is right on .6 of the tenth of items that are hard: errors correlate by .15."""
    world, right = World(random, ITEMS, 2), np.array([0.9, 0.92, 0.95])
    confusions = np.stack([even(2, (right - 0.06) / 0.9), even(2, np.full(3, 0.6))])
    return world.people(random.random((ITEMS, 3)) < coverage, confusions, np.tile([0.9, 0.1], (2, 1))).planted()


def between(random: Random, voters: int, coverage: float, n: int = ITEMS, k: int = 2) -> Planted:
    """Voters of .55 to .9."""
    return independent(random, list(random.uniform(0.55, 0.9, voters)), coverage, n, k)


def constant(random: Random, prior: list[float] | int, labels: list[int], others: list[float]) -> Planted:
    """Voters that always say the same, beside others."""
    world = World(random, ITEMS, prior)
    return world.add(*good(others, 0.7, world.k), *(always(world.k, label) for label in labels)).planted()


def one_sided(random: Random, k: int, voters: int) -> Planted:
    """Each fires on one label, and sometimes where it should not."""
    world = World(random, ITEMS, k)
    for voter in range(voters):
        right = random.uniform(0.55, 0.9)
        fires = np.full(k, 0.3 * (1 - right) / right / (k - 1))
        fires[voter % k] = 0.3
        world.add(only(voter % k, fires))
    return world.planted()


def finders(random: Random, positive: float) -> Planted:
    """Three voters that find most of a label, so that their silence speaks, and three poor ones for both labels."""
    world = World(random, ITEMS, [1 - positive, positive])
    return world.add(*(only(1, [0.02, found]) for found in (0.6, 0.7, 0.8)), *good([0.65] * 3, 0.4)).planted()


def class_balance(random: Random, positive: float, *, given: bool) -> Planted:
    """Four voters for the rare label and two against."""
    prior = [1 - positive, positive]
    world = World(random, MANY, prior).add(*[only(1, [0.01, 0.4])] * 4, *[only(0, [0.4, 0.04])] * 2)
    return world.planted(**({"class_prior": prior} if given else {}))


def skewed(random: Random, prior: list[float], accuracies: list[float], coverage: float, **about: object) -> Planted:
    """Some labels are rare; ``given`` says so to the model."""
    if about.pop("given", False):
        about["class_prior"] = prior
    world = World(random, 2 * ITEMS, prior)
    return world.add(*good(accuracies, coverage, world.k)).planted(**about)


def pairs(random: Random, voters: int, k: int) -> list[Voter]:
    """Return voters that tell pairs of labels apart, each other pairs."""
    orders = [random.permutation(k).reshape(-1, 2).tolist() for _ in range(voters)]
    return [of_parts(k, [tuple(sorted(pair)) for pair in order], 0.8, 0.6) for order in orders]


def set_valued(random: Random, k: int, *, in_pairs: int = 0, denials: int = 0, singles: int = 0) -> Planted:
    """Votes for pairs, votes that rule one label out, and votes for one label."""
    world = World(random, ITEMS, k).add(*pairs(random, in_pairs, k)).add(*[denies(k, 0.92, 0.6)] * denials)
    return world.add(*good([0.7] * singles, 0.6, k)).planted()


def old_schema(random: Random, singles: int) -> Planted:
    """Voters of an older schema, in which labels 0 and 1 were one, and 2 to 4 were one."""
    world = World(random, ITEMS, 5).add(*[of_parts(5, [(0, 1), (2, 3, 4)], 0.85, 0.6)] * 4)
    return world.add(*good([0.7] * singles, 0.5, 5)).planted()


def ordinal(random: Random, *, ranks: bool) -> Planted:
    """Five ranks, where errors fall mostly on neighbours."""
    away = abs(np.arange(5)[:, None] - np.arange(5))
    near = np.where(away == 0, 0, np.exp(-1.5 * away))
    confusions = [
        np.eye(5) * right + (1 - right) * near / near.sum(axis=1, keepdims=True)
        for right in random.uniform(0.5, 0.7, 8)
    ]
    world = World(random, ITEMS, 5).add(*(confused(confusion, 0.6) for confusion in confusions))
    return world.planted(**({"ranks": list(range(5))} if ranks else {}))


def two_thousand(random: Random) -> Planted:
    """People who each answer 20 of 3,000 items."""
    world = World(random, 3_000, 2)
    return world.people(world.asked(voters=2_000, of_voter=20), even(2, beta(random, 2_000))).planted()


def beta(random: Random, people: int, mean: float = 0.75) -> np.ndarray:
    """Return accuracies of people."""
    return np.clip(random.beta(8 * mean, 8 * (1 - mean), people), 0.02, 0.98)


def crowd(  # noqa: PLR0913 - what is planted
    random: Random, n: int, k: int, people: int, answers: int, mean: float = 0.75, spam: float = 0.0
) -> Planted:
    """People; of a share of them, half answer anything and half always the same."""
    world = World(random, n, k)
    confusions = even(k, beta(random, people, mean))
    spammers = round(people * spam)
    confusions[: spammers // 2] = 1 / k
    for spammer in range(spammers // 2, spammers):
        confusions[spammer] = np.eye(k)[random.integers(k)] * 0.98 + 0.02 / k
    return world.people(world.asked(voters=people, of_item=answers), confusions).planted()


def uneven_crowd(random: Random, k: int, answers: int) -> Planted:
    """People who confuse some labels more than others, each in their own way."""
    world = World(random, 2_000, k)
    right = np.clip(random.normal(np.linspace(0.85, 0.5, k), 0.12, (100, k)), 0.1, 0.98)
    errors = random.gamma(0.7, size=(100, k, k)) * (1 - np.eye(k)) + 1e-3 * (1 - np.eye(k))
    errors *= ((1 - right) / errors.sum(axis=2))[:, :, None]
    return world.people(world.asked(voters=100, of_item=answers), errors + np.eye(k) * right[:, :, None]).planted()


def difficult(random: Random, k: int, *, trap: bool) -> Planted:
    """Items on which everybody is near chance, or where errors fall on one label, which is another on each item.

    Whether an item is so and which label it is are summed over by Bayes' rule, exactly.
    """
    world = World(random, 2_000, k)
    right = beta(random, 60, 0.8)
    if not trap:
        ease = np.array([1.0, 0.5, 0.1])
        confusions = np.stack([even(k, 1 / k + (right - 1 / k) * share) for share in ease])
        states = np.tile([0.5, 0.25, 0.25], (k, 1))
    else:  # the first state is an easy item, the others are hard ones with the label that draws
        drawn_to = [even(k, right * 0.5) for _ in range(k)]
        for label, table in enumerate(drawn_to):
            errors = np.eye(k)[np.full(k, label)] * (np.arange(k) != label)[:, None]
            table[:] = np.eye(k) * 0.5 * right[:, None, None] + errors * (1 - 0.5 * right)[:, None, None]
            table[:, label] = np.eye(k)[label]  # does not happen
        confusions = np.stack([even(k, right), *drawn_to])
        states = np.hstack([np.full((k, 1), 0.75), 0.25 * (1 - np.eye(k)) / (k - 1)])
    return world.people(world.asked(voters=60, of_item=15), confusions, states).planted()


def one_sided_gold(random: Random, *, away: bool) -> Planted:
    """One label in ten; four voters for it, of which one is poor and rare, and two against."""
    world = World(random, 2 * ITEMS, [0.9, 0.1]).add(only(1, [0.02, 0.06]), *[only(1, [0.01, 0.4])] * 3)
    world.add(*[only(0, [0.4, 0.04])] * 2)
    return world.planted(gold=GOLD, away_from=0 if away else None)


def kinds(pattern: str = "") -> list[Kind]:
    """Return the kinds of cases whose ``family: name`` a regular expression finds."""
    found = [Kind(family, name, plant) for family, members in FAMILIES.items() for name, plant in members.items()]
    return [kind for kind in found if re.search(pattern, f"{kind.family}: {kind.name}")]


RARE = {"90:10": [0.9, 0.1], "95:5": [0.95, 0.05], "99:1": [0.99, 0.01]}
FIVE_LABELS = [0.3, 0.3, 0.2, 0.19, 0.01]
FAMILIES: dict[str, dict[str, Callable[[Random], Planted]]] = {
    "near copies": {
        **{
            f"{others} of .8, one of .55 and {copies} copies": partial(
                near_copies, others=[0.8] * others, original=0.55, copies=copies
            )
            for copies in (2, 3)
            for others in (5, 8)
        },
        "5 of .8, one of .55 and 3 that look again": partial(redrawn_copies, others=[0.8] * 5, original=0.55, copies=3),
        "5 of .7, one of .85 and 3 copies": partial(near_copies, others=[0.7] * 5, original=0.85, copies=3),
        "4 of .7, three alike of .55, three alike of .8": partial(two_blocks, others=[0.7] * 4, differ=0.1),
    },
    "exact copies": {
        "9 of .6 to .9, one of .55 and 9 copies": partial(
            exact_copies, others=list(np.linspace(0.6, 0.9, 9)), original=0.55, copies=9
        ),
        "5 of .7, one of .85 and 3 copies": partial(exact_copies, others=[0.7] * 5, original=0.85, copies=3),
    },
    "accurate": {
        **{
            f".9, .92, .95{weaker * ', 3 of .65'}, coverage {coverage}": partial(
                independent, accuracies=[0.9, 0.92, 0.95, *[0.65] * 3 * weaker], coverage=coverage
            )
            for weaker in (0, 1)
            for coverage in (0.3, 0.6, 1.0)
        },
        **{
            f".9, .92, .95, errors together, coverage {coverage}": partial(err_together, coverage=coverage)
            for coverage in (0.6, 1.0)
        },
        ".9, .92, .95, 3 of .6, k = 4, two labels of 2 %": partial(
            rare_labels, prior=[0.86, 0.02, 0.02, 0.1], coverage=0.8, weaker=3
        ),
        ".9, .92, .95, k = 5, seven in ten of one label, coverage .3": partial(
            rare_labels, prior=[0.7, *[0.075] * 4], coverage=0.3, weaker=0
        ),
    },
    "constant": {
        "k = 2, one, 3 others": partial(constant, prior=2, labels=[0], others=[0.7, 0.75, 0.8]),
        "k = 2, two, 5 others": partial(constant, prior=2, labels=[0, 0], others=[0.7, 0.72, 0.75, 0.78, 0.8]),
        "90:10, one that says the rare label, 5 others": partial(
            constant, prior=RARE["90:10"], labels=[1], others=[0.7, 0.72, 0.75, 0.78, 0.8]
        ),
        "k = 4, one, 4 others": partial(constant, prior=4, labels=[0], others=[0.7, 0.73, 0.77, 0.8]),
        "k = 4, two that say a rare label, 5 others": partial(
            constant, prior=[0.4, 0.3, 0.25, 0.05], labels=[3, 3], others=[0.7, 0.72, 0.75, 0.78, 0.8]
        ),
    },
    "one-sided": {
        "k = 2, 10 voters": partial(one_sided, k=2, voters=10),
        "k = 5, 20 voters": partial(one_sided, k=5, voters=20),
        "10 % positive, 3 that find most, 3 of .65": partial(finders, positive=0.1),
        "50 % positive, 3 that find most, 3 of .65": partial(finders, positive=0.5),
        **{
            f"{positive:.0%} positive, balance {told}".replace("%", " %"): partial(
                class_balance, positive=positive, given=told == "given"
            )
            for told in ("given", "unknown")
            for positive in (0.02, 0.05, 0.1)
        },
    },
    "adversarial": {
        "one of .2, six of .75": partial(independent, accuracies=[0.2, *[0.75] * 6], coverage=1.0),
        "one of .2, six of .75, coverage .6": partial(independent, accuracies=[0.2, *[0.75] * 6], coverage=0.6),
        "two of .2, six of .75, coverage .6": partial(independent, accuracies=[0.2, 0.2, *[0.75] * 6], coverage=0.6),
    },
    "skew": {
        **{
            f"{name}, 10 of .8, coverage .6, prior {told}": partial(
                skewed, prior=prior, accuracies=[0.8] * 10, coverage=0.6, given=told == "given"
            )
            for name, prior in RARE.items()
            for told in ("given", "unknown")
        },
        "99:1, 10 of .8, coverage .6, two votes or more": partial(
            skewed, prior=RARE["99:1"], accuracies=[0.8] * 10, coverage=0.6, least=2
        ),
        **{
            f"{name}, 5 of .8, coverage .6": partial(skewed, prior=RARE[name], accuracies=[0.8] * 5, coverage=0.6)
            for name in ("90:10", "99:1")
        },
        "99:1, 6 of .9, prior given": partial(
            skewed, prior=RARE["99:1"], accuracies=[0.9] * 6, coverage=1.0, given=True
        ),
        "99:1, 6 of .9, prior given, at_prior": partial(
            skewed, prior=RARE["99:1"], accuracies=[0.9] * 6, coverage=1.0, given=True, at_prior=True
        ),
        "k = 5, one label 1 %, 8 of .75": partial(skewed, prior=FIVE_LABELS, accuracies=[0.75] * 8, coverage=0.6),
    },
    "sparse": {
        f"{voters} voters, {coverage:.0%} each".replace("%", " %"): partial(
            between, voters=voters, coverage=coverage, n=2 * ITEMS
        )
        for voters, coverage in ((20, 0.02), (50, 0.05), (500, 0.02))
    },
    "labels": {
        f"k = {k}, 10 of .7": partial(independent, accuracies=[0.7] * 10, coverage=0.5, k=k)
        for k in (2, 3, 5, 10, 20, 60)
    },
    "sets": {
        "8 for pairs, k = 6": partial(set_valued, k=6, in_pairs=8),
        "10 that rule one out, k = 4": partial(set_valued, k=4, denials=10),
        "4 for pairs, 4 that rule one out, 3 for one label, k = 4": partial(
            set_valued, k=4, in_pairs=4, denials=4, singles=3
        ),
        "4 of an older schema, 4 of .7, k = 5": partial(old_schema, singles=4),
    },
    "ordinal": {
        "5 ranks, told": partial(ordinal, ranks=True),
        "5 ranks, not told": partial(ordinal, ranks=False),
    },
    "number of voters": {
        "1 of .75": partial(independent, accuracies=[0.75], coverage=0.6),
        "2 of .75": partial(independent, accuracies=[0.75] * 2, coverage=0.6),
        "3 of .75": partial(independent, accuracies=[0.75] * 3, coverage=0.6),
        "200 of .55 to .9, coverage .1": partial(between, voters=200, coverage=0.1),
        "2,000 people, 20 answers each": two_thousand,
    },
    "crowds": {
        "few answers, k = 2": partial(crowd, n=2_000, k=2, people=100, answers=3),
        "few answers, k = 4": partial(crowd, n=2_000, k=4, people=100, answers=3),
        "many answers, poor people, k = 2": partial(crowd, n=1_000, k=2, people=100, answers=30, mean=0.58),
        "many answers, k = 4": partial(crowd, n=1_000, k=4, people=100, answers=30, mean=0.45),
        "spammers, k = 4": partial(crowd, n=2_000, k=4, people=100, answers=5, spam=0.4),
        "confusions, k = 4": partial(uneven_crowd, k=4, answers=8),
        "confusions, k = 2": partial(uneven_crowd, k=2, answers=15),
        "difficult items, k = 2": partial(difficult, k=2, trap=False),
        "items with a trap, k = 4": partial(difficult, k=4, trap=True),
    },
    "gold": {
        "one-sided, 10 % positive": partial(one_sided_gold, away=False),
        "one-sided, 10 % positive, one voter without gold": partial(one_sided_gold, away=True),
        "near copies: 5 of .8, one of .55 and 3 copies": partial(
            near_copies, others=[0.8] * 5, original=0.55, copies=3, gold=GOLD
        ),
        "adversarial: one of .2, six of .75": partial(
            independent, accuracies=[0.2, *[0.75] * 6], coverage=0.6, gold=GOLD
        ),
    },
}


def ours(case: Case) -> Found:
    return LabelModel(**case.settings).fit(case.votes).predict_proba(case.votes)


def ours_with_gold(case: Case) -> Found | None:
    if case.gold is None:
        return None
    return LabelModel(**case.settings).fit(case.votes, case.gold).predict_proba(case.votes)


def auto(case: Case) -> Found:
    """Gold chooses; without gold it is ours."""
    others = AutoLabelModel().candidates[1:]
    model = AutoLabelModel(candidates=(LabelModel(**case.settings), *others))
    return model.fit(case.votes, case.gold).predict_proba(case.votes)


def snorkel(case: Case) -> Found | None:
    """Snorkel's, with the class balance where it is given: as gold without end, which it takes the balance from."""
    voters = len(case.votes.voters)
    if sets_of_labels(case) or not FEWEST_LFS <= voters <= MOST_COLUMNS / case.k:
        return None
    model, balance = SnorkelLabelModel(n_epochs=100), case.settings.get("class_prior")
    if balance is None:
        return model.fit(case.votes).predict_proba(case.votes)
    patterns = case.votes.patterns()
    gold = np.zeros((len(patterns), case.k))
    gold[0] = np.multiply(balance, WITHOUT_END)
    return model.fit(patterns, gold).predict_proba(case.votes)


def crowd_kit(fit: Fit, most_labels: float = np.inf) -> Model:
    """Return one of crowd-kit's for votes for one label."""
    return lambda case: None if sets_of_labels(case) or case.k > most_labels else fit(case.votes, case.votes)


def sets_of_labels(case: Case) -> bool:
    return len(case.votes.symbols) > case.k


MODELS: dict[str, Model] = {
    "majority": lambda case: MajorityVote().fit(case.votes).predict_proba(case.votes),
    "smoothed": lambda case: MajorityVote.smoothed().fit(case.votes).predict_proba(case.votes),
    "ours": ours,
    "ours_gold": ours_with_gold,
    "auto": auto,
}
"""What each says of all items of a case; ``None`` where it is not for such a case."""
PEERS: dict[str, Model] = {
    "snorkel": snorkel,
    **({"dawid_skene": crowd_kit(dawid_skene()), "mace": crowd_kit(mace(0), most_labels=20)} if MACE else {}),
}
"""Others' models, which take longer: MACE ten seconds a case."""


def run(found: Iterable[Case], models: dict[str, Model]) -> pd.DataFrame:
    """Return a row a case, seed and model, with Bayes' rule as one of them."""
    rows = []
    for case in found:
        for title, fit in models.items():
            start = time.perf_counter()
            said = fit(case)
            took = time.perf_counter() - start
            if said is not None:
                rows.append(about(case, title, said) | {"seconds": took})
        rows.append(about(case, BAYES, case.best))
    return pd.DataFrame(rows)


def about(case: Case, title: str, said: Found) -> dict[str, Any]:
    """Return the figures of a model, and by how many standard errors it did better than Bayes' rule."""
    found = {"family": case.family, "case": case.name, "seed": case.seed, "model": title, **case.figures(said)}
    truth, rows = case.truth[case.scored], np.arange(int(case.scored.sum()))
    said, best = said[case.scored], case.best[case.scored]
    losses = np.log(np.maximum(said[rows, truth], LEAST)) - np.log(np.maximum(best[rows, truth], LEAST))
    for figure, gain in (("accuracy", correct(said, truth) - correct(best, truth)), ("log_loss", losses)):
        error = gain.std() / np.sqrt(len(gain))
        found[f"{figure}_beats_bayes"] = float(gain.mean() / error) if error > ROUNDING else 0.0
    return found


def markdown(title: str, table: pd.DataFrame, digits: int = 3) -> None:
    """Print a table whose index is its first column."""
    head = ["", *table.columns]
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for name, row in table.iterrows():
        cells = [cell if isinstance(cell, str) else "" if pd.isna(cell) else f"{cell:.{digits}f}" for cell in row]
        print(f"| {name} | {' | '.join(cells)} |")


def by_case(found: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Return cases x models, each the mean over seeds; the mean of all where a model has all."""
    named = found.assign(name=found["family"] + ": " + found["case"])
    table = named.pivot_table(figure, "name", "model", sort=False)
    return pd.concat([table, table.mean(skipna=False).to_frame("mean").T])


def by_family(found: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Return families x models, each the mean over cases; of a family that a model has all cases of."""
    table = found.pivot_table(figure, ["family", "case"], "model", sort=False)
    return table.groupby("family", sort=False).agg(lambda column: column.mean(skipna=False))


def against_bayes(found: pd.DataFrame) -> pd.DataFrame:
    """Return how near each model comes to Bayes' rule: on average, and where it does worst."""
    accuracy, loss = by_case(found, "accuracy").iloc[:-1], by_case(found, "log_loss").iloc[:-1]
    share = accuracy.div(accuracy[BAYES], axis=0)
    excess = loss.sub(loss[BAYES], axis=0)
    rows = {}
    for model in [column for column in accuracy if column != BAYES]:
        ratios, over = share[model].dropna(), excess[model].dropna()
        rows[model] = {
            "cases": str(len(ratios)),
            "accuracy / Bayes'": ratios.mean(),
            "worst": ratios.min(),
            "worst on": ratios.idxmin(),
            "log-loss over Bayes'": over.mean(),
            "largest": over.max(),
            "largest on": over.idxmax(),
            "seconds": found.loc[found["model"] == model, "seconds"].sum(),
        }
    return pd.DataFrame(rows).T


def worst(found: pd.DataFrame, model: str) -> str:
    """Return the cases on which a model is furthest from Bayes' rule, in accuracy and in log-loss."""
    lines = []
    for figure, sign in (("accuracy", -1), ("log_loss", 1)):
        table = by_case(found, figure).iloc[:-1]
        over = (sign * (table[model] - table[BAYES])).dropna().nlargest(WORST)
        cells = (f"{name} ({table.loc[name, model]:.3f}, Bayes {table.loc[name, BAYES]:.3f})" for name in over.index)
        lines.append(f"{model}, worst {figure}: {'; '.join(cells)}")
    return "\n".join(lines)


def beaten(found: pd.DataFrame) -> list[str]:
    """Return where a model does better than Bayes' rule by more than chance, which is a fault of what is planted."""
    each = found[found["model"] != BAYES].groupby(["family", "case", "model"], sort=False)
    faults = []
    for figure in ("accuracy", "log_loss"):
        errors = each[f"{figure}_beats_bayes"].agg(lambda seeds: seeds.sum() / len(seeds) ** 0.5)
        for names, many in errors[errors > MOST_ERRORS].items():
            faults.append(f"{': '.join(names)}, {figure} by {many:.1f} standard errors")
    return faults


def main() -> None:
    """Print the tables that are asked for."""
    known = MODELS | PEERS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a regular expression, searched for in 'family: case'")
    parser.add_argument("--models", default=",".join(MODELS), help=f"{', '.join(known)}; or all")
    parser.add_argument("--figures", default="accuracy,log_loss", help=", ".join(FIGURES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where all figures go, a record a case, seed and model")
    parser.add_argument("--list", action="store_true", help="print the names of the cases and stop")
    args = parser.parse_args()
    if args.list:
        print("\n".join(f"{kind.family}: {kind.name}" for kind in kinds(args.only)))
        return
    names = list(known) if args.models == "all" else args.models.split(",")
    asked = args.figures.split(",")
    if unknown := [name for name in names if name not in known] + [name for name in asked if name not in FIGURES]:
        parser.error(f"there is no {', '.join(unknown)}: models are {', '.join(known)}, figures {', '.join(FIGURES)}")
    if not kinds(args.only):
        parser.error(f"no case is called like {args.only!r}")
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore")  # peers' own
    if MACE is None:
        print("crowd-kit is not installed: its models are left out.")
    found = run(cases(args.seeds, args.only), {name: known[name] for name in names})
    if args.json:
        args.json.write_text(found.to_json(orient="records", indent=1))
    order = [name for name in [*names, BAYES] if name in set(found["model"])]
    for figure in asked:
        markdown(TITLES[figure], by_case(found, figure)[order])
        if not args.only:
            markdown(f"{TITLES[figure]}: mean of each family", by_family(found, figure)[order])
    markdown("Against Bayes' rule", against_bayes(found).loc[order[:-1]])
    print()
    for name in order[:-1]:
        print(worst(found, name))
    print("\nBayes' rule is beaten by more than chance:", "; ".join(beaten(found)) or "nowhere.")


if __name__ == "__main__":
    main()
