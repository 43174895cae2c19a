"""The parts of the soak that need no target."""
