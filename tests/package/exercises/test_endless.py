"""Code that never comes to an end is stopped, and nothing else is."""

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from statistics import mean
from threading import Thread, active_count

import pytest

from dlbook.exercises.endless import LIBRARIES, Endless, counted, time_limit


def busy(rounds: int) -> int:
    total = 0
    for i in range(rounds):
        total += i
    return total


def busy_without_errors() -> None:
    with suppress(Exception):
        busy(100)


def forever(step: Callable[[], object]) -> None:
    while True:
        step()


def test_a_function_may_be_called_so_many_times() -> None:
    double = counted(lambda x, *, more=0: 2 * x + more, most=2)
    assert [double(1), double(2, more=3)] == [2, 7]
    with pytest.raises(Endless, match="called the function that it was given more than 2 times"):
        double(3)


def test_no_except_of_the_readers_takes_the_stop() -> None:
    with pytest.raises(Endless), time_limit(0.01):
        forever(busy_without_errors)


@pytest.mark.parametrize("_", range(3))
def test_no_library_is_left_in_the_middle_of_its_work(_: int) -> None:
    with pytest.raises(Endless) as stopped, time_limit(0.02):
        forever(lambda: mean([1.5] * 2000))  # nearly all of the time passes in there
    stack = traceback.extract_tb(stopped.value.__traceback__)
    assert not stack[-1].filename.startswith(LIBRARIES)


def test_what_ends_in_time_is_not_stopped_later() -> None:
    threads = active_count()
    for _ in range(20):
        with time_limit(0.02):
            busy(20_000)
        busy(200_000)
    assert active_count() <= threads + 20


def test_it_stops_its_own_thread_and_no_other() -> None:
    found: list[str] = []

    def work() -> None:
        try:
            with time_limit(0.01):
                forever(lambda: busy(100))
        except Endless:
            found.append("stopped")

    worker = Thread(target=work)
    worker.start()
    while worker.is_alive():
        busy(1000)
    assert found == ["stopped"]
    assert sys.exc_info() == (None, None, None)
