"""The serial engine: an executor that does the work at once."""

from __future__ import annotations

import threading

import pytest

from retrolabel.engines.serial import SerialExecutor


def test_work_is_done_in_the_calling_thread_in_the_order_of_submission():
    seen = []
    with SerialExecutor() as executor:
        futures = [executor.submit(lambda n=n: seen.append((n, threading.get_ident())) or n) for n in range(3)]
    assert [future.result() for future in futures] == [0, 1, 2]
    assert seen == [(n, threading.get_ident()) for n in range(3)]


def test_what_a_function_raises_is_raised_by_its_result():
    with SerialExecutor() as executor:
        future = executor.submit(int, "x")
        assert executor.submit(int, "7").result() == 7
    with pytest.raises(ValueError, match="invalid literal"):
        future.result()


def test_an_interrupt_is_not_put_into_a_future():
    def interrupted():
        raise KeyboardInterrupt

    with SerialExecutor() as executor, pytest.raises(KeyboardInterrupt):
        executor.submit(interrupted)
