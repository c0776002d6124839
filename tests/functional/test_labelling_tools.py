"""Files of the tools that people label with go in as gold: told by what is inside, with what was left out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

FILES = Path(__file__).parent / "data" / "labelling_tools"
TEXTS = (
    "The app crashes on start",
    "I love it",
    "Please add dark mode",
    "It's slow again",  # the files write another apostrophe
    "thanks",
    "Refund me now",
    "Login fails with 401",
    'Café mode, "please"',  # and other quotes
)
SCHEMA = """\
from retrolabel import Label, LabelSchema

BUG, PRAISE = Label("bug", "It is broken."), Label("praise", "Somebody is happy.")
FEATURE, BILLING = Label("feature", "Somebody wants it."), Label("billing", "It is about money.")
SCHEMA = LabelSchema(task="kind", version="1.0.0", labels=[BUG, PRAISE, FEATURE, BILLING])
"""
IMPORT = ("gold", "import", "kind")
BY_TEXT = ("--source", "app", "--role", "dev", "--match", "text=review")
MANY = 24
"""Items that no file is about, so that what is matched is found among others."""


@pytest.fixture
def project(folder, run, write, once):
    def build():
        for package in ("", "/kind", "/kind/schema"):
            write(f"labeling_functions{package}/__init__.py", "")
        write("labeling_functions/kind/schema/v1.py", SCHEMA)
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        rows = [json.dumps({"ref": f"r{n}", "review": text}) for n, text in enumerate(TEXTS)]
        rows += [json.dumps({"ref": f"x{n}", "review": f"something else {n}"}) for n in range(MANY)]
        write("app.jsonl", "\n".join(rows))
        assert run("ingest", "app.jsonl", "--source", "app", "--id", "ref").code == 0

    return once("labelling_tools", build)


@pytest.fixture
def take(project, run):
    """Import a file of the folder under a name that says nothing; return what was reported."""

    def go(name, *words, by=BY_TEXT):
        anonymous = project / f"f{Path(name).suffix}"
        shutil.copy(FILES / name, anonymous)
        done = run(*IMPORT, anonymous.name, *by, *words, "--json")
        assert done.code == 0, done.err
        return done.json

    return go


def labels_of(run):
    run("gold", "show", "kind", "--out", "out.csv")
    rows = [line.split(",") for line in Path("out.csv").read_text(encoding="utf-8").splitlines()[1:]]
    return {(item, person): label for _, item, person, _, label, *_ in rows}


TOOLS = {
    "label_studio.json": (
        "Label Studio (JSON)",
        7,
        {
            "answer to another question": 8,
            "prediction": 8,
            "cancelled annotation": 1,
            "answer beside one marked as ground truth (--all-answers keeps it)": 1,
            "empty annotation": 1,
        },
    ),
    "label_studio_min.json": ("Label Studio (JSON_MIN or CSV)", 8, {}),
    "label_studio.csv": ("Label Studio (JSON_MIN or CSV)", 8, {}),
    "doccano.jsonl": ("doccano", 7, {"record without a label": 1}),
    "prodigy.jsonl": ("Prodigy", 6, {"rejected answer": 1, "ignored answer": 1}),
    "argilla.json": ("Argilla", 10, {"suggestion": 8, "answer to another question": 7}),
    "argilla_flat.json": (
        "Argilla",
        8,
        {"suggestion": 8, "answer to another question": 7, "draft response": 1, "discarded response": 1},
    ),
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_file_is_recognised_and_all_that_is_left_out_is_counted(take, name):
    tool, answers, left_out = TOOLS[name]
    found = take(name)
    assert (found["read_as"], found["unmatched"], found["ambiguous"]) == (tool, 0, 0)
    assert found["added"] + found["several"] == answers
    left_out = dict(left_out)
    assert {what: many for what, many in found["left_out"].items() if what in left_out} == left_out
    assert set(found["left_out"]) <= {*left_out, "empty annotation"}


def test_label_studio_names_people_times_seconds_and_the_right_answer(take, run):
    found = take("label_studio.json", "--role", "dev")
    assert found["several"] == 1  # billing and bug
    assert labels_of(run) == {
        ("r0", "ana@example.com"): "bug",
        ("r1", "ana@example.com"): "praise",
        ("r2", "7"): "feature",
        ("r3", "ana@example.com"): "bug",
        ("r6", "ana@example.com"): "bug",
        ("r7", "ana@example.com"): "feature",
    }


def test_answers_beside_the_right_one_are_kept_where_that_is_asked_for(take, run):
    take("label_studio.json", "--all-answers")
    assert labels_of(run)["r3", "7"] == "praise"


def test_one_file_a_person_in_doccanos_archive_names_the_people(take, run):
    found = take("doccano.zip")
    assert found["left_out"] == {"record without a label": 6}
    people = {person for _, person in labels_of(run)}
    assert people == {"ana", "bo"}


def test_prodigy_tells_its_annotator_and_counts_what_was_rejected(take, run):
    take("prodigy.jsonl")
    found = labels_of(run)
    assert {person for _, person in found} == {"reviews-ana"}
    assert [found[f"r{n}", "reviews-ana"] for n in (0, 2, 3, 6)] == ["bug", "feature", "bug", "bug"]


def test_a_label_that_was_accepted_alone_is_an_answer_of_prodigy(take, run):
    found = take("prodigy_binary.jsonl")
    assert (found["added"], found["left_out"]) == (2, {"rejected answer": 2})


def test_spacys_categories_go_in_from_a_docbin_and_from_pairs(take, run, project, write):
    nlp, docs = spacy.blank("en"), DocBin(store_user_data=True)
    for place, text in enumerate(TEXTS[:4]):
        doc = nlp(text)
        doc.cats = {"bug": float(place % 2 == 0), "praise": float(place % 2)}
        docs.add(doc)
    docs.to_disk(project / "train.spacy")
    done = run(*IMPORT, "train.spacy", *BY_TEXT, "--json").json
    assert (done["read_as"], done["added"]) == ("spaCy", 4)
    pairs = [[text, {"cats": {"bug": 1, "praise": 0}}] for text in TEXTS[4:7]]
    write("pairs.json", json.dumps(pairs))
    done = run(*IMPORT, "pairs.json", *BY_TEXT, "--json").json
    assert (done["read_as"], done["added"]) == ("spaCy", 3)


@pytest.mark.parametrize("name", ["mlflow.json", "mlflow.csv"])
def test_what_people_say_of_traces_goes_in_by_the_traces_ids(project, run, write, name):
    ids = [
        f'{{"item_id": "{each["info"]["trace_id"]}", "review": "x"}}'
        for each in json.loads((FILES / "mlflow.json").read_text())
    ]
    write("traces.jsonl", "\n".join(ids))
    assert run("ingest", "traces.jsonl", "--source", "chat").code == 0
    shutil.copy(FILES / name, project / name)
    words = (
        "--source",
        "chat",
        "--role",
        "dev",
        "--label",
        "mood",
        "--map-label",
        "good=praise",
        "--map-label",
        "bad=bug",
    )
    found = run(*IMPORT, name, *words, "--json").json
    assert (found["read_as"], found["added"], found["unknown_items"]) == ("MLflow", 4, 0)
    assert found["left_out"] == {"answer to another question": 1, "assessment by a judge or by code": 4}
    assert {person for _, person in labels_of(run)} == {"ana@example.com"}


def test_a_list_of_answers_with_their_people_goes_in_by_its_ids(project, run, write):
    said = [{"user": "ana", "label": "Bug", "time": "2026-01-02"}, {"user": "bo", "label": " praise"}]
    write("f.json", json.dumps([{"item_id": "r0", "answers": said}, {"item_id": "r1", "answers": said[:1]}]))
    found = run(*IMPORT, "f.json", "--source", "app", "--role", "dev", "--json").json
    assert (found["added"], found["read_as"]) == (3, "a list of answers, each with its person")


def test_labels_of_any_record_are_read_where_paths_say_they_are(project, run, write):
    said = [
        {"who": {"name": "ana"}, "tags": ["bug"], "when": "2026-01-02"},
        {"who": {"name": "bo"}, "tags": ["praise"]},
    ]
    write("f.json", json.dumps({"meta": {"of": "us"}, "data": [{"ref": "r0", "said": said}]}))
    words = (*IMPORT, "f.json", "--source", "app", "--role", "dev")
    done = run(*words)
    assert done.code == 1
    assert "said[].tags[] ('bug')" in done.err
    paths = ("--labels-at", "said[].tags", "--item", "ref")
    assert "2 answers at said[].tags, and nothing says whose they are" in run(*words, *paths).err
    found = run(*words, *paths, "--annotator-at", "said[].who.name", "--time-at", "said[].when", "--json").json
    assert found["added"] == 2
    assert labels_of(run) == {("r0", "ana"): "bug", ("r0", "bo"): "praise"}


def test_without_an_id_the_error_names_the_options_that_would_tell_the_items(project, run, state):
    shutil.copy(FILES / "label_studio.json", project)
    before = state()
    done = run(*IMPORT, "label_studio.json", "--source", "app", "--role", "dev")
    assert done.code == 1
    assert "(id is the tool's own number)" in done.err
    assert "--item ref (ids of 8 of 8 are there), or --match text=review (8 of 8 texts are there)" in done.err
    assert state() == before
    assert run(*IMPORT, "label_studio.json", "--source", "app", "--role", "dev", "--item", "ref").code == 0


def test_the_tools_own_number_is_never_taken_for_an_id(project, run, write):
    write("numbers.jsonl", "\n".join(json.dumps({"item_id": str(n), "comment": f"c{n}"}) for n in range(40, 60)))
    run("ingest", "numbers.jsonl", "--source", "numbers")
    shutil.copy(FILES / "label_studio.json", project)
    done = run(*IMPORT, "label_studio.json", "--source", "numbers", "--role", "dev")
    assert done.code == 1
    assert "--item id" not in done.err


def test_spans_are_refused_with_a_word(project, run, state):
    shutil.copy(FILES / "doccano_spans.jsonl", project)
    before = state()
    done = run(*IMPORT, "doccano_spans.jsonl", *BY_TEXT)
    assert done.code == 1
    assert "holds spans (3), marks on parts of texts: a label of a task is of a whole item" in done.err
    assert state() == before


REFUSED = {
    "unknown_tool": (("--from", "labelstudio"), "is none of", "--from label-studio"),
    "other_tool": (("--from", "prodigy"), "holds no records of Prodigy", "--from doccano"),
    "both": (("--from", "doccano", "--labels-at", "label[]"), "stands beside --from doccano", "leave one out"),
    "beside": (("--annotator-at", "who"), "goes with --labels-at", "--labels-at PATH"),
    "no_path": (("--labels-at", "label[", "--item", "ref"), "is no path", "annotations[].result[].value.choices"),
    "not_there": (("--labels-at", "labl[]", "--item", "ref"), "holds no answer of a person that counts", "label[] ("),
    "no_item": (
        (
            "--item",
            "rf",
        ),
        "no record of doccano.jsonl has that",
        "ref ('r0')",
    ),
    "no_text": (
        (
            "--match",
            "txt=review",
        ),
        "no record of doccano.jsonl has that",
        "text (",
    ),
    "no_column": (
        (
            "--match",
            "text=reviw",
        ),
        "has no column 'reviw'",
        "--match TEXT=review",
    ),
    "people": (("--annotator-columns", "a,b", "--from", "doccano"), "are columns of a table", "leave it out"),
    "twice": (
        ("--labels-at", "label[]", "--annotator-at", "a", "--annotator", "b"),
        "--annotator b: stands beside --annotator-at a",
        "leave one of the two out",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_with_what_would_and_nothing_is_stored(project, run, state, case):
    words, says, remedy = REFUSED[case]
    shutil.copy(FILES / "doccano.jsonl", project)
    before = state()
    done = run(*IMPORT, "doccano.jsonl", "--source", "app", "--role", "dev", *words)
    assert done.code == 1
    assert says in done.err
    assert remedy in done.err
    assert state() == before


def test_broken_records_are_all_listed_with_their_lines(project, run, write, state):
    write("f.jsonl", '{"text": "a", "label": ["bug"]}\n{"text": "b", "label": \n[1]\n{"text": "c", "label": ["bug"]}\n')
    before = state()
    done = run(*IMPORT, "f.jsonl", *BY_TEXT)
    assert done.code == 1
    assert "line 2: is not JSON" in done.err
    assert "line 3: is not a JSON object" in done.err
    assert state() == before


def test_rows_of_a_tool_that_look_like_a_table_are_read_as_the_tools(project, run):
    shutil.copy(FILES / "label_studio.csv", project / "f.csv")
    done = run(*IMPORT, "f.csv", "--source", "app", "--role", "dev", "--item", "ref", "--label", "kind")
    assert "read as Label Studio (JSON_MIN or CSV)" in done.out
    assert {person for _, person in labels_of(run)} == {"ana@example.com", "7"}


def test_people_and_times_may_stand_elsewhere_in_a_tools_records(project, run, write):
    record = {"text": TEXTS[0], "label": ["bug"], "by": {"name": "cleo"}, "done": 1_700_000_000}
    write("f.jsonl", json.dumps(record) + "\n" + json.dumps(record | {"text": TEXTS[1], "label": ["praise"]}))
    words = (*IMPORT, "f.jsonl", *BY_TEXT, "--annotator", "by.name", "--time", "done", "--time-format", "epoch-s")
    assert run(*words).code == 0
    assert labels_of(run) == {("r0", "cleo"): "bug", ("r1", "cleo"): "praise"}


SAME_IN_A_DRY_RUN = {"dry_run", "first", "quarantine"}
"""What a dry run says otherwise: that it is one, what would be stored, and no file of rows that were put aside."""


@pytest.mark.parametrize("name", ["label_studio.json", "doccano.zip", "argilla_flat.json"])
def test_a_dry_run_says_what_the_import_then_does_and_stores_nothing(take, run, state, name):
    before = state()
    dry = take(name, "--dry-run")["dry_run"]
    assert state() == before
    assert (dry["dry_run"], dry["quarantine"]) == (True, None)
    real = take(name)
    assert {key: dry[key] for key in real if key not in SAME_IN_A_DRY_RUN} == {
        key: real[key] for key in real if key not in SAME_IN_A_DRY_RUN
    }
    stored = labels_of(run)
    assert len(dry["first"]) == 3
    for each in dry["first"]:
        assert stored[each["item_id"], each["annotator"]] == each["label"]
    again = take(name, "--dry-run")["dry_run"]
    assert (again["added"], again["known"]) == (0, real["added"])


def test_a_dry_run_shows_the_first_labels_and_what_needs_a_mapping(project, run, write, state):
    write("f.csv", "item_id,label,who\nr0,Bug,ana\nr1,Praise,ana\nr4,nice,bo\n")
    before = state()
    words = (*IMPORT, "f.csv", "--source", "app", "--role", "dev", "--annotator", "who", "--dry-run")
    done = run(*words)
    assert done.code == 0
    assert "f.csv: 3 rows -> 2 new labels, 0 known already (2 dev). Nothing is stored." in done.out
    assert 'if that is what it means: --map-label "nice=' in done.out or '--map-label "nice=LABEL"' in done.out
    assert "put aside, since their values are no labels: 1 row\n" in done.out
    assert ["annotator", "ana", "ana"] in [line.split() for line in done.out.splitlines()]
    assert state() == before


def test_a_dry_run_is_refused_as_the_import_is(project, run, write):
    write("f.csv", "item_id,label\nr0,Bug\nzz,Bug\n")
    dry, real = (run(*IMPORT, "f.csv", "--source", "app", "--role", "dev", *more) for more in (["--dry-run"], []))
    assert (dry.code, dry.err) == (real.code, real.err) == (1, real.err)


def test_the_same_file_twice_adds_nothing(take):
    assert take("label_studio.json")["added"] == 6
    again = take("label_studio.json")
    assert (again["added"], again["known"]) == (0, 6)
