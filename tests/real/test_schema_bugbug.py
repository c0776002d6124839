"""The label files of a real triage classifier, replayed: codes renamed twice, typos, a set that was refined.

The repository kept its human labels as files, and renamed their labels by rewriting them. Here they are
kept as they were stored, each with the version that was in force, and read in the last version.

Versions of ``triage`` (labels defect, enhancement, task):

- 1.0.0, 2019-02-13: stored as d, f ("feature"), t
- 1.1.0, 2019-03-13: f becomes e ("enhancement")
- 1.2.0, 2019-04-23: full words; the codes are no spellings any more
"""

from __future__ import annotations

import csv
import json
import shlex
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import retrolabel
from retrolabel import History, Label, LabelSchema, Split
from retrolabel.gold.projection import Readings, counted
from retrolabel.schema.changes import changes, deserved_bump, given_bump

pytestmark = [pytest.mark.real]

V1_0 = '''\
"""Version 1.0.0, of 2019-02-13: one letter a label."""

from retrolabel import Label, LabelSchema

MEANS = {
    "defect": "Something that Mozilla ships does not work as it should.",
    "enhancement": "Something new, or something that works and could do so better.",
    "task": "Work to be done that changes nothing for users.",
}
DEFECT = Label("defect", MEANS["defect"], aliases=["d"])
FEATURE = Label("enhancement", MEANS["enhancement"], name="feature", aliases=["f"])
TASK = Label("task", MEANS["task"], aliases=["t"])

SCHEMA = LabelSchema(task="triage", version="1.0.0", labels=[DEFECT, FEATURE, TASK])
'''
V1_1 = '''\
"""Version 1.1.0, of 2019-03-13: a feature is called an enhancement, and stored as e."""

from labeling_functions.triage.schema.v1_0 import DEFECT, MEANS, TASK
from labeling_functions.triage.schema.v1_0 import SCHEMA as V1_0
from retrolabel import Label, LabelSchema

ENHANCEMENT = Label("enhancement", MEANS["enhancement"], aliases=["e"])

SCHEMA = LabelSchema(task="triage", version="1.1.0", revises=V1_0, labels=[DEFECT, ENHANCEMENT, TASK])
'''
V1_2 = '''\
"""Version 1.2.0, of 2019-04-23: full words, which are the ids, so there is no other spelling."""

from labeling_functions.triage.schema.v1_1 import MEANS
from labeling_functions.triage.schema.v1_1 import SCHEMA as V1_1
from retrolabel import Label, LabelSchema

DEFECT, ENHANCEMENT, TASK = (Label(name, means) for name, means in MEANS.items())

SCHEMA = LabelSchema(task="triage", version="1.2.0", revises=V1_1, labels=[DEFECT, ENHANCEMENT, TASK])
'''
FILES = {"v1_0": V1_0, "v1_1": V1_1, "v1_2": V1_2}
VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
RENAMES = {  # the very commits that rename: what they replace is of the version before
    "8823f0cbe61e508e478456b480dd97f4c7b68f70": "1.1.0",
    "b7722bb6d6c1e360e96667429fa53fd6288b32f8": "1.2.0",
}
PEOPLE = ["defect_enhancement_task" + who for who in ("", "_e", "_p", "_s", "_h")]
LAST_RENAME = pd.Timestamp("2019-04-23 13:20:37", tz="UTC")


@dataclass(frozen=True)
class Stored:
    """A label as it was written, and the version that was in force then."""

    value: str
    version: str


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def all_events(real) -> pd.DataFrame:
    """Every event of the history, in order of time."""
    return pd.read_parquet(real("bugbug_label_history", "label_events.parquet")).sort_values("date", kind="stable")


@pytest.fixture(scope="module")
def events(all_events) -> pd.DataFrame:
    """The events of the five files of defect, enhancement and task, with the version in force."""
    found = all_events[all_events["file"].isin(PEOPLE)].copy()
    turns = {found.loc[found["commit"] == commit, "date"].min(): version for commit, version in RENAMES.items()}
    found["version"] = [max(["1.0.0", *(v for turn, v in turns.items() if date >= turn)]) for date in found["date"]]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A project with the three versions of ``triage``."""
    made = tmp_path_factory.mktemp("bugbug")
    (made / "retrolabel.toml").write_text('store = ".retrolabel"\ntracking = false\n')
    schema = made / "labeling_functions" / "triage" / "schema"
    schema.mkdir(parents=True)
    for package in (schema, schema.parent, schema.parent.parent):
        (package / "__init__.py").write_text("")
    for name, text in FILES.items():
        (schema / f"{name}.py").write_text(text)
    yield made
    forget()


@pytest.fixture(scope="module")
def opened(folder) -> retrolabel.Workspace:
    """The project's workspace."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RETROLABEL_STORE", "MLFLOW_TRACKING_URI"):
            patch.delenv(name, raising=False)
        return retrolabel.open(folder, store=folder / ".retrolabel")


@pytest.fixture(scope="module")
def history(opened) -> History:
    """The three versions."""
    return opened.task("triage").history


def replay(events: pd.DataFrame) -> tuple[dict[tuple[str, str], Stored], list[tuple[Stored | None, Stored | None]]]:
    """Return what stands after the events, and (before, after) of each of them.

    Fails where an event replaces something else than what stood there.
    """
    standing: dict[tuple[str, str], Stored] = {}
    moves = []
    versions = events["version"] if "version" in events else [""] * len(events)
    rows = zip(events["file"], events["item_id"], events["old_label"], events["new_label"], versions, strict=True)
    for file, item, old, new, version in rows:
        before = standing.pop((file, item), None)
        assert (None if pd.isna(old) else old) == (before.value if before else None)
        after = None if pd.isna(new) else Stored(new, version)
        if after:
            standing[file, item] = after
        moves.append((before, after))
    return standing, moves


# The versions ----------------------------------------------------------------------------------


def test_schema_each_rename_deserves_a_minor_bump_and_gets_one(history):
    for older, newer in (("1.0.0", "1.1.0"), ("1.1.0", "1.2.0"), ("1.0.0", "1.2.0")):
        relation = history.relation(older, newer)
        assert deserved_bump(relation, history[older], history[newer]) == "minor"
        assert given_bump(history[older], history[newer]) == "minor"
        told = {change.label: change for change in changes(relation, history[older], history[newer])}
        assert {change.change for change in told.values()} <= {"same", "display"}
        assert told["enhancement"].change == "display"
        assert not any(change.needs_people for change in told.values())


def test_schema_every_version_reads_every_other_exactly_under_the_same_ids(history):
    for source in VERSIONS:
        for target in VERSIONS:
            relation = history.relation(source, target)
            assert relation.images == {each: frozenset({each}) for each in ("defect", "enhancement", "task")}
            assert not relation.suspect_positive | relation.suspect_negative | relation.unknown


# The events ------------------------------------------------------------------------------------


def test_schema_every_value_but_four_typos_is_a_label_of_the_version_in_force_at_its_commit(events, history):
    stored = [after for _, after in replay(events)[1] if after]
    outside = Counter((each.value, each.version) for each in stored if history[each.version].parse(each.value) is None)
    assert outside == {
        ("s", "1.1.0"): 1,
        ("jd", "1.1.0"): 1,
        ("f", "1.1.0"): 1,  # written five days after f had become e
        ("r", "1.1.0"): 1,
        ('j"defect"', "1.2.0"): 1,  # jd again: the rename put the word for its letter
    }
    assert Counter(each.version for each in stored) == {"1.0.0": 531, "1.1.0": 4_921, "1.2.0": 9_009}


def test_schema_the_renaming_commits_replace_labels_of_the_older_version_by_labels_of_the_newer(events, history):
    _, moves = replay(events)
    read = {"1.1.0": Counter(), "1.2.0": Counter()}
    for commit, (before, after) in zip(events["commit"], moves, strict=True):
        if commit not in RENAMES:
            continue
        version = RENAMES[commit]
        assert after.version == version
        assert before.version < version
        old, new = history[before.version].parse(before.value), history[version].parse(after.value)
        if old is None or new is None:
            read[version]["outside"] += 1
            continue
        read[version][old.id] += 1
        assert history.relation(before.version, version).project(old) == {new.id}
        assert history[version].parse(before.value) is None  # which is why old and new need a version each
    assert read == {
        "1.1.0": {"enhancement": 59},
        "1.2.0": {"defect": 3_157, "task": 1_961, "enhancement": 270, "outside": 1},
    }


def test_schema_read_under_one_version_alone_much_of_the_history_is_no_label(events, history):
    values = Counter(after.value for _, after in replay(events)[1] if after)
    unread = {v: sum(n for value, n in values.items() if history[v].parse(value) is None) for v in VERSIONS}
    assert unread == {"1.0.0": 274, "1.1.0": 65, "1.2.0": 5_453}


def test_schema_every_original_that_was_a_label_is_exactly_one_in_the_last_version(events, history):
    standing, _ = replay(events[events["date"] < LAST_RENAME])
    after, _ = replay(events[events["date"] <= LAST_RENAME])
    read = Readings(history, "1.2.0")
    readings = []
    for where, stored in standing.items():
        label = history[stored.version].parse(stored.value)
        if label is None:
            continue
        readings.append(read.of(label.id, stored.version))
        assert readings[-1].resolved_by == "human"
        assert readings[-1].ids == (after[where].value,)  # what the repository made of it by rewriting
    assert counted(readings) == {"exact": 5_388, "set": 0, "unknown": 0, "suspect": 0, "near_miss": 0}
    assert len(standing) == 5_392


def test_schema_what_people_changed_their_minds_about_is_no_rename(events, history):
    _, moves = replay(events)
    changed = Counter()
    for commit, (before, after) in zip(events["commit"], moves, strict=True):
        if before and after and commit not in RENAMES:
            old, new = history[before.version].parse(before.value), history[after.version].parse(after.value)
            changed[old.id, new.id] += 1
    assert sum(changed.values()) == 13
    assert all(old != new for old, new in changed)


# The store -------------------------------------------------------------------------------------


def write_csv(path: Path, head: list[str], rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def ws(opened, events, folder) -> retrolabel.Workspace:
    """The workspace, with every bug that has a label as an item."""
    first = events.drop_duplicates("item_id")
    rows = [(item, date.isoformat(), f"bug {item}") for item, date in zip(first["item_id"], first["date"], strict=True)]
    opened.feedback.ingest(write_csv(folder / "bugs.csv", ["item_id", "created_at", "title"], rows), "bugzilla")
    return opened


@pytest.fixture(scope="module")
def files(events, folder) -> dict[str, Path]:
    """A file for each version: the labels that stood before the last rename, and those that came after it."""
    before, _ = replay(events[events["date"] < LAST_RENAME])
    after, _ = replay(events)
    standing = before | {where: stored for where, stored in after.items() if where not in before}
    made = {}
    for version in VERSIONS:
        rows = [
            (item, stored.value, file.removeprefix("defect_enhancement_task").strip("_") or "first")
            for (file, item), stored in standing.items()
            if stored.version == version
        ]
        made[version] = write_csv(folder / f"labels-{version}.csv", ["item_id", "label", "who"], rows)
    return made


def lines_of(path: Path) -> dict[str, int]:
    """Return the line of each value that occurs once."""
    with path.open(encoding="utf-8", newline="") as stream:
        labels = [row["label"] for row in csv.DictReader(stream)]
    return {label: place for place, label in enumerate(labels, start=2) if labels.count(label) == 1}


def take_in(ws, path, version, **more):
    return ws.task("triage").gold.import_file(path, "bugzilla", annotator="who", role="dev", schema=version, **more)


@pytest.fixture(scope="module")
def reports(ws, files):
    """The first import of each file, in order of time."""
    return {version: take_in(ws, files[version], version) for version in VERSIONS}


def test_schema_labels_come_in_under_the_version_they_were_made_under_and_only_typos_stay_out(reports):
    told = {version: (report.rows, report.added, report.quarantined) for version, report in reports.items()}
    assert told == {"1.0.0": (471, 471, 0), "1.1.0": (4_921, 4_917, 4), "1.2.0": (3_463, 3_463, 0)}


def test_schema_each_typo_is_told_with_its_line_its_count_and_the_nearest_label(reports, files):
    line = lines_of(files["1.1.0"])
    told = {each.value: (each.rows, each.line, each.nearest) for each in reports["1.1.0"].outside}
    assert told == {
        "s": (1, line["s"], None),
        "jd": (1, line["jd"], "defect"),
        "f": (1, line["f"], "enhancement"),  # 1.0.0 knew it
        "r": (1, line["r"], None),
    }
    (f,) = (each for each in reports["1.1.0"].outside if each.value == "f")
    assert "is a label of triage 1.0.0, not of triage 1.1.0" in f.why


def test_schema_the_quarantine_file_holds_exactly_the_rows_of_the_typos(reports, files):
    line = lines_of(files["1.1.0"])
    lines = Path(reports["1.1.0"].quarantine).read_text(encoding="utf-8").splitlines()
    held = {json.loads(each)["where"]: json.loads(each) for each in lines}
    assert len(lines) == 4
    assert set(held) == {f"line {line[value]}" for value in ("s", "jd", "f", "r")}
    assert held[f"line {line['jd']}"]["reason"].startswith("'jd' is no label of triage 1.1.0")


def test_schema_a_typo_that_is_mapped_adds_exactly_its_row(reports, ws, files):
    before = len(ws.catalog.gold.human_labels("triage"))
    report = take_in(ws, files["1.1.0"], "1.1.0", map_label={"jd": "defect"})
    assert (report.added, report.known, report.quarantined) == (1, 4_917, 3)
    assert {each.value for each in report.outside} == {"s", "f", "r"}
    new = ws.catalog.gold.human_labels("triage")[before:]
    assert [(label.item_id, label.annotator, label.label, label.schema_version) for label in new] == [
        ("1529199", "e", "defect", "1.1.0")
    ]


def test_schema_everything_in_the_store_is_read_exactly_in_the_last_version(reports, ws, history):
    read = Readings(history, "1.2.0")
    labels = ws.catalog.gold.human_labels("triage")
    assert {label.schema_version for label in labels} == set(VERSIONS)
    found = counted(read(label) for label in labels)
    assert found == {"exact": len(labels), "set": 0, "unknown": 0, "suspect": 0, "near_miss": 0}
    assert {read(label).resolved_by for label in labels} == {"human"}


@pytest.fixture(scope="module")
def rewritten(reports, ws, events, folder):
    """The same labels as the repository rewrote them, taken in under the last version as another source."""
    standing, _ = replay(events[events["date"] <= LAST_RENAME])
    first = events.drop_duplicates("item_id")
    rows = [(item, date.isoformat(), f"bug {item}") for item, date in zip(first["item_id"], first["date"], strict=True)]
    ws.feedback.ingest(write_csv(folder / "copy.csv", ["item_id", "created_at", "title"], rows), "rewritten")
    labels = [(item, stored.value, file) for (file, item), stored in standing.items()]
    path = write_csv(folder / "rewritten.csv", ["item_id", "label", "who"], labels)
    return ws.task("triage").gold.import_file(path, "rewritten", annotator="who", role="dev", schema="1.2.0")


def mapping(remedy: str) -> str:
    """Return what a shell hands to ``--map-label`` when somebody copies the remedy."""
    words = shlex.split(remedy)
    return words[words.index("--map-label") + 1]


def test_schema_the_typos_are_still_outside_after_the_labels_were_rewritten(rewritten):
    assert (rewritten.rows, rewritten.added, rewritten.quarantined) == (5_392, 5_388, 4)
    told = {each.value: (each.rows, each.nearest) for each in rewritten.outside}
    assert {value: rows for value, (rows, _) in told.items()} == {"s": 1, 'j"defect"': 1, "f": 1, "r": 1}
    assert told['j"defect"'] == (1, "defect")


def test_schema_the_remedy_of_a_typo_names_the_value_and_the_nearest_label(reports):
    remedies = {each.value: each.remedy for each in reports["1.1.0"].outside}
    assert mapping(remedies["jd"]) == "jd=defect"
    assert mapping(remedies["s"]).startswith("s=")
    assert mapping(remedies["r"]).startswith("r=")


def test_schema_the_remedy_of_a_typo_with_quotes_in_it_can_be_copied_into_a_shell(rewritten):
    (typo,) = (each for each in rewritten.outside if each.value == 'j"defect"')
    assert mapping(typo.remedy) == 'j"defect"=defect'


def test_schema_the_remedy_of_one_old_code_among_thousands_of_new_ones_maps_that_code_alone(reports):
    # --schema 1.0.0 alone would take 4,647 other labels in a second time, under a version that is not theirs,
    # and put the 270 rows aside that hold e.
    (f,) = (each for each in reports["1.1.0"].outside if each.value == "f")
    assert mapping(f.remedy) == "f=enhancement"


# A refinement ----------------------------------------------------------------------------------

BUG = Label("bug", "Somebody reports a fault.", aliases=["True"])
NOBUG = Label("nobug", "What is asked for is no mending of a fault.", aliases=["False"])
KINDS = [
    Label("regression", "It worked in a version before."),
    Label("bug_unknown_regression", "Nobody knows whether it ever worked."),
    Label("bug_no_regression", "It never worked."),
]
COARSE = LabelSchema(task="bugs", version="1.0.0", labels=[BUG, NOBUG])
FINE = LabelSchema(
    task="bugs",
    version="2.0.0",
    revises=COARSE,
    labels=[*KINDS, Label("nobug", NOBUG.definition)],
    steps=[Split(BUG, into=KINDS)],
)
REFINED = History([COARSE, FINE])


@pytest.fixture(scope="module")
def both(all_events) -> pd.DataFrame:
    """The bugs that have a label in both sets: the stored values, each as its people left it."""
    coarse, fine = (
        all_events[all_events["file"] == file].drop_duplicates("item_id", keep="last").set_index("item_id")["new_label"]
        for file in ("bug_nobug", "regression_bug_nobug")
    )
    return pd.DataFrame({"coarse": coarse, "fine": fine}).dropna()


def test_schema_the_refinement_is_a_major_change(all_events):
    assert deserved_bump(REFINED.relation("1.0.0", "2.0.0"), COARSE, FINE) == "major"


def test_schema_every_value_of_the_refined_set_but_null_is_a_label(all_events):
    outside = Counter()
    for file, version in (("bug_nobug", COARSE), ("regression_bug_nobug", FINE)):
        values = all_events.loc[all_events["file"] == file, "new_label"].dropna()
        outside.update(value for value in values if version.parse(value) is None)
        standing, _ = replay(all_events[all_events["file"] == file])
        assert all(version.parse(stored.value) for stored in standing.values())  # people mended the three later
    assert outside == {"null": 3}


def test_schema_every_fine_label_but_one_is_inside_what_the_coarse_label_leaves_possible(both):
    relation = REFINED.relation("1.0.0", "2.0.0")
    inside = {
        item: FINE.parse(row.fine).id in relation.project(COARSE.parse(row.coarse)) for item, row in both.iterrows()
    }
    assert len(inside) == 28
    # 1492010: somebody said that it is a bug (2018-09-23), and somebody that it is none (2019-01-15).
    assert [item for item, fits in inside.items() if not fits] == ["1492010"]


def test_schema_read_in_the_coarse_version_every_fine_label_is_exact(both):
    down = REFINED.relation("2.0.0", "1.0.0")
    kinds = {down.kind(FINE.parse(value)) for value in both["fine"]}
    same = sum(down.project(FINE.parse(row.fine)) == {COARSE.parse(row.coarse).id} for row in both.itertuples())
    assert (kinds, same) == ({"exact"}, 27)


def test_schema_a_coarse_label_that_was_split_is_a_set_and_the_other_one_stays_exact(both):
    relation = REFINED.relation("1.0.0", "2.0.0")
    kinds = Counter(relation.kind(COARSE.parse(value)) for value in both["coarse"])
    assert kinds == {"set": 12, "exact": 16}
