"""A second look for phrases: spaCy cuts a text otherwise where it is shouted, or where a full stop sticks to a word.

``DOESN'T`` is one token and ``doesn't`` two, ``broken.Please`` may be one, a line end is one of its own. So where a
phrase is not found in a text as it is written, it is looked for in the text as :func:`words_apart` writes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrolabel.labeling.folding import Folded, fold, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from spacy.tokens import Doc
    from spacy.vocab import Vocab

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


def words_apart_with_places(text: str, *, case: bool) -> Folded:
    r"""Return what :func:`words_apart` writes, with the place in the text of each of its characters.

    Args:
        text: The text.
        case: Whether upper and lower case differ.

    Example:
        >>> seen = words_apart_with_places("It\u2019s BROKEN.Please", case=False)
        >>> seen.text, seen.span(5, 11)
        ("it's broken . please", (5, 11))
    """
    seen = folded(text)
    inside = {place for found in _MARKS.finditer(seen.text) for place in range(*found.span())}
    written: list[str] = []
    places: list[int] = []
    for place, character in enumerate(seen.text):
        edge = place > 0 and (place in inside) != (place - 1 in inside)
        if (edge or character.isspace()) and written and written[-1] != " ":
            written.append(" ")
            places.append(place)
        if not character.isspace():
            several = character if case else character.lower()  # a dotted capital I becomes two
            written.append(several)
            places += [place] * len(several)
    apart = words_apart(text, case=case)
    spans = [seen.span(place, place + 1) for place in places[: len(apart)]]
    return Folded(apart, text, tuple(start for start, _ in spans), tuple(end for _, end in spans))


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
        """Return where in a text the phrases of all its rules are found: (start, end) of each, in the text as it was.

        Args:
            doc: The text as it is written.
        """
        found = []
        for case, matcher in self._matchers.items():
            if self._by_token:
                told = [(token, words_apart(token.text, case=case)) for token in doc]
                tokens = [token for token, word in told if word]
                for _, first, end in matcher(self._doc("", [word for _, word in told if word])):
                    last = tokens[end - 1]
                    found.append((tokens[first].idx, last.idx + len(last.text)))
                continue
            seen = words_apart_with_places(doc.text, case=case)
            apart = self._cut(seen.text)
            found += [
                seen.span(apart[first].idx, apart[end - 1].idx + len(apart[end - 1].text))
                for _, first, end in matcher(apart)
            ]
        return found

    def _words(self, doc: Doc, *, case: bool) -> list[str]:
        words = (words_apart(token.text, case=case) for token in doc)
        return [word for word in words if word]

    def _doc(self, text: str, tokens: list[str]) -> Doc:
        from spacy.tokens import Doc  # noqa: PLC0415 - it takes a second

        return Doc(self._vocab, words=tokens) if self._by_token else self._cut(text)
