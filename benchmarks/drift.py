"""Drift on simulated feedback: false alarms in stable months, and how soon planted changes are found.

python benchmarks/drift.py stable|planted|accepted [--looks 200] [--first 0] [--of 1,000]

A look is what one night sees: four weeks against 24 before (and four between, left out or taken to the newest), over 20
labeling functions, 4 labels, one column of texts with 2,000 words. Every look has its own months. A planted change
begins on a random day of the first of two windows. It is found where an alarm names it.

``accepted``: a change begins with a window; whatever the looks at that window and the next one raise is accepted, each
since its own day. Four windows later, which are stable, a look may raise any alarm only as often as at stable months;
then the same change comes again, and is to be found within two windows.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.drift import drift
from retrolabel.analysis.drift_accepted import Accepted
from retrolabel.analysis.drift_simulated import LOOK, weeks_of
from retrolabel.simulation.traffic import Change, Usual, simulate_traffic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.drift_alarms import Alarm

WINDOW = 4
STABLE = {
    "200 a month": Usual(per_month=200),
    "1,000 a month": Usual(per_month=1_000),
    "5,000 a month": Usual(per_month=5_000),
    "20,000 a month": Usual(per_month=20_000),
    "5,000, growing by 15% a month": Usual(growth=0.15),
    "5,000, shrinking by 15% a month": Usual(growth=-0.15),
    "5,000, days three times as unlike": Usual(unrest=0.45),
    "5,000, a day keeps half of the day before": Usual(memory=0.5),
    "5,000, a day keeps 0.8 of the day before": Usual(memory=0.8),
    "5,000, a label swings by 0.3 log-odds a year": Usual(season=0.3),
}
PLANTED = {
    "a function's rate of 5% + 50%": ("rate", 1.5, "labeling function"),
    "a function's rate of 5% halves": ("rate", 0.5, "labeling function"),
    "a label of 25% gains 5 points": ("share", 0.05, "label"),
    "a new word in 5% of the items": ("word", 0.05, "words"),
    "texts are twice as long": ("length", 2.0, "length"),
}
SIZES = (1_000, 5_000, 20_000)


def finds(found: Drift, what: str, kind: str, new_word: int) -> bool:
    """Return whether an alarm names what was planted."""
    named = {"rate": "lf0 -> a", "share": "b", "word": "comment", "length": "comment"}[what]
    alarms = [alarm for alarm in found.alarms if alarm.kind == kind and alarm.what == named]
    return any(what != "word" or f"word #{new_word} " in " ".join(alarm.look_at) for alarm in alarms)


def stable(seeds: range, of: str) -> None:
    """Print how many looks at stable months raise any alarm; of the rows whose name holds ``of``."""
    print("| stable months | looks | with an alarm | |\n| --- | ---: | ---: | --- |")
    for name, usual in STABLE.items():
        if of not in name:
            continue
        kinds: list[str] = []
        alarmed = 0
        for seed in seeds:
            traffic = simulate_traffic(LOOK * WINDOW * 7, usual, seed=seed)
            found = drift(weeks_of(traffic, LOOK * WINDOW))
            alarmed += bool(found.alarms)
            kinds += sorted({alarm.kind for alarm in found.alarms})
        told = ", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds)))
        print(f"| {name} | {len(seeds)} | {alarmed / len(seeds):.1%} | {told} |".replace("%", " %"), flush=True)


def planted(seeds: range, of: str) -> None:
    """Print how many planted changes are found in the window in which they begin, and within two."""
    print("| planted | a month | found in the window of its beginning | within two |\n| --- | ---: | ---: | ---: |")
    for name, (what, size, kind) in PLANTED.items():
        if of not in name:
            continue
        for per_month in SIZES:
            hits = np.array([_looks(what, size, kind, per_month, seed) for seed in seeds])
            shares = (hits[:, 0].mean(), hits.any(axis=1).mean())
            print(f"| {name} | {per_month:,} | {shares[0]:.0%} | {shares[1]:.0%} |".replace("%", " %"), flush=True)


def _looks(what: str, size: float, kind: str, per_month: int, seed: int) -> Sequence[bool]:
    start = (LOOK - 1) * WINDOW * 7 + int(np.random.default_rng(seed).integers(0, WINDOW * 7))
    change = Change(what, start, size)  # type: ignore[arg-type]  # one of the four
    usual = Usual(per_month=per_month)
    traffic = simulate_traffic((LOOK + 1) * WINDOW * 7, usual, changes=[change], seed=seed)
    ends = [LOOK * WINDOW, (LOOK + 1) * WINDOW]
    return [finds(drift(weeks_of(traffic, end)), what, kind, traffic.words.shape[1] - 1) for end in ends]


def accepted(seeds: range, of: str) -> None:
    """Print what becomes of changes that are accepted: alarms of stable months then, and of the same change again."""
    print("| accepted | looks | found and accepted | any alarm, stable since | the same again, within two |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, (what, size, kind) in PLANTED.items():
        if of not in name:
            continue
        hits = np.array([_after_it(what, size, kind, seed) for seed in seeds])
        known = hits[hits[:, 0] > 0]
        shares = " | ".join(f"{share:.1%}" for share in (hits[:, 0].mean(), *known[:, 1:].mean(axis=0)))
        print(f"| {name} | {len(seeds)} | {shares} |".replace("%", " %"), flush=True)


def _after_it(what: str, size: float, kind: str, seed: int) -> Sequence[bool]:
    """Return whether a change was accepted, whether stable weeks then raise any alarm, whether it is found again."""
    begins, later = (LOOK - 1) * WINDOW, (LOOK + 4) * WINDOW
    once = Change(what, begins * 7, size)  # type: ignore[arg-type]  # one of the four
    twice = Change(what, later * 7, 0.1 if what == "word" else size)  # type: ignore[arg-type]  # the same
    traffic = simulate_traffic((later + 2 * WINDOW) * 7, Usual(), changes=[once, twice], seed=seed)
    said: list[Accepted] = []
    for end in (begins + WINDOW, begins + 2 * WINDOW):
        said += _taken(drift(weeks_of(traffic, end), accepted=said).alarms)
    word = traffic.words.shape[1] - 1
    looks = [drift(weeks_of(traffic, end), accepted=said) for end in (later, later + WINDOW, later + 2 * WINDOW)]
    again = any(finds(look, what, kind, word) for look in looks[1:])
    return bool(said), bool(looks[0].alarms), again


def _taken(alarms: Iterable[Alarm]) -> list[Accepted]:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    return [Accepted(each.subject, date.fromisoformat(each.since), "ana", "", at) for each in alarms]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["stable", "planted", "accepted"])
    parser.add_argument("--looks", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed; others than those that it was made by")
    parser.add_argument("--of", default="", help="only rows whose name holds this")
    asked = parser.parse_args()
    {"stable": stable, "planted": planted, "accepted": accepted}[asked.what](
        range(asked.first, asked.first + asked.looks), asked.of
    )


if __name__ == "__main__":
    main()
