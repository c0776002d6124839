"""Files and folders of tools are written whole or not at all."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from retrolabel.errors import InputError
from retrolabel.interop.for_tools.writing import FORMATS, write_for_tool
from tests.unit.interop.for_tools.items import question, suggestions

TABLE = suggestions(("a", "bug", 0.75), ("b", None, None), gold_role=[None, "dev"])
FOLDERS = [kind for kind, form in FORMATS.items() if form.to_folder]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_number_of_items_is_returned(tmp_path, kind):
    assert write_for_tool([TABLE], tmp_path / "deep" / "out", kind, question()) == 2


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_holds_the_files_that_the_format_names_and_no_others(tmp_path, kind):
    write_for_tool([TABLE], tmp_path / "out", kind, question())
    held = {each.relative_to(tmp_path / "out").as_posix() for each in (tmp_path / "out").rglob("*") if each.is_file()}
    assert held
    assert held <= {*FORMATS[kind].files}


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_takes_the_place_of_an_older_one_and_never_of_other_files(tmp_path, kind):
    out = tmp_path / "out"
    write_for_tool([TABLE], out, kind, question())
    write_for_tool([TABLE.slice(0, 1)], out, kind, question())
    (out / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds mine\.txt"):
        write_for_tool([TABLE], out, kind, question())
    assert (out / "mine.txt").read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def broken():
    yield TABLE
    raise RuntimeError("the disk is gone")


@pytest.mark.parametrize("kind", FORMATS)
def test_what_fails_in_between_leaves_what_was_there(tmp_path, kind):
    out = tmp_path / "out"
    write_for_tool([TABLE], out, kind, question())
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    with pytest.raises(RuntimeError, match="the disk is gone"):
        write_for_tool(broken(), out, kind, question())
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_cannot_go_to_standard_output_or_where_a_file_is(tmp_path, kind):
    with pytest.raises(InputError, match="is a folder of files"):
        write_for_tool([TABLE], Path("-"), kind, question())
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="is a file, and this is a folder"):
        write_for_tool([TABLE], tmp_path / "file", kind, question())


def test_doccano_s_file_is_an_archive_where_its_name_says_so(tmp_path):
    write_for_tool([TABLE], tmp_path / "out.zip", "doccano", question())
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["all.jsonl"]
    write_for_tool([TABLE], tmp_path / "out.jsonl", "doccano", question())
    assert not zipfile.is_zipfile(tmp_path / "out.jsonl")
