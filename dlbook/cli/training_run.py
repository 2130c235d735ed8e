"""What the command ``train`` does with its options."""

import argparse
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import torch
from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from tqdm import tqdm

from dlbook import distributed, require
from dlbook.data import Batches, Samples, load_images
from dlbook.data.csv_tables import beside, require_csv, write_csv
from dlbook.device import best_device, device_named
from dlbook.files import require_different, require_writable
from dlbook.models import mlp, small_cnn
from dlbook.say import say
from dlbook.training import Callback, EpochEnd, History, evaluate, fit

IMAGES = {"digits": "digits", "mnist": "mnist", "fashion": "fashion_mnist"}
AUTOCAST = {"bfloat16": torch.bfloat16, "float16": torch.float16}
SGD_LR = 0.1
ADAM_LR = 0.001


def train(options: argparse.Namespace) -> None:
    """Load, train, report.

    Raises:
        ValueError: options that cannot be met.
        OSError: a file that cannot be read or written.
        FloatingPointError: the training diverged.
        LostProcessError: another process has ended.
    """
    _require_files(options)
    with distributed.connected(_device(options)) as device:
        train_set, test_set = _samples(options, device)
        model = _model(options).to(train_set.x)
        history = fit(
            model,
            Batches(train_set, options.batch_size, seed=options.seed),
            epochs=options.epochs,
            optimizer=_optimizer(options, model),
            callbacks=[_printer(options.epochs)],
            autocast=AUTOCAST.get(options.precision),
            save_to=options.save,
            resume_from=options.resume,
        )
        if distributed.is_main():
            if options.history is not None:
                _write(history, options.history)
            _say(f"test accuracy {evaluate(model, test_set)['accuracy']:.4f}")


def _require_files(options: argparse.Namespace) -> None:
    """Refuse names of files that cannot be written, before anything else is done."""
    checkpoints = {f"--{name}": getattr(options, name) for name in ("save", "resume")}
    checkpoints = {name: path for name, path in checkpoints.items() if path is not None}
    tables = {} if options.history is None else {"--history": options.history}
    for name, path in (checkpoints | tables).items():
        require.path(name, path)
    if options.save is not None:
        require_writable(options.save, "--save")
    if tables:
        tables["the steps of --history"] = _steps_file(options.history)
    for name, path in tables.items():
        require_csv(path, name)
    require_different(tables)
    for name, path in checkpoints.items():  # which may be one file
        require_different({name: path} | tables)


def _device(options: argparse.Namespace) -> torch.device:
    if options.device is None:
        device = best_device()
    else:
        device = device_named(options.device, setting=f"--device {options.device!r}")
    if device.type == "mps" and options.precision == "float64":
        raise ValueError("--precision float64 is not to be had on mps; take --device cpu")
    return device


def _samples(options: argparse.Namespace, device: torch.device) -> tuple[Samples, Samples]:
    """Training and test set; the main process downloads, and says what it found."""
    said = io.StringIO()
    with distributed.main_first(), redirect_stdout(said):
        images = load_images(IMAGES[options.data])
    if distributed.is_main():
        _say(said.getvalue(), end="")
    parts = images.standardized(device)
    limit = options.limit or len(parts[0])
    if limit > len(parts[0]):
        raise ValueError(f"--limit must be at most {len(parts[0])} for {images.name}, got {limit}")
    dtype = torch.float64 if options.precision == "float64" else torch.float32
    train_set, test_set = (Samples(part.x.to(dtype), part.y) for part in parts)
    return train_set[:limit], test_set


def _model(options: argparse.Namespace) -> nn.Module:
    if options.model == "cnn":
        return small_cnn(seed=options.seed)
    sizes = [784, 10] if options.model == "linear" else [784, 256, 256, 10]
    return mlp(sizes, seed=options.seed)


def _optimizer(options: argparse.Namespace, model: nn.Module) -> Optimizer:
    if options.optimizer == "sgd":
        lr = options.lr or SGD_LR
        return SGD(model.parameters(), lr=lr, momentum=options.momentum or 0.0)
    if options.momentum is not None:
        raise ValueError(f"--momentum is an option of sgd, got --optimizer {options.optimizer}")
    kinds: dict[str, Callable[..., Optimizer]] = {"adam": Adam, "adamw": AdamW}
    return kinds[options.optimizer](model.parameters(), lr=options.lr or ADAM_LR)


def _printer(epochs: int) -> Callback:
    def say_scores(end: EpochEnd) -> None:
        scores = end.scores
        if distributed.is_main():
            _say(
                f"epoch {end.epoch}/{epochs}: loss {scores['train_loss']:.4f}, "
                f"{scores['seconds']:.2f} s"
            )

    return say_scores


def _say(text: str, end: str = "\n") -> None:
    with tqdm.external_write_mode():  # the progress bar makes way
        say(text, end=end)


def _write(history: History, path: Path) -> None:
    """The epochs as CSV, and the steps beside them."""
    write_csv(path, history.epochs)
    write_csv(_steps_file(path), history.steps)


def _steps_file(path: Path) -> Path:
    return beside(path, "_steps")
