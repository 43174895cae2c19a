"""The credentials as the server reads them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from contract.kit.target.credentials import AccessKey, Session


def test_a_session_is_an_oauth_token() -> None:
    assert Session("abc", "Authorization", "OAuth").headers("POST", "/zstack/v1/x") == [("Authorization", "OAuth abc")]


def test_header_and_scheme_come_from_the_description() -> None:
    assert Session("abc", header="X-Auth", scheme="Token").headers("GET", "/") == [("X-Auth", "Token abc")]


def test_an_access_key_signs_method_date_and_decoded_path() -> None:
    (name, value), (date_name, date) = AccessKey("id", "secret", "Authorization").headers(
        "POST", "/zstack/v1/a%0B/b%20?c=d"
    )
    signature = base64.b64encode(hmac.new(b"secret", f"POST\n{date}\n/v1/a\v/b ".encode(), hashlib.sha1).digest())
    assert (name, value) == ("Authorization", f"ZStack id:{signature.decode()}")
    assert date_name == "Date"
    assert date.endswith(" GMT")


def test_no_credential_shows_its_secret() -> None:
    assert "hidden" not in repr(Session("hidden", "X", "Y")) + repr(AccessKey("id", "hidden", "X"))


def test_wrong_keys_are_each_wrong_in_one_thing() -> None:
    key = AccessKey("0123456789abcdefghij", "secret", "Authorization")
    good = dict(key.headers("POST", "/zstack/v1/a/b"))
    wrong = [(dict(headers), case) for headers, case in key.wrong("POST", "/zstack/v1/a/b")]
    assert len({case for _, case in wrong}) == len(wrong) >= 10
    for headers, case in wrong:
        differs = [name for name, value in good.items() if headers.get(name) != value]
        assert differs or "without" in case, case
        assert headers["Authorization"].startswith("ZStack ")
