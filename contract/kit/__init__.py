"""The library behind the contract: drive a target, judge its answers, tell the verdict."""

__version__ = "0.1.0"
