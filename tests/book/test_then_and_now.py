"""Old code does what the page says that it does today, and the new code runs without a warning."""

import re
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from page_code import code, fences, page, rows, run
from torch import nn
from torch.nn import functional as F

PAGE = page("then_and_now")
(NAMES,) = fences(PAGE)
ROWS = rows(PAGE)
DOES = re.compile(r"(works|warns|raises)(?: `(\w+)`)?(?:, (same|without a driver|on a GPU))?")
CONDITIONS = {
    "without a driver": torch.version.cuda is not None and not torch.cuda.is_available(),
    "on a GPU": torch.cuda.is_available(),
}


def outcome(source: str) -> tuple[str, Any]:
    """What the code does, in the page's words, and the value of its last line."""
    names: dict[str, Any] = {}
    torch.manual_seed(0)
    run(NAMES, names)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = run(source, names)
        except Exception as error:
            return f"raises {type(error).__name__}", error
    return (f"warns {caught[0].category.__name__}" if caught else "works"), value


def agree(old: Any, new: Any) -> bool:
    """Whether two results hold the same numbers."""
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(agree(old[name], new[name]) for name in old)
    old, new = torch.as_tensor(old), torch.as_tensor(new)
    return old.dtype == new.dtype and torch.allclose(old, new)


@pytest.mark.usefixtures("fresh_start")
@pytest.mark.parametrize(("then", "does", "now"), ROWS, ids=[code(row[0]) for row in ROWS])
def test_old_and_new_code_do_what_the_row_says(then: str, does: str, now: str) -> None:
    verb, kind, more = DOES.match(does).groups()
    new_does, new = outcome(code(now))
    assert new_does == "works"
    if CONDITIONS.get(more, True):
        old_does, old = outcome(code(then))
        assert old_does == " ".join(filter(None, (verb, kind)))
        assert more != "same" or agree(old, new)


def test_the_page_names_the_torch_that_ran() -> None:
    assert f"what torch {'.'.join(torch.__version__.split('.')[:2])} does" in PAGE


@pytest.mark.usefixtures("fresh_start")
def test_remarks_in_the_table() -> None:
    assert outcome("torch.Tensor(3)")[1].shape == outcome("x.new(3)")[1].shape == (3,)
    assert outcome("torch.range(0, 3)")[1].tolist() == [0, 1, 2, 3]
    assert outcome("model(Variable(x, volatile=True))")[1].requires_grad
    assert outcome("x.requires_grad_().volatile")[1] is False


@pytest.mark.filterwarnings("ignore:Implicit dimension")
def test_axis_of_a_softmax_without_dim() -> None:
    for axes in range(1, 5):
        x = torch.rand([2, 3, 4, 5][:axes])
        assert torch.equal(F.softmax(x), F.softmax(x, dim=0 if axes in (1, 3) else 1))


def test_a_change_through_data_is_silent() -> None:
    w = torch.tensor(0.0, requires_grad=True)
    y = w.sigmoid()
    y.data += 0.5
    y.backward()
    assert w.grad == 0 != 0.25  # the slope of the sigmoid at 0
    y = w.sigmoid()
    handle = y.detach()
    handle += 0.5
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_an_old_function_raises() -> None:
    class Square(torch.autograd.Function):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x**2

    with (
        pytest.warns(DeprecationWarning, match="should not be instantiated"),
        pytest.raises(RuntimeError, match="Legacy autograd function"),
    ):
        Square()(torch.ones(2))


def test_a_schedule_in_front_of_the_optimizer_skips_a_rate() -> None:
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    with pytest.warns(UserWarning, match=r"In PyTorch 1\.1\.0 and later"):
        schedule.step()
    assert optimizer.param_groups[0]["lr"] == 0.5


def test_loading_whole_models(fresh_start: Path) -> None:
    path = fresh_start / "model.pt"
    torch.save(nn.Linear(2, 1), path)
    with pytest.raises(Exception, match=r"In PyTorch 2\.6, we changed the default"):
        torch.load(path)
    assert isinstance(torch.load(path, weights_only=False), nn.Linear)


def test_the_warning_of_jit_script_names_compile() -> None:
    with pytest.warns(FutureWarning, match=r"torch\.compile"):
        torch.jit.script(nn.Linear(2, 1))


@pytest.mark.usefixtures("fresh_start")
@pytest.mark.parametrize("call", ["lstsq(square, y)", "solve(square, y)"])
def test_the_matrix_comes_first_today(call: str) -> None:
    assert f"`torch.linalg.{call}`" in PAGE
    _, solved = outcome(f"torch.linalg.{call}")
    solution = solved if torch.is_tensor(solved) else solved.solution
    torch.testing.assert_close(
        torch.tensor([[2.0, 1.0], [1.0, 2.0]]) @ solution, torch.tensor([[1.0], [0.0]])
    )
