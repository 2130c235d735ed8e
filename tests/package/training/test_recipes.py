"""Recipes: `train` is the training loop that it stands for, on whatever pictures there are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils._python_dispatch import TorchDispatchMode

from dlbook.data import Batches, Samples, load_images
from dlbook.recipes import CNN_99, CNN_99_5, MLP_98, Recipe, train
from dlbook.training import evaluate

RECIPES = (MLP_98, CNN_99, CNN_99_5)
any_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)


@pytest.fixture(scope="module")
def digits() -> tuple[Samples, Samples]:
    """Training and test set of the small pictures."""
    return load_images("digits").standardized()


def written_out(recipe: Recipe, samples: Samples, seed: int) -> tuple[nn.Module, list[float]]:
    """The same training as a bare loop."""
    model = recipe.make_model(seed=seed).to(memory_format=torch.channels_last)
    optimizer = AdamW(model.parameters(), lr=recipe.peak_lr, fused=True)
    schedule = OneCycleLR(optimizer, recipe.peak_lr, total_steps=recipe.steps)
    batches = Batches(samples, recipe.batch_size, seed=seed, shift=recipe.shift)
    losses: list[float] = []
    while len(losses) < recipe.steps:
        for x, y in batches:
            loss = F.cross_entropy(model(x), y, label_smoothing=recipe.label_smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) == recipe.steps:
                break
    return model, losses


@any_recipe
def test_it_is_the_loop_written_out(recipe: Recipe, digits: tuple[Samples, Samples]) -> None:
    short, samples = replace(recipe, steps=7), digits[0][:500]
    model, history = train(short, samples, seed=3)
    expected, losses = written_out(short, samples, seed=3)
    assert history.steps["loss"].tolist() == losses
    torch.testing.assert_close(model.state_dict(), expected.state_dict(), rtol=0, atol=0)


@any_recipe
def test_it_learns_the_small_digits_in_a_part_of_its_steps(
    recipe: Recipe, digits: tuple[Samples, Samples], device: torch.device
) -> None:
    train_set, test_set = (part.to(device) for part in digits)
    model, history = train(replace(recipe, steps=60), train_set)
    assert len(history.steps) == 60
    assert evaluate(model, test_set)["accuracy"] > 0.9


def test_mixed_precision_is_another_run(digits: tuple[Samples, Samples]) -> None:
    short = replace(CNN_99, steps=3)
    exact, mixed = (
        train(recipe, digits[0])[1].steps["loss"]
        for recipe in (short, replace(short, autocast=torch.bfloat16))
    )
    assert 0 < (exact - mixed).abs().max() < 0.1


class Reads(TorchDispatchMode):
    """Counts the numbers that Python reads from tensors; each read waits for a GPU."""

    count = 0

    def __torch_dispatch__(
        self,
        func: torch._ops.OpOverload,
        types: object,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        """Count, and compute as always."""
        self.count += func is torch.ops.aten._local_scalar_dense.default
        return func(*args, **(kwargs or {}))


@any_recipe
@pytest.mark.parametrize("autocast", [None, torch.bfloat16, torch.float16], ids=str)
def test_no_update_waits_for_the_device(
    recipe: Recipe,
    autocast: torch.dtype | None,
    digits: tuple[Samples, Samples],
    device: torch.device,
) -> None:
    samples = digits[0].to(device)

    def reads(steps: int) -> int:
        with Reads() as mode:
            train(replace(recipe, steps=steps, autocast=autocast), samples)
        return mode.count

    assert 0 < reads(2) == reads(5)  # in one epoch, after which the losses are read
