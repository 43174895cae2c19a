"""`python -m contract.kit.soak`: a load process. `pytest contract --depth soak` starts it."""

import os

from gevent import monkey

# In place of Locust's own patch, before anything of ours: sockets, threads and sleep become those of gevent. Not
# select: the wire asks it about idle connections, without waiting, and gevent's takes many times as long.
os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"
monkey.patch_all(select=False)

from contract.kit.soak.engine import main  # noqa: E402

main()
