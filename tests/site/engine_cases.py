"""Calls of ATen operations with random arguments, to compare the page's engine with torch."""

import math
import random
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, 2.5, math.inf, -math.inf, math.nan, 1e-30, 700.0)


class Draw:
    """Random shapes and tensors, of sizes from 0, often views with strides of their own."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.dtype = self.chance.choice((torch.float32, torch.float64))

    def one_of(self, *choices: Any) -> Any:
        """One of the choices."""
        return self.chance.choice(choices)

    def size(self, least: int = 0) -> int:
        """A size up to 4."""
        return self.chance.randint(least, 4)

    def shape(self, *, axes: int | None = None, least: int = 0) -> list[int]:
        """A size for each axis; without a number of axes up to three."""
        count = self.chance.randint(0, 3) if axes is None else axes
        return [self.size(least) for _ in range(count)]

    def axis(self, t: Tensor) -> int:
        """An axis, counted from the front or from the end."""
        return self.chance.randrange(-t.ndim, t.ndim)

    def of(self, shape: list[int]) -> Tensor:
        """Ordinary numbers."""
        return self._viewed(torch.randn, shape).to(self.dtype)

    def positive(self, shape: list[int]) -> Tensor:
        """Ordinary numbers above 0."""
        return self.of(shape).abs() + 0.1

    def edgy(self, shape: list[int]) -> Tensor:
        """Edge values and ordinary numbers."""
        edges = [self.one_of(*EDGES) for _ in range(math.prod(shape))]
        chosen = self.truth(shape)
        return torch.where(
            chosen, torch.tensor(edges, dtype=self.dtype).view(shape), self.of(shape)
        )

    def whole(self, shape: list[int], least: int = -3, most: int = 3) -> Tensor:
        """Whole numbers from ``least`` to ``most``."""
        return self._viewed(lambda shape, **k: torch.randint(least, most + 1, shape, **k), shape)

    def truth(self, shape: list[int]) -> Tensor:
        """True or false."""
        return self.whole(shape, 0, 1).bool()

    def any(self, shape: list[int]) -> Tensor:
        """Numbers of one kind or another."""
        return self.one_of(self.of, self.edgy, self.whole, self.truth)(shape)

    def pair(self) -> tuple[list[int], list[int]]:
        """Two shapes that broadcast together."""
        whole = self.shape()
        one, two = ([self.one_of(n, 1) for n in whole] for _ in range(2))
        return one[self.chance.randint(0, len(one)) :], two

    def permutation(self, t: Tensor) -> list[int]:
        """The axes in another order."""
        return self.chance.sample(range(t.ndim), t.ndim)

    def _viewed(self, draw: Callable[..., Tensor], shape: list[int]) -> Tensor:
        """A tensor as it comes, or every second number of a larger one, or with axes swapped."""
        kind = self.chance.randrange(3)
        if kind == 0 or not shape:
            return draw(shape, generator=self.generator)
        if kind == 1:
            larger = draw([2 * n for n in shape], generator=self.generator)
            return larger[tuple(slice(0, 2 * n, 2) for n in shape)]
        return draw(shape[::-1], generator=self.generator).permute(*range(len(shape))[::-1])


def _rows_and_index(d: Draw) -> tuple[Tensor, int, Tensor]:
    t = d.of(d.shape(axes=2, least=1))
    axis = d.axis(t)
    index = d.whole([d.chance.randint(0, n) for n in t.shape], 0, t.shape[axis] - 1)
    return t, axis, index


def _convolution(d: Draw) -> tuple[Any, ...]:
    channels, kernel = d.size(1), [d.one_of(1, 2, 3), d.one_of(1, 2, 3)]
    x = d.of([d.size(1), channels, d.one_of(5, 6, 7), d.one_of(5, 7)])
    weight = d.of([d.size(1), channels, *kernel])
    step, padding, dilation = (
        [d.one_of(*those), d.one_of(*those)] for those in ((1, 2), (0, 1), (1, 2))
    )
    return x, weight, step, padding, dilation, False, [0, 0], 1


def _convolved(d: Draw) -> tuple[Any, ...]:
    x, weight, *rest = _convolution(d)
    return x, weight, d.one_of(None, d.of([len(weight)])), *rest


def _convolved_back(d: Draw) -> tuple[Any, ...]:
    x, weight, *rest = _convolution(d)
    g = torch.randn_like(torch.ops.aten.convolution(x, weight, None, *rest))
    wanted = d.one_of([True, True, True], [False, True, True], [False, True, False])
    return g, x, weight, [len(weight)], *rest, wanted


def _pooled(d: Draw) -> tuple[Any, ...]:
    x = d.of([d.size(1), d.size(1), d.one_of(4, 5, 6), d.one_of(4, 7)])
    return x, [2, 2], d.one_of([2, 2], [1, 1]), d.one_of([0, 0], [1, 1])


def _pooled_back(d: Draw) -> tuple[Any, ...]:
    x, *settings = _pooled(d)
    y, index = torch.ops.aten.max_pool2d_with_indices(x, *settings)
    return torch.randn_like(y), x, *settings, [1, 1], False, index


def _slopes_and_logs(d: Draw) -> tuple[Any, ...]:
    x = d.of(d.shape(axes=2, least=1))
    axis = d.axis(x)
    return d.of(list(x.shape)), x.log_softmax(axis), axis, x.dtype


def _indices(d: Draw) -> tuple[Tensor, list[Tensor | None]]:
    t, (one, two) = d.of(d.shape(axes=3, least=1)), d.pair()
    shapes = dict(zip(d.chance.sample(range(3), 2), (one, two), strict=True))
    return t, [
        d.whole(shapes[a], -n, n - 1) if a in shapes else None for a, n in enumerate(t.shape)
    ]


def _put(d: Draw) -> tuple[Any, ...]:
    t, indices = _indices(d)
    return t, indices, d.of(list(torch.ops.aten.index(t, indices).shape)), True


def _with_axis(d: Draw, t: Tensor) -> tuple[Tensor, int]:
    return t, d.axis(t)


def _cut(d: Draw) -> tuple[Any, ...]:
    t = d.any(d.shape(axes=2))
    axis = d.axis(t)
    whole = t.shape[axis]
    first = d.chance.randint(0, whole)
    return t, [first, whole - first], axis


_ONE = (
    "exp expm1 log log1p log2 log10 sqrt rsqrt reciprocal sin cos tanh sigmoid erf neg abs sign "
    "relu floor ceil round trunc gelu leaky_relu softplus isnan isinf logical_not"
)
_TWO = "mul add sub remainder eq ne lt le gt ge div"


def _overload(names: str, overload: str = "default") -> str:
    return " ".join(f"{name}.{overload}" for name in names.split())


_DRAWS: dict[str, Callable[[Draw], tuple[Any, ...]]] = {
    # Views
    "view.default": lambda d: (
        t := d.of(d.shape(axes=2, least=1)).contiguous(),
        d.one_of([-1], list(t.shape)[::-1], [1, -1]),
    ),
    "expand.default": lambda d: (d.of([1, n := d.size()]), [d.size(), d.size(), n]),
    "permute.default": lambda d: (t := d.any(d.shape()), d.permutation(t)),
    "slice.Tensor": lambda d: (
        t := d.any(d.shape(axes=2)),
        d.axis(t),
        d.one_of(None, 0, 1, -2),
        d.one_of(None, 3, -1, 9),
        d.size(1),
    ),
    "select.int": lambda d: (t := d.any(d.shape(axes=2, least=1)), d.axis(t), d.one_of(0, -1)),
    "unsqueeze.default": lambda d: (d.any(d.shape(axes=2)), d.chance.randint(-3, 2)),
    "squeeze.dims": lambda d: (d.any([1, d.size(), 1]), d.one_of([0, 2], [-1, 1], [])),
    "split_with_sizes.default": _cut,
    "diagonal.default": lambda d: (d.any(d.shape(axes=2, least=1)),),
    "alias.default clone.default": lambda d: (d.any(d.shape()),),
    # New tensors
    "full.default": lambda d: (d.shape(), d.one_of(0.5, math.inf, -2.0)),
    "full_like.default": lambda d: (d.of(d.shape()), d.one_of(0.5, math.nan)),
    "scalar_tensor.default": lambda d: (d.one_of(*EDGES),),
    "lift_fresh_copy.default": lambda d: (d.any(d.shape()),),
    "arange.start_step": lambda d: (d.one_of(0, 2), d.one_of(9, 7.5), d.one_of(1, 3, 0.5)),
    "linspace.default": lambda d: (
        d.one_of(-1.0, 0.0),
        d.one_of(1.0, -1.0, 0.3),
        d.one_of(0, 1, 2, 7, 50),
    ),
    "_to_copy.default": lambda d: (d.any(d.shape()),),
    "cat.default": lambda d: ([d.of([d.size(), 3]), d.of([d.size(), 3])], d.one_of(0, -2)),
    "flip.default": lambda d: (d.any(d.shape(axes=2)), d.one_of([0], [-1], [0, 1])),
    "repeat.default": lambda d: (d.any(d.shape(axes=2)), d.shape(axes=d.one_of(2, 3))),
    "constant_pad_nd.default": lambda d: (
        d.of(d.shape(axes=2)),
        d.one_of([1, 2], [0, 1, 2, 0]),
        d.one_of(0.0, -math.inf),
    ),
    # Number by number
    _overload(_ONE): lambda d: (d.edgy(d.shape()),),
    _overload(_TWO, "Tensor"): lambda d: tuple(map(d.edgy, d.pair())),
    _overload(_TWO, "Scalar"): lambda d: (d.edgy(d.shape()), d.one_of(*EDGES, 3)),
    "pow.Tensor_Tensor atan2.default maximum.default minimum.default "
    "logical_and.default logical_or.default": lambda d: tuple(map(d.edgy, d.pair())),
    "pow.Tensor_Scalar": lambda d: d.one_of(
        (d.edgy(d.shape()), d.one_of(2, -1, 3, 0)), (d.positive(d.shape()), 0.5)
    ),
    "pow.Scalar": lambda d: (d.one_of(0.5, 2, 1), d.edgy(d.shape())),
    "bitwise_not.default": lambda d: (d.one_of(d.whole, d.truth)(d.shape()),),
    "bitwise_and.Tensor bitwise_or.Tensor": lambda d: tuple(
        map(d.one_of(d.whole, d.truth), d.pair())
    ),
    "bitwise_and.Scalar bitwise_or.Scalar": lambda d: (d.whole(d.shape()), 5),
    "where.self": lambda d: (d.truth((p := d.pair())[0]), d.edgy(p[1]), d.of([])),
    "clamp.default": lambda d: (d.edgy(d.shape()), d.one_of(None, -0.5), 0.5),
    "div.Tensor_mode": lambda d: (
        d.of((p := d.pair())[0]),
        d.positive(p[1]),
        d.one_of("floor", "trunc"),
    ),
    "lerp.Scalar": lambda d: (*map(d.of, d.pair()), d.one_of(0.0, 0.1, 0.9)),
    "addcmul.default addcdiv.default": lambda d: (*map(d.of, d.pair()), d.positive([])),
    "sigmoid_backward.default tanh_backward.default": lambda d: tuple(map(d.of, [d.shape()] * 2)),
    "threshold_backward.default": lambda d: (*map(d.of, [d.shape()] * 2), 0),
    # Along axes
    "sum.dim_IntList mean.dim": lambda d: (
        d.edgy(d.shape(axes=2)),
        d.one_of([0], [-1], [0, 1], []),
        d.one_of(True, False),
    ),
    "amax.default amin.default": lambda d: (
        d.edgy(d.shape(axes=2, least=1)),
        d.one_of([0], [-1], [0, 1]),
        d.one_of(True, False),
    ),
    "var.correction var_mean.correction": lambda d: (d.of([3, 4]), d.one_of([0], [-1], None)),
    "any.dim prod.dim_int": lambda d: (
        *_with_axis(d, d.of(d.shape(axes=2))),
        d.one_of(True, False),
    ),
    "any.dims": lambda d: (
        d.of(d.shape(axes=2)),
        d.one_of([0], [-1], [0, 1]),
        d.one_of(True, False),
    ),
    "argmax.default argmin.default": lambda d: (
        d.edgy(d.shape(axes=2, least=1)),
        d.one_of(None, 0, -1),
        d.one_of(True, False),
    ),
    "mean.default prod.default any.default": lambda d: (d.of(d.shape()),),
    "max.default min.default": lambda d: (d.edgy(d.shape(least=1)),),
    "cumsum.default cumprod.default": lambda d: _with_axis(d, d.of(d.shape(axes=2))),
    "_softmax.default _log_softmax.default": lambda d: (
        *_with_axis(d, d.of(d.shape(axes=2))),
        False,
    ),
    "sort.default": lambda d: (*_with_axis(d, d.edgy([3, 4])[:, :0]), d.one_of(True, False)),
    "sort.stable": lambda d: (
        t := d.whole(d.shape(axes=2)),
        True,
        d.axis(t),
        d.one_of(True, False),
    ),
    "topk.default": lambda d: (
        d.of([3, 4]),
        d.one_of(0, 1, 3),
        d.one_of(0, -1),
        d.one_of(True, False),
    ),
    "max.dim min.dim": lambda d: (
        *_with_axis(d, d.edgy(d.shape(axes=2, least=1))),
        d.one_of(True, False),
    ),
    # By index
    "gather.default": _rows_and_index,
    "scatter_add.default": lambda d: (*(p := _rows_and_index(d)), d.of(list(p[2].shape))),
    "scatter.value": lambda d: (*_rows_and_index(d), 0.5),
    "scatter.src": lambda d: (d.of([3, 4]), 0, torch.tensor([[2, 0, 1, 0]]), d.of([2, 4])),
    "index_select.default": lambda d: (
        t := d.of(d.shape(axes=2, least=1)),
        1,
        d.whole([d.size()], 0, t.shape[1] - 1),
    ),
    "index.Tensor": _indices,
    "index_put.default": _put,
    "embedding.default": lambda d: (d.of([4, d.size()]), d.whole(d.shape(), 0, 3)),
    # Products
    "mm.default": lambda d: (d.of([d.size(), k := d.size()]), d.of([k, d.size()])),
    "addmm.default": lambda d: (
        d.of([n := d.size(1)]),
        d.of([d.size(), k := d.size()]),
        d.of([k, n]),
    ),
    "bmm.default": lambda d: (
        d.of([n := d.size(1), d.size(), k := d.size()]),
        d.of([n, k, d.size()]),
    ),
    "convolution.default": _convolved,
    "convolution_backward.default": _convolved_back,
    "max_pool2d_with_indices.default": _pooled,
    "max_pool2d_with_indices_backward.default": _pooled_back,
    "_log_softmax_backward_data.default": _slopes_and_logs,
    "_local_scalar_dense.default": lambda d: (d.edgy([]),),
    "sym_size.int": lambda d: _with_axis(d, d.of(d.shape(axes=2))),
}

CASES = {name: draws for names, draws in _DRAWS.items() for name in names.split()}
# Python's own operations, between whole and real numbers.
PYTHON = ("add", "sub", "mul", "truediv", "floordiv", "pow", "neg", "getitem", "sym_float")
