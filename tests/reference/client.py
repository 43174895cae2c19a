"""A plain client for the tests of the reference: one kept connection, all of a request in the test's hand."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from contract.kit.reference.world import Seeds

EXAMPLE: dict[str, Any] = {"params": {"triggerNow": True}, "systemTags": ["a::b"], "userTags": ["c"]}
UNSET: Any = object()


@dataclass(frozen=True)
class Reply:
    """An answer; status 0 stands for none (closed, garbled or too late)."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


@dataclass
class Client:
    """Sends requests to a reference on `port` with the seeded session; `seeds` are that reference's own."""

    port: int
    seeds: Seeds
    timeout: float = 5.0
    _connection: HTTPConnection | None = field(default=None, repr=False)

    def path(self, group: str = UNSET, trigger: str = UNSET) -> str:
        group = self.seeds.job_group if group is UNSET else group
        trigger = self.seeds.trigger if trigger is UNSET else trigger
        return f"/zstack/v1/scheduler/jobgroups/{group}/scheduler/triggers/{trigger}"

    def send(
        self,
        method: str,
        path: str,
        body: Any = UNSET,
        authorization: str | None = UNSET,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """`body` may be bytes or a document; `authorization` None leaves the header out."""
        payload = b"" if body is UNSET else body if isinstance(body, bytes) else json.dumps(body).encode()
        named = dict(headers or {})
        if authorization is UNSET:
            authorization = f"OAuth {self.seeds.session}"
        if authorization is not None and "authorization" not in map(str.lower, named):
            named["Authorization"] = authorization
        named.setdefault("Content-Type", "application/json")
        named["Content-Length"] = str(len(payload))
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        connection = self._connection
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in named.items():
                connection.putheader(name, value.encode("latin-1"))
            connection.endheaders(payload or None)
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
        except (OSError, HTTPException):
            self.close()
            return Reply(0, b"", {})

    def raw(self, method: str, path: str, headers: list[tuple[str, bytes]], body: bytes) -> None:
        """A request of just these headers; what comes back is read and passed over."""
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            self._connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                self._connection.putheader(name, value)
            chunked = any(name == "Transfer-Encoding" for name, _ in headers)
            if not chunked:
                self._connection.putheader("Content-Length", str(len(body)))
            self._connection.endheaders(body or None, encode_chunked=chunked)
            self._connection.getresponse().read()
        except (OSError, HTTPException):
            self.close()

    def add(self, body: Any = EXAMPLE, **named: Any) -> Reply:
        """The operation, on the ready pair unless `path` says another."""
        return self.send("POST", named.pop("path", self.path()), body, **named)

    def associated(self, group: str = UNSET, trigger: str = UNSET) -> bool:
        group = self.seeds.job_group if group is UNSET else group
        trigger = self.seeds.trigger if trigger is UNSET else trigger
        rows = self.send("GET", f"/zstack/v1/scheduler/jobgroups?q=uuid={group}").json["inventories"]
        return trigger in rows[0]["triggersUuid"]

    def final(self, answer: Reply) -> Reply:
        """The answer, or the one in the job that a 202 names."""
        if answer.status != 202:
            return answer
        location = answer.json["location"]
        return self.send("GET", location[location.index("/zstack") :], authorization=None)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None
