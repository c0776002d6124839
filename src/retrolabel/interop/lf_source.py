"""The source text of a labeling function, written from what is asked, to be edited by a person."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.terms import is_unspaced
from retrolabel.errors import InputError, LabelingFunctionError
from retrolabel.interop.python_source import WIDTH, Group, pattern_text, rendered, text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KINDS = ("keywords", "regex", "function", "lookup", "phrases", "token_pattern", "classifier")


@dataclass(frozen=True)
class LfWish:
    """A labeling function that somebody asks for.

    Attributes:
        name: Its name.
        kind: What it is made from, one of ``KINDS``.
        label: The name of its label in the module that it goes into.
        column: The column that it reads.
        words: What it looks for.
        pattern: A pattern: of ``re`` for ``regex``, JSON for ``token_pattern``.
        examples: Texts that it votes on.
        non_examples: Texts that it does not vote on.
        note: Why it is there, in sentences; a comment above it.
        more_columns: Other columns that it reads too; lists of words and patterns can.
    """

    name: str
    kind: str
    label: str
    column: str
    words: tuple[str, ...] = ()
    pattern: str = ""
    examples: tuple[str, ...] = ()
    non_examples: tuple[str, ...] = ()
    note: str = ""
    more_columns: tuple[str, ...] = ()

    def item(self, example: str) -> dict[str, str] | str:
        """Return an example as it is written: a text; where several columns are read, an item with it in the first."""
        return {self.column: example} if self.more_columns else example


@dataclass(frozen=True)
class LfText:
    """A labeling function as it is written.

    Attributes:
        text: The statement.
        imports: (module, name) of all that it needs; no name where it is the module itself.
    """

    text: str
    imports: tuple[tuple[str, str], ...]


def lf_source(wish: LfWish) -> LfText:
    """Return the statement that makes a labeling function.

    Raises:
        InputError: There is no such kind, or the pattern is none.

    Example:
        >>> print(lf_source(LfWish("says_slow", "keywords", "SLOW", "comment", ("slow", "lags"))).text)
        says_slow = keywords(SLOW, ["slow", "lags"], column="comment")
    """
    written = WRITTEN[wish.kind](wish)
    lines = [line for said in wish.note.splitlines() for line in wrap(said, WIDTH - 2, break_long_words=False)]
    note = "".join(f"# {line}\n" for line in lines)
    return LfText(note + written.text, written.imports)


def candidates(wish: LfWish) -> list[str]:
    """Return texts on which a labeling function that is asked for may vote, the most telling first.

    Who asks takes the first one on which it does: what a pattern means only ``re`` and spaCy know.
    """
    words = [*wish.words[:1]] if wish.kind != "regex" or not wish.pattern else [_plain(wish.pattern)]
    if wish.kind == "token_pattern" and wish.pattern:
        words = [" ".join(_told(token) for token in pattern) for pattern in _patterns(wish)[:1]]
    if wish.kind == "lookup":
        return words
    return [each for word in words for each in (f"They say {word} here.", f"They say {word}", word)]


def _plain(pattern: str) -> str:
    """Return a text that a simple pattern is likely to match: its first way, each thing once."""
    found = re.sub(r"\(\?(?:P<\w+>|:)", "(", pattern)
    for wanted, instead in PLAINER:
        found = re.sub(wanted, instead, found)
    while "(" in found:
        shorter = re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)[?*+]?", r"\1", found)
        if shorter == found:
            break
        found = shorter
    return re.sub(r"\\(.)", r"\1", found.partition("|")[0])


PLAINER = (
    (r"\\[bBAZ]|(?<!\\)[\^$]", ""),
    (r"\\d(\{(\d+)[^}]*\}|[+*?])?", "1"),
    (r"\\s[+*?]?|(?<!\\)\.[+*]\??", " "),
    (r"\\w[+*?]?", "a"),
    (r"\[([^\]^\\])[^\]]*\][+*?]?", r"\1"),
    (r"(?<![\\)])[+?]", ""),
)
"""What stands in a pattern -> what a text may have there."""


def _told(token: Mapping[str, Any]) -> str:
    wanted = next((token[key] for key in ("LOWER", "TEXT", "ORTH") if key in token), None)
    if isinstance(wanted, dict):
        wanted = next(iter(wanted.get("IN", ())), None)
    return str(wanted) if wanted is not None else "12" if "LIKE_NUM" in token or "IS_DIGIT" in token else "word"


def _examples(wish: LfWish) -> list[Group]:
    given = (("examples", wish.examples), ("non_examples", wish.non_examples))
    if not wish.more_columns:
        return [texts(name, values) for name, values in given if values]
    items = [(name, tuple(f"{{{text(wish.column)}: {text(value)}}}" for value in values)) for name, values in given]
    return [Group(f"{name}=[", values, "]") for name, values in items if values]


def _built(wish: LfWish, *given: str | Group) -> LfText:
    """Return a call of the builder of that name."""
    several = texts("column", (wish.column, *wish.more_columns)) if wish.more_columns else None
    column = several or f"column={text(wish.column)}"
    call = Group(f"{wish.kind}(", (*given, column, *_examples(wish)), ")")
    return LfText(rendered(f"{wish.name} = ", call), (("retrolabel", wish.kind),))


def _words(wish: LfWish) -> LfText:
    return _built(wish, wish.label, texts("", wish.words))


def _regex(wish: LfWish) -> LfText:
    return _built(wish, wish.label, pattern_text(wish.pattern or _any_of(wish.words)))


def _any_of(words: Sequence[str]) -> str:
    r"""Return a pattern that finds words, as whole words where they begin and end with a letter or a digit.

    Example:
        >>> print(_any_of(["bug", "log in"]), _any_of(["c++"]), _any_of(["\u9000\u6b3e"]) == "(\u9000\u6b3e)")
        \b(bug|log\s+in)\b (?<!\w)(c\+\+)(?!\w) True
    """
    found = f"({'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in words)})"
    if any(map(is_unspaced, words)):
        return found
    plain = all(re.fullmatch(r"\w(.*\w)?", word, re.DOTALL) for word in words)
    return rf"\b{found}\b" if plain else rf"(?<!\w){found}(?!\w)"


def _lookup(wish: LfWish) -> LfText:
    return _built(wish, Group("{", tuple(f"{text(word)}: {wish.label}" for word in wish.words), "}"))


def _token_pattern(wish: LfWish) -> LfText:
    patterns = _patterns(wish)
    each = [Group("[", tuple(_literal(token) for token in pattern), "]") for pattern in patterns]
    return _built(wish, wish.label, each[0] if len(each) == 1 else Group("[", tuple(each), "]"))


def _literal(token: Mapping[str, Any]) -> Group:
    return Group("{", tuple(f"{text(key)}: {_value(value)}" for key, value in token.items()), "}")


def _value(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    return text(value) if isinstance(value, str) else repr(value)


def _patterns(wish: LfWish) -> list[list[dict[str, Any]]]:
    """Return patterns of tokens: those that are given, or one for each word or phrase."""
    if not wish.pattern:
        return [[{"LOWER": token} for token in _tokens(word)] for word in wish.words]
    try:
        found = json.loads(wish.pattern)
    except ValueError:
        found = None
    several = [found] if isinstance(found, list) and all(isinstance(each, dict) for each in found) else found
    sound = isinstance(several, list) and several and all(isinstance(each, list) for each in several)
    if not sound or not all(isinstance(token, dict) for each in several for token in each):
        raise InputError(
            f"--pattern {wish.pattern!r:.80} is no pattern of tokens.",
            remedy='a list of a dict for each token, in JSON: \'[{"LOWER": "dead"}, {"LOWER": "link"}]\'',
        )
    return list(several)


def _tokens(phrase: str) -> list[str]:
    """Return the tokens of a phrase, as a blank pipeline cuts it, in lower case."""
    from retrolabel.labeling.matching import blank  # noqa: PLC0415 - it takes a second

    return [token.lower_ for token in blank().make_doc(phrase)]


def _function(wish: LfWish) -> LfText:
    column = wish.column
    head = rendered("@", Group("labeling_function(", (wish.label, *_examples(wish)), ")"))
    pattern = pattern_text(_any_of(wish.words))
    search = Group("re.search(", ("pattern", f"{column} or {text('')}", "re.IGNORECASE"), ")")
    lines = [
        head,
        f"def {wish.name}({column}):",
        f'    """{_sentence(wish)}"""',
        f"    pattern = {pattern}",
        "    # A match is a vote, and says which words it was.",
        rendered("return ", search, depth=1),
    ]
    return LfText("\n".join(lines), (("retrolabel", "labeling_function"), ("re", "")))


def _sentence(wish: LfWish) -> str:
    said = "It says one of a few words." if len(wish.words) > 1 else "It says one word."
    return f"{said} Write here why that speaks for the label."


def _classifier(wish: LfWish) -> LfText:
    """Return a model that is fitted on a few texts where it stands: a start, to be replaced by a model of one's own."""
    yes = [f"They say {word} here." for word in wish.words]
    no = list(wish.non_examples) or ["Something else.", "Nothing to report."]
    model = f"{wish.name}_model"
    fitted = Group(
        "make_pipeline(CountVectorizer(), MultinomialNB()).fit(",
        (texts("", [*yes, *no]), Group("[", ("1",) * len(yes) + ("0",) * len(no), "]")),
        ")",
    )
    column = f"column={text(wish.column)}"
    call = Group(f"{wish.kind}(", (f"{{1: {wish.label}}}", model, column, "floor=0.5", *_examples(wish)), ")")
    lines = [
        "# A start: this model knows a few made-up texts only. Fit one of your own on labelled",
        "# texts, save it into resources/, load it here, and raise floor to what it is good for.",
        rendered(f"{model} = ", fitted),
        rendered(f"{wish.name} = ", call),
    ]
    needs = (
        ("retrolabel", "classifier"),
        ("sklearn.feature_extraction.text", "CountVectorizer"),
        ("sklearn.naive_bayes", "MultinomialNB"),
        ("sklearn.pipeline", "make_pipeline"),
    )
    return LfText("\n".join(lines), needs)


WRITTEN: dict[str, Callable[[LfWish], LfText]] = {
    "keywords": _words,
    "phrases": _words,
    "regex": _regex,
    "lookup": _lookup,
    "token_pattern": _token_pattern,
    "function": _function,
    "classifier": _classifier,
}


def check_wish(wish: LfWish) -> None:
    """Refuse what says nothing to look for, or what no labeling function of that kind can be told.

    Raises:
        InputError: There is no such kind, or a pattern where none is read.
        LabelingFunctionError: There is nothing to look for.
    """
    if wish.kind not in KINDS:
        raise InputError(f"--from {wish.kind} is no builder.", remedy=f"one of {', '.join(KINDS)}")
    if wish.pattern and wish.kind not in ("regex", "token_pattern"):
        raise InputError(
            f"--pattern says nothing to {wish.kind}.", remedy='--words "a,b"; or --from regex, or --from token_pattern'
        )
    if not wish.words and not wish.pattern:
        raise LabelingFunctionError(
            f"{wish.name} has nothing to look for.", remedy='name it: --words "crash,freezes up"'
        )
