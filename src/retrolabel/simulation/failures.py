"""What can be true of an answer: it is good, or it fails in one of three ways, each of several kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MODES = ("good", "retrieval", "generation", "formatting")
FAILURES = MODES[1:]
THUMBS = ("good", "bad")

KINDS: Mapping[str, Mapping[str, float]] = {
    "good": {"": 1.0},
    "retrieval": {"stale": 0.3, "elsewhere": 0.3, "none": 0.25, "dead": 0.15},
    "generation": {
        "incorrect": 0.24,
        "incomplete": 0.16,
        "contradictory": 0.08,
        "invented": 0.16,
        "refuses": 0.08,
        "misread": 0.16,
        "vague": 0.12,
    },
    "formatting": {
        "table": 0.16,
        "code": 0.22,
        "wall": 0.14,
        "language": 0.07,
        "truncated": 0.11,
        "long": 0.13,
        "raw": 0.17,
    },
}
"""Mode -> how often it is of each kind; their order is part of what a seed gives."""
TELLTALE = frozenset({"stale", "none", "hedge", "incorrect", "invented"})
"""Flaws that a sentence of the answer may betray; ``hedge`` is a flaw and no failure."""
