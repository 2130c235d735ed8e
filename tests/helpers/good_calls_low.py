"""Working calls of what stands on the lower floors."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd
import torch
from fuzzing import Arguments, Good
from torch import Tensor, nn

from dlbook.data import CsvImages, ImageSet, Samples, line, write_csv_images
from dlbook.models import FusedLayer, mlp

P = torch.tensor([0.25, 0.75])
Q = torch.tensor([[0.5, 0.5], [0.125, 0.875]])
JOINT = torch.tensor([[0.25, 0.125], [0.375, 0.25]])


def toy(n: int = 6) -> Callable[[], Arguments]:
    return lambda: {"n": n, "noise": 0.1, "seed": 3}


def n_samples(result: Samples, arguments: Arguments) -> bool:
    return len(result) == arguments["n"] and result.x.dtype == torch.float32


def never_negative(result: Tensor, arguments: Arguments) -> bool:
    return bool((result >= 0).all())


def like_theta(result: Tensor, arguments: Arguments) -> bool:
    return result.shape == arguments["theta"].shape and bool((result <= 1e-6).all())


def draws() -> Arguments:
    return {"theta": torch.linspace(0, 1, 5), "ones": 3, "zeros": 2}


def samples() -> Samples:
    return Samples(torch.arange(12.0).view(6, 2), torch.tensor([0, 1, 2, 0, 1, 2]))


def pictures(path: Path) -> Samples:
    """Pictures, which are in the file as well."""
    made = Samples(torch.arange(27, dtype=torch.uint8).view(3, 1, 3, 3), torch.arange(3))
    write_csv_images(path, made)
    return made


def few_pictures() -> ImageSet:
    made = Samples(torch.arange(18, dtype=torch.uint8).view(2, 1, 3, 3), torch.arange(2))
    return ImageSet("few", made, made, ("zero", "one"))


def on_device(result: Samples, arguments: Arguments) -> bool:
    return result.x.device.type == torch.device(arguments["device"]).type


def same_pictures(path: str | Path, made: Samples) -> bool:
    found = CsvImages(path)
    labels = torch.equal(found.labels, made.y.long())
    return labels and torch.equal(found.pixels.flatten(), made.x.flatten())


HERE = Path(mkdtemp())
DATA: dict[str, Good] = {
    "dlbook.data:Batches": Good(
        lambda: {
            "samples": samples(),
            "batch_size": 4,
            "shuffle": True,
            "seed": 0,
            "drop_last": False,
            "shift": 0,
        },
        lambda batches, _: sum(1 for _ in batches) == len(batches),
    ),
    "dlbook.data:Samples": Good(lambda: {"x": torch.ones(3, 2), "y": torch.zeros(3)}),
    "dlbook.data:Samples.to": Good(lambda: {"self": samples(), "device": "cpu"}, on_device),
    "dlbook.data:Samples.split": Good(
        lambda: {"self": samples(), "fraction": 0.5, "seed": 0},
        lambda parts, _: len(parts[0]) + len(parts[1]) == 6,
    ),
    "dlbook.data:CsvImages": Good(
        lambda: {"path": (pictures(HERE / "a.csv"), HERE / "a.csv")[1], "transform": torch.neg},
        lambda found, _: len(found) == 3,
        words={"path": "path|must|No such file"},
    ),
    "dlbook.data:write_csv_images": Good(
        lambda: {"path": HERE / "b.csv", "samples": pictures(HERE / "b.csv")},
        lambda _, of: same_pictures(of["path"], of["samples"]),
    ),
    "dlbook.data:ImageSet.standardized": Good(
        lambda: {"self": few_pictures(), "device": "cpu"},
        lambda parts, of: on_device(parts[0], of),
    ),
    "dlbook.data:load_images": Good(lambda: {"name": "digits"}),
    "dlbook.data:load_table": Good(lambda: {"name": "iris"}),
    "dlbook.data:passengers": Good(
        lambda: {"n": 5, "seed": 0, "missing": False},
        lambda found, of: len(found) == of["n"],
        nan=True,
    ),
    "dlbook.device:best_device": Good(dict),
    "dlbook.device:under_torchrun": Good(dict, lambda answer, _: answer is False),
    "dlbook.device:own_card": Good(
        lambda: {"device": torch.device("cpu")}, lambda card, of: card == of["device"]
    ),
    "dlbook.device:device_named": Good(
        lambda: {"name": "cpu", "setting": "the name"},
        words={"name": "the name"},
        free=("setting",),
    ),
    "dlbook.device:describe_device": Good(lambda: {"device": "cpu"}),
}

GOOD_CALLS: dict[str, Good] = DATA | {
    **{
        f"dlbook.data:{name}": Good(toy(), n_samples)
        for name in ("line", "polynomial", "blobs", "circles", "moons", "spiral")
    },
    **{
        f"dlbook.information:{name}": Good(
            lambda: {"p": P.clone(), "q": Q.clone(), "unit": "bits"}, never_negative
        )
        for name in ("cross_entropy", "kl_divergence")
    },
    "dlbook.information:entropy": Good(lambda: {"p": P.clone(), "unit": "nats"}, never_negative),
    **{
        f"dlbook.information:{name}": Good(
            lambda: {"joint": JOINT.clone(), "unit": "bans"}, never_negative
        )
        for name in ("conditional_entropy", "mutual_information")
    },
    "dlbook.information:perplexity": Good(
        lambda: {"p": P.clone(), "q": P.clone()}, lambda value, _: bool((value >= 1).all())
    ),
    "dlbook.information:bernoulli_log_likelihood": Good(draws, like_theta),
    "dlbook.information:binomial_log_likelihood": Good(draws, like_theta),
    "dlbook.information:categorical_log_likelihood": Good(
        lambda: {"probs": Q.clone(), "counts": torch.tensor([3, 1])},
        lambda value, of: value.shape == of["probs"].shape[:-1] and bool((value <= 1e-6).all()),
    ),
    "dlbook.information:normal_log_likelihood": Good(
        lambda: {"y": P.clone(), "mean": Q.clone(), "std": 0.5},
        lambda value, of: value.shape == of["mean"].shape[:-1],
    ),
}


def cost(w: Tensor) -> Tensor:
    return (w * w).sum(dim=-1)


def gradient(w: Tensor) -> Tensor:
    return 2 * w


def adam(w: list[Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adam(w, lr=0.1)


def steps_and_start(result: pd.DataFrame, of: Arguments) -> bool:
    return sorted(set(result["step"])) == list(range(of["steps"] + 1))


def fused_layer() -> FusedLayer:
    parts = (torch.ones(2, 3), torch.ones(2), torch.zeros(2))
    return FusedLayer(*parts, pooled=False, activated=True)


DESCENT: dict[str, Good] = {
    "dlbook.descent:descend": Good(
        lambda: {
            "cost": cost,
            "start": [1.0, -1.0],
            "lr": [0.1, 0.2],
            "steps": 3,
            "gradient": gradient,
            "momentum": 0.5,
        },
        steps_and_start,
        nan=True,
        endless=("steps",),
    ),
    "dlbook.descent:descend_line": Good(
        lambda: {
            "samples": line(5),
            "lr": 0.1,
            "epochs": 2,
            "batch_size": 2,
            "start": (0.0, 1.0),
            "momentum": 0.0,
            "seed": 0,
        },
        lambda result, _: list(result) == ["lr", "step", "epoch", "w", "b", "cost"],
        nan=True,
        endless=("epochs",),
    ),
    "dlbook.descent:line_cost": Good(
        lambda: {"samples": line(5), "w": torch.ones(3, 1), "b": torch.zeros(2)},
        lambda result, _: not bool((result < 0).any()),
    ),
    "dlbook.descent:line_gradient": Good(
        lambda: {"samples": line(5), "w": torch.ones(3, 1), "b": 0.5},
        lambda result, _: result.shape[-1] == 2,
    ),
    "dlbook.descent:optimize": Good(
        lambda: {"cost": cost, "start": [1.0, -1.0], "make_optimizer": adam, "steps": 3},
        steps_and_start,
        nan=True,
        endless=("steps",),
    ),
}

MODELS: dict[str, Good] = {
    "dlbook.models:mlp": Good(
        lambda: {"sizes": [2, 3, 2], "activation": nn.Tanh, "seed": 0},
        lambda model, of: model(torch.ones(1, int(of["sizes"][0]))).shape[1] == of["sizes"][-1],
    ),
    "dlbook.models:small_cnn": Good(
        lambda: {"classes": 3, "seed": 0},
        lambda model, of: model[-1].out_features == of["classes"],
    ),
    "dlbook.models:count_parameters": Good(lambda: {"model": mlp([2, 3])}),
    "dlbook.models:fuse": Good(
        lambda: {"model": nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU())},
        lambda fused, of: torch.allclose(
            fused(torch.ones(1, 2)), of["model"].eval()(torch.ones(1, 2))
        ),
    ),
    "dlbook.models:quantize": Good(lambda: {"fused": nn.Sequential(fused_layer())}),
    "dlbook.models:FusedLayer": Good(
        lambda: {
            "weight": torch.ones(2, 3),
            "scale": torch.ones(2),
            "shift": torch.zeros(2),
            "pooled": False,
            "activated": True,
            "padding": 0,
        }
    ),
    "dlbook.models:FusedLayer.forward": Good(
        lambda: {"self": fused_layer(), "x": torch.ones(4, 3)},
        lambda y, of: y.shape == (len(of["x"]), 2),
    ),
    "dlbook.models:FusedLayer.extra_repr": Good(lambda: {"self": fused_layer()}),
}

GOOD_CALLS |= DESCENT | MODELS
