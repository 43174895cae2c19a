"""What may a request vary in? Its dimensions and their values as data, and which of them are sent together."""

from __future__ import annotations

from contract.kit.drive.dimensions import covering
from contract.kit.drive.dimensions.headers import TO_A_PROXY
from contract.kit.drive.dimensions.space import space
from contract.kit.drive.dimensions.value import PLAIN, Dimension, Draft, Point, Value

__all__ = ["PLAIN", "TO_A_PROXY", "Dimension", "Draft", "Point", "Value", "covering", "space"]
