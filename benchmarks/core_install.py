"""What a core install brings: its packages, their megabytes on the disk, the ten largest.

The checkout in FOLDER (this one if left out) is installed into a new virtual environment, without any extra. pip and
setuptools, which an environment is made with, are not counted; all else is, as ``du -sm site-packages`` does.

    python benchmarks/core_install.py [FOLDER]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import Distribution

OF_THE_ENVIRONMENT = {"pip", "setuptools"}
LARGEST = 10
MB, BLOCK = 2**20, 512


def main() -> None:
    project = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1]
    with tempfile.TemporaryDirectory() as folder:
        site = installed(project.resolve(), Path(folder))
        packages = {each.metadata["Name"]: on_disk_of(each, site) for each in distributions(path=[str(site)])}
        ours = {name: paths for name, paths in packages.items() if name not in OF_THE_ENVIRONMENT}
        rows = [(f"all {len(ours)} packages", megabytes(set().union(*ours.values())))]
        rows += sorted(((name, megabytes(paths)) for name, paths in ours.items()), key=lambda row: -row[1])[:LARGEST]
    print("| core install | MB |\n| --- | --- |")
    for name, size in rows:
        print(f"| {name} | {size:,.0f} |")


def installed(project: Path, folder: Path) -> Path:
    """Return the site-packages of a new environment that has the project in it."""
    venv.create(folder, with_pip=True)
    words = ["install", "--quiet", "--disable-pip-version-check", "-c", str(project / "constraints.txt"), str(project)]
    subprocess.run([str(folder / "bin" / "python"), "-m", "pip", *words], check=True)
    return next(folder.glob("lib/python*/site-packages"))


def on_disk_of(package: Distribution, site: Path) -> set[Path]:
    """Return the files of a package below site-packages, and the folders that they lie in."""
    files = {Path(str(package.locate_file(each))) for each in package.files or () if ".." not in each.parts}
    folders = {folder for path in files for folder in path.parents if site in folder.parents}
    return {path for path in files | folders if path.exists()}


def megabytes(paths: Iterable[Path]) -> float:
    return sum(path.lstat().st_blocks for path in paths) * BLOCK / MB


if __name__ == "__main__":
    main()
