"""Answers in records of any kind, found by the paths that a person names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError
from retrolabel.interop.labelling_tools.answers import Answer, LeftOut, Tool, as_person, chosen
from retrolabel.interop.paths import EACH, parse_path, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrolabel.interop.paths import Path

    Record = Mapping[str, Any]
    Places = tuple[int, ...]


@dataclass(frozen=True)
class Paths:
    """Where the labels of a record stand, and who gave them when.

    Args:
        labels: The path of the labels.
        annotator: That of the people.
        time: That of the times.
        seconds: That of the seconds.
        rationale: That of the reasons.
    """

    labels: str
    annotator: str | None = None
    time: str | None = None
    seconds: str | None = None
    rationale: str | None = None

    def tool(self) -> Tool:
        """Return what reads such records.

        Raises:
            InputError: A path is none.
        """
        labels = parse_path(self.labels, "--labels-at")
        others = {
            "annotator": ("--annotator-at", self.annotator),
            "at": ("--time-at", self.time),
            "seconds": ("--seconds", self.seconds),
            "rationale": ("--rationale", self.rationale),
        }
        beside = {name: parse_path(path, option) for name, (option, path) in others.items() if path}

        def answers(record: Record) -> Iterator[Answer | LeftOut]:
            yield from _answers(record, labels, beside)

        return Tool("paths", f"records with labels at {self.labels}", lambda _: True, answers, own_id="id")


def _answers(record: Record, labels: Path, beside: Mapping[str, Path]) -> Iterator[Answer | LeftOut]:
    """Yield an answer for each list of labels, or each person; what stands beside it shares its places in lists."""
    found = {name: dict(walk(record, path)) for name, path in beside.items()}
    people = found.get("annotator", {})
    within = labels.steps[-1] is EACH  # the last list is one of labels, all of one answer
    by: dict[Places, list[str]] = {}
    for places, value in walk(record, labels):
        # Of a label that stands alone in its record nobody knows whether all people of the record gave it.
        deeper = [each for each in people if places and len(each) > len(places) and each[: len(places)] == places]
        near = None if deeper else _near(people, places, labels.text)
        group = near[0] if near and near[0] else places[:-1] if within else places
        for each in deeper or [group]:  # a label may name all the people who gave it
            by.setdefault(each, []).extend(chosen(value))
    many = sum(map(bool, by.values()))
    if many > 1 and "annotator" not in beside:
        raise GoldError(
            f"A record has {many} answers at {labels.text}, and nothing says whose they are.",
            remedy="--annotator-at PATH, as annotations[].completed_by",
        )
    for places, given in by.items():
        told = {name: _value(values, places, labels.text) for name, values in found.items()}
        if not given:
            yield LeftOut("answer without a label")
            continue
        reason = told.get("rationale")
        yield Answer(
            "",
            tuple(given),
            as_person(told.get("annotator")),
            told.get("at"),
            told.get("seconds"),
            None if reason in (None, "") else str(reason),
        )


def _near(values: Mapping[Places, Any], places: Places, text: str) -> tuple[Places, Any] | None:
    """Return what stands beside some places in lists: at the same places, or at the first of them.

    Raises:
        GoldError: There are several, and nothing says which one it is.
    """
    for length in range(len(places), -1, -1):
        if places[:length] in values:
            return places[:length], values[places[:length]]
    if len(values) > 1:
        raise GoldError(
            f"A record has {len(values)} people or times for one label at {text}.",
            remedy="both paths go through the same lists: annotations[].label and annotations[].user",
        )
    return next(((places, value) for value in values.values()), None)


def _value(values: Mapping[Places, Any], places: Places, text: str) -> Any:  # noqa: ANN401 - any JSON
    found = _near(values, places, text)
    return found[1] if found else None
