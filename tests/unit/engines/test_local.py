"""The local engine: worker processes, of which one that dies costs its task alone."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import CancelledError

import psutil
import pytest

from retrolabel.engines.local import LocalExecutor
from retrolabel.engines.processes import foreign, hidden_main
from retrolabel.errors import CorruptionError, EngineError, Problem, WorkerDiedError


@pytest.fixture(scope="module")
def two():
    """An executor with two workers, for the tests that leave it as it was."""
    with LocalExecutor(2) as executor:
        yield executor


def busy(executor: LocalExecutor) -> int:
    """Return the process that is at work, once there is one."""
    while not executor._busy:
        time.sleep(0.01)
    return next(iter(executor._busy))._process.pid


def test_work_is_done_in_other_processes(two):
    pids = {two.submit(os.getpid).result() for _ in range(5)}
    assert os.getpid() not in pids
    assert two.workers == 2


def test_what_a_function_raises_is_raised_by_its_result_and_the_worker_lives_on(two, by_value):
    def fails():
        raise CorruptionError("gone", remedy="look", problems=[Problem("here", "that")])

    with pytest.raises(ValueError, match="invalid literal"):
        two.submit(int, "x").result()
    with pytest.raises(CorruptionError) as caught:
        two.submit(by_value(fails)).result()
    assert (caught.value.message, caught.value.remedy) == ("gone", "look")
    assert caught.value.problems == (Problem("here", "that"),)
    with pytest.raises(EngineError, match="A worker failed: SystemExit: 3"):  # it is not to end who asked
        two.submit(sys.exit, 3).result()


def test_what_cannot_be_pickled_is_refused_before_and_told_in_words_after(two, by_value):
    with pytest.raises(Exception, match="pickle"):
        two.submit(lambda: 1)
    with pytest.raises(EngineError, match="cannot pickle"):
        two.submit(by_value(lambda: (n for n in "x"))).result()


@pytest.mark.parametrize("code", [0, 3])
def test_a_worker_that_ends_itself_fails_its_task_alone(code):
    with LocalExecutor(1) as executor:
        before = executor.submit(os.getpid).result()
        dead, alive = executor.submit(os._exit, code), executor.submit(os.getpid)
        with pytest.raises(WorkerDiedError, match=f"A worker ended with exit code {code}\\."):
            dead.result(timeout=30)
        assert alive.result(timeout=30) != before


def test_a_killed_worker_is_told_by_its_signal_and_a_new_one_takes_the_next_task():
    with LocalExecutor(1) as executor:
        first, second = executor.submit(time.sleep, 60), executor.submit(pow, 2, 5)
        os.kill(busy(executor), signal.SIGKILL)
        with pytest.raises(WorkerDiedError, match=r"signal 9 \(SIGKILL\)") as caught:
            first.result(timeout=30)
        assert not caught.value.certain
        assert second.result(timeout=30) == 32


def test_after_an_error_nothing_is_waited_for_and_no_process_is_left():
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), LocalExecutor(1) as executor:  # noqa: PT012 - the error is in the body
        running, waiting = executor.submit(time.sleep, 60), executor.submit(time.sleep, 60)
        pid = busy(executor)
        raise KeyboardInterrupt
    assert time.monotonic() - started < 30
    assert not psutil.pid_exists(pid)
    for each in (running, waiting):
        with pytest.raises((EngineError, CancelledError)):
            each.result()


def test_when_all_is_done_no_process_is_left():
    with LocalExecutor(2) as executor:
        pids = {executor.submit(os.getpid).result() for _ in range(4)}
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_what_a_worker_prints_does_not_reach_standard_output(capfd):
    with LocalExecutor(1) as executor:
        executor.submit(os.system, "echo said").result()
        executor.submit(print, "printed", flush=True).result()
    out, err = capfd.readouterr()
    assert out == ""
    assert err.split() == ["said", "printed"]


def test_workers_see_the_parents_path_and_folder_and_compute_with_one_thread(tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("import os, sys\ndef told():\n    return os.getcwd(), dict(os.environ)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    from only_here import told  # noqa: PLC0415 - just written

    with LocalExecutor(1) as executor:
        folder, environment = executor.submit(told).result()
    del sys.modules["only_here"]
    assert folder == str(tmp_path)
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"


def test_the_main_module_is_hidden_as_long_as_anybody_starts_a_process():
    shown = sys.modules["__main__"]
    with hidden_main():
        with hidden_main():
            assert not hasattr(sys.modules["__main__"], "__file__")
        assert sys.modules["__main__"] is not shown
    assert sys.modules["__main__"] is shown


def test_an_error_that_nobody_foresaw_is_told_with_the_last_lines_of_its_traceback():
    try:
        int("x")
    except ValueError as error:
        told = foreign(error)
    assert told.message == "A worker failed: ValueError: invalid literal for int() with base 10: 'x'."
    assert any('int("x")' in problem.what for problem in told.problems)
