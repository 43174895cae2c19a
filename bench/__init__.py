"""Measures, side by side and as ratios: an absolute time says nothing on a shared machine."""
