"""A new labeling function, written into the module that fits, for a person to edit."""

from __future__ import annotations

import ast
import codecs
import difflib
import importlib
import keyword
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.discovery.folders import discover, explore
from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import DiscoveryError, LabelingFunctionError, Problem, RetrolabelError
from retrolabel.interop.lf_source import LfWish, candidates, check_wish, lf_source
from retrolabel.interop.python_source import bound_names, with_import
from retrolabel.wiring.homes_of_lfs import column_of, home_of, import_of
from retrolabel.wiring.written_files import or_as_before

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from retrolabel.discovery.folders import Explored
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.labels import Label
    from retrolabel.wiring.site import Site

NOTHING_OF_IT = ("Nothing of the kind.", "12:30", "Zzz.")
"""Texts of which the first one on which a labeling function says nothing becomes its non-example."""


@dataclass(frozen=True)
class AskedLf:
    """What somebody asks of a new labeling function.

    Attributes:
        name: Its name.
        kind: What it is made from, e.g. ``keywords``.
        label: The id or a spelling of its label; may be left out where a task has one that its words name.
        column: The column; the one that the task's labeling functions read most often if left out.
        words: What it looks for; the label's own words if left out.
        pattern: A pattern, instead of words.
        examples: Texts that it votes on; one is made up if left out.
        non_examples: Texts that it does not vote on; the same.
        module: The module that it goes into; the one that fits if left out.
    """

    name: str
    kind: str
    label: str = ""
    column: str = ""
    words: tuple[str, ...] = ()
    pattern: str = ""
    examples: tuple[str, ...] = ()
    non_examples: tuple[str, ...] = ()
    module: str = ""


@dataclass(frozen=True)
class NewLf:
    """A labeling function that was written, or would be.

    Attributes:
        task: The task.
        name: Its name.
        path: The file, relative to the project.
        why: Why it is that one.
        added: (line, text) of each line that is new in the file, imports included.
        gone: (line, text) of each line that was replaced: an import that names one more now.
        created: Whether the file is new.
        written: Whether it was written.
    """

    task: str
    name: str
    path: str
    why: str
    added: tuple[tuple[int, str], ...]
    gone: tuple[tuple[int, str], ...]
    created: bool
    written: bool


def new_lf(site: Site, task: str, asked: AskedLf, *, dry_run: bool = False) -> NewLf:
    """Write a labeling function that passes its own examples; where that fails, nothing is left behind.

    Raises:
        DiscoveryError: The task cannot be used as it is, or could not be with the new labeling function.
        LabelingFunctionError: The name exists, there is nothing to look for, or an example gets another vote.
        InputError: There is no such builder, or no such column.
        UnknownLabelError: The task has no such label.
    """
    project = site.project_folder()
    found = _sound(project, task)
    _check_name(asked.name, found, task)
    label = _label(asked, found)
    folder = project / PACKAGE / task
    home = home_of(folder, asked.kind, label, found, asked.module)
    path = home.path
    before, restored = ("", _plain) if home.created else _read(path)
    source = before or f'"""Signs of {_in_a_docstring(label.title)}."""\n'
    if asked.name in bound_names(source):
        where = path.relative_to(project)
        raise LabelingFunctionError(
            f"{where} has something else called {asked.name}.", remedy="take another name, or --module OTHER"
        )
    module, constant, name = import_of(label, source, found, project)
    wish = LfWish(
        asked.name,
        asked.kind,
        name,
        column_of(site, asked.column, found, path),
        asked.words or (() if asked.pattern else (label.title.replace("_", " "),)),
        asked.pattern,
        asked.examples,
        asked.non_examples,
    )
    check_wish(wish)
    text = lf_source(with_examples(wish, label))
    after = source
    for package, what in text.imports:
        after = with_import(after, package, what)
    after = _appended(with_import(after, module, constant, name if name != constant else ""), text.text)
    if not dry_run:
        with or_as_before([path]):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(restored(after))
            _check(project, task, asked.name, found)
    added, gone = _changed_lines(before, after)
    return NewLf(task, asked.name, str(path.relative_to(project)), home.why, added, gone, home.created, not dry_run)


def _in_a_docstring(title: str) -> str:
    """Return a label's name as it can stand in a docstring."""
    return "".join(each for each in title if each.isprintable() and each not in '"\\') or "a label"


def _plain(text: str) -> bytes:
    return text.encode("utf-8")


def _read(path: Path) -> tuple[str, Callable[[str], bytes]]:
    """Return a module's text, and what makes bytes of a text with the line ends and the mark that its file has."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelingFunctionError(
            f"{path.name} is not UTF-8, so nothing is written into it.", remedy="--module OTHER, or save it as UTF-8"
        ) from error
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if text.count("\r\n") != text.count("\n") or "\r\n" not in text:
        return text, lambda after: mark + after.encode("utf-8")
    return text.replace("\r\n", "\n"), lambda after: mark + after.replace("\n", "\r\n").encode("utf-8")


def _sound(project: Path, task: str) -> Explored:
    found = explore(project, task)
    if found.problems or found.history is None:
        raise DiscoveryError(
            f"The task {task!r} cannot be used as it is, so nothing was written.",
            problems=found.problems,
            remedy="mend it first; retrolabel lf test says what is left",
        )
    return found


def _check_name(name: str, found: Explored, task: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        plain = re.sub(r"\W+", "_", name).strip("_").lower()
        near = f", as {plain}" if plain.isidentifier() and not keyword.iskeyword(plain) else ""
        raise LabelingFunctionError(
            f"{name!r} cannot be a labeling function's name.", remedy=f"letters, digits and _, no digit first{near}"
        )
    taken = {**{each: found.files[each].name for each in found.lfs}, **dict.fromkeys(found.features, "a feature")}
    if name in taken:
        raise LabelingFunctionError(
            f"{task} has {name} already ({taken[name]}).", remedy="take another name, or edit that one"
        )


def _label(asked: AskedLf, found: Explored) -> Label:
    """Return the label that is asked for, or the one that name or words speak of."""
    assert found.history is not None  # noqa: S101 - a task without one is not sound
    head = found.history.head
    if asked.label:
        return head.understood(asked.label) or head.label(asked.label)  # raises, with the nearest
    said = {asked.name.casefold(), *re.split(r"_+", asked.name.casefold()), *(word.casefold() for word in asked.words)}
    named = [label for label in head.answers if {label.id.casefold(), label.title.casefold()} & said]
    if len(named) == 1:
        return named[0]
    known = ", ".join(label.id for label in head.answers)
    raise LabelingFunctionError(f"Which label does {asked.name} vote?", remedy=f"--label L, one of {known}")


def with_examples(wish: LfWish, label: Label) -> LfWish:
    """Return the wish with an example and a non-example that hold; those that were given are tried.

    Raises:
        LabelingFunctionError: One that was given does not hold, or none could be made up.
    """
    lf = lf_of(wish, label)
    if wish.examples:
        wrong = [each for each in wish.examples if not _votes(lf, wish, each)]
    else:
        good = next((each for each in candidates(wish) if _votes(lf, wish, each)), None)
        if good is None:
            raise LabelingFunctionError(
                f"No example could be made up on which {wish.name} votes.", remedy='give one: --example "some text"'
            )
        wish, wrong = replace(wish, examples=(good,)), []
    problems = [Problem(f"--example {each!r}", "gets no vote", "mend it, or what is looked for") for each in wrong]
    if wish.non_examples:
        problems += [
            Problem(f"--non-example {each!r}", f"gets the vote {label.id}", "mend it, or what is looked for")
            for each in wish.non_examples
            if _votes(lf, wish, each)
        ]
    else:
        wish = replace(wish, non_examples=tuple([each for each in NOTHING_OF_IT if not _votes(lf, wish, each)][:1]))
    if problems:
        raise LabelingFunctionError(f"{wish.name} does not pass its examples; nothing was written.", problems=problems)
    return wish


def lf_of(wish: LfWish, label: Label) -> LabelingFunction:
    """Return the labeling function that a wish would make, without a file."""
    text = lf_source(wish)
    names: dict[str, object] = {wish.label: label, "__name__": "new_lf"}
    for module, name in text.imports:
        found = importlib.import_module(module)
        names[name or module] = getattr(found, name) if name else found
    exec(text.text, names)  # noqa: S102 - the text that we wrote; what people gave stands in it as texts
    made: LabelingFunction = names[wish.name]  # type: ignore[assignment]  # the statement makes one
    return made


def _votes(lf: LabelingFunction, wish: LfWish, example: str) -> bool:
    return lf.vote(lf.as_item(wish.item(example))) is not None


def _appended(source: str, text: str) -> str:
    """Return a module with a statement at its end, as far below the one before as formatters leave it."""
    body = ast.parse(source).body
    blocks = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    far = "\ndef " in f"\n{text}" or (body and isinstance(body[-1], blocks))
    return source.rstrip() + ("\n\n\n" if far else "\n\n") + text + "\n"


def _check(project: Path, task: str, name: str, before: Explored) -> None:
    """Refuse a task that is not what it was, and the new labeling function beside."""
    try:
        found = discover(project, task)
        lf = next((each for each in found.lfs if each.name == name), None)
        problems: list[Problem] = lf.check_examples() if lf is not None else [Problem(name, "is not found in its file")]
        gone = before.lfs.keys() - {each.name for each in found.lfs}
        problems += [Problem(each, "would be gone") for each in sorted(gone)]
    except RetrolabelError as error:
        problems = [*error.problems] or [Problem(name, error.message, error.remedy)]
    if problems:
        raise DiscoveryError("The task could not be used any more; nothing was written.", problems=problems)


def _changed_lines(before: str, after: str) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    """Return the lines that are new, and those that are gone, with their numbers from 1."""
    old, new = before.splitlines(), after.splitlines()
    added: list[tuple[int, str]] = []
    gone: list[tuple[int, str]] = []
    for kind, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += [(line + 1, old[line]) for line in range(first, last)]
            added += [(line + 1, new[line]) for line in range(start, end)]
    return tuple(added), tuple(gone)


def lines_told(lines: Sequence[tuple[int, str]]) -> str:
    """Return line numbers as people say them.

    Example:
        >>> lines_told([(3, "a"), (7, "b"), (8, "c")])
        '3, 7-8'
    """
    runs: list[list[int]] = []
    for number, _ in lines:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
