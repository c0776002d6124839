"""Run the labeling functions of a task twice, each time in a fresh process, and compare what they say.

The two runs differ in the order of items and labeling functions and in Python's hash seed: what a
vote must not depend on.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.feather

from retrolabel.discovery.folders import discover
from retrolabel.errors import EngineError, SettingsError
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.votes.determinism import Liar, find_liars
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch

if TYPE_CHECKING:
    from retrolabel.wiring.workspace import Workspace

SOURCE = "source"
PLACE = "__place__"
SEEDS = (1, 2)
ABSTAINED, FAILED = "abstained", "failed"


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        lfs: How many labeling functions ran.
        items: On how many items, twice.
        liars: Those that did not say the same twice.
    """

    lfs: int
    items: int
    liars: tuple[Liar, ...]


def check_determinism(workspace: Workspace, task: str, items: int = 500) -> Checked:
    """Run every labeling function of a task twice on a sample of the store's items.

    Args:
        workspace: The project and its store.
        task: The task.
        items: How many items; they are taken evenly from all that there are.

    Raises:
        SettingsError: There is no project, or nothing to run on.
        EngineError: A process failed.
    """
    plan = workspace.task(task).plan()
    if workspace.project is None or not plan.items or not plan.task.lfs:
        raise SettingsError(
            f"{task!r} has no items or no labeling functions to be checked.", remedy="retrolabel ingest"
        )
    share = min(1.0, items / plan.items)
    parts = []
    for segment in plan.segments:
        rows = segment.live_rows()
        count = max(1, round(len(rows) * share)) if len(rows) else 0
        chosen = rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)] if count else rows
        table = workspace.objects.read_table(segment.path, sha256=segment.sha256).take(pa.array(chosen))
        names = [f"{segment.source}/{item}" for item in table.column(ITEM_ID).to_pylist()]
        parts.append(table.append_column(PLACE, pa.array(names, pa.string())))
    sample = pa.concat_tables(parts, promote_options="default")
    workspace.progress.start("determinism", len(SEEDS))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.arrow"
        pyarrow.feather.write_feather(sample, str(file), compression="uncompressed")
        said = []
        for seed in SEEDS:
            said.append(_in_a_process(workspace.project, task, file, seed))
            workspace.progress.advance(1)
    return Checked(len(plan.task.lfs), sample.num_rows, tuple(find_liars(*said)))


def _in_a_process(project: Path, task: str, file: Path, seed: int) -> dict[str, dict[str, str]]:
    out = file.with_name(f"said_{seed}.json")
    words = [sys.executable, "-m", __name__, str(project), task, str(file), str(seed), str(out)]
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": paths}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not out.is_file():
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise EngineError(f"The process that ran the labeling functions failed: {last[0]}.")
    said: dict[str, dict[str, str]] = json.loads(out.read_text(encoding="utf-8"))
    return said


def say_votes(project: Path, task: str, file: Path, seed: int) -> dict[str, dict[str, str]]:
    """Return LF -> item -> what it says of it, with items and labeling functions in an order of their own.

    Args:
        project: The folder of the project.
        task: The task.
        file: The items, as an Arrow file.
        seed: Decides the order.
    """
    order = random.Random(seed)  # noqa: S311 - an order, no secret
    table = pyarrow.feather.read_table(str(file))
    rows = list(range(table.num_rows))
    order.shuffle(rows)
    table = table.take(pa.array(rows, pa.int64()))
    lfs = list(discover(project, task).lfs)
    order.shuffle(lfs)
    names = table.column(PLACE).to_pylist()
    batch = Batch({name: table.column(name) for name in table.column_names if name != PLACE}, table.num_rows)
    said = {}
    for emitted in apply_lfs(lfs, batch):
        words = [ABSTAINED, *map(str, emitted.symbols), FAILED]
        said[emitted.lf] = {name: words[code] for name, code in zip(names, emitted.codes.tolist(), strict=True)}
    return said


def _main() -> None:
    project, task, file, seed, out = sys.argv[1:]
    with redirect_stdout(sys.stderr):
        said = say_votes(Path(project), task, Path(file), int(seed))
    Path(out).write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    _main()
