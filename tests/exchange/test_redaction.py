"""No secret and no part of one stays in a text, and what is written instead gives it back in a shell."""

from __future__ import annotations

import base64
import json
import subprocess
from urllib.parse import quote

import pytest

from contract.kit.exchange.redaction import Secrets

S = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PASSWORD = 'p\u00e4ss "w/rd+1'


@pytest.fixture
def secrets() -> Secrets:
    known = Secrets()
    known.learn(S)
    known.learn(PASSWORD, "$CONTRACT_PASSWORD")
    return known


TABLE = [
    (S, "$CONTRACT_SESSION"),
    (f"OAuth {S}", "OAuth $CONTRACT_SESSION"),
    (f"OAuth{S}", "OAuth$CONTRACT_SESSION"),
    (f'{{"a":"{S}"}}', '{"a":"$CONTRACT_SESSION"}'),
    (f"{S}f", "${CONTRACT_SESSION}f"),
    (f"{S}_", "${CONTRACT_SESSION}_"),
    (f"zz{S}", "zz$CONTRACT_SESSION"),
    (f"f{S}", "f$CONTRACT_SESSION"),
    (S[:31], "${CONTRACT_SESSION:0:31}"),
    (S[1:], "${CONTRACT_SESSION:1:31}"),
    (S[:16], "${CONTRACT_SESSION:0:16}"),
    (S[9:24], "${CONTRACT_SESSION:9:15}"),
    (f"{S[:-4]}%", "${CONTRACT_SESSION:0:28}%"),
    (f"{S[:5]}9{S[6:]}", "${CONTRACT_SESSION:0:5}9${CONTRACT_SESSION:6:26}"),
    (f"{S}{S}", "${CONTRACT_SESSION}$CONTRACT_SESSION"),
    (f"{S}' OR '1'='1", "$CONTRACT_SESSION' OR '1'='1"),
    (f'"\\u002d{S}"', '"\\u002d$CONTRACT_SESSION"'),
    (f'"\\f{S[2:]}"', '"\\f${CONTRACT_SESSION:2:30}"'),
    (f'"\\\\{S}"', '"\\\\$CONTRACT_SESSION"'),
    (S.upper(), "${CONTRACT_SESSION^^}"),
    (f"a \u0130 {S}", "a \u0130 $CONTRACT_SESSION"),
    (base64.b64encode(S.encode()).decode(), "$(printf %s $CONTRACT_SESSION|base64)"),
    (PASSWORD, "$CONTRACT_PASSWORD"),
    (quote(PASSWORD), "$CONTRACT_PASSWORD"),
    (json.dumps([PASSWORD]), '["$CONTRACT_PASSWORD"]'),
    (json.dumps([PASSWORD], ensure_ascii=False), '["$CONTRACT_PASSWORD"]'),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_scrubbed(secrets: Secrets, text: str, expected: str) -> None:
    assert secrets.scrub(text) == expected
    assert secrets.scrub(text) == expected
    assert secrets.scrub(text.encode()) == expected.encode()


@pytest.mark.parametrize(
    "text", [row[0] for row in TABLE if "SESSION" in row[1] and "OR" not in row[0] and '"' not in row[0]]
)
def test_a_shell_gives_the_text_back(secrets: Secrets, text: str) -> None:
    line = f'printf %s "{secrets.scrub(text)}"'
    found = subprocess.run(
        ["bash", "-c", line], env={"CONTRACT_SESSION": S, "PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    assert found.stdout.decode() == text


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
def test_no_part_stands_in_base64(secrets: Secrets, before: str) -> None:
    text = base64.b64encode(f"{before}{S}:x".encode()).decode()
    scrubbed = secrets.scrub(f"Basic {text}")
    assert "|base64)" in scrubbed
    assert not any(text[at : at + 10] in scrubbed for at in range(len(text) - 9))


@pytest.mark.parametrize("text", ["", "nothing here", "ec8d2952f8f13747bbbf24f93585a63d", S[:7], "b\u00e9"])
def test_what_holds_no_secret_is_the_same_object(secrets: Secrets, text: str) -> None:
    assert secrets.scrub(text) is text
    data = text.encode()
    assert secrets.scrub(data) is data


def test_nothing_known_nothing_changed() -> None:
    assert Secrets().scrub(S) == S


def test_a_scrubbed_json_text_is_json(secrets: Secrets) -> None:
    body = {"a": [S, S.upper(), S[:20] + "x", PASSWORD, base64.b64encode(S.encode()).decode()], S: 1}
    scrubbed = json.loads(secrets.scrub(json.dumps(body)))
    assert set(scrubbed) == {"a", "$CONTRACT_SESSION"}


def test_a_short_value_is_a_secret_only_by_itself() -> None:
    secrets = Secrets()
    secrets.learn("passw0rd", "$CONTRACT_PASSWORD")
    secrets.learn("abc", "$X")
    assert secrets.scrub("passw0rd passw0rds abc") == "$CONTRACT_PASSWORD passw0rds abc"


@pytest.mark.parametrize(
    "text",
    ['{"password":"%s"}', "password=%s", "password: %s", "%s", "admin:%s@host", "'%s'", "%s, and", "(%s)"],
)
def test_a_common_word_is_a_secret_where_it_is_a_value(text: str) -> None:
    secrets = Secrets()
    secrets.learn("wrong", "$CONTRACT_PASSWORD")
    assert secrets.scrub(text % "wrong") == text % "$CONTRACT_PASSWORD"


@pytest.mark.parametrize("text", ["wrong account name or password", "this is wrong", "right, wrong, or neither"])
def test_a_common_word_in_a_sentence_stays(text: str) -> None:
    secrets = Secrets()
    secrets.learn("wrong", "$CONTRACT_PASSWORD")
    assert secrets.scrub(text) == text


def test_the_first_expression_of_a_value_stays() -> None:
    secrets = Secrets()
    secrets.learn(S)
    secrets.learn(S, "$OTHER")
    assert secrets.scrub(S) == "$CONTRACT_SESSION"


@pytest.mark.parametrize("part", [S[:6], S[:11].upper(), S[20:], S[3:17], S[:14]])
def test_a_short_part_is_known_once_it_was_sent(secrets: Secrets, part: str) -> None:
    assert "${CONTRACT_SESSION:" in secrets.sent(f"OAuth {part}")
    assert part.lower() not in secrets.scrub(f'{{"details":"no session {part}"}}'.encode()).decode().lower()


@pytest.mark.parametrize("text", [f"OAuth {S[:5]}", "application/json;charset=UTF-8", "OAuth abcdef0123456"])
def test_nothing_is_learned_from_what_is_no_part(secrets: Secrets, text: str) -> None:
    assert secrets.sent(text) == text == secrets.scrub(text)


def test_several_sessions_are_told_apart(secrets: Secrets) -> None:
    other = "ffeeddccbbaa99887766554433221100"
    secrets.learn(other, "$CONTRACT_SESSION_ENDED")
    assert secrets.scrub(f"{S[:16]}{other[16:]}") == "${CONTRACT_SESSION:0:16}${CONTRACT_SESSION_ENDED:16:16}"


def test_bytes_that_are_no_text_are_kept(secrets: Secrets) -> None:
    assert secrets.scrub(b"\xff\xfe" + S.encode() + b"\x00") == b"\xff\xfe$CONTRACT_SESSION\x00"


def test_a_forgotten_one_is_looked_for_no_more(secrets: Secrets) -> None:
    other = "ffeeddccbbaa99887766554433221100"
    told = f"{S} {S[:8]} {base64.b64encode(S.encode()).decode()}"
    before = secrets.scrub(told)
    secrets.learn(other, "$CONTRACT_SESSION_ENDED")
    secrets.forget(other)
    text = f"{other} {other.upper()} {base64.b64encode(other.encode()).decode()}"
    assert secrets.scrub(text) is text
    assert secrets.scrub(told) == before != told


def test_what_follows_a_prefix_is_replaced_wherever_it_comes() -> None:
    secrets = Secrets()
    secrets.learn_after("ZStack key:", "$CONTRACT_SIGNATURE")
    said = "Authorization: ZStack key:Zm9vYmFyMTIzNDU2Nzg5MDEyMw==, or ZStack other:abc"
    assert secrets.scrub(said) == "Authorization: ZStack key:$CONTRACT_SIGNATURE, or ZStack other:abc"
    assert secrets.scrub(b'{"echo":"ZStack key:abc+/="}') == b'{"echo":"ZStack key:$CONTRACT_SIGNATURE"}'
    assert secrets.sent("ZStack key:abcdef") == "ZStack key:$CONTRACT_SIGNATURE"
