"""Other methods, and paths that are nearly the endpoint's: what they do is not the operation's, and it adds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from contract.kit.description import Operation
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.sending import path_of
from contract.kit.drive.strategies.paths import COMMON_METHODS
from contract.kit.exchange import Expect, Scope

TRACE: Final = "TRACE"
"""Goes out without a body, and a proxy may answer it (RFC 9110, 9.3.8)."""
INVENTED: Final = ("ADD", "LINK", "PROPFIND", "SEARCH", "POSTS", "XPOST", "P", "A" * 40)
VERSION: Final = re.compile(r"v[0-9]+")
VERSIONS: Final = ("v0", "v2", "v10", "v1.0", "v1.1", "v01", "v1beta1", "latest", "api")
SUFFIXES: Final = (".json", ".xml", ".do", "%00", "%0A", "~", "*", "%3Fx=1", "%23x")
DOTS: Final = ((".",), ("x", ".."), ("%2e",), ("x", "%2e%2e"))

Segments = list[str]
Rewrite = Callable[[Segments], Segments]
Spell = Callable[[str], str]


def _insert(at: int, *more: str) -> Rewrite:
    """With segments more."""
    return lambda path: [*path[:at], *more, *path[at:]]


def _drop(at: int) -> Rewrite:
    """With one segment less."""
    return lambda path: path[:at] + path[at + 1 :]


def _spelt(at: int, spell: Spell) -> Rewrite:
    """With one segment spelt otherwise."""
    return lambda path: [*path[:at], spell(path[at]), *path[at + 1 :]]


def _run_together(at: int, mark: str) -> Rewrite:
    """With a mark for the slash before a segment."""
    return lambda path: [*path[: at - 1], path[at - 1] + mark + path[at], *path[at + 1 :]]


def _turned(first: int, second: int) -> Rewrite:
    """With the second parameter and the words before it in front of the first."""
    return lambda path: [*path[: first - 1], *path[first + 1 : second + 1], *path[first - 1 : first + 1]]


def _to(word: str) -> Spell:
    return lambda _: word


def _then(suffix: str) -> Spell:
    return lambda word: word + suffix


def _first_encoded(word: str) -> str:
    return f"%{ord(word[0]):02x}{word[1:]}"


def _path(rewrite: Rewrite) -> Change:
    def change(draft: Draft) -> None:
        segments = path_of(draft.operation, draft.values).split("/")[1:]
        draft.target, draft.scope = "/" + "/".join(rewrite(segments)), Scope.NEIGHBOUR

    return change


def _method(method: str, *, bodiless: bool = False) -> Change:
    def change(draft: Draft) -> None:
        draft.method, draft.scope, draft.bodiless = method, Scope.NEIGHBOUR, bodiless

    return change


def methods(operation: Operation) -> Iterator[Value]:
    """Methods that are not the operation's: DELETE is one of its own, CONNECT is for proxies."""
    own = operation.method
    for method in COMMON_METHODS:
        if method != own:
            for told, bodiless in ((f"{method} on the path", False), (f"{method} without a body", True)):
                yield Value(told, _method(method, bodiless=bodiless), Expect.REFUSAL, "PATH-005", told)
    told = f"{TRACE} on the path"
    yield Value(told, _method(TRACE, bodiless=True), Expect.REFUSAL, "PATH-005", told, for_proxies=True)
    for method in (*INVENTED, own.lower(), own.capitalize()):
        told = f"{method[:12]} on the path"
        raised = method.upper() == own  # as Squid does
        yield Value(told, _method(method), Expect.REFUSAL, "PATH-005", "an invented method", for_proxies=raised)


def _misses(operation: Operation) -> Iterator[tuple[str, Rewrite, str]]:
    """What it is in words, the path, and its family."""
    segments = operation.path.split("/")[1:]
    words = {at: segment for at, segment in enumerate(segments) if not segment.startswith("{")}
    for at in range(1, len(segments) + 1):
        yield f"with a segment more in place {at}", _insert(at, "more"), "a segment more"
    for prefix in (("api",), ("zstack", "api")):
        yield f"with {'/'.join(prefix)} before it", _insert(0, *prefix), "a segment more"
    for at in range(len(segments)):
        yield f"without segment {at}", _drop(at), "a segment less"
    first, second = (segments.index(f"{{{name}}}") for name in operation.path_parameters)
    yield "with its two halves the other way round", _turned(first, second), "a segment less"
    for at, word in words.items():
        for other in (*_misspelt(word), *_in_two(word, operation)):
            yield f"with {other} for {word} in place {at}", _spelt(at, _to(other)), "a word misspelt"
        for other in dict.fromkeys((word.upper(), word.capitalize())):
            yield f"with {other} for {word} in place {at}", _spelt(at, _to(other)), "a word in another case"
        for other in VERSIONS if VERSION.fullmatch(word) else ():
            yield f"with {other} for {word}", _spelt(at, _to(other)), "another version"
    last = max(words)
    for suffix in SUFFIXES:
        yield f"with {suffix} after {words[last]}", _spelt(last, _then(suffix)), "a word with a suffix"
    for at in range(1, len(segments)):
        yield f"with %5C for the slash in place {at}", _run_together(at, "%5C"), "a backslash for a slash"


def _misspelt(word: str) -> list[str]:
    """One letter more, less or changed, at each end and in the middle; the other number."""
    middle = len(word) // 2
    found = [
        word + "x",
        word[:-1],
        word[1:],
        word[:middle] + "x" + word[middle + 1 :],
    ]
    found += [word.removesuffix("s")] if word.endswith("s") else [f"{word}s"]
    return [other for other in dict.fromkeys(found) if other and other != word and not VERSION.fullmatch(other)]


def _in_two(word: str, operation: Operation) -> Iterator[str]:
    """A mark within a word: between two that the parameters' names know, in the middle where there are none."""
    known = {part.lower() for name in operation.path_parameters for part in re.findall("[A-Z]?[a-z]+", name)}
    between = [
        at for at in range(1, len(word)) if word[:at] in known and any(word[at:].startswith(part) for part in known)
    ]
    for at in between or [len(word) // 2]:
        for mark in "-_":
            yield word[:at] + mark + word[at:]


def _tolerable(operation: Operation) -> Iterator[tuple[str, Rewrite]]:
    """Slashes more, dot segments and parameters beside words: a server may clean them away (RFC 3986, 6.2.2)."""
    count = operation.path.count("/")
    yield "with a slash after it", _insert(count, "")
    yield "with two slashes after it", _insert(count, "", "")
    for at in range(1, count):
        yield f"with a double slash in place {at}", _insert(at, "")
    for at in (1, count // 2, count - 1):
        for dots in DOTS:
            yield f"with {'/'.join(dots)} in place {at}", _insert(at, *dots)
    # Many servers decode a path before they take it apart.
    for at in range(1, count):
        yield f"with %2F for the slash in place {at}", _run_together(at, "%2F")
    for at in (1, count - 2):
        yield f"with ;x=y in place {at}", _spelt(at, _then(";x=y"))
        yield f"with a letter encoded in place {at}", _spelt(at, _first_encoded)


def dimensions(operation: Operation) -> list[Dimension]:
    """The method, and the path but for its parameters."""
    paths = [
        Value(f"the path {what}", _path(rewrite), Expect.REFUSAL, "PATH-006", family)
        for what, rewrite, family in _misses(operation)
    ]
    paths += [
        Value(f"the path {what}", _path(rewrite), Expect.EITHER, "PATH-006", "a path that may be cleaned")
        for what, rewrite in _tolerable(operation)
    ]
    return [dimension("method", methods(operation)), dimension("path", paths)]
