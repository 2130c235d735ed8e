"""What the explorers of chapter 11 say, against counting by scikit-learn."""

import json
import re

import pytest
import torch
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from dlbook.explorers import threshold
from dlbook.explorers.run_explorer import RunExplorer

LABELS = torch.arange(400) % 2
LOGITS = 2 * torch.randn(400, generator=torch.Generator().manual_seed(0)) + 2 * LABELS - 1


def outcomes(explorer: RunExplorer) -> dict[str, str]:
    text = re.search(
        r'<script type="application/json">(.*?)</script>', explorer._repr_html_(), re.S
    )
    assert text is not None
    return json.loads(text[1].replace("<\\/", "</"))["outcomes"]


def numbers(text: str) -> list[float]:
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@pytest.fixture(autouse=True)
def for_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_PAGE", "1")


@pytest.mark.parametrize(("place", "t"), [(0, -1.0), (1, 0.0), (2, 2.5)])
def test_the_counts_are_those_of_sklearn(place: int, t: float) -> None:
    explorer = threshold(LOGITS, LABELS, [-1.0, 0.0, 2.5], [0.5, 0.1], start=(0.0, 0.5), caption="")
    people, called, tp, precision, found, ill, recall, accuracy = numbers(
        outcomes(explorer)[f"{place},0"]
    )
    predicted = (t <= LOGITS).int()
    tn, fp, fn, hits = (25 * confusion_matrix(LABELS, predicted).ravel()).tolist()  # of 10,000
    assert (people, called, tp, found, ill) == (10_000, hits + fp, hits, hits, hits + fn)
    assert precision == pytest.approx(precision_score(LABELS, predicted), abs=6e-4)
    assert recall == pytest.approx(recall_score(LABELS, predicted), abs=6e-4)
    assert accuracy == pytest.approx((hits + tn) / 10_000, abs=6e-4)


def test_the_share_changes_precision_and_leaves_recall() -> None:
    shares = [0.5, 0.1]
    explorer = threshold(LOGITS, LABELS, [0.0, 1.0], shares, start=(0.0, 0.5), caption="")
    half, tenth = (numbers(outcomes(explorer)[f"0,{i}"]) for i in range(2))
    assert half[6] == tenth[6]
    assert half[3] > tenth[3]
    alarms = (LOGITS[LABELS == 0] >= 0).double().mean().item()
    expected = 0.1 * half[6] / (0.1 * half[6] + 0.9 * alarms)
    assert tenth[3] == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize(
    ("logits", "labels", "shares", "word"),
    [
        (LOGITS, LABELS[1:], [0.5, 0.1], "shape"),
        (LOGITS, torch.ones(400), [0.5, 0.1], "both 0 and 1"),
        (LOGITS, LABELS, [0.5, 1.0], "between 0 and 1"),
    ],
)
def test_bad_samples_and_shares_are_refused(
    logits: torch.Tensor, labels: torch.Tensor, shares: list[float], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        threshold(logits, labels, [0.0, 1.0], shares, start=(0.0, 0.5), caption="")
