"""Whether `gold people` is fair: intervals of a share, wrong orders, changes that are none, breaks, real crowds.

    python benchmarks/agreement_people.py shares|judging|drift|breaks|crowds [--times 500]

``shares``: people with shares of four kinds, 12, 50 or 200 judged answers each; how often the interval by itself and
the pooled one hold a person's share, how wide they are, and in how many simulations somebody is said to stand above
somebody who is as good or better. ``judging``: three, five or eight people answer 200 items; a share of the items is
hard. How far what the others say is from the truth: the mean error of a person's share, by others without the person,
and, as a warning, by the majority that the person is part of. ``drift``: how often a stable person is said to have
changed, among so many people, and how often one who falls by twenty points is. ``breaks``: log-normal times, a part of
them breaks. ``crowds`` reads the folder that RETROLABEL_DATA names: shares by the others beside shares by the truth.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from retrolabel.gold.adjudication import HumanLabel
from retrolabel.gold.agreement import wilson
from retrolabel.gold.deciding import Adjudication
from retrolabel.gold.handling_time import FEWEST_FOR_INTERVAL, common_spread, gaps, handling_time
from retrolabel.gold.pooling import pooled_shares
from retrolabel.jobs.gold.people.judging import Judged, Read, judged
from retrolabel.jobs.gold.people.measuring import LEAST_RANKED, _drift
from retrolabel.jobs.records.gold import Answer

KINDS = {
    "all alike": lambda _rng, people: np.full(people, 0.85),
    "near .85": lambda rng, people: rng.beta(17, 3, people),
    "one guesses": lambda _rng, people: np.r_[np.full(people - 1, 0.9), 0.55],
    "very unlike": lambda rng, people: rng.uniform(0.5, 1, people),
}
ANSWERS = (12, 50, 200)
START = datetime(2026, 1, 1, tzinfo=UTC)


def shares(kind: str, people: int, times: int) -> dict[str, float]:
    """Return how often intervals hold a person's share, and how often an order is wrong."""
    found: Counter[str] = Counter()
    for seed in range(times):
        rng = np.random.default_rng([seed, people, len(kind)])
        true, of = KINDS[kind](rng, people), rng.choice(ANSWERS, people)
        hits = rng.binomial(of, true)
        ways = {"pooled": pooled_shares(hits.tolist(), of.tolist())}
        ways["alone"] = tuple(wilson(int(y), int(n)) for y, n in zip(hits, of, strict=True))
        ends = {way: np.array([(each.low, each.high) for each in each_of]) for way, each_of in ways.items()}
        for way, between in ends.items():
            holds = (between[:, 0] <= true) & (true <= between[:, 1])
            found[way] += int(holds.sum())
            found[f"{way}, 12"] += int(holds[of == ANSWERS[0]].sum())
            found[f"{way}, width"] += float(np.diff(between).sum())  # type: ignore[assignment]  # a sum of widths
        found["with 12"] += int((of == ANSWERS[0]).sum())
        enough = of >= LEAST_RANKED
        above = np.logical_and.reduce([between[:, None, 0] > between[None, :, 1] for between in ends.values()])
        above &= enough[:, None] & enough[None, :]
        found["said"] += int(above.any())
        found["wrong"] += int((above & (true[:, None] <= true[None, :])).any())
    all_of = times * people
    return {
        **{way: found[way] / all_of for way in ("pooled", "alone", "pooled, width", "alone, width")},
        **{way: found[way] / max(found["with 12"], 1) for way in ("pooled, 12", "alone, 12")},
        **{way: found[way] / times for way in ("said", "wrong")},
    }


def of_codes(codes: dict[str, dict[str, str]]) -> list[Judged]:
    """Return what is judged of item -> person -> label."""
    said = {
        ("web", item): {
            person: (Answer(HumanLabel("web", item, person, label, "1.0.0", "dev"), None, None), label)
            for person, label in given.items()
        }
        for item, given in codes.items()
    }
    return judged(Read(said, {}, 0), Adjudication())


def judging(people: int, hard: float, times: int) -> tuple[float, float, float]:
    """Return the mean errors of a person's share: by the others, by all; and the share of answers that are judged."""
    others, everybody, part = [], [], []
    for seed in range(times):
        rng = np.random.default_rng([seed, people, int(100 * hard)])
        truth = rng.choice(3, 200)
        skill = rng.uniform(0.7, 0.98, people)[:, None] - 0.35 * (rng.random(200) < hard)
        codes = np.where(rng.random((people, 200)) < skill, truth, rng.choice(3, (people, 200)))
        true = (codes == truth).mean(axis=1)
        found = of_codes({str(n): {str(p): str(codes[p, n]) for p in range(people)} for n in range(200)})
        mine = defaultdict(list)
        for each in found:
            mine[each.person].append(each.right)
        counts = np.stack([(codes == label).sum(axis=0) for label in range(3)])
        ties = (counts == counts.max(axis=0)).sum(axis=0) > 1
        majority = (codes == counts.argmax(axis=0))[:, ~ties].mean(axis=1)
        others += [np.mean(mine[str(p)]) - true[p] for p in range(people)]
        everybody += list(majority - true)
        part.append(len(found) / codes.size)
    return float(np.mean(others)), float(np.mean(everybody)), float(np.mean(part))


def drifting(people: int, answers: int, fall: float, times: int) -> float:
    """Return in how many simulations somebody is said to have changed; of a fall, how often the one who fell is."""
    seen = 0
    for seed in range(times):
        rng = np.random.default_rng([seed, people, answers])
        for person in range(people if not fall else 1):
            share = np.where(np.arange(answers) < answers // 2, 0.85, 0.85 - fall)
            right = rng.random(answers) < share
            mine = [
                Judged(str(person), "a" if each else "b", "a", honeypot=False, at=START + timedelta(hours=n))
                for n, each in enumerate(right)
            ]
            if _drift(mine, people).seen:
                seen += 1
                break
    return seen / times


def breaks(part: float, answers: int, times: int) -> tuple[float, float, float]:
    """Return the mean error of the median as a share of it, breaks left out and not; and how often it holds."""
    kept, plain, holds = [], [], 0
    for seed in range(times):
        rng = np.random.default_rng([seed, answers, int(100 * part)])
        middle, spread = rng.uniform(8, 60), rng.uniform(0.3, 0.9)
        worked = np.exp(np.log(middle) + spread * rng.standard_normal(answers))
        pause = np.exp(rng.uniform(np.log(600), np.log(60_000), answers))
        seconds = np.where(rng.random(answers) < part, pause, worked)
        found = handling_time(seconds.tolist())
        kept.append(found.median / middle - 1)
        plain.append(np.median(seconds) / middle - 1)
        holds += found.low <= middle <= found.high
    return float(np.mean(kept)), float(np.mean(plain)), holds / times


def crowds() -> None:
    """Print how near shares by the others are to shares by the truth, on crowds whose truth is known."""
    import pandas as pd

    data = Path(os.environ["RETROLABEL_DATA"])
    print("| crowd | people with 30 judged | mean share by the truth | by others | mean error | correlation | holds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    places = [("crowd_zheng2017", name) for name in ("duck", "product", "dog", "face")]
    for folder, name in [*places, ("crowd_get_another_label", "barzan")]:
        answers = pd.read_parquet(next((data / folder).glob(f"**/{name}_answers.parquet")))
        truth = pd.read_parquet(
            next(p for p in (data / folder).glob(f"**/{name}_*.parquet") if "answers" not in p.name)
        )
        known = dict(zip(truth.iloc[:, 0].astype(str), truth.iloc[:, -1].astype(str), strict=True))
        given: dict[str, dict[str, str]] = defaultdict(dict)
        for item, person, label in answers[["item_id", "worker_id", "label"]].astype(str).itertuples(index=False):
            given[item][person] = label
        mine = defaultdict(list)
        for each in of_codes(given):
            mine[each.person].append(each.right)
        right = defaultdict(list)
        for item, said in given.items():
            for person, label in said.items():
                if item in known:
                    right[person].append(label == known[item])
        people = [p for p in mine if len(mine[p]) >= LEAST_RANKED and len(right[p]) >= LEAST_RANKED]
        pooled = pooled_shares([sum(mine[p]) for p in people], [len(mine[p]) for p in people])
        true = np.array([np.mean(right[p]) for p in people])
        by_others = np.array([np.mean(mine[p]) for p in people])
        holds = np.mean([e.low <= t <= e.high for e, t in zip(pooled, true, strict=True)])
        error, r = np.abs(by_others - true).mean(), np.corrcoef(by_others, true)[0, 1]
        cells = [name, len(people), f"{true.mean():.3f}", f"{by_others.mean():.3f}", f"{error:.3f}", f"{r:.2f}"]
        print(f"| {' | '.join(map(str, cells))} | {holds:.0%} |", flush=True)
    survey = pd.read_parquet(next((data / "bug_fault_survey").glob("*.parquet")))
    survey["at"] = [each.timestamp() for each in pd.to_datetime(survey["timestamp"])]
    sessions = [mine for _, mine in survey.groupby("worker_session") if len(mine) >= FEWEST_FOR_INTERVAL]
    ways = {"time_spent": [mine["time_spent"].tolist() for mine in sessions]}
    ways["gaps"] = [gaps(mine["at"].tolist()) for mine in sessions]
    for way, times in ways.items():
        known = [mine for mine in times if mine]
        spread = common_spread(known)
        found = [each for each in (handling_time(mine, spread) for mine in known) if each is not None]
        print(f"bug_fault_survey, {way}: {len(found)} of {len(times)} sessions have times, {sum(map(len, known))}")
        if found:
            plain, without = (np.median(each) for each in (list(map(np.median, known)), [e.median for e in found]))
            print(f"  {sum(each.breaks for each in found)} breaks, the longest {max(map(max, known)):,.0f} s", end="; ")
            print(f"median of medians {without:.0f} s, {plain:.0f} s with breaks; spread {spread:.2f}")


def show_shares(times: int) -> None:
    """Print the table of intervals and orders."""
    titles = ["people", "of them", "pooled", "alone", "pooled, 12", "alone, 12", "pooled, width", "alone, width"]
    print(f"| {' | '.join([*titles, 'said', 'wrong'])} |\n| --- {'| ---: ' * 9}|")
    for kind in KINDS:
        for people in (3, 8, 30):
            told = shares(kind, people, times)
            rows = [f"{told[t]:.2f}" if "width" in t else f"{told[t]:.1%}" for t in [*titles[2:], "said", "wrong"]]
            print(f"| {kind} | {people} | {' | '.join(rows)} |".replace("%", " %"), flush=True)


def show_judging(times: int) -> None:
    """Print how far what the others say is from the truth."""
    print("| people | hard items | error by the others | by all | judged |\n| ---: | ---: | ---: | ---: | ---: |")
    for people in (3, 5, 8):
        for hard in (0.0, 0.3):
            others, everybody, part = judging(people, hard, times // 5)
            row = f"| {people} | {hard:.0%} | {others:+.3f} | {everybody:+.3f} | {part:.0%} |"
            print(row.replace("%", " %"), flush=True)


def show_drift(times: int) -> None:
    """Print how often a change is seen."""
    print("| people | judged answers | none changed, said | fell by .20, said |\n| ---: | ---: | ---: | ---: |")
    for people in (1, 3, 8):
        for answers in (40, 100, 300):
            said = [drifting(people, answers, fall, times) for fall in (0.0, 0.2)]
            print(f"| {people} | {answers} | {said[0]:.1%} | {said[1]:.1%} |".replace("%", " %"), flush=True)


def show_breaks(times: int) -> None:
    """Print how well breaks are told from answers."""
    print("| breaks | answers | error of the median | with breaks | holds |\n| ---: | ---: | ---: | ---: | ---: |")
    for part in (0.0, 0.05, 0.15, 0.25):
        for answers in (20, 60, 300):
            kept, plain, holds = breaks(part, answers, times)
            row = f"| {part:.0%} | {answers} | {kept:+.1%} | {plain:+.1%} | {holds:.1%} |"
            print(row.replace("%", " %"), flush=True)


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = {"shares": show_shares, "judging": show_judging, "drift": show_drift, "breaks": show_breaks}
    parser.add_argument("what", choices=[*tables, "crowds"])
    parser.add_argument("--times", type=int, default=500)
    asked = parser.parse_args()
    if asked.what == "crowds":
        crowds()
    else:
        tables[asked.what](asked.times)


if __name__ == "__main__":
    main()
