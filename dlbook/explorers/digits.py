"""Numbers made short for a page."""


def few_digits(value: float, digits: int = 4) -> float:
    """The value with that many significant digits; what is not finite stays."""
    return float(f"{value:.{digits}g}")
