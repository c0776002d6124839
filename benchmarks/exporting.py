"""``labels export`` of many items, beside what pandas and pyarrow take to write the same frame.

The project is that of ``relabelling.py``. Each line of ours is a process of its own that has read nothing yet: it
reads the label set's files, hashes them, and writes one file. The others have the frame in memory before their time
begins, and write it. *Disk* is what writing as many bytes as the largest file takes, with fsync.

    python benchmarks/exporting.py [--items 1000000] [--repeat 3]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from relabelling import ingest, run, write

import retrolabel

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

MEGA = 1e6
KINDS = ("parquet", "csv", "jsonl")


def others(frame: pd.DataFrame, table: pa.Table, folder: Path) -> dict[str, tuple[Path, Callable[[], object]]]:
    """Return name -> (file, what writes it)."""
    at = {kind: folder / f"other.{kind}" for kind in KINDS}
    return {
        "parquet, pyarrow (zstd)": (at["parquet"], lambda: pq.write_table(table, at["parquet"], compression="zstd")),
        "parquet, pandas": (at["parquet"], lambda: frame.to_parquet(at["parquet"])),
        "csv, pyarrow": (at["csv"], lambda: pa_csv.write_csv(table, at["csv"])),
        "csv, pandas": (at["csv"], lambda: frame.to_csv(at["csv"], index=False)),
        "jsonl, pandas": (at["jsonl"], lambda: frame.to_json(at["jsonl"], orient="records", lines=True)),
    }


def disk(folder: Path, size: int) -> float:
    """Return the seconds that so many bytes take to be written and to be safe."""
    piece = os.urandom(2**20)
    started = perf_counter()
    with (folder / "plain").open("wb") as stream:
        for _ in range(size // len(piece)):
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
    return perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    write(folder)
    at_once = min(chosen.items, 500_000)
    for start in range(0, chosen.items, at_once):
        ingest(folder, start, at_once, seed=start)
    run(folder, "ws.task('mood').relabel()")
    print(f"labels export, {chosen.items:,} items, median of {chosen.repeat}")
    print(f"{'':<28}{'seconds':>10}{'MB':>8}{'MB/s':>8}{'peak MB':>10}")

    def show(name: str, seconds: list[float], size: int, peak: str = "") -> None:
        median = statistics.median(seconds)
        print(f"{name:<28}{median:>10.2f}{size / MEGA:>8,.0f}{size / MEGA / median:>8,.0f}{peak:>10}", flush=True)

    sizes = []
    for kind in KINDS:
        file = folder / f"ours.{kind}"
        what = f"ws.task('mood').export(__import__('pathlib').Path({str(file)!r}), {kind!r})"
        done = [run(folder, what) for _ in range(chosen.repeat)]
        sizes.append(file.stat().st_size)
        show(f"{kind}, ours", [each["seconds"] for each in done], sizes[-1], f"{done[0]['megabytes']:,.0f}")
    frame = retrolabel.open(folder).task("mood").labels()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for name, (file, go) in others(frame, table, folder).items():
        times = []
        for _ in range(chosen.repeat):
            started = perf_counter()
            go()
            times.append(perf_counter() - started)
        show(name, times, file.stat().st_size)
    show("disk", [disk(folder, max(sizes)) for _ in range(chosen.repeat)], max(sizes))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
