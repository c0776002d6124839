"""Labeling functions that look at tokens: lists of phrases, and patterns of spaCy's ``Matcher``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError, Problem
from retrolabel.labeling.building import build, columns_given
from retrolabel.labeling.folding import fold as as_folded
from retrolabel.labeling.impossible import whys
from retrolabel.labeling.matching import Match, blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.language import Language

    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.matching import Pattern
    from retrolabel.schema.labels import Label, LabelUnion


def phrases(  # noqa: PLR0913 - each is something an author may say about phrases
    label: Label | LabelUnion,
    phrases: Iterable[str],
    *,
    column: str | Sequence[str] = (),
    doc: str = "",
    unless: Iterable[str] = (),
    nlp: Language | None = None,
    case: bool = False,
    fold: bool = True,
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    r"""Vote ``label`` where a text holds one of the phrases, token by token (spaCy's ``PhraseMatcher``).

    Unlike :func:`keywords`, what counts is how spaCy cuts the text: "can't" holds the tokens "ca" and "n't".
    A phrase that is not found in the text as it is written is looked for in the folded one
    (:mod:`retrolabel.labeling.folding`), with punctuation set apart from words: in "IT DOESN\u2019T.Please" too
    there are "n't" and "please".

    Args:
        label: The vote.
        phrases: Words or phrases; the pipeline cuts them into tokens as it cuts the texts.
        column: The column that holds the text, or several of which one must; a missing text gets no vote.
        doc: A feature whose values are spaCy docs, instead of ``column``.
        unless: Phrases that take the vote away, wherever the item says one of them.
        nlp: A spaCy pipeline; a blank English one if left out, made once for all that look at a column.
        case: Whether upper and lower case differ.
        fold: Whether phrases are looked for in the folded text, too.
        name: The name; discovery takes the variable's name if left out.
        description: Why these texts speak for the label, in a sentence.
        examples: Texts that get the vote.
        non_examples: Texts that do not. Both run as tests.

    Raises:
        LabelingFunctionError: There is no phrase, an empty one, or one text instead of a list.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> dead = phrases(Label("retrieval"), ["dead link"], column="comment")
        >>> dead.vote({"comment": "A Dead link!"}), dead.vote({"comment": "dead links"})
        (retrieval, None)
        >>> phrases(Label("bug"), ["n't work"], column="comment").vote({"comment": "IT DOESN\u2019T\nWORK"})
        bug
        >>> bug = phrases(Label("bug"), ["bug"], unless=["not a bug"], column="comment")
        >>> bug.vote({"comment": "It's a bug"}), bug.vote({"comment": "It's not a bug"})
        (bug, None)
    """
    given, away = _phrases("phrases", phrases, fold=fold), _phrases("unless", unless, fold=fold)
    if not given:
        raise LabelingFunctionError(
            "phrases needs at least one phrase, and none may be empty.", remedy="look for an empty line in the list"
        )
    rule = Match(_read(column, doc, nlp), given, case=case, nlp=nlp, docs=bool(doc), fold=fold, away=away)
    shown = ", ".join(given[:5]) + (", ..." if len(given) > 5 else "")  # noqa: PLR2004 - a short list reads
    return build(
        [label],
        rule,
        rule.found,
        name=name,
        description=description or f"Says: {shown}",
        examples=examples,
        non_examples=non_examples,
    )


def _phrases(what: str, phrases: Iterable[str], *, fold: bool) -> tuple[str, ...]:
    """Return phrases as they are looked for.

    Raises:
        LabelingFunctionError: One is empty or no text, or there is one text instead of a list.
    """
    if isinstance(phrases, str):  # its letters would be the phrases
        raise LabelingFunctionError(f"{what} takes a list of phrases, not one text.", remedy=f"write [{phrases!r}]")
    listed: list[Any] = list(phrases)
    given = [
        " ".join((as_folded(each) if fold else each).split()) if isinstance(each, str) else each for each in listed
    ]
    problems = [
        Problem(f"phrase {place}", f"is {phrase!r:.60}, not a text with a word in it")
        for place, phrase in enumerate(given, start=1)
        if not isinstance(phrase, str) or not phrase
    ]
    if problems:
        raise LabelingFunctionError(
            f"{what} needs at least one phrase, and none may be empty.",
            problems=problems,
            remedy="look for an empty line in the list",
        )
    return tuple(given)


def token_pattern(  # noqa: PLR0913 - each is something an author may say about a pattern
    label: Label | LabelUnion,
    patterns: Sequence[Pattern | dict[str, Any]],
    *,
    column: str | Sequence[str] = (),
    doc: str = "",
    nlp: Language | None = None,
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    """Vote ``label`` where one of the patterns of tokens is found (spaCy's ``Matcher``).

    It means what spaCy says of the text as it is written: unlike :func:`phrases`, no text is folded.

    Args:
        label: The vote.
        patterns: A pattern, which is a list of a dict for each token, or a list of patterns.
        column: The column that holds the text, or several of which one must; a missing text gets no vote.
        doc: A feature whose values are spaCy docs, instead of ``column``.
        nlp: A spaCy pipeline; a blank English one, which knows no lemma and no part of speech, if left out.
        name: The name; discovery takes the variable's name if left out.
        description: Why these texts speak for the label, in a sentence.
        examples: Texts that get the vote.
        non_examples: Texts that do not. Both run as tests.

    Raises:
        LabelingFunctionError: A pattern is none, asks for what the pipeline does not know, or can never match:
            ``{"LOWER": "Bye"}``, ``{"TEXT": "two words"}``, ``{"IS_ALPHA": True, "IS_DIGIT": True}``.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> late = token_pattern(Label("late"), [{"LIKE_NUM": True}, {"LOWER": "hours"}, {"LOWER": "late"}], column="t")
        >>> late.vote({"t": "Two hours late."}), late.vote({"t": "hours late"})
        (late, None)
    """
    several: list[Any] = list(patterns)
    if several and all(isinstance(each, dict) for each in several):
        several = [several]
    columns = _read(column, doc, nlp)
    _check_patterns(several, None if doc else (nlp or blank()))
    written = json.dumps(several, sort_keys=True)
    rule = Match(columns, patterns=written, nlp=nlp, docs=bool(doc))
    return build(
        [label],
        rule,
        rule.found,
        name=name,
        description=description or f"Matches {written}",
        examples=examples,
        non_examples=non_examples,
    )


def _read(column: str | Sequence[str], doc: str, nlp: Language | None) -> tuple[str, ...]:
    if doc and (column or nlp is not None):
        raise LabelingFunctionError(
            "doc= names a feature whose values are docs, so there is no column and no pipeline to name.",
            remedy='doc="doc" alone, or column="comment"',
        )
    if nlp is not None and not callable(getattr(nlp, "make_doc", None)):
        raise LabelingFunctionError(
            f"nlp is a spaCy pipeline, not {nlp!r:.60}.", remedy='nlp=spacy.load("en_core_web_sm")'
        )
    return (doc,) if doc else columns_given(column)


def _check_patterns(patterns: list[Any], nlp: Language | None) -> None:
    """Raise ``LabelingFunctionError`` with all that is wrong with patterns."""
    from spacy.matcher import Matcher  # noqa: PLC0415 - it takes a second

    problems = []
    for place, pattern in enumerate(patterns, start=1):
        made = Matcher((nlp or blank()).vocab, validate=True)
        try:
            json.dumps(pattern)
            made.add("pattern", [pattern])
            if nlp is not None:
                made(nlp("some words, to see whether the pipeline knows what the pattern asks for"))
            problems += [Problem(f"pattern {place}", f"can never match: {why}") for why in whys(pattern, nlp)]
        except Exception as error:  # noqa: BLE001 - spaCy raises half a dozen kinds, re's among them
            said = " ".join(line.strip(" -") for line in str(error).splitlines() if line.strip())
            problems.append(Problem(f"pattern {place}", said[:300]))
    if problems or not patterns:
        never = problems and all(problem.what.startswith("can never match") for problem in problems)
        raise LabelingFunctionError(
            "token_pattern was given a pattern that can never match, or a part of one that can never."
            if never
            else "token_pattern takes a list of patterns, each a list of a dict for each token.",
            problems=problems,
            remedy='[{"LOWER": "dead"}, {"LOWER": "link"}]; for LEMMA and POS: nlp=spacy.load("en_core_web_sm")',
        )
