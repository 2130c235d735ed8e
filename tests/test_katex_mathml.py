"""Formulas: TeX in, MathML that browsers draw out; what KaTeX cannot read fails the build."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from katex_engine import KatexEngine, TexError
from math_letters import styled
from mathml_core import CoreMath, to_core
from sphinx_build import Book


@pytest.fixture(scope="module")
def engine() -> Iterator[KatexEngine]:
    with KatexEngine() as engine:
        yield engine


def typeset(engine: KatexEngine, tex: str) -> CoreMath:
    return to_core(engine.mathml(tex, display=True))


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{\partial J}{\partial w}",
        r"\sum_{i=1}^{N} x_i",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}",
        r"\operatorname*{arg\,max}_{\theta} p(x \mid \theta)",
        r"\Bigl( \hat{y} - \underbrace{y}_{n} \Bigr)",
    ],
)
def test_formula_is_typeset_and_keeps_its_tex(engine: KatexEngine, tex: str) -> None:
    markup = typeset(engine, tex).markup
    assert markup.startswith("<math ")
    tex_in_xml = tex.replace("&", "&amp;").replace(">", "&gt;")
    assert f'<annotation encoding="application/x-tex">{tex_in_xml}</annotation>' in markup


@pytest.mark.parametrize(
    ("tex", "letter"),
    [
        (r"\mathbb{R}", "ℝ"),
        (r"\mathbb{E}", "𝔼"),
        (r"\mathcal{L}", "ℒ"),
        (r"\boldsymbol{x}", "𝒙"),
        (r"\boldsymbol{\theta}", "𝜽"),
        (r"\boldsymbol{\nabla}", "𝛁"),
        (r"\mathbf{W}", "𝐖"),
        (r"\mathbf{1}", "𝟏"),
        (r"\mathfrak{g}", "𝔤"),
        (r"\mathsf{A}", "𝖠"),
        (r"\mathtt{a}", "𝚊"),
    ],
)
def test_styled_letters_are_unicode(engine: KatexEngine, tex: str, letter: str) -> None:
    math = typeset(engine, tex)
    assert f"<mi>{letter}</mi>" in math.markup or f"<mn>{letter}</mn>" in math.markup
    assert letter in math.characters


@pytest.mark.parametrize(
    ("variant", "plain", "letters"),
    [
        ("script", "ABEFHILMR", "𝒜ℬℰℱℋℐℒℳℛ"),
        ("double-struck", "CHNPQRZ1", "ℂℍℕℙℚℝℤ𝟙"),
        ("fraktur", "CHIRZ", "ℭℌℑℜℨ"),
        ("italic", "gh", "𝑔ℎ"),
        ("bold", "ϵϑ+", "𝛜𝛝+"),
    ],
)
def test_letters_outside_the_main_block(variant: str, plain: str, letters: str) -> None:
    assert styled(plain, variant) == letters


def test_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="variant: got 'wavy'"):
        styled("x", "wavy")


def test_characters_include_what_no_token_shows(engine: KatexEngine) -> None:
    characters = typeset(engine, r"\sqrt{h}").characters
    assert {"h", "ℎ", "√"} <= set(characters)


def test_columns_are_aligned_by_css(engine: KatexEngine) -> None:
    markup = typeset(engine, r"\begin{aligned} a &= b \\ &= c \end{aligned}").markup
    assert re.findall(r'mtd style="text-align:(\w+)', markup) == ["right", "left"] * 2
    assert "columnalign" not in markup


def test_lines_between_columns(engine: KatexEngine) -> None:
    markup = typeset(engine, r"\begin{array}{c|c} a & b \end{array}").markup
    assert markup.count("border-left:1px solid") == 1


def test_tag_stands_beside_the_formula(engine: KatexEngine) -> None:
    math = typeset(engine, r"x = 1 \tag{1}")
    assert math.tag == "(1)"
    assert "mtable" not in math.markup
    assert typeset(engine, "x = 1").tag is None


def test_functions_stand_apart_from_terms_but_not_from_parentheses(engine: KatexEngine) -> None:
    space = '<mspace width="0.1667em" />'
    assert typeset(engine, r"p \log q").markup.count(space) == 2
    assert typeset(engine, r"\log(q)").markup.count(space) == 0
    assert typeset(engine, r"\max_i x_i").markup.count(space) == 1


@pytest.mark.parametrize(
    ("tex", "signs"), [("= -x", 1), ("a - x", 0), (r"\lvert a \rvert - x", 0), ("(-x) - y", 1)]
)
def test_signs_before_a_term(engine: KatexEngine, tex: str, signs: int) -> None:
    assert typeset(engine, tex).markup.count('form="prefix"') == signs


def test_bars_grow_and_enclose(engine: KatexEngine) -> None:
    assert 'stretchy="true"' in typeset(engine, r"\left\lVert \frac{a}{b} \right\rVert").markup
    assert "lspace" not in typeset(engine, r"a \mid b").markup


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\unknown{x}", "Undefined control sequence: \\unknown"),
        (r"\frac{a}", "Unexpected end of input"),
        (r"\left( x", "Expected '\\right'"),
        ("ŷ", "Accented Unicode text character"),
        (r"\href{https://example.org}{x}", "does not allow"),
    ],
)
def test_what_katex_cannot_read_says_why(engine: KatexEngine, tex: str, reason: str) -> None:
    with pytest.raises(TexError) as caught:
        engine.mathml(tex)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_display_and_inline_are_kept_apart(engine: KatexEngine) -> None:
    assert 'display="block"' in engine.mathml("x_1", display=True)
    assert 'display="block"' not in engine.mathml("x_1")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(
        tmp_path,
        extensions=["myst_parser", "katex_mathml"],
        settings={
            "html_math_renderer": "katex_mathml",
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
    assert "application/x-tex" not in page.partition("</title>")[0]
    assert re.search(r'<span class="formula-word">.*?</math></span>-th</span>', page)
    assert '<span class="formula-display notranslate">' in page
    assert re.search(
        r'<div class="formula-display notranslate" id="equation-cost" tabindex="0">', page
    )
    assert page.count('class="eqno"') == 1
    assert "mathjax" not in page.lower()


def test_unreadable_formula_fails_every_build_until_it_is_mended(book: Book) -> None:
    book.write("index.md", "# Page\n\nA bad $\\unknown{x}$ here.\n")
    for _ in range(2):
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        assert "index.md:3: WARNING: KaTeX cannot read this formula" in result.stderr
    assert r'<code class="formula-failed">\unknown{x}</code>' in book.page("index")
    book.write("index.md", "# Page\n\nA good $x$ here.\n")
    assert book.build("-W").returncode == 0
