"""Items as an export gives them to the writers: with suggestions, and with answers of people."""

from __future__ import annotations

import pyarrow as pa

from retrolabel.interop.for_tools.question import Choice, Question
from retrolabel.jobs.gold.going_out import ANSWER

AT = "2026-05-01T12:00:00+00:00"
BUG = Choice("bug", "Bug", 'It "breaks" & stops.', "b")
WISH = Choice("wish")


def question(**more):
    """Return what is asked of a review: bug or wish."""
    asked = {"label_set": "5e7" * 20, "texts": ("review",), **more}
    return Question("kind", "1.0.0", {"shape": "ab", "meaning": {"bug": "c"}}, choices=(BUG, WISH), **asked)


def suggestions(*rows, **columns):
    """Return a table of items: id, label, probability; all of one source, with a text."""
    ids, labels, probabilities = zip(*rows, strict=True)
    held = {
        "source": ["app"] * len(ids),
        "item_id": list(ids),
        "label": pa.array(labels, pa.string()),
        "probability": pa.array(probabilities, pa.float64()),
        "review": [f"text of {each}" for each in ids],
    }
    return pa.table({**held, **columns})


def answered(*rows):
    """Return a table of items with answers: id, role, answers; an answer is person, label, and more in order."""
    ids, roles, answers = zip(*rows, strict=True)
    names = [each.name for each in ANSWER]
    lists = [[{**dict.fromkeys(names), **dict(zip(names, each, strict=False))} for each in given] for given in answers]
    table = suggestions(*((item, None, None) for item in ids))
    table = table.append_column("role", pa.array(roles, pa.string()))
    return table.append_column("answers", pa.array(lists, pa.list_(ANSWER)))
