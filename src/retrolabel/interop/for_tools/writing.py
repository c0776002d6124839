"""Which tools there are files for, and how a file or a folder is written whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from retrolabel.errors import InputError
from retrolabel.interop.export import STANDARD_OUTPUT, replacing, written
from retrolabel.interop.for_tools import argilla, doccano, hugging_face, label_studio, prodigy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Question

    ToStream = Callable[[Iterable[pa.Table], IO[bytes], Question], int]
    ToFolder = Callable[[Iterable[pa.Table], Path, Question], int]


@dataclass(frozen=True)
class Format:
    """The files of a tool.

    Attributes:
        ends: What stands behind the name of a file or folder that nobody named.
        to_stream: Writes one file; ``None`` where there are several.
        to_folder: Writes a folder of files.
        to_zip: Writes an archive, where the file's name ends in ``.zip``.
        files: The files that there may be in the folder.
        texts: Whether people read the items' texts in the tool.
        back: What ``gold import`` calls its files; nothing where none come back.
        note: What a person should know of suggestions in it.
        of_people: What a person should know of people's answers in it.
    """

    ends: str
    to_stream: ToStream | None = None
    to_folder: ToFolder | None = None
    to_zip: ToStream | None = None
    files: tuple[str, ...] = ()
    texts: bool = True
    back: str = ""
    note: str = ""
    of_people: str = ""


ZIP = ".zip"
FORMATS = {
    "hf": Format("-hf", to_folder=hugging_face.write, files=hugging_face.FILES, texts=False),
    "label-studio": Format(
        "-label-studio",
        to_folder=label_studio.write,
        files=label_studio.FILES,
        back="label-studio",
        of_people="Label Studio takes annotations of people whose e-mail or number it knows, and refuses others",
    ),
    "argilla": Format(
        "-argilla",
        to_folder=argilla.write,
        files=argilla.FILES,
        back="argilla",
        of_people="Argilla knows people by ids: those here are made of names, and its users need the same",
    ),
    "doccano": Format(
        ".doccano.jsonl",
        doccano.write,
        to_zip=doccano.write_zip,
        back="doccano",
        note=doccano.NOTE,
        of_people="a line is an answer, so an item that several people labelled is there several times; --out NAME.zip"
        " has a file for each person",
    ),
    "prodigy": Format(".prodigy.jsonl", prodigy.write, back="prodigy"),
}
"""The name of a format -> what it is."""


def write_for_tool(tables: Iterable[pa.Table], path: Path, kind: str, question: Question) -> int:
    """Write a label set, or gold, for a tool, and return the number of its items.

    Args:
        tables: The tables, one after the other; only one is in memory at a time.
        path: The file or the folder, replaced if there is one of ours; ``-`` is standard output, where one file is all.
        kind: One of :data:`FORMATS`.
        question: What is asked.

    Raises:
        InputError: A folder is asked for on standard output, or the one that is there holds other files.
        StoreError: It cannot be written.
    """
    form = FORMATS[kind]
    with written(path, "name a place in a folder in which you may write: --out PATH"):
        if form.to_stream is not None:
            write = form.to_zip if form.to_zip and path.suffix.lower() == ZIP else form.to_stream
            with replacing(path) as stream:
                return write(tables, stream, question)
        if str(path) == STANDARD_OUTPUT:
            raise InputError(f"{kind} is a folder of files, not one file.", remedy="--out FOLDER")
        with _replacing_folder(path, form.files) as folder:
            return form.to_folder(tables, folder, question) if form.to_folder else 0


@contextlib.contextmanager
def _replacing_folder(path: Path, files: Iterable[str]) -> Iterator[Path]:
    """Give a folder to write into, which takes the place of the one that is there when all is written."""
    there = [each for each in path.rglob("*") if not each.is_dir()] if path.is_dir() else []
    other = sorted(str(each.relative_to(path)) for each in there if each.relative_to(path).as_posix() not in {*files})
    if other or (path.exists() and not path.is_dir()):
        what = f"holds {other[0]}, which is none of these files" if other else "is a file, and this is a folder"
        raise InputError(f"{path} {what}; nothing was written.", remedy="name another folder: --out FOLDER")
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".writing-", dir=path.parent))
    try:
        new, old = made / "new", made / "old"
        new.mkdir()
        yield new
        if path.exists():
            path.replace(old)
        new.replace(path)
    finally:
        shutil.rmtree(made, ignore_errors=True)
