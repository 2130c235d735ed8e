"""Tables that must have certain columns."""

import pandas as pd


def require_columns(table: pd.DataFrame, *columns: str, name: str = "table") -> None:
    """Refuse a table that lacks a column, or has two of the same name.

    Args:
        table: any table.
        *columns: what it must have.
        name: of the argument, for the message.

    Raises:
        ValueError: a column is missing, and the message names the first one and those there are;
            or one is there more than once.
    """
    if missing := [column for column in columns if column not in table]:
        raise ValueError(
            f"{name} lacks the column {missing[0]!r}; it has {', '.join(map(str, table))}"
        )
    for column in columns:
        if (count := list(table).count(column)) > 1:
            raise ValueError(
                f"{name} must have the column {column!r} once, got {count} of that name"
            )
