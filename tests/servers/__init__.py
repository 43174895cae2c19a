"""Servers of the endpoint as a backend engineer writes them on real frameworks, and runs of the contract on them."""
