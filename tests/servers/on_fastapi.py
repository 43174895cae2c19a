"""FastAPI on uvicorn: models read the body, a dependency asks who it is, handlers put each refusal in the envelope."""

from __future__ import annotations

import socket
import sys
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StrictBool
from starlette.exceptions import HTTPException

from tests.servers.world import SLIP, Refused, World, invalid

API = "/zstack/v1"
PAIR = API + "/scheduler/jobgroups/{group}/scheduler/triggers/{trigger}"

world = World()
app = FastAPI()

Boolean = bool if SLIP == "lax-booleans" else StrictBool


class Params(BaseModel):
    trigger_now: Boolean | None = Field(None, alias="triggerNow")  # type: ignore[valid-type]


class Body(BaseModel):
    params: Params
    system_tags: list[str] | None = Field(None, alias="systemTags")
    user_tags: list[str] | None = Field(None, alias="userTags")


class LogIn(BaseModel):
    by_account: dict[str, Any] = Field(alias="logInByAccount")


class Creation(BaseModel):
    params: dict[str, Any]


def session(authorization: Annotated[str | None, Header()] = None) -> None:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme != "OAuth" or not world.knows(token):
        raise Refused(401, "ID.1001", "The session is not valid", "log in and send OAuth and the session's UUID")


Kind = Literal["jobgroups", "triggers"]
SIGNED_IN = [Depends(session)]


@app.put(API + "/accounts/login")
def log_in(body: LogIn) -> Any:
    return {"inventory": world.log_in(body.by_account)}


@app.delete(API + "/accounts/sessions/{uuid}")
def log_out(uuid: str) -> Any:
    world.log_out(uuid)
    return {}


@app.get(API + "/accounts/sessions/{uuid}/valid")
def valid(uuid: str) -> Any:
    return {"valid": world.knows(uuid)}


@app.post(API + "/scheduler/{kind}", dependencies=SIGNED_IN)
def create(kind: Kind, body: Creation) -> Any:
    return {"inventory": world.create(kind, body.params)}


@app.get(API + "/scheduler/{kind}", dependencies=SIGNED_IN)
def query(kind: Kind, q: Annotated[list[str], Query()] = []) -> Any:  # noqa: B006
    return {"inventories": world.rows(kind, q)}


@app.delete(API + "/scheduler/{kind}/{uuid}", dependencies=SIGNED_IN)
def delete(kind: Kind, uuid: str) -> Any:
    world.delete(kind, uuid)
    return {}


@app.post(PAIR, dependencies=SIGNED_IN)
def add(group: str, trigger: str, body: Body) -> Any:
    return {"inventory": world.add(group, trigger)}


@app.delete(PAIR, dependencies=SIGNED_IN)
def remove(group: str, trigger: str) -> Any:
    world.remove(group, trigger)
    return {}


@app.exception_handler(Refused)
async def refused(_: Request, refusal: Refused) -> JSONResponse:
    return JSONResponse(refusal.envelope, refusal.status)


if SLIP != "detail":

    @app.exception_handler(RequestValidationError)
    async def not_valid(_: Request, wrong: RequestValidationError) -> JSONResponse:
        # Where and what, but never the input itself: a secret may have been put there.
        details = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors())
        return JSONResponse(invalid(details).envelope, 422)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, wrong: HTTPException) -> JSONResponse:
        return JSONResponse(invalid(str(wrong.detail)).envelope, wrong.status_code, wrong.headers)


if __name__ == "__main__":
    listener = socket.socket(fileno=int(sys.argv[1]))
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run([listener])
