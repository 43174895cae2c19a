"""How good the tables of tests/rules are: weaken the rules one place at a time, and see what goes unseen."""
