"""Data in memory on several processes: the same votes, in order, and clear words where that cannot be."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow as pa
import pytest

from retrolabel import Label, apply, keywords, labeling_function
from retrolabel.engines.local import LocalExecutor
from retrolabel.errors import EngineError, LabelingFunctionError, SettingsError
from retrolabel.labeling.in_memory import CHUNK
from retrolabel.wiring.applying import _compact

BUG, WISH = Label("bug"), Label("wish")
WORD = "crash"
LOCK = threading.Lock()
ROWS = 3 * CHUNK + 5
BODY = ["a crash" if n % 7 == 0 else None if n % 11 == 0 else f"please add {n}" for n in range(ROWS)]


@labeling_function(BUG)
def crashes(body):
    return WORD in body


@pytest.fixture(scope="module")
def two():
    with LocalExecutor(2) as executor:
        yield executor


def functions():
    return [crashes, keywords(WISH, ["add"], column="body", name="adds")]


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, pa.table])
def test_votes_and_faults_are_those_of_one_process_in_the_same_order(two, kind):
    here = apply(functions(), kind({"body": BODY}))
    there = apply(functions(), kind({"body": BODY}), engine=two)
    assert (there.votes.to_ints() == here.votes.to_ints()).all()
    assert there.votes.labels == here.votes.labels
    assert there.failed == here.failed
    assert there.failed["crashes"] > CHUNK // 11
    assert there.calls == {"crashes": ROWS, "adds": ROWS}
    assert [(fault.lf, fault.row, fault.error) for fault in there.faults] == [
        (fault.lf, fault.row, fault.error) for fault in here.faults
    ]


def test_any_executor_will_do():
    with ThreadPoolExecutor(1) as executor:
        assert apply(functions(), {"body": ["a crash", "add it"]}, engine=executor).votes.to_ints().tolist() == [
            [0, -1],
            [-1, 1],
        ]


def test_a_name_of_an_engine_makes_one(two):
    applied = apply(functions(), {"body": ["a crash"]}, engine="local", workers=1)
    assert applied.votes.to_ints().tolist() == [[0, -1]]
    assert apply(functions(), {"body": []}, engine=two).votes.to_ints().shape == (0, 2)
    assert apply(functions(), {"body": ["add"]}, engine="auto").calls == {"crashes": 1, "adds": 1}
    with pytest.raises(SettingsError, match=r"There is no engine 'lokal'. Did you mean 'local'"):
        apply(functions(), {"body": []}, engine="lokal")
    with pytest.raises(SettingsError, match="-1 workers"):
        apply(functions(), {"body": []}, engine="local", workers=-1)


def test_a_labeling_function_that_ends_its_process_is_named(two):
    import os  # noqa: PLC0415 - a module is sent by its name

    @labeling_function(BUG)
    def ends(body):
        os._exit(7)

    with pytest.raises(EngineError, match=r"A worker ended with exit code 7 while ends was at work\."):
        apply([*functions(), ends], {"body": ["x"]}, engine=two)


def test_what_cannot_be_sent_elsewhere_is_named_with_the_object(two):
    @labeling_function(BUG)
    def locked(body):
        with LOCK:
            return body in words

    words = {"x"}
    local = (word for word in "x")

    @labeling_function(BUG)
    def reads(body):
        return body in local

    with pytest.raises(LabelingFunctionError) as caught:
        apply([*functions(), locked, reads], {"body": ["x"]}, engine=two)
    problems = [str(problem) for problem in caught.value.problems]
    assert [problem.partition(":")[0] for problem in problems] == ["LF locked", "LF reads"]
    assert "LF locked: LOCK (lock) cannot be pickled" in problems[0]  # what could be sent is not named beside it
    assert "local (generator) cannot be pickled" in problems[1]
    assert 'engine="serial"' in caught.value.remedy


def test_a_slice_of_a_column_is_sent_without_the_rest_of_it():
    column = pa.chunked_array([pa.array(["x" * 100] * 10_000)])
    others, sent = _compact({"body": column[20:30], "stars": [1] * 10})
    assert others == {"stars": [1] * 10}
    assert len(sent) < 3_000
