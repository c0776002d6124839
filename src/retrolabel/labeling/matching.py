"""Phrases and patterns of tokens, matched by spaCy: a text becomes a doc once, and all look at it in one pass."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from retrolabel.labeling.raised import is_fault
from retrolabel.labeling.reading import first_that_says, read, settled, taken_away
from retrolabel.labeling.second_look import SecondLook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.rules import Rule, Verdict

REVISION = 1
FOLDING_REVISION = 2
"""That of phrases that look through the fold; raised where the fold, or the second look, changes."""
Pattern = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Match:
    """Whether spaCy finds a phrase, or a pattern of tokens, in one of some texts.

    Attributes:
        columns: The columns of the texts, or the features that are docs.
        phrases: Phrases, token by token; empty where there are patterns.
        patterns: Patterns of spaCy's ``Matcher``, as JSON.
        case: Whether upper and lower case of phrases differ.
        nlp: What makes docs of texts; a blank English pipeline if there is none.
        docs: Whether the columns hold docs already.
        fold: Whether phrases are also looked for in the folded text.
        away: Phrases that take it away: where one is found in one of the texts, too, nothing is.
    """

    columns: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    patterns: str = ""
    case: bool = False
    nlp: Language | None = None
    docs: bool = False
    fold: bool = False
    away: tuple[str, ...] = ()
    _matchers: dict[int, tuple[object, Callable[[Doc], set[int]]]] = field(default_factory=dict, init=False, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Leave the matchers behind when it passes to another process."""
        return Match, (self.columns, self.phrases, self.patterns, self.case, self.nlp, self.docs, self.fold, self.away)

    @cached_property
    def unless(self) -> Match | None:
        """What takes it away."""
        return replace(self, phrases=self.away, patterns="", away=()) if self.away else None

    def describe(self) -> Mapping[str, object]:
        """Return the phrases or patterns, and what makes docs: a pipeline of one's own is part of it as it is."""
        import spacy  # noqa: PLC0415 - it takes a second

        what: dict[str, object] = (
            {"kind": "phrases", "phrases": sorted(set(self.phrases)), "case": self.case}
            if self.phrases
            else {"kind": "token_pattern", "patterns": json.loads(self.patterns)}
        )
        blank = None if self.docs else {"blank": "en"}
        made_by = blank if self.nlp is None else self.nlp
        revision = FOLDING_REVISION if self.fold else REVISION
        what |= {"unless": sorted(set(self.away))} if self.away else {}
        return what | {"revision": revision, "spacy": spacy.__version__, "nlp": made_by}

    def found(self, *values: Any) -> bool:  # noqa: ANN401 - texts or docs
        """Return whether it is found in one of some texts (or docs); raises what is neither."""
        there = any(value is not None and self.finds(self._doc(value)) for value in values)
        return there and (self.unless is None or not self.unless.found(*values))

    def one(self, *values: object) -> int:
        """Return 1 if it is found in one of the texts, else 0."""
        return int(self.found(*values))

    def spans(self, value: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - a text or a doc
        r"""Return where in a text (or doc) it is found: (start, end) of each, in the text as it was given.

        Args:
            value: The text, or the doc where ``columns`` are features.

        Example:
            >>> Match(("comment",), phrases=("n't work",), fold=True).spans("IT DOESN\u2019T\nWORK")
            [(7, 15)]
        """
        from spacy.matcher import Matcher, PhraseMatcher  # noqa: PLC0415 - it takes a second

        doc = self._doc(value)
        if not self.phrases:
            patterns = Matcher(doc.vocab)
            patterns.add("", json.loads(self.patterns))
            return _characters(doc, patterns(doc))
        make_doc = (self.nlp or blank()).make_doc
        quick = PhraseMatcher(doc.vocab, attr="ORTH" if self.case else "LOWER")
        quick.add("", [make_doc(phrase) for phrase in self.phrases])
        found = _characters(doc, quick(doc))
        if found or not self.fold:
            return found
        return SecondLook({0: (self.phrases, self.case)}, make_doc, doc.vocab, by_token=self.docs).spans(doc)

    @classmethod
    def many(cls, rules: Sequence[Rule], batch: Batch) -> list[Verdict]:
        """Return what each is found in; each text becomes a doc once, and all look at it in one pass."""
        matches = [rule for rule in rules if isinstance(rule, Match)]
        wanted: dict[tuple[str, int], list[Match]] = {}
        for rule in [*matches, *(rule.unless for rule in matches if rule.unless is not None)]:
            for column in rule.columns:
                wanted.setdefault((column, rule.source), []).append(rule)
        seen = {
            (column, source): _look(tuple(dict.fromkeys(several)), column, batch)
            for (column, source), several in wanted.items()
        }
        return [
            settled(
                rule.verdict([seen[column, rule.source] for column in rule.columns], batch.rows), rule.columns, batch
            )
            for rule in matches
        ]

    @property
    def source(self) -> int:
        """What makes its docs, as a number: rules of one source look at the same docs."""
        return -1 if self.docs else id(self.nlp)

    def verdict(self, columns: Sequence[_Seen], rows: int) -> Verdict:
        """Return what columns say together: on each item the first that matches, or fails, decides.

        Args:
            columns: What was found in each of ``columns``.
            rows: The number of items.
        """
        said = first_that_says((seen[id(self)] for seen in columns), rows)
        return taken_away(said, None if self.unless is None else self.unless.verdict(columns, rows))

    def _doc(self, value: object) -> Doc:
        if self.docs:
            return _as_doc(value)
        if not isinstance(value, str):
            raise _no_text(value)
        doc: Doc = (self.nlp or blank())(value)
        return doc

    def finds(self, doc: Doc) -> bool:
        """Return whether it is found in a doc."""
        known = self._matchers.get(id(doc.vocab))
        if known is None:
            known = self._matchers[id(doc.vocab)] = (doc.vocab, matcher([self], doc.vocab))
        return bool(known[1](doc))


_Seen = dict[int, tuple[list[int], dict[int, BaseException]]]
"""A rule's id -> the rows on which it matches, and what was raised on which row."""


@cache
def blank() -> Language:
    """Return the blank English pipeline that all share."""
    import spacy  # noqa: PLC0415 - it takes a second

    return spacy.blank("en")


def matcher(rules: Sequence[Match], vocab: Any) -> Callable[[Doc], set[int]]:  # noqa: ANN401 - spaCy's Vocab
    """Return a function that looks at a doc once and returns the places of the rules that match.

    Phrases take one quick pass, and a second look at the folded text where one may be in it. Patterns take
    a slow one, so those that need certain words are only looked for in docs that hold one of them, which the
    quick pass tells.

    Args:
        rules: What is looked for, of one source.
        vocab: The vocabulary of the docs.
    """
    from spacy.matcher import Matcher, PhraseMatcher  # noqa: PLC0415 - it takes a second
    from spacy.tokens import Doc  # noqa: PLC0415 - the same

    quick = {by: PhraseMatcher(vocab, attr=by) for by in ("LOWER", "ORTH")}
    always, seldom = Matcher(vocab), {}
    for place, rule in enumerate(rules):
        key = str(place)
        if rule.phrases:
            docs = [(rule.nlp or blank()).make_doc(phrase) for phrase in rule.phrases]
            quick["ORTH" if rule.case else "LOWER"].add(key, docs)
        elif words := needed_words(json.loads(rule.patterns)):
            quick["LOWER"].add(key, [Doc(vocab, words=[word]) for word in words])
            seldom[place] = Matcher(vocab)
            seldom[place].add(key, json.loads(rule.patterns))
        else:
            always.add(key, json.loads(rule.patterns))
    places = {vocab.strings.add(str(place)): place for place in range(len(rules))}
    used = [each for each in (*quick.values(), always) if len(each)]

    folding = {place: rule for place, rule in enumerate(rules) if rule.fold and rule.phrases}
    again = (
        SecondLook(
            {place: (rule.phrases, rule.case) for place, rule in folding.items()},
            (rules[0].nlp or blank()).make_doc,
            vocab,
            by_token=rules[0].docs,
        )
        if folding
        else None
    )

    def look(doc: Doc) -> set[int]:
        hits = {places[found[0]] for each in used for found in each(doc)}
        hits = {place for place in hits if place not in seldom or seldom[place](doc)} if hits else hits
        return hits if again is None else again.places(doc, hits)

    return look


def _characters(doc: Doc, hits: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Return hits of a matcher as places in the text; empty ones are none."""
    found = (doc[start:end] for _, start, end in hits if end > start)
    return [(each.start_char, each.end_char) for each in found]


def needed_words(patterns: Sequence[Pattern]) -> list[str]:
    """Return words of which a doc holds one, in some case, wherever one of the patterns matches; none if unknown.

    Example:
        >>> needed_words([[{"LOWER": "dead"}, {"OP": "?"}], [{"POS": "NOUN"}, {"TEXT": {"IN": ["hour", "hours"]}}]])
        ['dead', 'hour', 'hours']
        >>> needed_words([[{"LOWER": "dead"}], [{"POS": "NOUN"}]])
        []
    """
    words: list[str] = []
    for pattern in patterns:
        found = [mine for token in pattern if (mine := _words_of(token))]
        if not found:
            return []
        fewest: list[str] = min(found, key=len)
        words += fewest
    return words


def _words_of(token: Mapping[str, Any]) -> list[str]:
    """Return the words that one token of a pattern may be, where it has to be there and be one of a few."""
    if token.get("OP", "1") not in {"1", "+"}:
        return []
    for name, value in token.items():
        if name.upper() in {"LOWER", "ORTH", "TEXT"}:
            words = value.get("IN") if isinstance(value, dict) else [value]
            if isinstance(words, list) and words and all(isinstance(word, str) and word for word in words):
                return words
    return []


def _look(rules: tuple[Match, ...], column: str, batch: Batch) -> _Seen:
    """Return what rules of one source find in a column."""
    hits: list[list[int]] = [[] for _ in rules]
    alone: list[dict[int, BaseException]] = [{} for _ in rules]
    failed: dict[int, BaseException] = {}
    looks: dict[int, tuple[object, Callable[[Doc], set[int]]]] = {}
    docs = _given_docs(column, batch, failed) if rules[0].docs else _kept_docs(rules[0], column, batch, failed)
    for row, doc in docs:
        if id(doc.vocab) not in looks:
            looks[id(doc.vocab)] = (doc.vocab, matcher(rules, doc.vocab))
        try:
            found = looks[id(doc.vocab)][1](doc)
        except BaseException as error:  # a pattern may ask for what this doc does not know; each tells
            if not is_fault(error):
                raise
            found = _each_finds(rules, row, doc, alone)
        for place in found:
            hits[place].append(row)
    return {id(rule): (hits[place], failed | alone[place]) for place, rule in enumerate(rules)}


def _each_finds(rules: Sequence[Match], row: int, doc: Doc, failed: list[dict[int, BaseException]]) -> set[int]:
    found: set[int] = set()
    for place, rule in enumerate(rules):
        try:
            if rule.finds(doc):
                found.add(place)
        except BaseException as error:  # the same
            if not is_fault(error):
                raise
            failed[place][row] = error
    return found


def _given_docs(column: str, batch: Batch, failed: dict[int, BaseException]) -> Iterator[tuple[int, Doc]]:
    """Yield rows and the docs that a feature made."""
    for row, value in enumerate(read(batch, column)):
        if value is None:
            continue
        try:
            yield row, _as_doc(value)
        except TypeError as error:
            failed[row] = error


def _kept_docs(rule: Match, column: str, batch: Batch, failed: dict[int, BaseException]) -> Iterable[tuple[int, Doc]]:
    """Return rows and docs, made once where the batch is looked at again and again."""
    if not batch.again:
        return _made_docs(rule, column, batch, failed)
    nlp = rule.nlp or blank()
    known = batch.shared.get(("docs", column))
    if known is None or known[0] is not nlp:
        wrong: dict[int, BaseException] = {}
        known = batch.shared["docs", column] = (nlp, list(_made_docs(rule, column, batch, wrong)), wrong)
    failed |= known[2]
    docs: list[tuple[int, Doc]] = known[1]
    return docs


def _made_docs(rule: Match, column: str, batch: Batch, failed: dict[int, BaseException]) -> Iterator[tuple[int, Doc]]:
    """Yield rows and the docs of their texts; where the pipeline fails on many, each tells which did."""
    nlp = rule.nlp or blank()
    texts: list[str] = []
    rows: list[int] = []
    for row, value in enumerate(read(batch, column)):
        if isinstance(value, str):
            texts.append(value)
            rows.append(row)
        elif value is not None:
            failed[row] = _no_text(value)
    done = 0
    try:
        for doc in nlp.pipe(texts):
            done += 1
            yield rows[done - 1], doc
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # any component may fail; below it is found where
        if not is_fault(error):
            raise
    for text, row in zip(texts[done:], rows[done:], strict=True):
        try:
            doc = nlp(text)
        except BaseException as error:  # the same
            if not is_fault(error):
                raise
            failed[row] = error
            continue
        yield row, doc


def _no_text(value: object) -> TypeError:
    return TypeError(f"expected a text, got {type(value).__name__!r}")


def _as_doc(value: object) -> Doc:
    from spacy.tokens import Doc  # noqa: PLC0415 - it takes a second

    if not isinstance(value, Doc):
        raise TypeError(f"expected a spaCy doc, got {type(value).__name__!r}")
    return value
