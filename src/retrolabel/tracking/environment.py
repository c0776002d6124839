"""What is recorded beside a label set: versions, commit, machine. None of it is hashed."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from typing import TYPE_CHECKING, Any

from retrolabel.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

NUMERICS = ("numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "spacy", "snorkel", "torch")


def environment(project: Path | None) -> dict[str, Any]:
    """Return package versions, Python, platform, and the project's git commit where it has one."""
    return {
        "retrolabel": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version for name in NUMERICS if (version := _version(name))},
        "git": _git(project) if project else None,
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _git(project: Path) -> dict[str, Any] | None:
    commit = _ask_git(project, "rev-parse", "HEAD")
    if commit is None:
        return None
    return {"commit": commit, "dirty": bool(_ask_git(project, "status", "--porcelain", "--", "labeling_functions"))}


def _ask_git(project: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *words],  # noqa: S607 - the user's own git
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
