"""retrolabel: a build system for labels.

Labeling functions encode a versioned label schema; a label model denoises their votes; a schema
change is rerun over the whole history. This module is the public face; every name is imported when
it is first used, so that importing retrolabel is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from retrolabel.version import __version__

if TYPE_CHECKING:
    from retrolabel.analysis.conflict import conflict as conflict
    from retrolabel.discovery.resources import resource as resource
    from retrolabel.errors import RetrolabelError as RetrolabelError
    from retrolabel.interop.snorkel import adopt as adopt
    from retrolabel.interop.snorkel import to_snorkel as to_snorkel
    from retrolabel.interop.voting_models import voting_model as voting_model
    from retrolabel.label_models.label_model import LabelModel as LabelModel
    from retrolabel.label_models.majority import MajorityVote as MajorityVote
    from retrolabel.label_models.snorkel import SnorkelLabelModel as SnorkelLabelModel
    from retrolabel.labeling.builders import keywords as keywords
    from retrolabel.labeling.builders import regex as regex
    from retrolabel.labeling.classifying import classifier as classifier
    from retrolabel.labeling.features import Feature as Feature
    from retrolabel.labeling.features import feature as feature
    from retrolabel.labeling.functions import LabelingFunction as LabelingFunction
    from retrolabel.labeling.functions import labeling_function as labeling_function
    from retrolabel.labeling.in_memory import Applied as Applied
    from retrolabel.labeling.marking import found as found
    from retrolabel.labeling.numbers import threshold as threshold
    from retrolabel.labeling.slicing import SliceFunction as SliceFunction
    from retrolabel.labeling.slicing import slice_function as slice_function
    from retrolabel.labeling.tables import column_vote as column_vote
    from retrolabel.labeling.tables import lookup as lookup
    from retrolabel.labeling.tokens import phrases as phrases
    from retrolabel.labeling.tokens import token_pattern as token_pattern
    from retrolabel.schema.history import History as History
    from retrolabel.schema.labels import Label as Label
    from retrolabel.schema.labels import LabelUnion as LabelUnion
    from retrolabel.schema.relations import Presence as Presence
    from retrolabel.schema.relations import Relation as Relation
    from retrolabel.schema.rules import AgreementTarget as AgreementTarget
    from retrolabel.schema.rules import AtLeastOne as AtLeastOne
    from retrolabel.schema.rules import AtMostOne as AtMostOne
    from retrolabel.schema.rules import Implies as Implies
    from retrolabel.schema.steps import Add as Add
    from retrolabel.schema.steps import Merge as Merge
    from retrolabel.schema.steps import Redefine as Redefine
    from retrolabel.schema.steps import Remove as Remove
    from retrolabel.schema.steps import Rescale as Rescale
    from retrolabel.schema.steps import Split as Split
    from retrolabel.schema.versions import LabelSchema as LabelSchema
    from retrolabel.tracking.models import load_model as load_model
    from retrolabel.votes import VoteMatrix as VoteMatrix
    from retrolabel.wiring.applying import apply as apply
    from retrolabel.wiring.workspace import Workspace as Workspace
    from retrolabel.wiring.workspace import open_workspace as open

_HOMES = {
    "Add": "retrolabel.schema.steps",
    "Applied": "retrolabel.labeling.in_memory",
    "AgreementTarget": "retrolabel.schema.rules",
    "AtLeastOne": "retrolabel.schema.rules",
    "AtMostOne": "retrolabel.schema.rules",
    "Implies": "retrolabel.schema.rules",
    "Presence": "retrolabel.schema.relations",
    "History": "retrolabel.schema.history",
    "Label": "retrolabel.schema.labels",
    "LabelSchema": "retrolabel.schema.versions",
    "LabelUnion": "retrolabel.schema.labels",
    "LabelingFunction": "retrolabel.labeling.functions",
    "Merge": "retrolabel.schema.steps",
    "Redefine": "retrolabel.schema.steps",
    "Relation": "retrolabel.schema.relations",
    "Remove": "retrolabel.schema.steps",
    "Rescale": "retrolabel.schema.steps",
    "RetrolabelError": "retrolabel.errors",
    "Split": "retrolabel.schema.steps",
    "LabelModel": "retrolabel.label_models.label_model",
    "MajorityVote": "retrolabel.label_models.majority",
    "SnorkelLabelModel": "retrolabel.label_models.snorkel",
    "VoteMatrix": "retrolabel.votes",
    "Workspace": "retrolabel.wiring.workspace",
    "adopt": "retrolabel.interop.snorkel",
    "apply": "retrolabel.wiring.applying",
    "feature": "retrolabel.labeling.features",
    "Feature": "retrolabel.labeling.features",
    "found": "retrolabel.labeling.marking",
    "keywords": "retrolabel.labeling.builders",
    "labeling_function": "retrolabel.labeling.functions",
    "open": "retrolabel.wiring.workspace:open_workspace",
    "phrases": "retrolabel.labeling.tokens",
    "token_pattern": "retrolabel.labeling.tokens",
    "lookup": "retrolabel.labeling.tables",
    "column_vote": "retrolabel.labeling.tables",
    "conflict": "retrolabel.analysis.conflict",
    "threshold": "retrolabel.labeling.numbers",
    "classifier": "retrolabel.labeling.classifying",
    "load_model": "retrolabel.tracking.models",
    "regex": "retrolabel.labeling.builders",
    "slice_function": "retrolabel.labeling.slicing",
    "SliceFunction": "retrolabel.labeling.slicing",
    "resource": "retrolabel.discovery.resources",
    "to_snorkel": "retrolabel.interop.snorkel",
    "voting_model": "retrolabel.interop.voting_models",
}

__all__ = [
    "Add",
    "AgreementTarget",
    "Applied",
    "AtLeastOne",
    "AtMostOne",
    "Feature",
    "History",
    "Implies",
    "Label",
    "LabelModel",
    "LabelSchema",
    "LabelUnion",
    "LabelingFunction",
    "MajorityVote",
    "Merge",
    "Presence",
    "Redefine",
    "Relation",
    "Remove",
    "Rescale",
    "RetrolabelError",
    "SliceFunction",
    "SnorkelLabelModel",
    "Split",
    "VoteMatrix",
    "Workspace",
    "__version__",
    "adopt",
    "apply",
    "classifier",
    "column_vote",
    "conflict",
    "feature",
    "found",
    "keywords",
    "labeling_function",
    "load_model",
    "lookup",
    "open",
    "phrases",
    "regex",
    "resource",
    "slice_function",
    "threshold",
    "to_snorkel",
    "token_pattern",
    "voting_model",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'retrolabel' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    value = getattr(importlib.import_module(module), attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
