"""Where functions are written, and their source text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from retrolabel.discovery.imports import parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrolabel.labeling.functions import LabelingFunction


def code_of(
    functions: Mapping[str, LabelingFunction], files: Mapping[str, Path], project: Path
) -> dict[str, Mapping[str, str]]:
    """Return name -> where a function is written (``file``, ``line``), and its source text (``source``).

    Args:
        functions: Name -> function.
        files: Name -> its file.
        project: The folder of the project.
    """
    texts: dict[Path, dict[str, tuple[int, str]]] = {}
    code: dict[str, Mapping[str, str]] = {}
    for name, path in files.items():
        if path not in texts:
            texts[path] = _statements(path)
        attribute = next((a for a in (name, functions[name].function.__name__) if a in texts[path]), "")
        line, text = texts[path].get(attribute, (0, ""))
        code[name] = {"file": str(path.relative_to(project)), "line": str(line), "source": text}
    return code


def _statements(path: Path) -> dict[str, tuple[int, str]]:
    lines = text_of(path).split("\n")
    found: dict[str, tuple[int, str]] = {}
    tree = parsed(path)
    for node in tree.body if tree is not None else ():
        names = [node.name] if isinstance(node, ast.FunctionDef) else []
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        for name in names:
            found[name] = (node.lineno, "\n".join(lines[first - 1 : node.end_lineno]))
    return found
