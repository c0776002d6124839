"""The figures of a report that are read off one label set: gold against labels, labeling functions, hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.lf_summary import lf_summary
from retrolabel.analysis.report import values as v
from retrolabel.errors import StoreError, counted
from retrolabel.jobs.gold.scoring import about_sets
from retrolabel.jobs.label_sets.explaining import learned_of
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.gold.scoring import Score
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.reports.walking import Chosen
    from retrolabel.votes import Patterns

SHORT = 12


def closest(probabilities: npt.NDArray[np.float64], patterns: Patterns, most: int) -> list[int]:
    """Return the covered patterns of which the two likeliest labels are closest; of equals, the most frequent first.

    Args:
        probabilities: float [U, k].
        patterns: The U patterns.
        most: How many.
    """
    ordered = np.sort(probabilities, axis=1)
    margins = np.where(patterns.covered, ordered[:, -1] - ordered[:, -2], np.inf)
    order = np.lexsort((-patterns.counts, np.round(margins, 9)))
    return [int(place) for place in order[:most] if np.isfinite(margins[place])]


def disagreeing(items: Sequence[Chosen], gold: ResolvedGold, probabilities: npt.NDArray[np.float64]) -> list[Chosen]:
    """Return the gold items with a label that people do not leave possible, the surest first."""
    wrong = [item for item in items if item.label >= 0 and item.label not in gold.sets[item.source, item.item_id]]
    return sorted(wrong, key=lambda item: (-float(probabilities[item.pattern].max()), item.source, item.item_id))


def judged(
    label_set: LabelSet, items: Sequence[Chosen], gold: ResolvedGold, probabilities: npt.NDArray[np.float64]
) -> v.Judged:
    """Return what became of gold items, by models that had not seen them where possible."""
    unseen, known = label_set.cross_fitted(), label_set.cross_fitted_probabilities()
    covered = np.asarray(label_set.patterns.column("covered").to_numpy(), np.bool_)
    places = gold.places
    own, truth, left, given = [], [], [], []
    for item in items:
        key = (item.source, item.item_id)
        label = unseen.get(key, label_set.labels[item.label] if item.label >= 0 else None)
        left.append(gold.sets[key])
        given.append(label_set.labels.index(label) if label is not None else -1)
        if key in places and covered[item.pattern]:
            own.append(np.asarray(known.get(key, probabilities[item.pattern])))
            truth.append(places[key])
    found = np.array(own) if own else np.zeros((0, len(label_set.labels)))
    likeliest = hard_labels(found, np.ones(len(found), np.bool_))
    by_others = unseen.keys() <= known.keys()
    return v.Judged(found, np.array(truth, np.int64), likeliest, by_others, tuple(left), tuple(given))


def made(label_set: LabelSet) -> v.Made:
    """Return what a label set's entry and manifest tell of it."""
    record, manifest = label_set.record, label_set.manifest
    sources: dict[str, int] = {}
    for segment in manifest["outputs"]["segments"]:
        sources[segment["source"]] = sources.get(segment["source"], 0) + 1
    return v.Made(
        record.id,
        record.schema_version,
        f"{record.created_at:%Y-%m-%d %H:%M} UTC",
        record.items,
        record.covered,
        record.labelled,
        manifest["inputs"]["label_model"]["name"],
        label_set.shares(),
        sources,
        label_set.guessed(),
        label_set.guesses_are_labels,
    )


def score(name: str, label_set: LabelSet, score: Score) -> v.Score:
    """Return a score as it is shown, with what stays out of it."""
    version = label_set.record.schema_version
    left_out = {
        "people are tied": score.ties,
        f"it says nothing under {version}": score.unknown,
        "text or label changed since": score.suspect,
        "not in the label set": score.missing,
    }
    told = [f"{count:,} ({why})" for why, count in left_out.items() if count]
    notes = [f"gold items left out: {', '.join(told)}"] if told else []
    if score.cross_fitted:
        notes.append(
            f"{score.cross_fitted:,} items that its label model saw are judged by a fit that had not seen them"
        )
    notes += about_sets(score)
    if score.rank_error is not None and score.rank_error.value is not None:
        notes.append(f"the label is {score.rank_error} ranks off on average")
    if score.agreement.covered and len(score.macro_f1_over) < len(score.labels):
        over = f"{len(score.macro_f1_over):,} of {counted(len(score.labels), 'label')}"
        notes.append(f"macro-F1 is over {over}: those that occur in this gold or in its labels")
    if score.agreement.covered and score.agreement.kappa_says_nothing:
        notes.append(score.agreement.kappa_says_nothing)
    return v.Score(f"{name} ({version})", score.agreement, score.membership, tuple(notes))


def lfs(label_set: LabelSet, patterns: Patterns) -> pd.DataFrame:
    """Return what each labeling function does, with its faults and where it is written."""
    recorded = {lf["name"]: lf for lf in label_set.manifest["recorded"]["lfs"]}
    frame = lf_summary(patterns)
    return frame.assign(
        faults=[int(recorded[name]["faults"]) for name in frame.index],
        written=[f"{recorded[name]['file']}:{recorded[name]['line']}" for name in frame.index],
        description=[str(recorded[name].get("description") or "") for name in frame.index],
    ).reset_index()


def precisions(label_set: LabelSet, patterns: Patterns, items: Sequence[Chosen], gold: ResolvedGold) -> pd.DataFrame:
    """Return for each LF and vote the learned precision, and how often it was right on gold."""
    try:
        learned = learned_of(label_set)
    except StoreError:
        learned = None
    names = dict(enumerate(symbol_names(patterns.symbols, patterns.labels), start=1))
    cast = {
        (voter, names[int(code)]): int(patterns.counts[patterns.codes[:, place] == code].sum())
        for place, voter in enumerate(patterns.voters)
        for code in np.unique(patterns.codes[:, place])
        if code
    }
    index = pd.MultiIndex.from_arrays([[lf for lf, _ in cast], [vote for _, vote in cast]], names=["lf", "vote"])
    frame = pd.DataFrame({"votes": list(cast.values())}, index=index)
    columns = {"precision": "learned", "low": "low", "high": "high", "weight": "weight", "repeats": "repeats"}
    for column, name in columns.items():
        missing = "" if name == "repeats" else np.nan
        frame[name] = missing if learned is None else learned[column].reindex(frame.index)
    judged, right = dict.fromkeys(cast, 0), dict.fromkeys(cast, 0)
    truths = gold.places
    for item in items:
        truth = truths.get((item.source, item.item_id))
        if truth is None:
            continue
        codes = patterns.codes[item.pattern]
        for place in np.flatnonzero(codes):
            key = (patterns.voters[place], names[int(codes[place])])
            judged[key] += 1
            right[key] += int(truth in patterns.symbols[int(codes[place]) - 1])
    return frame.assign(judged=list(judged.values()), right=list(right.values())).reset_index(names=["lf", "vote"])


def hashes(label_set: LabelSet) -> tuple[tuple[str, str], ...]:
    """Return what tells which inputs made a label set: name and hash, id or count."""
    inputs, outputs = label_set.manifest["inputs"], label_set.manifest["outputs"]
    gold = inputs.get("gold")
    return (
        ("label set", label_set.id),
        ("labels (hash)", outputs["labels_hash"]),
        ("manifest (SHA-256)", label_set.record.manifest_sha256),
        ("schema, shape", f"{inputs['schema']['version']}, {inputs['schema']['shape']}"),
        ("label model", ", ".join(f"{name} {value}" for name, value in inputs["label_model"].items())),
        ("fitted gold", f"{gold['items']:,} items, {gold['digest']}" if gold else "none"),
        ("labeling functions", f"{len(inputs['lfs']):,}, each with its key in the manifest"),
        ("segments", f"{len(inputs['segments']):,}, each with its hash in the manifest"),
    )


def commands(label_set: LabelSet, against: LabelSet | None) -> Iterator[str]:
    """Yield the commands that make a label set and its report again."""
    task, own = label_set.record.task, label_set.id[:SHORT]
    git = label_set.manifest["recorded"]["environment"].get("git") or {}
    if git.get("commit"):
        yield f"git checkout {git['commit']}" + ("  # and changes that were not committed" if git.get("dirty") else "")
    model = label_set.manifest["inputs"]["label_model"]["name"]
    yield f"retrolabel relabel {task} --to {label_set.record.schema_version} --label-model {model}"
    yield f"retrolabel labels verify {task} {own}"
    yield f"retrolabel report {task} {own}" + (f" --against {against.id[:SHORT]}" if against else "")
