"""Labeling functions that need no function: lists of words, and patterns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.building import build, columns_given
from retrolabel.labeling.folding import fold as as_folded
from retrolabel.labeling.searching import Search, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.labels import Label, LabelUnion


def keywords(  # noqa: PLR0913 - each is something an author may say about a word list
    label: Label | LabelUnion,
    words: Iterable[str],
    *,
    column: str | Sequence[str],
    unless: Iterable[str] = (),
    case: bool = False,
    fold: bool = True,
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    """Vote ``label`` where a text holds one of the words or phrases, as whole words.

    A word ends where a letter, digit or underscore ends; white space in a phrase matches any run of
    white space. Words and texts are looked at folded (:mod:`retrolabel.labeling.folding`): what people read as
    the same word is found, whichever apostrophe, quote, hyphen, accent or space it was typed with. A missing
    text gets no vote.

    Args:
        label: The vote.
        words: Words or phrases, plain text, no patterns.
        column: The column that holds the text, or several of which one must.
        unless: Words or phrases that take the vote away, wherever the item says one of them: "not a bug".
        case: Whether upper and lower case differ.
        fold: Whether words and texts are folded; ``False`` compares character by character.
        name: The name; discovery takes the variable's name if left out.
        description: Why these texts speak for the label, in a sentence.
        examples: Texts that get the vote.
        non_examples: Texts that do not. Both run as tests.

    Raises:
        LabelingFunctionError: There is no word, an empty one, or one text instead of a list.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> dead = keywords(Label("retrieval"), ["404", "dead  link"], column="comment")
        >>> dead.vote({"comment": "Dead link!"}), dead.vote({"comment": "1404"})
        (retrieval, None)
        >>> keywords(Label("bug"), ["doesn't work"], column="comment").vote({"comment": "Doesn\u2019t work"})
        bug
        >>> bug = keywords(Label("bug"), ["bug"], unless=["not a bug"], column="comment")
        >>> bug.vote({"comment": "A bug!"}), bug.vote({"comment": "Not a bug"})
        (bug, None)
    """
    listed = _listed("keywords", words, fold=fold)
    if not listed:
        raise LabelingFunctionError(
            "keywords needs at least one word, and none may be empty.", remedy="look for an empty line in the list"
        )
    flags = 0 if case else re.IGNORECASE
    away = _listed("unless", unless, fold=fold)
    but = Search(columns_given(column), _any_of(away), flags, frozenset(away), fold=fold) if away else None
    shown = ", ".join(listed[:5]) + (", ..." if len(listed) > 5 else "")  # noqa: PLR2004 - a short list reads
    return _searching(
        label,
        _any_of(listed),
        flags,
        column,
        name,
        description or f"Says: {shown}",
        examples,
        non_examples,
        frozenset(listed),
        fold=fold,
        unless=but,
    )


def _listed(what: str, words: Iterable[str], *, fold: bool) -> list[str]:
    """Return words as they are looked for.

    Raises:
        LabelingFunctionError: One is empty or no text, or there is one text instead of a list.
    """
    if isinstance(words, str):
        raise LabelingFunctionError(f"{what} takes a list of words, not one text.", remedy=f"write [{words!r}]")
    given: list[object] = list(words)
    strange = [word for word in given if not isinstance(word, str)]
    if strange:
        raise LabelingFunctionError(f"{what} takes texts, not {strange[0]!r}.", remedy=f"write {str(strange[0])!r}")
    listed = [" ".join((as_folded(str(word)) if fold else str(word)).split()) for word in given]
    if not all(listed):
        raise LabelingFunctionError(
            f"{what} needs at least one word, and none may be empty.", remedy="look for an empty line in the list"
        )
    return listed


def _any_of(words: Sequence[str]) -> str:
    """Return the pattern that finds one of some words, the longest first."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    alternatives = (re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)"


def regex(  # noqa: PLR0913 - each is something an author may say about a pattern
    label: Label | LabelUnion,
    pattern: str | re.Pattern[str],
    *,
    column: str | Sequence[str],
    unless: Iterable[str] = (),
    flags: int = re.IGNORECASE,
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    r"""Vote ``label`` where a text matches a pattern anywhere (``re.search``).

    It means what ``re`` says, character by character: unlike :func:`keywords`, no text is folded.

    Args:
        label: The vote.
        pattern: A pattern of Python's ``re``; a compiled one keeps its own flags.
        column: The column that holds the text, or several of which one must match; a missing text gets no vote.
        unless: Patterns that take the vote away, wherever the item matches one of them; they have the same flags.
        flags: Flags of ``re``; upper and lower case are one unless told otherwise.
        name: The name; discovery takes the variable's name if left out.
        description: Why these texts speak for the label, in a sentence.
        examples: Texts that get the vote.
        non_examples: Texts that do not. Both run as tests.

    Raises:
        LabelingFunctionError: The pattern does not compile.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> regex(Label("bug"), r"error \d+", column="body").vote({"body": "Error 12"})
        bug
        >>> regex(Label("bug"), r"error \d+", unless=[r"no error \d+"], column="body").vote({"body": "No error 12"})
    """
    if isinstance(pattern, re.Pattern):
        flags, pattern = pattern.flags, pattern.pattern
    if not isinstance(flags, int):
        raise LabelingFunctionError(f"flags={flags!r} are no flags of re.", remedy="flags=re.IGNORECASE | re.MULTILINE")
    if not isinstance(pattern, str):
        raise LabelingFunctionError(f"regex takes a pattern for text, not {pattern!r:.60}.", remedy='write r"..."')
    if isinstance(unless, str):
        raise LabelingFunctionError("unless takes a list of patterns, not one text.", remedy=f"write [{unless!r}]")
    away = [_compiling(each, flags) for each in unless]
    together = "|".join(f"(?:{each})" for each in away)
    but = Search(columns_given(column), _compiling(together, flags), int(flags)) if away else None
    told = description or f"Matches {pattern}"
    return _searching(label, pattern, flags, column, name, told, examples, non_examples, unless=but)


def _searching(  # noqa: PLR0913 - shared by the builders above
    label: Label | LabelUnion,
    pattern: str,
    flags: int,
    column: str | Sequence[str],
    name: str,
    description: str,
    examples: Sequence[Any],
    non_examples: Sequence[Any],
    words: frozenset[str] | None = None,
    *,
    fold: bool = False,
    unless: Search | None = None,
) -> LabelingFunction:
    rule = Search(columns_given(column), _compiling(pattern, flags), int(flags), words, fold=fold, unless=unless)
    return build(
        [label],
        rule,
        rule.found,
        name=name,
        description=description,
        examples=examples,
        non_examples=non_examples,
        depth=3,
    )


def _compiling(pattern: object, flags: int) -> str:
    """Return a pattern that compiles.

    Raises:
        LabelingFunctionError: It does not, or is no text.
    """
    try:
        compiled(pattern, int(flags))
    except (re.error, ValueError, TypeError) as error:
        raise LabelingFunctionError(
            f"The pattern {pattern!r} does not compile: {error}.", remedy="escape plain text with a backslash"
        ) from error
    return str(pattern)
