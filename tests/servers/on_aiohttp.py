"""aiohttp: HTTP errors are raised and go out as text, a middleware writes the failures."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.servers.world import SLIP, Kind, Refused, World

API = "/zstack/v1"
PAIR = API + "/scheduler/jobgroups/{group}/scheduler/triggers/{trigger}"
KIND = API + "/scheduler/{kind:jobgroups|triggers}"

world = World()
routes = web.RouteTableDef()
# What `json` raises: for no JSON, too deep; and what is easily forgotten, for no such charset, a false coding.
FORGOTTEN = {"charset": LookupError, "coding": web.RequestPayloadError}
UNREADABLE = (ValueError, RecursionError, *(one for slip, one in FORGOTTEN.items() if slip != SLIP))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def milliseconds(value: object) -> int:
    assert isinstance(value, datetime)
    return int(value.timestamp() * 1000)


def answer(document: Any, status: int = 200) -> web.Response:
    return web.json_response(document, status=status, dumps=lambda value: json.dumps(value, default=milliseconds))


@web.middleware
async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return answer(refused.envelope, 503)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    header = request.headers.get("Authorization", "")
    known = header.startswith("OAuth ") and world.knows(header[6:])
    if request.path.startswith(API + "/scheduler/") and not known:
        raise web.HTTPUnauthorized
    return await handler(request)


async def document(request: web.Request) -> dict[str, Any]:
    """The body's object; whatever else came is refused with 400."""
    try:
        read = await request.json()
    except UNREADABLE:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
    if not isinstance(read, dict):
        raise web.HTTPBadRequest(text="the body is not an object")
    return read


@routes.put(API + "/accounts/login")
async def log_in(request: web.Request) -> web.Response:
    return answer({"inventory": world.log_in((await document(request)).get("logInByAccount"))})


@routes.delete(API + "/accounts/sessions/{uuid}")
async def log_out(request: web.Request) -> web.Response:
    world.log_out(request.match_info["uuid"])
    return answer({})


@routes.get(API + "/accounts/sessions/{uuid}/valid")
async def valid(request: web.Request) -> web.Response:
    return answer({"valid": world.knows(request.match_info["uuid"])})


def kind_of(request: web.Request) -> Kind:
    return "jobgroups" if request.match_info["kind"] == "jobgroups" else "triggers"


@routes.post(KIND)
async def create(request: web.Request) -> web.Response:
    return answer({"inventory": world.create(kind_of(request), (await document(request)).get("params"))})


@routes.get(KIND)
async def query(request: web.Request) -> web.Response:
    return answer({"inventories": world.rows(kind_of(request), request.query.getall("q", []))})


@routes.delete(KIND + "/{uuid}")
async def delete(request: web.Request) -> web.Response:
    world.delete(kind_of(request), request.match_info["uuid"])
    return answer({})


@routes.post(PAIR)
async def add(request: web.Request) -> web.Response:
    body = await document(request)
    match body.get("params"):
        case {"triggerNow": bool() | None}:
            pass
        case {"triggerNow": _}:
            raise web.HTTPBadRequest(text="triggerNow is true or false")
        case dict():
            pass
        case _:
            raise web.HTTPBadRequest(text="params is required, an object")
    for name in ("systemTags", "userTags"):
        if not isinstance(body.get(name, []), list):
            raise web.HTTPBadRequest(text=f"{name} is a list")
    return answer({"inventory": world.add(request.match_info["group"], request.match_info["trigger"])})


@routes.delete(PAIR)
async def remove(request: web.Request) -> web.Response:
    world.remove(request.match_info["group"], request.match_info["trigger"])
    return answer({})


if __name__ == "__main__":
    app = web.Application(middlewares=[failures, guard])
    app.add_routes(routes)
    web.run_app(app, sock=socket.socket(fileno=int(sys.argv[1])), print=None, access_log=None)
