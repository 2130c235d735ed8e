"""The explorers of chapter 02 say of every choice what torch says."""

from itertools import product

import pytest
import torch

from dlbook import explorers
from dlbook.explorers.broadcasting import alignment, meet, outcome
from dlbook.explorers.strides import outcome as stride_outcome

SIZES = (1, 2, 3)
SHAPES = [shape for axes in range(4) for shape in product(SIZES, repeat=axes)]
S = torch.arange(12).view(3, 4)


def test_the_words_agree_with_torch_for_every_pair_of_shapes() -> None:
    for a, b in product(SHAPES, repeat=2):
        try:
            result = tuple((torch.zeros(a) + torch.zeros(b)).shape)
        except RuntimeError:
            result = None
        assert meet(a, b) == result
        sizes = [int(text) for text in alignment(a, b)[6:] if text not in ("", "✗")]
        assert ("✗" in alignment(a, b)) == (result is None)
        assert ("do not fit" in outcome(a, b)) == (result is None)
        if result is not None:
            assert tuple(sizes) == result
            assert f"give {result}:" in outcome(a, b)
            assert ("nothing is repeated" in outcome(a, b)) == (a == b)


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        ((3, 1), (4,), "(3, 1) and (4,) give (3, 4): a is repeated along axis −1, b is repeated "
         "along axis −2."),
        ((), (2, 3), "() and (2, 3) give (2, 3): a is repeated along axis −1 and axis −2."),
        ((2, 3, 4), (2, 1), "(2, 3, 4) and (2, 1) do not fit: along axis −2 the sizes are 3 and 2, "
         "they differ, and neither is 1."),
    ],
)  # fmt: skip
def test_what_is_repeated_or_does_not_fit(
    a: tuple[int, ...], b: tuple[int, ...], sentence: str
) -> None:
    assert outcome(a, b) == sentence


@pytest.mark.parametrize("shape", [(5,), (0,), (4, 1, 1), (1, 1, 1, 1)])
def test_shapes_that_cannot_be_drawn_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at most 3 axes"):
        explorers.broadcasting([(), shape], start=((), ()), caption="c")


def test_a_start_that_is_no_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="start must be two of the shapes"):
        explorers.broadcasting([(), (2,)], start=((), (3,)), caption="c")


@pytest.mark.parametrize(
    ("view", "cell", "sentence"),
    [
        (S.T, 5, "Shape (4, 3), strides (1, 4), offset 0. Storage cell 5 is element [1, 1]: "
         "0 + 1·1 + 1·4 = 5."),
        (S[1], 7, "Shape (4,), strides (1,), offset 4. Storage cell 7 is element [3]: "
         "4 + 3·1 = 7."),
        (S[::2], 5, "Shape (2, 4), strides (8, 1), offset 0. No element reads storage cell 5."),
        (S[0, :2].expand(2, 2), 1, "Shape (2, 2), strides (0, 1), offset 0. Storage cell 1 is read "
         "2 times, by elements [0, 1], [1, 1]."),
    ],
)  # fmt: skip
def test_who_reads_a_storage_cell(view: torch.Tensor, cell: int, sentence: str) -> None:
    assert stride_outcome(view, cell) == sentence


@pytest.mark.parametrize(
    ("views", "message"),
    [
        ({"s": S, "copy": S.clone()}, "share one storage"),
        ({"s": torch.arange(13)}, "at most 12 cells"),
        ({"s": torch.zeros(7, 1)}, "at most 6 rows"),
        ({"s": torch.zeros(2, 2, 2)}, "order one or two"),
        ({}, "views must hold one entry or more"),
    ],
)
def test_views_that_cannot_be_drawn_are_refused(
    views: dict[str, torch.Tensor], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        explorers.strides(views, start=("s", 0), caption="c")
