"""Bodies as ZStack's reader takes them, and its own words for those that it does not take."""

from __future__ import annotations

from typing import Any

import pytest

from contract.kit.reference.gson import Unreadable, read, unwritable

MALFORMED = "com.google.gson.stream.MalformedJsonException: "
STATE = "java.lang.IllegalStateException: "
STRICT = MALFORMED + "Use JsonReader.setLenient(true) to accept malformed JSON"


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", {}),
        (" \n", {}),
        ("/* nothing */ # at all", {}),
        ("null", {}),
        ("[]", {}),
        ('{"a":1}', {"a": 1}),
        ("{a:b;c=>'d'}", {"a": "b", "c": "d"}),
        ('{"a":[1,,2,]}', {"a": [1, None, 2, None]}),
        ('{"a":[;]}', {"a": [None, None]}),
        ('{"a":{}/* x */}', {"a": {}}),
        ('{"a":{}// x\n}', {"a": {}}),
        ('{"a":{"b":1,"b":2}}', {"a": {"b": 2}}),
        ('[["a",[1]],["b",{}]]', {"a": [1], "b": {}}),
        ('{"a":NaN,"b":01,"c":TRUE,"d":tRUE}', {"a": "NaN", "b": "01", "c": True, "d": "tRUE"}),
        ('{"a":-0,"b":1.0,"c":1e2,"d":9223372036854775808}', {"a": -0.0, "b": 1.0, "c": 100.0, "d": 2.0**63}),
        ('{"a":' + "9" * 1024 + "}", {"a": "9" * 1024}),
        (r'{"a":"\ud83d\ude00\ud800\u00e9\/\n\'"}', {"a": "\U0001f600\ud800\xe9/\n'"}),
        ('{"a":"line\nend"}', {"a": "line\nend"}),
        ("\ufeff{}", {}),
    ],
)
def test_what_is_read(text: str, members: dict[str, Any]) -> None:
    assert read(text.encode("utf-8", "surrogatepass"), "application/json;charset=UTF-8") == members


def test_a_thousand_levels_are_read() -> None:
    deep = read(b'{"a":' + b"[" * 1000 + b"]" * 1000 + b"}", "")["a"]
    for _ in range(999):
        (deep,) = deep
    assert deep == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "java.io.EOFException: End of input at line 1 column 2 path $."),
        ('{"a":{', "java.io.EOFException: End of input at line 1 column 7 path $.."),
        ('{"a":[1,\n[', "java.io.EOFException: End of input at line 2 column 2 path $.[1][0]"),
        ('{"a":1,}', MALFORMED + "Expected name at line 1 column 9 path $."),
        ('{"a" 1}', MALFORMED + "Expected ':' at line 1 column 7 path $."),
        ('{"a":1 "b"', MALFORMED + "Unterminated object at line 1 column 9 path $."),
        ('{"a":[1 2]}', MALFORMED + "Unterminated array at line 1 column 10 path $.[1]"),
        ('{"a":}', MALFORMED + "Expected value at line 1 column 7 path $."),
        ('{"a":,}', MALFORMED + "Unexpected value at line 1 column 7 path $."),
        ('{"a":"b', MALFORMED + "Unterminated string at line 1 column 8 path $."),
        (r'{"a":"\x"}', MALFORMED + "Invalid escape sequence at line 1 column 9 path $."),
        (r'{"a":"\u12', MALFORMED + "Unterminated escape sequence at line 1 column 9 path $."),
        (r'{"a":"\u12xz"}', r"java.lang.NumberFormatException: \u12xz"),
        ("{/*", MALFORMED + "Unterminated comment at line 1 column 4 path $."),
        ("{}x", STRICT + " at line 1 column 4 path $"),
        ("{} // x", STRICT + " at line 1 column 5 path $"),
        ("{}{}", STRICT + " at line 1 column 4 path $"),
        ("1", STATE + "Expected BEGIN_OBJECT but was NUMBER at line 1 column 2 path $"),
        ("true", STATE + "Expected BEGIN_OBJECT but was BOOLEAN at line 1 column 5 path $"),
        ('"x"', STATE + "Expected BEGIN_OBJECT but was STRING at line 1 column 2 path $"),
        ("bare", STATE + "Expected BEGIN_OBJECT but was STRING at line 1 column 1 path $"),
        ("[{}]", STATE + "Expected BEGIN_ARRAY but was BEGIN_OBJECT at line 1 column 3 path $[0]"),
        ("[[1]]", "java.lang.IllegalStateException"),
        ('{"a":1,"a":2}', "duplicate key: a"),
        ('[["a",1],["a",2]]', "duplicate key: a"),
        ("[" * 10_000, ""),
    ],
)
def test_what_is_not_read(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text.encode(), "application/json;charset=UTF-8")
    assert str(refused.value) == said or (said.endswith("specification.") and str(refused.value).startswith(said))
    assert not refused.value.by_container


def test_a_number_beyond_a_double_is_read_and_cannot_be_written() -> None:
    members = read(b'{"a":[1,{"b":-1e999}],"c":1e308}', "application/json")
    assert unwritable(members["a"]).startswith("-Infinity is not a valid double value as per JSON specification.")
    assert unwritable(members["c"]) == ""


def test_without_a_charset_bytes_are_latin_1() -> None:
    assert read('{"a":"é"}'.encode(), "application/json") == {"a": "Ã©"}
    assert read('\ufeff{"a":"é"}'.encode(), "application/json") == {"a": "é"}


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "", "latin-1"])
def test_what_is_no_text_is_the_containers(charset: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(b'{"a":"\xff"}', f"application/json;charset={charset}")
    assert refused.value.by_container
    assert refused.value.early is (charset == "")
