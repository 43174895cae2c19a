"""A server that says exactly the bytes it is told to, one script a connection."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Script = Callable[["Conversation", int], None]


@dataclass
class Conversation:
    """One connection of the server."""

    sock: socket.socket
    seen: list[bytes]
    buffer: bytes = b""

    def request(self) -> bytes:
        """The next whole request; EOFError when there is none."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if b"\r\ntransfer-encoding: chunked" in head.lower():
            while not rest.endswith(b"0\r\n\r\n"):
                self._more()
                rest = self.buffer.partition(b"\r\n\r\n")[2]
            length = len(rest)
        while len(rest) < length:
            self._more()
            rest = self.buffer.partition(b"\r\n\r\n")[2]
        self.buffer = rest[length:]
        found = head + b"\r\n\r\n" + rest[:length]
        self.seen.append(found)
        return found

    def head(self) -> None:
        """Read the head of the next request."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        self.buffer = self.buffer.partition(b"\r\n\r\n")[2]

    def body(self, length: int) -> None:
        """Read so many bytes of it."""
        while len(self.buffer) < length:
            self._more()
        self.buffer = self.buffer[length:]

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(self, status: int = 200, body: bytes = b"{}", *headers: bytes) -> None:
        lines = [b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % len(body), *headers]
        self.say(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class Server:
    """Runs a script for each connection; `seen` are the requests, `connections` how many came."""

    script: Script
    seen: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                self._open.append(sock)
                threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        with sock, contextlib.suppress(EOFError, OSError):
            self.script(Conversation(sock, self.seen), number)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)


@contextlib.contextmanager
def serving(script: Script) -> Iterator[Server]:
    server = Server(script)
    try:
        yield server
    finally:
        server.stop()


def always(*answers: bytes, pause: float = 0.0) -> Script:
    """Each request gets the next of `answers` (over all connections), the last one for ever."""
    left = list(answers)

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            answer = left.pop(0) if len(left) > 1 else left[0]
            time.sleep(pause)
            conversation.say(answer)

    return script


def http(status: int, body: bytes = b"", *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
