"""Find a label set by what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError, UnknownLabelSetError
from retrolabel.jobs.records.label_sets import LabelSet

if TYPE_CHECKING:
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.manifests import LabelSetRecord


def find_label_set(label_sets: LabelSetsBook, objects: Objects, task: str, label_set_id: str = "latest") -> LabelSet:
    """Return a label set by its id, the beginning of it, a tag, ``current``, or ``latest``.

    Raises:
        UnknownLabelSetError: There is none, or several ids begin like that.
    """
    known = label_sets.records(task)
    names = label_sets.tags(task)
    if label_set_id in names or label_set_id in ("current", "latest"):
        matches = [record for record in known if record.id == names.get(label_set_id)]
        if not matches and known:
            what = "names a label set that is gone" if label_set_id in names else "names no label set yet"
            raise UnknownLabelSetError(
                f"{label_set_id!r} of task {task!r} {what}.",
                remedy=f"retrolabel labels promote {task} ID" if label_set_id == "current" else "name one by its id",
            )
    else:
        matches = [record for record in known if label_set_id and record.id.startswith(label_set_id)]
    if len(matches) == 1:
        return LabelSet(matches[0], objects)
    what = "several label sets begin" if matches else "there is no label set"
    named = [name for name in sorted(names) if any(record.id == names[name] for record in known)]
    listed = ", ".join([*(record.id[:12] for record in known[:10]), *named]) or "none yet"
    raise UnknownLabelSetError(
        f"For task {task!r} {what} with {label_set_id!r}. Known: {listed}.",
        remedy=f"retrolabel relabel {task}" if not known else f"retrolabel labels list {task}",
    )


def named_latest(label_sets: LabelSetsBook, task: str) -> tuple[dict[str, LabelSetRecord], list[str]]:
    """Return the label sets of a task by id, and those that ``latest`` named one after the other, oldest first.

    Args:
        label_sets: What there is.
        task: The task.
    """
    records = {record.id: record for record in label_sets.records(task)}
    return records, [each for each in label_sets.pointer_log(task, "latest") if each in records]


def label_set_before(label_set: LabelSet, label_sets: LabelSetsBook) -> LabelSet | None:
    """Return the label set that ``latest`` named before this one; ``None`` where it is the first."""
    records, log = named_latest(label_sets, label_set.record.task)
    if label_set.id in log:
        last = len(log) - 1 - log[::-1].index(label_set.id)
        earlier = [each for each in log[:last] if each != label_set.id]
    else:  # it was made again after a repair, and never pointed at since
        made = label_set.record.created_at
        earlier = [r.id for r in sorted(records.values(), key=lambda r: (r.created_at, r.id)) if r.created_at < made]
    return LabelSet(records[earlier[-1]], label_set.objects) if earlier else None


def chosen_against(name: str | None, label_set: LabelSet, label_sets: LabelSetsBook) -> LabelSet | None:
    """Return the label set to compare with: the one that is named, or the one before.

    Raises:
        UnknownLabelSetError: There is no such label set.
        RetrolabelError: It is the same one.
    """
    if name is None:
        return label_set_before(label_set, label_sets)
    found = find_label_set(label_sets, label_set.objects, label_set.record.task, name)
    if found.id == label_set.id:
        raise RetrolabelError(
            f"Label set {found.id[:12]} cannot be compared with itself.",
            remedy=f"retrolabel labels list {label_set.record.task}",
        )
    return found
