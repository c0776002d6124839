"""Whose earlier answers an import supersedes, and which of its answers are older than what stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.gold.adjudication import Newest, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrolabel.gold.adjudication import HumanLabel


@dataclass(frozen=True)
class Superseding:
    """What an import did to the earlier answers of one person.

    Attributes:
        annotator: The person.
        answers: Earlier answers that do not count any more: of the store, or further up in the file.
        changed: Those of them whose label was another one.
        older: Answers of the file that do not count, because the person gave a newer one: those that are new to the
            store, and those that it knew already.
    """

    annotator: str
    answers: int = 0
    changed: int = 0
    older: int = 0


def superseding(
    stored: Iterable[HumanLabel],
    new: Iterable[HumanLabel],
    twins: Mapping[str, str],
    known: Iterable[HumanLabel] = (),
) -> tuple[Superseding, ...]:
    """Return whose answers are superseded by new ones, most first; people without any are left out.

    Args:
        stored: What people said before, in the order in which it came.
        new: What they say now, without what the store knows already.
        twins: Version -> the version that it is counted as.
        known: What they say now and the store knew already.
    """
    newest = Newest()
    last: dict[tuple[str, ...], HumanLabel] = {}
    found: dict[str, list[int]] = {}

    def key(label: HumanLabel) -> tuple[str, ...]:
        *which, version = key_of(label)
        return (*which, twins.get(version, version))

    def supersede(label: HumanLabel, *, told: bool) -> None:
        counts = found.setdefault(label.annotator, [0, 0, 0])
        if not newest.is_newer(key(label), label.labelled_at):
            counts[2] += told
            return
        earlier = last.get(key(label))
        if told and earlier is not None and earlier.label:
            counts[0] += 1
            counts[1] += earlier.label != label.label
        last[key(label)] = label

    for label in stored:
        if not label.checks_a_person:
            supersede(label, told=False)
    for label in new:
        supersede(label, told=True)
    for label in known:
        stands = last[key(label)]
        found[label.annotator][2] += (stands.label, stands.revision) != (label.label, label.revision)
    told = [Superseding(annotator, *counts) for annotator, counts in found.items() if any(counts)]
    return tuple(sorted(told, key=lambda each: (-each.answers, -each.older, each.annotator)))
