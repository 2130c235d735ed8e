"""Lab: train a classifier, watch its curves grow, stop it, compare with earlier runs."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer

from dlbook import require
from dlbook.data import Batches, Samples
from dlbook.labs.lab import (
    LONGEST,
    Lab,
    batch_size_slider,
    dropdown,
    epochs_slider,
    learning_rate_slider,
)
from dlbook.labs.runs import Run, Settings, draw, only_guesses, table
from dlbook.labs.training_page import Start, training_page
from dlbook.training import EpochEnd, fit

REDRAW_SECONDS = 0.4
MOST_EPOCHS = 200
PATIENCE = 1.0  # seconds before the pace says how long a run takes
BATCH_SIZES = (1, 4, 16, 32, 64, 128, 256, 512)

OPTIMIZERS: dict[str, Callable[[Any, float], Optimizer]] = {
    "SGD": lambda parameters, lr: SGD(parameters, lr=lr),
    "SGD, momentum 0.9": lambda parameters, lr: SGD(parameters, lr=lr, momentum=0.9),
    "Adam": lambda parameters, lr: Adam(parameters, lr=lr),
    "AdamW": lambda parameters, lr: AdamW(parameters, lr=lr),
}


class TrainingLab(Lab):
    """Train and Stop buttons over the settings of a run; earlier runs stay for comparison.

    Training runs on a thread of its own, so that Stop works at once. A run that diverges is
    reported in its row of the table.

    Args:
        data: for each name, the samples to train on and the held-out samples.
        models: for each name, a function that makes a fresh network, the same each time.
        lr: the first learning rate.
        batch_size: the first batch size, one of those on offer.
        epochs: the first number of epochs.
        seed: of the order of the samples.
        page_data: what a published page trains on, where ``data`` would be too large for it.

    Raises:
        TypeError: data or models hold something else, or an argument is no number.
        ValueError: no data or no models, a batch size that is not on offer, or a number that is
            not on its slider.
    """

    def __init__(
        self,
        data: Mapping[str, tuple[Samples, Samples]],
        models: Mapping[str, Callable[[], nn.Module]],
        *,
        lr: float = 0.01,
        batch_size: int = 64,
        epochs: int = 5,
        seed: int = 0,
        page_data: Mapping[str, tuple[Samples, Samples]] | None = None,
    ) -> None:
        _require_choices(data, models)
        self._page_data = data if page_data is None else page_data
        self._data, self._models = dict(data), dict(models)
        self._seed = require.seed("seed", seed)
        self.data = dropdown("data", list(data))
        self.model = dropdown("model", list(models))
        self.optimizer = dropdown("optimizer", list(OPTIMIZERS))
        self.lr = learning_rate_slider(lr)
        self.batch_size = batch_size_slider(batch_size, BATCH_SIZES)
        self.epochs = epochs_slider(epochs, MOST_EPOCHS)
        self.train = widgets.Button(description="Train", button_style="primary")
        self.stop = widgets.Button(description="Stop", disabled=True)
        self.reset = widgets.Button(description="Reset")
        self.progress = widgets.FloatProgress(value=0.0, min=0.0, max=1.0)
        self.status = widgets.HTML("Press Train.")
        self.table = widgets.HTML()
        self.runs: list[Run] = []
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None
        picture = widgets.Image(value=draw([]), format="png")
        super().__init__(self._box(picture), picture, "Training lab: a classifier learns.")
        self.train.on_click(lambda _: self.start())
        self.stop.on_click(lambda _: self._stopping.set())
        self.reset.on_click(lambda _: self.clear())

    def start(self) -> None:
        """Begin a run with the present settings; does nothing while one is running."""
        if self._worker is not None and self._worker.is_alive():
            return
        settings = Settings(
            self.data.value,
            self.model.value,
            self.optimizer.value,
            self.lr.value,
            self.batch_size.value,
            self.epochs.value,
        )
        batches = Batches(self._data[settings.data][0], settings.batch_size, seed=self._seed)
        run = Run(len(self.runs) + 1, settings, steps_per_epoch=len(batches))
        self.runs.append(run)
        self._stopping.clear()
        self._set_running(running=True)
        self._worker = threading.Thread(target=self._train, args=(run, batches), daemon=True)
        self._worker.start()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the running training to end, or until ``timeout`` seconds have passed."""
        if self._worker is not None:
            self._worker.join(timeout)

    def clear(self) -> None:
        """Stop what is running and forget all runs."""
        self._stopping.set()
        self.wait()
        self.runs.clear()
        self.progress.value = 0.0
        self.status.value = "Press Train."
        self.table.value = ""
        self.picture.value = draw([])

    def on_page(self) -> str:
        """The lab as a page runs it, with a picture of a run for pages without scripts."""
        if not self.runs:
            self.start()
            self.wait()
        begin = Start(self.lr.value, self.batch_size.value, self.epochs.value, self._seed)
        return training_page(
            self._page_data,
            self._models,
            OPTIMIZERS,
            BATCH_SIZES,
            begin,
            still=self.still_picture(),
            caption=self.caption,
        )

    def _train(self, run: Run, batches: Batches) -> None:
        settings = run.settings
        shown = 0.0

        def on_step(loss: Tensor) -> bool:
            nonlocal shown
            run.losses.append(loss.item())
            if time.perf_counter() - shown > REDRAW_SECONDS:
                self._show(run)
                shown = time.perf_counter()
            return self._stopping.is_set()

        def on_epoch(end: EpochEnd) -> None:
            run.accuracies.append(end.scores["val_accuracy"])

        try:
            model = self._models[settings.model]()
            require.kind("what the model's function returns", model, nn.Module)
            fit(
                model,
                batches,
                epochs=settings.epochs,
                optimizer=OPTIMIZERS[settings.optimizer](model.parameters(), settings.lr),
                val=self._data[settings.data][1],
                callbacks=[on_epoch],
                on_step=on_step,
                progress=False,
            )
            run.status = "stopped" if self._stopping.is_set() else "done"
            if only_guesses(run, self._data[settings.data][1].y):
                run.status += ", no better than guessing"
        except FloatingPointError as error:
            run.status = f"diverged: {error}"
        except Exception as error:  # the reader sees it; a thread has nobody else to tell
            run.status = f"failed: {type(error).__name__}: {error}"[:LONGEST]
        finally:
            # The buttons first: whatever happens to the picture, the lab stays usable.
            self._set_running(running=False)
            self._show(run)

    def _show(self, run: Run) -> None:
        run.seconds = time.perf_counter() - run.started
        done = len(run.losses) / run.total_steps
        self.progress.value = done
        waiting = run.status == "running" and run.seconds > PATIENCE
        left = f", about {run.seconds_left():.0f} s left" if waiting else ""
        self.status.value = f"Run {run.number}: {run.status.split(':')[0]}, {done:.0%}{left}."
        self.table.value = table(self.runs)
        self.picture.value = draw(self.runs)

    def _set_running(self, *, running: bool) -> None:
        self.train.disabled = self.reset.disabled = running
        self.stop.disabled = not running

    def _box(self, picture: widgets.Image) -> widgets.VBox:
        settings = [self.data, self.model, self.optimizer, self.lr, self.batch_size, self.epochs]
        buttons = widgets.HBox([self.train, self.stop, self.reset])
        return widgets.VBox(
            [*settings, buttons, widgets.HBox([self.progress, self.status]), picture, self.table]
        )


def _require_choices(data: Any, models: Any) -> None:
    for name, choices in (("data", data), ("models", models)):
        if not require.kind(name, choices, Mapping):  # type: ignore[type-abstract]
            raise ValueError(f"{name} must name at least one choice, got none")
    for name, pair in data.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(f"data[{name!r}] must be a pair of samples, got {require.shown(pair)}")
        for part in pair:
            require.kind(f"data[{name!r}]", part, Samples)
    for name, make in models.items():
        require.function(f"models[{name!r}]", make)
        if isinstance(make, nn.Module):
            raise TypeError(f"models[{name!r}] must be a function that makes a network, got one")
