"""A trained model as an MLflow model: a frame of feedback in, labels and probabilities out.

``mlflow.pyfunc.load_model("models:/retrolabel.TASK.end_model/1")`` gives it. It holds arrays and no code: this module
reads them, so retrolabel has to be installed where it is loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.end_models.model import EndModel
from retrolabel.interop.encoders import encoder_named
from retrolabel.jobs.end_models.stored import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class StoredEndModel:
    """A trained model, as MLflow calls it.

    Args:
        content: The bytes of the model.
    """

    def __init__(self, content: bytes) -> None:
        self._model = EndModel.from_bytes(content, find=encoder_named)

    def predict(self, frame: pd.DataFrame, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return ``label``, ``probability`` and ``p_<label>`` for each row of feedback.

        Args:
            frame: It needs one of the columns that the model reads.
            params: MLflow's; there are none.

        Raises:
            InputError: None of these columns is there.
        """
        del params
        return self._model.labels_of(frame)


def _load_pyfunc(path: str) -> StoredEndModel:
    """Return the model of a folder; MLflow calls this by its name."""
    folder = Path(path)
    return StoredEndModel((folder / FILE if folder.is_dir() else folder).read_bytes())
