"""How good the tables of tests/judge are: weaken the rules one place at a time, and see what goes unseen."""
