"""Django on gunicorn's plain worker, which closes each connection: regular expressions route, views answer."""

from __future__ import annotations

import io
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import re_path

from tests.servers.world import SLIP, Kind, Refused, World

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", f"{__name__}.answers_failures", f"{__name__}.guards"],
    LOGGING_CONFIG=None,
)

world = World()
KIND = "(?P<kind>jobgroups|triggers)"
CASE = "(?i)" if SLIP == "routing-without-case" else ""


def answers_failures(following: Any) -> Any:
    """Middleware: an exception that a view raises is a failure in the envelope."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            answer: HttpResponse = following(request)
            return answer

        def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
            return JsonResponse(exception.envelope, status=503) if isinstance(exception, Refused) else None

    return Middleware()


def guards(following: Any) -> Any:
    """Middleware: no session, no scheduler."""

    def middleware(request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        known = header.startswith("OAuth ") and world.knows(header[6:])
        if "/scheduler/" in request.path.lower() and not known:
            return HttpResponse("log in first", status=401, content_type="text/plain")
        answer: HttpResponse = following(request)
        return answer

    return middleware


def document(request: HttpRequest) -> dict[str, Any]:
    """The body's object; whatever else came is refused with 400."""
    try:
        read = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
    if not isinstance(read, dict):
        raise BadRequest("the body is not an object")
    return read


def log_in(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"inventory": world.log_in(document(request).get("logInByAccount"))})


def session(request: HttpRequest, uuid: str) -> HttpResponse:
    if request.method != "DELETE":
        return HttpResponseNotAllowed(["DELETE"])
    world.log_out(uuid)
    return JsonResponse({})


def valid(request: HttpRequest, uuid: str) -> HttpResponse:
    return JsonResponse({"valid": world.knows(uuid)})


def resources(request: HttpRequest, kind: Kind) -> HttpResponse:
    if request.method == "POST":
        return JsonResponse({"inventory": world.create(kind, document(request).get("params"))})
    if request.method == "GET":
        return JsonResponse({"inventories": world.rows(kind, request.GET.getlist("q"))})
    return HttpResponseNotAllowed(["GET", "POST"])


def resource(request: HttpRequest, kind: Kind, uuid: str) -> HttpResponse:
    if request.method != "DELETE":
        return HttpResponseNotAllowed(["DELETE"])
    world.delete(kind, uuid)
    return JsonResponse({})


def pair(request: HttpRequest, group: str, trigger: str) -> HttpResponse:
    if request.method == "POST":
        must_be_good(document(request))
        return JsonResponse({"inventory": world.add(group, trigger)})
    if request.method == "DELETE":
        world.remove(group, trigger)
        return JsonResponse({})
    return HttpResponseNotAllowed(["POST", "DELETE"])


def must_be_good(body: dict[str, Any]) -> None:
    params = body.get("params")
    if not isinstance(params, dict):
        raise BadRequest("params is required, an object")
    if "triggerNow" in params and not isinstance(params["triggerNow"], bool):
        raise BadRequest("triggerNow is true or false")
    for name in ("systemTags", "userTags"):
        if body.get(name) is not None and not isinstance(body[name], list):
            raise BadRequest(f"{name} is a list")


def on(path: str, view: Any) -> Any:
    return re_path(f"{CASE}^zstack/v1/{path}$", view)


urlpatterns = [
    on("accounts/login", log_in),
    on("accounts/sessions/(?P<uuid>[^/]+)", session),
    on("accounts/sessions/(?P<uuid>[^/]+)/valid", valid),
    on(f"scheduler/{KIND}", resources),
    on(f"scheduler/{KIND}/(?P<uuid>[0-9a-f]+)", resource),
    on("scheduler/jobgroups/(?P<group>[0-9a-f]{32})/scheduler/triggers/(?P<trigger>[0-9a-f]{32})", pair),
]

plain = get_wsgi_application()


def app(environ: dict[str, Any], start_response: Any) -> Any:
    """Django reads as many bytes as Content-Length says, none where a body comes in chunks: it is told how many."""
    if SLIP != "chunked" and environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        body = environ["wsgi.input"].read()
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    return plain(environ, start_response)
