"""Checks of chapter 06, when inputs and outputs are vectors."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.func import jacrev, vjp

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise

HINTS = {  # for the parts of 6.3
    "W": "Entry (i, j) is v_i · x_j: W_ij multiplies x_j and counts in output i.",
    "x": "The Jacobian by x is W, so it is vᵀW: each output's row weighted by v.",
    "b": "The Jacobian by b is the identity.",
}


PARTS = {(3, 5): "f alone", (4, 3): "g alone"}  # shapes of Jacobians in 6.1


@exercise("6.1", OnPage(shapes=((5, 4), *PARTS)))
def shape_of_composition(answer: Any) -> None:
    """The shape of the Jacobian of g∘f with f: R⁵ → R³ and g: R³ → R⁴."""
    shape = expect.sizes(answer, "a pair (rows, columns)")
    if shape == (5, 4):
        raise NotYet("(5, 4) is the denominator layout; here rows belong to outputs.")
    if shape != (4, 5):
        of = f"That is the shape for {PARTS[shape]}. " if shape in PARTS else ""
        raise NotYet(f"{shape} is not right. {of}What goes into f, and what comes out of g?")


@exercise("6.2")
def polar(answer: Any) -> None:
    """Ask for `polar_jacobian`: the Jacobian of (r cos θ, r sin θ), shape (2, 2)."""

    def point(p: Tensor) -> Tensor:
        return torch.stack((p[0] * torch.cos(p[1]), p[0] * torch.sin(p[1])))

    for r, theta in ((2.0, 0.5), (1.0, 3.0), (0.3, -1.0)):
        call = f"polar_jacobian({r:g}, {theta:g})"
        got = expect.tensor(expect.result(answer, r, theta, call=call), (2, 2), call=call)
        right = jacrev(point)(torch.tensor([r, theta], dtype=torch.float64))
        if expect.alike(got, right.T, tolerance=1e-5):
            raise NotYet(f"{call} is transposed: each row should belong to an output.")
        hint = "Differentiate r cos θ by r and by θ: this is the first row."
        if expect.alike(got, right / torch.tensor([1, r], dtype=torch.float64), tolerance=1e-5):
            hint = "The second column is the derivative by θ: there the factor r stays."
        expect.close(got, right, call=call, hint=hint, tolerance=1e-5)


@exercise("6.3")
def linear_layer(answer: Any) -> None:
    """Ask for `linear_vjp`: the derivatives of v·(Wx + b) by W, by x and by b."""
    generator = torch.Generator().manual_seed(6)
    for n, m in ((3, 2), (1, 4), (3, 3)):
        W = torch.randn(n, m, generator=generator, dtype=torch.float64)
        x = torch.randn(m, generator=generator, dtype=torch.float64)
        v = torch.randn(n, generator=generator, dtype=torch.float64)
        call = f"linear_vjp(W, x, v) with W of shape ({n}, {m})"
        right = vjp(lambda W, x, b: W @ x + b, W, x, torch.zeros_like(v))[1](v)
        asked = f"{call} should return three tensors: by W, by x and by b"
        parts = expect.several(expect.result(answer, W, x, v, call=call), 3, asked)
        for name, part, want in zip(("W", "x", "b"), parts, right, strict=True):
            what = f"the part by {name} of {call}"
            part = expect.tensor(part, tuple(want.shape), call=what)
            hint = HINTS[name]
            expect.close(part, want, call=what, hint=hint, tolerance=1e-5)


@exercise("6.4")
def own_jacrev(answer: Any) -> None:
    """Ask for `jacobian`: all rows of the Jacobian from one evaluation of f."""
    mix = torch.tensor([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
    functions: list[tuple[Callable[[Tensor], Tensor], list[float]]] = [
        (lambda x: torch.tanh(mix @ x), [0.2, -0.1, 0.4]),
        (lambda x: torch.stack((x.prod(), x.sum(), x[0] ** 3, x[1])), [1.5, -2.0]),
        (lambda x: x / x.norm(), [3.0, 4.0]),
    ]
    for function, numbers in functions:
        x = torch.tensor(numbers, requires_grad=True)
        calls: list[int] = []

        def f(
            x: Tensor,
            function: Callable[[Tensor], Tensor] = function,
            calls: list[int] = calls,
        ) -> Tensor:
            calls.append(1)
            return function(x)

        right = jacrev(function)(x.detach())
        call = f"jacobian(f, x) with {len(right)} outputs and {len(numbers)} inputs"
        got = expect.tensor(expect.result(answer, f, x, call=call), tuple(right.shape), call=call)
        expect.close(got, right, call=call, tolerance=1e-5)
        if x.grad is not None:
            raise NotYet("the Jacobian is right, but x.grad was written; work on a detached copy.")
        if len(calls) > 1:
            raise NotYet(
                f"the Jacobian is right, but f was evaluated {len(calls)} times; one is enough "
                "with retain_graph=True."
            )


@exercise("6.5")
def direction(answer: Any) -> None:
    """Ask for `direction_vjp`: vᵀJ for f(x) = x / ‖x‖."""

    def rule(x: Tensor, v: Tensor) -> Tensor:
        row: Tensor = vjp(lambda x: x / x.norm(), x)[1](v)[0]
        return row

    cases = [
        ([3.0, 4.0], [1.0, 0.0]),
        ([3.0, 4.0], [6.0, 8.0]),
        ([1.0, -2.0, 2.0], [0.5, 1.0, 3.0]),
    ]
    pairs = [tuple(torch.tensor(p, dtype=torch.float64) for p in case) for case in cases]
    slips = {
        "The length of x is no constant: it changes with x too.": lambda x, v: v / x.norm(),
        "What is taken away must lie along x / ‖x‖, a vector of length 1.": lambda x, v: (
            (v - (v @ x) * x) / x.norm()
        ),
        "Divide by ‖x‖: the longer x is, the less its direction changes.": lambda x, v: (
            rule(x, v) * x.norm()
        ),
    }
    expect.same_for_all(answer, rule, pairs, name="direction_vjp", slips=slips)


@exercise("6.6")
def safe_rate(answer: Any) -> None:
    """Ask for `safe_rate`: 2 / λmax of the Hessian at x, by power iteration."""
    scales = torch.tensor([1.0, 3.0, 9.0, 10.0])
    costs: list[tuple[Callable[[Tensor], Tensor], Tensor]] = [
        (lambda x: (scales * x**2).sum() / 2, torch.ones(4)),
        (lambda x: torch.exp(x).sum() + x[0] * x[1], torch.tensor([0.0, 1.0])),
    ]
    for cost, x in costs:
        right = 2 / torch.linalg.eigvalsh(jacrev(jacrev(cost))(x))[-1].item()
        call = f"safe_rate(f, x) for a cost of {len(x)} variables"
        got = expect.number(expect.result(answer, cost, x, call=call), call)
        if abs(got - 2 / right) < 1e-2 / right:
            raise NotYet(f"{got:g} looks like a curvature; the rate is 2 divided by it.")
        if abs(got - right / 2) < 1e-3 * right:
            raise NotYet(f"{got:g} is 1 / λmax; the border is 2 / λmax.")
        hint = "Multiply by H and scale to length 1 until it settles; 300 times are enough here."
        expect.close(got, right, call=call, hint=hint, tolerance=1e-3)
