"""Whether `gold diagnose` finds the cause that was planted, and how often it finds one where none was.

    python benchmarks/agreement_causes.py [known|held_out|repeats] [--times 20] [--nothing 40]

300 items, three people (eight for taste), everybody asked again about 50 items. Each setting draws its items, plants a
cause, and diagnoses: `known` are the settings that the tests were built with, `held_out` others that were looked at
only when they were done, two of them with texts of another kind: the simulated feedback of the demo, and titles of real
issues (of the folder that RETROLABEL_DATA names). `repeats` asks how many answers have to be given again.

The kind of item that an unclear spec is about is a word that some 15 to 35 % of the items hold.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd

from retrolabel.analysis.item_kinds import kinds_of_items
from retrolabel.gold.causes.diagnosis import diagnose
from retrolabel.gold.causes.panel import panel_of
from retrolabel.simulation.people import OnePerson, Taste, UnclearData, UnclearSpec, people_who_disagree
from retrolabel.wiring.simulation import simulate

ITEMS = 300
CAUSES = ("spec", "data", "person", "taste")
BEN = "ben"
WORDS = ["".join(each) for each in product("bdfgklmnprst", "aeiou", "lmnrst", "oa")]


@dataclass(frozen=True)
class Setting:
    """How items and people are drawn.

    Attributes:
        name: What it is.
        labels: How many labels there are, where the items are made of words.
        shares: How frequent each is; all alike if left out.
        people: How many people answer where taste is not planted.
        rate: How often the person who is off is, on the label that they are off on.
        unclear: The share of the items that are unclear.
        again: How many items everybody is asked again about.
        ordinal: Whether the labels are a scale.
        items: Where items come from: ``words``, ``demo`` or ``issues``.
        how: How people slip.
    """

    name: str
    labels: int = 4
    shares: tuple[float, ...] | None = None
    people: int = 3
    rate: float = 0.4
    unclear: float = 0.25
    again: int = 50
    ordinal: bool = False
    items: str = "words"
    how: dict[str, Any] = field(default_factory=lambda: {"slips": 0.06})


KNOWN = (
    Setting("4 labels"),
    Setting("2 labels", labels=2),
    Setting("8 labels, 10 % slips", labels=8, how={"slips": 0.1}),
    Setting(
        "4 labels, 60/20/15/5, slips to the common",
        shares=(0.6, 0.2, 0.15, 0.05),
        how={"slips": 0.12, "towards": "common"},
    ),
    Setting("5 points of a scale, slips to the next", labels=5, ordinal=True, how={"slips": 0.1, "towards": "near"}),
    Setting("2 labels, 95/5", labels=2, shares=(0.95, 0.05), rate=0.15, how={"slips": 0.03}),
    Setting("4 labels, 5 people, 15 % slips", people=5, how={"slips": 0.15}),
)
HELD_OUT = (
    Setting("demo feedback", items="demo"),
    Setting("issue titles, 3 labels", labels=3, items="issues", how={"slips": 0.08}),
    Setting("6 labels, 40/25/15/10/5/5, 4 people", labels=6, shares=(0.4, 0.25, 0.15, 0.1, 0.05, 0.05), people=4),
    Setting("3 labels, people slip 4, 7 and 10 %", labels=3, how={"slips": (0.04, 0.07, 0.1)}),
)


def words(rng: np.random.Generator, setting: Setting) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Draw items of words: frequent and rare ones, some that go with the label, and a column of three values."""
    labels = [f"l{at}" for at in range(setting.labels)]
    said = rng.choice(setting.labels, ITEMS, p=setting.shares)
    often = 1 / np.arange(1, 401)
    rows = []
    for label in said:
        some = [WORDS[at] for at in rng.choice(400, 4 + rng.poisson(11), p=often / often.sum())]
        some += [WORDS[400 + 8 * label + rng.integers(8)] for _ in range(rng.binomial(3, 0.4))]
        rng.shuffle(some)
        rows.append({"comment": " ".join(some), "source": str(rng.choice(["web", "app", "mail"], p=[0.6, 0.3, 0.1]))})
    return pd.DataFrame({"item_id": [f"i{at}" for at in range(ITEMS)], "label": [labels[at] for at in said]}), rows


def demo(rng: np.random.Generator) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Draw items of the demo's feedback, with the failure mode that is true of them."""
    seed = int(rng.integers(1 << 30))
    simulated = simulate(ITEMS, seed=seed)
    frame = simulated.feedback
    both = frame.merge(simulated.truth[["item_id", "failure_mode"]], on="item_id")
    columns = [name for name in frame.columns if name not in ("item_id", "created_at")]
    rows = [{name: row[name] for name in columns} for row in both.to_dict("records")]
    return pd.DataFrame({"item_id": both["item_id"].tolist(), "label": both["failure_mode"].tolist()}), rows


def issues(rng: np.random.Generator) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Draw titles of real issues, with the type that they were given."""
    folder = Path(os.environ["RETROLABEL_DATA"], "github_issues_nlbse24")
    frame = pd.concat([pd.read_parquet(each) for each in sorted(folder.glob("*.parquet"))], ignore_index=True)
    some = frame.sample(ITEMS, random_state=int(rng.integers(1 << 30)))
    rows = [{"title": title, "repo": repo} for title, repo in zip(some["title"], some["repo"], strict=True)]
    return pd.DataFrame({"item_id": [f"i{at}" for at in range(ITEMS)], "label": some["label"].tolist()}), rows


def drawn(rng: np.random.Generator, setting: Setting) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Draw items as the setting says: ``item_id`` and ``label``, and what is to be seen of each."""
    if setting.items == "words":
        return words(rng, setting)
    return demo(rng) if setting.items == "demo" else issues(rng)


def planted(cause: str, setting: Setting, truth: pd.DataFrame, here: np.ndarray, labels: list[str]) -> list[Any]:
    """Return what is planted."""
    often = truth["label"].value_counts().index[:2].tolist() if not setting.ordinal else labels[2:4]
    match cause:
        case "spec":
            return [UnclearSpec(labels=(often[0], often[1]), items=set(truth["item_id"][here]), keeps=0.3)]
        case "data":
            return [UnclearData(share=setting.unclear)]
        case "person":
            return [OnePerson(person=BEN, says=often[1], where=often[0], rate=setting.rate)]
        case "taste":
            return [Taste(labels=(often[0], often[1]))]
    return []


def once(cause: str, setting: Setting, seed: int) -> tuple[str, bool, bool]:
    """Return which causes stand out, whether the first one is right in all, and whether another one stands out too."""
    rng = np.random.default_rng([seed, 24])
    truth, rows = drawn(rng, setting)
    labels = sorted(truth["label"].unique()) if setting.items != "words" else [f"l{at}" for at in range(setting.labels)]
    conditions = kinds_of_items(rows)
    names = [name for name, here in conditions.items() if 0.15 <= here.mean() <= 0.35 and " has " in name]
    rule = names[int(rng.integers(len(names)))]
    people = 8 if cause in ("taste", "nothing, 8 people") else setting.people
    how = dict(setting.how)
    if not isinstance(how["slips"], float):
        how["slips"] = [how["slips"][at % len(how["slips"])] for at in range(people)]
    said = people_who_disagree(
        truth,
        labels=labels,
        people=people,
        planted=planted(cause, setting, truth, conditions[rule], labels),
        again=setting.again,
        seed=seed,
        **how,
    )
    panel = panel_of(
        said["item_id"], said["annotator"], said["label"], labels=labels, order=said["round"], ordinal=setting.ordinal
    )
    place = {item: at for at, item in enumerate(truth["item_id"])}
    order = [place[item] for item in panel.items]
    found = diagnose(panel, {name: here[order] for name, here in conditions.items()}, seed=seed).causes
    told = [each.kind for each in found]
    right = bool(found) and told[0] == cause
    if right and cause == "spec":
        right = bool(found[0].rule) and found[0].rule[0] == ((rule,), True)
    if right and cause == "person":
        right = panel.people[found[0].person or 0] == BEN
    return (told[0] if told else "none"), right, len(set(told)) > 1


def table(settings: tuple[Setting, ...], times: int, nothing: int) -> None:
    """Print the confusion table of causes: what was planted, and what stands out first."""
    whole: dict[str, Counter[str]] = {}
    begun = process_time()
    print("| setting | planted | spec | data | person | taste | none | right in all | another one too |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for setting in settings:
        for cause in ("nothing", "nothing, 8 people", *CAUSES):
            found: Counter[str] = Counter()
            many = nothing if cause.startswith("nothing") else times
            for seed in range(many):
                first, right, more = once(cause, setting, seed)
                found.update([first, *["right"] * right, *["more"] * more])
            whole.setdefault(cause, Counter()).update({**found, "of": many})
            cells = [str(found[each] or "-") for each in (*CAUSES, "none")]
            last = (
                ["", ""] if cause.startswith("nothing") else [f"{found['right']} of {many}", str(found["more"] or "-")]
            )
            print("|", " | ".join([setting.name, cause, *cells, *last]), "|", flush=True)
    for cause, found in whole.items():
        cells = [str(found[each] or "-") for each in (*CAUSES, "none")]
        last = (
            ["", ""]
            if cause.startswith("nothing")
            else [f"{found['right']} of {found['of']}", str(found["more"] or "-")]
        )
        print("|", " | ".join(["**all**", cause, *cells, *last]), "|")
    runs = sum(found["of"] for found in whole.values())
    print(f"{runs:,} diagnoses, {(process_time() - begun) / runs:.2f} processor seconds each")


def repeats(times: int) -> None:
    """Print how often unclear data is found, by how many items everybody is asked again about."""
    print("| labels | unclear | 25 | 50 | 100 | 150 |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
    for labels in (2, 4):
        for unclear in (0.15, 0.3):
            cells = []
            for again in (25, 50, 100, 150):
                setting = Setting("", labels=labels, unclear=unclear, again=again)
                cells.append(
                    f"{sum(once('data', setting, seed)[1] for seed in range(times)) / times:.0%}".replace("%", " %")
                )
            print("|", " | ".join([str(labels), f"{unclear:.0%}".replace("%", " %"), *cells]), "|", flush=True)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="known", choices=["known", "held_out", "repeats"])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--nothing", type=int, default=40)
    asked = parser.parse_args()
    if asked.what == "repeats":
        repeats(asked.times)
    else:
        table(KNOWN if asked.what == "known" else HELD_OUT, asked.times, asked.nothing)


if __name__ == "__main__":
    main()
