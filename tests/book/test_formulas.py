"""Formulas: TeX in, MathML that browsers draw out; what cannot be read fails the build."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from small_book import Book
from textbook.formulas.typesetting import TexError, typeset

pytestmark = pytest.mark.slow

HARD = {
    r"\frac{\partial J}{\partial w}": "∂J∂w",
    r"\sum_{i=1}^{N} x_i": "∑i=1Nxi",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}": "a=b=c",
    r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}": "{1if x>00otherwise",
    r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}": "[abcd]",
    r"\operatorname*{arg\,max}_{\theta} p(x \mid \theta)": "arg maxθp(x∣θ)",
    r"\Bigl( \hat{y} - \underbrace{y}_{n} \Bigr)": "(yˆ−y⏟n)",
    r"\mathbb{R}\, \mathcal{L}\, \boldsymbol{\theta}\, \mathbf{W}": "ℝℒ𝜽𝐖",
    r"\sigma'(z) = \sqrt{\hat v} + \varepsilon": "σ′(z)=vˆ+ε",
    r"-p(x) \log q(x)": "−p(x)logq(x)",
}


@pytest.mark.parametrize(("tex", "drawn"), HARD.items())
def test_what_is_drawn(tex: str, drawn: str) -> None:
    formula = typeset(tex, display=True)
    assert formula.text.replace("\u2009", " ").replace("\xa0", " ") == drawn
    assert ElementTree.fromstring(formula.markup).get("display") == "block"
    assert ElementTree.fromstring(typeset(tex).markup).get("display") is None


def test_functions_stand_apart_from_terms_but_not_from_parentheses() -> None:
    space = re.compile(r'<mspace width="0.1667em"/>|lspace="0.1667em"')
    assert len(space.findall(typeset(r"p(x) \log q(x)").markup)) == 2
    assert not space.findall(typeset(r"\log(q)").markup)


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\unknown{x}", r'Unknown command "\unknown"'),
        (r"\frac{a}", "Expected argument"),
        (r"\left( x", r"\right"),
        (r"\href{https://example.org}{x}", r'Unknown command "\href"'),
    ],
)
def test_what_cannot_be_read_says_why(tex: str, reason: str) -> None:
    with pytest.raises(TexError) as caught:
        typeset(tex)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["formulas.nodes"],
        settings={
            "html_math_renderer": "mathml",
            "myst_enable_extensions": ["dollarmath", "amsmath"],
            "myst_dmath_double_inline": True,
            "myst_update_mathjax": False,
        },
    )


def test_built_page(book: Book) -> None:
    book.write(
        "index.md",
        r"""
        # The gradient $\nabla f$

        The $n$-th of $N$. In line: $$a = b$$ and on.

        $$
        J(w) = \frac{1}{N} \sum_i (x_i w - y_i)^2 + \lambda w^2 + \mu \lvert w \rvert
        $$ (cost)

        \begin{align}
        a &= b
        \end{align}
        """,
    )
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    page = book.page("index")
    assert "<title>The gradient ∇f" in page
    assert re.search(r'<span class="formula-word">.*?</math></span>-th</span>', page)
    assert '<span class="formula-display notranslate">' in page
    assert re.search(
        r'<div class="formula-display notranslate" id="equation-cost" tabindex="0">', page
    )
    assert page.count('class="eqno"') == 1
    assert "mathjax" not in page.lower()
    assert "frac" not in (book.site / "searchindex.js").read_text(encoding="utf-8")


def test_unreadable_formula_fails_every_build_until_it_is_mended(book: Book) -> None:
    book.write("index.md", "# Page\n\nA bad $\\unknown{x}$ here.\n")
    for _ in range(2):
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        assert "index.md:3: WARNING: this formula cannot be read" in result.stderr
    assert r'<code class="formula-failed">\unknown{x}</code>' in book.page("index")
    book.write("index.md", "# Page\n\nA good $x$ here.\n")
    assert book.build("-W").returncode == 0
