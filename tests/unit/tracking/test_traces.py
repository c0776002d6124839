"""MLflow's traces as values of our own: what they say, and what of them is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from retrolabel.errors import InputError, TrackerError
from retrolabel.jobs.records.traces import Experiment
from retrolabel.tracking.conversations import request_text, response_text
from retrolabel.tracking.server import Server, reason
from retrolabel.tracking.traces import find_experiment, pages

MESSAGES = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "First"},
    {"role": "assistant", "content": "Yes"},
    {"role": "user", "content": [{"type": "text", "text": "Second"}, {"type": "image_url", "image_url": "x"}]},
]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Hi", "Hi"),
        (None, None),
        (MESSAGES, "Second"),
        ({"messages": MESSAGES, "model": "m"}, "Second"),
        ({"request": {"messages": MESSAGES}}, "Second"),
        ({"input": [{"role": "user", "content": "Hi"}]}, "Hi"),
        ({"question": "Where?"}, "Where?"),
        ({"messages": [{"type": "human", "content": "Hi"}]}, "Hi"),
        ({"messages": [{"role": "tool", "content": 7}]}, '{"messages":[{"role":"tool","content":7}]}'),
        ({"question": "Where?", "top": 3}, '{"question":"Where?","top":3}'),
        ([1, "ü"], '[1,"ü"]'),
        ({}, "{}"),
    ],
)  # fmt: skip
def test_what_was_asked_is_the_last_message_of_the_user_or_the_one_text_or_json(value, text):
    assert request_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Here.", "Here."),
        ({"choices": [{"message": {"role": "assistant", "content": "Here."}}]}, "Here."),
        ({"choices": [{"message": {"role": "assistant"}}]}, '{"choices":[{"message":{"role":"assistant"}}]}'),
        ({"output": [{"role": "assistant", "content": [{"type": "output_text", "text": "Here."}]}]}, "Here."),
        ({"role": "assistant", "content": "Here."}, "Here."),
        ({"answer": "Here."}, "Here."),
        ({"answer": "Here.", "sources": []}, '{"answer":"Here.","sources":[]}'),
        (7, "7"),
    ],
)  # fmt: skip
def test_what_was_answered_is_the_last_message_of_the_assistant_or_the_one_text_or_json(value, text):
    assert response_text(value) == text


class Fake:
    """MLflow's client, as far as traces need it."""

    def __init__(self, found=(), experiments=("chat",)):
        self.found, self.names, self.asked = list(found), experiments, []

    def get_experiment_by_name(self, name):
        return SimpleNamespace(experiment_id="7", name=name) if name in self.names else None

    def search_experiments(self, **_):
        return [SimpleNamespace(experiment_id=str(n), name=name) for n, name in enumerate(self.names, 7)]

    def search_traces(self, *, page_token, **asked):
        self.asked.append(asked)
        start = int(page_token or 0)
        some = self.found[start : start + 2]
        token = str(start + 2) if start + 2 < len(self.found) else None
        return type("Paged", (list,), {"token": token})(some)


@pytest.fixture
def server(monkeypatch):
    def go(fake):
        made = Server("sqlite:///nowhere.db")
        monkeypatch.setattr(made, "ask", lambda _, work: work(None, fake))
        return made

    return go


def said(name, value, kind="HUMAN", *, by="ana", valid=True, span=None, at=2000):
    return SimpleNamespace(
        assessment_id=f"a-{name}-{at}",
        name=name,
        feedback=SimpleNamespace(value=value),
        expectation=None,
        valid=valid,
        span_id=span,
        source=SimpleNamespace(source_type=kind, source_id=by),
        last_update_time_ms=at,
        create_time_ms=at,
        rationale=None,
    )


def trace(name, *assessments, state="OK", **metadata):
    root = SimpleNamespace(span_id="root", parent_id=None, inputs={"question": f"{name}?"}, outputs="yes")
    info = SimpleNamespace(
        trace_id=name,
        request_time=1_700_000_000_123,
        state=state,
        execution_duration=1500,
        tags={"mlflow.traceName": "answer"},
        trace_metadata=metadata,
        assessments=list(assessments),
    )
    return SimpleNamespace(info=info, data=SimpleNamespace(spans=[SimpleNamespace(parent_id="root"), root]))


def read(server, *found):
    return list(pages(server(Fake(found)), Experiment("7", "chat")))


def test_a_trace_says_when_what_how_long_and_how_many_tokens(server):
    tokens = {"mlflow.trace.tokenUsage": '{"input_tokens": 5, "output_tokens": 7}', "mlflow.trace.user": "u1"}
    ((found,),) = (page.traces for page in read(server, trace("t1", **tokens)))
    assert found.at == datetime(2023, 11, 14, 22, 13, 20, 123000, UTC)
    assert (found.request, found.response, found.seconds, found.name) == ("t1?", "yes", 1.5, "answer")
    assert (found.user, found.session, found.input_tokens, found.output_tokens) == ("u1", None, 5, 7)


def test_traces_under_way_are_left_for_later_and_counted(server):
    (page,) = read(server, trace("t1"), trace("t2", state="IN_PROGRESS"))
    assert ([each.id for each in page.traces], page.unfinished) == (["t1"], 1)


def test_what_was_overridden_and_what_is_said_of_a_part_of_a_trace_are_left_out(server):
    (page,) = read(
        server,
        trace(
            "t1", said("mood", "bad"), said("mood", "meh", valid=False), said("x", 1, span="part"),
            said("y", 2, "CODE", span="root"),
        ),
    )  # fmt: skip
    assert [(each.name, each.value, each.kind) for each in page.traces[0].assessments] == [
        ("mood", "bad", "person"),
        ("y", 2, "judge"),
    ]


def test_tokens_that_are_no_json_say_nothing(server):
    (page,) = read(server, trace("t1", **{"mlflow.trace.tokenUsage": "many"}))
    assert page.traces[0].input_tokens is None


def test_pages_are_asked_for_oldest_first_from_a_time_on_until_there_is_none(server):
    fake = Fake([trace(f"t{n}") for n in range(5)])
    since = datetime(2026, 1, 1, tzinfo=UTC)
    found = list(pages(server(fake), Experiment("7", "chat"), since))
    assert [each.id for page in found for each in page.traces] == ["t0", "t1", "t2", "t3", "t4"]
    assert len(found) == 3
    assert fake.asked[0] == {
        "locations": ["7"],
        "filter_string": "timestamp_ms >= 1767225600000",
        "order_by": ["timestamp_ms ASC"],
        "max_results": 100,
        "include_spans": True,
    }


def test_an_experiment_goes_by_name_or_id_and_an_unknown_one_is_told_with_the_nearest(server):
    fake = Fake(experiments=("chat", "search"))
    assert find_experiment(server(fake), "search").name == "search"
    assert find_experiment(server(fake), "8") == Experiment("8", "search")
    with pytest.raises(InputError, match="no experiment 'chad'") as caught:
        find_experiment(server(fake), "chad")
    assert "Did you mean 'chat'?" in caught.value.message
    assert caught.value.remedy == "it has chat, search; --experiment takes a name or an id"


def test_whatever_mlflow_raises_is_an_error_of_ours_without_the_password(monkeypatch):
    monkeypatch.setattr("retrolabel.tracking.server.imported", lambda _: SimpleNamespace(MlflowClient=lambda **_: None))
    server = Server("http://ann:Tr0ub4dor@runs.example")

    def fail(_mlflow, _client):
        raise OSError("disk\nfull at http://ann:Tr0ub4dor@runs.example")

    with pytest.raises(TrackerError, match=r"gave nothing \(OSError: disk full at") as caught:
        server.ask("gave nothing", fail)
    assert "Tr0ub4dor" not in f"{caught.value} {server!r}"
    assert "tracking_timeout" in caught.value.remedy


def test_of_a_chain_of_reasons_the_last_one_is_told():
    told = "API request failed with HTTPConnectionPool(): Max retries (Caused by ResponseError('too many 500'))"
    assert reason(ValueError(told)) == "ResponseError('too many 500')"
    assert reason(KeyError("x")) == "KeyError: 'x'"
