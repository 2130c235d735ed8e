"""The worlds meet every pair, seeds move from outside, and what falls is said."""

import json
from pathlib import Path

import nbformat
import pytest
import worlds
from nbformat.v4 import new_code_cell, new_notebook, new_output
from worlds import HERE, PAIRS, TWELVE, Outcome, World, chosen, outcome, run, table, world, wrong

pytestmark = pytest.mark.slow

DRAWS = """\
import random
import numpy as np
import torch
from sklearn.model_selection import train_test_split
from dlbook.data import Batches, Samples
from dlbook.models import mlp

def drawn(seed=0):
    yield torch.manual_seed(seed) and torch.rand(1).item()
    yield torch.rand(1, generator=torch.Generator().manual_seed(seed)).item()
    yield np.random.default_rng(seed).random()
    yield np.random.RandomState(seed).random()
    np.random.seed(seed)
    yield np.random.random()
    yield random.Random(seed).random()
    yield tuple(train_test_split(range(100), random_state=seed)[1])
    yield mlp([2, 1], seed=seed)[-1].bias.item()
    samples = Samples(torch.arange(100.0), torch.arange(100))
    yield next(iter(Batches(samples, 5, seed=seed)))[1].tolist()
"""


def write(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    """A notebook of the cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = folder / "01_small.ipynb"
    nbformat.write(new_notebook(cells=list(cells), metadata={"kernelspec": kernel}), path)
    return path


def cell(source: str, id: str, *tags: str, printed: str = "") -> nbformat.NotebookNode:
    """A code cell that has run and printed."""
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    metadata = {"tags": list(tags)}
    return new_code_cell(source, id=id, outputs=outputs, execution_count=1, metadata=metadata)


def test_the_six_meet_every_pair_and_all_are_twelve() -> None:
    def pairs(places: list[World]) -> set[tuple[str, str]]:
        words = [place.name.split() for place in places if place.data != "fashion"]
        return {(a, b) for each in words for a in each for b in each if a < b}

    assert len(PAIRS) == 7, "six and Fashion-MNIST"
    assert len(TWELVE) == 13
    missed = pairs(TWELVE) - pairs(PAIRS)
    assert missed == {("1", "sse"), ("2", "avx2"), ("mnist", "sse"), ("avx2", "digits")}


def test_a_world_is_chosen_by_the_words_of_its_name() -> None:
    names = [place.name for place in chosen({"sse", "seeds"}, [7, 8], every=False)]
    assert names == ["sse digits 2", "seeds+7 native digits 1", "seeds+8 native digits 1"]
    assert chosen({"here"}, [7], every=False) == [HERE]
    assert len(chosen(set(), [7], every=True)) == len(TWELVE) + 1


def test_each_seed_moves_and_is_counted(tmp_path: Path) -> None:
    for offset in (0, 5):
        place, path = world("native", "digits", 1, offset), str(tmp_path / str(offset))
        save = f"import json\nwith open({path!r}, 'w') as file: json.dump([*drawn()], file)"
        imports = run(place, write(tmp_path, cell(DRAWS, "define")))
        found = run(place, write(tmp_path, cell(DRAWS, "define"), cell(save, "save")))
        assert found.fallen == {}
        assert found.moved - imports.moved == (9 if offset else 0)
    plain, moved = (json.loads((tmp_path / name).read_text()) for name in ("0", "5"))
    assert len(plain) == 9
    assert all(a != b for a, b in zip(plain, moved, strict=True))


def test_what_fell_is_named_but_for_cells_of_one_draw(tmp_path: Path) -> None:
    draw = "import torch\nx = torch.manual_seed(0) and torch.rand(1)\n"
    notebook = write(
        tmp_path,
        cell(f"{draw}print(round(x.item(), 4))", "printed", printed="0.4963\n"),
        cell("assert x > 0.49 and x < 0.5", "luck"),
        cell("assert 0.49 < x < 0.5", "one", worlds.ONE_DRAW),
        cell("assert x.dtype == torch.float32", "law"),
    )
    assert run(world("native", "digits", 1), notebook) == Outcome(4, 1, 0, {})
    moved = run(world("native", "digits", 1, 1000), notebook)
    assert list(moved.fallen) == ["luck"]
    assert "assert x > 0.49" in moved.fallen["luck"]
    assert str(moved) == "4/0, 1 moved: luck"


def test_another_output_falls(tmp_path: Path) -> None:
    notebook = write(
        tmp_path, cell("import os\nprint(os.environ['OMP_NUM_THREADS'])", "a", printed="1\n")
    )
    assert not run(world("native", "digits", 1), notebook).fallen
    assert list(run(world("native", "digits", 2), notebook).fallen) == ["a"]


def test_what_passed_is_not_run_again_and_what_fell_is(tmp_path: Path) -> None:
    count = f"_ = open({str(tmp_path / 'runs')!r}, 'a').write('x')"
    for ending, runs in (("", 1), ("\nassert False", 3)):
        notebook = write(tmp_path, cell(f"{count}{ending}", "count"))
        first, second = (outcome(HERE, notebook, tmp_path / "stamps") for _ in range(2))
        assert first == second
        assert (tmp_path / "runs").stat().st_size == runs


def test_another_world_has_another_state(tmp_path: Path) -> None:
    places = [
        HERE,
        world("sse", "digits", 1),
        world("sse", "digits", 2),
        world("avx2", "digits", 1),
    ]
    states = {worlds.state(place).name for place in places}
    assert len(states) == len(places)


def test_of_twenty_offsets_one_may_break_an_assert() -> None:
    good, bad = Outcome(3, 0, 2, {}), Outcome(3, 0, 2, {"luck": "said"})
    moved = [world("native", "digits", 1, offset) for offset in range(1, 21)]
    once = {(place, "01"): bad if place.offset == 7 else good for place in moved}
    assert list(wrong(once)) == []
    assert list(wrong({(moved[0], "01"): bad})) == ["01 luck under 1 of 1 offsets"]
    assert list(wrong(once | {(moved[0], "01"): bad})) == ["01 luck under 2 of 20 offsets"]
    assert list(wrong({(HERE, "01"): bad})) == ["01 luck in here"]
    rows = table({(HERE, "01"): bad, (HERE, "02"): good}).splitlines()
    assert rows[-1] == "| here | 3/0, 2 moved: luck | 3/0, 2 moved |"


def test_without_the_image_sets_it_is_said(empty_data_root: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"{empty_data_root} holds no MNIST"):
        worlds.link_data("mnist")
