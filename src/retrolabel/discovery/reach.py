"""A walk from a labeling function over all that its votes depend on: code, data, packages, files."""

from __future__ import annotations

import enum
import re
import sys
import types
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from retrolabel.discovery.functions import Functions
from retrolabel.discovery.ground import UNSEEN_OBJECT, is_generator
from retrolabel.discovery.nodes import Node, Refusal
from retrolabel.discovery.packages import OURS, OWN, kind_of_module
from retrolabel.discovery.plain import NotPlainError
from retrolabel.discovery.unseen import CHANCE
from retrolabel.labeling.features import Feature
from retrolabel.labeling.functions import LabelingFunction
from retrolabel.labeling.slicing import SliceFunction, who
from retrolabel.schema.labels import Label, LabelUnion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OF_MEMBERS = {"_value_", "_name_", "__objclass__", "_sort_order_", "_inverted_"}
"""What every member of an enumeration has."""
CALLED = 1
"""Raised when functions are called in another way, or what they return is understood in another way."""


class Walker(Functions):
    """Finds what labeling functions depend on; each thing is looked at once.

    Args:
        project: The folder of the project.
        features: Name -> feature, of those that labeling functions and features may ask for.
    """

    def __init__(self, project: Path, features: Mapping[str, Feature]) -> None:
        super().__init__(project)
        self.features = features

    def labeling_function(self, lf: LabelingFunction) -> Node:
        """Return what the votes of a labeling function depend on, its name excepted."""
        known = self.seen(lf)
        if known:
            return known
        root = self.remember(lf, self._root_of(who(lf.name)))
        root.called = str(getattr(lf.function, "__qualname__", ""))
        for vote in lf.declared:
            root.add("vote", self.union(vote))
        root.add("reads", self.data("reads", self.plain.value("the whole row" if lf.takes_row else list(lf.columns))))
        if lf.batch:
            root.add("batch", self.data("batch", repr(lf.batch)))
        if lf.version:
            root.add("version", self.data("version", f"version {lf.version!r}"))
        if lf.rule is None:
            root.add("function", self.node(lf.function))
        else:
            self._rule(lf.rule, root)
        for name in lf.columns:
            if name in lf.features:
                root.add(f"feature {name}", self.feature_node(lf.features[name]))
        for edge in root.edges:
            edge.lenient = bool(lf.version)
        return root

    def _rule(self, rule: Any, root: Node) -> None:  # noqa: ANN401 - of whichever builder
        described = dict(rule.describe())
        root.add("rule", self.data("rule", f"{type(rule).__name__} of {', '.join(described)}"))
        for name, value in described.items():
            root.add(f"rule {name}", self.node(value))
        if "'_':" in repr(described):
            self.all_extensions(root)

    def feature(self, feature: Feature) -> Node:
        """Return what the values of a feature depend on."""
        root = self._root_of(f"feature {feature.name}")
        root.add("feature", self.feature_node(feature))
        return root

    def _root_of(self, what: str) -> Node:
        root = Node(what)
        root.add("python", self.data("python", f"{sys.version_info.major}.{sys.version_info.minor}"))
        root.add("called", self.data("called", f"way {CALLED}"))
        return root

    def feature_node(self, feature: Feature) -> Node:
        """Return a feature: its function, and the features that it asks for."""
        known = self.seen(feature)
        if known:
            return known
        node = self.remember(feature, Node(f"feature {feature.name}"))
        node.value = self.plain.value([*feature.columns, feature.batch, feature.version])
        node.add("function", self.node(feature.function))
        for name in feature.columns:
            if name in self.features:
                node.add(f"feature {name}", self.feature_node(self.features[name]))
        for edge in node.edges:
            edge.lenient = bool(feature.version)
        return node

    def node(self, value: Any) -> Node:  # noqa: ANN401 - anything that an author's module may hold
        """Return what a value is and depends on."""
        known = self.seen(value)
        if known:
            return known
        try:
            node = self.remember(value, Node("value", self.plain.value(value), data=True))
        except NotPlainError:
            return self._looked_into(value)
        for path in self.files_named_in(value):
            node.add("content", self.named_file(path, f"content of {path.name}", code=False))
        return node

    def _looked_into(self, value: Any) -> Node:  # noqa: ANN401 - the same
        try:
            return self._code(value) or self._thing(value)
        except RecursionError:
            raise
        except Exception as error:  # noqa: BLE001 - objects of authors may raise anything when they are looked at
            node = self.seen(value) or self.remember(value, Node(f"a {type(value).__qualname__}", "unseen"))
            what = f"{node.what} cannot be looked at ({type(error).__name__}: {str(error)[:80]})"
            node.refusals.append(Refusal(what, UNSEEN_OBJECT))
            node.data = False
            return node

    def _code(self, value: Any) -> Node | None:  # noqa: ANN401 - the same
        """Return what can be called, or holds what can; ``None`` for anything else."""
        kind = type(value)  # what looks like a function, as a proxy does, says another __class__
        if issubclass(kind, types.ModuleType):
            return self.module(value)
        if kind is types.FunctionType:
            return self.function(value)
        if kind is types.BuiltinFunctionType:
            return self.c_function(value)
        if kind.__name__ == "cython_function_or_method":
            return self.remember(value, self.library(None, value.__module__, value.__qualname__))
        if kind is types.MethodType:
            return self.parts(value, "method", [("of", value.__self__), ("function", value.__func__)])
        if issubclass(kind, type):
            return self.class_(value)
        if isinstance(value, LabelingFunction):
            return self.labeling_function(value)
        if isinstance(value, SliceFunction):
            return self.labeling_function(value.asked)
        if isinstance(value, Feature):
            return self.feature_node(value)
        return self.wrapper(value)

    def _thing(self, value: Any) -> Node:  # noqa: ANN401 - the same
        """Return an object by its value."""
        if isinstance(value, (Label, LabelUnion)):
            return self.whole_label(value)
        if isinstance(value, PurePath):
            return self.path(value)
        if isinstance(value, enum.Enum):
            state = {name: held for name, held in vars(value).items() if name not in OF_MEMBERS}
            parts = [("class", type(value)), ("member", value._name_), ("value", value._value_), ("state", state)]
            return self.parts(value, f"{type(value).__qualname__}.{value._name_}", parts)
        if isinstance(value, re.Pattern):
            return self.parts(value, "pattern", [("pattern", value.pattern), ("flags", int(value.flags))], data=True)
        if self._in_library and _is_chance_of_numpy(value):
            return self.remember(value, self.data("the generator of numpy.random", "numpy.random"))
        if is_generator(value) and not self._in_library:
            what = "a generator, which goes on from call to call,"
            return self.remember(value, self.refused(what, CHANCE.why, CHANCE.remedy))
        if type(value) in (list, tuple, dict, set, frozenset):
            return self.container(value, type(value))
        kind = kind_of_module(type(value).__module__)
        known = self.known_object(value)
        if known is not None:
            return known
        return self.instance(value) if kind in (OWN, OURS) else self.library_object(value, kind)


def _is_chance_of_numpy(value: object) -> bool:
    """Return whether it is the one generator behind ``numpy.random``, which distributions of scipy hold."""
    module = sys.modules.get("numpy.random.mtrand")
    return module is not None and value is getattr(module, "_rand", None)
