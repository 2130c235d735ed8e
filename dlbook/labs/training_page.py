"""The training lab on a published page, where it trains from tapes (`dlbook.tapes`)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from importlib.resources import files
from typing import Any

import altair as alt
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from dlbook.data import Samples
from dlbook.explorers import charts
from dlbook.explorers.assets import asset
from dlbook.explorers.controls import KEEP_KEYS, Dial, Menu
from dlbook.explorers.figure import specification
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.vega import sources
from dlbook.labs.page_parts import LEARNING_RATES, WIDE
from dlbook.labs.runs import HIGHEST_LOSS, MOST_DRAWN, MOST_POINTS, WINDOW
from dlbook.page import ENGINE, json_script
from dlbook.plots.style import COLORS
from dlbook.tapes import trace
from dlbook.tapes.networks import drawn_parameters, loss_and_gradients, probabilities
from dlbook.tapes.optimizers import start, update
from dlbook.tapes.packing import packed

Sets = Mapping[str, tuple[Samples, Samples]]
Models = Mapping[str, Callable[[], nn.Module]]
Optimizers = Mapping[str, Callable[[Any, float], Optimizer]]

EPOCHS = (1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200)
SEEDS = range(10)
EXAMPLE = 7  # samples; 0 and 1 are no sizes that a tape can vary
LEVELS = 256
PICTURES = 4  # axes: (N, channels, height, width)
MENUS = {"set": "data", "model": "network", "optimizer": "optimizer"}
ROUND = charts.round_numbers(1e-6, HIGHEST_LOSS)
BUTTONS = ("Train", "Stop", "Clear")


@dataclass(frozen=True)
class Start:
    """The settings that a lab begins with."""

    lr: float
    batch_size: int
    epochs: int
    seed: int


def training_page(
    sets: Sets,
    models: Models,
    optimizers: Optimizers,
    batch_sizes: Sequence[int],
    begin: Start,
    *,
    still: str,
    caption: str,
) -> str:
    """The lab as HTML, with the tapes of its networks and optimizers and with its samples.

    Args:
        sets: for each name the samples to train on and the held-out ones.
        models: for each name a function that makes a network from the seed of ``begin``.
        optimizers: for each name a function of parameters and learning rate.
        batch_sizes: those on offer.
        begin: the first settings.
        still: a picture of the lab as HTML, for print and for pages without scripts.
        caption: what there is to see.

    Raises:
        NotImplementedError: an operation that the engine lacks.
        ValueError: a network whose weights are not drawn from the seed.
    """
    made = {name: make() for name, make in models.items()}
    trained = {name: model for name, model in made.items() if plays(model)}
    menus = {"set": list(sets), "model": list(trained), "optimizer": list(optimizers)}
    controls = _controls(menus, batch_sizes, begin)
    alone = {name: choices[0] for name, choices in menus.items() if not choices[1:]}
    example = next(iter(sets.values()))[0]
    data = {
        "sets": {name: [_samples(part) for part in pair] for name, pair in sets.items()},
        "models": {name: _model(model, example, begin.seed) for name, model in trained.items()},
        "optimizers": {name: _optimizer(make) for name, make in optimizers.items()},
        "specs": [specification(chart) for chart in (_losses(), _accuracies())],
        "alone": alone,
        "controls": [control.data() for control in controls],
        "colors": COLORS,
        "losses": {"window": WINDOW, "points": MOST_POINTS, "round": ROUND},
        "engine": ENGINE,
        "vega": sources(),
    }
    buttons = "".join(f'<button type="button" {KEEP_KEYS}>{name}</button>' for name in BUTTONS)
    return (
        f"<style>{asset('explorer.css')}</style>"
        '<figure class="dlx-lab"><div class="dlx-controls" hidden>'
        f"{''.join(control.html() for control in controls)}"
        f'<div class="dlx-control">{buttons}<progress max="1" value="0"></progress></div></div>'
        '<p class="dlx-outcome" role="status"></p>'
        f'<div class="dlx-views">{still}</div><div class="dlx-runs"></div>'
        f"<figcaption>{escape(_caption(caption, alone, made.keys() - trained.keys()))}</figcaption>"
        f"{json_script(data)}</figure>"
        f"<script>{asset('explorer.js')}</script><script>{_script()}</script>"
    )


def plays(model: nn.Module) -> bool:
    """Whether a page can train the network: what a layer remembers of batches it cannot keep."""
    return not list(model.buffers())


def _caption(caption: str, alone: Mapping[str, str], left_out: Collection[str]) -> str:
    """The caption with what leaves no choice, and with what a page cannot train."""
    settled = f" Given here: {', '.join(alone.values())}." if alone else ""
    missing = f" With a kernel there is also: {', '.join(sorted(left_out))}." if left_out else ""
    drawn = f" Drawn are the last {MOST_DRAWN} runs, and losses up to {HIGHEST_LOSS}."
    return caption + drawn + settled + missing


def _script() -> str:
    return files("dlbook.labs").joinpath("training_lab.js").read_text(encoding="utf-8")


def _controls(
    menus: Mapping[str, Sequence[str]], batch_sizes: Sequence[int], begin: Start
) -> list[Menu | Dial]:
    epochs, seeds = sorted({*EPOCHS, begin.epochs}), sorted({*SEEDS, begin.seed})
    return [
        *(
            Menu(name, MENUS[name], choices, choices[0])
            for name, choices in menus.items()
            if choices[1:]
        ),
        Dial("lr", "learning rate", *LEARNING_RATES, begin.lr, steps=50, log=True, form=".3g"),
        Menu("batch_size", "batch size", batch_sizes, begin.batch_size, say=str),
        Menu("epochs", "epochs", epochs, begin.epochs, say=str),
        Menu("seed", "seed", seeds, begin.seed, say=str),
    ]


def _samples(samples: Samples) -> dict[str, Any]:
    return {"x": _inputs(samples.x.float()), "y": packed(samples.y.int())}


def _inputs(x: Tensor) -> dict[str, Any]:
    """Inputs of few different numbers, as images are, as a byte each, without a blank margin."""
    levels = x.unique()
    if len(levels) > LEVELS:
        return packed(x)
    margin = _blank_margin(x)
    places = torch.searchsorted(levels, F.pad(x, (-margin,) * 4) if margin else x)
    blank = int(torch.searchsorted(levels, x.flatten()[0]))
    inside = packed(places.to(torch.uint8))
    return inside | {"levels": levels.tolist(), "margin": margin, "blank": blank}


def _blank_margin(x: Tensor) -> int:
    """How many pixels at each border of all images are like the first one."""
    if x.ndim != PICTURES:
        return 0
    inked = (x != x.flatten()[0]).any(dim=0).any(dim=0).nonzero()
    ends = torch.tensor(x.shape[2:]) - 1
    return int(torch.minimum(inked, ends - inked).min()) if len(inked) else 0


def _model(model: nn.Module, samples: Samples, seed: int) -> dict[str, Any]:
    some = samples[:EXAMPLE]
    weights = {name: w.detach() for name, w in model.named_parameters()}
    learn = trace(
        loss_and_gradients(model, F.cross_entropy), some.x, some.y, weights, sizes_vary=True
    )
    predict = trace(probabilities(model), some.x, weights, sizes_vary=True)
    return {
        "learn": learn.data(),
        "predict": predict.data(),
        "parameters": [asdict(part) for part in drawn_parameters(model, seed=seed)],
    }


def _optimizer(make: Callable[[Any, float], Optimizer]) -> dict[str, Any]:
    w = torch.randn(EXAMPLE, EXAMPLE + 1)
    optimizer = make([nn.Parameter(w)], 0.1)
    memory = start(optimizer, w)
    tape = trace(update(optimizer), w, w + 1, torch.tensor(0.1), memory, sizes_vary=True)
    # Each part of the memory is as large as the parameter, or one number.
    return {"update": tape.data(), "memory": [part.ndim > 0 for part in memory]}


def _losses() -> alt.Chart:
    """Between two round numbers, of which the higher one is at most `HIGHEST_LOSS`."""
    ends = [alt.param(name=name, value=value) for name, value in (("bottom", 0.5), ("top", 1))]
    low, high = (alt.ExprRef(end.name) for end in ends)
    scale = alt.Scale(type="log", nice=False, domainMin=low, domainMax=high)
    axis = alt.Axis(**WIDE.to_dict(), values=ROUND)
    return _curves("losses", f"loss, mean of {WINDOW} steps", scale, axis).add_params(*ends)


def _accuracies() -> alt.Chart:
    return _curves("accuracies", "held-out accuracy", alt.Scale(domain=[0, 1]), WIDE, point=True)


def _curves(
    table: str, title: str, scale: alt.Scale, axis: alt.Axis, *, point: bool = False
) -> alt.Chart:
    """A line for each run; the table has two unseen rows that hold the axes open."""
    domain = list(range(len(COLORS)))
    chart = charts.chart(table).properties(width=WIDTH, height=HEIGHT)
    lines = chart.mark_line(clip=True, strokeWidth=1.8, point={"size": 14} if point else False)
    curves: alt.Chart = lines.encode(
        x=alt.X("epoch:Q", title="epoch", scale=alt.Scale(nice=False, zero=True)),
        y=alt.Y("value:Q", title=title, scale=scale, axis=axis),
        color=alt.Color("color:N", scale=alt.Scale(domain=domain, range=list(COLORS)), legend=None),
        detail="run:N",
        opacity=alt.Opacity("opacity:Q", scale=None),
    )
    return curves
