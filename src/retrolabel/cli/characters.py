"""Control characters of other people's text: shown, never obeyed."""

from __future__ import annotations

import re

CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What moves the cursor, colours, rings, turns the direction of writing or cannot be seen; the joiners of scripts and
emoji (U+200C, U+200D) are text."""


def as_text(text: str, *, lines: bool = False) -> str:
    r"""Return a text whose control characters are shown, not obeyed, as ``\x1b`` that begins a terminal's codes.

    Args:
        text: Text of feedback, of files, of other people's code.
        lines: Whether it may have lines and tabs.

    Example:
        >>> as_text("a\x1b[2Jb\u202ec\nd")
        'a\\x1b[2Jb\\u202ec\\nd'
    """
    return CONTROLS.sub(lambda found: found[0] if lines and found[0] in "\n\t" else escaped(found[0]), text)


def escaped(character: str) -> str:
    """Return a character as Python writes it in ASCII."""
    return character.encode("unicode_escape").decode("ascii")
