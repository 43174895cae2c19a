"""Whose error it is that stands in the place of an envelope: what frameworks answer where the server says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DEFAULTS: Final = (
    ("Spring Boot", frozenset({"timestamp", "status", "error", "path"})),
    ("Fastify or Nest", frozenset({"statusCode", "error", "message"})),
    ("Fastify or Nest", frozenset({"statusCode", "message"})),
    ("a problem document (RFC 9457)", frozenset({"type", "title", "status"})),
    ("a problem document (RFC 9457)", frozenset({"title", "status", "detail"})),
    ("FastAPI, Starlette or Django REST framework", frozenset({"detail"})),
    ("an API gateway", frozenset({"message"})),
)
"""The members that each has; the first whose members are all there is told."""
SPARE: Final = 4
"""Members that may stand beside several of these: an object of many others is somebody's own."""


def default_of(body: Mapping[str, Any]) -> str:
    """Whose default error an object looks like, as the end of a sentence; empty where it is nobody's known."""
    for who, names in DEFAULTS:
        if names <= body.keys() and len(body) <= len(names) + (SPARE if len(names) > 1 else 0):
            return f"; it looks like the default error of {who}"
    return ""
