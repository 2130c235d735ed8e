"""Runs are looked up as a table is filtered, also when a page plays it."""

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlbook.explorers.controls import as_tensor
from dlbook.explorers.runs import Runs
from dlbook.tapes import play, trace

LOSSES = st.lists(st.floats(-99, 99).map(lambda x: round(x, 1)), min_size=1, max_size=4)
SHORT = pd.DataFrame(
    {"lr": [1.0, 1.0, 2.0], "step": [0, 1, 0], "w": [0.123456, 0.25, float("nan")]}
)


@given(st.data())
def test_a_run_is_that_of_the_table(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.text("abc", min_size=1), min_size=1, max_size=3, unique=True))
    rates = data.draw(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=3, unique=True))
    keys = [(name, lr) for name in names for lr in rates]
    losses = {key: data.draw(LOSSES) for key in keys}
    parts = [pd.DataFrame({"name": name, "lr": lr, "loss": losses[name, lr]}) for name, lr in keys]
    runs = Runs(pd.concat(parts), ("name", "lr"), ("loss",))

    def found(name: torch.Tensor, lr: torch.Tensor) -> torch.Tensor:
        return runs(name=name, lr=lr)["loss"]

    places = [(torch.tensor(runs.choices["name"].index(name)), as_tensor(lr)) for name, lr in keys]
    tape = trace(found, *places[0], others=places[1:])
    for key, place in zip(keys, places, strict=True):
        played = play(tape, *place)
        assert played[: len(losses[key])].tolist() == losses[key]
        assert played[len(losses[key]) :].isnan().all()


def test_few_digits_are_kept_and_what_is_no_number_stays_none() -> None:
    first, second = (
        Runs(SHORT, ("lr",), ("w",), digits=3)(lr=as_tensor(x))["w"] for x in (1.0, 2.0)
    )
    assert first.tolist() == [0.123, 0.25]
    assert second.isnan().all()


def test_the_first_keys_choose_several_runs() -> None:
    table = pd.DataFrame({"a": [1, 1, 2, 2], "b": [3, 4, 3, 4], "x": [0.0, 1.0, 2.0, 3.0]})
    runs = Runs(table, ("a", "b"), ("x",))
    assert runs(a=torch.tensor(2))["x"].tolist() == [[2.0], [3.0]]
    assert runs()["x"].shape == (2, 2, 1)


def test_numbers_rise_and_texts_keep_their_order() -> None:
    table = pd.DataFrame({"name": ["tanh", "ReLU"], "lr": [0.2, 0.1]})
    assert Runs(table, ("name",), ()).choices == {"name": ["tanh", "ReLU"]}
    assert Runs(table, ("lr",), ()).choices == {"lr": [0.1, 0.2]}
    menu = Runs(table, ("name",), ()).menu("name", "activation", "ReLU")
    assert (list(menu.values), menu.start, menu.say(0)) == ([0, 1], 1, "tanh")


def test_a_missing_run_is_refused() -> None:
    with pytest.raises(ValueError, match="a run for each combination of lr, step"):
        Runs(SHORT, ["lr", "step"], ["w"])


def test_keys_are_found_by_their_names_and_none_is_left_out() -> None:
    table = pd.DataFrame({"a": [1, 1, 2, 2], "b": [3, 4, 3, 4], "x": [0.0, 1.0, 2.0, 3.0]})
    runs, (one, three) = Runs(table, ("a", "b"), ("x",)), map(torch.tensor, (1, 3))
    assert runs(b=three, a=one)["x"].tolist() == [0.0]
    with pytest.raises(KeyError, match="a"):
        runs(b=three)
