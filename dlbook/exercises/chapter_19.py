"""Checks of chapter 19, finding the fault."""

from functools import partial
from typing import Any

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import shown

# What the chapter offers to choose from; the last two are planted in none of the scripts.
MENU = (
    "argmax along the wrong axis",
    "dead ReLUs",
    "evaluation mode forgotten",
    "inputs not scaled",
    "labels out of step with the images",
    "leak",
    "learning rate off by 100",
    "(N,) against (N, 1)",
    "no zero_grad",
    "softmax twice",
    "no activation between the layers",
    "optimizer of another model",
)

# The fault of each script, and where to look when another one was named.
FAULTS = {
    "19.1": (
        "inputs not scaled",
        "The first loss is far from ln 10. Look at a batch: what are its smallest and its largest "
        "value?",
    ),
    "19.2": (
        "no zero_grad",
        "The run begins well and then gets worse. Read the steps of the loop aloud: predict, "
        "loss, and then?",
    ),
    "19.3": (
        "learning rate off by 100",
        "The loss does sink, and no layer's gradient is zero. Do a range test with an untrained "
        "network of this kind.",
    ),
    "19.4": (
        "argmax along the wrong axis",
        "The loss says that the network has learned. So compute the accuracy in another way, and "
        "compare shapes.",
    ),
    "19.5": (
        "softmax twice",
        "Overfit one batch: the loss never gets below 1.46. What are the outputs of the model, "
        "and what does cross_entropy do with them?",
    ),
    "19.6": (
        "labels out of step with the images",
        "One batch can be learned by heart, the set cannot. Look at some images just before "
        "the loss, with the labels that they are given.",
    ),
    "19.7": (
        "dead ReLUs",
        "The loss stays at ln 10 for every learning rate. Ask for the gradient norm of each layer.",
    ),
    "19.8": (
        "evaluation mode forgotten",
        "The loss is small, and the score is wrong only when images of one class come alone. "
        "Which layer looks at the whole batch?",
    ),
    "19.9": (
        "(N,) against (N, 1)",
        "One number comes out for every input: the mean. Print the shape of what is squared.",
    ),
    "19.10": (
        "leak",
        "The score is good, too good. Shuffle the labels of the images and see what is left.",
    ),
}


def name_of_fault(fault: str, hint: str, answer: Any) -> None:
    """The name of the fault, as the menu spells it."""
    answer = expect.tried(answer)
    if not isinstance(answer, str):
        raise NotYet(f"a name from the menu is expected, as a text, got {shown(answer)}.")
    named = " ".join(answer.split()).casefold()
    if named not in map(str.casefold, MENU):
        raise NotYet(f"{shown(answer)} is not on the menu. Copy one of its names.")
    if named != fault.casefold():
        raise NotYet(f"The evidence does not point to {shown(answer)}. {hint}")


for _name, (_fault, _hint) in FAULTS.items():
    exercise(_name, OnPage(menu=MENU))(partial(name_of_fault, _fault, _hint))
