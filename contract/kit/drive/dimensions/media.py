"""The label of a body, and what is said of its coding."""

from __future__ import annotations

from typing import Final

from contract.kit.description import Operation
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.exchange import Expect

OTHER_TYPES: Final = (
    "",
    "text/plain",
    "text/json",
    "text/html",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/vnd.api+json",
    "application/problem+json",
    "application/jsonp",
    "application/yaml",
    "*/*",
    "json",
    "/",
    "nonsense",
    "application/json, text/plain",
)
OF_A_PATCH: Final = ("application/merge-patch+json", "application/json-patch+json")
"""Which frameworks know for one method alone (RFC 7396, RFC 6902)."""
OTHER_CHARSETS: Final = (
    "application/json; charset=utf-8",
    'application/json;charset="utf-8"',
    "APPLICATION/JSON",
    "application/json;",
    "application/json;charset=",
    "application/json;charset=GBK",
    "application/json;charset=iso-8859-1",
    "application/json;charset=utf-16",
    "application/json;charset=utf-8;charset=gbk",
    "application/json;version=1",
    "application/json;charset=nonsense",
)
CODINGS: Final = ("gzip", "deflate", "br", "identity", "nonsense", "gzip, gzip")
"""Codings of a body that is not coded, so that all but one are false."""


def _labelled(kind: str) -> Change:
    def put(draft: Draft) -> None:
        draft.content_type = kind

    return put


def _named(kind: str) -> str:
    return f"as {kind}" if kind else "without a Content-Type"


def _coded(coding: str) -> Change:
    def put(draft: Draft) -> None:
        draft.headers.append(("Content-Encoding", coding))

    return put


def dimensions(operation: Operation) -> list[Dimension]:
    """The content type, and the coding of the content."""
    _, *others = operation.content_types
    types = [
        *(Value(f"as {kind}", _labelled(kind)) for kind in others),
        *(
            Value(_named(kind), _labelled(kind), Expect.EITHER, "BODY-001", "another content type")
            for kind in OTHER_TYPES
        ),
        *(
            Value(f"as {kind}", _labelled(kind), Expect.EITHER, "BODY-001", "another content type", company=True)
            for kind in OF_A_PATCH
        ),
        *(
            Value(f"as {kind}", _labelled(kind), Expect.EITHER, "BODY-001", "another charset")
            for kind in OTHER_CHARSETS
        ),
    ]
    codings = [
        Value(f"Content-Encoding: {one}", _coded(one), Expect.EITHER, "BODY-001", "a false coding") for one in CODINGS
    ]
    return [dimension("content type", types), dimension("coding", codings)]
