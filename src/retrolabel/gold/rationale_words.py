"""What a rationale is made of: its words, whether it says anything, and whether it says that no label fits."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from retrolabel.gold.small_words import no_reasons, small_words

if TYPE_CHECKING:
    from collections.abc import Collection

WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
"""Characters of scripts that write no space between words: two that stand together are taken for a word."""
APOSTROPHE = re.compile("['\u2019`\u00b4]")
NO_LABEL_FITS = re.compile(
    r"\b(?:"
    r"(?:none|neither|nothing) (?:of (?:them|these|those|the (?:above|labels?|categories|options))"
    r"|(?:here |really )?fits?|applies|matches)"
    r"|no (?:\w+ )?(?:label|category|class|option)s?\b(?: \w+)? ?(?:fits?|applies|matches|for this|here)"
    r"|(?:missing|needs? an?|there is no|theres no|we need a|want an?) (?:\w+ )?(?:label|category|class|option)"
    r"|(?:does not|doesnt|dont|do not|not really) fit (?:any|anywhere|in any|into any)"
    r"|(?:kein\w*|nichts) (?:(?:label|kategorie|klasse|davon|hier|so|richtig) ){0,2}(?:passt|passen\w*|trifft)"
    r"|passt (?:(?:in|zu|auf) )?(?:nirgends|nirgendwo|keine[mrns]?\b)"
    r"|(?:fehlt|brauchen) (?:eine?|noch)? ?(?:label|kategorie|klasse)|keine? (?:label|kategorie|klasse) (?:für|dafür)"
    r"|ningun[ao]? (?:\w+ )?(?:etiqueta|categoría|categoria|opción|opcion|encaja|aplica)\b|no encaja (?:en|con) ning"
    r"|falta una (?:etiqueta|categor)"
    r"|aucun[e]? (?:\w+ )?(?:étiquette|etiquette|catégorie|categorie|option|ne correspond|ne convient)"
    r"|nessuna? (?:etichetta|categoria|opzione)|nenhum[a]? (?:etiqueta|rótulo|rotulo|categoria|opç)"
    r"|geen (?:\w+ )?(?:label|categorie) past"
    r")"
)
OF_LABELS = re.compile(
    r"\b(?:labels?|categor\w+|class|options?|fits?|appl(?:y|ies)|match(?:es)?|none|kategorien?|klassen?|passt|passen"
    r"|keine?[mnrs]?|nichts|etiquetas?|ningun[ao]?|encaja|étiquettes?|catégories?|aucune?|etichett[ae]|nessuna?|rótulo"
    r"|nenhuma?|geen|past)\b"
)


def plain(text: str) -> str:
    """Return a text in one way to write it: composed letters, lower case, no apostrophes, single spaces.

    Example:
        >>> plain("It  Doesn\u2019t work")
        'it doesnt work'
    """
    return " ".join(APOSTROPHE.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a rationale, in their order, without those that stand in texts on anything.

    Example:
        >>> words_of("I think it's only slow, nothing breaks")
        ('only', 'slow', 'nothing', 'breaks')
        >>> words_of("\u592a\u6162\u4e86")
        ('\u592a\u6162', '\u6162\u4e86')
    """
    small = small_words()
    found = [part for word in WORD.findall(plain(text)) for part in _parts(word) if part not in small]
    return tuple(word for word in found if len(word) > 1 or not word.isascii())


def says_nothing(text: str, names: Collection[str] = ()) -> bool:
    """Return whether a rationale gives no reason: nothing, "idk", "see above", a name of a label alone.

    Args:
        text: The rationale.
        names: The ids and names of the labels.

    Example:
        >>> [says_nothing(each, ["bug"]) for each in ("idk", "k.A.", "keine Ahnung", "bug!", "it is a bug", "too slow")]
        [True, True, True, True, True, False]
    """
    named = {word for name in names for word in words_of(name)}
    left = [word for word in words_of(text) if word not in no_reasons() and not word.isdigit()]
    return all(word in named for word in left)


def says_no_label_fits(text: str) -> bool:
    """Return whether a rationale says that none of the labels fits.

    Example:
        >>> says = ("none of these fit", "passt in keine Kategorie", "ninguna etiqueta encaja", "the fit is bad")
        >>> [says_no_label_fits(each) for each in says]
        [True, True, True, False]
    """
    return NO_LABEL_FITS.search(plain(text)) is not None


def without_that(text: str) -> str:
    """Return a rationale without its words that no label fits: what else it says.

    Example:
        >>> without_that("None of these fits: it's about billing")
        'its about billing'
    """
    return " ".join(WORD.findall(OF_LABELS.sub(" ", NO_LABEL_FITS.sub(" ", plain(text)))))


def _parts(word: str) -> list[str]:
    """Return a word, or, of a script without spaces, each two characters of it that stand together."""
    if word.isascii() or UNSPACED.search(word) is None:
        return [word]
    return [word[place : place + 2] for place in range(max(1, len(word) - 1))]
