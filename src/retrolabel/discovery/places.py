"""Modules, packages and files."""

from __future__ import annotations

import sys
import types
from pathlib import Path, PurePath

from retrolabel.discovery.ground import Ground
from retrolabel.discovery.nodes import Node, Refusal
from retrolabel.discovery.packages import INSTALLED, OUR_VERSION, OURS, OWN, PACKAGE, STDLIB, kind_of_module
from retrolabel.discovery.plain import shortened
from retrolabel.discovery.resources import content, is_by_product
from retrolabel.discovery.unseen import BY_VERSION, FILES, SEEDED, one_name, unseen, unseen_in_module

LONG = 300
"""Longer texts name no file."""


class Places(Ground):
    """Finds what modules, packages and files stand for."""

    def __init__(self, project: Path) -> None:
        super().__init__(project)
        self._files: dict[Path, str] = {}

    def module(self, module: types.ModuleType) -> Node:
        """Return a module that is handed over as a whole: all that is in it, or the version of what brings it."""
        kind = kind_of_module(module.__name__)
        if kind != OWN:
            node = self.remember(module, Node(f"module {module.__name__}", module.__name__))
            if kind == PACKAGE:
                node.add("package", self.package(module.__name__))
            if kind == OURS:
                node.value = f"{module.__name__} {OUR_VERSION}"
            why = unseen_in_module(module.__name__) if kind == STDLIB else unseen(module.__name__)
            if why:
                node.refusals.append(Refusal(f"the module {module.__name__} as a whole {why.why}", why.remedy))
            return node
        names = [name for name in vars(module) if not (name.startswith("__") and name.endswith("__"))]
        named = self.plain.value([module.__name__, sorted(names)])
        node = self.remember(module, Node(f"module {module.__name__} as a whole", named))
        if "__getattr__" in vars(module):
            names.append("__getattr__")
        for name in sorted(names):
            value = vars(module)[name]
            if isinstance(value, types.ModuleType) and kind_of_module(value.__name__) == STDLIB:
                node.add(name, self.data(name, value.__name__))
            else:
                node.add(f"global {name}", self.node(value))
        if type(module) is not types.ModuleType:
            node.add("class", self.node(type(module)))
        return node

    def library(self, kind: str | None, module: str | None, name: str) -> Node:
        """Return a function or class that is covered by the version of what brings it."""
        module = module or "builtins"
        kind = kind or kind_of_module(module)
        dotted = f"{module}.{name}"
        if dotted in self._named:
            return self._named[dotted]
        node = self.name(dotted, f"{kind} {dotted}")
        node.value = dotted
        if kind == OURS:
            node.value = f"{dotted} {OUR_VERSION}"
        if kind == PACKAGE:
            node.add("package", self.package(module))
        why = unseen(dotted) if kind != OURS and dotted not in SEEDED else None
        if kind == OURS and module.startswith("retrolabel.wiring"):
            why = FILES
        if why:
            node.refusals.append(Refusal(f"{one_name(dotted).removeprefix('builtins.')} {why.why}", why.remedy))
        return node

    def package(self, module: str) -> Node:
        """Return the package that brings a module, with its version and those of what it requires."""
        top = module.partition(".")[0]
        key = f"package of {top}"
        if key in self._named:
            return self._named[key]
        found = self.packages.distributions(top)
        if len(found) == 1:
            return self._named.setdefault(key, self._distribution(found[0]))
        node = self.name(key, f"package {top}")
        for name in found:
            node.add("package", self._distribution(name))
        if not found:
            file = getattr(sys.modules.get(top), "__file__", None)
            if file and Path(file).name == "__init__.py" and not INSTALLED & set(Path(file).parts):
                node.value = self.named_file(Path(file).parent, "folder").value
            elif file and Path(file).is_file():
                node.value = self.named_file(Path(file), "file").value
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
        node = self.name(key, f"package {name}")
        found = self.packages.version(name)
        node.value = found[0] if found else "not installed"
        for required, version in self.packages.required(name).items():
            node.add(f"requires {required}", self.data("requires", version))
        return node

    def files_named(self, text: str) -> list[Path]:
        """Return the file of the project that a text names, for what reads files and is not known to; code excepted."""
        if len(text) > LONG or "\n" in text or "\0" in text or not {"/", "."} & set(text):
            return []
        path = self.project / text
        try:
            inside = path != self.project and path.is_relative_to(self.project) and path.suffix != ".py"
            there = path.is_file() or (path.is_dir() and Path(text).is_absolute())
        except (OSError, ValueError):
            return []
        return [path] if inside and there else []

    def files_named_in(self, value: object) -> list[Path]:
        """Return the files that plain data name: a text, or those in a container of texts that start at the root."""
        if isinstance(value, str):
            return self.files_named(value)
        start = str(self.project)
        if isinstance(value, dict):
            value = [*value, *value.values()]
        if not isinstance(value, (list, tuple, set, frozenset)):
            return []
        named = sorted(each for each in value if isinstance(each, str) and each.startswith(start))
        return [path for each in named for path in self.files_named(each)]

    def named_file(self, path: Path, what: str, *, code: bool = True) -> Node:
        """Return a file, or a folder, by its content.

        Args:
            path: The file.
            what: What it is called.
            code: Whether the modules in a folder count too.
        """
        if not code and path.is_dir():
            held = {
                each.relative_to(path).as_posix(): content(each)
                for each in sorted(path.rglob("*"))
                if each.suffix != ".py" and each.is_file() and not is_by_product(each.relative_to(path))
            }
            return Node(what, self.plain.digest(held))
        if path not in self._files:
            self._files[path] = content(path)
        return self.data(what, shortened(self._files[path])) if what == "" else Node(what, shortened(self._files[path]))

    def file_name(self, name: str) -> str:
        """Return a file's name as seen from the project."""
        if name.startswith("<"):
            return name
        try:
            return Path(name).relative_to(self.project).as_posix()
        except ValueError:
            return name

    def path(self, path: PurePath) -> Node:
        """Return a path; the content of what it points to counts."""
        shown = self.plain.text(str(path))
        node = self.remember(path, Node(f"path {shown}", self.plain.value(str(path))))
        node.add("class", self.data("class", type(path).__name__))
        node.is_path = True
        if not isinstance(path, Path):
            return node
        full = path if path.is_absolute() else Path.cwd() / path
        if not full.is_relative_to(self.project) or full == self.project:
            what = "is the whole project" if full == self.project else "lies outside of the project"
            node.refusals.append(Refusal(f"the path {shown} {what}, so its content is no part of a key", FILES.remedy))
        elif full.exists():
            node.add("content", self.named_file(full, f"content of {shown}", code=False))
        else:
            node.add("content", self.data("content", "missing"))
        return node
