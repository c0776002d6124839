"""Labeling functions that read a value: a knowledge base, and labels that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import LabelingFunctionError, Problem, UndeclaredVoteError, did_you_mean
from retrolabel.labeling.building import build, is_column
from retrolabel.labeling.folding import fold_words
from retrolabel.labeling.numbers import as_bound, is_number
from retrolabel.labeling.raised import is_fault
from retrolabel.labeling.reading import read, settled
from retrolabel.labeling.rules import FAULTED, Verdict
from retrolabel.schema.labels import Label, LabelUnion, union
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.rules import Rule

    Key = tuple[str, object]

REVISION = 1
FOLDING_REVISION = 2
"""Texts of the table and of items are folded since."""


@dataclass(frozen=True, eq=False)
class Table:
    """What a column's value says, by a table of values.

    Attributes:
        columns: The column, and one with a confidence if there is one.
        kind: What it stands for, ``lookup`` or ``column_vote``.
        rows: Each known value with its vote; ``None`` is known and says nothing.
        default: The vote of a value that is not known, if any.
        strict: Whether a value that is not known is a fault.
        case: Whether upper and lower case differ.
        floor: The least confidence with which a value counts.
        fold: Whether texts are folded, and white space around them does not count.
    """

    columns: tuple[str, ...]
    kind: str
    rows: tuple[tuple[object, LabelUnion | None], ...]
    default: LabelUnion | None = None
    strict: bool = False
    case: bool = True
    floor: float | None = None
    fold: bool = False

    @cached_property
    def votes(self) -> tuple[LabelUnion, ...]:
        """The distinct votes, in the order of their stored form: what codes stand for, from 1."""
        votes = {*(vote for _, vote in self.rows), self.default}
        return tuple(sorted((vote for vote in votes if vote is not None), key=str))

    @cached_property
    def _codes(self) -> dict[Key, int]:
        return {self.key(value): self._code(vote) for value, vote in self.rows}

    def _code(self, vote: LabelUnion | None) -> int:
        return 0 if vote is None else self.votes.index(vote) + 1

    def key(self, value: object) -> Key:
        """Return what a value is known by: texts, numbers and truth values are apart from each other."""
        if isinstance(value, str):
            text = " ".join(fold_words(value).split()) if self.fold else value
            return ("text", text if self.case else text.casefold())
        if isinstance(value, bool):
            return ("truth", value)
        return ("number", value) if is_number(value) else ("other", None)

    def describe(self) -> Mapping[str, object]:
        """Return the table, and what becomes of values that it lacks."""
        known = {self.key(value): vote for value, vote in self.rows}
        table = [[kind, value, None if vote is None else str(vote)] for (kind, value), vote in known.items()]
        folds = self.fold and any(kind == "text" for kind, _ in known)
        return {
            "kind": self.kind,
            "revision": FOLDING_REVISION if folds else REVISION,
            "table": sorted(table, key=repr),
            "default": None if self.default is None else str(self.default),
            "strict": self.strict,
            "case": self.case,
            "floor": self.floor,
        }

    def one(self, *values: object) -> int:
        """Return the code of a value's vote; raises ``UndeclaredVoteError`` for one that should be known."""
        value = values[0]
        if value is None:
            return 0
        code = self._codes.get(self.key(value))
        if code is None:
            if self.strict:
                known = [str(each) for each, _ in self.rows]
                raise UndeclaredVoteError(
                    f"{self.columns[0]} holds {value!r:.80}, which stands for no label."
                    f"{did_you_mean(value, known) if isinstance(value, str) else ''}",
                    remedy='name it in the mapping (None: no vote), or say unknown="abstain"',
                )
            return self._code(self.default)
        if self.floor is not None and code:
            if values[1] is None:
                return 0
            if not is_number(values[1]):
                raise TypeError(f"{self.columns[1]} is no confidence: expected a number, got {values[1]!r:.40}")
            return code if values[1] >= self.floor else 0  # type: ignore[operator]  # it is a number
        return code

    def vote(self, *values: object) -> LabelUnion | None:
        """Return the vote of a value, ``None`` if there is none."""
        code = self.one(*values)
        return self.votes[code - 1] if code else None

    @classmethod
    def many(cls, rules: Sequence[Rule], batch: Batch) -> list[Verdict]:
        """Return what each table says."""
        return [each_by_itself(rule.one, rule.columns, batch) for rule in rules]


def each_by_itself(one: Callable[..., int], columns: Sequence[str], batch: Batch) -> Verdict:
    """Return what a rule says of each item, one after the other.

    Args:
        one: What it says of one item, as a code.
        columns: The columns that it reads.
        batch: The items.
    """
    codes = np.zeros(batch.rows, np.int16)
    errors: dict[int, BaseException] = {}
    for row, values in enumerate(zip(*(read(batch, name) for name in columns), strict=True)):
        try:
            code = one(*values)
        except BaseException as error:  # whatever a strange value raises
            if not is_fault(error):
                raise
            code, errors[row] = FAULTED, error
        if code:
            codes[row] = code
    return settled(Verdict(codes, errors), columns, batch)


def lookup(  # noqa: PLR0913 - each is something an author may say about a knowledge base
    mapping: Mapping[Any, Label | LabelUnion],
    *,
    column: str,
    default: Label | LabelUnion | None = None,
    case: bool = False,
    fold: bool = True,
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    r"""Vote what a knowledge base says of a column's value: a customer, a product, an error code.

    The whole value counts, not a part of it. Texts of the mapping and of items are looked at folded
    (:mod:`retrolabel.labeling.folding`), and white space around them does not count. A missing value gets no vote.

    Args:
        mapping: Value -> label: a dict, or a pandas series with the values as its index. Values are texts,
            numbers, ``True`` or ``False``.
        column: The column that holds the value.
        default: The vote where there is a value that the mapping lacks.
        case: Whether upper and lower case differ.
        fold: Whether texts are folded; ``False`` compares character by character.
        name: The name; discovery takes the variable's name if left out.
        description: Why these values speak for the labels, in a sentence.
        examples: Values that get a vote.
        non_examples: Values that do not. Both run as tests.

    Raises:
        LabelingFunctionError: The mapping is empty, says two things of one value, or names what is no label.

    Example:
        >>> BUG, FEATURE = Label("bug"), Label("feature")
        >>> kind = lookup({"defect": BUG, "wish": FEATURE, "story": FEATURE}, column="type")
        >>> kind.vote({"type": "Defect"}), kind.vote({"type": "story"}), kind.vote({"type": "other"})
        (bug, feature, None)
        >>> lookup({"won't fix": FEATURE}, column="state").vote({"state": " Won\u2019t fix"})
        feature
    """
    if not is_column(column):
        raise LabelingFunctionError("lookup reads one column.", remedy='column="customer"')
    votes = None if default is None else _as_vote(default)
    rows = _rows(mapping, case=case, fold=fold)
    rule = Table((column,), "lookup", rows, default=votes, case=case, fold=fold)
    return _built(rule, name, description or f"Looks up {column}", examples, non_examples)


def column_vote(  # noqa: PLR0913 - each is something an author may say about labels that are there already
    mapping: Mapping[Any, Label | LabelUnion | None] | LabelSchema,
    *,
    column: str,
    confidence: str = "",
    at_least: float | None = None,
    unknown: str = "fault",
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    """Vote the label that a column holds already: a rating, a crowd vote, a judge model's answer, an old system's.

    A missing value gets no vote.

    Args:
        mapping: Stored value -> label, or ``None`` for a known value that says nothing; or a schema version,
            whose ids and aliases are read.
        column: The column that holds the stored value.
        confidence: A column with a confidence in it.
        at_least: The least confidence that counts; where it is missing there is no vote.
        unknown: What becomes of a value that is not in the mapping: ``fault``, or ``abstain``.
        name: The name; discovery takes the variable's name if left out.
        description: Where the labels come from, in a sentence.
        examples: Values that get a vote.
        non_examples: Values that do not. Both run as tests.

    Raises:
        LabelingFunctionError: The mapping is empty or names what is no label; a confidence without a floor.

    Example:
        >>> GOOD, BAD = Label("good"), Label("bad")
        >>> rated = column_vote({1: BAD, 2: BAD, 3: None, 4: GOOD, 5: GOOD}, column="stars")
        >>> rated.vote({"stars": 5}), rated.vote({"stars": 3}), rated.vote({"stars": None})
        (good, None, None)
    """
    problems = []
    if not is_column(column):
        problems.append(Problem("column", "is one column", 'column="stars"'))
    if bool(confidence) != (at_least is not None):
        problems.append(Problem("confidence, at_least", "go together", 'confidence="judge_score", at_least=0.8'))
    if unknown not in {"fault", "abstain"}:
        problems.append(Problem("unknown", f"is 'fault' or 'abstain', not {unknown!r:.40}"))
    if problems:
        raise LabelingFunctionError("column_vote cannot be read.", problems=problems)
    if isinstance(mapping, LabelSchema):
        mapping = {spelling: mapping.label(label) for spelling, label in mapping.spellings().items()}
    rule = Table(
        (column, confidence) if confidence else (column,),
        "column_vote",
        _rows(mapping, case=True, fold=False),
        strict=unknown == "fault",
        floor=None if at_least is None else as_bound("at_least", at_least),
    )
    return _built(rule, name, description or f"Reads {column}", examples, non_examples)


def _built(
    rule: Table, name: str, description: str, examples: Sequence[Any], non_examples: Sequence[Any]
) -> LabelingFunction:
    if not rule.votes:
        raise LabelingFunctionError("No value stands for a label.", remedy='{"acme": BUG}')
    return build(
        rule.votes,
        rule,
        rule.vote,
        name=name,
        description=description,
        examples=examples,
        non_examples=non_examples,
        depth=3,
    )


def _rows(mapping: Mapping[Any, Any], *, case: bool, fold: bool) -> tuple[tuple[object, LabelUnion | None], ...]:
    """Return the rows of a table, checked; raises ``LabelingFunctionError`` with all that is wrong."""
    problems: list[Problem] = []
    rows: dict[Key, tuple[object, LabelUnion | None]] = {}
    reads = Table((), "", (), case=case, fold=fold)
    for given, vote in mapping.items():
        value = given.item() if hasattr(given, "item") else given  # numpy's
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        key = reads.key(value)
        if key[0] == "other" or value != value or isinstance(value, Decimal):  # noqa: PLR0124 - NaN
            problems.append(Problem(f"{value!r:.60}", "is no text, number or truth value"))
            continue
        try:
            row = (value, None if vote is None else _as_vote(vote))
        except LabelingFunctionError as error:
            problems.append(Problem(f"{value!r:.60}", error.message))
            continue
        if key in rows and rows[key][1] != row[1]:
            problems.append(Problem(f"{value!r:.60}", f"stands for {rows[key][1]} and {row[1]}"))
        rows.setdefault(key, row)
    if problems:
        raise LabelingFunctionError("The mapping cannot be read.", problems=problems)
    return tuple(rows.values())


def _as_vote(vote: object) -> LabelUnion:
    if not isinstance(vote, (Label, LabelUnion)):
        raise LabelingFunctionError(
            f"{vote!r:.60} is no label.", remedy="import it from the schema: from ...schema.v1_... import BUG"
        )
    return union(vote)
