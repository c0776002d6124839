"""A second look for phrases: spaCy cuts a text otherwise where it is shouted, or where a full stop sticks to a word.

``DOESN'T`` is one token and ``doesn't`` two, ``broken.Please`` may be one, a line end is one of its own. So where a
phrase is not found in a text as it is written, it is looked for in the text as :func:`words_apart` writes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrolabel.labeling.folding import fold, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_WORDS = re.compile(r"\S+")
_MARKS = re.compile(
    r"""(?:[!?;"()\[\]{}<>/\\|*~=\u00ab\u00bb\u00bf\u00a1\u3001\u3002\uff0c\uff01\uff1f\uff1a\uff1b\u2026]|(?<!\d)[.,:]|[.,:](?!\d))+"""
)


def words_apart(text: str, *, case: bool) -> str:
    r"""Return a folded text with punctuation set apart from words, in lower case unless case counts.

    What stands between two digits stays, as in ``3.5``; apostrophes and hyphens are parts of words.

    Args:
        text: The text.
        case: Whether upper and lower case differ.

    Example:
        >>> words_apart("It\u2019s BROKEN.Please\nfix 3.5", case=False)
        "it's broken . please fix 3.5"
    """
    apart = " ".join(_MARKS.sub(r" \g<0> ", fold(text)).split())
    return apart if case else apart.lower()


def places_apart(text: str, *, case: bool) -> list[tuple[int, int]]:
    r"""Return where in a text stood each character of what :func:`words_apart` makes of it: (start, end).

    Args:
        text: The text.
        case: Whether upper and lower case differ.

    Example:
        >>> places_apart("a\u00adb.c", case=False)  # "ab . c"
        [(0, 1), (2, 3), (3, 3), (3, 4), (4, 4), (4, 5)]
    """
    seen = folded(text)
    parts, end = [], 0
    for mark in _MARKS.finditer(seen.text):
        parts += [(end, mark.start()), mark.span()]
        end = mark.end()
    words = [
        (first + found.start(), first + found.end())
        for first, last in (*parts, (end, len(seen.text)))
        for found in _WORDS.finditer(seen.text[first:last])
    ]
    places: list[tuple[int, int]] = []
    for first, last in words:
        if places:
            places.append((places[-1][1], places[-1][1]))  # the space between
        for place in range(first, last):
            written = 1 if case else len(seen.text[place].lower())
            places += [seen.span(place, place + 1)] * written
    return places


class SecondLook:
    """Phrases that are looked for in docs of folded texts.

    Args:
        phrases: Place of a rule -> its phrases, and whether case counts.
        cut: What cuts a text into tokens.
        vocab: The vocabulary of the docs.
        by_token: Whether docs are taken in the tokens that they have, each folded, rather than cut anew.
    """

    def __init__(
        self,
        phrases: Mapping[int, tuple[Sequence[str], bool]],
        cut: Callable[[str], Doc],
        vocab: Vocab,
        *,
        by_token: bool,
    ) -> None:
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415 - it takes a second

        self._cut = cut
        self._vocab = vocab
        self._by_token = by_token
        self._tokens: dict[bool, dict[int, list[list[str]]]] = {}
        self._matchers: dict[bool, PhraseMatcher] = {}
        for place, (given, case) in phrases.items():
            if case not in self._matchers:
                self._matchers[case] = PhraseMatcher(vocab, attr="ORTH")
                self._tokens[case] = {}
            docs = [cut(words_apart(phrase, case=case)) for phrase in given]
            self._matchers[case].add(str(place), docs)
            self._tokens[case][place] = [[token.text for token in doc] for doc in docs]

    def places(self, doc: Doc, found: Iterable[int]) -> set[int]:
        """Return the places of the rules that are found, beside those that were found already.

        A doc is made only of a text that holds all tokens of a phrase.

        Args:
            doc: The text as it is written.
            found: The places of the rules that were found in it.
        """
        done = set(found)
        for case, matcher in self._matchers.items():
            left = {place: given for place, given in self._tokens[case].items() if place not in done}
            if not left:
                continue
            tokens = self._words(doc, case=case) if self._by_token else []
            text = " ".join(tokens) if self._by_token else words_apart(doc.text, case=case)
            may = {place for place, given in left.items() if any(all(t in text for t in each) for each in given)}
            if may:
                done |= may & {int(self._vocab.strings[hit[0]]) for hit in matcher(self._doc(text, tokens))}
        return done

    def spans(self, doc: Doc) -> list[tuple[int, int]]:
        """Return where in a doc's text the phrases are found, in the text as it was given.

        Args:
            doc: The text as it is written.
        """
        found: list[tuple[int, int]] = []
        for case, matcher in self._matchers.items():
            if self._by_token:
                kept = [(words, token) for token in doc if (words := words_apart(token.text, case=case))]
                made = self._doc("", [words for words, _ in kept])
                tokens = [(token.idx, token.idx + len(token)) for _, token in kept]
                found += [(tokens[start][0], tokens[end - 1][1]) for _, start, end in matcher(made)]
                continue
            places = places_apart(doc.text, case=case)
            hits = [
                made[start:end]
                for made in [self._cut(words_apart(doc.text, case=case))]
                for _, start, end in matcher(made)
            ]
            found += [(places[hit.start_char][0], places[hit.end_char - 1][1]) for hit in hits]
        return found

    def _words(self, doc: Doc, *, case: bool) -> list[str]:
        words = (words_apart(token.text, case=case) for token in doc)
        return [word for word in words if word]

    def _doc(self, text: str, tokens: list[str]) -> Doc:
        from spacy.tokens import Doc  # noqa: PLC0415 - it takes a second

        return Doc(self._vocab, words=tokens) if self._by_token else self._cut(text)
