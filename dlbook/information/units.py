"""Units of information: one base of the logarithm for a whole identity."""

import math
from typing import Literal

from torch import Tensor

from dlbook import require

Unit = Literal["nats", "bits", "bans"]

BASES: dict[Unit, float] = {"nats": math.e, "bits": 2.0, "bans": 10.0}
"""The base of the logarithm that each unit belongs to."""


def in_unit(nats: Tensor, unit: Unit) -> Tensor:
    """An amount of information in nats, expressed in another unit.

    Raises:
        ValueError: an unknown unit.
    """
    require.one_of("unit", unit, BASES)
    return nats if unit == "nats" else nats / math.log(BASES[unit])
