"""The request of an exchange as one bash line, to be pasted and sent again byte for byte."""

from __future__ import annotations

import base64
import hashlib
import lzma
import re
from typing import Final
from urllib.parse import urlsplit

from contract.kit.exchange.message import Request

LONGEST_LITERAL: Final = 2048
"""Bytes of a body that stand in the line as they are; a longer one is made by an expression."""

LONGEST_ARGUMENT: Final = 100_000
"""Bytes that one argument may have (Linux: 128 KiB)."""

# What stands in place of a secret: a variable of the run's own, or an expansion of it that alters it.
_VARIABLE: Final = re.compile(
    rb"\$(?:\{CONTRACT_[A-Z_]+(?:[:#%/^,][^}$`\"\\{]*)?\}"
    rb"|CONTRACT_(?:ACCESS_KEY_ID|ACCESS_KEY_SECRET|ACCOUNT|PASSWORD|SESSION(?:_[A-Z]+)?))"
)
_PLAIN_TARGET: Final = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
# A stretch that repeats a short unit long enough to be worth an expression.
_REPEATED: Final = re.compile(rb"(.{1,24}?)\1{31,}", re.DOTALL)
# What curl sends of its own accord, and the exchange did not.
_CURLS_OWN: Final = ("User-Agent", "Accept")


def curl(request: Request, base_url: str) -> str:
    """A bash line that sends `request` to the host of `base_url` just as it was sent.

    Method, raw target, headers and body are the exchange's own; secrets stand as `$CONTRACT_...` variables
    that the shell fills in. Needs bash, curl 7.55 or newer, and python3 where the body is very long.
    """
    where = urlsplit(base_url)
    words = ["curl", "-sS", "-i", "--path-as-is", "-g"]
    words += _method(request)
    words += [f"-H {_quote(line)}" for line in _header_lines(request, where.netloc)]
    before, option = _body(request.body)
    words += option
    words += _address(f"{where.scheme}://{where.netloc.rpartition('@')[2]}", request.target)
    return before + " ".join(words)


def _method(request: Request) -> list[str]:
    if request.method == "HEAD":
        # With -X HEAD curl would wait for a body; with a body of its own --head cannot be had.
        return ["-X HEAD -m 10"] if request.body else ["--head"]
    return [f"-X {_quote(_bytes(request.method))}"]


def _header_lines(request: Request, host: str) -> list[bytes]:
    names = {name.lower() for name, _ in request.headers}
    lines = []
    for name, value in request.headers:
        # Curl names the host and counts the body for itself.
        if (name.lower(), value) in (
            ("host", host),
            ("content-length", str(len(request.body)) if request.body else ""),
        ):
            continue
        # curl takes "Name:" for "leave it out" and sends "Name;" as an empty header.
        lines.append(_bytes(f"{name}: {value}") if value.strip(" \t") else _bytes(f"{name};"))
    own = [*_CURLS_OWN, *(["Content-Type", "Expect"] if request.body else [])]
    return lines + [_bytes(f"{name}:") for name in own if name.lower() not in names]


def _address(origin: str, target: str) -> list[str]:
    if _PLAIN_TARGET.fullmatch(target) and not _VARIABLE.search(target.encode()):
        return [_quote(_bytes(origin + target))]
    return [f"--request-target {_quote(_bytes(target))}", _quote(_bytes(origin))]


def _body(body: bytes) -> tuple[str, list[str]]:
    """What comes before curl in the line (a pipe, or nothing) and curl's option."""
    if not body:
        return "", []
    if len(body) <= LONGEST_LITERAL and b"\x00" not in body:
        # --data-raw: a body that begins with @ is not a file name.
        option = "--data-raw" if body.startswith(b"@") else "--data-binary"
        return "", [f"{option} {_quote(body)}"]
    pieces = [_variable(part) if known else _made(part) for known, part in _split(body)]
    made = pieces[0] if len(pieces) == 1 else "{ " + " ".join(f"{piece};" for piece in pieces) + " }"
    return f"{made} | ", ["--data-binary @-"]


def _variable(expression: bytes) -> str:
    return f'printf %s "{expression.decode()}"'


def _made(part: bytes) -> str:
    """A command that writes `part`, short where `part` is regular."""
    if len(part) <= LONGEST_LITERAL:
        return f"printf %b {_printf(part)}"
    code = "+".join(_terms(part))
    if len(code) <= LONGEST_LITERAL:
        return f"python3 -c {_quote(_bytes(f'import sys; sys.stdout.buffer.write({code})'))}"
    packed = base64.b64encode(lzma.compress(part, format=lzma.FORMAT_ALONE, preset=1)).decode()
    if len(packed) > LONGEST_ARGUMENT:
        # It follows no pattern, so no line can make it: name it, so that nobody takes the line for whole.
        return f"cat body-of-{len(part)}-bytes-sha256-{hashlib.sha256(part).hexdigest()[:16]}"
    write = f'import sys,lzma,base64; sys.stdout.buffer.write(lzma.decompress(base64.b64decode("{packed}")))'
    return f"python3 -c {_quote(_bytes(write))}"


def _terms(part: bytes) -> list[str]:
    """`part` as the terms of a Python sum: `b'['*10000`."""
    terms, at = [], 0
    for found in _REPEATED.finditer(part):
        if at < found.start():
            terms.append(repr(part[at : found.start()]))
        terms.append(f"{found[1]!r}*{len(found[0]) // len(found[1])}")
        at = found.end()
    return terms if at == len(part) else [*terms, repr(part[at:])]


def _printf(part: bytes) -> str:
    # Octal with a leading zero is what %b reads; a NUL can stand in no argument.
    text = "".join(chr(b) if 0x20 <= b < 0x7F and b not in b"\\'" else f"\\0{b:03o}" for b in part)
    return f"'{text}'"


def _bytes(text: str) -> bytes:
    """As HTTP has it: a header's character is a byte, where it can be (RFC 9110, 5.5)."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _split(text: bytes) -> list[tuple[bool, bytes]]:
    """`text` in pieces: (True, a variable) and (False, literal bytes)."""
    pieces, at = [], 0
    for found in _VARIABLE.finditer(text):
        pieces += [(False, text[at : found.start()]), (True, found[0])]
        at = found.end()
    pieces.append((False, text[at:]))
    return [piece for piece in pieces if piece[1]]


def _quote(text: bytes) -> str:
    """`text` as one bash word: variables expand, everything else is literal."""
    return "".join(f'"{part.decode()}"' if known else _literal(part) for known, part in _split(text)) or "''"


def _literal(part: bytes) -> str:
    if re.fullmatch(rb"[\x20-\x7e]*", part) and b"'" not in part:
        text = part.decode()
        return text if re.fullmatch(r"[A-Za-z0-9_./:@%+=,-]+", text) else f"'{text}'"
    return "$'" + "".join(chr(b) if 0x20 <= b < 0x7F and b not in b"\\'" else f"\\x{b:02x}" for b in part) + "'"
