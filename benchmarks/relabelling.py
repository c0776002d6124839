"""What a relabel costs after an edit: the votes step on a store, against the first run.

Ten labeling functions of whole bodies (``re`` behind Python functions; three share a helper, one has a list
of words) look at tweets in a store. Each line edits the project, runs the votes step in a process of its own
(plan, labeling functions, storing; on one process), and prints its time, the calls it made, and the share of
the first run's time. With ``--memory`` the peak of a whole relabel on ``--items`` and on ten times as many.

    python benchmarks/relabelling.py [--items 1000000] [--repeat 3] [--memory]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from texts import texts

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = """from retrolabel import Label, LabelSchema

BAD, GOOD, ASKS = Label("bad"), Label("good"), Label("asks")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[BAD, GOOD, ASKS])
"""
HELPERS = '''import re


def says(pattern, text):
    """Return whether a text holds a pattern."""
    return text is not None and re.search(pattern, text, re.IGNORECASE) is not None
'''
HEAD = """import re

from labeling_functions.mood.schema.v1 import ASKS, BAD, GOOD
from retrolabel import keywords, labeling_function

"""
SHARING = '''
from labeling_functions.mood.helpers import says


@labeling_function({label})
def {name}(text):
    """Look for {name}."""
    return says({pattern!r}, text)
'''
ALONE = """

@labeling_function({label})
def {name}(text):
    # What people write.
    return text is not None and re.search({pattern!r}, text, re.IGNORECASE) is not None
"""
LISTED = """

angry = keywords(BAD, ["worst", "terrible", "horrible", "awful"], column="text")
"""
PATTERNS = {
    "cancelled": ("BAD", r"\bcancel(l?ed|l?ing)?\b"),
    "delayed": ("BAD", r"\b(delayed|delay|late)\b"),
    "lost_bag": ("BAD", r"lost (my )?(bag|luggage)"),
    "thanks": ("GOOD", r"thank(s| you)"),
    "hours": ("BAD", r"\b\d+ (hours?|hrs|minutes?)\b"),
    "praise": ("GOOD", r"\b(great|awesome|love|best)\b"),
    "on_hold": ("BAD", r"\b(on hold|hung up|call back)\b"),
    "money": ("ASKS", r"\b(refund|voucher|compensation)\b"),
    "question": ("ASKS", r"\b(how|when|what|can i|do you)\b.*\?"),
}


def write(folder: Path) -> Path:
    """Write the project and return its folder of labeling functions."""
    task = folder / "labeling_functions" / "mood"
    (task / "schema").mkdir(parents=True)
    for package in (task.parent, task, task / "schema"):
        (package / "__init__.py").touch()
    (folder / "retrolabel.toml").write_text('engine = "serial"\ntracking = false\n')
    (task / "schema" / "v1.py").write_text(SCHEMA)
    (task / "helpers.py").write_text(HELPERS)
    parts = []
    for place, (name, (label, pattern)) in enumerate(PATTERNS.items()):
        parts.append((SHARING if place < 3 else ALONE).format(label=label, name=name, pattern=pattern))
    (task / "lfs.py").write_text(HEAD + "".join(parts) + LISTED)
    return task


def edit(path: Path, old: str, new: str) -> Callable[[], object]:
    """Return what changes a file."""

    def change() -> None:
        text = path.read_text()
        if old not in text:
            sys.exit(f"{path} holds no {old!r}")
        path.write_text(text.replace(old, new, 1))

    return change


def ingest(folder: Path, first: int, count: int, seed: int) -> None:
    """Take new items in."""
    file = folder / f"items_{first}.parquet"
    ids = pa.array([str(number) for number in range(first, first + count)])
    pq.write_table(pa.table({"item_id": ids, "text": texts("tweets", count, seed=seed)}), file)
    run(
        folder,
        f"ws.feedback.ingest({str(file)!r}, 'tweets', retrolabel.wiring.feedback.IngestOptions(id_column='item_id'))",
    )
    file.unlink()


def run(folder: Path, what: str) -> dict[str, float]:
    """Run something on the project in a process of its own; return its time, peak and counts."""
    code = (
        "import json, re, time, retrolabel\n"
        f"ws = retrolabel.open({str(folder)!r})\nws.has_store()\n"
        f"started = time.perf_counter()\ndone = {what}\nseconds = time.perf_counter() - started\n"
        # Linux: the peak of this process alone; getrusage counts what the parent held when it was made.
        "peak = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024\n"
        "calls = getattr(done, 'computed', -1)\n"
        "print(json.dumps({'seconds': seconds, 'megabytes': peak, 'calls': calls}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def once(items: int) -> dict[str, tuple[float, float]]:
    """Return step -> (seconds, calls), each step after the one before."""
    folder = Path(tempfile.mkdtemp())
    task = write(folder)
    ingest(folder, 0, items, seed=1)
    lfs = task / "lfs.py"
    steps: dict[str, Callable[[], object]] = {
        "first run": lambda: None,
        "unchanged": lambda: None,
        "a comment edited": edit(lfs, "# What people write.", "# What people say, and how they say it."),
        "one LF of ten edited": edit(lfs, "(refund|voucher|compensation)", "(refund|voucher|compensation|money)"),
        "a list of words edited": edit(lfs, '"worst", ', '"worst", "disgusting", '),
        "a shared helper edited": edit(task / "helpers.py", "text is not None", "bool(text)"),
        "1 % new items": lambda: ingest(folder, items, items // 100, seed=2),
    }
    found = {}
    for name, change in steps.items():
        change()
        done = run(folder, "ws.task('mood').compute_votes()")
        found[name] = (done["seconds"], done["calls"])
    shutil.rmtree(folder)
    return found


def peak(items: int) -> tuple[float, float]:
    """Return megabytes and seconds of a whole relabel."""
    folder = Path(tempfile.mkdtemp())
    write(folder)
    at_once = min(items, 1_000_000)
    for start in range(0, items, at_once):
        ingest(folder, start, at_once, seed=start)
        print(f"  {start + at_once:,} items taken in", flush=True)
    done = run(folder, "ws.task('mood').relabel()")
    shutil.rmtree(folder)
    return done["megabytes"], done["seconds"]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="the peak of a relabel, also on ten times as many")
    chosen = parser.parse_args()
    if chosen.memory:
        small, large = peak(chosen.items), peak(10 * chosen.items)
        for items, (megabytes, seconds) in ((chosen.items, small), (10 * chosen.items, large)):
            print(f"relabel of {items:,} x 10: {seconds:,.1f} s, peak {megabytes:,.0f} MB")
        print(f"ratio of the peaks {large[0] / small[0]:.2f}")
        return
    runs = [once(chosen.items) for _ in range(chosen.repeat)]
    first = statistics.median(found["first run"][0] for found in runs)
    print(f"Votes step, {chosen.items:,} tweets x 10 LFs, one process, median of {chosen.repeat}")
    print(f"{'':<26}{'seconds':>10}{'calls':>14}{'of the first run':>18}")
    for name in runs[0]:
        seconds = statistics.median(found[name][0] for found in runs)
        print(f"{name:<26}{seconds:>10.2f}{runs[0][name][1]:>14,.0f}{seconds / first:>18.1%}")


if __name__ == "__main__":
    main()
