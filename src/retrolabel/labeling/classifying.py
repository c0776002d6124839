"""Labeling functions that ask a model: a fitted classifier votes where it is sure enough."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from retrolabel.errors import LabelingFunctionError, MissingExtraError, Problem
from retrolabel.labeling.building import build, columns_given
from retrolabel.labeling.model_content import content_of
from retrolabel.labeling.numbers import as_bound
from retrolabel.labeling.raised import is_fault
from retrolabel.labeling.rules import FAULTED, Verdict
from retrolabel.schema.labels import Label, LabelUnion, union

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.rules import Rule

REVISION = 1
Classes = tuple[tuple[object, LabelUnion], ...]


class Model(Protocol):
    """What a classifier has once it is fitted, as those of scikit-learn have."""

    classes_: Any

    def predict_proba(self, items: Any) -> Any:  # noqa: ANN401 - texts, or a frame
        """Return the probability of each of ``classes_`` for each item."""


@runtime_checkable
class Identified(Protocol):
    """A model that says itself which one it is, and is not looked at before it is needed."""

    def identity(self) -> Mapping[str, object]:
        """Return what tells this model from others, as plain data."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """What a fitted model makes of an item.

    Attributes:
        columns: The column of the texts (or a feature); or several, which the model gets as a frame.
        model: The model.
        classes: Those of the model's classes that stand for a vote.
        floor: The least probability of a class with which it counts.
        framed: Whether the model gets a frame.
        version: What tells the model from others, where its author says so.
    """

    columns: tuple[str, ...]
    model: Model
    classes: Classes
    floor: float
    framed: bool = False
    version: str = ""

    @cached_property
    def votes(self) -> tuple[LabelUnion, ...]:
        """The distinct votes, in the order of their stored form: what codes stand for, from 1."""
        return tuple(sorted({vote for _, vote in self.classes}, key=str))

    def describe(self) -> Mapping[str, object]:
        """Return the classes, the floor, and which model it is."""
        return {
            "kind": "classifier",
            "revision": REVISION,
            "classes": sorted(([value, str(vote)] for value, vote in self.classes), key=repr),
            "floor": self.floor,
            "framed": self.framed,
            "model": self._identity,
        }

    @cached_property
    def _identity(self) -> Mapping[str, object]:
        if self.version:
            return {"version": self.version}
        return self.model.identity() if isinstance(self.model, Identified) else content_of(self.model)

    def one(self, *values: object) -> int:
        """Return the code of the vote on one item, 0 if the model is not sure, or a value is missing."""
        if any(value is None for value in values):
            return 0
        return int(self.codes(self.predict([[value] for value in values]))[0])

    def vote(self, *values: object) -> LabelUnion | None:
        """Return the vote on one item, ``None`` if there is none."""
        code = self.one(*values)
        return self.votes[code - 1] if code else None

    @classmethod
    def many(cls, rules: Sequence[Rule], batch: Batch) -> list[Verdict]:
        """Return what each says; a model is asked once for all rules that ask it about the same columns."""
        asked: dict[object, tuple[list[int], Any, dict[int, BaseException]]] = {}
        verdicts = []
        for rule in (rule for rule in rules if isinstance(rule, Classifier)):
            question = (id(rule.model), rule.columns, rule.framed)
            if question not in asked:
                asked[question] = rule.ask(batch)
            rows, probabilities, errors = asked[question]
            codes = np.zeros(batch.rows, np.int16)
            try:
                codes[rows] = rule.codes(probabilities) if rows else 0
            except LabelingFunctionError as error:
                errors = {**errors, **dict.fromkeys(rows, error)}
            codes[list(errors)] = FAULTED
            verdicts.append(Verdict(codes, errors))
        return verdicts

    def ask(self, batch: Batch) -> tuple[list[int], Any, dict[int, BaseException]]:
        """Return the rows that the model was asked about, what it said, and what failed; a missing value is not asked.

        Args:
            batch: The items.

        Raises:
            MissingExtraError: What the model needs is not installed, which is no fault of any item.
        """
        found = [batch.parameter(name, batch.features) for name in self.columns]
        failed: dict[int, BaseException] = {row: error for _, errors in found for row, error in errors.items()}
        columns = [values for values, _ in found]
        rows = [
            row for row in range(batch.rows) if row not in failed and all(values[row] is not None for values in columns)
        ]
        if not rows:
            return [], None, failed
        try:
            return rows, self.predict([[values[row] for row in rows] for values in columns]), failed
        except MissingExtraError:
            raise
        except BaseException as raised:  # a model may raise anything; item by item it is found where
            if not is_fault(raised):
                raise
            said = {}
            for row in rows:
                try:
                    said[row] = self.predict([[values[row]] for values in columns])[0]
                except BaseException as error:  # the same
                    if not is_fault(error):
                        raise
                    failed[row] = error
            return list(said), np.array(list(said.values())), failed

    def predict(self, columns: Sequence[Sequence[object]]) -> np.ndarray[Any, Any]:
        """Return the probability of each of the model's classes for some items.

        Args:
            columns: The values of each column.

        Raises:
            LabelingFunctionError: The model returned something else.
        """
        given = pd.DataFrame(dict(zip(self.columns, columns, strict=True))) if self.framed else columns[0]
        probabilities = np.asarray(self.model.predict_proba(given), np.float64)
        wanted = (len(columns[0]), len(self.model.classes_))
        if probabilities.shape != wanted:
            raise LabelingFunctionError(
                f"The model returned probabilities of shape {probabilities.shape}, not {wanted}.",
                remedy="predict_proba returns a row for each item and a column for each of classes_",
            )
        return probabilities

    def codes(self, probabilities: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int16]]:
        """Return the codes of the votes that probabilities stand for.

        Args:
            probabilities: [n, classes]: the probability of each of the model's classes.

        Raises:
            LabelingFunctionError: The mapping names a class that the model lacks.
        """
        classes = _classes_of(self.model)
        check_classes([value for value, _ in self.classes], classes)
        code_of = np.zeros(len(classes), np.int16)
        for value, vote in self.classes:
            code_of[classes.index(value)] = self.votes.index(vote) + 1
        best = np.nan_to_num(probabilities, nan=-1.0).argmax(axis=1)
        sure = probabilities[np.arange(len(best)), best] >= self.floor
        codes: np.ndarray[Any, np.dtype[np.int16]] = np.where(sure, code_of[best], 0).astype(np.int16)
        return codes


def classifier(  # noqa: PLR0913 - each is something an author may say about a model
    classes: Mapping[Any, Label | LabelUnion],
    model: Any,  # noqa: ANN401 - anything with predict_proba and classes_
    *,
    column: str | Sequence[str],
    floor: float = 0.8,
    version: str = "",
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    """Vote the label of the class that a fitted model finds most likely, where it is sure enough.

    Args:
        classes: The model's class -> label; a class that is left out gets no vote.
        model: Anything with ``predict_proba`` and ``classes_``, as a fitted pipeline of scikit-learn, or what
            :func:`retrolabel.load_model` returns.
        column: The column (or feature) that the model gets as a list of values; or several, which it gets as a
            pandas frame. Where a value is missing there is no vote.
        floor: The least probability that counts.
        version: What tells this model from others, where its content cannot: raise it when the model changes.
        name: The name; discovery takes the variable's name if left out.
        description: Why the model can be asked, in a sentence.
        examples: Items that get a vote.
        non_examples: Items that do not. Both run as tests.

    Raises:
        LabelingFunctionError: The model is not fitted, or lacks a class that is named; the floor is no probability.

    Example:
        >>> from sklearn.feature_extraction.text import CountVectorizer
        >>> from sklearn.naive_bayes import MultinomialNB
        >>> from sklearn.pipeline import make_pipeline
        >>> model = make_pipeline(CountVectorizer(), MultinomialNB()).fit(["it crashes", "please add"], [0, 1])
        >>> asked = classifier({0: Label("bug"), 1: Label("wish")}, model, column="body", floor=0.6)
        >>> asked.vote({"body": "crashes"}), asked.vote({"body": "hello"}), asked.vote({"body": None})
        (bug, None, None)
    """
    problems = []
    votes: list[tuple[object, LabelUnion]] = []
    for given, vote in classes.items():
        value = given.item() if hasattr(given, "item") else given  # numpy's
        if not isinstance(vote, (Label, LabelUnion)):
            problems.append(Problem(f"class {value!r:.40}", f"stands for {vote!r:.40}, which is no label"))
        elif not isinstance(value, (str, int, float, bool)):
            problems.append(Problem(f"class {value!r:.40}", "is no text, number or truth value"))
        else:
            votes.append((value, union(vote)))
    least = as_bound("floor", floor)
    if not 0 < least <= 1:
        problems.append(Problem("floor", f"is a probability above 0, not {floor}"))
    if not callable(getattr(model, "predict_proba", None)):
        problems.append(Problem("model", "has no predict_proba", "CalibratedClassifierCV gives one to any classifier"))
    elif not isinstance(model, Identified) and not hasattr(model, "classes_"):
        problems.append(Problem("model", "has no classes_, so it is not fitted", "fit it before it is given"))
    if problems or not votes:
        raise LabelingFunctionError("classifier cannot be used.", problems=problems, remedy='{"spam": SPAM}')
    if not isinstance(model, Identified):
        check_classes([value for value, _ in votes], _classes_of(model))
    rule = Classifier(columns_given(column), model, tuple(votes), least, not isinstance(column, str), version)
    return build(
        rule.votes,
        rule,
        rule.vote,
        name=name,
        description=description or f"{type(model).__name__} is sure",
        examples=examples,
        non_examples=non_examples,
        version=version,
    )


def check_classes(named: Sequence[object], known: Sequence[object]) -> None:
    """Raise ``LabelingFunctionError`` if classes are named that a model lacks.

    Args:
        named: The classes that stand for votes.
        known: Those of the model.
    """
    problems = [Problem(f"class {each!r:.40}", "is none of the model's") for each in named if each not in known]
    if problems:
        shown = ", ".join(map(repr, known))
        raise LabelingFunctionError(f"The model knows the classes {shown:.300}.", problems=problems)


def _classes_of(model: Model) -> list[object]:
    return list(np.asarray(model.classes_).tolist())
