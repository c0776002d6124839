"""What a little gold says of a whole corpus, and whether its intervals and sets hold what they promise.

simulated: corpora of 3,000 items with a planted share and predictions of planted strength, that are off in how sure
they are; gold is a random sample, one looked at by fifths of the predictions, a stratified one, a uniform core with
strata, or drawn by how unsure the predictions are. How often the 95 % intervals hold the share, and how wide they are.
votes: labeling functions of the data folder. Gold is a random sample; posteriors are cross-fitted over five folds, as
a relabel does. How frequent each label is and how many labels are right, with and without predictions.
sets: the same draws; how often the labels that stay possible hold the truth, how many they are, and how much more
often an item with one possible label has the right one.
errors: one gold label in ten is changed; how many of the first ten suspects are among them, beside cleanlab where it
is installed (pip install cleanlab).

    RETROLABEL_DATA=... python benchmarks/gold_estimates.py [simulated] [votes] [sets] [errors] [--draws 200]

The tables are Markdown.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from real_votes import SETS, votes_of

from retrolabel import LabelModel
from retrolabel.gold.conformal import conformal_sets
from retrolabel.gold.estimation import estimate_mean, estimate_prevalence
from retrolabel.gold.readiness import suspects, suspects_by_cleanlab
from retrolabel.jobs.label_sets.fitting import FOLDS, fold_of
from retrolabel.label_models.gold import GoldSets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.votes import Patterns

SIZES = (100, 300)
DESIGNS = ("random", "by fifths", "stratified", "core and strata", "by uncertainty")
SHARES = (0.05, 0.2, 0.5, 0.85)
STRENGTHS = (0.5, 2.0, 3.5)
ITEMS = 3_000


class Draw(NamedTuple):
    """Gold on some items of a corpus, and what a label model says of all that are known.

    Attributes:
        truth: int [N].
        gold: int [N], -1 where nobody looked.
        probabilities: float [N, k]; on gold items cross-fitted.
        full: float [N, k]: by the model that saw all gold.
    """

    truth: np.ndarray
    gold: np.ndarray
    probabilities: np.ndarray
    full: np.ndarray

    @property
    def keys(self) -> list[str]:
        return [str(row) for row in range(len(self.truth))]


@cache
def corpus(name: str) -> tuple[Patterns, np.ndarray, np.ndarray]:
    """Return the patterns of a set, the pattern of each item whose truth is known, and the truth."""
    votes, truth, _ = votes_of(name)
    patterns, known = votes.patterns(), truth >= 0
    return patterns, patterns.inverse[known], truth[known]


def cross_fitted(name: str, gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities of all items, on gold items by models that did not see them; and by all gold."""
    patterns, where, _ = corpus(name)
    rows = np.flatnonzero(gold >= 0)
    possible = gold[rows, None] == np.arange(len(patterns.labels))
    known = GoldSets(where[rows], possible, np.ones(len(rows)))
    folds = np.array([fold_of(name, str(row)) for row in rows])
    full = LabelModel().fit(patterns, known).predict_proba(patterns)[where]
    found = full.copy()
    for fold in range(FOLDS):
        out = folds == fold
        model = LabelModel().fit(patterns, known.take(~out))
        found[rows[out]] = model.predict_proba(patterns)[where[rows[out]]]
    return found, full


def draws(name: str, n: int, times: int) -> Iterator[Draw]:
    """Yield random gold on a set of labeling functions."""
    _, _, truth = corpus(name)
    for seed in range(times):
        drawn = np.random.default_rng(seed).choice(len(truth), n, replace=False)
        gold = np.full(len(truth), -1)
        gold[drawn] = truth[drawn]
        yield Draw(truth, gold, *cross_fitted(name, gold))


def holds(found: object, truth: float) -> bool:
    return found.low <= truth <= found.high


def planted(random: np.random.Generator, share: float, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Return 0/1 truths with a share, and predictions that are less sure than they might be."""
    truth = random.random(ITEMS) < share
    seen = random.normal(size=ITEMS) + strength * truth
    odds = strength * seen - strength**2 / 2 + np.log(share / (1 - share))
    return truth.astype(float), (1 / (1 + np.exp(-odds))) ** 0.6


def drawn_by(
    design: str, random: np.random.Generator, told: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Return the rows of gold, the probabilities with which they were drawn, and the strata."""
    fifths = np.argsort(np.argsort(told)) * 5 // len(told)
    each = [np.flatnonzero(fifths == fifth) for fifth in range(5)]
    if design == "random":
        return random.choice(len(told), n, replace=False), None, None
    if design == "by fifths":
        return random.choice(len(told), n, replace=False), None, fifths
    chance = np.empty(len(told))
    if design == "stratified":
        sizes = np.array([n * part // 10 for part in (1, 1, 2, 3, 3)])  # more of what is likely
        for rows, size in zip(each, sizes, strict=True):
            chance[rows] = size / len(rows)
        return (
            np.concatenate([random.choice(r, s, replace=False) for r, s in zip(each, sizes, strict=True)]),
            chance,
            fifths,
        )
    if design == "core and strata":
        rows = {int(row) for row in random.choice(len(told), n // 2, replace=False)}
        for part in each:
            rows |= {int(row) for row in random.choice(part, n // 10, replace=False)}
            chance[part] = 1 - (1 - n // 2 / len(told)) * (1 - n // 10 / len(part))
        return np.array(sorted(rows)), chance, None
    unsure = 0.05 + told * (1 - told)
    chance = np.minimum(n * unsure / unsure.sum(), 1.0)
    order = random.permutation(len(told))
    upto = np.concatenate([[0.0], np.cumsum(chance[order])]) + random.random()
    return order[np.floor(upto[1:]) > np.floor(upto[:-1])], chance, None


def simulated(times: int) -> None:
    """Print how often intervals hold planted shares, and how wide they are."""
    rows = []
    for design in DESIGNS:
        for strength in STRENGTHS:
            row, widths = [design, f"{strength:g}"], {}
            for n in SIZES:
                inside, wide = [], []
                for place, share in enumerate(SHARES):
                    for seed in range(times):
                        random = np.random.default_rng([seed, n, place])
                        truth, told = planted(random, share, strength)
                        drawn, chance, strata = drawn_by(design, random, told, n)
                        gold = np.full(len(truth), np.nan)
                        gold[drawn] = truth[drawn]
                        found = estimate_mean(gold, told, inclusion=chance, strata=strata)
                        inside.append((holds(found, truth.mean()), holds(found.classical, truth.mean())))
                        wide.append((found.width, found.classical.high - found.classical.low))
                widths[n] = np.mean(wide, axis=0)
                row += [f"{value:.3f}" for value in (*np.mean(inside, axis=0), widths[n][0] / widths[n][1])]
            rows.append([*row, f"{widths[SIZES[0]][0] / widths[SIZES[1]][0]:.2f}"])
    head = ["design", "strength"]
    head += [f"{what}, n = {n}" for n in SIZES for what in ("holds", "classical holds", "width / classical")]
    show(f"95 % intervals of shares {SHARES}, {times} draws each", [*head, "width 100 / 300 (1.73)"], rows)


def votes(times: int) -> None:
    """Print what predictions add on labeling functions."""
    for n in SIZES:
        rows = []
        for name in SETS:
            inside, wide, off, right = [], [], [], []
            for draw in draws(name, n, times):
                found = estimate_prevalence(draw.gold, draw.probabilities)
                share = [float((draw.truth == label).mean()) for label in range(len(found))]
                inside.append([(holds(f, s), holds(f.classical, s)) for f, s in zip(found, share, strict=True)])
                wide.append([(f.width, f.classical.high - f.classical.low) for f in found])
                off.append([(f.value - s, f.classical.value - s) for f, s in zip(found, share, strict=True)])
                right.append(accuracy(draw))
            mean = np.mean(inside, axis=0)
            ratio = np.divide(*np.mean(wide, axis=0).T).mean()
            rmse = np.divide(*np.sqrt(np.mean(np.square(off), axis=0)).T).mean()
            holding = np.mean(right, axis=0)
            figures = (ratio, rmse, mean[:, 0].mean(), mean[:, 0].min(), mean[:, 1].mean(), holding[0])
            rows.append([name.removeprefix("ws_"), *(f"{value:.3f}" for value in (*figures, *holding[1:]))])
        five = [float(row[1]) for row in rows if row[0] != "trec"]
        rows.append(["mean without trec", f"{np.mean(five):.3f}", *[""] * 7])
        head = ["", "width / classical", "error / classical", "holds", "worst label", "classical holds"]
        show(
            f"Prevalence and accuracy, n = {n}, {times} draws",
            [*head, "accuracy holds", "its width / classical", "holds with other gold"],
            rows,
        )


def accuracy(draw: Draw) -> tuple[bool, float, bool]:
    """Return whether the interval of the accuracy holds it, its width beside the classical one, and with other gold.

    On gold items the label is the one of the model that did not see them; the gold items themselves count as they are,
    as ``gold estimate`` has it. The other gold was seen by no model.
    """
    seen = draw.gold >= 0
    label = draw.probabilities.argmax(axis=1)
    gold = np.where(seen, (label == draw.gold).astype(float), np.nan)
    found = estimate_mean(gold, draw.probabilities.max(axis=1))
    right = draw.full.argmax(axis=1) == draw.truth
    more = float(right[seen].sum() - gold[seen].sum()) / len(gold)
    found = replace(found, low=found.low + more, high=found.high + more)
    others = np.random.default_rng(int(np.flatnonzero(seen).sum())).choice(
        np.flatnonzero(~seen), seen.sum(), replace=False
    )
    fresh = np.full(len(right), np.nan)
    fresh[others] = right[others]
    again = estimate_mean(fresh, draw.full.max(axis=1), where=~seen)
    inside = holds(again, right[~seen].mean())
    return holds(found, right.mean()), found.width / (found.classical.high - found.classical.low), inside


def sets(times: int) -> None:
    """Print what conformal sets hold, on items without gold."""
    ways: dict[str, dict[str, bool]] = {
        "default": {},
        "default, likeliest in": {"with_likeliest": True},
        "all labels together": {"by_label": False},
    }
    rows: dict[str, list[list[str]]] = {title: [] for title in ways}
    for name in SETS:
        found = [[of_sets(draw, more) for more in ways.values()] for draw in draws(name, SIZES[0], times)]
        for title, figures in zip(ways, np.swapaxes(found, 0, 1), strict=True):
            values = [figures[:, 0].mean(), np.quantile(figures[:, 0], 0.05), *np.nanmean(figures[:, 1:], axis=0)]
            values.append(values[4] - values[5])
            rows[title].append([name.removeprefix("ws_"), *(f"{value:.3f}" for value in values)])
    head = ["", "holds", "5th percentile", "labels a set", "singletons", "of them right", "plain labels right"]
    for title in ways:
        show(f"Sets at .9, n = {SIZES[0]}, {times} draws: {title}", [*head, "more often"], rows[title])


def of_sets(draw: Draw, more: dict[str, bool]) -> tuple[float, ...]:
    possible = conformal_sets(draw.probabilities, draw.gold, keys=draw.keys, **more)
    new = draw.gold < 0
    hit, size = possible[np.arange(len(new)), draw.truth][new], possible[new].sum(axis=1)
    plain = (draw.probabilities.argmax(axis=1) == draw.truth)[new]
    one = size == 1
    return hit.mean(), size.mean(), one.mean(), hit[one].mean() if one.any() else np.nan, plain.mean()


def errors(times: int) -> None:
    """Print how many of the first ten suspects are planted errors, of gold of a hundred."""
    rows = []
    for name in SETS:
        found: list[tuple[float, float]] = []
        _, _, truth = corpus(name)
        k = len(corpus(name)[0].labels)
        for seed in range(times):
            random = np.random.default_rng(seed)
            drawn = random.choice(len(truth), SIZES[0], replace=False)
            gold = np.full(len(truth), -1)
            gold[drawn] = truth[drawn]
            wrong = drawn[:10]
            gold[wrong] = (gold[wrong] + random.integers(1, k, 10)) % k
            probabilities, _ = cross_fitted(name, gold)
            others = suspects_by_cleanlab(probabilities, gold) if len(set(gold[drawn])) == k else None
            theirs = np.nan if others is None else float(np.isin(others[:10], wrong).sum())
            found.append((float(np.isin(suspects(probabilities, gold)[0][:10], wrong).sum()), theirs))
        ours = np.array(found)
        both = ~np.isnan(ours[:, 1])
        beside = [f"{value:.1f}" for value in ours[both].mean(axis=0)] if both.any() else ["", ""]
        rows.append([name.removeprefix("ws_"), f"{ours[:, 0].mean():.1f}", *beside])
    head = ["", "errors among the first 10", "the same, where cleanlab can look", "cleanlab"]
    show(f"Ten errors in a hundred gold labels, {times} draws", head, rows)


def show(title: str, head: list[str], rows: list[list[str]]) -> None:
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    """Print the tables that are asked for."""
    parts = {"simulated": simulated, "votes": votes, "sets": sets, "errors": errors}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=[], help=", ".join(parts))
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    for name in asked.parts or list(parts):
        parts[name](asked.draws)


if __name__ == "__main__":
    main()
