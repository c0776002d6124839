"""What the package imports is named in pyproject.toml, and what is named there is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTIONAL = {
    "apprise",
    "cleanlab",
    "dask",
    "distributed",
    "mlflow",
    "model2vec",
    "openpyxl",
    "pytest",
    "snorkel",
    "torch",
}
"""Packages that modules import where they are installed: the extras, what they bring, cleanlab, and pytest."""
PART_OF = {"markupsafe": "jinja2"}
"""What is the outside of another package, and comes with it always."""


def named(requirements):
    """Return the names of requirements, as they are compared."""
    return {normal(re.match(r"[\w.-]+", each)[0]) for each in requirements}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def imported():
    """Return the top-level packages that our modules and the tasks that ship import, at any place in them."""
    files = [path for folder in ("src", "labeling_functions") for path in (ROOT / folder).rglob("*.py")]
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"retrolabel", "labeling_functions"}


def distributions(packages):
    """Return the names under which packages are installed."""
    known = metadata.packages_distributions()
    return {normal(PART_OF.get(package, known.get(package, [package])[0])) for package in packages}


def test_what_the_core_imports_is_named_and_nothing_else_is():
    assert distributions(imported() - OPTIONAL) == named(PROJECT["dependencies"])


def test_every_extra_is_part_of_all():
    extras = PROJECT["optional-dependencies"]
    (everything,) = extras["all"]
    assert set(re.search(r"\[(.*)\]", everything)[1].split(",")) == set(extras) - {"all"}
