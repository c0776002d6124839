"""Whatever sits out, and whatever was stored before: the label set is that of the task without it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.jobs.conftest import Project, forget

WORDS = ("thanks", "wrong", "slow", "great")
SOUND, FAILS, BREAKS, SYNTAX = "sound", "fails", "breaks", "syntax"


def module(number: int, state: str) -> str:
    """Return a module with one labeling function, that is sound or broken in one of the ways."""
    label = ("GOOD", "BAD")[number % 2]
    fault = f'    if "{WORDS[number]}" in comment:\n        raise ValueError(comment)\n' if state == FAILS else ""
    return (
        f"from labeling_functions.mood.schema.v1 import {label}\nfrom retrolabel import labeling_function\n\n\n"
        f"@labeling_function({label})\ndef lf_{number}(comment):\n{fault}"
        f'    return "{WORDS[number]}" in comment or "{WORDS[number - 2]}" in comment\n'
        + {BREAKS: "import nowhere_at_all\n", SYNTAX: "def (\n"}.get(state, "")
    )


def labelled(folder: Path, states, *, stored=(), on_fault="fail"):
    """Return the report of a relabel, and the label set's files but for its manifest; ``stored`` ran before."""
    project = Project(folder)
    project.lfs("")

    def write(these) -> None:
        for number, state in enumerate(these):
            path = project.folder / f"labeling_functions/mood/lf_{number}.py"
            path.unlink(missing_ok=True)
            if state is not None:
                project.write(str(path.relative_to(project.folder)), module(number, state))

    ws = project.open()
    ws.feedback.ingest(project.feedback(items=24), "web")
    ws.feedback.ingest(project.feedback("more.csv", items=8, first=24), "web")
    if any(stored):
        write(stored)
        ws.task("mood").compute_votes()  # as a relabel that was killed leaves them
    write(states)
    report = ws.task("mood").relabel(on_fault=on_fault)
    made = project.store / report.label_set.folder
    forget()
    return report, {path.name: path.read_bytes() for path in made.iterdir() if path.name != "manifest.json"}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from([SOUND, FAILS, BREAKS, SYNTAX]), min_size=4, max_size=4).filter(
        lambda each: SOUND in each
    ),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_the_label_set_is_that_of_the_task_without_what_sits_out(states, ran):
    stored = [state if run and state in (SOUND, FAILS) else None for state, run in zip(states, ran, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        out, files = labelled(Path(folder) / "a", states, stored=stored, on_fault="skip")
        less, others = labelled(Path(folder) / "b", [state if state == SOUND else None for state in states])
    assert len(out.skipped) == sum(state != SOUND for state in states)
    assert (out.label_set.id, out.label_set.labels_hash) == (less.label_set.id, less.label_set.labels_hash)
    assert files == others
