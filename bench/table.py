"""Rows of figures, and how they are printed."""

from __future__ import annotations

Row = dict[str, str | float]
Table = list[Row]


def markdown(table: Table) -> str:
    """The rows as a table, the first column to the left, figures to the right."""
    heads = list(dict.fromkeys(name for row in table for name in row))
    lines = ["| " + " | ".join(heads) + " |", "|" + "|".join([" --- ", *[" ---: "] * (len(heads) - 1)]) + "|"]
    lines += ["| " + " | ".join(_told(row.get(name, "")) for name in heads) + " |" for row in table]
    return "\n".join(lines)


def _told(value: str | float) -> str:
    if isinstance(value, str):
        return value
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"
