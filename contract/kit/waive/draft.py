"""A first waiver file, drafted from what a run found, for somebody to review."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

REVIEW_WITHIN: Final = dt.timedelta(days=30)
"""A draft is short-lived: whoever keeps an entry gives it a date of their own."""

LONGEST: Final = 80

_QUOTED: Final = re.compile(r"['\"…\n]|\): ")
"""Where an answer's own words begin, which differ from run to run."""

_VARIABLE: Final = re.compile(
    r"(?P<hex>[0-9a-f]{16,})|(?P<number>[0-9]+)|(?P<surrogate>[\ud800-\udfff])"
    r"|(?P<word>\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|AM|PM)\b)"
)

_FORMS: Final = {"hex": "[0-9a-f]+", "number": "[0-9]+", "surrogate": ".", "word": "[A-Za-z]+"}

_HEAD: Final = """\
# Drafted from run {run}. Review each entry: is it known and accepted? Then say why, where it is followed
# up and who owns it, narrow it as far as it goes, and set the day of the next look. Delete the rest.
"""


def first_file(results: Mapping[str, Any]) -> str:
    """A waiver file (TOML) for each violation of `results` (results.json) that no waiver covers yet.

    Alike violations share an entry; what differs from run to run (UUIDs, numbers, dates, quotes) is open.
    """
    since = dt.date.fromisoformat(results["header"]["start"][:10])
    entries: dict[tuple[str, str], tuple[int, str, str]] = {}
    for clause, violation in _unwaived(results):
        key = (clause, _where(violation))
        count, reason, case = entries.get(key, (0, violation["actual"], violation["exchange"]["case"]))
        entries[key] = (count + violation["count"], reason, case)
    text = _HEAD.format(run=results["header"]["run_id"])
    for (clause, where), (count, actual, case) in entries.items():
        seen = f"{count} exchange{'s' if count != 1 else ''}" + (f", such as: {_line(case)}" if case else "")
        text += f"""
# Seen in {seen}
[[waiver]]
clause = {_string(clause)}
where = {{ {where} }}
reason = {_string("to be reviewed: " + _line(actual))}
ticket = "to be filed"
owner = "to be named"
since = {since}
review_by = {since + REVIEW_WITHIN}
"""
    return text


def _unwaived(results: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in results["clauses"]:
        for violation in row["violations"]:
            if violation["waiver"] is None:
                yield row["id"], violation


def _where(violation: dict[str, Any]) -> str:
    parts = [f"status = {violation['status']}"] if violation["status"] is not None else []
    if violation["pointer"]:
        parts.append(f"pointer = {_string(violation['pointer'])}")
    parts.append(f"actual = {_string(_pattern(violation['actual']))}")
    return ", ".join(parts)


def _pattern(actual: str) -> str:
    """A pattern for texts that begin like `actual`."""
    # One that begins with a quote has nothing else to be known by.
    text = (_QUOTED.split(actual, maxsplit=1)[0] or actual)[:LONGEST]
    found, end = "^", 0
    for part in _VARIABLE.finditer(text):
        found += re.escape(text[end : part.start()]).replace("\\ ", " ")
        found += _FORMS[part.lastgroup or ""]
        end = part.end()
    return found + re.escape(text[end:]).replace("\\ ", " ")


def _line(text: str) -> str:
    """`text` in one line, without control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _string(text: str) -> str:
    """A TOML string; a literal one where it reads better, as patterns do."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    # A JSON string is a TOML string but for DEL, and lone surrogates have no UTF-8.
    plain = text.encode("utf-8", "replace").decode()
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
