"""Where the label of an item comes from: the books and the page's files brought together."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.why.page import GENERATOR, fragment, page
from retrolabel.analysis.why.telling import verdict
from retrolabel.errors import InputError, RetrolabelError
from retrolabel.jobs.label_sets.why import Books, why
from retrolabel.jobs.records.feedback import asked_ids
from retrolabel.wiring.templates import HERE
from retrolabel.wiring.written_pages import write_page

if TYPE_CHECKING:
    from pathlib import Path

    from retrolabel.analysis.why.values import WhyData
    from retrolabel.wiring.site import Site


@dataclass(frozen=True, eq=False, repr=False)
class Why:
    """Where the label of one item comes from; a notebook shows it as a page.

    Attributes:
        data: All that is known.
    """

    data: WhyData

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return self.data.as_dict()

    @cached_property
    def html(self) -> str:
        """The page: one file that needs nothing else, without a script."""
        return page(self.data, *_files())

    def write(self, path: Path, *, force: bool = False) -> Path:
        """Write the page to a file and return its path.

        Args:
            path: The file; a folder that exists gets the usual name.
            force: Whether a file is replaced that is no page of ours.

        Raises:
            StoreError: Such a file is there, or it cannot be written.
        """
        name = f"why-{self.data.task}-{self.data.label_set.id[:12]}.html"
        return write_page(self.html, path / name if path.is_dir() else path, GENERATOR, option="--html", force=force)

    def __repr__(self) -> str:
        """Return the item, and in one sentence where its label comes from."""
        return f"Why({self.data.name}: {verdict(self.data)})"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the page's content, with its own style."""
        return fragment(self.data, *_files())


def _files() -> tuple[str, str]:
    """Return the template and the style."""
    folder = HERE / "why"
    html, css = ((folder / name).read_text(encoding="utf-8") for name in ("why.html.jinja", "why.css"))
    return html, css


def why_label(site: Site, task: str, item: str | int, source: str | None, label_set: str) -> Why:
    """Return where the label of an item comes from.

    Args:
        site: The project and its store.
        task: The task.
        item: The item: its id, or ``SOURCE/ID``.
        source: Its source, where several have the id.
        label_set: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.

    Raises:
        UnknownLabelSetError: There is no such label set.
        UnknownItemError: It does not hold the item.
        InputError: Several sources have the id, or it is none.
    """
    ids = asked_ids(item)
    if len(ids) != 1:
        raise InputError("Where a label comes from is told of one item.", remedy="name one; explain takes several")
    catalog = site.catalog
    history, found, why_not = None, None, ""
    try:
        found = site.discover(task)
        history = found.history
    except RetrolabelError as error:  # what the store says of the label stands without the project
        why_not = error.message
        with contextlib.suppress(RetrolabelError):
            history = site.history(task)
    how = site.adjudication(task)
    books = Books(catalog.label_sets, catalog.feedback, catalog.votes, catalog.gold, history, found, how, why_not)
    return Why(why(site.label_set(task, label_set), label_set, ids[0], source, books))
