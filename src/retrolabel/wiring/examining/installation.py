"""The installation: versions, copies, extras."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel import version as own
from retrolabel.discovery.project import PACKAGE
from retrolabel.wiring.examining.findings import Finding
from retrolabel.wiring.tracking import who_asks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.wiring.workspace import Workspace


EXTRAS = {
    "snorkel": ("snorkel", "the label model 'snorkel'", ""),
    "dask": ("distributed", "the engine 'dask'", ""),
    "mlflow": ("mlflow", "the tracking of runs", ", or load_model,"),
}
"""Extra -> the module that it brings, what the settings may ask for, and what else needs it."""


CORE = ("alembic", "re2", "sklearn", "spacy")


VERSION = re.compile(r"""^__version__\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def look_at_installation() -> Iterator[Finding]:
    """Tell versions, other copies, and packages that are missing."""
    here, version = Path(own.__file__).parent, own.__version__
    yield Finding("ok", f"retrolabel {version} on Python {sys.version.split()[0]}, from {here}")
    for place, other in _copies(here):
        same = other == version
        what = f"another retrolabel {other} lies in {place}; the one that runs is {version} in {here}"
        remedy = "pip uninstall the one that is not meant, or take its folder out of PYTHONPATH"
        yield Finding("note" if same else "broken", what, remedy)
    installed = sorted({found.version for found in importlib.metadata.distributions(name="retrolabel")})
    if any(found != version for found in installed):
        what = f"pip has installed retrolabel {', '.join(installed)}; the one that runs is {version} in {here}"
        yield Finding("broken", what, "pip uninstall retrolabel until none is left, then install one version")
    command = shutil.which("retrolabel")
    if command and Path(command).parent != Path(sys.executable).parent:
        what = f"the command retrolabel is {command}, of another Python than {sys.executable}"
        yield Finding("note", what, "activate one environment, or run python -m retrolabel")
    for package in CORE:
        if importlib.util.find_spec(package) is None:
            yield Finding("broken", f"the package {package} is missing", "pip install --force-reinstall retrolabel")


def _copies(here: Path) -> Iterator[tuple[Path, str]]:
    """Yield other packages of this name that could be imported, with their versions."""
    seen = {here.resolve()}
    for entry in sys.path:
        place = (Path(entry) if entry else Path.cwd()) / "retrolabel"
        if place.resolve() in seen:
            continue
        seen.add(place.resolve())
        for source in (place / name for name in ("version.py", "__init__.py")):  # before 0.2 it stood in the latter
            found = VERSION.search(source.read_text(encoding="utf-8", errors="replace")) if source.is_file() else None
            if found:
                yield place, found.group(1)
                break


def look_at_extras(ws: Workspace | None = None) -> Iterator[Finding]:
    """Tell extras that are missing, and whether the project asks for them."""
    asking = dict.fromkeys([ws.settings.engine, ws.settings.label_model], "the settings ask") if ws else {}
    asking["mlflow"] = who_asks(ws.settings) if ws else ""
    for extra, (module, what, also) in EXTRAS.items():
        if importlib.util.find_spec(module) is not None:
            continue
        asks = asking.get(extra)
        told = f", and {asks} for {what}" if asks else f"; only {what}{also} needs it"
        yield Finding(
            "broken" if asks else "note", f"{extra} is not installed{told}", f'pip install "retrolabel[{extra}]"'
        )
    if importlib.util.find_spec("pytest") is None:
        what = f"pytest is not installed; only running examples as tests (pytest {PACKAGE}) needs it"
        yield Finding("note", what, "pip install pytest")
