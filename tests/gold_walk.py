"""The walk of docs/gold_walk.md: its commands are run, and its page is written as it is now.

    RETROLABEL_DATA=... python -m tests.gold_walk

writes what the commands print, and the tables with the truth, into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import retrolabel
from retrolabel.discovery.project import forget
from tests.docs.guide import BLOCK, COMMAND, run_here

if TYPE_CHECKING:
    from retrolabel.gold.powered import Mean, Powered
    from retrolabel.wiring.task import Task

PAGE = Path(__file__).parents[1] / "docs" / "gold_walk.md"
TASK, SOURCE = "airline_feedback", "airline_tweets"
TABLE = re.compile(r"^\| figure .*\n(?:\|.*\n)+", re.MULTILINE)
PASSING = re.compile(r"^\d+\.\d s$")
"""A line that another run prints otherwise."""
ID = re.compile(r"\b[0-9a-f]{12}\b")


def messages() -> pd.DataFrame:
    """Return all messages with what people said of them, by their id."""
    frame = pd.read_parquet(Path(os.environ["RETROLABEL_DATA"]) / SOURCE / "data.parquet")
    return frame.astype({"item_id": str}).set_index("item_id")


def truth_of(task: Task, version: str) -> pd.Series:
    """Return the label of each message in a version, as people gave it, by its id."""
    data = messages()
    said = data["airline_sentiment"]
    if version != "1.0.0":
        said = data["negativereason"].fillna(said)
    return said.map({value: task.history[version].parse(value).id for value in said.unique()})


@dataclass(frozen=True)
class Shown:
    """A figure of the walk, with the truth of the whole set.

    Attributes:
        step: The number of the estimate, from 0.
        name: What it is.
        found: The estimate.
        truth: The truth.
    """

    step: int
    name: str
    found: Powered
    truth: float

    def holds(self, of: Powered | Mean) -> bool:
        """Whether an interval holds the truth; without gold there is none, and nothing to hold."""
        return of.low is None or of.high is None or of.low <= self.truth <= of.high

    @property
    def row(self) -> str:
        """The row of the page's table."""
        helped, alone = self.holds(self.found), self.holds(self.found.classical)
        held = "yes" if helped and alone else "**no**" if not helped and not alone else ""
        held = held or ("yes, gold alone: **no**" if helped else "**no**, gold alone: yes")
        return f"| {self.name} | {_told(self.found)} | {_told(self.found.classical)} | {self.truth:.3f} | {held} |"


def _told(found: Powered | Mean) -> str:
    if found.low is None or found.high is None:
        return "-"
    return f"{'-' if found.value is None else f'{found.value:.3f}'} [{found.low:.3f}, {found.high:.3f}]"


@dataclass
class Walk:
    """The walk in a folder.

    Attributes:
        folder: An empty folder.
        shown: The figures, in the order of the page.
        page: The page as it is now, once the commands were run.
    """

    folder: Path
    shown: list[Shown] = field(default_factory=list)
    page: str = ""
    step: int = 0

    def along(self, page: str) -> str:
        """Run the commands of a page from the first to the last, and return the page as it is now."""
        parts, at, table = [], 0, ""
        for block in BLOCK.finditer(page):
            parts.append(self._with_table(page[at : block.start()], table))
            language, name, body = block.groups()
            table, text = "", block[0]
            if name.strip().endswith(".py"):
                (self.folder / name.strip()).write_text(body, encoding="utf-8")
            elif language == "shellsession":
                lines, table = self._block(body)
                text = "\n".join(["```shellsession", *lines, "```"])
            parts.append(text)
            at = block.end()
        self.page = "".join([*parts, self._with_table(page[at:], table)])
        return self.page

    @staticmethod
    def _with_table(text: str, table: str) -> str:
        return TABLE.sub(lambda _: table, text, count=1) if table else text

    def _block(self, body: str) -> tuple[list[str], str]:
        lines, table = [], ""
        for line in body.splitlines():
            command = COMMAND.match(line)
            if command is None:
                continue  # what it printed before
            words, note = shlex.split(command["words"]), command["note"] or ""
            out = self._run(words, fails=note == "exit 1")
            lines += [line, *_shown(out, note)]
            if words[1:3] == ["gold", "estimate"]:
                table = self._table(final="--final" in words, by="airline" if "airline" in words else None)
        return lines, table

    def _run(self, words: list[str], *, fails: bool) -> str:
        if words[0] == "python":
            subprocess.run([sys.executable, *words[1:]], cwd=self.folder, check=True)
            return ""
        done = run_here(words[1:], self.folder)
        assert done.code == int(fails), f"{words}\n{done.out}\n{done.err}"
        return ID.sub("<id>", done.out + (done.err if fails else ""))

    def _table(self, *, final: bool, by: str | None) -> str:
        """Return the table of an estimate, and keep its figures."""
        forget()
        task = retrolabel.open(self.folder).task(TASK)
        found = task.gold.estimate(by=by, final=final, look=False)
        labels = task.labels().set_index("item_id")
        truth = truth_of(task, found.label_set.record.schema_version)[labels.index]
        airline = messages()["airline"][labels.index]
        forget()
        has = labels["label"].notna()
        right = labels["label"].eq(truth) & has
        mine = []
        if by is None:
            mine.append(("right, of the items with a label", found.accuracy, right[has].mean()))
            mine.append(("right, of all items", found.accuracy_of_all, right.mean()))
            mine += [(f"is `{label}`", one, (truth == label).mean()) for label, one in found.prevalence.items()]
        for value, figures in found.slices.items():
            here = airline == value
            mine.append((f"{value}: with a label", figures.accuracy, right[has & here].mean()))
            mine.append((f"{value}: of all", figures.accuracy_of_all, right[here].mean()))
        shown = [Shown(self.step, name, one, float(true)) for name, one, true in mine]
        self.step, self.shown = self.step + 1, self.shown + shown
        head = ["| figure | estimate | gold alone | truth | held |", "| --- | --- | --- | ---: | --- |"]
        return "\n".join([*head, *(each.row for each in shown)]) + "\n"


def _shown(out: str, note: str) -> list[str]:
    """Return the lines that the page has of an output."""
    lines = [line.rstrip() for line in out.rstrip("\n").split("\n") if not PASSING.match(line)] if out else []
    part = re.fullmatch(r"(first|last) (\d+) lines", note)
    if part is None:
        return lines
    count = int(part[2])
    return [*lines[:count], "..."] if part[1] == "first" else ["...", *lines[-count:]]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(Walk(Path(folder)).along(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
