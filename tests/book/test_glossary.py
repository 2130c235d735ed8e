"""The glossary has the bold terms of the book, all of them and no others, in both languages."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textbook.links.terms import forms

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")

LETTER = re.compile(r"^## (\w)\n\n:::\{terms\}\n(.*?)\n:::$", re.DOTALL | re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CHAPTER = re.compile(r"\]\(\.\./notebooks/\w+\.ipynb\)")
WORDS = {
    "regression": "回归",
    "training set": "训练集",
    "sample": "样本",
    "label": "标签（目标）",
    "feature": "特征（协变量）",
    "translation": "平移；翻译",
    "gradient descent": "梯度下降",
    "mini-batch gradient descent": "小批量随机梯度下降",
    "batch size": "批量大小",
    "hyperparameter tuning": "调参（超参数调优）",
    # As in the Chinese edition of Dive into Deep Learning.
    "pooling": "汇聚（池化）",
    "batch normalization": "批量规范化（批归一化）",
    "epoch": "迭代周期（轮）",
    "logit": "未规范化的预测（logit、对数几率）",
    "forward pass": "前向传播（正向传播）",
    "backward pass": "反向传播（反向传递）",
    "exploding gradient": "梯度爆炸",
    "unimodal": "单谷（单峰）",
}


def entries() -> Iterator[tuple[str, list[str]]]:
    """Yield the letter and the lines of every entry."""
    for letter, block in LETTER.findall(GLOSSARY):
        for entry in block.split("\n\n"):
            yield letter, entry.split("\n")


ENTRIES = list(entries())


def test_no_form_has_two_entries() -> None:
    known = [form for _, (head, *_) in ENTRIES for form in forms(head)]
    assert len(known) == len(set(known))


def test_entries_stand_under_their_letters_in_order() -> None:
    names = [forms(head)[0] for _, (head, *_) in ENTRIES]
    assert names == sorted(names)
    assert [name[0].upper() for name in names] == [letter for letter, _ in ENTRIES]
    letters = sorted({letter for letter, _ in ENTRIES})
    assert " ".join(f"[{letter}](#{letter.lower()})" for letter in letters) in GLOSSARY


def test_every_entry_is_a_term_a_chinese_term_and_a_definition() -> None:
    for _, (english, chinese, *definition) in ENTRIES:
        assert not CHINESE.search(english)
        assert CHINESE.search(chinese), english
        assert not chinese.startswith(" ")
        assert definition, english
        assert all(line.startswith("  ") for line in definition), english
        assert definition[-1].endswith((".", ".)", "?")), english


@pytest.mark.parametrize("english", WORDS)
def test_the_words_that_are_given(english: str) -> None:
    chinese = {forms(head)[0]: line for _, (head, line, *_) in ENTRIES}
    assert chinese[english] == WORDS[english]


def test_units_of_information() -> None:
    assert f"One ban is about {math.log2(10):.2f} bits" in GLOSSARY
    assert f"One nat is about {math.log2(math.e):.2f} bits" in GLOSSARY
