"""What follows an update: the learning rate and the bar move on, and somebody may say stop."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler
from tqdm import tqdm

from dlbook import distributed
from dlbook.progress import progress_bar
from dlbook.training.arguments import asks_to_stop
from dlbook.training.callbacks import StepCallback


@dataclass
class AfterStep:
    """To be called after each update with its loss; whether the training ends there.

    Attributes:
        scheduler: of the learning rate, if there is one.
        bar: of progress.
        on_step: what the caller of `fit` wants to be called.
        interrupted: whether it has ended the training.
    """

    scheduler: LRScheduler | None
    bar: "tqdm[Any]"
    on_step: StepCallback | None
    interrupted: bool = False

    def __call__(self, loss: Tensor) -> bool:
        """Move on, and ask ``on_step``, on each process with the loss of the whole batch."""
        if self.scheduler is not None:
            self.scheduler.step()
        self.bar.update()
        if self.on_step is not None:
            answer = asks_to_stop("on_step", self.on_step(distributed.average(loss)))
            self.interrupted = distributed.any_true(answer)
        return self.interrupted


def step_bar(progress: bool | None, *, done: int, steps: int) -> "tqdm[Any]":
    """A progress bar over the steps of all epochs, on the main process."""
    show = progress if distributed.is_main() else False
    return progress_bar(show=show, total=steps, initial=done, unit="step")
