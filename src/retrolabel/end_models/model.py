"""A trained model as a value, and as bytes: arrays and JSON, nothing that runs when it is read."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.end_models.blocks import ARRAYS, stored_block
from retrolabel.end_models.estimators import Estimator, read_estimator
from retrolabel.end_models.features import TextFeatures, beside
from retrolabel.end_models.training import LinearModel
from retrolabel.end_models.unseen import Folds
from retrolabel.errors import CorruptionError, InputError, StoreError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    from scipy.sparse import csr_matrix

    from retrolabel.end_models.blocks import Block
    from retrolabel.end_models.encoders import Encoder

FORMAT = 3
"""The newest format of stored models: what is read beside the words of texts."""
OF_TEXTS = 2
"""The format of models that read texts alone."""
OLDEST = OF_TEXTS
"""The oldest format that is read."""
ROWS = 5_000
"""Items that are predicted at once."""


@dataclass(frozen=True, eq=False)
class EndModel:
    """A model that was trained on a label set.

    Attributes:
        labels: The label ids, in the order of every probability.
        columns: The columns whose texts it reads, in this order.
        features: How texts become numbers.
        linear: What is made of the numbers.
        about: What it was made of: task, label set, schema version, settings.
        folds: Models that did not see a part of what this one was trained on each; ``None`` where none was asked for.
        blocks: What it reads beside the words of texts.
    """

    labels: tuple[str, ...]
    columns: tuple[str, ...]
    features: TextFeatures
    linear: LinearModel | Estimator
    about: Mapping[str, Any] = field(default_factory=dict)
    folds: Folds | None = None
    blocks: tuple[Block, ...] = ()

    def numbers(self, items: Sequence[Sequence[object]]) -> csr_matrix:
        """Return the features of items, float [n, features], sparse.

        Args:
            items: For each item its cells, one for each of ``columns``; missing ones are ``None``.

        Raises:
            InputError: Cells cannot be read, or an encoder is not the one that the model was trained with.
        """
        return numbers_of(self.features, self.blocks, items)

    def predict_proba(self, items: Sequence[Sequence[object]]) -> npt.NDArray[np.float64]:
        """Return the probability of each label, float [n, k]; an item without any text gets what is frequent.

        Args:
            items: For each item its texts, a cell for each of ``columns``; missing ones are ``None``.
        """
        return self.linear.predict_proba(self.numbers(items))

    def predict_unseen(self, items: Sequence[Sequence[object]]) -> npt.NDArray[np.float64]:
        """Return the same; of items that were trained on, what a model says that saw neither them nor their like.

        Args:
            items: As above.

        Raises:
            InputError: The model was trained without folds.
        """
        if self.folds is None:
            raise InputError(
                "The model has no folds, so it would vote on what it was trained on.",
                remedy="retrolabel train TASK --voter FILE makes one that has them",
            )
        return self.folds.predict_proba(items, self.numbers(items), self.linear)

    def labels_of(self, feedback: pd.DataFrame) -> pd.DataFrame:
        """Return the labels of items: ``label``, ``probability``, ``p_<label>``, on the index of the frame.

        Args:
            feedback: A row an item; it needs one of ``columns``, others are not looked at.

        Raises:
            InputError: None of these columns is there.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import

        there = list(map(str, feedback.columns))
        if not set(there) & set(self.columns):
            near = did_you_mean(self.columns[0], there)
            raise InputError(
                f"The model reads {', '.join(self.columns)}, and none of these columns is there.{near}"
                f" There is: {', '.join(there) or 'none'}.",
                remedy=f"call a column {self.columns[0]}: --map {self.columns[0]}=COLUMN",
            )
        texts = feedback.reindex(columns=list(self.columns))
        cells = texts.astype(object).where(texts.notna(), None).to_numpy().tolist()
        parts = [self.predict_proba(cells[at : at + ROWS]) for at in range(0, len(cells), ROWS)]
        said = np.vstack(parts) if parts else np.zeros((0, len(self.labels)))
        found = pd.DataFrame(said, index=feedback.index, columns=[f"p_{label}" for label in self.labels])
        named = [self.labels[place] for place in said.argmax(axis=1)] if len(said) else []
        found.insert(0, "label", pd.Series(named, index=feedback.index, dtype=object))
        found.insert(1, "probability", said.max(axis=1, initial=0.0))
        return found

    def to_bytes(self) -> bytes:
        """Return it as bytes, the same for the same model."""
        told = {
            "format": FORMAT if self.blocks else OF_TEXTS,
            "labels": self.labels,
            "columns": self.columns,
            "about": dict(self.about),
            "degrees": self.linear.degrees,
            "terms": dict(self.features.terms),
            "folds": 0 if self.folds is None else len(self.folds.models),
            **({"blocks": [each.told() for each in self.blocks]} if self.blocks else {}),
        }
        arrays: dict[str, Any] = {
            "told": np.frombuffer(json.dumps(told, ensure_ascii=True).encode(), np.uint8),
            **_scorer(self.linear),
            **{f"weights {name}": each for name, each in self.features.weights.items()},
            **(self.folds.arrays() if self.folds is not None else {}),
            **{
                f"block {place} {name}": array
                for place, block in enumerate(self.blocks)
                for name, array in block.arrays().items()
            },
        }
        out = pa.BufferOutputStream()
        np.savez_compressed(out, **arrays)
        return bytes(out.getvalue().to_pybytes())

    @classmethod
    def from_bytes(
        cls, content: bytes, *, trusted: bool = False, find: Callable[[str], Encoder] | None = None
    ) -> EndModel:
        """Return the model that was stored; no code is read, but where it may be.

        Args:
            content: What :meth:`to_bytes` gave.
            trusted: Whether the hash of the bytes was checked, so that an estimator of somebody's own may be read.
            find: Looks for the encoders that the model reads texts by, once they are needed.

        Raises:
            CorruptionError: It is something else.
            StoreError: It is in a format that this version does not read.
            InputError: It holds an estimator of somebody's own, and may not be read.
        """
        try:
            with np.load(pa.BufferReader(content), allow_pickle=False) as arrays:
                told = json.loads(arrays["told"].tobytes())
                check_format(int(told["format"]))
                weights = {name: arrays[f"weights {name}"] for name in told["terms"]}
                own = arrays["estimator"].tobytes() if "estimator" in arrays else None
                if own is not None and not trusted:
                    raise InputError(
                        "The model holds an estimator of somebody's own, and reading it runs code.",
                        remedy="retrolabel predict reads it from the store, where its hash is checked",
                    )
                degrees = float(told["degrees"])
                linear: LinearModel | Estimator = (
                    LinearModel(arrays["coefficients"].astype(np.float64), arrays["intercepts"], degrees)
                    if own is None
                    else read_estimator(own, len(told["labels"]), degrees)
                )
                folds = Folds.of(arrays, told.get("folds", 0), degrees)
                blocks = tuple(
                    stored_block(each, {name: arrays[f"block {place} {name}"] for name in ARRAYS[each["kind"]]}, find)
                    for place, each in enumerate(told.get("blocks", ()))
                )
            features = TextFeatures({name: tuple(each) for name, each in told["terms"].items()}, weights)
            return cls(tuple(told["labels"]), tuple(told["columns"]), features, linear, told["about"], folds, blocks)
        except (KeyError, TypeError, ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
            raise CorruptionError(
                f"A stored model cannot be read: {type(error).__name__}: {error}.",
                remedy="retrolabel train TASK makes it again",
            ) from error


def numbers_of(features: TextFeatures, blocks: Sequence[Block], items: Sequence[Sequence[object]]) -> csr_matrix:
    """Return items as numbers, float [n, features], sparse.

    Args:
        features: The words of texts.
        blocks: What is read beside them.
        items: For each item its cells.
    """
    if not blocks:
        return features.transform(items)
    return beside([features.transform(items), *(each.transform(items) for each in blocks)], len(items))


def check_format(written: int) -> None:
    """Refuse a model in a format that this version does not read.

    Args:
        written: The format that it was written in.

    Raises:
        StoreError: It was written by a newer retrolabel, or by one that is too old.

    Example:
        >>> check_format(FORMAT)
        >>> check_format(99)
        Traceback (most recent call last):
        retrolabel.errors.StoreError: The model is in format 99, of a newer retrolabel; this one reads up to 3.
        Fix: pip install --upgrade retrolabel; or retrolabel train TASK makes one that this version reads
    """
    again = "retrolabel train TASK makes one that this version reads"
    if written > FORMAT:
        raise StoreError(
            f"The model is in format {written}, of a newer retrolabel; this one reads up to {FORMAT}.",
            remedy=f"pip install --upgrade retrolabel; or {again}",
        )
    if written < OLDEST:
        raise StoreError(
            f"The model is in format {written}, of an older retrolabel; this one reads from {OLDEST} on.", remedy=again
        )


def _scorer(linear: LinearModel | Estimator) -> dict[str, Any]:
    """Return what is made of the features, as arrays."""
    if isinstance(linear, Estimator):
        return {"estimator": np.frombuffer(linear.to_bytes(), np.uint8)}
    return {"coefficients": linear.coefficients.astype(np.float32), "intercepts": linear.intercepts}
