"""MLflow both ways, with a real tracking server: runs, traces, labels; and what a server in trouble costs."""

from __future__ import annotations

import importlib.util
import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

import retrolabel
from retrolabel.tracking import traces as reading
from retrolabel.tracking.mlflow import imported, quiet
from retrolabel.wiring.trace_options import TraceOptions
from retrolabel.wiring.traces import TraceIngest
from tests.mlflow_server import Door, tracking_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]
CANARY = "zebra-canary-4711"
LFS = '''
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import labeling_function


@labeling_function(BAD)
def asks_again(request):
    """The person asks again."""
    return "again" in request


@labeling_function(GOOD)
def judge_says_relevant(judge_relevance):
    """A judge that is a voter."""
    return judge_relevance == "yes"
'''


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with tracking_server(tmp_path_factory.mktemp("mlflow")) as url:
        yield url


@pytest.fixture
def door(server):
    made = Door(server)
    yield made
    made.shut()


@pytest.fixture
def mlflow(server, monkeypatch):
    """MLflow as an application uses it; the environment is as it was, afterwards."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", "false")
    with quiet():
        module = imported("a test")
        module.set_tracking_uri(server)
    yield module
    with quiet():
        module.set_tracking_uri(None)


@pytest.fixture
def chat(mlflow, request):
    """An application that is traced, in an experiment of its own."""
    name = request.node.name[:60]
    with quiet():
        experiment = mlflow.set_experiment(name).experiment_id
    return SimpleNamespace(
        name=name, ask=lambda *said: ask(mlflow, said), assess=lambda *a, **k: assess(mlflow, *a, **k), id=experiment
    )


def ask(mlflow, said):
    """Trace a request for each text; return the ids."""
    ids = []
    with quiet():
        for text in said:
            with mlflow.start_span(name="answer") as span:
                span.set_inputs({"messages": [{"role": "user", "content": text}]})
                span.set_outputs({"choices": [{"message": {"role": "assistant", "content": f"re: {text}"}}]})
                mlflow.update_current_trace(metadata={"mlflow.trace.session": "s1", "mlflow.trace.user": "u1"})
            ids.append(span.trace_id)
    return ids


def assess(mlflow, trace, name, value, by="ana", kind="HUMAN", **more):
    source = mlflow.entities.AssessmentSource(source_type=kind, source_id=by)
    return mlflow.log_feedback(trace_id=trace, name=name, value=value, source=source, **more).assessment_id


@pytest.fixture
def mood(run, folder, write, server, monkeypatch):
    """A project with the task mood that is told of the server."""
    assert run("init", ".", "--task", "mood").code == 0
    (folder / "labeling_functions" / "mood" / "wording.py").write_text(LFS)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("RETROLABEL_TRACKING", "false")
    return folder


@pytest.fixture
def take(run, mood, chat):
    """Run ``retrolabel ingest mlflow`` on the experiment; return what it says as JSON."""

    def go(*words, code=0):
        done = run("ingest", "mlflow", "--experiment", chat.name, "--source", "chat", *words, "--json")
        assert done.code == code, done
        return done.json["traces"] if code == 0 or "traces" in done.json else done.json["error"]

    return go


def counts(report):
    return {name: report[name] for name in ("traces", "added", "revised", "unchanged")}


def gold_of(report):
    return {each["task"]: (each["added"], each["known"], each["left_out"]) for each in report["gold"]}


def items():
    frame = retrolabel.open(".").feedback.items("chat")
    return frame.set_index("item_id")


# Traces in ---------------------------------------------------------------------------------------


def test_traces_become_items_judges_their_columns_and_answers_of_people_gold_and_once_is_enough(
    chat, take, state, mlflow
):
    first, second = chat.ask("where is it", "I ask again")
    chat.assess(first, "relevance", "yes", "gpt", "LLM_JUDGE")
    chat.assess(second, "mood", "bad", rationale="she asks twice")
    chat.assess(second, "mood", "meh", by="ben")
    chat.assess(second, "thumbs", value=True)
    by_cy = mlflow.entities.AssessmentSource(source_type="HUMAN", source_id="cy")
    mlflow.log_expectation(trace_id=first, name="mood", value="good", source=by_cy)
    report = take("--gold", "mood")
    assert counts(report) == {"traces": 2, "added": 2, "revised": 0, "unchanged": 0}
    assert gold_of(report) == {"mood": (2, 0, {"meh": 1})}
    assert report["other_answers"] == {"thumbs": 1}
    found = items()
    assert found.loc[first, ["request", "response", "status", "session", "user", "judge_relevance"]].tolist() == [
        "where is it", "re: where is it", "OK", "s1", "u1", "yes",
    ]  # fmt: skip
    said = retrolabel.open(".").task("mood").gold.labels()[["item_id", "annotator", "label", "role"]]
    assert sorted(map(tuple, said.to_numpy())) == sorted([(first, "cy", "good", "dev"), (second, "ana", "bad", "dev")])
    before = state()
    again = take("--gold", "mood")
    assert counts(again) == {"traces": 2, "added": 0, "revised": 0, "unchanged": 2}
    assert gold_of(again) == {"mood": (0, 2, {"meh": 1})}
    assert state() == before


def test_what_is_said_later_revises_the_item_and_corrects_the_gold(chat, take, mlflow):
    (trace,) = chat.ask("where is it")
    chat.assess(trace, "relevance", "no", "gpt", "LLM_JUDGE")
    chat.assess(trace, "mood", "bad")
    take("--gold", "mood")
    (other,) = chat.ask("I ask again")
    chat.assess(trace, "relevance", "yes", "gpt", "LLM_JUDGE")
    report = take("--gold", "mood")
    assert counts(report) == {"traces": 2, "added": 1, "revised": 1, "unchanged": 0}
    assert set(items().index) == {trace, other}
    assert items().loc[trace, "judge_relevance"] == "yes"
    (said,) = retrolabel.open(".").task("mood").gold.labels().to_dict("records")
    assert (said["label"], said["suspect"]) == ("bad", False)  # the judge said something, the text is as it was
    chat.assess(trace, "mood", "good")
    assert gold_of(take("--gold", "mood"))["mood"][0] == 1
    (said,) = retrolabel.open(".").task("mood").gold.labels().to_dict("records")
    assert said["label"] == "good"


def test_a_value_that_is_no_label_is_taken_once_it_is_mapped(chat, take):
    (trace,) = chat.ask("where is it")
    chat.assess(trace, "helpful", value=False)
    assert gold_of(take("--gold", "helpful=mood")) == {"mood": (0, 0, {"false": 1})}
    report = take("--gold", "helpful=mood", "--map-label", "false=bad")
    assert gold_of(report) == {"mood": (1, 0, {})}


def test_a_judge_that_is_new_to_a_source_gets_its_column_when_that_is_asked_for(chat, take):
    (trace,) = chat.ask("where is it")
    take()
    chat.assess(trace, "Safe for work", value=True, by="scan.py", kind="CODE")
    (note,) = take()["notes"]
    assert note.startswith("1 verdict of 'Safe for work' stays out: the source has no column judge_safe_for_work")
    report = take("--widen")
    assert (counts(report)["revised"], report["notes"]) == (1, [])
    assert bool(items().loc[trace, "judge_safe_for_work"]) is True


def test_only_traces_since_a_day_are_read(chat, take):
    chat.ask("where is it")
    assert take("--since", "2999-01-01")["traces"] == 0
    assert take("--since", "2020-01-01")["added"] == 1


def test_a_dry_run_shows_the_first_values_and_stores_nothing(chat, mood, run):
    (trace,) = chat.ask("where is it")
    chat.assess(trace, "mood", "bad")
    done = run("ingest", "mlflow", "--experiment", chat.name, "--source", "chat", "--gold", "mood", "--dry-run")
    assert done.code == 0, done.err
    assert "the first 1 trace for chat: 1 new. Nothing is stored." in done.out
    assert "'where is it'" in done.out
    assert "gold of mood: 1 new answer, 0 known already" in done.out
    assert not (mood / ".retrolabel" / "catalog.db").exists()


# Labels out --------------------------------------------------------------------------------------


def ours(mlflow, chat, name="mood"):
    """Return trace -> (label, source) of what we wrote, and nobody overrode."""
    with quiet():
        found = mlflow.MlflowClient().search_traces(locations=[chat.id], include_spans=False)
    return {
        trace.info.trace_id: (each.feedback.value, each.source.source_id, each.metadata["schema_version"])
        for trace in found
        for each in trace.info.assessments
        if each.name == name and each.valid is not False and each.source.source_type == "CODE"
    }


def test_labels_go_back_as_assessments_once_and_are_no_judges_when_traces_are_read_again(chat, take, run, mlflow, mood):
    first, second, third = chat.ask("I ask again", "where is it", "never again")
    chat.assess(second, "relevance", "yes", "gpt", "LLM_JUDGE")
    take()
    assert run("relabel", "mood").code == 0
    export = ("labels", "export", "mood", "--to", "mlflow", "--json")
    planned = run(*export, "--dry-run").json
    assert (planned["written"], ours(mlflow, chat)) == (3, {})
    done = run(*export, "--dataset", f"{chat.name}-set").json
    made = f"retrolabel/{done['label_set'][:12]}"
    assert (done["written"], done["overridden"], done["kept"], done["records"]) == (3, 0, 0, 3)
    said = {first: ("bad", made, "1.0.0"), second: ("good", made, "1.0.0"), third: ("bad", made, "1.0.0")}
    assert ours(mlflow, chat) == said
    again = run(*export, "--dataset", f"{chat.name}-set").json
    assert (again["written"], again["overridden"], again["kept"]) == (0, 0, 3)
    with quiet():
        held = mlflow.genai.datasets.get_dataset(name=f"{chat.name}-set").to_df()
    assert sorted(each["mood"] for each in held["expectations"]) == ["bad", "bad", "good"]
    assert counts(take())["unchanged"] == 3  # a column judge_mood would let our labels vote
    (mood / "labeling_functions" / "mood" / "wording.py").write_text(LFS.replace('"again" in', '"never again" in'))
    assert run("relabel", "mood").code == 1  # a gate: a third of the items lost their votes
    after = run(*export[:3], "latest", *export[3:]).json
    assert (after["written"], after["overridden"], after["taken_back"]) == (0, 2, 1)
    assert set(ours(mlflow, chat)) == {second, third}


# Runs --------------------------------------------------------------------------------------------


def test_nothing_that_a_tracker_is_told_holds_a_text_of_an_item(run, mood, write, mlflow, monkeypatch, tmp_path):
    monkeypatch.setenv("RETROLABEL_TRACKING", "true")
    lfs = LFS.replace('return "again" in request', 'return 1 / 0 if "fault" in request else "again" in request')
    (mood / "labeling_functions" / "mood" / "wording.py").write_text(lfs.replace("judge_relevance", "request"))
    rows = "".join(f"{n},2026-02-0{n % 9 + 1}T08:00:00Z,{CANARY} {n} again\n" for n in range(40))
    write("f.csv", f"item_id,created_at,request\n{rows}99,2026-02-02T08:00:00Z,{CANARY} fault\n")
    write("gold.csv", f"item_id,label,annotator,why\n1,good,ana,{CANARY}\n2,bad,ana,{CANARY}\n")
    assert run("ingest", "f.csv", "--source", "web").code == 0
    assert (
        run(
            "gold", "import", "mood", "gold.csv", "--role", "dev", "--annotator", "annotator", "--rationale", "why"
        ).code
        == 0
    )
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "1")
    report = run("relabel", "mood", "--json").json
    told = run("report", "mood", "--out", "r.html", "--to", "mlflow", "--json").json
    assert told["mlflow_run"] == report["mlflow_run"]
    assert CANARY in (mood / "r.html").read_text()
    with quiet():
        client = mlflow.MlflowClient()
        found = client.get_run(report["mlflow_run"])
        experiment = client.get_experiment(found.info.experiment_id).name
        place = tmp_path / "told"
        place.mkdir()
        client.download_artifacts(report["mlflow_run"], "", str(place))
    files = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert experiment == "retrolabel/mood"
    assert {"manifest.json", "schema.json", "figures.json", "report.html"} <= set(files)
    schema = json.loads(files["schema.json"])
    assert (schema["version"], [label["id"] for label in schema["labels"]]) == ("1.0.0", ["good", "bad"])
    assert json.loads(files["figures.json"])["items"] == 41
    assert CANARY not in json.dumps(found.to_dictionary())  # params, tags, metrics, dataset inputs
    assert [name for name, content in files.items() if CANARY.encode() in content] == []
    assert b"ZeroDivisionError" in files["report.html"]


# A server in trouble -----------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "says"), [("silent", "no answer within 1 s"), ("broken", "500")])
def test_a_server_in_trouble_costs_an_ingest_an_error_and_a_relabel_a_note(
    state, says, door, chat, take, run, monkeypatch
):
    (trace,) = chat.ask("I ask again")
    chat.assess(trace, "relevance", "no", "gpt", "LLM_JUDGE")
    take()
    monkeypatch.setenv("RETROLABEL_TRACKING_TIMEOUT", "1")
    door.state = state
    began = time.monotonic()
    done = run("ingest", "mlflow", "--experiment", chat.name, "--source", "chat", "--tracking-uri", door.url)
    assert done.code == 1
    assert says in done.err
    assert "Fix: is it up, and is the address right?" in done.err
    monkeypatch.setenv("MLFLOW_TRACKING_URI", door.url)
    monkeypatch.setenv("RETROLABEL_TRACKING", "true")
    labelled = run("relabel", "mood", "--json")
    assert labelled.code == 0
    assert labelled.json["mlflow_run"] is None
    assert "the label set is stored all the same" in labelled.err
    words = ("--source", "chat", "--experiment", chat.name)
    exported = run("labels", "export", "mood", "--to", "mlflow", *words, "--tracking-uri", door.url)
    assert exported.code == 1
    assert time.monotonic() - began < 60


def test_a_full_server_takes_no_labels_and_the_same_command_goes_on_when_there_is_room(door, chat, take, run):
    trace, *_ = chat.ask("I ask again", "where is it", "again and again")
    chat.assess(trace, "relevance", "no", "gpt", "LLM_JUDGE")
    take("--tracking-uri", door.url)
    assert run("relabel", "mood").code == 0
    export = ("labels", "export", "mood", "--to", "mlflow", "--tracking-uri", door.url)
    door.state = "full"
    done = run(*export)
    assert done.code == 1
    assert "Not all was written" in done.out
    door.state = "open"
    assert run(*export, "--json").json["written"] == 2


def test_a_server_that_dies_in_the_middle_leaves_what_was_read_and_the_next_ingest_goes_on(
    door, chat, take, monkeypatch
):
    monkeypatch.setattr(reading, "PAGE", 2)
    said = ["again", "b", "again c", "d", "again e"]
    ids = chat.ask(*said)
    chat.assess(ids[0], "mood", "bad")
    door.searches = 2
    report = take("--gold", "mood", "--tracking-uri", door.url, code=1)
    assert counts(report) == {"traces": 4, "added": 4, "revised": 0, "unchanged": 0}
    assert "gave no traces" in report["stopped"]
    assert gold_of(report) == {"mood": (1, 0, {})}
    door.searches = None
    report = take("--gold", "mood", "--tracking-uri", door.url)
    assert counts(report) == {"traces": 5, "added": 1, "revised": 0, "unchanged": 4}
    assert set(items().index) == set(ids)


def test_who_follows_waits_longer_and_longer_for_a_server_that_is_away_and_takes_what_came_meanwhile(
    door, chat, mood, monkeypatch
):
    chat.ask("a")
    told, away, waited = [], [], []

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == 1:
            door.state = "broken"
        if len(waited) == 3:
            door.state = "open"
            chat.ask("b")
        if len(waited) == 4:
            raise KeyboardInterrupt

    found = TraceIngest(retrolabel.open("."), "chat", TraceOptions(chat.name, door.url))
    with pytest.raises(KeyboardInterrupt):
        found.follow(5, told.append, lambda why, pause: away.append((why, pause)), wait)
    assert [(each.added, each.unchanged) for each in told] == [(1, 0), (1, 1)]
    assert [pause for _, pause in away] == [10, 20]
    assert waited == [5, 10, 20, 5]
    assert told[1].since is not None
    assert told[1].since < datetime.now(UTC)
