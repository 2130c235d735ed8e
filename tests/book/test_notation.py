"""The symbols are those of the chapters, and every number of the refresher is computed here."""

import math
import re
from fractions import Fraction
from pathlib import Path

import nbformat
import pytest
import torch
from page_code import rows
from torch.distributions import Normal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
DIE = range(1, 7)

SYMBOLS, _, LETTERS = PAGE.partition("\n## Slope")[0].partition("\n### Letters with more")
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
WORD = re.compile(r"\\(?:begin|end|mathbb|mathrm|operatorname|text)\*?\{[^}]*\}")
COMMAND = re.compile(r"\\(?:(?:operatorname|mathrm|mathbb|hat|bar)\s*)?[a-zA-Z]+")
GREEK = "alpha|beta|gamma|Delta|ell|varepsilon|theta|lambda|mu|nabla|sigma|tau|varphi"
LETTER = re.compile(rf"\\(?:{GREEK})(?![a-z])|\\[a-zA-Z]+|[a-zA-Z]")
LINK = re.compile(r"\[(\d\d)\]")
# Explained in the lines around them: a sum, a bound.
ON_THE_SPOT = {"S", "M"}


def formulas(text: str) -> list[str]:
    """The formulas of a text."""
    found = FORMULA.findall(re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL))
    return [left or right for left, right in found]


def bare(formula: str) -> str:
    """A formula without braces, bars of fractions, and what sets a letter in bold."""
    return re.sub(r"\\mathbf|\\[dt]?frac|\\[,;:!]|[{}]", " ", formula).strip()


def close(formula: str) -> str:
    """A bare formula without spaces."""
    return re.sub(r"\s", "", bare(formula))


def letters(texts: list[str]) -> set[str]:
    """The letters of formulas, Greek ones by their names."""
    found = {one for text in texts for one in LETTER.findall(WORD.sub("", text))}
    return {one for one in found if len(one) == 1 or re.fullmatch(GREEK, one[1:])}


def of_chapter(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=nbformat.NO_CONVERT).cells
    return formulas("\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))


CHAPTERS = {path.stem[:2]: of_chapter(path) for path in (ROOT / "notebooks").glob("*.ipynb")}


def stands(symbol: str, chapter: str) -> bool:
    """Whether a chapter's formulas have a symbol: an operator by its name, others whole."""
    if len(bare(symbol)) == 1:
        return bare(symbol) in letters(CHAPTERS[chapter])
    command = COMMAND.match(bare(symbol))
    text = close(command[0] if command else symbol)
    return any(text in close(formula) for formula in CHAPTERS[chapter])


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
def test_every_letter_of_a_chapter_is_explained(chapter: str) -> None:
    known = letters(formulas(SYMBOLS + LETTERS)) | ON_THE_SPOT
    assert letters(CHAPTERS[chapter]) - known == set()


def test_a_symbol_leads_to_the_chapter_where_it_begins() -> None:
    many = letters(formulas("".join(row[0] for row in rows(LETTERS))))
    for symbol, *_, place in rows(SYMBOLS):
        first = formulas(symbol)[0]
        for chapter in LINK.findall(place):
            assert stands(first, chapter), (symbol, chapter)
            if not letters([first]) & many:
                earlier = [each for each in CHAPTERS if each < chapter]
                assert not any(stands(first, each) for each in earlier), symbol


def test_a_letter_stands_in_the_chapters_of_its_meanings() -> None:
    for letter, meanings in rows(LETTERS):
        for chapter in LINK.findall(meanings):
            assert letters(formulas(letter)) & letters(CHAPTERS[chapter]), (letter, chapter)


def says(text: str) -> bool:
    return text in PAGE


def loss(w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (3 * w + b - 6) ** 2


@pytest.fixture
def knobs() -> tuple[torch.Tensor, torch.Tensor]:
    """The point w = 1, b = 0 of the worked example, with the loss's gradient in ``.grad``."""
    w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    loss(w, b).backward()
    return w, b


def test_slope_of_the_square() -> None:
    x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    (x**2).backward()
    lift = 3.001**2 - 3**2
    assert x.grad == 6
    assert round(lift, 3) == 0.006
    assert says(
        "At $x = 3$ the slope is 6: a small step of 0.001 to the right lifts $f$ by about 0.006"
    )


def test_partial_derivatives(knobs: tuple[torch.Tensor, torch.Tensor]) -> None:
    w, b = knobs
    assert 3 * w + b - 6 == -3
    assert loss(w, b) == 9
    assert says("the prediction is 3 too low and the loss is 9")
    assert w.grad == -18
    assert says(r"\frac{\partial \ell}{\partial w} &= 2\,(3w + b - 6) \cdot 3 = -18")
    assert b.grad == -6
    assert says(r"\frac{\partial \ell}{\partial b} &= 2\,(3w + b - 6) \cdot 1 = -6")


def test_step_against_the_gradient(knobs: tuple[torch.Tensor, torch.Tensor]) -> None:
    after = [(knob - 0.01 * knob.grad).detach() for knob in knobs]
    assert [round(knob.item(), 4) for knob in after] == [1.18, 0.06]
    assert says(r"\begin{pmatrix} 1.18 \\ 0.06 \end{pmatrix}")
    assert round(loss(*after).item(), 4) == 5.76
    assert says("The loss falls from 9 to 5.76.")


def test_chain_rule_with_two_paths() -> None:
    t = torch.tensor(3.0, requires_grad=True)
    u, v = 2 * t, t**2
    (u * v).backward()
    assert (u, v) == (6, 9)
    assert t.grad == 9 * 2 + 6 * 6 == 6 * 3**2 == 54
    assert says(r"slope $9 \cdot 2 = 18$, the path through $v$ has $6 \cdot 6 = 36$")
    assert says("together they make 54. Indeed $f = 2t^3$, with the derivative $6t^2 = 54$")


def test_slope_in_a_direction(knobs: tuple[torch.Tensor, torch.Tensor]) -> None:
    gradient = torch.stack([knob.grad for knob in knobs]).double()
    along = torch.tensor([0.6, 0.8], dtype=torch.float64)
    assert along.norm() == 1
    assert round((gradient @ along).item(), 6) == -15.6
    assert says(r"-18 \cdot 0.6 - 6 \cdot 0.8 = -15.6")
    near = [loss(1 + t * along[0], t * along[1]).item() for t in (1e-5, -1e-5)]
    assert round((near[0] - near[1]) / 2e-5, 4) == -15.6
    angles = torch.arange(0, 360, 0.01, dtype=torch.float64).deg2rad()
    slopes = torch.stack((angles.cos(), angles.sin()), dim=1) @ gradient
    assert round(slopes.max().item(), 2) == round(gradient.norm().item(), 2) == 18.97
    assert says(r"$\sqrt{18^2 + 6^2} \approx 18.97$")


def test_products() -> None:
    assert torch.tensor([1, 2]) @ torch.tensor([3, 4]) == 11
    assert says(r"1 \cdot 3 + 2 \cdot 4 = 11")
    assert torch.tensor([3.0, 4.0]) @ torch.tensor([3.0, 4.0]) == 25
    assert torch.tensor([3.0, 4.0]).norm() == 5
    assert says(r"$(3, 4) \cdot (3, 4) = 25$, so $(3, 4)$ has the length 5")
    product = torch.tensor([[1, 2], [3, 4]]) @ torch.tensor([5, 6])
    assert product.tolist() == [17, 39]
    assert says(r"\begin{bmatrix} 17 \\ 39 \end{bmatrix}")


def test_matrix_as_a_map() -> None:
    matrix, swap = torch.tensor([[1, 2], [3, 4]]), torch.tensor([[0, 1], [1, 0]])
    vector = torch.tensor([5, 6])
    assert matrix.T.tolist() == [[1, 3], [2, 4]]
    assert says("$(1, 0)$ becomes $(1, 3)$ and $(0, 1)$ becomes $(2, 4)$")
    assert (5 * matrix[:, 0] + 6 * matrix[:, 1]).tolist() == [17, 39]
    assert says(r"= \begin{pmatrix} 17 \\ 39 \end{pmatrix}")
    assert (swap @ matrix).tolist() == [[3, 4], [1, 2]]
    assert says(r"= \begin{bmatrix} 3 & 4 \\ 1 & 2 \end{bmatrix}")
    assert (swap @ (matrix @ vector)).tolist() == (swap @ matrix @ vector).tolist() == [39, 17]
    assert says("makes $(39, 17)$ of $(5, 6)$")
    assert (matrix @ swap @ vector).tolist() == [16, 38]
    assert says("swaps first and makes $(16, 38)$")


def test_eigenvalues() -> None:
    matrix = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    torch.testing.assert_close(
        torch.linalg.eigvalsh(matrix), torch.tensor([1.0, 3.0], dtype=torch.float64)
    )
    assert (matrix.trace(), round(matrix.det().item(), 12)) == (4, 3)
    assert says(r"\lambda^2 - 4\lambda + 3 = 0, \qquad \lambda_1 = 3, \quad \lambda_2 = 1.")
    assert (matrix @ torch.tensor([1.0, 1.0], dtype=torch.float64)).tolist() == [3, 3]
    assert (matrix @ torch.tensor([1.0, -1.0], dtype=torch.float64)).tolist() == [1, -1]
    assert says("The vector $(1, 1)$ becomes $(3, 3)$, so it belongs to 3.")
    assert says("The vector $(1, -1)$ stays $(1, -1)$, so it belongs to 1.")


def test_die() -> None:
    mean = Fraction(sum(DIE), 6)
    variance = sum((k - mean) ** 2 for k in DIE) / 6
    assert mean == Fraction(7, 2)
    assert says(r"\frac{1}{6}\,k = 3.5")
    assert variance == Fraction(35, 12)
    assert round(float(variance), 3) == 2.917
    assert says(r"\frac{35}{12} \approx 2.917")
    assert variance / 4 == Fraction(35, 48)
    assert round(float(variance / 4), 3) == 0.729
    assert says(r"$35/48 \approx 0.729$")


def test_coin() -> None:
    p = Fraction(9, 10)
    variance = p * (1 - p) ** 2 + (1 - p) * p**2
    assert variance == p * (1 - p) == Fraction(9, 100)
    assert math.isclose(math.sqrt(variance / 100), 0.03)
    assert says("For $p = 0.9$ that is 0.09, and the mean of a hundred such coins")
    assert says("has the variance 0.0009, a standard deviation of 0.03")


def test_density() -> None:
    normal = Normal(0.0, 0.3)
    logs = normal.log_prob(torch.tensor([0.0, 0.3]))
    heights = logs.exp()
    formula = [math.exp(-(x**2) / (2 * 0.3**2)) / (0.3 * math.sqrt(2 * math.pi)) for x in (0, 0.3)]
    torch.testing.assert_close(heights, torch.tensor(formula))
    assert [f"{height:.3f}" for height in heights] == ["1.330", "0.807"]
    assert says("its height at 0 is 1.330")
    assert says("the heights are 1.330 and 0.807")
    area = normal.cdf(torch.tensor(0.3)) - normal.cdf(torch.tensor(-0.3))
    assert f"{area:.3f}" == "0.683"
    assert says("The area between $-0.3$ and $0.3$ is 0.683")
    assert f"{heights.prod():.3f}" == "1.073"
    assert [f"{value:.3f}" for value in (*logs, logs.sum())] == ["0.285", "-0.215", "0.070"]
    assert says("density 1.073")
    assert says(r"$0.285 - 0.215 = 0.070$, which is $\log 1.073$")


def test_growth() -> None:
    assert (100**3, 200**3) == (1_000_000, 8_000_000)
    assert says("a million for $n = 100$, and eight million for $n = 200$")
    assert (41**2, 41**3) == (1681, 68_921)
    assert says("1,681 for two knobs, 68,921 for three")
    halvings = math.log2(5 / 1e-6)
    assert round(halvings, 1) == 22.3
    assert math.ceil(halvings) == 23
    assert math.ceil(math.log2(5000 / 1e-6)) == 23 + 10
    assert says(r"$\log_2 5{,}000{,}000 \approx 22.3$, that is 23 halvings")
    assert says("it takes ten more")
