"""Run one reference in this process: bind, say so on one line of standard output, serve until stopped."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import threading
from typing import TextIO

import uvicorn

from contract.kit.reference.app import Application
from contract.kit.reference.documented import Documented
from contract.kit.reference.fault import Scene
from contract.kit.reference.jobs import Jobs
from contract.kit.reference.naming import Reference
from contract.kit.reference.operation import Dialect, Operation
from contract.kit.reference.tomcat import html
from contract.kit.reference.transport import Connection
from contract.kit.reference.world import ACCOUNT, ORDINARY, PASSWORD, World, seeded
from contract.kit.reference.zstack import ZStack

IDLE_SECONDS = 75


def application(reference: Reference, world: World) -> Application:
    """The ASGI application of a reference over a world."""
    options = reference.options
    jobs = Jobs(options)
    dialect: Dialect = ZStack(world, options, jobs) if options.zstack else Documented(world, options)
    return Application(options, world, jobs, Operation(dialect, Scene(world, options), reference.mutant))


def configuration(app: Application, log: bool = False) -> uvicorn.Config:
    """How uvicorn runs it: our transport, no access log, nothing that slows the start."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="info" if log else "critical",
        access_log=log,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=1,
    )


def serve(reference: Reference, host: str, port: int, log: bool, out: TextIO = sys.stdout) -> None:
    """Listen on host:port (0 picks a free port), print the line of JSON, and serve for ever."""
    world = seeded()
    if reference.options.zstack:
        page = html(400, "")
        Connection.refusal = (400, page.content_type, page.text or "")
    Connection.knows_methods = reference.options.unknown_method != "501"
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # IPPROTO_TCP by name, or asyncio leaves Nagle's delay on, and each answer takes 40 ms.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    config = configuration(application(reference, world), log)
    if log:
        import logging

        logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    listener.listen(config.backlog)  # from here on callers may connect, so the line may be printed
    seeds = world.seeds
    line = {
        "url": f"http://{host}:{listener.getsockname()[1]}",
        "name": reference.name,
        "account": ACCOUNT,
        "ordinary_account": ORDINARY,
        "password": PASSWORD,
        "session": seeds.session,
        "job_group": seeds.job_group,
        "trigger": seeds.trigger,
        "access_key_id": seeds.access_key_id,
        "access_key_secret": seeds.access_key_secret,
        "pid": os.getpid(),
    }
    print(json.dumps(line), file=out, flush=True)
    _die_with_stdin()
    uvicorn.Server(config).run(sockets=[listener])


def _die_with_stdin() -> None:
    """End this process when the other end of its standard input is closed: no orphan outlives its parent."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return
    # A file or /dev/null has no other end: a server started in the background of a shell stays.
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)
