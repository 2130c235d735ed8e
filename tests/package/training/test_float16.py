"""Training in float16: the loss is scaled as in a loop written out, and a run can be resumed."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import LinearLR, LRScheduler

from dlbook.data import Batches, moons
from dlbook.models import mlp
from dlbook.training import History, fit, mixed_dtype

EPOCHS = 4
STEEP, FLAT = 1000.0, 1e-7  # the gradients of the loss times these leave float16's range


def loss_times(factor: float, y_hat: Tensor, y: Tensor) -> Tensor:
    return factor * F.cross_entropy(y_hat, y)


def start(
    factor: float, kind: type[Optimizer], **options: Any
) -> tuple[nn.Module, Batches, Optimizer, LRScheduler]:
    model = mlp([2, 16, 2], seed=0)
    lr = 0.1 / factor if kind is SGD else 0.01  # Adam does not notice a factor
    optimizer = kind(model.parameters(), lr=lr, **options)  # type: ignore[call-arg]
    return model, Batches(moons(64), 8), optimizer, LinearLR(optimizer, total_iters=20)


def fitted(
    factor: float, kind: type[Optimizer] = SGD, epochs: int = EPOCHS, **options: Any
) -> tuple[nn.Module, History]:
    files = {name: options.pop(name) for name in ("save_to", "resume_from") if name in options}
    model, batches, optimizer, scheduler = start(factor, kind, **options)
    history = fit(
        model,
        batches,
        epochs=epochs,
        optimizer=optimizer,
        scheduler=scheduler,
        criterion=partial(loss_times, factor),
        autocast=torch.float16,
        **files,
    )
    return model, history


@dataclass
class WrittenOut:
    """The same loop, its loss scaled by hand; a power of two changes no digit."""

    factor: float
    scale: float = 2.0**16
    skipped: int = 0
    losses: list[float] = field(default_factory=list)

    def train(self, kind: type[Optimizer], **options: Any) -> nn.Module:
        model, batches, optimizer, scheduler = start(self.factor, kind, **options)
        for _ in range(EPOCHS):
            for x, y in batches:
                with torch.autocast("cpu", torch.float16):
                    y_hat = model(x)
                loss = loss_times(self.factor, y_hat.float(), y)
                optimizer.zero_grad()
                (loss * self.scale).backward()
                self.update(optimizer, [p.grad for p in model.parameters() if p.grad is not None])
                scheduler.step()
                self.losses.append(loss.item())
        return model

    def update(self, optimizer: Optimizer, gradients: list[Tensor]) -> None:
        for gradient in gradients:
            gradient /= self.scale
        if all(gradient.isfinite().all() for gradient in gradients):
            optimizer.step()
        else:
            self.scale /= 2
            self.skipped += 1


@pytest.mark.parametrize("factor", [1.0, STEEP, FLAT])
@pytest.mark.parametrize(
    ("kind", "options"),
    [(SGD, {"momentum": 0.9}), (AdamW, {}), (AdamW, {"fused": True})],
    ids=["SGD", "AdamW", "fused AdamW"],
)
@pytest.mark.filterwarnings("ignore:Detected call of:UserWarning:test_float16")
def test_it_is_the_loop_written_out(
    factor: float, kind: type[Optimizer], options: dict[str, Any]
) -> None:
    by_hand = WrittenOut(factor)
    expected = by_hand.train(kind, **options)
    model, history = fitted(factor, kind, **options)
    assert (by_hand.skipped > 0) == (factor == STEEP)
    torch.testing.assert_close(history.steps["loss"].tolist(), by_hand.losses, rtol=1e-5, atol=0)
    torch.testing.assert_close(model.state_dict(), expected.state_dict(), rtol=1e-4, atol=1e-5)


def test_small_gradients_survive() -> None:
    bare, batches, _, _ = start(FLAT, SGD)
    x, y = next(iter(batches))
    with torch.autocast("cpu", torch.float16):
        loss_times(FLAT, bare(x), y).backward()
    assert all(p.grad is not None and (p.grad == 0).all() for p in bare.parameters())
    _, history = fitted(FLAT)
    assert history.last["train_loss"] < 0.85 * history.epochs["train_loss"].iloc[0]


def test_a_resumed_run_keeps_its_scale(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    fitted(STEEP, epochs=2, save_to=path)
    model, history = fitted(STEEP, resume_from=path)
    expected, whole = fitted(STEEP)
    assert history.steps["loss"].tolist() == whole.steps["loss"].tolist()
    torch.testing.assert_close(model.state_dict(), expected.state_dict(), rtol=0, atol=0)


def test_a_card_that_imitates_bfloat16_takes_float16(device: torch.device) -> None:
    card = torch.device("cuda")
    assert mixed_dtype(card, native=lambda _: False) is torch.float16
    assert mixed_dtype(card, native=lambda _: True) is torch.bfloat16
    assert mixed_dtype(torch.device("cpu"), native=lambda _: False) is torch.bfloat16
    assert mixed_dtype(device) in (torch.bfloat16, torch.float16)
