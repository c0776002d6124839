"""Models that were trained: files that are damaged, and files that nobody names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError, counted
from retrolabel.jobs.end_models.checking import damaged_models, nameless_files
from retrolabel.wiring.examining.findings import Finding, broken
from retrolabel.wiring.stored_models import models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.wiring.site import Site


def look_at_models(site: Site) -> Iterator[Finding]:
    """Hash the files of all models again, and look for files that the catalog does not name."""
    try:
        known = models(site)
        damaged, nameless = damaged_models(known, site.objects), nameless_files(known, site.objects)
    except RetrolabelError as error:
        yield broken(error, "models: ")
        return
    for problem in damaged:
        yield Finding("broken", f"a trained model: {problem.where} {problem.what}", problem.remedy)
    if known and not damaged:
        yield Finding("ok", f"{counted(len({each.id for each in known}), 'trained model')} as written")
    if nameless:
        size = sum(map(site.objects.size, nameless)) / 1e6
        what = f"{counted(len(nameless), 'file')} of models that the catalog does not name, {size:.1f} MB"
        first = site.objects.locate(nameless[0])
        yield Finding("note", f"{what}: {first}", "left by a training that was killed: delete them where none runs now")
