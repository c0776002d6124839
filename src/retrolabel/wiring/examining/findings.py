"""What was found, and what would help."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import in_quotes
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrolabel.errors import RetrolabelError


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: ``ok``, ``note`` or ``broken``.
        what: What was found.
        remedy: What would help.
    """

    state: str
    what: str
    remedy: str = ""

    def __post_init__(self) -> None:
        """Let nobody read a password or a token in it."""
        object.__setattr__(self, "what", without_secrets(self.what))
        object.__setattr__(self, "remedy", without_secrets(self.remedy))


def broken(error: RetrolabelError, where: str = "") -> Finding:
    """Return an error as what was found, and what would help."""
    what = " ".join([f"{where}{error.message}", *map(str, error.problems)])
    further = [part for part in error.remedy.split("; ") if "retrolabel doctor" not in part]  # it runs already
    return Finding("broken", what.replace("\n", " "), "; ".join(further) or "mend what is named")


def unwritable(what: str, paths: Sequence[Path]) -> Iterator[Finding]:
    """Tell places that may not be written."""
    closed = [path for path in paths if not os.access(path, os.W_OK)]
    if closed:
        more = f" (and {len(closed) - 1} more in it)" if len(closed) > 1 else ""
        remedy = f"give yourself permission to write: chmod -R u+w {in_quotes(str(closed[0]))}, or ask its owner"
        yield Finding("broken", f"{what}: {closed[0]} cannot be written{more}", remedy)
