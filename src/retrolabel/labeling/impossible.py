"""What no token can be: a pattern that asks for it would find nothing, and say nothing.

Only what is certain is named. What a text would have to hold for a pattern to match is not looked for.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from retrolabel.labeling.matching import blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from spacy.language import Language

try:
    from re import _parser  # type: ignore[attr-defined]  # private, and the same since Python 2
except ImportError:  # pragma: no cover - a Python to come; then nothing is said of patterns of re
    _parser = None

WORDS = ("TEXT", "ORTH", "LOWER")
"""What says which word a token is."""
ENTITIES = ("ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID")
"""What a component that finds names sets, and nothing else does."""
NOT_OF_THE_WORD = {"OP", "POS", "TAG", "DEP", "LEMMA", "MORPH", "NORM", "SPACY", "IS_SENT_START", "SENT_START", "_"}
"""What the text of a token does not decide."""
APART = (
    ("IS_SPACE", "IS_ALPHA", "IS_DIGIT", "IS_PUNCT"),
    ("IS_LOWER", "IS_UPPER"),
    ("IS_LOWER", "IS_TITLE"),
    *((kind, other) for kind in ("IS_DIGIT", "IS_PUNCT", "IS_SPACE") for other in ("IS_LOWER", "IS_UPPER", "IS_TITLE")),
    *(("IS_SPACE", other) for other in ("LIKE_NUM", "LIKE_URL", "LIKE_EMAIL", "IS_STOP", "IS_BRACKET", "IS_QUOTE")),
    *(("IS_ALPHA", other) for other in ("LIKE_URL", "LIKE_EMAIL", "IS_BRACKET", "IS_QUOTE", "IS_CURRENCY")),
    *(("IS_DIGIT", other) for other in ("LIKE_URL", "LIKE_EMAIL", "IS_BRACKET", "IS_QUOTE", "IS_CURRENCY", "IS_STOP")),
)
"""Flags of which a token has one at most."""
MOST_LETTERS = 10
"""Up to this many letters all ways to write a word in upper and lower case are tried."""
COMPARED: Mapping[str, Callable[[int, Any], bool]] = {
    "==": lambda length, value: length == value,
    "!=": lambda length, value: length != value,
    ">=": lambda length, value: length >= value,
    "<=": lambda length, value: length <= value,
    ">": lambda length, value: length > value,
    "<": lambda length, value: length < value,
    "IN": lambda length, value: length in value,
    "NOT_IN": lambda length, value: length not in value,
}


def whys(pattern: Sequence[Mapping[str, Any]], nlp: Language | None) -> Iterator[str]:
    """Yield what of a pattern no token can be, and what to write instead.

    Args:
        pattern: A pattern that spaCy's ``Matcher`` accepts.
        nlp: What cuts the texts; ``None`` where docs come from elsewhere, of which less is certain.

    Example:
        >>> list(whys([{"LOWER": "Bye"}], None))
        ['token 1: LOWER is the word in lower case, and "Bye" is not: write "bye", or {"TEXT": "Bye"}']
    """
    for place, token in enumerate(pattern, start=1):
        for why in _of_token({name.upper(): value for name, value in token.items()}, nlp):
            yield f"token {place}: {why}"
    if pattern and all(token.get("OP", "1") in {"{0}", "{0,0}", "{,0}"} for token in pattern):
        yield "no token of it has to be there, or may be: leave OP out"


def _of_token(token: Mapping[str, Any], nlp: Language | None) -> Iterator[str]:
    only_cut = nlp is not None and not nlp.pipe_names
    found = [
        *_empty(token),
        *_case(token),
        *_shapes(token),
        *_lengths(token),
        *(_pieces(token, nlp) if only_cut and nlp is not None else []),
        *(_entities(token) if only_cut else []),
        *(_norm(token) if nlp is blank() else []),
    ]
    yield from found or _contradictions(token)


def _words(token: Mapping[str, Any], name: str) -> list[tuple[str, bool]]:
    """Return the words that one attribute names, each with whether the token may be it (or may not)."""
    value = token.get(name)
    if isinstance(value, str):
        return [(value, True)]
    if not isinstance(value, dict):
        return []
    several = [(word, key == "IN") for key in ("IN", "NOT_IN") for word in value.get(key) or ()]
    return [(word, positive) for word, positive in several if isinstance(word, str)]


def _empty(token: Mapping[str, Any]) -> Iterator[str]:
    for name, value in token.items():
        if isinstance(value, dict) and value.get("IN", ...) in ([], ()):
            yield f"{name} is to be one of none: name what it may be"
        if name in WORDS and any(not word for word, _ in _words(token, name)):
            yield f"{name} is empty, and no token is: name a word"


def _case(token: Mapping[str, Any]) -> Iterator[str]:
    for word, _ in _words(token, "LOWER"):
        if word != word.lower():
            yield (
                f'LOWER is the word in lower case, and "{word}" is not: write "{word.lower()}", or {{"TEXT": "{word}"}}'
            )
    for pattern in _patterns(token.get("LOWER")):
        if letter := _needs_upper(pattern):
            yield (
                f'LOWER is the word in lower case, and the pattern "{pattern}" needs "{letter}":'
                f' write it in lower case, or {{"TEXT": {{"REGEX": ...}}}}'
            )


def _norm(token: Mapping[str, Any]) -> Iterator[str]:
    for word, _ in _words(token, "NORM"):
        if word != word.lower() and word not in _norms():
            yield f'NORM is in lower case, and "{word}" is not: write "{word.lower()}"'


def _patterns(value: object) -> list[str]:
    given = value.get("REGEX") if isinstance(value, dict) else None
    several = given.get("IN", []) if isinstance(given, dict) else [given]
    return [each for each in several if isinstance(each, str)]


def _needs_upper(pattern: str) -> str:
    """Return a letter that every match of a pattern holds, and that no word in lower case does."""
    if _parser is None:
        return ""
    tree = _parser.parse(pattern)
    return "" if tree.state.flags & re.IGNORECASE else _upper_in(tree)


def _upper_in(tree: Any) -> str:  # noqa: ANN401 - re's own, of no public type
    for kind, value in tree:
        name, inside = str(kind), ""
        if name == "LITERAL":
            inside = chr(value) if chr(value) != chr(value).lower() else ""
        elif name == "IN" and all(str(each) in {"LITERAL", "RANGE"} for each, _ in value):
            ends = [end for each, end in value for end in (end if isinstance(end, tuple) else (end,))]
            capitals = all(ord("A") <= end <= ord("Z") for end in ends)
            inside = chr(ends[0]) if capitals else ""
        elif name == "SUBPATTERN":
            inside = "" if value[1] & re.IGNORECASE else _upper_in(value[3])
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            inside = _upper_in(value[2]) if value[0] else ""
        elif name == "BRANCH":
            each = [_upper_in(branch) for branch in value[1]]
            inside = each[0] if all(each) else ""
        if inside:
            return inside
    return ""


@cache
def _special(nlp: Language, attribute: str) -> frozenset[str]:
    """Return what the tokens are that come of a tokenizer's special cases, some of them of nothing else: "'ve".

    Args:
        nlp: What cuts the texts.
        attribute: What is asked of a token: ``text``, ``lower_`` or ``norm_``.
    """
    rules = getattr(nlp.tokenizer, "rules", None) or {}
    return frozenset(getattr(token, attribute) for special in rules for token in nlp.make_doc(special))


def _norms() -> frozenset[str]:
    """Return the norms that spaCy's English tokenizer gives words beside their lower case."""
    return _special(blank(), "norm_")


def _shapes(token: Mapping[str, Any]) -> Iterator[str]:
    from spacy.lang.lex_attrs import word_shape  # noqa: PLC0415 - it takes a second

    for shape, _ in _words(token, "SHAPE"):
        now = word_shape(shape.replace("d", "1"))
        if shape not in (now, "LONG"):
            yield f'SHAPE keeps four of a kind, x, X or d for letters and digits, so "{shape}" is none: write "{now}"'


def _lengths(token: Mapping[str, Any]) -> Iterator[str]:
    value = token.get("LENGTH")
    asked = value if isinstance(value, dict) else {"==": value}
    if value is None or not set(asked) <= set(COMPARED):
        return
    named = [each for bound in asked.values() for each in (bound if isinstance(bound, (list, tuple)) else [bound])]
    numbers = [each for each in named if isinstance(each, int)]
    if len(numbers) < len(named):
        return
    tried = {1, *(each + step for each in numbers for step in (-1, 0, 1))}
    if not any(each >= 1 and _fits(each, asked) for each in tried):
        yield f"LENGTH is a number of characters, 1 or more, and none is {value}: write e.g. {{'>=': 5}}"


def _fits(length: int, asked: Mapping[str, Any]) -> bool:
    return all(COMPARED[name](length, bound) for name, bound in asked.items())


def _pieces(token: Mapping[str, Any], nlp: Language | None) -> Iterator[str]:
    """Yield words that the tokenizer cuts, wherever they stand."""
    for name in WORDS:
        for word, _ in _words(token, name):
            any_case = name == "LOWER"
            pieces = _cut(word.lower() if any_case else word, any_case, nlp) if word and nlp is not None else []
            if pieces:
                written = ", ".join(f'{{"{name}": "{piece}"}}' for piece in pieces)
                yield f'no token is "{word}", which is cut into {len(pieces)}: write {written}'


def _cut(word: str, any_case: bool, nlp: Language) -> list[str]:
    """Return the tokens of a word, none where it is one token in some surroundings."""
    if word in _special(nlp, "lower_" if any_case else "text"):
        return []
    ways = {word, word.upper(), word.title(), word.capitalize()} if any_case else {word}
    beside = (
        "{}",
        "a{}",
        "{}a",
        "a{}a",
        "A{}",
        "1{}",
        "{}1",
        "1{}1",
        "({})",
        "{}.",
        "a {} a",
        ".{}",
        "-{}",
        "a-{}",
        "'{}",
    )
    for way, around in product(ways, beside):
        for token in nlp.make_doc(around.format(way)):
            if word == (token.lower_ if any_case else token.text):
                return []
    return [token.text for token in nlp.make_doc(word) if not token.is_space]


def _entities(token: Mapping[str, Any]) -> Iterator[str]:
    for name in ENTITIES:
        if name in token and token[name] not in ("", 0):
            yield f'{name} is set by what finds names, and the pipeline has none: nlp=spacy.load("en_core_web_sm")'


def _contradictions(token: Mapping[str, Any]) -> Iterator[str]:
    """Yield attributes that no token has together."""
    for several in APART:
        both = [name for name in several if token.get(name) is True]
        if len(both) > 1:
            yield f"no token is {' and '.join(both)} at once: leave one of them out"
            return
    if token.get("IS_DIGIT") is True and token.get("LIKE_NUM") is False:
        yield "every token that is IS_DIGIT is LIKE_NUM: leave one of them out"
        return
    named = [name for name in WORDS if any(positive for _, positive in _words(token, name))]
    about = {name: value for name, value in token.items() if name not in NOT_OF_THE_WORD and name not in ENTITIES}
    if not named or (len(about) < 2 and not isinstance(token[named[0]], dict)):  # noqa: PLR2004 - one says nothing against itself
        return
    exact = next((name for name in named if name != "LOWER"), "LOWER")
    words = [word for word, positive in _words(token, exact) if positive]
    if exact == "LOWER":
        if any(sum(letter.isalpha() for letter in word) > MOST_LETTERS for word in words):
            return
        words = [written for word in words for written in _all_cases(word)]
    if not _one_of(words, about):
        yield f"no token is all of {', '.join(about)} that it asks for: drop what the word itself does not fit"


def _all_cases(word: str) -> list[str]:
    ways = product(*({letter, letter.upper()} if len(letter.upper()) == 1 else {letter} for letter in word))
    return ["".join(letters) for letters in ways]


def _one_of(words: Sequence[str], token: Mapping[str, Any]) -> bool:
    """Return whether a token of one of these words is what is asked for."""
    from spacy.matcher import Matcher  # noqa: PLC0415 - it takes a second
    from spacy.tokens import Doc  # noqa: PLC0415 - the same

    vocab = blank().vocab
    matcher = Matcher(vocab)
    matcher.add("token", [[dict(token)]])
    return bool(matcher(Doc(vocab, words=list(words))))
