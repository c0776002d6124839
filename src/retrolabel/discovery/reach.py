"""A walk from a labeling function over all that its votes depend on: code, data, packages, files."""

from __future__ import annotations

import abc
import copyreg
import dataclasses
import enum
import functools
import importlib
import logging
import os
import random
import re
import sys
import threading
import types
import typing
import weakref
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from retrolabel.discovery import references as refs
from retrolabel.discovery.canonical import Sources
from retrolabel.discovery.nodes import Edge, Node, Refusal
from retrolabel.discovery.packages import (
    OUR_VERSION,
    OURS,
    OWN,
    PACKAGE,
    STDLIB,
    Packages,
    is_there,
    kind_of_file,
    kind_of_module,
    kind_of_unimported,
)
from retrolabel.discovery.plain import NotPlainError, Plain, shortened
from retrolabel.discovery.resources import content, find_resource, resource
from retrolabel.discovery.unseen import (
    BY_VERSION,
    CHANCE,
    CHANGES_CONTAINER,
    CODE,
    FILES,
    READS_PATH,
    SEEDED,
    STATE,
    Unseen,
    one_name,
    unseen,
    unseen_in_module,
)
from retrolabel.errors import RetrolabelError
from retrolabel.labeling.features import Feature
from retrolabel.labeling.functions import LabelingFunction
from retrolabel.schema.fingerprints import digest, label_meaning
from retrolabel.schema.labels import Label, LabelUnion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KNOWN_BY_CLASS = {
    "__dict__", "__weakref__", "__module__", "__doc__", "__qualname__", "__firstlineno__", "__static_attributes__",
    "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "_abc_impl", "__parameters__",
    "__classdictcell__", "__type_params__",
}  # fmt: skip
"""What a class holds that no vote depends on."""
ENUM_PARTS = {
    "_member_names_", "_member_map_", "_value2member_map_", "_hashable_values_", "_unhashable_values_",
    "_unhashable_values_map_", "_member_type_", "_value_repr_", "_use_args_", "_new_member_", "__new_member__",
    "_generate_next_value_", "_boundary_", "_flag_mask_", "_singles_mask_", "_all_bits_", "_inverted_", "_order_",
}  # fmt: skip
ABOUT_ITSELF = {"__doc__", "__name__", "__qualname__", "__module__", "__annotations__", "__code__", "__dict__"}
LIBRARY_LEAVES = (logging.Logger, type(threading.Lock()), type(threading.RLock()), threading.local)
"""Objects that carry nothing which votes depend on."""
C_CODE = (
    types.WrapperDescriptorType, types.MethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
    types.ClassMethodDescriptorType, types.MethodWrapperType,
)  # fmt: skip
UNSEEN_OBJECT = f"keep plain data in the module, make the object in a function under functools.cache, {BY_VERSION}"
USED_UP = (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)


class Walker:
    """Finds what functions, classes and data depend on; each thing is looked at once.

    Args:
        project: The folder of the project: its files are named from there.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.plain = Plain(str(project))
        self.packages = Packages()
        self.sources = Sources()
        self._known: dict[int, tuple[object, Node]] = {}
        self._named: dict[str, Node] = {}
        self._files: dict[Path, str] = {}
        self._in_library = 0
        self._found: dict[types.CodeType, refs.Found] = {}

    # What a labeling function is made of ------------------------------------------------------

    def labeling_function(self, lf: LabelingFunction) -> Node:
        """Return what the votes of a labeling function depend on, its name excepted."""
        known = self._seen(lf)
        if known:
            return known
        root = self._remember(lf, Node(f"LF {lf.name}"))
        root.add("python", self._data("python", f"{sys.version_info.major}.{sys.version_info.minor}"))
        for vote in lf.declared:
            root.add("vote", self._union(vote))
        reads = "the whole row" if lf.takes_row else list(lf.columns)
        root.add("reads", self._data("reads", self.plain.value(reads)))
        if lf.batch:
            root.add("batch", self._data("batch", lf.batch))
        if lf.version:
            root.add("version", self._data("version", repr(lf.version)))
        if lf.rule is not None:
            self._rule(root, lf)
        else:
            root.add("function", self.node(lf.function))
        for name in lf.columns:
            if name in lf.features:
                root.add(f"feature {name}", self._feature(lf.features[name], lf.features))
        for edge in root.edges:
            edge.lenient = bool(lf.version)
        return root

    def feature(self, feature: Feature, others: Mapping[str, Feature]) -> Node:
        """Return what the values of a feature depend on.

        Args:
            feature: The feature.
            others: Name -> feature, of what it may ask for.
        """
        root = Node(f"feature {feature.name}")
        root.add("python", self._data("python", f"{sys.version_info.major}.{sys.version_info.minor}"))
        root.add("feature", self._feature(feature, others))
        return root

    def _rule(self, root: Node, lf: LabelingFunction) -> None:
        described = dict(lf.rule.describe()) if lf.rule is not None else {}
        for name, value in described.items():
            root.add(f"rule {name}", self.node(value))
        root.add("rule", self._data("rule", type(lf.rule).__name__))

    def _feature(self, feature: Feature, others: Mapping[str, Feature]) -> Node:
        known = self._seen(feature)
        if known:
            return known
        node = self._remember(feature, Node(f"feature {feature.name}"))
        node.value = self.plain.value([*feature.columns, feature.batch, feature.version])
        node.add("function", self.node(feature.function))
        for name in feature.columns:
            if name in others:
                node.add(f"feature {name}", self._feature(others[name], others))
        for edge in node.edges:
            edge.lenient = bool(feature.version)
        return node

    def _union(self, vote: LabelUnion) -> Node:
        node = Node(f"votes {vote}", "all but" if vote.negated else "")
        for label in sorted(vote.labels, key=lambda each: each.id):
            node.add("label", self._label(label))
        return node

    def _label(self, label: Label) -> Node:
        node = self._name(f"label {label.id} {label_meaning(label)}", f"label {label.id}")
        node.value = shortened(label_meaning(label))
        if type(label) is not Label and not node.edges:
            node.add("class", self.node(type(label)))
        return node

    # Anything at all --------------------------------------------------------------------------

    def node(self, value: Any) -> Node:  # noqa: ANN401 - anything that an author's module may hold
        """Return what a value is and depends on."""
        known = self._seen(value)
        if known:
            return known
        try:
            return self._remember(value, Node("value", self.plain.value(value), data=True))
        except NotPlainError:
            pass
        except RecursionError:
            return self._refused("data", "is nested too deeply to be read", UNSEEN_OBJECT)
        return self._object(value)

    def _object(self, value: Any) -> Node:  # noqa: ANN401, C901, PLR0912 - one line for each kind of thing
        if isinstance(value, types.ModuleType):
            return self._module(value)
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if isinstance(value, types.BuiltinFunctionType):
            return self._c_function(value)
        if type(value).__name__ == "cython_function_or_method":
            return self._remember(value, self._library(None, value.__module__, value.__qualname__))
        if isinstance(value, types.MethodType):
            return self._parts(value, "method", [("of", value.__self__), ("function", value.__func__)])
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, (Label, LabelUnion)):
            return self._whole_label(value)
        if isinstance(value, LabelingFunction):
            return self.labeling_function(value)
        if isinstance(value, Feature):
            return self._feature(value, {})
        if isinstance(value, PurePath):
            return self._path(value)
        if isinstance(value, enum.Enum):
            parts = [("class", type(value)), ("member", value.name)]
            return self._parts(value, f"{type(value).__qualname__}.{value.name}", parts)
        if isinstance(value, re.Pattern):
            return self._parts(value, "pattern", [("pattern", value.pattern), ("flags", int(value.flags))], data=True)
        if _is_generator(value) and not self._in_library:
            return self._remember(
                value, self._refused("a generator, which goes on from call to call,", CHANCE.why, CHANCE.remedy)
            )
        special = self._wrapper(value) or self._of_a_library(value)
        if special:
            return special
        if type(value) in (list, tuple, dict, set, frozenset):
            return self._container(value, type(value))
        kind = kind_of_module(type(value).__module__)
        if kind in (OWN, OURS):
            return self._instance(value)
        return self._reduced(value, kind)

    def _seen(self, value: object) -> Node | None:
        known = self._known.get(id(value))
        return known[1] if known else None

    def _remember(self, value: object, node: Node) -> Node:
        self._known[id(value)] = (value, node)
        return node

    def _name(self, key: str, what: str) -> Node:
        return self._named.setdefault(key, Node(what))

    @staticmethod
    def _data(what: str, value: str) -> Node:
        return Node(what, value, data=True)

    @staticmethod
    def _refused(what: str, why: str, remedy: str) -> Node:
        return Node(what, f"unseen: {why}", refusals=[Refusal(f"{what} {why}", remedy)])

    def _parts(self, value: object, what: str, parts: Iterable[tuple[str, Any]], *, data: bool = False) -> Node:
        """Return a thing that is the sum of its named parts."""
        node = self._remember(value, Node(what, data=data))
        node.value = what.partition(" ")[0]
        for label, part in parts:
            node.add(label, self.node(part))
        return node

    def _container(self, value: Any, kind: type) -> Node:  # noqa: ANN401 - a built-in container
        node = self._remember(value, Node(f"{kind.__name__} of {len(value)}", f"{kind.__name__} of {len(value)}"))
        node.data = True
        if kind is dict:
            for key, held in value.items():
                if isinstance(key, (str, int, float, bool, type(None))):
                    node.add(f"[{self.plain.value(key)}]", self.node(held))
                    node.add("key", self.node(key))
                else:
                    node.add("key", self.node(key))
                    node.add("entry", self.node(held))
            return node
        held = [self.node(each) for each in value]
        if kind in (set, frozenset):
            held.sort(key=lambda each: (each.what, each.value))
        for place, each in enumerate(held):
            node.add(f"[{place}]", each)
        return node

    # Functions --------------------------------------------------------------------------------

    def _function(self, function: types.FunctionType) -> Node:
        kind = kind_of_file(function.__code__.co_filename)
        module = str(function.__globals__.get("__name__", ""))
        if kind is None:
            kind = kind_of_module(module) if module in sys.modules else OWN
        if kind != OWN:
            return self._library_function(function, kind, module)
        file = self._file(function.__code__.co_filename)
        node = self._remember(function, Node(f"function {file}:{function.__qualname__}"))
        canonical = self.sources.canonical(function.__code__)
        try:
            node.value = self.plain.digest(canonical.described())
        except NotPlainError as error:  # pragma: no cover - all constants of code are plain
            node.value = f"unseen: {error}"
            node.refusals.append(Refusal(f"{node.what} holds {error}", UNSEEN_OBJECT))
        self._defaults(function, node)
        found = self._references(function)
        done: set[tuple[object, ...]] = set()
        for reference in found.references:
            self._use(reference, function, node, file, done)
        self._state(found, function, node, file)
        self._paths(found, function, node, file)
        for name, value in sorted(function.__dict__.items()):
            node.add(f"attribute {name}", self.node(value))
        return node

    def _references(self, function: types.FunctionType) -> refs.Found:
        code = function.__code__
        if code not in self._found:
            self._found[code] = refs.references(self.sources.canonical(code))
        return self._found[code]

    def _defaults(self, function: types.FunctionType, node: Node) -> None:
        file, line = self._file(function.__code__.co_filename), function.__code__.co_firstlineno
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        defaults = function.__defaults__ or ()
        for name, value in zip(names[len(names) - len(defaults) :], defaults, strict=False):
            node.add(f"default {name}", self.node(value), file, line)
        for name, value in (function.__kwdefaults__ or {}).items():
            node.add(f"default {name}", self.node(value), file, line)

    def _library_function(self, function: types.FunctionType, kind: str, module: str) -> Node:
        """Return a function that is covered by a version; what it holds of others is looked at."""
        if kind == STDLIB and hasattr(function, "registry") and hasattr(function, "dispatch"):
            return self._dispatcher(function)
        node = self._library(kind, function.__module__ if not function.__closure__ else module, function.__qualname__)
        if not function.__closure__ and not hasattr(function, "__wrapped__"):
            return self._remember(function, node)
        held = self._remember(function, Node(f"function made by {module}", module, edges=[Edge("made by", node)]))
        names = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        for name, cell in names:
            held.add(f"closure {name}", self._cell(cell))
        for name, value in sorted(function.__dict__.items()):
            held.add(f"attribute {name}", self.node(value))
        return held

    def _dispatcher(self, function: Any) -> Node:  # noqa: ANN401 - what functools.singledispatch makes
        node = self._remember(function, Node(f"function {function.__qualname__}, by type", "singledispatch"))
        entries = sorted(function.registry.items(), key=lambda each: f"{each[0].__module__}.{each[0].__qualname__}")
        for kind, chosen in entries:
            node.add("for", self.node(kind))
            node.add(f"for {kind.__qualname__}", self.node(chosen))
        return node

    def _cell(self, cell: types.CellType) -> Node:
        try:
            return self.node(cell.cell_contents)
        except ValueError:
            return self._data("closure", "empty")

    def _c_function(self, function: types.BuiltinFunctionType) -> Node:
        holder = function.__self__
        if holder is None or isinstance(holder, types.ModuleType):
            module = function.__module__ or getattr(holder, "__name__", "builtins")
            return self._remember(function, self._library(None, module, function.__qualname__))
        if isinstance(holder, type):
            name = f"{holder.__qualname__}.{function.__name__}"
            return self._remember(function, self._library(None, holder.__module__, name))
        return self._parts(
            function, f"method {function.__name__}", [("of", holder), ("name", function.__name__)], data=True
        )

    def _wrapper(self, value: Any) -> Node | None:  # noqa: ANN401 - what functools and types wrap
        if isinstance(value, functools.partial):
            node = self._parts(
                value, "partial", [("function", value.func), ("arguments", value.args), ("names", value.keywords)]
            )
            if value.__dict__:
                node.add("attributes", self.node(value.__dict__))
            return node
        if isinstance(value, functools.partialmethod):
            parts = [("function", value.func), ("arguments", value.args), ("names", value.keywords)]
            return self._parts(value, "partialmethod", parts)
        if isinstance(value, functools._lru_cache_wrapper):  # noqa: SLF001 - its type has no other name
            kept = {k: v for k, v in value.__dict__.items() if k not in ("__wrapped__", "cache_parameters")}
            parts = [("function", value.__wrapped__), *([("attributes", kept)] if kept else [])]
            return self._parts(value, "cached", parts)
        if isinstance(value, functools.cached_property):
            return self._parts(value, "cached_property", [("function", value.func)])
        if isinstance(value, property):
            return self._parts(value, "property", [("get", value.fget), ("set", value.fset), ("del", value.fdel)])
        if isinstance(value, (staticmethod, classmethod)):
            return self._parts(value, type(value).__name__, [("function", value.__func__)])
        if isinstance(value, types.MappingProxyType):
            return self._parts(value, "mapping", [("entries", dict(value))], data=True)
        if isinstance(value, C_CODE):
            home = getattr(value, "__objclass__", None) or type(getattr(value, "__self__", None))
            return self._remember(value, self._data("built-in", f"{home.__qualname__}.{value.__name__}"))
        if isinstance(value, weakref.ref):
            return self._parts(value, "reference", [("to", value())])
        return None

    # What code refers to ----------------------------------------------------------------------

    def _use(
        self,
        reference: refs.Reference,
        function: types.FunctionType,
        node: Node,
        file: str,
        done: set[tuple[object, ...]],
    ) -> None:
        """Add what one name in a function's code stands for."""
        label = f"{reference.kind} {reference.path}"
        if reference.kind == refs.IMPORT and self._imports_library(reference, node, file, done):
            return
        target = self._root(reference, function)
        if target is _MISSING:
            if (label, None) not in done:
                node.add(label, self._data(label, "missing"), file, reference.line)
                done.add((label, None))
            return
        value, rest, passed, name = self._follow(target, reference)
        for top in passed:
            if ("package", top) not in done:
                done.add(("package", top))
                node.add("package", self._package(top), file, reference.line)
        if self._asks(reference, value, rest, name, function, node, file):
            return
        for what, part in self._looked_at(value, rest, reference, target):
            key = (label, what, id(part))
            if key not in done:
                done.add(key)
                node.add(f"{label}{what}", part if isinstance(part, Node) else self.node(part), file, reference.line)

    def _imports_library(self, reference: refs.Reference, node: Node, file: str, done: set[tuple[object, ...]]) -> bool:
        """Add what a function imports of a library when it is called, without importing it now.

        Return whether it is a library's: what the project has put into a library's module is not.
        """
        name = reference.name
        kind = STDLIB if name.startswith(".") else kind_of_unimported(name)
        path = ".".join([name.partition(".")[0] if reference.exported else name, *reference.attributes])
        if kind == OWN and not name.startswith(".") and unseen(path) and not is_there(name):
            kind = PACKAGE
        if name.startswith(".") or kind in (OWN, OURS):
            return False
        if name in sys.modules:
            start = sys.modules[name.partition(".")[0] if reference.exported else name]
            value = self._follow(start, reference)[0]
            if value is not _MISSING and not isinstance(value, types.ModuleType) and _is_own(value):
                return False
        if kind == PACKAGE and is_there(name) and ("package", name.partition(".")[0]) not in done:
            done.add(("package", name.partition(".")[0]))
            node.add("package", self._package(name), file, reference.line)
        if path == "spacy.load":
            return self._model(reference, node, file)
        if path == "importlib.import_module" and self._imports_by_name(reference, node, file):
            return True
        if path in SEEDED and reference.is_called_with_something:
            why = None
        elif path in SEEDED:
            why = CHANCE
        elif path == "io.open":
            why = FILES
        else:
            why = unseen(path) or (unseen_in_module(path) if kind == STDLIB and not reference.attributes else None)
        if why:
            node.refusals.append(Refusal(f"{path} {why.why}", why.remedy, file, reference.line))
        if (path, "by name") not in done:
            done.add((path, "by name"))
            node.add(f"import {path}", self._data(path, path), file, reference.line)
        return True

    def _imports_by_name(self, reference: refs.Reference, node: Node, file: str) -> bool:
        given = reference.called_with
        if not given or not isinstance(given[0], str) or given[0].startswith("."):
            return False
        found = _import(given[0])
        node.add(f"import {given[0]}", self.node(found) if found else self._data("", "missing"), file, reference.line)
        return True

    def _root(self, reference: refs.Reference, function: types.FunctionType) -> Any:  # noqa: ANN401 - what a name stands for
        if reference.kind == refs.CELL:
            place = function.__code__.co_freevars.index(reference.name)
            try:
                return (function.__closure__ or ())[place].cell_contents
            except ValueError:
                return _MISSING
        if reference.kind == refs.IMPORT:
            return self._imported(reference, function)
        if reference.name == "__file__":
            return self.plain.text(str(function.__globals__.get("__file__", "")))
        if reference.name in function.__globals__:
            return function.__globals__[reference.name]
        builtins = function.__globals__.get("__builtins__", {})
        return (vars(builtins) if isinstance(builtins, types.ModuleType) else builtins).get(reference.name, _MISSING)

    def _imported(self, reference: refs.Reference, function: types.FunctionType) -> Any:  # noqa: ANN401 - a module
        name = reference.name
        try:
            if name.startswith("."):
                package = function.__globals__.get("__package__") or ""
                name = importlib.util.resolve_name(name, package)
            library = kind_of_unimported(name) not in (OWN, OURS)
            if library and name not in sys.modules:
                return _MISSING
            module = sys.modules[name] if library else importlib.import_module(name)
        except (Exception, SystemExit):  # noqa: BLE001 - an author's module may raise anything
            return _MISSING
        return sys.modules[name.partition(".")[0]] if reference.exported else module

    def _follow(self, value: Any, reference: refs.Reference) -> tuple[Any, tuple[str, ...], list[str], str]:  # noqa: ANN401
        """Return what attributes of modules lead to, those that are left, packages on the way, and its name."""
        rest, passed = reference.attributes, []
        name = ""
        while isinstance(value, types.ModuleType):
            name = value.__name__
            kind = kind_of_module(name)
            if kind == PACKAGE:
                passed.append(name.partition(".")[0])
            if not rest:
                break
            name = f"{name}.{rest[0]}"
            value = self._attribute(value, rest[0])
            rest = rest[1:]
        if isinstance(value, type) and rest and kind_of_module(value.__module__) in (STDLIB, PACKAGE):
            name = f"{value.__module__}.{value.__qualname__}.{rest[0]}"
        return value, rest, passed, name

    def _attribute(self, module: types.ModuleType, name: str) -> Any:  # noqa: ANN401 - whatever it is
        if name in vars(module):
            return vars(module)[name]
        if unseen(f"{module.__name__}.{name}"):
            return _MISSING
        try:
            return getattr(module, name)
        except Exception:  # noqa: BLE001 - a module's own __getattr__ may raise anything
            try:
                return importlib.import_module(f"{module.__name__}.{name}")
            except Exception:  # noqa: BLE001 - the same
                return _MISSING

    def _looked_at(
        self,
        value: Any,
        rest: tuple[str, ...],
        reference: refs.Reference,
        target: Any,  # noqa: ANN401
    ) -> Iterator[tuple[str, Any]]:
        """Yield what of a value is used: the whole, or one attribute."""
        first = rest[0] if rest else ""
        yield from self._made_by_module(reference, target)
        if value is _MISSING:
            yield "", self._data("missing", "missing")
        elif isinstance(value, (Label, LabelUnion)) and type(value) in (Label, LabelUnion):
            if first and first not in ("id", "ids") and not callable(getattr(value, first, None)):
                yield "", getattr(value, first, None)
            elif first or not reference.only_compared:
                yield "", value
            elif isinstance(value, Label):
                yield "", self._label(value)
            else:
                yield "", self._union(value)
        elif isinstance(value, (LabelingFunction, Feature)):
            yield "", value
            if first in ("name", "description", "examples", "non_examples", "module", "cache"):
                yield f".{first}", getattr(value, first, None)
        elif isinstance(value, Path):
            yield from self._path_used(value, first)
        else:
            yield "", value
            if first in ABOUT_ITSELF and (callable(value) or isinstance(value, type)):
                yield f".{first}", _safe(value, first)
            if first == "__subclasses__" and isinstance(value, type):
                yield (
                    ".__subclasses__",
                    sorted(_subclasses(value), key=lambda each: f"{each.__module__}.{each.__name__}"),
                )

    def _made_by_module(self, reference: refs.Reference, target: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        """Yield what makes the attributes of modules of the project that do not simply hold them."""
        for attribute in reference.attributes:
            if not isinstance(target, types.ModuleType):
                return
            own = kind_of_module(target.__name__) == OWN
            if own and type(target) is not types.ModuleType:
                yield " (its module)", type(target)
            if own and attribute not in vars(target) and "__getattr__" in vars(target):
                yield " (made by __getattr__)", vars(target)["__getattr__"]
            target = self._attribute(target, attribute)

    def _path_used(self, value: Path, first: str) -> Iterator[tuple[str, Any]]:
        if not first or first in READS_PATH:
            yield "", value
        elif first in ("name", "stem", "suffix", "suffixes", "parts"):
            yield "", _safe(value, first)
        else:
            yield "", value.parent
            yield ".parent", value
            if first == "parents":
                yield ".parents", self._refused("a folder far above", FILES.why, FILES.remedy)

    def _asks(  # noqa: PLR0913 - what is asked, by whom, where
        self,
        reference: refs.Reference,
        value: Any,  # noqa: ANN401
        rest: tuple[str, ...],
        name: str,
        function: types.FunctionType,
        node: Node,
        file: str,
    ) -> bool:
        """Refuse what a key cannot see; return whether nothing is left to look at."""

        def refuse(what: str, why: Unseen) -> bool:
            text = f"{what} {why.why}".strip()
            node.refusals.append(Refusal(text, why.remedy, file, reference.line))
            node.add(f"unseen {what}", self._data(f"unseen {what}", "unseen"))
            return True

        if value is resource:
            return self._resource(reference, function, node, file)
        if reference.kind == refs.GLOBAL and reference.name in _ENGINE_NAMES and value is _ENGINE_NAMES[reference.name]:
            name = f"builtins.{reference.name}"
        own = _own_name(value)
        if isinstance(value, types.ModuleType) and not rest:
            why = (
                unseen_in_module(value.__name__) if kind_of_module(value.__name__) == STDLIB else unseen(value.__name__)
            )
            return refuse(f"the module {value.__name__} as a whole", why) if why else False
        if own == "importlib.import_module" and self._imports_by_name(reference, node, file):
            return True
        if (name in SEEDED or own in SEEDED) and reference.is_called_with_something:
            return False
        if name in SEEDED or own in SEEDED:
            return refuse(f"{name or own} without a seed", CHANCE)
        if own in ("builtins.open", "io.open", "_io.open") and self._opens_known(reference, function, node, file):
            return True
        if own == "spacy.load":
            return self._model(reference, node, file)
        dotted = [name, own, *([f"{own}.{rest[0]}"] if rest else [])]
        for each in dotted:
            why = unseen(each) if each and not each.startswith("retrolabel") else None
            if each == "builtins.hash" and function.__name__ == "__hash__":
                return True
            if why and kind_of_module(each.rpartition(".")[0]) != OWN:
                return refuse(one_name(each).removeprefix("builtins."), why)
        if _is_generator(value) or _is_generator(getattr(value, "__self__", None)):
            return refuse(f"the generator {reference.path}, which goes on from call to call,", CHANCE)
        if rest and rest[0] in CHANGES_CONTAINER and _is_container(value):
            what = f"{reference.path}(...) changes what is kept between calls"
            node.refusals.append(Refusal(what, STATE.remedy, file, reference.line))
        return False

    def _resource(self, reference: refs.Reference, function: types.FunctionType, node: Node, file: str) -> bool:
        given = reference.called_with
        if not given or len(given) != 1 or not isinstance(given[0], str):
            remedy = f'write the name of the file out: resource("name.txt"), {BY_VERSION}'
            node.refusals.append(
                Refusal("resource(...) is called with a name that is made at run time", remedy, file, reference.line)
            )
            return True
        beside = Path(str(function.__globals__.get("__file__", self.project / "x"))).parent
        try:
            path = find_resource(given[0], beside)
        except RetrolabelError as error:
            node.refusals.append(Refusal(error.message, error.remedy, file, reference.line, always=True))
            return True
        node.add("resource", self._name_file(path, f"resource {given[0]}"), file, reference.line)
        return True

    def _name_file(self, path: Path, what: str) -> Node:
        if path not in self._files:
            self._files[path] = content(path)
        return (
            self._data(what, shortened(self._files[path])) if what == "" else Node(what, shortened(self._files[path]))
        )

    def _opens_known(self, reference: refs.Reference, function: types.FunctionType, node: Node, file: str) -> bool:
        """Return whether ``open`` is called on a file whose content is part of the key."""
        following = reference.following(2)
        if not following:
            return False
        first = following[0]
        candidates: list[refs.Reference] = []
        if first.name in refs.READ_GLOBAL or first.name in refs.READ_CELL or first.name in refs.READ_LOCAL:
            found = self._references(function).references
            candidates = [
                each for each in found if each.steps is reference.steps and _starts(each) == reference.end + 1
            ]
            if not candidates:
                candidates = [
                    each
                    for each in found
                    if each.called_with is not None
                    and _stored_in(each) == first.value
                    and first.name in refs.READ_LOCAL
                ]
        for each in candidates:
            target = self._root(each, function)
            value, rest, _, _ = self._follow(target, each) if target is not _MISSING else (None, (), [], "")
            if (value is resource and not rest) or (isinstance(value, Path) and not rest):
                return True
        return False

    def _model(self, reference: refs.Reference, node: Node, file: str) -> bool:
        given = _first_constant(reference)
        found = self.packages.distributions(given) if given and given.isidentifier() else ()
        if not found:
            node.refusals.append(
                Refusal(
                    f"spacy.load({given!r}) loads a model whose version cannot be told"
                    if given
                    else "spacy.load(...) loads a model that is named at run time",
                    f"install the model as a package and write its name out, {BY_VERSION}",
                    file,
                    reference.line,
                )
            )
            return True
        node.add("package", self._package("spacy"), file, reference.line)
        node.add("package", self._package(given), file, reference.line)
        return True

    def _state(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Refuse what a function keeps from one call to the next."""
        for change in found.changes:
            if change.on is not None:
                target = self._root(change.on, function)
                if target is _MISSING:
                    continue
            node.refusals.append(Refusal(f"it {change.what}", STATE.remedy, file, change.line))

    def _paths(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Refuse reading files through paths that are made in a function."""
        makes = False
        for reference in found.references:
            target = self._root(reference, function)
            value = _MISSING if target is _MISSING else self._follow(target, reference)[0]
            if isinstance(value, type) and issubclass(value, Path):
                makes = True
            if isinstance(value, Path) and any(".." in text.split("/") for text in found.texts):
                makes = True
        for name, line in found.methods:
            if makes and name in READS_PATH:
                node.refusals.append(Refusal(f".{name}() {FILES.why}", FILES.remedy, file, line))

    # Modules, packages, files -----------------------------------------------------------------

    def _module(self, module: types.ModuleType) -> Node:
        kind = kind_of_module(module.__name__)
        if kind != OWN:
            node = self._remember(module, Node(f"module {module.__name__}", module.__name__))
            if kind == PACKAGE:
                node.add("package", self._package(module.__name__))
            if kind == OURS:
                node.value = f"{module.__name__} {OUR_VERSION}"
            why = unseen_in_module(module.__name__) if kind == STDLIB else unseen(module.__name__)
            if why:
                node.refusals.append(Refusal(f"the module {module.__name__} as a whole {why.why}", why.remedy))
            return node
        node = self._remember(module, Node(f"module {module.__name__} as a whole", module.__name__))
        names = [name for name in vars(module) if not (name.startswith("__") and name.endswith("__"))]
        if "__getattr__" in vars(module):
            names.append("__getattr__")
        for name in sorted(names):
            value = vars(module)[name]
            if isinstance(value, types.ModuleType) and kind_of_module(value.__name__) == STDLIB:
                node.add(name, self._data(name, value.__name__))
            else:
                node.add(f"global {name}", self.node(value))
        if type(module) is not types.ModuleType:
            node.add("class", self.node(type(module)))
        return node

    def _library(self, kind: str | None, module: str | None, name: str) -> Node:
        """Return a function or class that is covered by the version of what brings it."""
        module = module or "builtins"
        kind = kind or kind_of_module(module)
        dotted = f"{module}.{name}"
        if dotted in self._named:
            return self._named[dotted]
        node = self._name(dotted, f"{kind} {dotted}")
        node.value = dotted
        if kind == OURS:
            node.value = f"{dotted} {OUR_VERSION}"
        if kind == PACKAGE:
            node.add("package", self._package(module))
        why = unseen(dotted) if kind != OURS and dotted not in SEEDED else None
        if kind == OURS and module.startswith("retrolabel.wiring"):
            why = FILES
        if why:
            node.refusals.append(Refusal(f"{one_name(dotted).removeprefix('builtins.')} {why.why}", why.remedy))
        return node

    def _package(self, module: str) -> Node:
        top = module.partition(".")[0]
        key = f"package of {top}"
        if key in self._named:
            return self._named[key]
        found = self.packages.distributions(top)
        if len(found) == 1:
            return self._named.setdefault(key, self._distribution(found[0]))
        node = self._name(key, f"package {top}")
        for name in found:
            node.add("package", self._distribution(name))
        if not found:
            file = getattr(sys.modules.get(top), "__file__", None)
            if file and Path(file).is_file():
                node.value = self._name_file(Path(file), "file").value
            else:
                node.refusals.append(
                    Refusal(
                        f"the package {top} has no version that could be told", f"install it with pip, {BY_VERSION}"
                    )
                )
        return node

    def _distribution(self, name: str) -> Node:
        key = f"distribution {name}"
        if key in self._named:
            return self._named[key]
        node = self._name(key, f"package {name}")
        found = self.packages.version(name)
        node.value = found[0] if found else "not installed"
        for required, version in self.packages.required(name).items():
            node.add(f"requires {required}", self._data("requires", version))
        return node

    def _file(self, name: str) -> str:
        if name.startswith("<"):
            return name
        try:
            return Path(name).relative_to(self.project).as_posix()
        except ValueError:
            return name

    def _path(self, path: PurePath) -> Node:
        """Return a path; the content of what it points to counts."""
        shown = self.plain.text(str(path))
        node = self._remember(path, Node(f"path {shown}", self.plain.value(str(path))))
        node.add("class", self._data("class", type(path).__name__))
        if not isinstance(path, Path):
            return node
        full = path if path.is_absolute() else Path.cwd() / path
        if not full.is_relative_to(self.project) or full == self.project:
            what = "is the whole project" if full == self.project else "lies outside of the project"
            node.refusals.append(Refusal(f"the path {shown} {what}, so its content is no part of a key", FILES.remedy))
        elif full.exists():
            node.add("content", self._name_file(full, f"content of {shown}"))
        else:
            node.add("content", self._data("content", "missing"))
        return node

    # Classes and objects ----------------------------------------------------------------------

    def _class(self, kind: type) -> Node:
        home = kind_of_module(kind.__module__)
        if _is_project_class(kind, home):
            home = OWN
        if home != OWN:
            return self._remember(kind, self._library(home, kind.__module__, kind.__qualname__))
        node = self._remember(kind, Node(f"class {kind.__module__}.{kind.__qualname__}"))
        for base in kind.__bases__:
            if base is not object:
                node.add("base", self.node(base))
        if type(kind) is not type:
            node.add("metaclass", self.node(type(kind)))
        names = []
        for name, value in sorted(vars(kind).items()):
            if name in KNOWN_BY_CLASS or self._is_machinery(kind, name, value):
                continue
            names.append(name)
            if name == "__dataclass_fields__":
                node.add("fields", self._fields(value))
            elif name == "__slots__" and not isinstance(value, (str, tuple, list, dict)):
                node.add("slots", self._data("slots", "used up"))
            else:
                node.add(f"attribute {name}", self.node(value))
        if issubclass(kind, enum.Enum):
            for name, member in kind.__members__.items():
                names.append(name)
                node.add(f"member {name}", self.node(member._value_))
        if not type(kind).__module__.startswith(("builtins", "abc", "enum", "typing")):
            node.add("annotations", self._annotations(kind))
        if isinstance(kind, abc.ABCMeta):
            registered = abc._get_dump(kind)[0]  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells
            known = sorted(f"{c.__module__}.{c.__qualname__}" for c in (each() for each in registered) if c is not None)
            node.add("registered", self._data("registered", self.plain.value(known)))
        node.value = self.plain.value(names)
        return node

    @staticmethod
    def _is_machinery(kind: type, name: str, value: object) -> bool:
        if issubclass(kind, enum.Enum) and (name in ENUM_PARTS or name in kind.__members__):
            return True
        if name.startswith("__pydantic_") or name in ("__class_vars__", "__private_attributes__", "__signature__"):
            return True
        return isinstance(value, types.FunctionType) and value.__module__ == "enum"

    def _annotations(self, kind: type) -> Node:
        found = vars(kind).get("__annotations__", {})
        shown = {str(name): value if isinstance(value, str) else repr(value) for name, value in found.items()}
        return self._data("annotations", self.plain.value(shown))

    def _fields(self, fields: Mapping[str, dataclasses.Field[Any]]) -> Node:
        node = Node("fields", self.plain.value(list(fields)), data=True)
        for name, field in fields.items():
            settings = [field.init, field.repr, field.hash, field.compare, bool(field.kw_only), str(field._field_type)]  # type: ignore[attr-defined]  # noqa: SLF001
            node.add(f"field {name}", self._data("settings", self.plain.value(settings)))
            for label, value in (("default", field.default), ("factory", field.default_factory)):
                if value is not dataclasses.MISSING:
                    node.add(f"{label} {name}", self.node(value))
            if field.metadata:
                node.add(f"metadata {name}", self.node(dict(field.metadata)))
        return node

    def _instance(self, value: Any) -> Node:  # noqa: ANN401 - an object of a class of the project
        kind = type(value)
        node = self._remember(value, Node(f"a {kind.__qualname__}", kind.__qualname__))
        node.add("class", self.node(kind))
        state: dict[str, Any] = dict(getattr(value, "__dict__", {}))
        for base in kind.__mro__:
            for name, member in vars(base).items():
                if isinstance(member, types.MemberDescriptorType) and name not in state:
                    state[name] = _safe(value, name)
        for name in sorted(state, key=str):
            if name != "_by_text" or not isinstance(value, LabelingFunction):
                node.add(f"attribute {name}", self.node(state[name]))
        for base in (dict, list, tuple, set, frozenset, str, bytes, int, float, complex, bytearray):
            if isinstance(value, base):
                node.add("content", self.node(_as_base(value, base)))
        if kind.__reduce_ex__ is not object.__reduce_ex__ or not (state or hasattr(value, "__dict__")):
            self._check_c_base(node, kind)
        return node

    def _check_c_base(self, node: Node, kind: type) -> None:
        """Refuse an object of a class that is built on one written in C, whose state is not to be seen."""
        plain = (object, dict, list, tuple, set, frozenset, str, bytes, int, float, complex, bytearray, BaseException)
        for base in kind.__mro__:
            if base not in plain and base.__flags__ & (1 << 9) == 0:
                node.refusals.append(Refusal(f"{node.what} has a state that cannot be seen", UNSEEN_OBJECT))
                return

    def _whole_label(self, value: Label | LabelUnion) -> Node:
        if isinstance(value, LabelUnion):
            labels = sorted(value.labels, key=lambda each: each.id)
            return self._parts(value, f"labels {value}", [("negated", value.negated), ("labels", labels)], data=True)
        parts: list[tuple[str, Any]] = [(each.name, getattr(value, each.name)) for each in dataclasses.fields(value)]
        if type(value) is not Label:
            parts += [("class", type(value)), ("more", getattr(value, "__dict__", {}))]
        return self._parts(value, f"label {value.id}, all of it", parts, data=type(value) is Label)

    def _reduced(self, value: Any, kind: str) -> Node:  # noqa: ANN401 - an object of some library
        """Return an object as what makes one like it: its class, arguments, state."""
        name = f"{type(value).__module__}.{type(value).__qualname__}"
        what = f"a {name}"
        if isinstance(value, LIBRARY_LEAVES) or name == "_thread._local":
            return self._remember(value, self._data(what, name))
        if (
            isinstance(value, type(typing.Any))
            or type(value).__module__ in ("typing", "types")
            and kind == STDLIB
            and not isinstance(value, types.SimpleNamespace)
        ):
            if not isinstance(value, USED_UP):
                return self._remember(value, self._data("type", shortened(digest(_without_address(repr(value))))))
        if hasattr(value, "__next__"):
            return self._remember(value, self._refused(what, "is used up by the first call", UNSEEN_OBJECT))
        why = unseen(name)
        if why:
            return self._remember(value, self._refused(what, why.why, why.remedy))
        node = self._remember(value, Node(what, name, data=kind == STDLIB))
        try:
            made = _reduce(value)
        except Exception as error:  # noqa: BLE001 - it is up to the object what it raises
            node.data = False
            node.refusals.append(Refusal(f"{what} cannot be read ({str(error)[:80]})", UNSEEN_OBJECT))
            return node
        if kind == PACKAGE:
            node.add("package", self._package(type(value).__module__))
        if isinstance(made, str):
            return self._global(value, made, node, what)
        labels = ("made by", "arguments", "state", "entries", "pairs", "set by")
        self._in_library += kind == PACKAGE
        for label, part in zip(labels, made, strict=False):
            if part is not None and label in ("entries", "pairs"):
                part = list(part)  # noqa: PLW2901 - an iterator
            if part is not None:
                node.add(label, self.node(part))
        self._in_library -= kind == PACKAGE
        return node

    def _global(self, value: Any, name: str, node: Node, what: str) -> Node:  # noqa: ANN401 - a thing known by name
        module = getattr(value, "__module__", None) or type(value).__module__
        for home in (module, type(value).__module__, type(value).__module__.partition(".")[0]):
            found: Any = sys.modules.get(home)
            for part in name.split("."):
                found = getattr(found, part, None)
            if found is value:
                node.value = f"{home}.{name}"
                return node
        node.data = False
        node.refusals.append(Refusal(f"{what} is known by the name {name} only", UNSEEN_OBJECT))
        return node

    def _of_a_library(self, value: Any) -> Node | None:  # noqa: ANN401 - what pandas, numpy, spaCy and others make
        top = type(value).__module__.partition(".")[0]
        if top == "numpy":
            return self._numpy(value)
        if top == "pandas":
            return self._pandas(value)
        if top == "pyarrow":
            return self._arrow(value)
        if top == "torch" and hasattr(value, "detach"):
            return self._parts(value, "tensor", [("values", value.detach().cpu().numpy()), ("type", str(value.dtype))])
        if any(base.__module__.partition(".")[0] == "spacy" for base in type(value).__mro__):
            return self._spacy(value)
        return None

    def _numpy(self, value: Any) -> Node | None:  # noqa: ANN401 - an array or a number
        import numpy as np  # noqa: PLC0415 - only if the project has imported it

        if isinstance(value, (np.ndarray, np.generic)) and type(value).__name__ != "matrix":
            array = np.asarray(value)
            what = f"{type(value).__name__} of {array.dtype.str} {array.shape}"
            if array.dtype.hasobject:
                return self._parts(value, f"array {what}", [("kind", what), ("values", array.tolist())], data=True)
            fields = str(array.dtype.descr)
            return self._parts(
                value, "array", [("kind", what), ("fields", fields), ("values", array.tobytes())], data=True
            )
        return None

    def _pandas(self, value: Any) -> Node | None:  # noqa: ANN401 - a frame, a series, an index
        import pandas as pd  # noqa: PLC0415 - only if the project has imported it

        if isinstance(value, pd.DataFrame):
            columns = [(f"column {place}", value.iloc[:, place]) for place in range(value.shape[1])]
            parts = [("columns", value.columns), ("index", value.index), *columns, ("attrs", value.attrs)]
            return self._parts(value, "frame", parts, data=True)
        if isinstance(value, pd.Series):
            parts = [("name", value.name), ("kind", str(value.dtype)), ("index", value.index),
                     ("values", value.to_list()), ("attrs", value.attrs)]  # fmt: skip
            return self._parts(value, "series", parts, data=True)
        if isinstance(value, pd.Index):
            parts = [("class", type(value).__name__), ("kind", str(value.dtype)), ("names", list(value.names)),
                     ("values", value.to_list())]  # fmt: skip
            return self._parts(value, "index", parts, data=True)
        return None

    def _arrow(self, value: Any) -> Node | None:  # noqa: ANN401 - a table, an array, a value, a type
        if hasattr(value, "schema") and hasattr(value, "to_pydict"):
            return self._parts(
                value, "table", [("schema", str(value.schema)), ("values", value.to_pydict())], data=True
            )
        if hasattr(value, "to_pylist"):
            return self._parts(value, "arrow", [("kind", str(value.type)), ("values", value.to_pylist())], data=True)
        if hasattr(value, "as_py"):
            return self._parts(value, "arrow", [("kind", str(value.type)), ("value", value.as_py())], data=True)
        if type(value).__name__.endswith(("DataType", "Type", "Field", "Schema")):
            return self._remember(value, self._data("type", str(value)))
        return None

    def _spacy(self, value: Any) -> Node | None:  # noqa: ANN401 - a pipeline, a vocabulary, a text
        names = {base.__name__ for base in type(value).__mro__ if base.__module__.partition(".")[0] == "spacy"}
        if "Language" in names:
            return self._language(value)
        if "Vocab" in names:
            vectors = value.vectors
            held = vectors.to_bytes() if vectors.shape[0] else b""
            return self._parts(value, "vocab", [("lang", value.lang), ("vectors", held)], data=True)
        if "Doc" in names:
            parts = [("words", [each.text for each in value]), ("attributes", value.to_bytes(exclude=["user_data"]))]
            return self._parts(value, "doc", parts)
        if "StringStore" in names:
            return self._remember(value, self._data("strings", "strings"))
        return None

    def _language(self, nlp: Any) -> Node:  # noqa: ANN401 - spaCy ships no types that hold
        told = {name: nlp.meta.get(name) for name in ("lang", "name", "version", "pipeline")}
        node = self._remember(nlp, Node(f"model {told['lang']}_{told['name']} {told['version']}"))
        node.value = self.plain.value([told["lang"], told["name"], told["version"], list(nlp.pipe_names)])
        node.add("package", self._package("spacy"))
        node.add("config", self._data("config", self.plain.digest(nlp.config.to_str())))
        node.add("class", self.node(type(nlp)))
        for name, part in [("tokenizer", nlp.tokenizer), *nlp._components]:  # noqa: SLF001 - disabled ones too
            home = kind_of_module(getattr(part, "__module__", None) or type(part).__module__)
            if home != OWN and kind_of_module(type(part).__module__) != OWN and hasattr(part, "to_bytes"):
                held = part.to_bytes(exclude=["vocab"])
                node.add(f"component {name}", self._data(name, shortened(self._hash(held))))
            else:
                node.add(f"component {name}", self.node(part))
        return node

    @staticmethod
    def _hash(held: bytes) -> str:
        import hashlib  # noqa: PLC0415 - one place

        return hashlib.sha256(held).hexdigest()


class _Missing:
    """Stands for a name that nothing is called by."""


_MISSING = _Missing()
_ENGINE_NAMES: dict[str, object] = {
    name: getattr(__import__("builtins"), name)
    for name in ("open", "input", "eval", "exec", "compile", "globals", "id", "hash", "breakpoint", "__import__")
}


def _own_name(value: object) -> str:
    """Return module and name of a function or class of a library; empty for anything else."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(value, types.BuiltinFunctionType):
        holder = value.__self__
        if isinstance(holder, type):
            return f"{holder.__module__}.{holder.__qualname__}.{value.__name__}"
        module = module or getattr(holder, "__name__", "builtins")
    if not isinstance(module, str) or not isinstance(name, str):
        return ""
    if not (callable(value) or isinstance(value, type)):
        return ""
    return f"{module}.{name}"


def _is_generator(value: object) -> bool:
    """Return whether it makes numbers by chance, each after the one before."""
    kind = type(value)
    return isinstance(value, random.Random) or (
        kind.__module__.startswith("numpy.random") and kind.__name__ in ("Generator", "RandomState")
    )


def _is_own(value: object) -> bool:
    """Return whether a thing is the project's, wherever it was put."""
    if isinstance(value, types.FunctionType):
        return kind_of_file(value.__code__.co_filename) == OWN
    kind = value if isinstance(value, type) else type(value)
    return kind_of_module(kind.__module__) == OWN


def _is_container(value: object) -> bool:
    import collections  # noqa: PLC0415

    return isinstance(value, (list, dict, set, bytearray, collections.deque))


def _safe(value: object, name: str) -> object:
    try:
        return getattr(value, name, None)
    except Exception:  # noqa: BLE001 - a property of an author's class may raise anything
        return None


def _subclasses(kind: type) -> set[type]:
    found: set[type] = set()
    for each in kind.__subclasses__():
        found |= {each} | _subclasses(each)
    return found


def _is_project_class(kind: type, home: str) -> bool:
    return home == OWN


def _as_base(value: Any, base: type) -> Any:  # noqa: ANN401 - a subclass of a built-in
    if base is dict:
        return dict(dict.items(value))
    if base in (list, tuple, set, frozenset):
        return base(base.__iter__(value))  # type: ignore[attr-defined]
    if base is int:
        return int.__int__(value)
    if base is float:
        return float.__float__(value)
    if base is str:
        return str.__str__(value)
    return base(value)


def _reduce(value: Any) -> Any:  # noqa: ANN401 - as pickle does it
    reducer = copyreg.dispatch_table.get(type(value))
    return reducer(value) if reducer else value.__reduce_ex__(4)


def _without_address(text: str) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def _import(name: str) -> types.ModuleType | None:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit):  # noqa: BLE001 - an author's module may raise anything
        return None


def _starts(reference: refs.Reference) -> int:
    return reference.end - len(reference.attributes)


def _stored_in(reference: refs.Reference) -> object:
    for step in reference.following(len(reference.called_with or ()) + 2)[len(reference.called_with or ()) + 1 :]:
        if step.name in refs.STORE:
            return step.value
    return None


def _first_constant(reference: refs.Reference) -> str:
    following = reference.following(1)
    value = following[0].value if following and following[0].name == "LOAD_CONST" else ""
    return value if isinstance(value, str) else ""
