"""Apply ten labeling functions to texts: Snorkel's applier, a bare loop, retrolabel.

The ten are regular expressions and lists of words. ``snorkel``, ``loop`` and ``same bodies`` call the very
same ten compiled patterns; ``builders`` are ``regex`` and ``keywords`` of the same patterns and words.
Every line is a process of its own, timed from the frame in memory to the votes in memory; the peak is the
process's, less what it held before it began. ``bodies`` is the ten loops over the texts and nothing else.

    python benchmarks/applying.py [--kinds tweets issues] [--sizes 100000] [--repeat 5] [--spacy 5000]
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pandas as pd
from texts import texts

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERNS = {
    "tweets": [
        r"\bcancel(l?ed|l?ing)?\b", r"\b(delayed|delay|late)\b", r"thank(s| you)", r"lost (my )?(bag|luggage)",
        r"\b\d+ (hours?|hrs|minutes?)\b",
    ],
    "issues": [
        r"issue type\s+bug\b", r"\bat \S.*:\d+:\d+", r"(?m)^\W*(steps to reproduce|repro steps)",
        r"#include\s*<|\bint main\b", r"error[: ]+\S+",
    ],
}  # fmt: skip
WORDS = {
    "tweets": [
        ["great", "awesome", "love", "best"], ["worst", "terrible", "horrible", "awful", "never again"],
        ["on hold", "hung up", "call back", "no answer"], ["refund", "voucher", "compensation"],
        ["rude", "unhelpful", "attitude"],
    ],
    "issues": [
        ["feature request", "would be nice", "please add"], ["how do i", "how can i", "is there a way"],
        ["traceback", "stack trace", "exception", "segfault"], ["expected behavior", "actual behavior"],
        ["documentation", "docs", "tutorial"],
    ],
}  # fmt: skip


def pattern_of(words: list[str]) -> str:
    """Return what ``keywords`` looks for, as a pattern."""
    alternatives = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    return rf"(?<!\w)(?:{alternatives})(?!\w)"


def compiled(kind: str) -> list[re.Pattern[str]]:
    """Return the ten patterns."""
    return [re.compile(p, re.IGNORECASE) for p in [*PATTERNS[kind], *map(pattern_of, WORDS[kind])]]


def bodies(kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return the ten loops and nothing else."""
    values = frame["text"].tolist()
    functions = [function_of(pattern) for pattern in compiled(kind)]

    def run() -> None:
        for function in functions:
            for text in values:
                function(text)

    return run


def function_of(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return the body that all but the builders call."""
    search = pattern.search

    def found(text: str) -> bool:
        return search(text) is not None

    return found


def loop(kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return a bare loop over the rows."""
    functions = [function_of(pattern) for pattern in compiled(kind)]
    return lambda: [[function(row.text) for function in functions] for row in frame.itertuples(index=False)]


def snorkel(kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return Snorkel's applier."""
    from snorkel.labeling import LabelingFunction, PandasLFApplier

    def made(place: int, function: Callable[[str], bool]) -> LabelingFunction:
        return LabelingFunction(f"lf_{place}", lambda x: 1 if function(x.text) else -1)

    applier = PandasLFApplier([made(place, function_of(p)) for place, p in enumerate(compiled(kind))])
    return lambda: applier.apply(frame, progress_bar=False)


def ours(kind: str, frame: pd.DataFrame, **options: Any) -> Callable[[], Any]:
    """Return retrolabel with the same bodies."""
    import retrolabel
    from retrolabel import Label

    yes, no = Label("yes"), Label("no")

    def direct(place: int, function: Callable[[str], bool]) -> retrolabel.LabelingFunction:
        # The body itself is the function: a call of a call would be timed against the body alone.
        function.__name__ = f"lf_{place}"
        return retrolabel.labeling_function(yes if place % 2 else no)(function)

    lfs = [direct(place, function_of(p)) for place, p in enumerate(compiled(kind))]
    apply = retrolabel.apply  # imported now, not while it is timed
    return lambda: apply(lfs, frame, **options)


def two_processes(kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return retrolabel with the same bodies on two processes, which are started first."""
    return ours(kind, frame, engine="local", workers=2)


def two_running_processes(kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return the same on two processes that run already, as in a long job."""
    from retrolabel.engines.local import LocalExecutor

    executor = LocalExecutor(2)
    ours(kind, frame.head(100_000), engine=executor)()
    return ours(kind, frame, engine=executor)


def builders(kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return retrolabel with builders."""
    import retrolabel
    from retrolabel import Label

    yes, no = Label("yes"), Label("no")
    lfs = [retrolabel.regex(yes, p, column="text", name=f"r{n}") for n, p in enumerate(PATTERNS[kind])]
    lfs += [retrolabel.keywords(no, w, column="text", name=f"k{n}") for n, w in enumerate(WORDS[kind])]
    apply = retrolabel.apply
    return lambda: apply(lfs, frame)


WAYS: dict[str, Callable[[str, pd.DataFrame], Callable[[], Any]]] = {
    "bodies": bodies,
    "snorkel": snorkel,
    "loop": loop,
    "same bodies": ours,
    "2 processes": two_processes,
    "2 running processes": two_running_processes,
    "builders": builders,
}

SPACY_PATTERNS = [
    [[{"LOWER": "customer"}, {"LOWER": "service"}]],
    [[{"LOWER": {"IN": ["cancelled", "canceled", "delayed"]}}, {"IS_PUNCT": True, "OP": "?"}, {"LOWER": "flight"}]],
    [[{"LIKE_NUM": True}, {"LOWER": {"IN": ["hours", "hour", "hrs", "minutes"]}}]],
    [[{"LOWER": "thank"}, {"LOWER": "you"}], [{"LOWER": "thanks"}]],
    [[{"LOWER": "lost"}, {"OP": "?"}, {"LOWER": {"IN": ["bag", "bags", "luggage"]}}]],
]


def pipe_alone(_kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return spaCy's own pass over the texts, and nothing else."""
    import spacy

    nlp = spacy.blank("en")
    return lambda: sum(len(doc) for doc in nlp.pipe(frame["text"].tolist()))


def spacy_ours(_kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return five row labeling functions on one doc, a feature."""
    import spacy
    from spacy.matcher import Matcher

    import retrolabel
    from retrolabel import Label

    nlp = spacy.blank("en")
    yes, no = Label("yes"), Label("no")

    @retrolabel.feature(batch=True)
    def doc(text: list[str]) -> Any:
        return nlp.pipe(text)

    def made(place: int) -> retrolabel.LabelingFunction:
        matcher = Matcher(nlp.vocab)
        matcher.add("found", SPACY_PATTERNS[place])

        def lf(doc: Any) -> bool:
            return bool(matcher(doc))

        return retrolabel.labeling_function(yes if place % 2 else no, name=f"lf_{place}")(lf)

    lfs = [made(place) for place in range(5)]
    apply = retrolabel.apply
    return lambda: apply(lfs, frame, features=[doc])


def spacy_builders(_kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return the same five as ``token_pattern``."""
    import retrolabel
    from retrolabel import Label

    yes, no = Label("yes"), Label("no")
    lfs = [
        retrolabel.token_pattern(yes if place % 2 else no, patterns, column="text", name=f"lf_{place}")
        for place, patterns in enumerate(SPACY_PATTERNS)
    ]
    apply = retrolabel.apply
    return lambda: apply(lfs, frame)


def spacy_snorkel(_kind: str, frame: pd.DataFrame) -> Callable[[], Any]:
    """Return Snorkel's ``@nlp_labeling_function``, memoised as it is by default."""
    import tempfile

    import spacy
    from snorkel.labeling import PandasLFApplier
    from snorkel.labeling.lf.nlp import nlp_labeling_function
    from spacy.matcher import Matcher

    folder = tempfile.mkdtemp()
    nlp = spacy.blank("en")
    nlp.to_disk(folder)
    made = []
    for place, patterns in enumerate(SPACY_PATTERNS):

        @nlp_labeling_function(name=f"lf_{place}", language=folder)
        def lf(x: Any, patterns: Any = patterns) -> int:
            if x.doc.vocab not in matchers:
                matchers[x.doc.vocab] = {}
            mine = matchers[x.doc.vocab]
            if id(patterns) not in mine:
                mine[id(patterns)] = Matcher(x.doc.vocab)
                mine[id(patterns)].add("found", patterns)
            return 1 if mine[id(patterns)](x.doc) else -1

        made.append(lf)
    matchers: dict[Any, dict[int, Any]] = {}
    applier = PandasLFApplier(made)
    return lambda: applier.apply(frame, progress_bar=False)


SPACY_WAYS: dict[str, Callable[[str, pd.DataFrame], Callable[[], Any]]] = {
    "nlp.pipe alone": pipe_alone,
    "snorkel nlp": spacy_snorkel,
    "feature, 5 LFs": spacy_ours,
    "token_pattern": spacy_builders,
}


def one(way: str, kind: str, size: int) -> None:
    """Measure one way in this process and print seconds and peak."""
    frame = pd.DataFrame({"text": texts(kind, size)})
    run = {**WAYS, **SPACY_WAYS}[way](kind, frame)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = perf_counter()
    run()
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": (peak + children) / 1024}))


def median(way: str, kind: str, size: int, repeat: int) -> tuple[float, float]:
    """Return the median seconds and peak of several processes."""
    found = []
    for _ in range(repeat):
        command = [sys.executable, __file__, "--one", way, kind, str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{way} on {size} {kind} failed:\n{done.stderr[-2000:]}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return statistics.median(f["seconds"] for f in found), statistics.median(f["megabytes"] for f in found)


def compare(  # noqa: PLR0913 - what is measured, and how
    title: str, ways: list[str], against: str, kind: str, size: int, repeat: int
) -> None:
    """Print a table of ways, and how much faster each is than one of them."""
    print(f"\n{title}, median of {repeat}")
    print(f"{'':<20}{'seconds':>10}{'texts/s':>12}{'times ' + against:>18}{'peak MB':>10}")
    found = {way: median(way, kind, size, repeat) for way in ways}
    for way, (seconds, peak) in found.items():
        ratio = found[against][0] / seconds
        print(f"{way:<20}{seconds:>10.2f}{size / seconds:>12,.0f}{ratio:>18.1f}{peak:>10.0f}")
    if "bodies" in found:
        base = found["bodies"][0]
        beyond = {way: found[way][0] - base for way in ("snorkel", "loop", "same bodies") if way in found}
        told = ", ".join(f"{way} {seconds:.2f} s" for way, seconds in beyond.items())
        print(f"beyond the bodies: {told}; ours is {beyond['same bodies'] / beyond['snorkel']:.1%} of Snorkel's")
        for way in ("2 processes", "2 running processes"):
            print(f"{way}: {found['same bodies'][0] / found[way][0]:.2f} times one")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", default=["tweets", "issues"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[100_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--spacy", type=int, default=20_000, help="texts for the spaCy table; 0 leaves it out")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], chosen.one[1], int(chosen.one[2]))
        return
    for kind in chosen.kinds:
        for size in chosen.sizes:
            compare(f"Ten LFs on {size:,} {kind}", list(WAYS), "snorkel", kind, size, chosen.repeat)
    if chosen.spacy:
        title = f"Five spaCy LFs on one doc, {chosen.spacy:,} tweets"
        compare(title, list(SPACY_WAYS), "snorkel nlp", "tweets", chosen.spacy, chosen.repeat)


if __name__ == "__main__":
    main()
