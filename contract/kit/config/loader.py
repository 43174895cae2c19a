"""The one loader: plain data (TOML, JSON) to types and back, and what is wrong with it as one line.

msgspec converts and finds fault, and of its errors only the place is read: the words are made here, from the type
that belongs there. A line names the file, the entry and the key, and the nearest right word.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
import typing
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
from msgspec import Meta, inspect

from contract.kit.config.usage import UsageError
from contract.kit.shortened import shortened

T = TypeVar("T")


Text = Annotated[str, Meta(pattern=r"\S", description="a text that is not empty")]
AboveZero = Annotated[float, Meta(gt=0, lt=1e9, description="a number above 0")]
FromOne = Annotated[int, Meta(ge=1, description="a whole number from 1")]
Variable = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="the name of an environment variable, never the secret itself",
    ),
]
"""What has a description is told by it, and never with the value that stands there: it may be a secret."""

_PLACE: Final = re.compile(r"`\$(?P<steps>[^`]*)`$")
_STEP: Final = re.compile(r"\.(?P<key>\w+)|\[(?P<at>\d+|\.\.\.)\]")
_MOST_SHOWN: Final = 40


field = msgspec.field


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of a table in a file that people write: a key that it does not know is a mistake."""


class OneOrMore(tuple[T, ...], Generic[T]):
    """What may stand alone or as a list: `500`, `[400, 500]`."""


class WrongError(ValueError):
    """Raised by `__post_init__` of a table for what no type can say; `key` is the one to be looked at."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


def read_toml(path: Path, kind: type[T]) -> T:
    """The file at `path` as a `kind`. UsageError, one line, where it cannot be read or holds something else."""
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: it cannot be read, it is not TOML: {error}") from None
    return build(content, kind, str(path))


def build(plain: Any, kind: type[T], where: str) -> T:
    """Plain data as a `kind`. UsageError that begins with `where` and names entry and key."""
    try:
        return msgspec.convert(plain, kind, dec_hook=_custom, builtin_types=(dt.date, dt.datetime))
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {_what_is_wrong(plain, kind, error)}") from None


def plain(value: Any) -> Any:
    """Types as lists, dictionaries, texts and numbers, which `build` takes back."""
    return msgspec.to_builtins(value, enc_hook=str)


def schema(kind: type) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `plain` makes of a `kind`."""
    return msgspec.json.schema(kind)


def near(word: str, known: Iterable[str]) -> str:
    """ "; did you mean X?" where something like `word` is known, otherwise ""."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def _custom(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind) or kind
    if origin is Counter and isinstance(value, dict):
        return Counter(value)
    if origin is Path and isinstance(value, str):
        return Path(value)
    if origin is re.Pattern and isinstance(value, str) and value:
        try:
            return re.compile(value)
        except re.error as error:
            raise WrongError("", f"not a regular expression: {error}") from None
    if origin is OneOrMore:
        return _one_or_more(typing.get_args(kind)[0], value)
    raise WrongError("", "not a regular expression, or empty" if origin is re.Pattern else "of another type")


def _one_or_more(kind: Any, value: Any) -> OneOrMore[Any]:
    values = value if isinstance(value, list) else [value]
    try:
        if values:
            return OneOrMore(msgspec.convert(values, list[kind]))
    except msgspec.ValidationError:
        pass
    raise WrongError("", f"not {_expected(inspect.type_info(kind))}, or a list of them")


# --- the line ---


def _what_is_wrong(plain: Any, kind: Any, error: msgspec.ValidationError) -> str:
    found = _PLACE.search(str(error))
    value, node, words = plain, typing.cast(Any, inspect.type_info(kind)), _Words()
    for step in _STEP.finditer(found["steps"] if found else ""):
        if step["key"] is not None:
            fields = {field.encode_name: field for field in _fields(node)}
            value, node = value[step["key"]], _bare(fields[step["key"]].type)
            words.key(step["key"])
        elif step["at"] == "...":
            value, node = None, _bare(node.value_type)
            return f"{words}: each value must be {_expected(node)}"
        else:
            value, node = value[int(step["at"])], _bare(_item(node, int(step["at"])))
            words.entry(int(step["at"]), value)
    cause = error.__cause__
    if isinstance(cause, WrongError):
        words.key(cause.key)
        return f"{words}: {cause}"
    return _of_keys(value, node, words) or f"{words} must be {_expected(node)}{_instead(value, node)}"


class _Words:
    """A place in words: `waiver 1 (ENV-002): where.status`. What is told after it begins with a colon or a verb."""

    def __init__(self) -> None:
        self._entries: list[str] = []
        self._keys: list[str] = []

    def key(self, name: str) -> None:
        self._keys += [name] if name else []

    def entry(self, at: int, value: Any) -> None:
        labels = [value[name] for name in ("id", "clause") if isinstance(value, dict) and name in value]
        label = f" ({labels[0]})" if labels and isinstance(labels[0], str) else ""
        self._entries.append(f"{'.'.join(self._keys)} {at + 1}{label}")
        self._keys = []

    def within(self, name: str) -> str:
        return ".".join([*self._keys, name])

    def before(self) -> str:
        return "".join(f"{entry}: " for entry in self._entries)

    def __str__(self) -> str:
        return self.before() + (".".join(self._keys)) if self._keys else ": ".join(self._entries) or "the document"


def _of_keys(value: Any, node: Any, words: _Words) -> str:
    """A key that is missing, or that nothing knows; "" where the keys are right."""
    if not isinstance(value, dict):
        return ""
    known = [field.encode_name for field in _fields(node)]
    for key in value:
        if key not in known and getattr(node, "forbid_unknown_fields", False):
            hint = near(key, known) or f"; known are {', '.join(sorted(known))}"
            return f"{words.before()}the key {words.within(key)} is unknown{hint}"
    for field in _fields(node):
        if field.required and field.encode_name not in value:
            return f"{words.before()}{words.within(field.encode_name)} is missing"
    return ""


def _fields(node: Any) -> tuple[inspect.Field, ...]:
    return getattr(node, "fields", ())


def _item(node: Any, at: int) -> Any:
    return node.item_types[at] if isinstance(node, inspect.TupleType) else node.item_type


def _bare(node: Any) -> Any:
    """A type without the null that may stand in its place."""
    if isinstance(node, inspect.UnionType):
        return next(one for one in node.types if not isinstance(one, inspect.NoneType))
    return node


_NAMES: Final[Mapping[type, str]] = {
    inspect.StrType: "a text",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "true or false",
    inspect.DateType: "a date such as 2030-01-31, without quotes",
    inspect.DictType: "a table",
    inspect.StructType: "a table",
    inspect.DataclassType: "a table",
    inspect.ListType: "a list",
    inspect.VarTupleType: "a list",
    inspect.TupleType: "a list of another length",
}


def _expected(node: Any) -> str:
    if isinstance(node, inspect.Metadata):
        return str((node.extra_json_schema or {}).get("description") or _expected(node.type))
    if words := _words(node):
        return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
    return _NAMES.get(type(node), "something else")


def _words(node: Any) -> list[str]:
    """The few words that may stand there."""
    if isinstance(node, inspect.EnumType):
        return [str(one.value) for one in node.cls]
    return [str(one) for one in node.values] if isinstance(node, inspect.LiteralType) else []


def _instead(value: Any, node: Any) -> str:
    if isinstance(node, inspect.Metadata) or not isinstance(value, str | int | float):
        return ""
    hint = near(value, _words(node)) if isinstance(value, str) else ""
    return f", not {shortened(repr(value), _MOST_SHOWN)}{hint}"
