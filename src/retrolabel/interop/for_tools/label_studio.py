"""Tasks for Label Studio, with predictions or with annotations of people, and the labeling configuration for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from retrolabel.interop.for_tools.question import free_name, suggested

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Given, Question, Suggested

TASKS, CONFIG = FILES = ("tasks.json", "labeling_config.xml")


def write(tables: Iterable[pa.Table], folder: Path, question: Question) -> int:
    """Write tasks and configuration into a folder, and return how many tasks there are."""
    (folder / CONFIG).write_text(labeling_config(question), encoding="utf-8")
    count = 0
    with (folder / TASKS).open("wb") as stream:
        for count, item in enumerate(suggested(tables, question), 1):
            stream.write(b"[\n" if count == 1 else b",\n")
            stream.write(json.dumps(_task(item, question), ensure_ascii=False).encode())
        stream.write(b"\n]\n" if count else b"[]\n")
    return count


def labeling_config(question: Question) -> str:
    r"""Return what a project of Label Studio asks: one choice of the labels, whose values are their ids.

    Example:
        >>> from retrolabel.interop.for_tools.question import Choice, Question
        >>> ask = Question("kind", "1.0.0", {}, "5e7", (Choice("bug", "Bug", 'It "breaks".', "b"),), ("review",))
        >>> print(labeling_config(ask), end="")
        <View>
          <Text name="review" value="$review"/>
          <Choices name="kind" toName="review" choice="single" required="true" showInline="false">
            <Choice value="bug" hint='Bug: It "breaks".' hotkey="b"/>
          </Choices>
        </View>
    """
    names = _names(question)
    lines = ["<View>"]
    lines += [f"  <Text name={quoteattr(name)} value={quoteattr('$' + column)}/>" for column, name in names.items()]
    shown = quoteattr(next(iter(names.values())))
    name = quoteattr(question.task)
    lines.append(f'  <Choices name={name} toName={shown} choice="single" required="true" showInline="false">')
    for choice in question.choices:
        hint = ": ".join(dict.fromkeys(text for text in (choice.title, choice.definition) if text))
        said = {"value": choice.id, "hint": hint, "hotkey": choice.hotkey}
        lines.append(f"    <Choice {' '.join(f'{key}={quoteattr(text)}' for key, text in said.items() if text)}/>")
    return "\n".join([*lines, "  </Choices>", "</View>", ""])


def _names(question: Question) -> dict[str, str]:
    """Return column -> the name of the tag that shows it, which no other tag has."""
    names: dict[str, str] = {}
    for column in question.texts:
        names[column] = free_name(column, [question.task, *names.values()])
    return names


def _task(item: Suggested, question: Question) -> dict[str, Any]:
    shown = next(iter(_names(question).values()))
    data = {**item.texts, "item_id": item.item_id, "source": item.source, **item.kept(_called)}

    def result(label: str) -> list[dict[str, Any]]:
        where = {"id": "label", "from_name": question.task, "to_name": shown, "type": "choices"}
        return [{**where, "value": {"choices": [label]}}]

    annotations = [{**_annotation(each), "result": result(each.label)} for each in item.answers]
    task: dict[str, Any] = {"data": data, "meta": {**item.told, **question.origin}, "annotations": annotations}
    if item.label is None:
        return {**task, "predictions": []}
    said = {"model_version": question.by, "score": item.probability, "result": result(item.label)}
    return {**task, "predictions": [said]}


def _annotation(given: Given) -> dict[str, Any]:
    """Return who answered, when, and how long it took; people are numbers, or known by their e-mail."""
    told = {
        "completed_by": int(_called(given)) if _called(given).isdecimal() else {"email": given.annotator},
        "created_at": given.labelled_at,
        "updated_at": given.labelled_at,
        "lead_time": given.seconds,
    }
    if given.annotator is None:
        del told["completed_by"]
    return {"was_cancelled": False, **{name: value for name, value in told.items() if value is not None}}


def _called(given: Given) -> str:
    return given.annotator or ""
