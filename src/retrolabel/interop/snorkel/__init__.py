"""Snorkel both ways, and without it.

``adopt`` runs its labeling functions in our engine, ``to_snorkel`` runs ours in its appliers. And there is
a drop-in: its appliers, its analysis, its baselines and its label model by their names, shapes and coding,
for code that was written for Snorkel. It needs neither Snorkel nor torch.

Each name is also where Snorkel has it, so ``snorkel.`` at the head of an import becomes
``retrolabel.interop.snorkel.`` and nothing else changes: ``labeling``, ``labeling.model``, ``labeling.lf.nlp``,
``labeling.apply.dask``, ``preprocess``, ``preprocess.nlp``, ``slicing``, ``analysis``, ``utils``, ``map``, ``types``.
``augmentation`` and ``classification`` are out of scope, and say what to use when they are imported.

Snorkel's coding, where ``-1`` abstains and a label is a number, exists here only. Snorkel itself is
imported when a function of ours is handed to it, and torch never.
"""

from __future__ import annotations

from retrolabel.interop.snorkel.adopting import Adopted, adopt, adopt_all
from retrolabel.interop.snorkel.appliers import ApplierMetadata, LFApplier, PandasLFApplier
from retrolabel.interop.snorkel.data_points import DataPoint
from retrolabel.interop.snorkel.functions import LabelingFunction, labeling_function
from retrolabel.interop.snorkel.handing_over import HandedOver, to_snorkel
from retrolabel.interop.snorkel.label_model import LabelModel
from retrolabel.interop.snorkel.lf_analysis import LFAnalysis
from retrolabel.interop.snorkel.matrices import filter_unlabeled_dataframe
from retrolabel.interop.snorkel.refusals import (
    DataPointsError,
    IgnoredSettingWarning,
    LabelingFunctionValueError,
    LabelMatrixError,
    MissingModelError,
    NotFittedError,
    OutOfScopeError,
    SettingError,
    VoteValueError,
)
from retrolabel.interop.snorkel.voters import BaseLabeler, MajorityClassVoter, MajorityLabelVoter, RandomVoter

__all__ = [
    "Adopted",
    "ApplierMetadata",
    "BaseLabeler",
    "DataPoint",
    "DataPointsError",
    "HandedOver",
    "IgnoredSettingWarning",
    "LFAnalysis",
    "LFApplier",
    "LabelMatrixError",
    "LabelModel",
    "LabelingFunction",
    "LabelingFunctionValueError",
    "MajorityClassVoter",
    "MajorityLabelVoter",
    "MissingModelError",
    "NotFittedError",
    "OutOfScopeError",
    "PandasLFApplier",
    "RandomVoter",
    "SettingError",
    "VoteValueError",
    "adopt",
    "adopt_all",
    "filter_unlabeled_dataframe",
    "labeling_function",
    "to_snorkel",
]
