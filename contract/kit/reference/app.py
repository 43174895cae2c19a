"""The ASGI application: from a request to the operation, a sibling, a job or the control page, and back."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from contract.kit.reference import control
from contract.kit.reference.answers import Answer
from contract.kit.reference.auth import token_of
from contract.kit.reference.call import Call
from contract.kit.reference.coding import coded
from contract.kit.reference.dialect import Options
from contract.kit.reference.framework import read_as, refused_by_framework, sent_elsewhere
from contract.kit.reference.jobs import Jobs
from contract.kit.reference.keeping import Keeping
from contract.kit.reference.lifetimes import Lifetimes
from contract.kit.reference.limits import InFlight
from contract.kit.reference.operation import Operation
from contract.kit.reference.pace import Pace
from contract.kit.reference.siblings import Siblings
from contract.kit.reference.world import World

if TYPE_CHECKING:
    from contract.kit.reference.transport import Connection

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SMALL = 16 * 1024  # bytes that surely were delivered before a reset
PAUSE = 0.002  # seconds between the parts of an answer
HOLD = 0.03  # seconds that a call waits for its neighbours, under a mutant that needs them


class Application:
    """One reference server. Single-threaded: between two awaits nothing else happens."""

    def __init__(self, options: Options, world: World, jobs: Jobs, operation: Operation) -> None:
        self.options = options
        self.world = world
        self.operation = operation
        self.siblings = Siblings(world, options, operation.dialect)
        self.jobs = jobs
        self.requests: Counter[str] = Counter()
        self.keeping = Keeping(options)
        self.in_flight = InFlight(options)
        self.lifetimes = Lifetimes(world, options)
        self._flight: list[Call] = []
        self.pace = Pace(options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = scope["reference.wire"]
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        call = Call(
            method=scope["method"],
            path=scope["raw_path"].decode("ascii"),
            query=scope["query_string"].decode("latin-1"),
            headers=scope["headers"],
            body=body,
            connection=connection.number,
            on_connection=connection.requests,
            spelling=connection.spelling,
            target=scope["reference.target"].decode("latin-1"),
            alone=connection.requests > 1 and len(connection.connections) == 1,
        )
        if call.path.startswith(control.PATH):
            await self._send(self._control(call), connection, scope, receive, send)
            return
        read_as(call, self.options)
        await self.keeping.admit(connection)
        with self.in_flight:
            answer = self.in_flight.refusal() or await self._answer(call, (scope.get("client") or ("",))[0])
            wait = self.options.delay / 1000 + answer.delay
            if wait:
                await asyncio.sleep(wait)
        if answer.later is not None:
            asyncio.get_running_loop().call_later(self.options.job_time / 1000, answer.later)
        await self._send(answer, connection, scope, receive, send)

    async def _answer(self, call: Call, address: str) -> Answer:
        self.requests["total"] += 1
        self.lifetimes.use(token_of(call))
        refused = self.operation.dialect.front(call) or sent_elsewhere(call, self.options)
        if refused is not None:
            return refused
        too_fast = self.pace.refusal(address)
        if too_fast is not None:
            self.requests["too fast"] += 1
            return too_fast
        parts = tuple(unquote(part) for part in self._segments(call.path))
        if parts[:3] == ("", "zstack", "v1") and len(parts) > 3:
            match parts[3:]:
                case ("api-jobs", job):
                    self.requests["polls"] += 1
                    return self.jobs.poll(call, job)
                case ("scheduler", "jobgroups", group, "scheduler", "triggers", trigger) if (
                    group and trigger and call.method != "DELETE"
                ):
                    call.group, call.trigger = group, trigger
                    call.route = "operation" if call.method == "POST" else "method"
                    return await self._operation(call)
            if parts[3] == "scheduler" and call.method != "GET" and self.options.provisioning == "jobs":
                bad_name = self.jobs.bad_name(call)
                if bad_name:
                    return Answer(400, text=bad_name, check="job-uuid")
            sibling = self.siblings.answer(call, parts[3:])
            if sibling is not None:
                self.requests["siblings"] += 1
                if sibling.deferred and self.options.provisioning == "jobs":
                    return self.jobs.defer(call, sibling)
                return sibling
        call.route = "near-miss"
        call.group = next((part for part in parts if part in self.world.groups), "")
        call.trigger = next((part for part in parts if part in self.world.triggers), "")
        return await self._operation(call)

    def _segments(self, path: str) -> list[str]:
        if self.options.slashes == "tolerated":
            return ["", *(part for part in path.split("/") if part)]
        if self.options.zstack:
            # Slashes collapse inside the path, but not at either end of it (observed in ZStack 5.2).
            first, *rest = path.split("/")
            inner = [part for part in rest[1:-1] if part]
            return [first, *rest[:1], *inner, *rest[1:][-1:]]
        return path.split("/")

    async def _operation(self, call: Call) -> Answer:
        self.requests["operation" if call.route == "operation" else "misplaced"] += 1
        call.ordinal = self.requests["operation"]
        refused = refused_by_framework(call, self.options)
        if refused is not None:
            return refused
        if self.operation.overlaps:
            await self._wait_for_neighbours(call)
        try:
            answer = self.operation.answer(call)
        finally:
            if call in self._flight:
                self._flight.remove(call)
        if answer.deferred:
            return self.jobs.defer(call, answer)
        return answer

    async def _wait_for_neighbours(self, call: Call) -> None:
        """Let calls on other connections come in beside this one; each learns of the others."""
        for other in self._flight:
            other.neighbours.append(call)
            call.neighbours.append(other)
        self._flight.append(call)
        if not call.alone:
            await asyncio.sleep(HOLD)

    def _control(self, call: Call) -> Answer:
        if call.method == "POST" and call.path == control.EXPIRE:
            return Answer(200, {"ended": self.world.expire_sessions()}, content_type="application/json")
        document = control.page(self.world, self.operation, dict(self.requests))
        return Answer(200, document, content_type="application/json")

    async def _send(self, answer: Answer, connection: Connection, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        if answer.content_type:
            headers.append((b"content-type", answer.content_type.encode("latin-1")))
        if self.options.extra_headers == "sent":
            headers += [
                (b"set-cookie", b"JSESSIONID=0123456789ABCDEF0123456789ABCDEF; Path=/zstack; HttpOnly"),
                (b"x-request-id", b"7"),
                (b"cache-control", b"no-store"),
            ]
        if (
            self.options.zstack
            and not answer.by_container
            and b"JSESSIONID" not in dict(scope["headers"]).get(b"cookie", b"")
        ):
            cookie = f"JSESSIONID={secrets.token_hex(16).upper()}; Path=/zstack; HttpOnly"
            headers.append((b"set-cookie", cookie.encode()))
        if self.options.connection != "kept":
            headers.append((b"connection", b"close"))
        body = answer.rendered()
        if answer.wire is not None and connection.send(answer.wire, answer.status, headers, body):
            return
        body = coded(body, headers, self.options)
        connection.resets = self.options.connection == "reset" and len(body) < SMALL
        response = Response(body, answer.status)
        response.raw_headers += headers
        if self.options.framing != "length":
            send = _apart(response, send, chunked=self.options.framing == "chunked" and bool(body))
        await response(scope, receive, send)


def _apart(response: Response, send: Send, *, chunked: bool) -> Send:
    """Send the head, and a moment later the body: in chunks, or of the length announced."""
    if chunked:
        response.raw_headers = [one for one in response.raw_headers if one[0] != b"content-length"]

    async def sent_apart(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(PAUSE)
            if chunked:
                half = len(message["body"]) // 2
                await send({**message, "body": message["body"][:half], "more_body": True})
                message = {**message, "body": message["body"][half:]}
        await send(message)

    return sent_apart
