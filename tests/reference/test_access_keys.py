"""Requests signed by an access key, as ZStack's own module was seen to answer them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest

from tests.reference.client import EXAMPLE, Client

Play = Callable[..., Client]
DIALECTS = ["documented", "zstack-5.2,zone=0", "zsvirt,access_keys=installed,zone=0"]
ZSVIRT = "zsvirt,access_keys=installed,zone=0"
FORM = "accessKey format is 'ZStack AccessKeyId:Signature'"
SKEWED = "requestTimeTooSkewed"
NOT_A_KEY = "access key id: {} does not existed or disabled"
WRONG = "wrong accessKey signature"


def moment(minutes: float = 0) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)


def http_date(minutes: float = 0, zone: str = "GMT") -> str:
    """In another zone's name, the hour stays."""
    return moment(minutes).strftime(f"%a, %d %b %Y %H:%M:%S {zone}")


def signature(client: Client, date: str, path: str = "", method: str = "POST") -> str:
    signed = f"{method}\n{date}\n{path or client.path().removeprefix('/zstack')}"
    key = client.seeds.access_key_secret.encode()
    return base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()).decode()


def signed(client: Client, date: str = "", **named: str) -> dict[str, str]:
    date = date or http_date()
    credential = named.get("credential", "ZStack {id}:{signature}")
    value = credential.format(id=client.seeds.access_key_id, signature=signature(client, date, named.get("path", "")))
    return {"Authorization": value, "Date": date}


def ends(client: Client, headers: dict[str, str], **named: Any) -> int:
    """The status in the end, of a request whose job is waited for."""
    answer = client.add(named.pop("body", EXAMPLE), headers=headers, **named)
    end = client.final(answer)
    while end.status == 202:
        end = client.final(answer)
    return end.status


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_good_signature_is_good_for_another_body(play: Play, dialect: str) -> None:
    client = play(dialect)
    headers = signed(client)
    assert ends(client, headers) == 200
    client.send("DELETE", client.path())
    assert ends(client, headers, body={"params": {}}) == 200


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (lambda client: signed(client, path="/v1/x"), WRONG),
        (lambda client: signed(client, path=client.path()), WRONG),
        (lambda client: signed(client, credential="ZStack {id}:x{signature}"), WRONG),
        (lambda client: signed(client) | {"Date": http_date(1)}, WRONG),
        (lambda client: signed(client, credential="ZStack x:{signature}"), NOT_A_KEY.format("x")),
        (lambda client: signed(client, credential="ZStack :{signature}"), NOT_A_KEY.format("")),
        (lambda client: signed(client, http_date(16)), SKEWED),
        (lambda client: signed(client, http_date(-16)), SKEWED),
        (lambda client: signed(client, credential="ZStack {id}"), FORM),
        (lambda client: signed(client, credential="ZStack {id}:"), FORM),
        (lambda client: signed(client, credential="ZStack :"), FORM),
        (lambda client: signed(client, credential="ZStack {id}:{signature}:z"), FORM),
        (lambda client: {"Authorization": "ZStack x:y"}, "'Date' must be incuded in request header"),
    ],
)
def test_refusals(play: Play, dialect: str, headers: Callable[[Client], dict[str, str]], said: str) -> None:
    client = play(dialect)
    answer = client.add(headers=headers(client))
    assert answer.status == 403 if said in (WRONG, SKEWED) or said.startswith("access key") else answer.status < 500
    assert said in answer.body.decode()
    assert not client.associated()


@pytest.mark.parametrize("credential", ["ZStack{id}:{signature}", "ZStack \t {id}:{signature}"])
def test_blanks_before_the_key(play: Play, credential: str) -> None:
    client = play(ZSVIRT)
    assert ends(client, signed(client, credential=credential)) == 200


def test_a_key_is_matched_as_a_database_does(play: Play) -> None:
    client = play(ZSVIRT)
    value = signed(client)["Authorization"]
    key = client.seeds.access_key_id
    for spelling in (key.upper(), key.lower(), f"{key} "):
        headers = signed(client) | {"Authorization": value.replace(key, spelling)}
        headers["Authorization"] = f"ZStack {spelling}:{signature(client, headers['Date'])}"
        assert client.add(headers=headers).status == 202


@pytest.mark.parametrize("scheme", ["zstack", "ZSTACK"])
def test_the_scheme_has_one_case(play: Play, scheme: str) -> None:
    client = play(ZSVIRT)
    answer = client.add(headers=signed(client, credential=f"{scheme} {{id}}:{{signature}}"))
    assert (answer.status, answer.body.decode()) == (400, "Authorization type must be 'OAuth'")


@pytest.mark.parametrize(
    "form",
    ["%a, %d %b %Y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S utc", "%d %b %Y %H:%M:%S Z", "%a, %d %b %Y %H:%M:%S +0000",
     "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S.123Z"],
)  # fmt: skip
def test_dates_that_are_read(play: Play, form: str) -> None:
    client = play(ZSVIRT)
    assert client.add(headers=signed(client, moment().strftime(form))).status == 202


@pytest.mark.parametrize(
    "form",
    ["", "yesterday", "%s", "%a %b %d %H:%M:%S %Y", "%A, %d-%b-%y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S",
     "Xyz, %d %b %Y %H:%M:%S GMT", "%a, %d Xyz %Y %H:%M:%S GMT", "%a, 32 %b %Y %H:%M:%S GMT"],
)  # fmt: skip
@pytest.mark.parametrize("dialect", DIALECTS)
def test_dates_that_are_not_read(play: Play, dialect: str, form: str) -> None:
    client = play(dialect)
    answer = client.add(headers=signed(client) | {"Date": moment().strftime(form)})
    assert answer.status in (400, 401)
    assert "ate" in answer.body.decode()
    assert "ormat" in answer.body.decode()


def test_a_wrong_weekday_is_no_date(play: Play) -> None:
    client = play(ZSVIRT)
    wrong = moment(24 * 60).strftime("%a") + moment().strftime(", %d %b %Y %H:%M:%S GMT")
    assert client.add(headers=signed(client, wrong)).body.startswith(b"Date format error.")


@pytest.mark.parametrize("dialect", ["zstack-5.2", "zsvirt,access_keys=installed"])
def test_the_clock_on_the_servers_wall_is_what_counts(play: Play, dialect: str) -> None:
    client = play(f"{dialect},zone=480")
    assert client.add(headers=signed(client)).body == SKEWED.encode()
    for zone in ("GMT", "+08:00", "+01:00"):
        assert client.add(headers=signed(client, http_date(480, zone))).status == 202


def test_where_zones_count_the_moment_does(play: Play) -> None:
    client = play("zsvirt,access_keys=installed,zone=480,signed_date=zone")
    assert client.add(headers=signed(client)).status == 202
    assert client.add(headers=signed(client, http_date(480, "+08:00"))).status == 202
    assert client.add(headers=signed(client, http_date(480))).body == SKEWED.encode()


def test_the_decoded_path_is_signed(play: Play) -> None:
    client = play(ZSVIRT)
    date = http_date()
    spelt = client.path().replace("/scheduler/jobgroups", "/%73cheduler/jobgroups")
    headers = {"Authorization": f"ZStack {client.seeds.access_key_id}:{signature(client, date)}", "Date": date}
    assert ends(client, headers, path=spelt) == 200
    assert client.add(path=client.path() + ";x=y", headers=headers).body == WRONG.encode()
    assert client.add(path=client.path() + "?x=y", headers=headers).status == 202


def test_the_body_is_read_first(play: Play) -> None:
    client = play(ZSVIRT)
    assert client.add(b"{", headers=signed(client, credential="ZStack x:y")).status == 500


def test_without_the_module_the_scheme_is_an_exception(play: Play) -> None:
    client = play("zsvirt")
    answer = client.add(headers=signed(client))
    text = "RestAuthenticationType type: ZStack was not registered by any RestAuthenticationBackend"
    assert (answer.status, answer.body.decode()) == (500, text)
    assert play("documented,access_keys=none").add(headers=signed(client)).status == 401
