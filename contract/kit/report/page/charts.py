"""Small pictures in SVG: bars, a stack, a line. Each stands beside its figures, and is hidden from screen readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

_BAR: Final = 11
_HEIGHT: Final = 22
_WIDTH: Final = 640
_TALL: Final = 90


def bars(counts: Sequence[int]) -> Markup:
    """A histogram, a bar a count. A small count next to a large one is still seen."""
    most = max(counts, default=0) or 1
    made = []
    for at, count in enumerate(counts):
        tall = max(round(count / most * _HEIGHT), 2) if count else 1
        kind = "" if count else ' class="none"'
        made.append(f'<rect{kind} x="{at * _BAR}" y="{_HEIGHT - tall}" width="{_BAR - 2}" height="{tall}"/>')
    return Markup(
        f'<svg class="bars" viewBox="0 0 {len(counts) * _BAR} {_HEIGHT}" width="{len(counts) * _BAR}" '
        f'height="{_HEIGHT}" aria-hidden="true">{"".join(made)}</svg>'
    )


def stack(counts: Mapping[str, int]) -> Markup:
    """One bar of parts, in the order given; each has the class of its name."""
    whole = sum(counts.values()) or 1
    made, at = [], 0.0
    for name, count in counts.items():
        # A part of one in a thousand is seen too.
        wide = max(count / whole * 100, 0.6)
        made.append(f'<rect class="{name}" x="{at:.2f}%" width="{wide:.2f}%" height="100%"/>')
        at += count / whole * 100
    return Markup(f'<svg class="stack" width="100%" height="8" aria-hidden="true">{"".join(made)}</svg>')


def line(values: Sequence[float]) -> Markup:
    """A line over runs, from nought to the greatest value, a dot a run."""
    most = max(values, default=0.0) or 1.0
    step = _WIDTH / max(len(values) - 1, 1)
    points = [(at * step, (1 - value / most) * (_TALL - 12) + 6) for at, value in enumerate(values)]
    told = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.1f}" r="3"/>' for x, y in points)
    return Markup(
        f'<svg class="line" preserveAspectRatio="xMinYMid" viewBox="-6 0 {_WIDTH + 12} {_TALL}" aria-hidden="true">'
        f'<polyline points="{told}"/>{dots}</svg>'
    )
