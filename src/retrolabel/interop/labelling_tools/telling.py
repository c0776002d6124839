"""What of a tool's file is no answer, as people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def left_out_told(left_out: Mapping[str, int]) -> str:
    """Return what was left out, with counts.

    Example:
        >>> left_out_told({"prediction": 12, "cancelled annotation": 1, "answer to another question": 2})
        '12 predictions, 1 cancelled annotation, 2 answers to another question'
    """
    return ", ".join(_counted(many, what) for what, many in left_out.items())


def _counted(many: int, what: str) -> str:
    """Return a count with its noun, which may have words after it."""
    if many == 1:
        return f"1 {what}"
    noun, *rest = _split_noun(what)
    return " ".join([f"{many:,}", f"{noun}s", *rest])


def _split_noun(what: str) -> list[str]:
    for word in (" without ", " by ", " that ", " of ", " beside ", " to "):
        if word in what:
            noun, _, rest = what.partition(word)
            return [noun, word.strip(), rest]
    return [what]
