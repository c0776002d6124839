"""Real data, from the folder that RETROLABEL_DATA names; without it these tests are skipped."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import retrolabel
from retrolabel.wiring.feedback import IngestOptions
from tests.made_once import made_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
AIRLINE, TWEETS = "airline_feedback", "airline_tweets"
SAID = ("airline_sentiment", "negativereason")


@pytest.fixture(scope="session")
def real() -> Callable[..., Path]:
    """A function that returns a file or folder of real data, which must be there if the folder is."""
    named = os.environ.get("RETROLABEL_DATA")
    if not named:
        pytest.skip("RETROLABEL_DATA is not set; it names the folder of real data")

    def find(*parts: str) -> Path:
        path = Path(named, *parts)
        assert path.exists(), f"RETROLABEL_DATA is set, but there is no {path}"
        return path

    return find


@pytest.fixture(scope="module")
def airline(real, tmp_path_factory) -> Iterator[Path]:
    """A project with the shipped task on its data: labelled under version 1, and its dev gold has the reasons now."""
    data = real(TWEETS, "data.parquet")

    def make(folder: Path) -> None:
        shutil.copytree(ROOT / "labeling_functions" / AIRLINE, folder / "labeling_functions" / AIRLINE)
        (folder / "labeling_functions" / "__init__.py").touch()
        (folder / "retrolabel.toml").write_text(f'tracking = false\n[tasks.{AIRLINE}]\nsources = ["{TWEETS}"]\n')
        rows = pd.read_parquet(data, columns=["item_id", "created_at", *SAID])
        rows["reason"] = rows["negativereason"].fillna(rows["airline_sentiment"])
        file = folder / "dev.csv"
        rows[rows["created_at"] < "2015-02-23"].sample(600, random_state=2015).to_csv(file, index=False)
        ws = retrolabel.open(folder, store=folder / ".retrolabel")
        hidden = [f"{column}{more}" for column in SAID for more in ("", "_confidence", "_gold")]
        ws.feedback.ingest(data, TWEETS, IngestOptions(id_column="item_id", time_column="created_at", drops=hidden))
        task = ws.task(AIRLINE)
        gold = {"role": "dev", "sampling": "random"}
        task.gold.import_file(file, TWEETS, label="airline_sentiment", schema="1.0.0", **gold)
        task.relabel(to="1.0.0")
        task.gold.import_file(file, TWEETS, label="reason", schema="2.0.0", **gold)

    made = made_once(tmp_path_factory, "airline_version_1", make)
    folder = tmp_path_factory.mktemp("airline") / "project"
    shutil.copytree(made, folder)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]
