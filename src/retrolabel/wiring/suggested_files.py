"""Suggested labeling functions as a file for a person to edit; discovery does not collect it, so none of them votes."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from retrolabel.discovery.folders import explore
from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import DiscoveryError, InputError
from retrolabel.interop.lf_source import lf_source
from retrolabel.interop.python_source import WIDTH, with_import
from retrolabel.wiring.homes_of_lfs import import_of
from retrolabel.wiring.suggested_wishes import wish_for
from retrolabel.wiring.written_files import or_as_before

if TYPE_CHECKING:
    from pathlib import Path

    from retrolabel.analysis.suggested_lfs import SuggestedLfs
    from retrolabel.wiring.site import Site


@dataclass(frozen=True)
class SuggestedFile:
    """A file of suggested labeling functions that was written.

    Attributes:
        path: The file.
        lfs: How many are in it.
        folder: The folder into which a person moves what is kept, relative to the project.
    """

    path: Path
    lfs: int
    folder: str


def check_place(site: Site, path: Path) -> None:
    """Refuse a place for a file of suggestions: one that there is, or that discovery would collect.

    Raises:
        InputError: It would be switched on, it is no module, or it exists.
    """
    collected = (site.project_folder() / PACKAGE).resolve()
    name = path.name or "suggested.py"
    if path.resolve().is_relative_to(collected):
        raise InputError(
            f"{path} lies in {PACKAGE}/, so its labeling functions would vote at the next relabel.",
            remedy=f"--write {name} writes it beside that folder; edit it there, then move it in",
        )
    if path.suffix != ".py":
        raise InputError(f"{path} is no name of a module.", remedy=f"--write {path.stem or 'suggested'}.py")
    if path.exists():
        raise InputError(f"{path} is there already.", remedy="name another file, or delete that one")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}.", remedy="make it, or name another one")


def write_suggestions(site: Site, found: SuggestedLfs, path: Path) -> SuggestedFile:
    """Write suggested labeling functions into a file.

    Args:
        site: The project.
        found: The suggestions.
        path: The file; it must not exist, nor lie where discovery collects labeling functions.

    Raises:
        InputError: The place cannot be, there is nothing to write, or it cannot be written.
    """
    check_place(site, path)
    if not found.lfs:
        raise InputError("There is nothing to write: no labeling function was suggested.", remedy=found.told()[-1])
    text = suggestions_text(site, found)
    try:
        with or_as_before([path]):
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
    return SuggestedFile(path, len(found.lfs), f"{PACKAGE}/{found.task}/")


def suggestions_text(site: Site, found: SuggestedLfs) -> str:
    """Return the text of a module of suggested labeling functions, each with what it is worth above it.

    Raises:
        DiscoveryError: The schema of the task cannot be read.
    """
    project = site.project_folder()
    explored = explore(project, found.task)
    if explored.history is None:
        raise DiscoveryError(f"The schema of {found.task!r} cannot be read.", problems=explored.problems)
    head = explored.history.head
    source, body = _docstring(found), []
    for each in found.lfs:
        label = head.label(each.found.label)
        module, constant, name = import_of(label, source, explored, project)
        note = "\n".join(each.told(labelers=found.labelers))
        made = lf_source(wish_for(each.found, each.name, label, name, found.columns, note))
        source = with_import(source, module, constant, name if name != constant else "")
        for package, what in made.imports:
            source = with_import(source, package, what)
        body.append(made.text)
    return "\n\n".join([source.rstrip(), *body]) + "\n"


def _docstring(found: SuggestedLfs) -> str:
    """Return a module of nothing but what a person should know of its labeling functions."""
    lines = [f"Suggested labeling functions of {found.task}: none of them votes while this file lies here.", ""]
    for said in [*found.told(), *found.notes]:
        lines += wrap(f"- {said}", WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    lines += ["", "Keep what you would have written yourself, and move it into", f"{PACKAGE}/{found.task}/."]
    text = "\n".join(lines).replace("\\", "/").replace('"', "'")
    return f'"""{text}\n"""\n'
