"""Every number that the refresher works out is computed here and looked up on the page."""

from fractions import Fraction
from pathlib import Path

import pytest
import torch

PAGE = (Path(__file__).parents[1] / "book" / "notation.md").read_text(encoding="utf-8")
DIE = range(1, 7)


def says(text: str) -> bool:
    return text in PAGE


def loss(w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (3 * w + b - 6) ** 2


@pytest.fixture
def knobs() -> tuple[torch.Tensor, torch.Tensor]:
    """The point w = 1, b = 0 of the worked example, with the loss's gradient in ``.grad``."""
    w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    loss(w, b).backward()
    return w, b


def test_slope_of_the_square() -> None:
    x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    (x**2).backward()
    lift = 3.001**2 - 3**2
    assert x.grad == 6
    assert round(lift, 3) == 0.006
    assert says(
        "At $x = 3$ the slope is 6: a small step of 0.001 to the right lifts $f$ by about 0.006"
    )


def test_partial_derivatives(knobs: tuple[torch.Tensor, torch.Tensor]) -> None:
    w, b = knobs
    assert 3 * w + b - 6 == -3
    assert loss(w, b) == 9
    assert says("the prediction is 3 too low and the loss is 9")
    assert w.grad == -18
    assert says(r"\frac{\partial \ell}{\partial w} &= 2\,(3w + b - 6) \cdot 3 = -18")
    assert b.grad == -6
    assert says(r"\frac{\partial \ell}{\partial b} &= 2\,(3w + b - 6) \cdot 1 = -6")


def test_step_against_the_gradient(knobs: tuple[torch.Tensor, torch.Tensor]) -> None:
    after = [(knob - 0.01 * knob.grad).detach() for knob in knobs]
    assert [round(knob.item(), 4) for knob in after] == [1.18, 0.06]
    assert says(r"\begin{pmatrix} 1.18 \\ 0.06 \end{pmatrix}")
    assert round(loss(*after).item(), 4) == 5.76
    assert says("The loss falls from 9 to 5.76.")


def test_products() -> None:
    assert torch.tensor([1, 2]) @ torch.tensor([3, 4]) == 11
    assert says(r"1 \cdot 3 + 2 \cdot 4 = 11")
    product = torch.tensor([[1, 2], [3, 4]]) @ torch.tensor([5, 6])
    assert product.tolist() == [17, 39]
    assert says(r"\begin{bmatrix} 17 \\ 39 \end{bmatrix}")


def test_eigenvalues() -> None:
    matrix = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    torch.testing.assert_close(
        torch.linalg.eigvalsh(matrix), torch.tensor([1.0, 3.0], dtype=torch.float64)
    )
    assert (matrix.trace(), round(matrix.det().item(), 12)) == (4, 3)
    assert says(r"\lambda^2 - 4\lambda + 3 = 0, \qquad \lambda_1 = 3, \quad \lambda_2 = 1.")
    assert (matrix @ torch.tensor([1.0, 1.0], dtype=torch.float64)).tolist() == [3, 3]
    assert (matrix @ torch.tensor([1.0, -1.0], dtype=torch.float64)).tolist() == [1, -1]
    assert says("The vector $(1, 1)$ becomes $(3, 3)$, so it belongs to 3.")
    assert says("The vector $(1, -1)$ stays $(1, -1)$, so it belongs to 1.")


def test_die() -> None:
    mean = Fraction(sum(DIE), 6)
    variance = sum((k - mean) ** 2 for k in DIE) / 6
    assert mean == Fraction(7, 2)
    assert says(r"\frac{1}{6}\,k = 3.5")
    assert variance == Fraction(35, 12)
    assert round(float(variance), 3) == 2.917
    assert says(r"\frac{35}{12} \approx 2.917")
    assert variance / 4 == Fraction(35, 48)
    assert round(float(variance / 4), 3) == 0.729
    assert says(r"$35/48 \approx 0.729$")
