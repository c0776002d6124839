"""A trained model as a value, and as bytes: arrays and JSON, nothing that runs when it is read."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.end_models.features import KINDS, TextFeatures, joined
from retrolabel.end_models.training import LinearModel
from retrolabel.errors import CorruptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

FORMAT = 1


@dataclass(frozen=True, eq=False)
class EndModel:
    """A model that was trained on a label set.

    Attributes:
        labels: The label ids, in the order of every probability.
        columns: The columns whose texts it reads, in this order.
        features: How texts become numbers.
        linear: What is made of the numbers.
        about: What it was made of: task, label set, schema version, settings.
    """

    labels: tuple[str, ...]
    columns: tuple[str, ...]
    features: TextFeatures
    linear: LinearModel
    about: Mapping[str, Any] = field(default_factory=dict)

    def predict_proba(self, items: Sequence[Sequence[object]]) -> npt.NDArray[np.float64]:
        """Return the probability of each label, float [n, k]; an item without any text gets what is frequent.

        Args:
            items: For each item its texts, a cell for each of ``columns``; missing ones are ``None``.
        """
        return self.linear.predict_proba(self.features.transform([joined(each) for each in items]))

    def to_bytes(self) -> bytes:
        """Return it as bytes, the same for the same model."""
        told = {
            "format": FORMAT,
            "labels": self.labels,
            "columns": self.columns,
            "about": dict(self.about),
            "degrees": self.linear.degrees,
            "terms": {kind: self.features.terms[kind] for kind in KINDS},
        }
        arrays = {
            "told": np.frombuffer(json.dumps(told, ensure_ascii=True, sort_keys=True).encode(), np.uint8),
            "coefficients": self.linear.coefficients.astype(np.float32),
            "intercepts": self.linear.intercepts,
            **{f"weights_{kind}": self.features.weights[kind] for kind in KINDS},
        }
        out = io.BytesIO()
        np.savez_compressed(out, **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> EndModel:
        """Return the model that was stored; no code is read.

        Args:
            content: What :meth:`to_bytes` gave.

        Raises:
            CorruptionError: It is something else.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                told = json.loads(arrays["told"].tobytes())
                weights = {kind: arrays[f"weights_{kind}"] for kind in KINDS}
                linear = LinearModel(
                    arrays["coefficients"].astype(np.float64), arrays["intercepts"], float(told["degrees"])
                )
            features = TextFeatures({kind: tuple(told["terms"][kind]) for kind in KINDS}, weights)
            return cls(tuple(told["labels"]), tuple(told["columns"]), features, linear, told["about"])
        except (KeyError, TypeError, ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
            raise CorruptionError(
                f"A stored model cannot be read: {type(error).__name__}: {error}.",
                remedy="retrolabel train TASK makes it again",
            ) from error
