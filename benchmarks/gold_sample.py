"""What ``gold sample`` takes on a store of many items, beside what one would write with pandas.

The project is that of ``relabelling.py``: ten labeling functions on tweets, labelled once. ``gold sample`` draws 1,000
items by design (strata of the label set, months, exact duplicates once, near copies of other roles out) and writes the
file; pandas reads the exported labels and the texts, and draws as many by ``groupby(label).sample``: no probabilities
of a design, no duplicates, no roles. Each runs in a process of its own, in turn; medians of three.

    RETROLABEL_DATA=... python benchmarks/gold_sample.py [--items 1000000] [--n 1000] [--runs 3]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from relabelling import ingest, run, write


def by_label(folder: Path, share: float) -> str:
    """Return what one would write with pandas, as one expression."""
    read = f"pd.read_parquet({str(folder / 'labels.parquet')!r}, columns=['item_id', 'label'])"
    feedback = str(folder / ".retrolabel" / "feedback" / "**" / "*.parquet")
    files = f"__import__('glob').glob({feedback!r}, recursive=True)"
    texts = f"pd.concat([pd.read_parquet(f, columns=['item_id', 'text']) for f in {files}])"
    drawn = f"{read}.merge({texts}, on='item_id').groupby('label', dropna=False).sample(frac={share}, random_state=0)"
    return f"(lambda pd: {drawn}.to_csv({str(folder / 'drawn.csv')!r}, index=False))(__import__('pandas'))"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--n", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    write(folder)
    at_once = min(chosen.items, 500_000)
    for start in range(0, chosen.items, at_once):
        ingest(folder, start, at_once, seed=start)
    run(folder, "ws.task('mood').relabel()")
    labels = str(folder / "labels.parquet")
    run(folder, f"ws.task('mood').export(__import__('pathlib').Path({labels!r}), 'parquet')")
    ours, theirs, peaks = [], [], []
    for seed in range(chosen.runs):
        out = str(folder / f"dev{seed}.csv")
        done = run(folder, f"ws.task('mood').gold.sample({chosen.n}, purpose='dev', seed={seed}, out={out!r})")
        ours.append(done["seconds"])
        peaks.append(done["megabytes"])
        theirs.append(run(folder, by_label(folder, chosen.n / chosen.items))["seconds"])
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"{chosen.n:,} of {chosen.items:,} items, medians of {chosen.runs}")
    print(f"{'gold sample':<30}{statistics.median(ours):>8.1f} s{max(peaks):>10,.0f} MB at most")
    print(f"{'pandas, by label':<30}{statistics.median(theirs):>8.1f} s")
    print(f"{'ratio':<30}{ratio:>8.1f}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
