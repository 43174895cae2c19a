"""Texts that stand for a class of characters each, and those of a telling length."""

from __future__ import annotations

from typing import Final

GOOD: Final = {
    "quotes": 'say "it", it\'s',
    "backslashes": "a\\b\\\\n\\u0041",
    "percents": "100% %s %d %41 %zz %",
    "braces": "{a} ${b} {{c}} #{d} [e] <f>&amp;</f>",
    "punctuation": "a/b//c !()*+,-.:;=?@^_`|~",
    "Latin letters": "Ünïcödé ß ø ł",
    "Han letters": "标签::值 備份",
    "right-to-left letters": "שלום مرحبا",
    "combining marks and digits of other scripts": "e\u0301 n\u0303 a\u0323\u0307 ٣٤ ५६ ３４",
}
"""Text that a server has to take: non-ASCII text is accepted (BODY-002)."""
EITHER: Final = {
    "NUL": "a\0b",
    "a line feed": "a\nb",
    "a carriage return": "a\rb",
    "CR LF": "a\r\nSet-Cookie: b=c",
    "a tab": "a\tb",
    "a control character": "a\x1b[31mb\x07",
    "DEL": "a\x7fb",
    "C1 controls": "a\x85b\x9fc",
    "emoji": "\U0001f600\U0001f3f3\ufe0f\u200d\U0001f308",
    "letters of four bytes": "\U00020000\U0001d4b3",
    "directional marks": "a\u202eb\u2066c",
    "a byte order mark": "\ufeffa",
    "zero-width characters": "a\u200bb\u200d\u00adc",
    "line separators": "a\u2028b\u2029c",
    "no characters": "a\ufffe\uffff",
    "private characters": "\ue000\U000f0000",
    "half a surrogate pair": "\ud83d",
    "the other half": "a\udc00b",
    "surrogates in the wrong order": "\ude00\ud83d",
    "nothing": "",
    "a blank": " ",
    "blanks of other kinds": "\u00a0\u3000\u2003",
    "SQL": "'; DROP TABLE x; -- \" OR 1=1",
    "a lookup": "${jndi:ldap://127.0.0.1:1/a} {{7*7}} %{#a}",
    "a script": "<script>alert(1)</script>",
    "dots and slashes": "../../../../etc/passwd",
    "a word for nothing": "null",
    "a word for a boolean": "true",
    "a number": "1e999",
    "a document": '{"a":{"b":true}}',
    "a UUID": "ffffffffffffffffffffffffffffffff",
}
"""Text that a server may refuse, without a crash."""
_LONE: Final = ("half a surrogate pair", "the other half", "surrogates in the wrong order")
_ALL: Final = "".join([*GOOD.values(), *(text for name, text in EITHER.items() if name not in _LONE)])
MIXED: Final = {
    "every class of character at once": _ALL,
    "every class of character but NUL at once": _ALL.replace("\0", ""),
    "every class of character up to U+FFFF at once": "".join(char for char in _ALL if char <= "\uffff"),
}
"""Texts that show what two classes do together."""
ALIKE: Final = ("Tag", "tag", "TAG", "tag ", " tag", "ta", "\u00e9", "e\u0301", "key::a", "key::b", "key")
"""Texts that a careless comparison takes for each other."""
SEPARATED: Final = {
    f"{mark} twice": mark.join("abc") for mark in ("::", ":", ",", ";", "=", "&", "|", "@", "#", "/", ".", "$", "~")
}
"""Texts that are taken apart at a mark, and have it once too often."""
LENGTHS: Final = (255, 256, 257, 300, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 4_096, 4_097, 65_535, 65_536, 65_537)
"""Where columns and buffers end: characters of a text."""
WIDE_LENGTHS: Final = (85, 86, 128, 255, 256, 1_365, 1_366, 2_048, 21_845, 21_846)
"""Lengths of texts of three-byte characters, where a limit may count either."""
COUNTS: Final = (
    31,
    32,
    33,
    64,
    100,
    127,
    128,
    255,
    256,
    257,
    1_000,
    1_024,
    1_025,
    2_048,
    4_096,
    10_000,
    65_535,
    65_537,
)
"""Where limits on the items of a list end."""
