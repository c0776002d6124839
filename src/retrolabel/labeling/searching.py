"""Patterns of ``re``, looked for together: one pass of RE2 over a text answers for all of them.

``re`` defines what a pattern means. RE2 answers alone where it provably agrees; where it may only match
more texts, its no is final and its yes is put to ``re``; where it cannot be asked, ``re`` answers.

Lists of words look at a text as :mod:`~retrolabel.labeling.folding` writes it, patterns at the text itself.
Where the two are the same, as they are for most texts, one pass answers for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import re2  # type: ignore[import-untyped]  # it ships no types

from retrolabel.labeling.folding import Folded, fold_words, folded, may_fold
from retrolabel.labeling.reading import first_that_says, read, settled, taken_away
from retrolabel.labeling.translating import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.rules import Rule, Verdict
    from retrolabel.labeling.translating import Translated

    Patterns = tuple[tuple[str, int], ...]

REVISION = 1
"""Raised where a rule begins to mean something else."""
FOLDING_REVISION = 2
"""That of lists of words that look through the fold, raised where the fold changes."""
MEMORY = 64 << 20
"""The most that RE2 may take for one set, in bytes."""
SENTINEL = 0
NOTHING_BUT_SENTINEL = [SENTINEL]
TOGETHER = 40_000
"""The size (:class:`Translated`) up to which patterns go into one set; a larger one has a set of its own."""


@dataclass(frozen=True)
class Search:
    """Whether a pattern of ``re`` is found in one of some texts.

    Attributes:
        columns: The columns of the texts; where a value is missing, nothing is found.
        pattern: The pattern.
        flags: The flags of ``re``.
        words: The words that the pattern was made of, where it was; they stand for it in ``describe()``.
        fold: Whether it looks at folded texts; white space is up to the pattern.
        unless: What takes it away: where this is found in one of the texts, too, nothing is.
    """

    columns: tuple[str, ...]
    pattern: str
    flags: int
    words: frozenset[str] | None = None
    fold: bool = False
    unless: Search | None = None

    def describe(self) -> Mapping[str, object]:
        """Return the pattern and its flags, or the words; what looks for them decides nothing."""
        more = {} if self.unless is None else {"unless": self.unless.looked_for()}
        if self.words is not None:
            case = not self.flags & re.IGNORECASE
            revision = FOLDING_REVISION if self.fold else REVISION
            return {"kind": "keywords", "revision": revision, "words": self.looked_for(), "case": case, **more}
        flags = compiled(self.pattern, self.flags).flags & ~re.DEBUG
        return {"kind": "search", "revision": REVISION, "pattern": self.pattern, "flags": int(flags), **more}

    def looked_for(self) -> list[str]:
        """Return its words, or its pattern."""
        return [self.pattern] if self.words is None else sorted(self.words)

    def found(self, *texts: str | None) -> bool:
        """Return whether one of some texts matches; raises what ``re`` raises for what is no text."""
        return self._matches(*texts) and (self.unless is None or not self.unless.found(*texts))

    def _matches(self, *texts: str | None) -> bool:
        search = compiled(self.pattern, self.flags).search
        seen = (fold_words(text) if self.fold and isinstance(text, str) else text for text in texts)
        return any(text is not None and search(text) is not None for text in seen)

    def spans(self, text: str) -> list[tuple[int, int]]:
        r"""Return where in a text it is found, in the text as it was given: (start, end) of each.

        Args:
            text: The text.

        Example:
            >>> Search(("comment",), r"(?<!\w)(?:doesn't)(?!\w)", re.IGNORECASE, fold=True).spans("It doesn\u2019t")
            [(3, 10)]
        """
        seen = folded(text) if self.fold else Folded(text, text)
        matches = compiled(self.pattern, self.flags).finditer(seen.text)
        return [seen.span(*found.span()) if found[0] else found.span() for found in matches]

    def one(self, *values: object) -> int:
        """Return 1 if one of the texts matches, else 0."""
        return int(self.found(*values))  # type: ignore[arg-type]  # what is no text raises, as it should

    @classmethod
    def many(cls, rules: Sequence[Rule], batch: Batch) -> list[Verdict]:
        """Return what each pattern is found in; each text is read once for all patterns."""
        searches = [rule for rule in rules if isinstance(rule, Search)]
        wanted: dict[str, tuple[dict[tuple[str, int], None], dict[tuple[str, int], None]]] = {}
        for rule in [*searches, *(rule.unless for rule in searches if rule.unless is not None)]:
            for column in rule.columns:
                wanted.setdefault(column, ({}, {}))[rule.fold][rule.pattern, rule.flags] = None
        seen = {
            column: finder(tuple(plain), tuple(folding)).find(read(batch, column))
            for column, (plain, folding) in wanted.items()
        }
        return [
            settled(rule.verdict([seen[column] for column in rule.columns], batch.rows), rule.columns, batch)
            for rule in searches
        ]

    def verdict(self, columns: Sequence[Found], rows: int) -> Verdict:
        """Return what columns say together: on each item the first that matches, or fails, decides.

        Args:
            columns: What was found in each of ``columns``.
            rows: The number of items.
        """
        mine = self.pattern, self.flags
        hits = ((found.folded if self.fold else found.rows, found.errors) for found in columns)
        said = first_that_says(((found[mine], errors) for found, errors in hits), rows)
        return taken_away(said, None if self.unless is None else self.unless.verdict(columns, rows))


@dataclass(frozen=True)
class Found:
    """What patterns are found in the texts of one column.

    Attributes:
        rows: Pattern and flags -> the rows that match.
        errors: Row -> what ``re`` raised there, since the value is no text.
        folded: The same as ``rows`` for patterns that look at folded texts.
    """

    rows: Mapping[tuple[str, int], list[int]]
    errors: Mapping[int, BaseException]
    folded: Mapping[tuple[str, int], list[int]] = field(default_factory=dict)


class Finder:
    """Patterns that are looked for together.

    Args:
        patterns: Patterns of ``re``, each with its flags.
        folding: Those that look at folded texts.
        memory: The most that RE2 may take for one set, in bytes.

    Example:
        >>> patterns = (("a+b", 0), (r"(?<!x)a", 0))
        >>> Finder(patterns).find(["xab", None, "a"]).rows
        {('a+b', 0): [0], ('(?<!x)a', 0): [2]}
    """

    def __init__(self, patterns: Patterns, folding: Patterns = (), *, memory: int = MEMORY) -> None:
        self._patterns = (*patterns, *folding, *([(may_fold(), 0)] if folding else []))
        self._plain = len(patterns)
        self._marked = len(patterns) + len(folding)
        self._memory = memory
        self._searches = [compiled(pattern, flags).search for pattern, flags in self._patterns]
        self._sets: dict[bool, tuple[_Set, ...]] = {}

    def find(self, texts: Iterable[object]) -> Found:
        """Return where the patterns are found; ``None`` is a missing text.

        Args:
            texts: The texts of one column.
        """
        rows: list[list[int]] = [[] for _ in self._patterns]
        errors: dict[int, BaseException] = {}
        marked = self._marked if self._marked > self._plain else None
        for row, text in enumerate(texts):
            if text is None:
                continue
            try:
                places = self._places(text)
                if marked in places:
                    places = self._places_of_both(text, places)  # type: ignore[arg-type]  # it was found in a text
            except (TypeError, ValueError) as error:
                errors[row] = error
                continue
            for place in places:
                rows[place].append(row)
        found = list(zip(self._patterns, rows, strict=True))
        return Found(dict(found[: self._plain]), errors, dict(found[self._plain : self._marked]))

    def _places_of_both(self, text: str, places: list[int]) -> list[int]:
        """Return the places of the patterns that match a text, or match its fold, where it may have another one."""
        seen = fold_words(text)
        if seen == text:
            return [place for place in places if place != self._marked]
        plain = [place for place in places if place < self._plain]
        return plain + [self._plain + place for place in self._of_folded._places(seen)]  # noqa: SLF001 - of its own kind

    @cached_property
    def _of_folded(self) -> Finder:
        """What looks at folded texts where they are not the texts themselves."""
        return Finder(self._patterns[self._plain : self._marked], memory=self._memory)

    def _places(self, text: object) -> list[int]:
        """Return the places of the patterns that match a text."""
        if not isinstance(text, str) or not text:
            return self._by_re(text, range(len(self._searches)))
        ascii_only = text.isascii()
        try:
            data = text.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            return self._by_re(text, range(len(self._searches)))
        sets = self._sets.get(ascii_only) or self._make(ascii_only=ascii_only)
        places: list[int] = []
        for each in sets:
            try:
                found = each.match(data)
            except Exception:  # noqa: BLE001 - whatever keeps RE2 from an answer
                found = None
            if found == NOTHING_BUT_SENTINEL:
                continue
            if found is None or SENTINEL not in found:
                places += self._by_re(text, each.places)
                continue
            for index in found:
                if index in each.sure or (index != SENTINEL and self._searches[each.places[index - 1]](text)):
                    places.append(each.places[index - 1])
        return places

    def _by_re(self, text: object, places: Iterable[int]) -> list[int]:
        return [place for place in places if self._searches[place](text) is not None]  # type: ignore[call-overload]

    def _make(self, *, ascii_only: bool) -> tuple[_Set, ...]:
        """Return the sets for texts of a kind; patterns that are small enough share one."""
        translated = [translate(pattern, flags, ascii_only=ascii_only) for pattern, flags in self._patterns]
        groups: list[dict[int, Translated]] = [{}]
        for place, each in enumerate(translated):
            if each is None:
                continue
            if groups[-1] and sum(other.size for other in groups[-1].values()) + each.size > TOGETHER:
                groups.append({})
            groups[-1][place] = each
        sets = [_set_of(group, self._memory) for group in groups]
        left = tuple(place for place, each in enumerate(translated) if each is None)
        self._sets[ascii_only] = (*sets, _Set(left, frozenset(), lambda _: None))
        return self._sets[ascii_only]


@dataclass(frozen=True)
class _Set:
    """A set of RE2: what it answers for which patterns, and whose yes is sure.

    Its first pattern, the sentinel, matches every text: RE2 answers nothing at all where its memory
    does not suffice, and that must not pass for a no.
    """

    places: tuple[int, ...]
    sure: frozenset[int]
    match: Callable[[bytes], list[int] | None]


def _set_of(translated: Mapping[int, Translated], memory: int) -> _Set:
    """Return a set of patterns by their places; one that RE2 refuses answers nothing, so that ``re`` is asked."""
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    made = re2.Set.SearchSet(options)
    places = tuple(translated)
    try:
        made.Add("")
        for each in translated.values():
            made.Add(each.pattern)
        made.Compile()
    except re2.error:
        return _Set(places, frozenset(), lambda _: None)
    sure = frozenset(index for index, each in enumerate(translated.values(), start=1) if each.exact)
    return _Set(places, sure, made.Match)


@lru_cache(maxsize=32)
def finder(patterns: Patterns, folding: Patterns = ()) -> Finder:
    """Return what looks for some patterns; batch after batch it is the same."""
    return Finder(patterns, folding)


@lru_cache(maxsize=4096)
def compiled(pattern: str, flags: int) -> re.Pattern[str]:
    """Return a compiled pattern; Python's own cache is too small for a task's lexicons."""
    return re.compile(pattern, flags)
