"""How often the intervals of the coefficients hold the truth, in simulation.

Items have a class, drawn with the shares of the setting; each person knows it with a probability, and elsewhere draws a
value with the same shares, so that alpha and kappa are that probability squared. A row is a setting: how often the
figure was shown (not withheld, neither for few items nor for few that hold another answer than the commonest), how
often the interval held the truth where it was shown, its mean width, and how often percentile intervals of the same
resamples did.

    python benchmarks/gold_intervals.py [--times 1000] [--items 100 300] [--figures alpha ac1 percent]
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold import coefficient as module
from retrolabel.gold import gwet_ac1, krippendorff_alpha, percent_agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.gold.coefficient import Coefficient, Statistic

SIX = (0.35, 0.25, 0.15, 0.1, 0.1, 0.05)
SHARES = {"six classes": SIX, "binary, 20 %": (0.8, 0.2), "binary, 10 %": (0.9, 0.1), "binary, 5 %": (0.95, 0.05)}
FIGURES = {"alpha": krippendorff_alpha, "ac1": gwet_ac1, "percent": percent_agreement}
SHOWN_ENOUGH = 0.5
"""Where a figure is shown less often, those that are shown are the unusual draws."""


def ratings(rng: np.random.Generator, shares: tuple[float, ...], people: int, items: int, alpha: float) -> np.ndarray:
    """Draw ratings [people, items]."""
    k = len(shares)
    truth = rng.choice(k, items, p=shares)
    knows = rng.random((people, items)) < alpha**0.5
    return np.where(knows, truth, rng.choice(k, (people, items), p=shares))


def true_value(figure: str, shares: tuple[float, ...], alpha: float) -> float:
    """Return what a coefficient is of all items there are."""
    same = float(np.sum(np.square(shares)))
    agreement = alpha + (1 - alpha) * same
    chance = {"alpha": same, "ac1": (1 - same) / (len(shares) - 1), "percent": 0.0}[figure]
    return (agreement - chance) / (1 - chance)


def settings(sizes: list[int]) -> Iterator[tuple[str, int, int, float]]:
    """Yield names of shares, people, items and alpha."""
    for name in SHARES:
        for items in sizes:
            for people in (2, 3, 5):
                for alpha in (0.4, 0.7, 0.9):
                    yield name, people, items, alpha


def holding(figure: str, setting: tuple[str, int, int, float], *, times: int) -> dict[str, float]:
    """Return how often a figure was shown, and how often its interval held the truth where it was."""
    name, people, items, alpha = setting
    rng = np.random.default_rng([people, items, int(100 * alpha), len(SHARES[name])])
    truth = true_value(figure, SHARES[name], alpha)
    found: list[Coefficient] = [
        FIGURES[figure](ratings(rng, SHARES[name], people, items, alpha), seed=time) for time in range(times)
    ]
    held = [each.low - 1e-9 <= truth <= each.high + 1e-9 for each in found if not each.why]
    widths = [each.high - each.low for each in found if not each.why]
    return {
        "shown": len(held) / times,
        "held": float(np.mean(held)) if held else float("nan"),
        "width": float(np.mean(widths)) if widths else float("nan"),
    }


def percentiles(statistic: Statistic, value: float, _without: np.ndarray, draws: int, seed: int) -> tuple[float, float]:
    """Return the percentile interval, in place of the one that ships."""
    found = module.resampled(statistic, draws, seed)
    found = found[~np.isnan(found)]
    low, high = np.quantile(found, [0.025, 0.975]) if len(found) else (value, value)
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--items", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--figures", nargs="+", choices=FIGURES, default=["alpha"])
    asked = parser.parse_args()
    shipped = module._bca  # noqa: SLF001 - another way is put in its place
    print("| figure | answers | people | items | alpha | shown | held | width | percentile |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    enough: list[float] = []
    for figure in asked.figures:
        for setting in settings(asked.items):
            row = holding(figure, setting, times=asked.times)
            module._bca = percentiles  # noqa: SLF001
            percentile = holding(figure, setting, times=asked.times)["held"]
            module._bca = shipped  # noqa: SLF001
            name, people, items, alpha = setting
            print(
                f"| {figure} | {name} | {people} | {items} | {alpha} | {row['shown']:.0%} | {row['held']:.1%}"
                f" | {row['width']:.3f} | {percentile:.1%} |",
                flush=True,
            )
            if row["shown"] >= SHOWN_ENOUGH:
                enough.append(row["held"])
    print(
        f"\nWhere a figure is shown in half of the draws or more ({len(enough)} settings): held"
        f" {min(enough):.1%} to {max(enough):.1%}, mean {np.mean(enough):.1%}"
    )


if __name__ == "__main__":
    main()
