"""Methods and paths that are nearly the endpoint's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.kit.description import operation as spec
from contract.kit.drive.strategies import paths
from contract.kit.drive.strategies.paths import NearMiss
from contract.kit.target import siblings
from contract.kit.target.resources import What
from tests.drive.reach import always, reaches

OPERATION = spec.load()
GROUP, TRIGGER = "ec8d2952f8f13747bbbf24f93585a63d", "4b5bc56b58623324afe0a57951a96064"
PATH = OPERATION.expand(**dict(zip(OPERATION.path_parameters, (GROUP, TRIGGER), strict=True)))
near = paths.near_misses(PATH, (GROUP, TRIGGER))
SIBLINGS = {f"{siblings.API}/scheduler/{what}{tail}" for what in What for tail in ("", f"/{GROUP}", f"/{TRIGGER}")} | {
    f"{siblings.API}/accounts/login",
    f"{siblings.API}/accounts/sessions/{GROUP}",
}


def test_other_methods_are_never_the_operations_own_nor_a_sibling() -> None:
    for own in ("POST", "PUT"):
        methods = paths.other_methods(own)
        always(methods, lambda method, own=own: method not in {own, "POST", "DELETE", "CONNECT", "TRACE"}, 300)  # type: ignore[misc]
        always(methods, lambda method: method.isascii() and method.isalpha() and method.isupper())
    always(paths.other_methods("PUT"), lambda method: method != "PUT")


@pytest.mark.parametrize("method", [*paths.COMMON_METHODS, ""])
def test_other_methods_reach(method: str) -> None:
    reaches(
        paths.other_methods("POST"), lambda made: made == method or (not method and made not in paths.COMMON_METHODS)
    )


def test_near_misses_are_never_the_path_nor_a_sibling() -> None:
    always(near, lambda miss: miss.path != PATH, 300)
    always(near, lambda miss: miss.path not in SIBLINGS, 300)
    always(near, lambda miss: miss.path.startswith("/") and not miss.path.startswith("//"))
    always(near, lambda miss: miss.path.isascii() and miss.path.isprintable() and " " not in miss.path)
    always(near, lambda miss: bool(miss.case))


def test_only_slashes_are_tolerable() -> None:
    def is_the_path(miss: NearMiss) -> bool:
        return "/" + "/".join(part for part in miss.path.split("/") if part) == PATH

    always(near, lambda miss: miss.tolerable is is_the_path(miss), 300)


def test_the_identifiers_stay_as_they_are() -> None:
    def named(miss: NearMiss) -> int:
        return sum(value in miss.path.split("/") for value in (GROUP, TRIGGER))

    always(
        near, lambda miss: named(miss) == 2 or (named(miss) == 1 and miss.case.startswith("the path without segment"))
    )


segments = PATH.split("/")[1:]
REACHED: dict[str, Callable[[NearMiss], bool]] = {
    "a slash at the end": lambda miss: miss.path == f"{PATH}/",
    "a doubled slash": lambda miss: miss.path == PATH.replace("/scheduler/triggers", "//scheduler/triggers"),
    "a segment at the end": lambda miss: miss.path.startswith(f"{PATH}/") and not miss.tolerable,
    "a segment within": lambda miss: miss.path.count("/") == PATH.count("/") + 1 and miss.path.endswith(TRIGGER),
    "without its last segment": lambda miss: miss.path == PATH.removesuffix(f"/{TRIGGER}"),
    "without a segment within": lambda miss: miss.path == PATH.replace("/jobgroups", ""),
    "a letter more": lambda miss: miss.path.count("x") == 1 and len(miss.path) == len(PATH) + 1,
    "a letter less": lambda miss: len(miss.path) == len(PATH) - 1,
    "another letter": lambda miss: len(miss.path) == len(PATH) and miss.path.lower() != PATH,
    "another case": lambda miss: miss.path != PATH and miss.path.lower() == PATH,
}


@pytest.mark.parametrize("what", REACHED)
def test_near_misses_reach(what: str) -> None:
    reaches(near, REACHED[what])
