"""Numbers as a page writes them."""

import math
import re


def few_digits(value: float, digits: int = 4) -> float:
    """The value with that many significant digits; what is not finite stays."""
    return float(f"{value:.{digits}g}")


def written(x: float, form: str) -> str:
    """A number in Python's format, with a real minus sign; ∞ where it is infinite."""
    if math.isinf(x):
        return "−∞" if x < 0 else "∞"
    return re.sub("^-", "−", format(x, form))
