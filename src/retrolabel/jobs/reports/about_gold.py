"""What gold says of a label set in its report: of all items, how far people agree, how many labels stay possible.

Where gold cannot say something, the report says why, and what would help. Test gold is not looked at.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.analysis.report import gold_values as v
from retrolabel.errors import RetrolabelError
from retrolabel.jobs.gold.agreeing import agreement_of_people
from retrolabel.jobs.gold.estimating import estimate
from retrolabel.jobs.gold.possible import PossibleLabels
from retrolabel.jobs.gold.remarking import named_figures, remarks, where_they_differ

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.estimates import WholeEstimate
    from retrolabel.jobs.records.gold import Batch, ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

MOST_COUNTED = 50_000
"""Possible labels are counted on about so many items: each takes as long as all else that a report does with it."""


def nothing_read(version: str) -> v.AboutGold:
    """Return that gold cannot be read, since the project does not have the version of a label set."""
    why = f"The project here does not have version {version} as it was, so nobody can read gold under it."
    return v.AboutGold(v.Unsaid(why), v.Unsaid(why), v.Unsaid(why))


def whole(label_set: LabelSet, gold: ResolvedGold, batches: Mapping[int, Batch]) -> v.Whole | v.Unsaid:
    """Return what a label set is worth on all items, as dev gold has it.

    Args:
        label_set: The label set.
        gold: Dev gold, as it reads in the label set's version.
        batches: The number of a batch -> the batch.
    """
    try:
        found = estimate(label_set, gold, batches)
        given = _given(label_set, found.sources)
    except RetrolabelError as error:
        return _unsaid(error)
    return v.Whole(
        found.role,
        found.gold,
        found.sources,
        found.figures.items,
        found.figures.labelled,
        found.accuracy,
        found.accuracy_of_all,
        found.figures.sentences,
        tuple(_frequencies(found, given)),
        found.notes,
    )


def _given(label_set: LabelSet, sources: Collection[str]) -> Counter[str]:
    """Return how many items of some sources have which label."""
    segments = label_set.manifest["outputs"]["segments"]
    if {segment["source"] for segment in segments} <= set(sources):
        return Counter(label_set.shares())
    found: Counter[str] = Counter()
    for segment in segments:
        if segment["source"] in sources:
            labels = label_set.items_of(segment["id"], ["label"]).column("label").to_pylist()
            found.update(label for label in labels if label is not None)
    return found


def _frequencies(found: WholeEstimate, given: Counter[str]) -> list[v.Frequency]:
    labelled = given.total()
    return [
        v.Frequency(label, given[label] / labelled if labelled else None, share, found.figures.open[label])
        for label, share in found.prevalence.items()
    ]


def people(
    label_set: LabelSet, said: Sequence[HumanLabel], history: History, feedback: FeedbackBook
) -> v.People | v.Unsaid:
    """Return how far people agree, in the version of a label set; test gold stays out.

    Args:
        label_set: The label set.
        said: All human labels of the task.
        history: The task's versions.
        feedback: What the texts of the items are now.
    """
    read = [label for label in said if label.role != "test" and not label.checks_a_person]
    schema = history[label_set.record.schema_version]
    try:
        found = agreement_of_people(read, task=label_set.record.task, schema=schema, history=history, feedback=feedback)
    except RetrolabelError as error:
        return _unsaid(error)
    return v.People(
        found.version,
        len(found.people),
        tuple(sorted({label.role for label in read})),
        found.items.exact,
        tuple(named_figures(found)),
        found.labels,
        found.pairs,
        tuple(remark for remark in remarks(found) if remark != where_they_differ(found)),
    )


def possible(label_set: LabelSet, gold: ResolvedGold, batches: Mapping[int, Batch]) -> v.Possible | v.Unsaid:
    """Return how many labels stay possible, as dev gold has it; the arguments are those of :func:`whole`."""
    try:
        found = PossibleLabels.of(label_set, gold, batches)
        sizes = found.sizes(MOST_COUNTED).tolist()[1:]
    except RetrolabelError as error:
        return _unsaid(error)
    while sizes and not sizes[-1]:
        sizes.pop()
    return v.Possible(
        found.coverage,
        len(found.keys),
        tuple(sizes),
        found.items,
        str(found.promise),
        (*found.of_labels, *found.notes),
    )


def _unsaid(error: RetrolabelError) -> v.Unsaid:
    return v.Unsaid(error.message, error.remedy)
