"""Roughly which language texts are in: by their script, or by the small words of a few languages."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SMALL_WORDS = {
    "English": "the and is it was this that with for not you have but are they when of",
    "German": "der die das und ist nicht ich mit ein eine es auf wir sehr aber auch den",
    "French": "le les des est et pas je une pour que dans avec sur mais vous nous très",
    "Spanish": "el los las es y no una para que con por pero muy está como del más",
    "Italian": "il gli è e non una per che con sono ma molto della questo anche di si",
    "Portuguese": "os as é e não uma para que com muito mas está do da um por",
    "Dutch": "de het een en is niet ik met van op voor maar ook zeer dat wij",
}
"""Words that are frequent in one language; some stand in several, and count for each."""
SCRIPTS = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
FEWEST = 2
UNKNOWN = "unclear"


def language_shares(texts: Iterable[str]) -> dict[str, float]:
    """Return language (or script) -> the share of texts that are most likely in it, the largest first.

    It is a rough look: another script than Latin names itself; in Latin script at least two small words of a language
    have to occur, and more than of any other. Short texts are ``unclear``.

    Example:
        >>> language_shares(["it is not what the others have", "das ist nicht gut", "ok", "hm"])
        {'unclear': 0.5, 'English': 0.25, 'German': 0.25}
    """
    counts = Counter(language_of(text) for text in texts)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return {language: count / counts.total() for language, count in ordered}


def language_of(text: str) -> str:
    """Return the language, or the script, that a text is most likely in; ``unclear`` where nothing says so."""
    scripts = Counter(_script(each) for each in text if each.isalpha())
    script = scripts.most_common(1)[0][0] if scripts else "LATIN"
    if script != "LATIN":
        return SCRIPTS.get(script, script.capitalize())
    words = set(text.casefold().replace("'", " ").split())
    hits = Counter({language: len(words & small) for language, small in _small().items()})
    (best, most), (_, second) = hits.most_common(2)
    return best if most >= FEWEST and most > second else UNKNOWN


@cache
def _small() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in SMALL_WORDS.items()}


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "LATIN").partition(" ")[0]
