"""docs/postgresql.md is run as an operator would: its SQL, its commands, and the tools that save and restore."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from retrolabel.storage.catalog import SqlCatalog
from tests.docs.guide import BLOCK, run_here, run_page
from tests.postgres import PASSWORD

PAGE = (Path(__file__).parents[2] / "docs" / "postgresql.md").read_text(encoding="utf-8")
HOST, NAME, CHOSEN = "db.example.org", "labels", "choose-one"


def blocks(text, language, name=""):
    return [body for found, more, body in BLOCK.findall(text) if (found, more.strip()) == (language, name)]


def test_what_the_page_tells_an_operator_to_type_works_from_the_first_line_to_the_last(postgres, tmp_path, monkeypatch):
    for line in "".join(blocks(PAGE, "sql")).split(";\n")[:-1]:
        postgres.sql(line)
    monkeypatch.setenv("PGPASSWORD", CHOSEN)
    here = PAGE.replace(f"labels@{HOST}/", f"labels@{postgres.host}:{postgres.port}/")
    here = here.replace(f"labels on {HOST}", f"labels on {postgres.host}:{postgres.port}")
    here = here.replace(f"--host={HOST}", f"--host={postgres.host} --port={postgres.port}")
    printed = run_page(here, tmp_path, run_here)
    assert len(printed) == 7
    url = f"postgresql://labels@{postgres.host}:{postgres.port}/{NAME}"
    before = SqlCatalog(url).label_sets.records()
    assert [record.task for record in before] == ["helpfulness"]

    for line in "".join(blocks(PAGE, "sql", NAME)).split(";\n")[:-1]:
        postgres.sql(line, database=NAME)
    analyst = postgres.url(NAME, "analyst", "choose-another")
    assert SqlCatalog(analyst).label_sets.records() == before

    (save, restore) = "".join(blocks(here, "sh")).splitlines()
    tools = {**os.environ, "PATH": f"{postgres.binaries}:{os.environ['PATH']}"}
    subprocess.run(save.split(), cwd=tmp_path, env=tools, check=True)
    SqlCatalog(url).label_sets.forget(before[0].id)
    assert SqlCatalog(url).label_sets.records() == []
    subprocess.run(restore.split(), cwd=tmp_path, env=tools, check=True)
    again = SqlCatalog(url)
    assert again.label_sets.records() == before
    again.label_sets.point("helpfulness", "kept", before[0].id, before[0].created_at)
    assert SqlCatalog(analyst).label_sets.tags("helpfulness")["kept"] == before[0].id
    assert PASSWORD not in str(printed)
