"""A table with holes and categories, whose truth is known."""

import pandas as pd
import torch

from dlbook import require

PASSENGER_LOG_ODDS = {
    "intercept": 3.0,
    "second": -0.9,
    "third": -1.8,
    "male": -2.4,
    "age": -0.03,
}
"""What adds up to the log-odds of survival in `passengers`: ``intercept`` for a woman of age 0 in
the first class, ``second``, ``third`` and ``male`` where they apply, ``age`` for each year. Fare
and harbor have no effect of their own, nor has a hole."""

CABINS, CABIN_SHARES = ("first", "second", "third"), (0.25, 0.20, 0.55)
HARBORS, HARBOR_SHARES = ("east", "north", "west"), (0.7, 0.2, 0.1)
MALE_SHARE = 0.6
AGE_MEAN, AGE_STD, AGE_RANGE = 30.0, 13.0, (1.0, 75.0)
TYPICAL_FARES, FARE_SPREAD = (60.0, 20.0, 10.0), 0.4  # by cabin; spread of the logarithm
AGE_MISSING = (0.10, 0.15, 0.30)  # by cabin
HARBOR_MISSING = 0.03


def passengers(n: int, *, seed: int, missing: bool = True) -> pd.DataFrame:
    """Invented passengers of a sinking ship, one a row (chapter 14).

    Who survives is drawn from log p/(1 − p) = Σ of what applies in `PASSENGER_LOG_ODDS`. The
    columns: ``survived`` (0 or 1), ``cabin`` (first, second, third), ``sex`` (female, male),
    ``age`` in whole years, ``fare`` (the higher the better the cabin), ``harbor`` (east, north,
    west).

    Args:
        n: number of rows.
        seed: of everything that is drawn.
        missing: whether to take out some ages (10, 15 and 30 % in first, second and third class)
            and harbors (3 %); what is left is the same as without holes.

    Raises:
        TypeError: n or seed is no whole number, or missing neither true nor false.
        ValueError: n is not positive, or seed negative.
    """
    require.whole("n", n)
    require.flag("missing", missing)
    draw = torch.Generator().manual_seed(require.seed("seed", seed))
    cabin = torch.multinomial(torch.tensor(CABIN_SHARES), n, replacement=True, generator=draw)
    harbor = torch.multinomial(torch.tensor(HARBOR_SHARES), n, replacement=True, generator=draw)
    male = torch.rand(n, generator=draw) < MALE_SHARE
    age = (AGE_MEAN + AGE_STD * torch.randn(n, generator=draw)).clamp(*AGE_RANGE).round()
    fare = torch.tensor(TYPICAL_FARES)[cabin] * torch.exp(
        FARE_SPREAD * torch.randn(n, generator=draw)
    )
    survived = torch.rand(n, generator=draw) < _log_odds(cabin, male, age).sigmoid()
    no_age = torch.rand(n, generator=draw) < torch.tensor(AGE_MISSING)[cabin]
    no_harbor = torch.rand(n, generator=draw) < HARBOR_MISSING
    table = pd.DataFrame(
        {
            "survived": survived.long().numpy(),
            "cabin": [CABINS[i] for i in cabin.tolist()],
            "sex": ["male" if yes else "female" for yes in male.tolist()],
            "age": age.double().numpy(),
            "fare": fare.double().round(decimals=2).numpy(),
            "harbor": [HARBORS[i] for i in harbor.tolist()],
        }
    )
    if missing:
        table["age"] = table["age"].mask(no_age.numpy())
        table["harbor"] = table["harbor"].mask(no_harbor.numpy())
    return table


def _log_odds(cabin: torch.Tensor, male: torch.Tensor, age: torch.Tensor) -> torch.Tensor:
    of = PASSENGER_LOG_ODDS
    by_cabin = torch.tensor([0.0, of["second"], of["third"]])[cabin]
    return of["intercept"] + by_cabin + of["male"] * male + of["age"] * age
