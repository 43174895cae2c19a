"""What stands in the query: it names nothing and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contract.kit.description import Operation
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.strategies.bodies import first_names
from contract.kit.exchange import Expect

QUERIES: Final = (
    *(
        "?",
        "?x",
        "?x=y",
        "?=",
        "?&&",
        "?_method=DELETE",
        "?_method=PUT",
        "?_method=GET",
        "?method=DELETE",
        "?action=remove",
    ),
    *("?{inner}=true", "?{outer}=%7B%7D", "?format=xml", "?callback=x", "?dryRun=true", "?validateOnly=true"),
    *(
        "?x=%zz",
        "?x=%ff",
        "?x=%00",
        "?x[]=1&x[]=2",
        "?x=1&x=2",
        "?x&x=1&x",
        "?x=" + "y" * 2_000,
        "?" + "&".join(f"x{at}=y" for at in range(300)),
    ),
)

OPTIONS: Final = {
    "selects members": "fields=uuid&_fields=uuid&select=uuid&$select=uuid&only=uuid&include=uuid&attributes=uuid",
    "leaves members out": "exclude={member}&excludes={member}&omit={member}&except={member}&hide={member}",
    "shapes the answer": "pretty=true&indent=4&envelope=false&wrap=false&unwrap=true&root=false&compact=1&case=snake",
    "names a format": "format=xml&_format=xml&$format=xml&output=xml&alt=xml&accept=text/plain&type=xml&wt=xml",
    "names a callback": "callback=x&jsonp=x&cb=x&_callback=x",
    "asks for a trial": "dryRun=All&dry_run=1&dry-run=1&validate_only=1&validate=only&noop=1&simulate=1&preview=1",
    "asks for later": "async=true&wait=false&background=1&detach=1&sync=false&mode=async&respond-async=1",
    "pages": "limit=0&offset=9&page=2&size=0&per_page=0&start=9&sort=name&order=desc&q=x&filter=x",
    "names a version": "version=2&v=2&ver=2&api-version=2020-01-01&api_version=0",
    "names a language": "lang=zh&locale=zh_CN&hl=xx&language=xx&tz=Asia/Shanghai",
    "debugs": "debug=true&trace=true&verbose=1&profile=1&explain=true&stacktrace=1&log=1",
    "names a status": "suppress_response_codes=true&suppress_http_code=1&status=200&code=200&http_status=200",
    "names a method": "_HttpMethod=DELETE&httpMethod=DELETE&X-HTTP-Method-Override=DELETE&verb=DELETE&op=delete",
    "limits the time": "timeout=0&timeoutMs=1&ttl=0&deadline=0&expires=0&delay=0",
}
"""What frameworks and gateways take from a query, all names of a kind in one: they mean nothing here."""


METHOD_NAMES: Final = ("_method", "method", "_HttpMethod", "httpMethod", "X-HTTP-Method-Override", "verb")
PATH_NAMES: Final = ("_url", "url", "path", "uri", "_path", "route", "r", "q")
"""Parameters by which frameworks are told another method, or another path, than the request's own."""


def _asked(query: str) -> Change:
    def change(draft: Draft) -> None:
        draft.query += query if not draft.query else f"&{query[1:]}"

    return change


def dimensions(operation: Operation) -> list[Dimension]:
    """The query."""
    member = operation.timestamps[0]
    names = first_names(operation.body_members)
    queries = [query.format(outer=names[0], inner=names[-1]) for query in QUERIES]
    values = [
        Value(f"the query {query[:24]}", _asked(query), Expect.EITHER, "PATH-007", "a query") for query in queries
    ]
    values += [
        Value(f"a query that {told}", _asked(f"?{query.format(member=member)}"), Expect.EITHER, "PATH-007", "a query")
        for told, query in OPTIONS.items()
    ]
    return [dimension("query", [*values, *_itself(operation)])]


def _itself(operation: Operation) -> Iterator[Value]:
    """The operation's own method and path, beside others of which they would make it."""
    for names in (METHOD_NAMES[:1], METHOD_NAMES):
        asked = "?" + "&".join(f"{name}={operation.method}" for name in names)
        family = "a query that names a method"
        yield Value(f"the query {asked[:24]}", _asked(asked), Expect.EITHER, "PATH-007", family, company=True)
    yield Value(
        "a query that names the pair itself",
        _naming_the_pair,
        Expect.EITHER,
        "PATH-007",
        "a query that names a path",
        company=True,
    )


def _naming_the_pair(draft: Draft) -> None:
    path = draft.operation.path_naming(*draft.pair)
    _asked("?" + "&".join(f"{name}={path}" for name in PATH_NAMES))(draft)
