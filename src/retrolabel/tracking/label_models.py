"""A label set's fitted label model as an MLflow model: a frame of votes in, probabilities of labels out.

``mlflow.pyfunc.load_model("models:/retrolabel.TASK@current")`` gives the label model of what consumers read. It holds
the numbers that were learned and no code: this module reads them, so retrolabel has to be installed where it is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import StoreError, VoteError, counted
from retrolabel.label_models.protocol import hard_labels
from retrolabel.label_models.stored import from_parameters
from retrolabel.tracking.registry import FILE
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.label_models.protocol import FittedLabelModel

LABEL = "label"


def kept_for_mlflow(label_set: str, inputs: Mapping[str, Any], learned: Mapping[str, Any]) -> bytes:
    """Return what an MLflow model needs of a label set, as JSON; nothing where its label model is not kept whole.

    Args:
        label_set: Its id.
        inputs: The ``inputs`` of its manifest.
        learned: What its label model learned.
    """
    kept = {
        "label_set": label_set,
        "task": inputs["task"],
        "schema_version": inputs["schema"]["version"],
        "labels": inputs["schema"]["labels"],
        "voters": [lf["name"] for lf in inputs["lfs"]],
        "settings": inputs["label_model"],
        "parameters": learned,
    }
    try:
        _fitted(kept)
    except StoreError:  # Snorkel's, or what a later version of retrolabel writes
        return b""
    return json.dumps(kept, ensure_ascii=False, indent=1).encode()


def _fitted(kept: Mapping[str, Any]) -> FittedLabelModel:
    return from_parameters(kept["settings"], kept["parameters"], labels=kept["labels"], voters=kept["voters"])


class StoredLabelModel:
    """The label model of a label set, as MLflow calls it.

    Args:
        kept: What :func:`kept_for_mlflow` wrote.
    """

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.labels: tuple[str, ...] = tuple(kept["labels"])
        self.voters: tuple[str, ...] = tuple(kept["voters"])
        self.label_set = str(kept["label_set"])
        self._model = _fitted(kept)

    def predict(self, frame: pd.DataFrame, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return the probability of each label for each row of votes, and the label.

        Args:
            frame: A column for each labeling function, by its name; one that is not there abstains. A cell is a
                label's id, several joined by ``|``, or nothing, which abstains.
            params: MLflow's; there are none.

        Returns:
            The index of ``frame``; ``label`` (nothing for a tie, and where nothing voted), then a column for each
            label, float, which add up to 1.

        Raises:
            VoteError: A column is no labeling function of the label set, or a cell names no label.
        """
        del params
        unknown = sorted(set(map(str, frame.columns)) - set(self.voters))
        if unknown:
            raise VoteError(
                f"{counted(len(unknown), 'column')} is no labeling function of label set {self.label_set[:12]}:"
                f" {', '.join(unknown)}.",
                remedy=f"columns of {', '.join(self.voters)}",
            )
        columns = [self._coded(frame, voter) for voter in self.voters]
        votes = VoteMatrix.from_columns(columns, labels=self.labels, voters=self.voters, rows=len(frame))
        found = self._model.predict_proba(votes)
        hard = hard_labels(found, votes.covered)
        named = [self.labels[place] if place >= 0 else None for place in hard.tolist()]
        told = pd.DataFrame(found, index=frame.index, columns=list(self.labels))
        told.insert(0, LABEL, pd.Series(named, index=frame.index, dtype=object), allow_duplicates=True)
        return told

    def _coded(self, frame: pd.DataFrame, voter: str) -> tuple[Any, list[frozenset[str]]]:
        """Return a voter's codes, 0 where it abstains, and its sets of labels."""
        if voter not in frame:
            return np.zeros(len(frame), np.int64), []
        cells = frame[voter].where(frame[voter].notna() & (frame[voter] != ""), None)
        codes, names = pd.factorize(cells)
        return codes.astype(np.int64) + 1, [frozenset(str(name).split("|")) for name in names]


def _load_pyfunc(path: str) -> StoredLabelModel:
    """Return the model of a folder; MLflow calls this by its name."""
    return StoredLabelModel(json.loads((Path(path) / FILE).read_text(encoding="utf-8")))
