"""What ``labels diff`` takes on a store of many items: without causes, with one, and with three.

The project is that of ``relabelling.py``: ten labeling functions on tweets. It is labelled, one labeling function is
edited, it is labelled again; then two more are edited, and it is labelled a third time. Each comparison runs in a
process of its own, on label sets that are there.

    python benchmarks/diffing.py [--items 1000000]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from relabelling import edit, ingest, run, write

EDITS = (
    ("(refund|voucher|compensation)", "(refund|voucher|compensation|money)"),
    ("(delayed|delay|late)", "(delayed|delay|late|waiting)"),
    ("(great|awesome|love|best)", "(great|awesome|love)"),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    lfs = write(folder) / "lfs.py"
    at_once = min(chosen.items, 500_000)
    for start in range(0, chosen.items, at_once):
        ingest(folder, start, at_once, seed=start)
    run(folder, "ws.task('mood').relabel()")
    edit(lfs, *EDITS[0])()
    run(folder, "ws.task('mood').relabel()")
    for each in EDITS[1:]:
        edit(lfs, *each)()
    run(folder, "ws.task('mood').relabel()")
    sets = "[each.id for each in ws.task('mood').label_sets()]"  # the newest first
    asked = {
        "without causes": f"(lambda ids: ws.task('mood').diff(ids[2], ids[0], causes=False))({sets})",
        "one cause": f"(lambda ids: ws.task('mood').diff(ids[2], ids[1]))({sets})",
        "three causes": f"(lambda ids: ws.task('mood').diff(ids[2], ids[0]))({sets})",
        "three causes, as a frame": f"(lambda ids: ws.task('mood').diff(ids[2], ids[0]).frame())({sets})",
    }
    print(f"labels diff, {chosen.items:,} tweets x 10 LFs, one process")
    print(f"{'':<28}{'seconds':>10}{'peak MB':>10}")
    for name, what in asked.items():
        done = run(folder, what)
        print(f"{name:<28}{done['seconds']:>10.1f}{done['megabytes']:>10,.0f}", flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
