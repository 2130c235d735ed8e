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

# What speaks against another fault, of those that are named most.
AGAINST = {
    "19.1": {
        "learning rate off by 100": "The first loss comes before the first step, and so before the "
        "learning rate does anything.",
        "dead ReLUs": "Dead ReLUs alone leave the first loss near ln 10. Many die here, but later: "
        "what drives them there?",
        "softmax twice": "With two of them no loss is above 2.5, and the first one is.",
        "optimizer of another model": "With it the loss would not fall, and it does.",
    },
    "19.2": {
        "learning rate off by 100": "The rate is 0.5, as in the healthy script, and at first the "
        "loss does fall.",
        "dead ReLUs": "At first the loss falls, so the ReLUs are awake. If some die later, what "
        "makes the steps so long?",
        "inputs not scaled": "The first loss is near ln 10, so the inputs have a usual scale.",
        "labels out of step with the images": "Wrong labels keep a loss near ln 10. This one falls "
        "well below it before it turns.",
    },
    "19.3": {
        "dead ReLUs": "Where they are dead, the first layer has the gradient zero.",
        "optimizer of another model": "With it no step would reach this model.",
        "inputs not scaled": "The first loss is near ln 10, so the inputs have a usual scale.",
        "no zero_grad": "The loop does clear the gradients before each backward pass.",
    },
    "19.4": {
        "labels out of step with the images": "With wrong labels the loss would not get this low.",
        "evaluation mode forgotten": "This network has no layer that differs in evaluation mode.",
        "leak": "A leak makes a score too good, and this one is too poor.",
        "softmax twice": "With two of them the loss would not get below 1.46.",
    },
    "19.5": {
        "learning rate off by 100": "The rate is 0.5, as in the healthy script.",
        "no zero_grad": "The loop does clear the gradients before each backward pass.",
        "labels out of step with the images": "With wrong labels the accuracy would be that of "
        "guessing, and it is tolerable.",
        "dead ReLUs": "Dead ReLUs leave an accuracy like that of guessing, and it is tolerable.",
    },
    "19.6": {
        "learning rate off by 100": "The rate is 0.5, as in the healthy script.",
        "dead ReLUs": "The gradient norm of the first layer is not zero.",
        "inputs not scaled": "The first loss is near ln 10, so the inputs have a usual scale.",
        "no activation between the layers": "There is a ReLU, and even a linear model would end "
        "far above guessing.",
        "optimizer of another model": "With it no step would reach this model.",
    },
    "19.7": {
        "learning rate off by 100": "The rate is 0.5, as in the healthy script.",
        "optimizer of another model": "The optimizer has got the weights of this model.",
        "inputs not scaled": "The first loss is near ln 10, so the inputs have a usual scale.",
        "no activation between the layers": "There is one, a ReLU. Look at what it lets through.",
    },
    "19.8": {
        "argmax along the wrong axis": "dim=1 is right: one digit for each image.",
        "labels out of step with the images": "With wrong labels the loss would not get this low.",
        "leak": "A leak makes a score too good, and this one is too poor.",
        "softmax twice": "With two of them the loss would not get below 1.46.",
    },
    "19.9": {
        "no activation between the layers": "There is one, a tanh.",
        "learning rate off by 100": "No other rate brings this loss much lower.",
        "inputs not scaled": "The inputs lie between −1 and 1.",
        "dead ReLUs": "This network has no ReLU, it has a tanh.",
    },
    "19.10": {
        "evaluation mode forgotten": "This network has no layer that differs in evaluation mode.",
        "labels out of step with the images": "Wrong labels make a score poor, and this one is "
        "perfect.",
        "argmax along the wrong axis": "The score comes from `evaluate`, as in the healthy script.",
        "no zero_grad": "The loop does clear the gradients before each backward pass.",
    },
}


def name_of_fault(fault: str, hint: str, against: dict[str, str], answer: Any) -> None:
    """The name of the fault, as the menu spells it."""
    answer = expect.tried(answer)
    if not isinstance(answer, str):
        raise NotYet(f"a name from the menu is expected, as a text, got {shown(answer)}.")
    named = " ".join(answer.split()).casefold()
    on_menu = {name.casefold(): name for name in MENU}
    if named not in on_menu:
        raise NotYet(f"{shown(answer)} is not on the menu. Copy one of its names.")
    if on_menu[named] != fault:
        words = " ".join(filter(None, (against.get(on_menu[named]), hint)))
        raise NotYet(f"The evidence does not point to {shown(answer)}. {words}")


for _name, (_fault, _hint) in FAULTS.items():
    exercise(_name, OnPage(menu=MENU))(partial(name_of_fault, _fault, _hint, AGAINST[_name]))
