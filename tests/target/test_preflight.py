"""What stands before the server is told by its name before anything is made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.reference import Handle, launch
from contract.kit.target.access import likely_offsets
from tests.target.conftest import Site
from tests.wire.raw import Conversation, Script, always, http, serving

PAGE = b"<!DOCTYPE html><html><head><title>Sign in &amp; go on</title></head><body>...</body></html>"


def told(site: Site, script: Script, environ: dict[str, str]) -> str:
    with serving(script) as server:
        with pytest.raises(UsageError) as raised:
            site.open(environ, server.url)
        assert list(site.reports.iterdir()) == []
        return str(raised.value).replace(server.url, "URL")


@pytest.fixture(scope="module")
def handle() -> Iterator[Handle]:
    with launch("documented") as handle:
        yield handle


@pytest.fixture
def site(handle: Handle, tmp_path: Path) -> Iterator[Site]:
    """Only for its names and secrets: what is opened is another server."""
    with ExitStack() as stack:
        yield Site(handle, tmp_path, stack)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (http(301, b"", b"Location: https://127.0.0.1/zstack/v1"), "redirects to https://127.0.0.1; give that as"),
        (http(308, b"", b"Location: https://127.0.0.1:8443/x"), "redirects to https://127.0.0.1:8443; give that"),
        (
            http(302, b"", b"Location: http://sso.example/?to=x", b"Server: nginx"),
            "(Server: nginx) redirects to http://sso",
        ),
        (http(307, b"", b"Location: /login"), "redirects to /login (HTTP 307); check the host and port"),
        (http(200, PAGE, b"Content-Type: text/html"), "answers are a page “Sign in & go on”"),
        (http(200, PAGE), "give the address of the API itself"),
        (http(200, b"", b"Server: Caddy"), "(Server: Caddy) answers with 200 and no body; check the host and port"),
        (
            http(403, PAGE, b"Content-Type: text/html", b"Server: nginx/1.22"),
            "(Server: nginx/1.22) answers with HTTP 403, a page “Sign in & go on”; have the run let through",
        ),
        (http(401, b"no", b'WWW-Authenticate: Basic realm="x"'), "asks for Basic credentials of its own"),
        (
            http(400, b"<html><title>No required SSL certificate was sent"),
            "give --client-cert and --client-key",
        ),
        (http(400, b"The plain HTTP request was sent to HTTPS port"), "give https://"),
        (http(400, b"Client sent an HTTP request to an HTTPS server."), "expects TLS on this port"),
    ],
)
@pytest.mark.parametrize("way", ["account", "pair", "key"])
def test_what_answers_in_place_of_the_server_is_named(site: Site, answer: bytes, words: str, way: str) -> None:
    environ = {"account": site.account, "pair": site.pair, "key": site.key}[way]()
    said = told(site, always(answer), environ)
    assert words in said
    assert "\n" not in said
    assert "CONTRACT_PASSWORD" not in said


@pytest.mark.parametrize("status", [403, 404, 405, 421])
def test_a_log_in_that_a_page_refuses_does_not_blame_the_account(site: Site, status: int) -> None:
    said = told(site, always(http(404, b"{}"), http(status, PAGE, b"Server: Caddy")), site.account())
    assert f"HTTP {status} with a page “Sign in & go on” from Server: Caddy" in said
    assert "CONTRACT_ACCOUNT" not in said


def test_a_log_in_is_never_quoted(site: Site) -> None:
    secret = "0123456789abcdef" * 2
    for body in (b'{"inventory":{"id":"%s"}}', b'{"session":"%s"}', b"%s"):
        for status in (200, 201):
            answer = http(status, body % secret.encode())
            assert secret[:8] not in told(site, always(http(404), answer), site.account())


def test_nothing_is_made_where_delete_does_not_come_through(site: Site) -> None:
    """A gateway that refuses DELETE: one of each is made to try it, and told as left."""

    def script(conversation: Conversation, number: int) -> None:
        while True:
            line = conversation.request().split(b"\r\n", 1)[0]
            if line.startswith(b"DELETE"):
                conversation.say(http(405, PAGE, b"Server: gate"))
            elif b"/login" in line:
                conversation.say(http(200, b'{"inventory":{"uuid":"%s"}}' % (b"a" * 32)))
            elif line.startswith(b"POST"):
                conversation.say(http(200, b'{"inventory":{"uuid":"%032x"}}' % len(conversation.seen)))
            else:
                conversation.say(http(200, b'{"valid":false,"inventories":[]}'))

    with serving(script) as server:
        with pytest.raises(
            UsageError, match=r"DELETE is answered with HTTP 405 with a page .* from Server: gate.*left there: .*sweep"
        ):
            site.open(site.account(), server.url)
        assert sum(request.startswith(b"POST") for request in server.seen) == 2


def wall_clock(zone: dt.timezone) -> Script:
    """A server that compares the signed date with its clock on the wall, whatever zone is written behind it."""

    def script(conversation: Conversation, number: int) -> None:
        while True:
            head = conversation.request().split(b"\r\n\r\n")[0].decode()
            date = re.search(r"^date: \w+, (.{20})", head, re.IGNORECASE | re.MULTILINE)
            if date is None:
                conversation.say(http(200, b'{"valid":false}'))
                continue
            said = dt.datetime.strptime(date.group(1), "%d %b %Y %H:%M:%S")
            off = abs(said - dt.datetime.now(zone).replace(tzinfo=None))
            late = off > dt.timedelta(minutes=15)
            conversation.say(http(403, b"requestTimeTooSkewed") if late else http(200, b'{"inventories":[]}'))

    return script


@pytest.mark.parametrize("hours", [8, -5, 5.75, 0])
def test_the_zone_that_an_access_key_signs_in_is_found_out(site: Site, hours: float) -> None:
    environ = site.key(CONTRACT_READ_ONLY="1")
    with serving(wall_clock(dt.timezone(dt.timedelta(hours=hours)))) as server:
        estate = site.open(environ, server.url)
        assert bool(estate.access.notices) == (hours != 0)
        estate.close()


def test_a_zone_that_was_given_is_used_and_not_searched_for(site: Site) -> None:
    with serving(wall_clock(dt.timezone(dt.timedelta(hours=8)))) as server:
        site.open(site.key(CONTRACT_ZONE="Asia/Shanghai", CONTRACT_READ_ONLY="1"), server.url).close()
        before = len(server.seen)
        with pytest.raises(UsageError, match=r"the access key was refused: HTTP 403, requestTimeTooSkewed; check"):
            site.open(site.key(CONTRACT_ZONE="UTC", CONTRACT_READ_ONLY="1"), server.url)
        assert len(server.seen) <= before + 2


def test_every_offset_in_use_is_likely() -> None:
    offsets = [offset.total_seconds() / 3600 for offset in likely_offsets()]
    assert len(offsets) == len(set(offsets)) < 45
    assert {-12, -9.5, 0, 5.5, 5.75, 8, 12.75, 14} <= set(offsets)
