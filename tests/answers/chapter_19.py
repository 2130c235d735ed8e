"""Answers to the exercises of chapter 19, finding the fault."""

from typing import Any

RIGHT: dict[str, Any] = {
    "19.1": "inputs not scaled",
    "19.2": "no zero_grad",
    "19.3": "Learning rate off by  100",
    "19.4": "argmax along the wrong axis",
    "19.5": "softmax twice",
    "19.6": "labels out of step with the images",
    "19.7": "dead relus",
    "19.8": "evaluation mode forgotten",
    "19.9": "(N,) against (N, 1)",
    "19.10": "leak",
}

WRONG: list[tuple[str, Any, str]] = [
    ("19.1", "learning rate off by 100", "Look at a batch"),
    ("19.1", "too dark", "not on the menu"),
    ("19.1", 3, "as a text, got 3"),
    ("19.2", "learning rate off by 100", "Read the steps"),
    ("19.2", "inputs not scaled", "Read the steps"),
    ("19.3", "dead ReLUs", "range test"),
    ("19.4", "labels out of step with the images", "in another way"),
    ("19.4", "evaluation mode forgotten", "in another way"),
    ("19.5", "learning rate off by 100", "1.46"),
    ("19.6", "learning rate off by 100", "labels that they are given"),
    ("19.6", "no activation between the layers", "One batch"),
    ("19.7", "optimizer of another model", "gradient norm"),
    ("19.7", "learning rate off by 100", "gradient norm"),
    ("19.8", "argmax along the wrong axis", "the whole batch"),
    ("19.9", "no activation between the layers", "shape"),
    ("19.10", "evaluation mode forgotten", "Shuffle the labels"),
]
