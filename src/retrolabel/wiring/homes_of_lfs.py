"""Where a new labeling function goes, what its label is called there, and which column it reads."""

from __future__ import annotations

import ast
import keyword
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.discovery.project import in_schema
from retrolabel.errors import InputError, SchemaError, did_you_mean
from retrolabel.interop.python_source import bound_names
from retrolabel.labeling.classifying import Classifier
from retrolabel.labeling.matching import Match
from retrolabel.labeling.searching import Search
from retrolabel.labeling.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrolabel.discovery.folders import Explored
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.labels import Label
    from retrolabel.wiring.site import Site


@dataclass(frozen=True)
class Home:
    """The file that a new labeling function goes into.

    Attributes:
        path: The file.
        why: Why that one.
        created: Whether it does not exist yet.
    """

    path: Path
    why: str
    created: bool = False


def home_of(folder: Path, kind: str, label: Label, found: Explored, module: str = "") -> Home:
    """Return the file that a new labeling function goes into: the one whose others vote for its label, or are alike.

    Args:
        folder: The task's folder.
        kind: What it is made from, e.g. ``keywords``.
        label: Its label.
        found: What the task's modules hold.
        module: The file's name, where somebody names one.

    Raises:
        InputError: The module that is named can hold no labeling functions.
    """
    if module:
        return _named_module(folder, module)
    of_file: dict[Path, list[LabelingFunction]] = {}
    for name, path in sorted(found.files.items()):
        of_file.setdefault(path, []).append(found.lfs[name])
    votes = {path: sum(_votes_it(lf, label) for lf in lfs) for path, lfs in of_file.items()}
    kinds = {path: sum(kind_of(lf) == kind for lf in lfs) for path, lfs in of_file.items()}
    best = max(of_file, key=lambda path: (votes[path] > 0, kinds[path] > 0, votes[path], kinds[path]), default=None)
    if best is not None and votes[best]:
        return Home(best, f"{votes[best]} of its {len(of_file[best])} labeling functions vote {label.id}")
    if best is not None and kinds[best]:
        return Home(best, f"none votes {label.id} yet, and {kinds[best]} of its {len(of_file[best])} are {kind} too")
    stem = re.sub(r"\W+", "_", label.id.lower())
    stem = f"signs_of_{stem}" if not stem.isidentifier() or keyword.iskeyword(stem) else stem
    path = folder / f"{stem}.py"
    while path.exists() or (folder / path.stem).exists():
        path = path.with_name(f"{path.stem}_.py")
    return Home(path, f"a new file: no module votes {label.id} or has {kind}", created=True)


def _named_module(folder: Path, module: str) -> Home:
    stem = module.removesuffix(".py")
    path = folder / f"{stem}.py"
    unfit = not all(part.isidentifier() and not keyword.iskeyword(part) for part in stem.split("/"))
    if unfit or in_schema(path, folder) or stem.startswith(("test_", "conftest")) or stem.endswith("__init__"):
        raise InputError(
            f"--module {module} can hold no labeling functions.",
            remedy=f"a name of letters, digits and _, for a file beside schema/ in {folder.name}",
        )
    there = path.is_file()
    return Home(path, "as asked" if there else "a new file, as asked", created=not there)


def _votes_it(lf: LabelingFunction, label: Label) -> bool:
    return any(not vote.negated and label.id in vote.ids for vote in lf.declared)


def kind_of(lf: LabelingFunction) -> str:
    """Return what a labeling function is made from, as ``--from`` says it; other builders are called otherwise."""
    rule = lf.rule
    if isinstance(rule, Search):
        return "keywords" if rule.words else "regex"
    if isinstance(rule, Match):
        return "phrases" if rule.phrases else "token_pattern"
    if isinstance(rule, Table):
        return rule.kind
    return "function" if rule is None else "classifier" if isinstance(rule, Classifier) else "other"


def import_of(label: Label, source: str, found: Explored, project: Path) -> tuple[str, str, str]:
    """Return where a label comes from: the module, its name there, and what it is called in a module's text.

    A name that the module imports already is taken, where it stands for the same label.
    """
    assert found.history is not None  # noqa: S101 - a task without one is not sound
    homes: dict[tuple[str, str], Label] = {}
    for number, (_, names) in found.names.items():
        where = ".".join(found.schema_files[number].relative_to(project).with_suffix("").parts)
        homes |= {(where, name): found.schemas[number].label(label_id) for label_id, name in names.items()}
    for home, what, called in _imports(source):
        if homes.get((home, what)) == label:
            return home, what, called
    head = found.history.head
    constant = found.names[head.version][1].get(label.id)
    module = ".".join(found.schema_files[head.version].relative_to(project).with_suffix("").parts)
    if constant is None or not all(part.isidentifier() for part in module.split(".")):
        file = found.schema_files[head.version].relative_to(project)
        raise SchemaError(
            f"{file} has no name under which {label.id} can be imported.",
            remedy=f"write {label.id.upper()} = Label(...) in a line of its own, in a file whose name is an identifier",
        )
    called = constant
    while called in bound_names(source):
        called = f"{called}_{head.version.partition('.')[0]}"
    return module, constant, called


def _imports(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield the module, the name there and the name here of each import at the top level."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                yield node.module, each.name, each.asname or each.name


def column_of(site: Site, asked: str, found: Explored, path: Path) -> str:
    """Return the column that is asked for, or the one that is read most often: in the module, else in the task.

    Raises:
        InputError: The store has no such column; or none is asked for, and none is read.
    """
    if asked:
        sources = site.open_catalog.feedback.sources() if site.exists() else {}
        contracts = {column for contract in sources.values() for column in contract}
        known = contracts | set(found.features)
        if contracts and asked not in known:
            near = did_you_mean(asked, sorted(known))
            raise InputError(
                f"No source has a column {asked!r}.{near} Columns: {', '.join(sorted(contracts))}.",
                remedy="--column names one of those, or a feature",
            )
        return asked
    read = Counter(column for lf in found.lfs.values() for column in lf.columns)
    here = Counter(column for name, lf in found.lfs.items() if found.files[name] == path for column in lf.columns)
    chosen = [column for column, _ in (*here.most_common(1), *read.most_common(1)) if column not in found.features]
    if not chosen:
        raise InputError("Which column does it read?", remedy="--column NAME")
    return chosen[0]
