"""Names that stand for people in files that are given away: the same in each file of a store, and nowhere else."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from retrolabel.jobs.gold.rows import UNNAMED

KEY_BYTES, DIGITS = 32, 8


@dataclass(frozen=True, repr=False)
class Pseudonyms:
    """Gives each name another one that says nothing of it.

    Attributes:
        key: What makes them those of one store: who has it, and a list of names, finds out who is who.

    Example:
        >>> Pseudonyms(b"a key of a store")("ana")
        'p-9d2fce7d'
    """

    key: bytes

    def __call__(self, name: str) -> str:
        """Return what stands for a name (HMAC-SHA256, its first eight digits)."""
        if name == UNNAMED:
            return name
        return "p-" + hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()[:DIGITS]
