"""Tables: the ones that come with scikit-learn."""

import pandas as pd

from dlbook import require

TABLES = ("breast cancer", "diabetes", "iris", "wine")


def load_table(name: str) -> pd.DataFrame:
    """A table that ships with scikit-learn; the last column is the target.

    ``"breast cancer"``: 30 measurements of 569 tumors, ``benign`` 0.0 or 1.0. ``"diabetes"``: ten
    measurements of 442 patients, ``progression`` after a year. ``"iris"``: four of 150 flowers, and
    ``"wine"``: thirteen of 178 wines, both with a ``class`` from 0 to 2.

    Raises:
        ValueError: an unknown name.
    """
    require.one_of("name", name, TABLES)
    from sklearn import datasets  # only here: importing it takes a second

    table: pd.DataFrame = getattr(datasets, f"load_{name.replace(' ', '_')}")(as_frame=True).frame
    target = {"breast cancer": "benign", "diabetes": "progression"}.get(name, "class")
    table = table.rename(columns={"target": target})
    return table.astype({target: float}) if name == "breast cancer" else table
