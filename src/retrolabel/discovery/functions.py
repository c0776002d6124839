"""Functions: their code, and all that their code refers to."""

from __future__ import annotations

import builtins
import collections
import importlib
import importlib.util
import itertools
import sys
import types
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.discovery import references as refs
from retrolabel.discovery.ground import MISSING, UNSEEN_OBJECT, is_generator, is_own, own_name, safely
from retrolabel.discovery.libraries import EXTENSIONS, Libraries
from retrolabel.discovery.nodes import Edge, Node, Refusal
from retrolabel.discovery.packages import (
    OURS,
    OWN,
    PACKAGE,
    STDLIB,
    is_there,
    kind_of_file,
    kind_of_module,
    kind_of_unimported,
)
from retrolabel.discovery.plain import NotPlainError
from retrolabel.discovery.resources import find_resource, resource
from retrolabel.discovery.unseen import (
    BY_VERSION,
    CHANCE,
    CHANGES_CONTAINER,
    CLOCK,
    ELSEWHERE,
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
from retrolabel.labeling.raised import is_fault
from retrolabel.schema.labels import Label, LabelUnion

if TYPE_CHECKING:
    from collections.abc import Iterator

ABOUT_ITSELF = {"__doc__", "__name__", "__qualname__", "__module__", "__annotations__", "__code__", "__dict__"}
"""What a function or class knows of itself that is no part of it else."""
ASKED_OF_UNKNOWN = {"__doc__", "__annotations__", "__subclasses__"}
"""What is a part of a key only where the thing that it is asked of is named."""
OPENS = ("builtins.open", "io.open", "_io.open")
CONTAINERS = (list, dict, set, bytearray, collections.deque)
LEAVES_PATH = {"parent", "parents", "with_name", "with_suffix", "with_stem"}
"""What leads from a path to other files."""


@dataclass(frozen=True)
class Use:
    """A name in a function's code.

    Attributes:
        reference: The name.
        function: The function.
        node: What is found of the function.
        file: Its file.
    """

    reference: refs.Reference
    function: types.FunctionType
    node: Node
    file: str

    def refuse(self, what: str, remedy: str) -> None:
        """Say that the key cannot cover it."""
        self.node.refusals.append(Refusal(what.strip(), remedy, self.file, self.reference.line))


class Functions(Libraries):
    """Finds what functions depend on."""

    def __init__(self, project: Path) -> None:
        super().__init__(project)
        self._found: dict[types.CodeType, refs.Found] = {}
        self._kept: list[object] = []

    def function(self, function: types.FunctionType) -> Node:
        """Return a function: its code, and all that its code refers to."""
        kind = kind_of_file(function.__code__.co_filename)
        module = str(function.__globals__.get("__name__", ""))
        if kind is None:
            kind = kind_of_module(module) if module in sys.modules else OWN
        if kind != OWN:
            return self._library_function(function, kind, module)
        file = self.file_name(function.__code__.co_filename)
        node = self.remember(function, Node(f"function {file}:{function.__qualname__}", called=function.__qualname__))
        canonical = self.sources.canonical(function.__code__)
        try:
            node.value = self.plain.digest(canonical.described())
        except NotPlainError as error:  # pragma: no cover - all constants of code are plain
            node.value = f"unseen: {error}"
            node.refusals.append(Refusal(f"{node.what} holds {error}", UNSEEN_OBJECT))
        self._defaults(function, node)
        found = self._references(function)
        done: set[object] = set()
        for reference in found.references:
            use = Use(reference, function, node, file)
            try:
                self._use(use, done)
            except RecursionError:
                raise
            except Exception as error:  # noqa: BLE001 - objects of authors may raise anything when they are looked at
                use.refuse(f"{reference.path} cannot be looked at ({_said(error)})", UNSEEN_OBJECT)
        self._state(found, function, node, file)
        self._clock(found, function, node, file)
        self._paths(found, function, node, file)
        self._named_files(found, function, node, file)
        self._extensions(found, node)
        self._attributes(function, node)
        self._known_of_itself(found, function, node, file)
        return node

    def _known_of_itself(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Refuse what a function asks of things that are not known here: their docstrings, their subclasses."""
        asked = [(name, line) for name, line in found.methods if name in ASKED_OF_UNKNOWN]
        asked += [(text, function.__code__.co_firstlineno) for text in ASKED_OF_UNKNOWN & found.texts]
        if not asked:
            return
        seen: set[tuple[int, int]] = set()
        for reference in found.references:
            target = self._root(reference, function)
            value, rest, _, _ = self._follow(target, reference) if target is not MISSING else (MISSING, (), [], "")
            known = isinstance(value, type) and not issubclass(value, type) if rest[:1] == ("__subclasses__",) else True
            place = (id(reference.steps), reference.end)
            if rest and rest[0] in ASKED_OF_UNKNOWN and known and callable(value) and place not in seen:
                seen.add(place)
                asked = _without(asked, (rest[0], reference.line))
        for name, line in asked:
            what = f".{name} of what is not known before the function is called {ELSEWHERE.why}"
            node.refusals.append(Refusal(what, ELSEWHERE.remedy, file, line))

    def _references(self, function: types.FunctionType) -> refs.Found:
        code = function.__code__
        if code not in self._found:
            self._found[code] = refs.references(self.sources.canonical(code))
        return self._found[code]

    def _defaults(self, function: types.FunctionType, node: Node) -> None:
        file, line = self.file_name(function.__code__.co_filename), function.__code__.co_firstlineno
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        defaults = function.__defaults__ or ()
        for name, value in zip(names[len(names) - len(defaults) :], defaults, strict=False):
            node.add(f"default {name}", self.node(value), file, line)
        if function.__kwdefaults__:
            node.add("named defaults", self.data("named defaults", self.plain.value(list(function.__kwdefaults__))))
        for name, value in (function.__kwdefaults__ or {}).items():
            node.add(f"default {name}", self.node(value), file, line)

    def _attributes(self, function: types.FunctionType, node: Node) -> None:
        if function.__dict__:
            node.add("attributes", self.data("attributes", self.plain.value(sorted(function.__dict__))))
        for name, value in sorted(function.__dict__.items()):
            node.add(f"attribute {name}", self.node(value))

    def _library_function(self, function: types.FunctionType, kind: str, module: str) -> Node:
        """Return a function that is covered by a version; what it holds of others is looked at."""
        if kind == STDLIB and hasattr(function, "registry") and hasattr(function, "dispatch"):
            return self._dispatcher(function)
        node = self.library(kind, function.__module__ if not function.__closure__ else module, function.__qualname__)
        if not function.__closure__ and not hasattr(function, "__wrapped__"):
            return self.remember(function, node)
        held = self.remember(function, Node(f"function made by {module}", module, edges=[Edge("made by", node)]))
        checked = getattr(function, "raw_function", None)
        if module.startswith("pydantic.") and isinstance(checked, types.FunctionType):
            held.add("function", self.node(checked))
            held.add("annotations", self.node([*checked.__annotations__.items()]))
            for cell in function.__closure__ or ():
                for name in ("config", "validate_return"):
                    held.add(name, self.node(safely(safely(cell, "cell_contents"), name)))
                    held.add(name, self.node(safely(safely(cell, "cell_contents"), f"_{name}")))
            return held
        names = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        for name, cell in names:
            held.add(f"closure {name}", self._cell(cell))
        self._attributes(function, held)
        return held

    def _dispatcher(self, function: Any) -> Node:  # noqa: ANN401 - what functools.singledispatch makes
        node = self.remember(function, Node(f"function {function.__qualname__}, by type", "singledispatch"))
        entries = sorted(function.registry.items(), key=lambda each: f"{each[0].__module__}.{each[0].__qualname__}")
        for kind, chosen in entries:
            node.add("for", self.node(kind))
            node.add(f"for {kind.__qualname__}", self.node(chosen))
        return node

    def _cell(self, cell: types.CellType) -> Node:
        try:
            return self.node(cell.cell_contents)
        except ValueError:
            return self.data("closure", "empty")

    def c_function(self, function: types.BuiltinFunctionType) -> Node:
        """Return a function that is written in C, by its name and what it is bound to."""
        holder = function.__self__
        if holder is None or isinstance(holder, types.ModuleType):
            module = function.__module__ or getattr(holder, "__name__", "builtins")
            return self.remember(function, self.library(None, module, function.__qualname__))
        if isinstance(holder, type):
            name = f"{holder.__qualname__}.{function.__name__}"
            return self.remember(function, self.library(None, holder.__module__, name))
        return self.parts(
            function, f"method {function.__name__}", [("of", holder), ("name", function.__name__)], data=True
        )

    def _use(self, use: Use, done: set[object]) -> None:
        """Add what one name in a function's code stands for."""
        reference, node, file = use.reference, use.node, use.file
        label = f"{reference.kind} {reference.path}"
        if reference.kind == refs.IMPORT and self._imports_library(reference, node, file, done):
            return
        target = self._root(reference, use.function)
        if target is MISSING:
            if (label, None) not in done:
                node.add(label, self.data(label, "missing"), file, reference.line)
                done.add((label, None))
            return
        value, rest, passed, name = self._follow(target, reference)
        for top in passed:
            if ("package", top) not in done:
                done.add(("package", top))
                node.add("package", self.package(top), file, reference.line)
        if self._asks(use, value, rest, name):
            return
        for what, part in self._looked_at(value, rest, reference, target):
            key = (label, what, id(part))
            if key not in done:
                done.add(key)
                self._kept.append(part)
                node.add(f"{label}{what}", part if isinstance(part, Node) else self.node(part), file, reference.line)

    def _imports_library(self, reference: refs.Reference, node: Node, file: str, done: set[object]) -> bool:
        """Add what a function imports of a library when it is called, without importing it now.

        Return whether it is a library's: what the project has put into a library's module is not.
        """
        name = reference.name
        top = name.partition(".")[0]
        if name.startswith("."):
            return False
        path = ".".join([top if reference.exported else name, *reference.attributes])
        kind = kind_of_unimported(name)
        if (kind == OWN and not (unseen(path) and not is_there(name))) or kind == OURS:
            return False
        if name in sys.modules:
            value = self._follow(sys.modules[top if reference.exported else name], reference)[0]
            if value is not MISSING and not isinstance(value, types.ModuleType) and is_own(value):
                return False
        if kind == PACKAGE and ("package", top) not in done:
            done.add(("package", top))
            node.add("package", self.package(name), file, reference.line)
        if path == "spacy.load":
            return self._model(reference, node, file)
        if path == "importlib.import_module" and self._imports_by_name(reference, node, file):
            return True
        why = _why_not(path, reference, as_a_whole=kind == STDLIB and not reference.attributes)
        if why:
            node.refusals.append(Refusal(f"{path} {why.why}", why.remedy, file, reference.line))
        if (path, "by name") not in done:
            done.add((path, "by name"))
            node.add(f"import {path}", self.data(path, path), file, reference.line)
        return True

    def _imports_by_name(self, reference: refs.Reference, node: Node, file: str) -> bool:
        given = reference.called_with
        if not given or not isinstance(given[0], str) or given[0].startswith("."):
            return False
        found = _import(given[0])
        node.add(f"import {given[0]}", self.node(found) if found else self.data("", "missing"), file, reference.line)
        return True

    def _root(self, reference: refs.Reference, function: types.FunctionType) -> Any:  # noqa: ANN401 - what a name stands for
        if reference.kind == refs.CELL:
            place = function.__code__.co_freevars.index(reference.name)
            try:
                return (function.__closure__ or ())[place].cell_contents
            except ValueError:
                return MISSING
        if reference.kind == refs.IMPORT:
            return self._imported(reference, function)
        if reference.name == "__file__":
            return self.plain.text(str(function.__globals__.get("__file__", "")))
        if reference.name in function.__globals__:
            return function.__globals__[reference.name]
        known = function.__globals__.get("__builtins__", builtins)
        return (vars(known) if isinstance(known, types.ModuleType) else known).get(reference.name, MISSING)

    def _imported(self, reference: refs.Reference, function: types.FunctionType) -> Any:  # noqa: ANN401 - a module
        name = reference.name
        try:
            if name.startswith("."):
                package = function.__globals__.get("__package__") or ""
                name = importlib.util.resolve_name(name, package)
            library = kind_of_unimported(name) not in (OWN, OURS)
            if library and name not in sys.modules:
                return MISSING
            module = sys.modules[name] if library else importlib.import_module(name)
        except BaseException as error:  # an author's module may raise anything
            if not is_fault(error):
                raise
            return MISSING
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
        return value, rest, passed, name

    def _attribute(self, module: types.ModuleType, name: str) -> Any:  # noqa: ANN401 - whatever it is
        if name in vars(module):
            return vars(module)[name]
        if unseen(f"{module.__name__}.{name}"):
            return MISSING
        try:
            return getattr(module, name)
        except Exception:  # noqa: BLE001 - a module's own __getattr__ may raise anything
            try:
                return importlib.import_module(f"{module.__name__}.{name}")
            except Exception:  # noqa: BLE001 - the same
                return MISSING

    def _looked_at(
        self,
        value: Any,  # noqa: ANN401 - what a name stands for
        rest: tuple[str, ...],
        reference: refs.Reference,
        target: Any,  # noqa: ANN401 - the same, before its attributes
    ) -> Iterator[tuple[str, Any]]:
        """Yield what of a value is used: the whole, or one attribute."""
        first = rest[0] if rest else ""
        yield from self._made_by_module(reference, target)
        if value is MISSING:
            yield "", self.data("missing", "missing")
        elif type(value) in (Label, LabelUnion):
            yield "", self._of_label(value, first, reference)
        elif isinstance(value, (LabelingFunction, Feature)):
            yield "", value
            if first in ("name", "description", "examples", "non_examples", "module", "cache"):
                yield f".{first}", getattr(value, first, None)
        elif isinstance(value, Path):
            yield from self._path_used(value, rest, reference)
        else:
            yield "", value
            if first in ABOUT_ITSELF and callable(value):
                yield f".{first}", safely(value, first)
            if first == "__subclasses__" and isinstance(value, type) and not issubclass(value, type):
                yield (
                    ".__subclasses__",
                    sorted(_subclasses(value), key=lambda kind: f"{kind.__module__}.{kind.__name__}"),
                )

    def _of_label(self, label: Label | LabelUnion, first: str, reference: refs.Reference) -> Any:  # noqa: ANN401
        """Return what of a label is used: an attribute, all that people see of it, or what it means."""
        if first and first not in ("id", "ids") and not callable(getattr(label, first, None)):
            return getattr(label, first, None)
        if first or not reference.only_compared:
            return label
        return self.label(label) if isinstance(label, Label) else self.union(label)

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

    def _path_used(self, value: Path, rest: tuple[str, ...], reference: refs.Reference) -> Iterator[tuple[str, Any]]:
        """Yield the files that are reached from a path: one that is named there, or a whole folder."""
        while rest[:1] == ("parent",):
            value, rest = value.parent, rest[1:]
        first = rest[0] if rest else ""
        named = _named_from(value, rest, reference)
        if named is not None:
            yield "", named
        elif not first or first in READS_PATH or first == "joinpath":
            yield "", value
        elif first in ("name", "stem", "suffix", "suffixes", "parts"):
            yield "", safely(value, first)
        else:
            yield "", value.parent
            yield ".parent", value
            if first == "parents":
                yield ".parents", self.refused("a folder far above", FILES.why, FILES.remedy)

    def _asks(self, use: Use, value: Any, rest: tuple[str, ...], name: str) -> bool:  # noqa: ANN401 - what a name stands for
        """Refuse what a key cannot see; return whether nothing is left to look at."""
        reference, own = use.reference, own_name(value)
        if value is resource:
            return self._resource(use)
        if own == "importlib.import_module" and self._imports_by_name(reference, use.node, use.file):
            return True
        if any(value is stream for stream in (sys.stdout, sys.stderr)):
            use.node.add(f"stream {reference.path}", self.data("stream", "stream"), use.file, reference.line)
            return True
        if own in OPENS and self._opens_known(use):
            return True
        if own == "spacy.load":
            return self._model(reference, use.node, use.file)
        if own == "builtins.hash" and use.function.__name__ == "__hash__":
            return True
        what, why = self._why(reference, value, rest, name)
        if why:
            use.refuse(f"{what} {why.why}", why.remedy)
            use.node.add(f"unseen {what}", self.data(what, "unseen"))
            return True
        if rest and rest[0] in CHANGES_CONTAINER and isinstance(value, CONTAINERS):
            use.refuse(f"{reference.path}(...) changes what is kept between calls", STATE.remedy)
        return False

    @staticmethod
    def _why(reference: refs.Reference, value: Any, rest: tuple[str, ...], name: str) -> tuple[str, Unseen | None]:  # noqa: ANN401
        """Return what of a value a key cannot see, and why."""
        if isinstance(value, types.ModuleType) and not rest:
            home = value.__name__
            why = unseen_in_module(home) if kind_of_module(home) == STDLIB else unseen(home)
            return f"the module {home} as a whole", why
        own = own_name(value)
        if "time.strftime" in (name, own) and reference.is_called_with_two:
            return "", None
        if name in SEEDED or own in SEEDED:
            return f"{name or own} without a seed", None if reference.is_called_with_something else CHANCE
        found = _first_unseen([name, own])
        if not found and (is_generator(value) or is_generator(getattr(value, "__self__", None))):
            return f"the generator {reference.path}, which goes on from call to call,", CHANCE
        if not found and rest and not isinstance(value, types.FunctionType):
            kinds = (value if isinstance(value, type) else type(value)).__mro__
            found = _first_unseen(
                [f"{kind.__module__}.{kind.__qualname__}.{rest[0]}" for kind in kinds if rest[0] in vars(kind)]
            )
        return found or ("", None)

    def _resource(self, use: Use) -> bool:
        reference = use.reference
        given = reference.called_with
        if not given or len(given) != 1 or not isinstance(given[0], str):
            remedy = f'write the name of the file out: resource("name.txt"), {BY_VERSION}'
            use.refuse("resource(...) is called with a name that is made at run time", remedy)
            return True
        beside = Path(str(use.function.__globals__.get("__file__", self.project / "x"))).parent
        try:
            path = find_resource(given[0], beside)
        except RetrolabelError as error:
            use.node.refusals.append(Refusal(error.message, error.remedy, use.file, reference.line, always=True))
            return True
        use.node.add("resource", self.named_file(path, f"resource {given[0]}"), use.file, reference.line)
        return True

    def _opens_known(self, use: Use) -> bool:
        """Return whether ``open`` is called on a file whose content is part of the key."""
        reference = use.reference
        following = reference.following(1)
        if not following:
            return False
        found = self._references(use.function).references
        first = following[0]
        candidates = [each for each in found if each.steps is reference.steps and _starts(each) == reference.end + 1]
        if not candidates and first.name in refs.READ_LOCAL:
            candidates = [each for each in found if each.called_with is not None and _stored_in(each) == first.value]
        for each in candidates:
            target = self._root(each, use.function)
            value, rest, _, _ = self._follow(target, each) if target is not MISSING else (None, (), [], "")
            if not rest and (value is resource or isinstance(value, Path)) and not _is_formatted(each):
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
        node.add("package", self.package("spacy"), file, reference.line)
        node.add("package", self.package(given), file, reference.line)
        return True

    def _state(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Refuse what a function keeps from one call to the next."""
        for change in found.changes:
            if change.on is not None:
                target = self._root(change.on, function)
                if target is MISSING:
                    continue
            node.refusals.append(Refusal(f"it {change.what}", STATE.remedy, file, change.line))

    def _clock(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Refuse ``.now()`` of what may be a class that tells the time, handed over as a default."""
        values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
        if any(isinstance(value, type) and issubclass(value, date) for value in values):
            for name, line in found.methods:
                if name in ("now", "utcnow", "today"):
                    node.refusals.append(Refusal(f".{name}() {CLOCK.why}", CLOCK.remedy, file, line))

    def _paths(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Note where paths are made, and where something like a path is read; refuse a way out of a resource."""
        asks = away = False
        for reference in found.references:
            target = self._root(reference, function)
            value = MISSING if target is MISSING else self._follow(target, reference)[0]
            asks |= value is resource
            away |= isinstance(value, Path) or value is resource
            node.makes_path |= isinstance(value, type) and issubclass(value, Path)
        node.makes_path |= away and any(".." in text.split("/") for text in found.texts)
        for name, line in [*found.unknown, *self._of_objects(found, function, of_paths=True)]:
            if name in READS_PATH:
                node.reads.append((Refusal(f".{name}() {FILES.why}", FILES.remedy, file, line), not asks))
        for name, line in found.methods:
            if asks and name in LEAVES_PATH:
                what = f".{name} leads away from the resource, whose content alone is part of the key"
                node.refusals.append(Refusal(what, FILES.remedy, file, line))

    def _named_files(self, found: refs.Found, function: types.FunctionType, node: Node, file: str) -> None:
        """Add the files that are named in a function; note what may lead from a path to others."""
        for name, line in [*found.unknown, *self._of_objects(found, function)]:
            if name in LEAVES_PATH:
                what = f".{name} may lead away from the files that are part of the key"
                node.leads.append(Refusal(what, FILES.remedy, file, line))
            if name == "from_disk":
                node.refusals.append(Refusal(f".{name}() {FILES.why}", FILES.remedy, file, line))
        if any(".." in text.split("/") for text in found.texts):
            what = '".." may lead away from the files that are part of the key'
            node.leads.append(Refusal(what, FILES.remedy, file, function.__code__.co_firstlineno))
        for text in sorted(found.texts):
            for path in self.files_named(text):
                node.add(f"file {text}", self.named_file(path, f"content of {text}"))

    def _of_objects(
        self, found: refs.Found, function: types.FunctionType, *, of_paths: bool = False
    ) -> Iterator[tuple[str, int | None]]:
        """Yield the attributes that are read of objects that names stand for, modules and (mostly) paths excepted."""
        for reference in found.references:
            target = self._root(reference, function)
            value, rest = (
                self._follow(target, reference)[:2] if target is not MISSING else (MISSING, reference.attributes)
            )
            if of_paths or not isinstance(value, Path):
                yield from ((name, reference.line) for name in rest)

    def _extensions(self, found: refs.Found, node: Node) -> None:
        """Add the attributes that the project gave to spaCy's texts: ``doc._.name``."""
        underscore = sys.modules.get("spacy.tokens.underscore")
        if underscore is None:
            return
        names = [name for name, _ in found.methods]
        asked = {name for before, name in itertools.pairwise(names) if before == "_"}
        known = {name for kind in EXTENSIONS for name in getattr(underscore.Underscore, kind)} | {"has", "get"}
        if "_" in found.texts or (names and names[-1] == "_") or asked - known:
            self.all_extensions(node)
            return
        if "_" in names and ("has" in names or "get" in names):
            asked |= found.texts
        for kind in EXTENSIONS:
            held = getattr(underscore.Underscore, kind)
            for name in sorted(asked & held.keys()):
                node.add(f"extension {name}", self.node(held[name]))


def _first_unseen(names: list[str]) -> tuple[str, Unseen] | None:
    """Return the first of the names that a key cannot see, and why."""
    for name in names:
        why = unseen(name) if name and kind_of_module(name.rpartition(".")[0]) not in (OWN, OURS) else None
        if why:
            return one_name(name).removeprefix("builtins."), why
    return None


def _why_not(path: str, reference: refs.Reference, *, as_a_whole: bool) -> Unseen | None:
    """Return why what is imported of a library cannot be part of a key."""
    if path == "time.strftime" and reference.is_called_with_two:
        return None
    if path in SEEDED:
        return None if reference.is_called_with_something else CHANCE
    if path == "io.open":
        return FILES
    return unseen(path) or (unseen_in_module(path) if as_a_whole else None)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]


def _without(asked: list[tuple[str, int | None]], one: tuple[str, int | None]) -> list[tuple[str, int | None]]:
    return [each for place, each in enumerate(asked) if each != one or place != asked.index(one)]


def _subclasses(kind: type) -> set[type]:
    found: set[type] = set()
    subclasses: list[type] = kind.__subclasses__()
    for each in subclasses:
        found |= {each} | _subclasses(each)
    return found


def _import(name: str) -> types.ModuleType | None:
    try:
        return importlib.import_module(name)
    except BaseException as error:  # an author's module may raise anything
        if not is_fault(error):
            raise
        return None


def _starts(reference: refs.Reference) -> int:
    return reference.end - len(reference.attributes)


def _named_from(value: Path, rest: tuple[str, ...], reference: refs.Reference) -> Path | None:
    """Return the one file that code names from a path; ``None`` where it does not, or leads elsewhere."""
    given: list[Any] = list(reference.divided_by if not rest else reference.called_with or ())
    if not given or rest not in ((), ("joinpath",), ("with_name",)):
        return None
    if any(not isinstance(text, str) or ".." in text.split("/") for text in given):
        return None
    try:
        return value.with_name(*given) if rest == ("with_name",) else value.joinpath(*given)
    except (TypeError, ValueError):
        return None


def _is_formatted(reference: refs.Reference) -> bool:
    following = reference.following(1)
    return bool(following) and following[0].name.startswith(("FORMAT_", "CONVERT_"))


def _stored_in(reference: refs.Reference) -> object:
    for step in reference.following(len(reference.called_with or ()) + 2)[len(reference.called_with or ()) + 1 :]:
        if step.name in refs.STORE:
            return step.value
    return None


def _first_constant(reference: refs.Reference) -> str:
    following = reference.following(1)
    value = following[0].value if following and following[0].name == "LOAD_CONST" else ""
    return value if isinstance(value, str) else ""
