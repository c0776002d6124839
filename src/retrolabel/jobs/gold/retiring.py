"""Take human labels back, or bring them back; nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, did_you_mean
from retrolabel.gold.adjudication import last_answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.gold.book import GoldBook

TAKEN_BACK, BROUGHT_BACK = "taken back", "brought back"
"""What stands as the rationale of what a command says, in place of a person."""


@dataclass(frozen=True)
class Retirement:
    """Human labels that were taken back, or would be.

    Attributes:
        task: The task.
        label: The label.
        labels: How many human labels.
        items: On how many items.
        done: Whether it was done; otherwise it would be.
    """

    task: str
    label: str
    labels: int
    items: int
    done: bool


def retire_gold(  # noqa: PLR0913 - a use case with its options
    task: str,
    label: str,
    *,
    version: str | None,
    undo: bool,
    dry_run: bool,
    dead: Callable[[HumanLabel], bool],
    gold: GoldBook,
    at: datetime,
) -> Retirement:
    """Take human labels back whose label is dead, or bring those back that were taken back.

    Nothing is deleted: an empty label is appended that supersedes, and undoing it appends the label
    again.

    Args:
        task: The task.
        label: The label id as it was called when people gave it.
        version: The version that they labelled under; any if ``None``.
        undo: Whether labels that were taken back are brought back.
        dry_run: Whether it is only counted.
        dead: Says whether a human label may be taken back.
        gold: Where the labels are.
        at: Now.

    Raises:
        GoldError: There are no such labels.
    """
    everything = gold.human_labels(task)
    lasts, given_last = last_answers(everything), last_answers(each for each in everything if each.label)
    new: list[HumanLabel] = []
    living = 0
    for key, last in lasts.items():
        given = given_last.get(key, last)
        if given.label != label or (version is not None and given.schema_version != version):
            continue
        if undo and not last.label:
            new.append(given)
        elif not undo and last.label:
            new.append(replace(last, label=""))
            living += not dead(last)
    if new and living:
        raise GoldError(
            f"{living:,} of {len(new):,} human labels {label!r} of {task} still say something; nothing was taken back.",
            remedy="--schema names the version that is meant; --living takes them back all the same",
        )
    if not new:
        state = "taken back" if undo else "standing"
        under = f" under {version}" if version else ""
        known = sorted({each.label for each in everything if each.label})
        near = "" if label in known else did_you_mean(label, known)
        raise GoldError(
            f"There is no {state} human label {label!r} of {task}{under}.{near}",
            remedy=f"retrolabel gold show {task} lists them",
        )
    if not dry_run:
        more = {"rationale": BROUGHT_BACK if undo else TAKEN_BACK, "labelled_at": at, "imported_at": at}
        gold.add(task, new, [{**more, "seconds": None}] * len(new))
    return Retirement(task, label, len(new), len({(each.source, each.item_id) for each in new}), not dry_run)
