"""References on a real socket, many in one process: a server in a thread whose application each test puts in."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn

from contract.kit.reference.app import Application, Receive, Scope, Send
from contract.kit.reference.naming import parse_name
from contract.kit.reference.serve import application, configuration
from contract.kit.reference.world import seeded
from tests.reference.client import Client


class Stage:
    """The application that the listening server plays at the moment."""

    application: Application

    def __init__(self, port: int) -> None:
        self.port = port
        self._clients: list[Client] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.application(scope, receive, send)

    def play(self, name: str, timeout: float = 5.0) -> Client:
        """Put the reference of that name on, in a new world, and return a client of it."""
        world = seeded()
        self.application = application(parse_name(name), world)
        return self.client(timeout)

    def client(self, timeout: float = 5.0) -> Client:
        """One more client of what is on."""
        client = Client(self.port, self.application.world.seeds, timeout)
        self._clients.append(client)
        return client

    def close_clients(self) -> None:
        for client in self._clients:
            client.close()
        self._clients.clear()


@pytest.fixture(scope="session")
def server() -> Iterator[Stage]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    stage = Stage(listener.getsockname()[1])
    running = uvicorn.Server(configuration(stage))  # type: ignore[arg-type]
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    deadline = time.monotonic() + 5
    while not running.started and time.monotonic() < deadline:
        time.sleep(0.005)
    yield stage
    running.should_exit = True
    thread.join(5)
    listener.close()


@pytest.fixture
def stage(server: Stage) -> Iterator[Stage]:
    yield server
    server.close_clients()


@pytest.fixture
def play(stage: Stage) -> Callable[..., Client]:
    return stage.play
