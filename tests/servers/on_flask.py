"""Flask on gunicorn's threads: `abort` refuses with the page of its status, `jsonify` writes what succeeds or fails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from flask.json.provider import DefaultJSONProvider

from tests.servers.world import SLIP, Kind, Refused, World

API = "/zstack/v1"
PAIR = API + "/scheduler/jobgroups/<group>/scheduler/triggers/<trigger>"


class Iso(DefaultJSONProvider):
    """Dates in ISO 8601; Flask's own are those of HTTP's headers."""

    @staticmethod
    def default(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else DefaultJSONProvider.default(value)


world = World()
app = Flask(__name__)
if SLIP != "dates-of-jsonify":
    app.json = Iso(app)


@app.errorhandler(Refused)
def refused(refusal: Refused) -> tuple[Response, int]:
    return jsonify(refusal.envelope), refusal.status


@app.before_request
def guard() -> None:
    if request.path.startswith(API + "/scheduler/") and not signed_in():
        abort(401)


def signed_in() -> bool:
    header = request.headers.get("Authorization", "")
    if SLIP == "anything-after-the-session":
        words = header.split()
        return len(words) > 1 and words[0] == "OAuth" and world.knows(words[1])
    return header.startswith("OAuth ") and world.knows(header.removeprefix("OAuth "))


def document() -> dict[str, Any]:
    """The body's object; whatever else came is refused with 400 or 415."""
    read: Any
    try:
        read = request.get_json()
    except RecursionError:
        if SLIP == "recursion":
            raise
        abort(400, "too deep")
    if not isinstance(read, dict):
        abort(400, "an object is wanted")
    found: dict[str, Any] = read
    return found


@app.put(API + "/accounts/login")
def log_in() -> Response:
    return jsonify(inventory=world.log_in(document().get("logInByAccount")))


@app.delete(API + "/accounts/sessions/<uuid>")
def log_out(uuid: str) -> Response:
    world.log_out(uuid)
    return jsonify()


@app.get(API + "/accounts/sessions/<uuid>/valid")
def valid(uuid: str) -> Response:
    return jsonify(valid=world.knows(uuid))


@app.post(API + "/scheduler/<any(jobgroups, triggers):kind>")
def create(kind: Kind) -> Response:
    return jsonify(inventory=world.create(kind, document().get("params")))


@app.get(API + "/scheduler/<any(jobgroups, triggers):kind>")
def query(kind: Kind) -> Response:
    return jsonify(inventories=world.rows(kind, request.args.getlist("q")))


@app.delete(API + "/scheduler/<any(jobgroups, triggers):kind>/<uuid>")
def delete(kind: Kind, uuid: str) -> Response:
    world.delete(kind, uuid)
    return jsonify()


@app.post(PAIR)
def add(group: str, trigger: str) -> Response:
    body = document()
    params: Any = body.get("params")
    if not isinstance(params, dict):
        abort(400, "params is required, an object")
    if not isinstance(params.get("triggerNow", False), bool):
        abort(400, "triggerNow is true or false")
    for name in ("systemTags", "userTags"):
        if not isinstance(body.get(name, []), list):
            abort(400, f"{name} is a list")
    return jsonify(inventory=world.add(group, trigger))


@app.delete(PAIR)
def remove(group: str, trigger: str) -> Response:
    world.remove(group, trigger)
    return jsonify()
