"""`python -m contract.kit.soak`: a load process. `pytest contract --depth soak` starts it."""

from contract.kit.soak.engine import main

main()
