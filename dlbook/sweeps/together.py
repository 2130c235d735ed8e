"""Networks of one architecture that take their steps together."""

from collections.abc import Iterable, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from dlbook.data import Batches, Samples
from dlbook.training import accuracy

RANDOM_LAYERS = (
    nn.Dropout,
    nn.Dropout1d,
    nn.Dropout2d,
    nn.Dropout3d,
    nn.AlphaDropout,
    nn.FeatureAlphaDropout,
    nn.RReLU,
)


def why_apart(model: nn.Module) -> str | None:
    """The layer because of which such networks must be trained one by one, if there is one.

    A layer with buffers (batch normalization) changes them as it trains, and a random layer
    (dropout) would draw other numbers than in a run of its own.
    """
    for name, layer in model.named_modules():
        what = f"layer {name!r}" if name else "the model itself"
        if any(True for _ in layer.buffers(recurse=False)):
            return f"{what}, a {type(layer).__name__}, keeps buffers"
        if isinstance(layer, RANDOM_LAYERS):
            return f"{what}, a {type(layer).__name__}, draws random numbers"
    return None


class Ensemble:
    """R networks whose weights are stacked: one of shape (…) becomes one of shape (R, …).

    ``vmap`` computes all outputs as if there were one network (chapter 20). No network sees
    another: it gives the numbers that it would give alone, up to rounding.

    Args:
        models: R networks that differ in nothing but their weights.

    Raises:
        ValueError: they differ in more, or have a layer that `why_apart` names.
    """

    def __init__(self, models: list[nn.Module]) -> None:
        reason = why_apart(models[0])
        if reason is not None:
            raise ValueError(f"make_model gives networks that cannot train together: {reason}")
        if len({_architecture(model) for model in models}) > 1:
            raise ValueError("make_model must give every seed a network of the same architecture")
        self.model = models[0]  # for its architecture; its own weights are not used
        self.weights, _ = stack_module_state(models)

    def __call__(self, x: Tensor, *, shared: bool = False) -> Tensor:
        """The outputs of all networks, shape (R, N, …).

        Args:
            x: inputs of each network, shape (R, N, …), or, ``shared`` by all, (N, …).
            shared: whether there is one x for all.
        """
        return vmap(self._one, in_dims=(0, None if shared else 0))(self.weights, x)

    def _one(self, weights: dict[str, Tensor], x: Tensor) -> Tensor:
        y_hat: Tensor = functional_call(self.model, weights, (x,))
        return y_hat

    def evaluate(self, samples: Samples, *, batch_size: int = 1000) -> dict[str, list[float]]:
        """Each network's ``val_loss`` and ``val_accuracy``, as `dlbook.training.fit` has them.

        Args:
            samples: inputs (N, …) and labels (N,).
            batch_size: how many samples to compute at a time.
        """
        self.model.eval()
        with torch.no_grad():
            parts = [self(x, shared=True) for x in samples.x.split(batch_size)]
        logits = torch.cat(parts, dim=1)
        loss = vmap(F.cross_entropy, in_dims=(0, None))(logits, samples.y)
        return {
            "val_loss": loss.tolist(),
            "val_accuracy": [accuracy(outputs, samples.y) for outputs in logits],
        }


def train_together(
    models: Iterable[nn.Module],
    train: Samples,
    val: Samples,
    *,
    lr: Sequence[float],
    seeds: Sequence[int],
    batch_size: int,
    epochs: int,
    momentum: float,
) -> list[list[dict[str, float]]]:
    """The epochs that each of R runs finished, all runs at once.

    Args:
        models: R networks of one architecture, on the device of the data.
        train: samples to train on.
        val: samples to evaluate on after each epoch.
        lr: R learning rates.
        seeds: R seeds of the orders of the samples.
        batch_size: samples per update.
        epochs: passes over the training samples.
        momentum: of SGD.

    Raises:
        ValueError: `Ensemble` refuses the networks.
    """
    ensemble = Ensemble(list(models))
    trained = [weight for weight in ensemble.weights.values() if weight.requires_grad]
    rates = torch.tensor(lr, dtype=trained[0].dtype, device=train.x.device)
    optimizer = torch.optim.SGD(trained, lr=1.0, momentum=momentum)
    rows = torch.arange(len(train), device=train.x.device)
    orders = {seed: Batches(Samples(rows, rows), batch_size, seed=seed) for seed in seeds}
    finished: list[list[dict[str, float]]] = [[] for _ in lr]
    running = torch.ones_like(rates, dtype=torch.bool)
    for epoch in range(1, epochs + 1):
        steps = _next_order(orders, seeds).split(batch_size, dim=1)
        train_loss = _train_epoch(ensemble, train, steps, optimizer, rates)
        running &= train_loss.isfinite()
        scores = {"train_loss": train_loss.tolist()} | ensemble.evaluate(val)
        for run in running.nonzero().flatten().tolist():
            row = {name: column[run] for name, column in scores.items()}
            finished[run].append({"epoch": epoch} | row)
    return finished


def _next_order(orders: Mapping[int, Batches], seeds: Sequence[int]) -> Tensor:
    """The order in which each run visits the samples in its next epoch, shape (R, N)."""
    passes = {seed: torch.cat([rows for rows, _ in batches]) for seed, batches in orders.items()}
    return torch.stack([passes[seed] for seed in seeds])


def _train_epoch(
    ensemble: Ensemble,
    train: Samples,
    steps: Sequence[Tensor],
    optimizer: torch.optim.SGD,
    rates: Tensor,
) -> Tensor:
    """One pass of every network: the R mean losses. Each of ``steps`` holds row numbers (R, B)."""
    ensemble.model.train()
    seen = []
    for rows in steps:
        losses = vmap(F.cross_entropy)(ensemble(train.x[rows]), train.y[rows])
        optimizer.zero_grad()
        # No network's loss depends on another's weights. So the gradient of this sum is each
        # network's own, times its own learning rate, and the optimizer's rate is 1.
        (rates * losses).sum().backward()
        optimizer.step()
        seen.append(losses.detach())
    sizes = torch.tensor([rows.shape[1] for rows in steps]).to(rates)
    return torch.stack(seen, dim=1) @ (sizes / len(train))


def _architecture(model: nn.Module) -> tuple[object, ...]:
    """What must be the same for two models to be trained together."""
    weights = model.named_parameters()
    return (repr(model), *((name, w.shape, w.requires_grad) for name, w in weights))
