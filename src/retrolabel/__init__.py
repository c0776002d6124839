"""retrolabel: a build system for labels.

Labeling functions encode a versioned label schema; a label model denoises their votes; a schema
change is rerun over the whole history. This module is the public face; every name is imported when
it is first used, so that importing retrolabel is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOMES = {
    "Add": "retrolabel.schema.steps",
    "History": "retrolabel.schema.history",
    "Label": "retrolabel.schema.labels",
    "LabelSchema": "retrolabel.schema.versions",
    "LabelUnion": "retrolabel.schema.labels",
    "LabelingFunction": "retrolabel.labeling.functions",
    "Merge": "retrolabel.schema.steps",
    "Redefine": "retrolabel.schema.steps",
    "Relation": "retrolabel.schema.history",
    "Remove": "retrolabel.schema.steps",
    "Rescale": "retrolabel.schema.steps",
    "RetrolabelError": "retrolabel.errors",
    "Split": "retrolabel.schema.steps",
    "LabelModel": "retrolabel.label_models.label_model",
    "MajorityVote": "retrolabel.label_models.majority",
    "SnorkelLabelModel": "retrolabel.label_models.snorkel",
    "VoteMatrix": "retrolabel.votes",
    "Workspace": "retrolabel.wiring.workspace",
    "keywords": "retrolabel.labeling.builders",
    "labeling_function": "retrolabel.labeling.functions",
    "open": "retrolabel.wiring.workspace:open_workspace",
    "regex": "retrolabel.labeling.builders",
}

__all__ = ["__version__", *_HOMES]


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
