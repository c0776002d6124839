"""The dask engine: a cluster of this machine, or somebody's; what is wrong with it is said clearly."""

from __future__ import annotations

import os
import sys
import time

import pytest

from retrolabel.engines import dask
from retrolabel.engines.dask import DaskExecutor
from retrolabel.errors import CorruptionError, EngineError, MissingExtraError, WorkerDiedError


def damaged():
    raise CorruptionError("gone")


@pytest.fixture(scope="module")
def cluster():
    with DaskExecutor(workers=2) as executor:
        yield executor


def test_work_is_done_in_worker_processes(cluster):
    assert cluster.workers == 2
    assert cluster.submit(os.getpid).result(timeout=60) != os.getpid()
    assert cluster.submit(pow, 2, 5).result(timeout=60) == 32


def test_our_errors_come_back_as_themselves_and_others_as_engine_errors(cluster, by_value):
    with pytest.raises(EngineError, match=r"A worker failed: ValueError: invalid literal"):
        cluster.submit(int, "x").result(timeout=60)
    with pytest.raises(CorruptionError, match="gone"):
        cluster.submit(by_value(damaged)).result(timeout=60)


@pytest.mark.slow
def test_a_task_that_kills_every_worker_is_told_as_such(cluster):
    with pytest.raises(WorkerDiedError, match="Several workers died of it") as caught:
        cluster.submit(os._exit, 0).result(timeout=120)
    assert caught.value.certain
    assert cluster.submit(pow, 2, 5).result(timeout=60) == 32


def never():
    from itertools import repeat  # noqa: PLC0415 - it is sent by value

    from retrolabel.engines.watchdog import Watchdog  # noqa: PLC0415 - the same

    with Watchdog(0.1, ends_process=True)("never"):
        any(repeat(False))  # noqa: FBT003 - what no exception ends


@pytest.mark.slow
def test_what_no_exception_ends_is_ended_with_its_worker(cluster, by_value):
    with pytest.raises(WorkerDiedError, match="Several workers died of it"):
        cluster.submit(by_value(never)).result(timeout=120)


def test_an_address_where_nobody_answers_is_an_error_soon():
    started = time.monotonic()
    with pytest.raises(EngineError, match=r"The Dask scheduler at tcp://127.0.0.1:1 does not answer"):
        DaskExecutor("tcp://127.0.0.1:1", patience=0.5)
    assert time.monotonic() - started < 30
    with pytest.raises(EngineError, match="does not answer"):
        DaskExecutor("nonsense://x", patience=0.5)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match="the dask engine needs the package 'distributed'") as caught:
        DaskExecutor()
    assert "retrolabel[dask]" in caught.value.remedy
    assert dask.PATIENCE <= 10
