"""One epoch of the trainer of *Dive into Deep Learning* against `dlbook.training.fit`.

Both train 784-256-256-10 at batch size 256 with SGD, once on tensors in memory, and once as each
book feeds its trainer with images, scored on the test images at the end. The package ``d2l``
is installed without its dependencies into a folder of its own, so that the tested environment stays
as it is. Its board, which would draw the curves while it trains, is switched off.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from torch import nn
from torch.optim import SGD
from torchvision import datasets

from benchmarks.fit import SIZES, Course, noise, of_fit
from benchmarks.input_pipeline import images_or_noise, torchvision_root
from benchmarks.results import ROOT
from benchmarks.rows import Bar, CannotMeasureError, Row
from benchmarks.timing import Contestant, interleave, ratio
from dlbook.data import Batches, ImageSet, Samples
from dlbook.models import mlp
from dlbook.training import fit

PACKAGE = "d2l==1.0.3"
FOLDER = ROOT / "_build" / "peers" / PACKAGE
BATCH_SIZE = 256
ROUNDS = 5
BAR = Bar("≥", 1)


def main() -> list[Row]:
    """How many times as long d2l's trainer takes."""
    d2l = d2l_for_torch()
    vectors = noise(60_000)
    memory = {
        "d2l": d2l_epoch(d2l, in_memory(d2l, vectors)),
        "fit": of_fit(Course(network, vectors, BATCH_SIZE)),
    }
    images = images_or_noise()
    with d2l_pictures(d2l, images) as pictures:
        files = {"d2l": d2l_epoch(d2l, pictures), "fit": scored_epoch(images)}
        seconds = {"tensors in memory": memory, f"pictures of {images.name}": files}
        return [row(name, contestants) for name, contestants in seconds.items()]


def row(name: str, contestants: dict[str, Contestant]) -> Row:
    """Return the ratio of the two."""
    seconds = interleave(contestants, rounds=ROUNDS)
    return ratio(f"d2l's Trainer / fit, {name}", seconds["d2l"], seconds["fit"], BAR)


def d2l_for_torch() -> Any:
    """Return the module ``d2l.torch``.

    Raises:
        CannotMeasureError: it cannot be installed or imported.
    """
    if not FOLDER.is_dir():
        command = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps"]
        done = subprocess.run([*command, "--target", FOLDER, PACKAGE], check=False)
        if done.returncode != 0:
            raise CannotMeasureError(f"{PACKAGE} cannot be installed")
    sys.path.append(str(FOLDER))
    try:
        return import_module("d2l.torch")
    except ImportError as error:
        raise CannotMeasureError(f"{PACKAGE} cannot be imported: {error}") from error
    finally:
        sys.path.remove(str(FOLDER))


def network() -> nn.Module:
    """Return the same start for both."""
    return mlp(SIZES, seed=0)


def d2l_epoch(d2l: Any, data: Any) -> Contestant:
    """Return an epoch of d2l's trainer."""
    model = d2l.Classifier()
    model.net, model.lr = nn.Sequential(nn.Flatten(), network()), 0.01
    model.board.display = False
    return lambda: d2l.Trainer(max_epochs=1).fit(model, data)


def in_memory(d2l: Any, samples: Samples) -> Any:
    """Return d2l's kind of data, whose loader reads tensors; nothing to score."""
    data = d2l.DataModule()
    data.batch_size = BATCH_SIZE
    tensors = (samples.x, samples.y)
    data.get_dataloader = lambda train: data.get_tensorloader(tensors, train) if train else None
    return data


@contextmanager
def d2l_pictures(d2l: Any, images: ImageSet) -> Iterator[Any]:
    """d2l's own Fashion-MNIST, with all its settings, on images that are at hand.

    It looks for them in ``../data``.
    """
    with torchvision_root(datasets.FashionMNIST, images, below="data") as root:
        here = Path(root).with_name("here")
        here.mkdir()
        with chdir(here):
            yield d2l.FashionMNIST(batch_size=BATCH_SIZE)


def scored_epoch(images: ImageSet) -> Contestant:
    """Return an epoch of `fit` on the training images, scored on the test images."""
    model = nn.Sequential(nn.Flatten(), network())
    optimizer = SGD(model.parameters(), lr=0.01)
    train, test = images.standardized()
    batches = Batches(train, BATCH_SIZE)
    return lambda: fit(model, batches, epochs=1, optimizer=optimizer, val=test, progress=False)
