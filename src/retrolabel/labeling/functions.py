"""Labeling functions: code that votes on an item, or abstains."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError, Problem, UndeclaredVoteError, did_you_mean
from retrolabel.labeling.columns import as_column, in_order
from retrolabel.labeling.features import needed
from retrolabel.labeling.parameters import WHOLE_ROW, columns_of
from retrolabel.labeling.raised import interruptible, is_fault, said
from retrolabel.schema.labels import Label, LabelUnion, union

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.rules import Rule

SNORKEL_ABSTAINS = -1
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
BATCHES = ("pandas", "arrow")
"""The kinds of columns that a labeling function may take instead of single values."""


@dataclass(frozen=True, eq=False)
class LabelingFunction:
    """A function with the votes that it may cast and the columns that it reads.

    Made by :func:`labeling_function` and the builders, and callable like the function it was made from.

    Attributes:
        name: The name it is known by within its task.
        function: What is called for an item, with the values of ``columns``.
        declared: The votes that it may cast.
        columns: The columns and features it reads, in the order of the function's parameters.
        takes_row: Whether it takes the whole row instead (a parameter named ``x``).
        examples: Items on which it votes: a text for its single column, or a mapping of columns.
        non_examples: Items on which it abstains.
        description: What it looks for, in a sentence.
        module: The module that it was written in.
        batch: ``pandas`` or ``arrow`` where the function takes whole columns of that kind; else empty.
        rule: What it looks for, where a builder made it.
        version: Raised by its author where something changes that cannot be seen.
        features: Name -> feature, of those of ``columns`` that are features, and of what these ask for.
    """

    name: str
    function: Callable[..., Any]
    declared: tuple[LabelUnion, ...]
    columns: tuple[str, ...]
    takes_row: bool = False
    examples: tuple[Any, ...] = ()
    non_examples: tuple[Any, ...] = ()
    description: str = ""
    module: str = ""
    batch: str = ""
    rule: Rule | None = None
    version: str = ""
    features: Mapping[str, Feature] = field(default_factory=dict, repr=False)
    _by_text: Mapping[str, LabelUnion] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the declared votes by their stored form."""
        object.__setattr__(self, "_by_text", {str(vote): vote for vote in self.declared})
        labels = {label for vote in self.declared for label in vote.labels}
        if len(labels) > len({label.id for label in labels}):
            raise LabelingFunctionError(
                f"{self.name} declares two labels of one id with different meanings.",
                remedy="import all its labels from one version of the schema",
            )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - it is the author's function
        """Call the function as it was written."""
        return self.function(*args, **kwargs)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it reads, those behind its features included; the whole row is none in particular."""
        return needed(self.columns, self.features)[1]

    def bound(self, features: Mapping[str, Feature]) -> LabelingFunction:
        """Return the labeling function with the features that its parameters ask for.

        Args:
            features: Name -> feature; those it does not ask for are left out.

        Raises:
            LabelingFunctionError: A feature asks for itself.
        """
        mine, _ = needed(self.columns, {**self.features, **features})
        return replace(self, features=mine) if mine else self

    def named(self, name: str) -> LabelingFunction:
        """Return the same labeling function under another name."""
        return replace(self, name=name)

    def interpret(self, returned: object) -> LabelUnion | None:
        """Return the vote that a returned value stands for; ``None`` abstains.

        Raises:
            UndeclaredVoteError: The value is none of those that the labeling function declared.
        """
        if returned is None or _is_false(returned):
            return None
        if len(self.declared) == 1 and _is_true(returned):
            return self.declared[0]
        if isinstance(returned, (Label, LabelUnion)):
            vote = union(returned)
            if not vote.labels and not vote.negated:
                raise UndeclaredVoteError(f"{self.name} returned a vote that leaves no label.", remedy="None abstains")
            if str(vote) in self._by_text and self._by_text[str(vote)].labels == vote.labels:
                return vote
            if not vote.negated and vote.labels <= self._positive():
                return vote
            if str(vote) in self._by_text:
                raise UndeclaredVoteError(
                    f"{self.name} returned {vote} with another meaning than the one it declares.",
                    remedy="import the label once, from one version of the schema",
                )
            raise UndeclaredVoteError(
                f"{self.name} returned {vote}, which it does not declare.",
                remedy=f"declare it: @labeling_function({', '.join([*map(str, self.declared), str(vote)])})",
            )
        wanted = "True or False" if len(self.declared) == 1 else "one of its labels, a union of them, or None"
        raise UndeclaredVoteError(
            f"{self.name} returned {_shown(returned)}, not {wanted}.", remedy=_remedy(returned, self.declared)
        )

    def declared_union(self, text: str) -> LabelUnion:
        """Return the vote that a stored form stands for: a declared one, or a union of declared labels.

        Raises:
            UndeclaredVoteError: It names labels that are not declared.
        """
        if text in self._by_text:
            return self._by_text[text]
        by_id = {label.id: label for label in self._positive()}
        ids = text.split("|")
        if not set(ids) <= by_id.keys():
            raise UndeclaredVoteError(f"{self.name} does not declare the vote {text}.")
        return LabelUnion(frozenset(by_id[label_id] for label_id in ids))

    def vote(self, item: Mapping[str, object]) -> LabelUnion | None:
        """Return the vote on one item given as a mapping of columns; a missing column counts as ``None``.

        Raises:
            UndeclaredVoteError: It returned something undeclared.
            Exception: Whatever the function itself raises.
        """
        if self.batch:
            return self._vote_by_column(item)
        return self.interpret(self.function(*self.arguments(item)))

    def arguments(self, item: Mapping[str, object]) -> tuple[object, ...]:
        """Return what the function is called with for one item."""
        if self.takes_row:
            return (Row(item),)
        return tuple(self._argument(name, item) for name in self.columns)

    def _vote_by_column(self, item: Mapping[str, object]) -> LabelUnion | None:
        columns = [as_column([self._argument(name, item)], self.batch) for name in self.columns]
        return self.interpret(in_order(self.function(*columns), 1, self.name)[0])

    def _argument(self, name: str, item: Mapping[str, object]) -> object:
        made = self.features.get(name)
        return item.get(name) if made is None else made.one([self._argument(each, item) for each in made.columns])

    def as_item(self, example: Any) -> Mapping[str, object]:  # noqa: ANN401 - text or mapping
        """Return an example as a mapping of columns; a bare value stands for the single column.

        Raises:
            LabelingFunctionError: A bare value was given and the function reads several columns.
        """
        if isinstance(example, dict):
            return example
        if len(self.reads) == 1:
            return {self.reads[0]: example}
        raise LabelingFunctionError(
            f"{self.name}: the example {example!r:.60} does not say which column it is.",
            remedy=f"write a dict, e.g. {{{', '.join(repr(c) + ': ...' for c in self.reads or ['column'])}}}",
        )

    def check_examples(self) -> list[Problem]:
        """Return a problem for each example that gets no vote and each non-example that gets one."""
        checked = [self.check_example(example, wanted=True) for example in self.examples]
        checked += [self.check_example(example, wanted=False) for example in self.non_examples]
        return [problem for problem in checked if problem is not None]

    def check_example(self, example: Any, *, wanted: bool) -> Problem | None:  # noqa: ANN401 - text or mapping
        """Return what is wrong with one example (``wanted``: it should get a vote), or ``None``."""
        kind = "example" if wanted else "non-example"
        with interruptible():
            try:
                vote = self.vote(self.as_item(example))
            except BaseException as error:  # an author's function may raise anything
                if not is_fault(error):
                    raise
                return Problem(self.name, f"raised {said(error)} on its {kind} {example!r}")
        if (vote is not None) == wanted:
            return None
        outcome = f"voted {vote}" if vote is not None else "abstained"
        return Problem(self.name, f"{outcome} on its {kind} {example!r}")

    def _positive(self) -> frozenset[Label]:
        return frozenset(label for vote in self.declared if not vote.negated for label in vote.labels)


class Row:
    """One item with its columns as attributes: what a parameter named ``x`` gets.

    Example:
        >>> Row({"comment": "nice"}).comment
        'nice'
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self.__dict__.update(values)

    def __getitem__(self, column: str) -> object:
        """Return a column by name."""
        return self.__dict__[column]

    def __repr__(self) -> str:
        """Return the columns."""
        return f"Row({self.__dict__!r})"


def labeling_function(
    *labels: Label | LabelUnion,
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
    name: str | None = None,
    batch: bool | str = False,
    version: str = "",
) -> Callable[[Callable[..., Any]], LabelingFunction]:
    """Mark a function as a labeling function that may cast the votes ``labels``.

    With one argument the function returns ``True`` (the vote) or ``False`` (abstain); what ``re.search``
    returns will do, and says which words it was (:func:`found` says so, too). With several it
    returns one of them, a union of them (``A | B``), or ``None``. Anything else is a fault of the
    item, kept and counted, never a vote. The names of its parameters are the columns it reads, or
    features (:func:`feature`); a missing value is ``None``; a parameter ``x`` gets the whole row;
    parameters with a default are settings, not columns.

    Args:
        *labels: Labels, unions (``A | B``) or negations (``~A``).
        examples: Items that get a vote: a text where there is one column, else a dict of columns.
        non_examples: Items that get none. Both run as tests.
        name: The name within the task; the function's name if left out.
        batch: Whether the function takes whole columns and returns an array, a value for each row: pandas
            series if ``True`` or ``"pandas"``, Arrow arrays if ``"arrow"``. A missing value in what it
            returns abstains. Where it raises, it is asked again for each row by itself.
        version: Raise it where something changes that cannot be seen in the code, as a service that it asks.

    Raises:
        LabelingFunctionError: No label was given, or the parameters cannot name columns.

    Example:
        >>> BUG = Label("bug")
        >>> @labeling_function(BUG, examples=["it crashes"], non_examples=["how do I?"])
        ... def crashes(body: str | None) -> bool:
        ...     return "crash" in (body or "")
        >>> crashes.columns, crashes.vote({"body": "a crash"}), crashes.check_examples()
        (('body',), bug, [])
    """
    declared = declare(labels, "@labeling_function")
    kind = (BATCHES[0] if batch else "") if isinstance(batch, bool) else batch
    if kind not in ("", *BATCHES):
        raise LabelingFunctionError(
            f"batch={batch!r} is no kind of columns.{did_you_mean(str(batch), BATCHES)}",
            remedy='batch=True (pandas series) or batch="arrow"',
        )

    def mark(function: Callable[..., Any]) -> LabelingFunction:
        if isinstance(function, LabelingFunction):
            raise LabelingFunctionError(
                f"{function.name} is decorated twice.", remedy="name all labels in one @labeling_function(A, B)"
            )
        columns = columns_of(function)
        if kind and columns == (WHOLE_ROW,):
            raise LabelingFunctionError(
                f"{function.__name__}: the parameter x is one row, and batch=True takes whole columns.",
                remedy="name the columns instead of x",
            )
        return LabelingFunction(
            name=name or str(getattr(function, "__name__", "")),
            function=function,
            declared=declared,
            columns=() if columns == (WHOLE_ROW,) else columns,
            takes_row=columns == (WHOLE_ROW,),
            examples=as_examples(examples),
            non_examples=as_examples(non_examples),
            description=(inspect.getdoc(function) or "").partition("\n")[0],
            module=getattr(function, "__module__", ""),
            batch=kind,
            version=version,
        )

    return mark


def declare(labels: Sequence[object], what: str) -> tuple[LabelUnion, ...]:
    """Return the votes that a labeling function declares; raises ``LabelingFunctionError``."""
    wrong = [label for label in labels if not isinstance(label, (Label, LabelUnion))]
    if wrong or not labels:
        given = f"got {wrong[0]!r:.60}" if wrong else "got nothing"
        if wrong and callable(wrong[0]):
            raise LabelingFunctionError(
                f"{what} on {getattr(wrong[0], '__name__', wrong[0])} names no label.",
                remedy="write @labeling_function(LABEL), with the label that it votes",
            )
        raise LabelingFunctionError(
            f"{what} takes the labels that it may vote, {given}.",
            remedy="import them from the schema: from labeling_functions.<task>.schema.v1_... import BUG",
        )
    return tuple(union(label) for label in labels if isinstance(label, (Label, LabelUnion)))


def as_examples(examples: Sequence[Any]) -> tuple[Any, ...]:
    """Return examples as a tuple; one text alone is refused, since its letters would be the examples."""
    if isinstance(examples, str):
        raise LabelingFunctionError("examples is a list of texts, not one text.", remedy=f"write [{examples!r:.40}]")
    return tuple(examples)


def _is_true(value: object) -> bool:
    """Return whether a value says yes: a truth value, or a match of ``re``, which also says where."""
    return value is True or isinstance(value, re.Match) or (type(value).__name__ in ("bool", "bool_") and value == True)  # noqa: E712 - numpy's


def _is_false(value: object) -> bool:
    return type(value).__name__ in ("bool", "bool_") and value == False  # noqa: E712 - numpy's


def _is_missing(value: object) -> bool:
    """Return whether a value is NaN, or what pandas has for a missing one; ``bool`` of NaN is true."""
    kind = type(value).__name__
    return kind in ("NAType", "NaTType") or (kind.startswith("float") and value != value)  # noqa: PLR0124 - NaN


def _shown(returned: object) -> str:
    """Return a value as errors name it, without where it lies in memory: the same fault has the same words."""
    return ADDRESS.sub("", f"{returned!r}")[:80]


def _remedy(returned: object, declared: tuple[LabelUnion, ...]) -> str:
    if inspect.isgenerator(returned) or inspect.isawaitable(returned) or inspect.isasyncgen(returned):
        return "return the vote from a plain function: with yield or async it is never worked out"
    if _is_missing(returned):
        return "it says that a value is missing: return None there"
    if isinstance(returned, str) and returned in {str(vote) for vote in declared}:
        return f"return the label {returned.upper()}, not its name in quotes"
    if returned == SNORKEL_ABSTAINS and type(returned).__name__.startswith("int"):
        return "-1 abstains in Snorkel; here return None"
    if len(declared) == 1:
        return "wrap the result in bool(...)"
    return "return a label that the decorator names, or None"
