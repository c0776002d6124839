"""How often people are said to agree less: where they do not, and where a fall was planted.

    python benchmarks/gold_alarm.py once|years [--times 400]

``once`` is one look: 60 items that three people answered, held against those before. ``years`` imports 20 items a week
for a year, and looks after each import, as `gold import` does: how many stable years have an alarm, how many alarms,
and how soon a fall that holds from the 27th week on is told. Items have one of four labels (50, 25, 15 and 10 %); a
person knows the label with the root of alpha as probability, and throws dice with these shares else, so that alpha is
what it says.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import numpy as np

from retrolabel import Label, LabelSchema
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.gold.coding import Ratings
from retrolabel.gold.falling import change_of_agreement
from retrolabel.jobs.gold.watching import gold_alarm, watched
from retrolabel.jobs.records.gold import Answer
from retrolabel.schema.history import History

SHARES = (0.5, 0.25, 0.15, 0.1)
LABELS = tuple("abcd")
PEOPLE = ("ana", "ben", "cleo")
ONCE = [(60, 240, 0.82, 0.82), (60, 60, 0.82, 0.82), (60, 1_000, 0.82, 0.82), (60, 240, 0.58, 0.58)]
ONCE += [(200, 1_000, 0.82, 0.82), (60, 240, 0.82, 0.7), (60, 240, 0.82, 0.58), (120, 240, 0.82, 0.7)]
WEEKS, A_WEEK, FALLS_AT = 52, 20, 26
JANUARY = datetime(2026, 1, 5, tzinfo=UTC)


def codes(rng: np.random.Generator, items: int, alpha: float) -> np.ndarray:
    """Draw what three people say: int [people, items]."""
    shape, k = (len(PEOPLE), items), len(SHARES)
    truth = rng.choice(k, items, p=SHARES)
    return np.where(rng.random(shape) < alpha**0.5, truth, rng.choice(k, shape, p=SHARES)).astype(np.int32)


def ratings(rng: np.random.Generator, items: int, alpha: float) -> Ratings:
    """Draw the same as ratings."""
    return Ratings(codes(rng, items, alpha), LABELS, PEOPLE, tuple(range(items)))


def once(times: int) -> None:
    """Print how often one look says that people agree less."""
    print("| items now | before | alpha before | now | told |\n| ---: | ---: | ---: | ---: | ---: |")
    for now, before, alpha, then in ONCE:
        told = 0
        for seed in range(times):
            rng = np.random.default_rng([seed, now, before])
            told += change_of_agreement(ratings(rng, now, then), ratings(rng, before, alpha), seed=seed).fell
        print(f"| {now} | {before:,} | {alpha} | {then} | {told / times:.1%} |".replace("%", " %"), flush=True)


class Nothing:
    """A book of feedback in which no text was revised."""

    def revisions(self, _source: str, _item_ids: list[str]) -> dict[str, str]:
        """Return that nothing was."""
        return {}


def year(seed: int, alpha: float, then: float) -> list[int]:
    """Return the weeks of a year after whose import people are said to agree less."""
    history = History([LabelSchema(task="mood", version="1.0.0", labels=[Label(each) for each in LABELS])])
    rng = np.random.default_rng([seed, int(100 * then)])
    answers: list[Answer] = []
    last, told = None, []
    for week in range(WEEKS):
        at = JANUARY + timedelta(weeks=week)
        said = codes(rng, A_WEEK, then if week >= FALLS_AT else alpha)
        for (who, n), code in np.ndenumerate(said):
            label = HumanLabel(
                "web", f"{week}-{n}", PEOPLE[who], LABELS[code], "1.0.0", "dev", sampling="random", batch=week
            )
            answers.append(Answer(label, None, None, at))
        found = watched(answers, task="mood", history=history, feedback=Nothing(), draws={})  # type: ignore[arg-type]
        event = gold_alarm(found, last, at)
        if event is not None:
            last = event
            told.append(week)
    return told


def years(times: int) -> None:
    """Print how many stable years have an alarm, and how soon a fall is told."""
    stable = [year(seed, 0.82, 0.82) for seed in range(times)]
    print(f"{times} stable years at .82: {sum(map(bool, stable))} with an alarm, {sum(map(len, stable))} alarms")
    for then in (0.7, 0.58):
        found = [[week for week in year(seed, 0.82, then) if week >= FALLS_AT] for seed in range(times)]
        weeks = [each[0] - FALLS_AT + 1 for each in found if each]
        within = [sum(week <= most for week in weeks) for most in (2, 4, 8, 26)]
        print(
            f"{times} years that fall to {then}: told within 2, 4, 8, 26 weeks {within}; alarms {sum(map(len, found))}"
        )


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["once", "years"])
    parser.add_argument("--times", type=int, default=400)
    asked = parser.parse_args()
    {"once": once, "years": years}[asked.what](asked.times)


if __name__ == "__main__":
    main()
