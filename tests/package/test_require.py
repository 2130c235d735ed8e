"""Argument checks: what they take, what they return, and what they say."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlbook import require

ONES = torch.ones(2, 3)


@given(st.integers(1, require.LARGEST))
def test_whole_numbers_pass_as_they_are(n: int) -> None:
    found = [require.whole("n", n), require.whole("n", np.int64(n)), require.seed("n", n)]
    assert found == [n, n, n]
    assert {type(value) for value in found} == {int}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_finite_numbers_pass_as_they_are(value: float) -> None:
    assert require.number("lr", value) == value
    assert require.numbers("lr", [value, np.float64(value), 1]) == [value, value, 1.0]
    assert require.numbers("lr", torch.tensor([value], dtype=torch.float64)) == [value]


@pytest.mark.parametrize("bounds", [{"least": 0}, {"above": 0}, {"least": 0, "below": 1}])
def test_bounds_are_where_they_are_said_to_be(bounds: dict[str, float]) -> None:
    for value in (-1.0, -1e-300, 0.0, 1e-300, math.nextafter(1, 0), 1.0, 1e308):
        inside = value >= bounds.get("least", -math.inf) and value > bounds.get("above", -math.inf)
        if inside and value < bounds.get("below", math.inf):
            assert require.number("x", value, **bounds) == value
        else:
            with pytest.raises(ValueError, match=r"x must be a finite number (of|above) "):
                require.number("x", value, **bounds)


@pytest.mark.parametrize(
    ("check", "error", "message"),
    [
        (lambda: require.whole("n", 2.5), TypeError, "n must be a whole number of at least 1, got"),
        (lambda: require.whole("n", True), TypeError, "at least 1, got True"),
        (lambda: require.whole("n", 0), ValueError, "at least 1, got 0"),
        (
            lambda: require.whole("n", 10**400),
            ValueError,
            "of at most .*, got a whole number of 13",
        ),
        (lambda: require.seed("seed", -1), ValueError, "seed must be .* of at least 0, got -1"),
        (lambda: require.number("lr", "1"), TypeError, "lr must be a finite number, got '1'"),
        (
            lambda: require.number("lr", 10**400),
            ValueError,
            "lr must be a finite number, got a who",
        ),
        (
            lambda: require.number("p", 1, above=0, below=1),
            ValueError,
            "above 0 and below 1, got 1",
        ),
        (lambda: require.numbers("lr", [1, None]), TypeError, r"lr\[1\] must be .* got None"),
        (lambda: require.numbers("lr", []), ValueError, r"lr must hold 1 or more values, got \[\]"),
        (
            lambda: require.each("lr", iter([1])),
            TypeError,
            "lr must be a list or tuple, got list_it",
        ),
        (lambda: require.each("lr", "12"), TypeError, "lr must be a list or tuple, got '12'"),
        (lambda: require.flag("f", "no"), TypeError, "f must be True or False, got 'no'"),
        (
            lambda: require.one_of("u", [], ("a", "b")),
            ValueError,
            r"u must be one of a, b, got \[\]",
        ),
        (
            lambda: require.kind("m", Path, Path),
            TypeError,
            "m must be of type Path, got the class P",
        ),
        (lambda: require.mapping("c", [(1, 2)]), TypeError, "c must be a dictionary, got .*1, 2"),
        (lambda: require.function("f", 3), TypeError, "f must be a function, got 3"),
        (lambda: require.path("p", 3), TypeError, "p must be the name of a file, got 3"),
        (lambda: require.path("p", "a\0"), ValueError, "p must be the name of a file"),
        (lambda: require.path("p", "a\ud800"), ValueError, "p must be the name of a file"),
        (lambda: require.tensor("x", [1.0]), TypeError, r"x must be a tensor, got \[1.0\]"),
        (
            lambda: require.tensor("x", torch.ones(2).int(), "floating-point tensor"),
            TypeError,
            r"x must be a floating-point tensor, got a tensor of shape \(2,\) and torch.int32",
        ),
        (lambda: require.tensor("x", ONES.to("meta")), ValueError, "got one of the device meta"),
        (lambda: require.tensor("x", ONES.to_sparse()), ValueError, "got one of layout .*sparse"),
        (
            lambda: require.one_number("x", ONES),
            ValueError,
            r"one number, shape \(\), got a tensor",
        ),
        (lambda: require.differentiable("x", ONES), ValueError, "with no gradient"),
        (lambda: require.broadcast("a and b", ONES, ONES.T), ValueError, r"a and b .*\(2, 3\) and"),
    ],
)
def test_the_argument_what_was_expected_and_what_came(
    check: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        check()


def test_what_is_right_is_returned() -> None:
    assert require.flag("f", np.bool_(True)) is True
    assert require.kind("m", Path(), Path) == Path()
    assert require.path("p", "a/b.csv") == Path("a/b.csv")
    assert require.tensor("x", ONES) is ONES
    assert require.each("s", range(2)) == [("s[0]", 0), ("s[1]", 1)]
    assert require.one_number("loss", ONES[:1, :1]).shape == ()
    require.one_of("u", "a", ("a", "b"))
    require.function("f", print)
    require.broadcast("a and b", ONES, ONES[:1])


def test_long_values_are_cut() -> None:
    assert len(require.shown(list(range(1000)))) == 60
