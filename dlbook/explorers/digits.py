"""Numbers made short for a page."""

import math

LARGEST = 1e9  # stands for everything beyond, and for inf and nan, which JSON does not have


def few_digits(value: float, digits: int = 4) -> float:
    """The value with that many significant digits; what is not finite becomes ±`LARGEST`."""
    if not math.isfinite(value):
        return -LARGEST if value == -math.inf else LARGEST
    return float(f"{max(-LARGEST, min(LARGEST, value)):.{digits}g}")
