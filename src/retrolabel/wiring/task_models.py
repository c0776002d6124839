"""Models that are trained on a task's labels: ``task.train()``, ``task.predict(frame)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from retrolabel.jobs.end_models.records import Training
    from retrolabel.jobs.end_models.stored import StoredModel
    from retrolabel.wiring.site import Site


class TrainsModels:
    """A part of :class:`retrolabel.wiring.task.Task`: models that are trained on its labels."""

    _site: Site
    name: str

    def train(  # noqa: PLR0913 - the options of a training
        self,
        id: str = "current",  # noqa: A002 - the word that users know
        *,
        columns: Sequence[str] = (),
        most: int | None = None,
        folds: int = 0,
        test: bool = True,
        estimator: str = "",
        trial: bool = False,
    ) -> Training:
        """Train a model on a label set, keep it, and judge it on test gold beside label model and majority vote.

        Args:
            id: The label set.
            columns: What it reads: columns of texts, numbers or vectors, ``spacy``, ``spacy:NAME``,
                ``model2vec:FOLDER``; the texts that labeling functions read if empty.
            most: Items that are fitted at most; 30,000 if left out.
            folds: In how many parts the items are split, each with a model that did not see it, so that the model may
                vote; ``Path("model.npz").write_bytes(training.content)`` is what :func:`retrolabel.voting_model` reads.
            test: Whether it is judged on test gold too; each such look is logged.
            estimator: Which classifier is fitted, ``module:factory``; ours if left out. Reading it back runs code.
            trial: Whether it only tries something: test gold is not looked at, and :meth:`predict` asks it by its name
                alone.

        Raises:
            StoreError: There is too little to train on.
            SettingsError: A column is not there.
        """
        from retrolabel.jobs.end_models.training import MOST, Settings
        from retrolabel.wiring.end_models import train

        settings = Settings(tuple(columns), MOST if most is None else most, folds=folds, estimator=estimator)
        return train(self._site, self.name, id, settings, test=test, trial=trial)

    def models(self) -> list[StoredModel]:
        """Return the models that were trained, oldest first."""
        from retrolabel.wiring.stored_models import models

        return models(self._site, self.name)

    def predict(self, feedback: pd.DataFrame, *, model: str = "current") -> pd.DataFrame:
        """Return what a trained model says of new feedback: ``label``, ``probability``, ``p_<label>``.

        Args:
            feedback: A row an item.
            model: How its id begins; ``latest`` is the newest of all. If left out, it is the newest that was trained
                on the labels that consumers read; else on labels that they read before.

        Raises:
            StoreError: No such model was trained yet.
            InputError: The frame has none of the columns that the model reads.
        """
        from retrolabel.wiring.end_models import predictor

        return predictor(self._site, self.name, model).model.labels_of(feedback)
