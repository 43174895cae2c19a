"""Proof of the reference server."""
