"""Which of the questions of a labelling tool is the one that a task asks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, counted, nearest
from retrolabel.interop.labelling_tools.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.interop.labelling_tools.answers import Tool
    from retrolabel.interop.records import Records

MOSTLY = 0.5
"""The share of a question's answers that are labels of the task, where that tells which question is meant."""
SHOWN = 20


def meant_question(
    records: Records, tool: Tool, question: str | None, is_label: Callable[[str], bool], notes: list[str]
) -> str | None:
    """Return the question that is meant: the named one, the only one, or the one whose answers are labels."""
    name = records.path.name
    seen: Counter[str] = Counter()
    fit: Counter[str] = Counter()
    for placed in records:
        if not tool.made(placed.value):
            continue
        try:
            for each in tool.answers(placed.value):
                if isinstance(each, Answer):
                    seen[each.question] += 1
                    fit[each.question] += bool(each.labels) and all(map(is_label, each.labels))
        except GoldError:
            continue  # said of its record when the rows are read
    if question is not None:
        if seen and question not in seen and not (len(seen) == 1 and "" in seen):
            near = nearest(question, seen)
            raise GoldError(
                f"{name} has no answers to {question!r}.",
                remedy=f"--label {near or next(iter(seen))}; it has {', '.join(seen)}",
            )
        return question if question in seen else None
    if len(seen) <= 1:
        return next(iter(seen), None) or None
    meant = [each for each, count in seen.items() if fit[each] >= MOSTLY * count]
    if len(meant) != 1:
        listed = ", ".join(f"{each} ({counted(count, 'answer')})" for each, count in seen.most_common(SHOWN))
        raise GoldError(
            f"{name} has answers to several questions, and nobody says which one the task asks: {listed}.",
            remedy=f"name it: --label {next(iter(seen))}",
        )
    notes.append(f"of {len(seen)} questions {meant[0]!r} is the one whose answers are labels of the task")
    return meant[0]
