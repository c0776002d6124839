"""A task as discovery found it: its schema history and its labeling functions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from retrolabel.jobs.records.key_tree import KeyTree
    from retrolabel.jobs.records.sitting_out import BrokenModule
    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.slicing import SliceFunction
    from retrolabel.schema.history import History


@dataclass(frozen=True)
class FoundSlices:
    """The slice functions of one task.

    Attributes:
        functions: They, sorted by name.
        keys: The name under which results are kept (``slice:refunds``) -> key, as of a labeling function.
        code: The same name -> where it is written and its source text.
        trees: The same name -> what its key is made of.
    """

    functions: tuple[SliceFunction, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    trees: Mapping[str, KeyTree] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class FoundTask:
    """What discovery found of one task: its schema history and its labeling functions.

    Attributes:
        name: The task.
        history: Its schema versions.
        lfs: Its labeling functions, sorted by name.
        keys: LF name -> key: the hash of all that its votes depend on but the data.
        code: LF name -> where it is written and its source text, recorded in manifests.
        folder: The task's folder.
        features: Name -> what its labeling functions may ask for besides columns.
        feature_keys: Feature -> key, as of a labeling function.
        trees: LF name -> what its key is made of.
        schema_files: Number -> the file of the version, relative to the project.
        broken: Modules that do not import, where their labeling functions may sit out; none of the schema.
        slices: Its slice functions, which never vote.
    """

    name: str
    history: History
    lfs: tuple[LabelingFunction, ...]
    keys: Mapping[str, str]
    code: Mapping[str, Mapping[str, str]]
    folder: Path
    features: Mapping[str, Feature] = field(default_factory=dict)
    feature_keys: Mapping[str, str] = field(default_factory=dict)
    trees: Mapping[str, KeyTree] = field(default_factory=dict, repr=False)
    schema_files: Mapping[str, str] = field(default_factory=dict, repr=False)
    broken: tuple[BrokenModule, ...] = ()
    slices: FoundSlices = field(default_factory=FoundSlices)

    @property
    def asked(self) -> dict[str, LabelingFunction]:
        """Name -> what is called for items: labeling functions, and slice functions under their own names."""
        return {each.name: each for each in (*self.lfs, *(one.asked for one in self.slices.functions))}

    def of_slices(self, names: Collection[str]) -> FoundTask:
        """Return a task whose slice functions stand where labeling functions do: to be called, and kept, like them.

        Args:
            names: The names of the slice functions; others are left out.
        """
        asked = tuple(one.asked for one in self.slices.functions if one.name in names)
        of = self.slices
        return replace(self, lfs=asked, keys=of.keys, code=of.code, trees=of.trees, slices=FoundSlices())

    def without(self, names: Collection[str]) -> FoundTask:
        """Return the same task without some labeling functions."""
        return replace(
            self,
            lfs=tuple(lf for lf in self.lfs if lf.name not in names),
            keys={name: key for name, key in self.keys.items() if name not in names},
            code={name: code for name, code in self.code.items() if name not in names},
            trees={name: tree for name, tree in self.trees.items() if name not in names},
        )
