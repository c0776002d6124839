"""A task in a line or two, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.wiring.site import Site


def described(site: Site, task: str) -> str:
    """Return a task's versions and label sets; what cannot be read is left out."""
    return f"Task({task}: {'; '.join(_parts(site, task)) or 'nothing of it can be read'})"


def _parts(site: Site, task: str) -> Iterator[str]:
    if site.project is not None and task in site.tasks():
        try:
            yield f"versions {', '.join(schema.version for schema in site.history(task))}"
        except RetrolabelError:
            yield "its schema cannot be read"
    if not site.exists():
        yield "no store yet"
        return
    try:
        records = site.open_catalog.label_sets.records(task)
        latest = site.open_catalog.label_sets.pointer(task, "latest")
    except RetrolabelError:
        yield "its store cannot be read"
        return
    yield counted(len(records), "label set")
    for record in records:
        if record.id == latest:
            yield f"latest {record.id[:12]} under {record.schema_version}, {counted(record.items, 'item')}"
