"""What must be refused, with what is wrong with it in words: credentials that let nobody in, bodies gone wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from contract.kit.description import Auth, Operation
from contract.kit.drive.strategies import bodies, credentials, identifiers, texts

Headers = list[tuple[str, str | bytes]]
Bad = tuple[Headers, str]
"""Headers that let nobody in, and what is wrong with them."""
Wrong = tuple[Any, str]
"""A body and what is wrong with it."""


def absent(auth: Auth) -> list[Bad]:
    """No credentials at all."""
    return [
        ([], "no credentials"),
        ([(auth.header, "")], "an empty header"),
        ([(auth.header, auth.scheme)], "a scheme without a token"),
        ([(auth.header, f"{auth.scheme} ")], "a scheme with a blank for a token"),
    ]


def kinds_of_foreign(auth: Auth, token: str) -> list[st.SearchStrategy[Bad]]:
    """The good session, or nothing, under another scheme or none, a strategy a kind."""
    return [kind.map(partial(_under, auth)) for kind in credentials.kinds_of_foreign_values(auth.scheme, token)]


def _under(auth: Auth, value: str) -> Bad:
    return [(auth.header, value)], f"credentials under {value.partition(' ')[0][:20]!r}"


def foreign(auth: Auth, token: str) -> st.SearchStrategy[Bad]:
    """Any of these."""
    return evenly(*kinds_of_foreign(auth, token))


def unknown_session(auth: Auth) -> st.SearchStrategy[Bad]:
    """A well-formed session that nobody has."""
    return identifiers.unknown().map(lambda uuid: ([(auth.header, f"{auth.scheme} {uuid}")], "an unknown session"))


def kinds_of_altered_session(auth: Auth, token: str) -> list[st.SearchStrategy[Bad]]:
    """The good session altered, a strategy a kind."""
    return [kind.map(partial(_with_altered, auth)) for kind in credentials.kinds_of_altered(token)]


def _with_altered(auth: Auth, made: credentials.Altered) -> Bad:
    return [(auth.header, f"{auth.scheme} {made.value}")], f"the session {made.case}"


def evenly(*kinds: st.SearchStrategy[tuple[Any, str]]) -> st.SearchStrategy[tuple[Any, str]]:
    """Each kind as often as the others: `one_of` by itself counts the branches within them."""
    return st.one_of(*(kind.map(_itself) for kind in kinds))


def _itself(made: tuple[Any, str]) -> tuple[Any, str]:
    return made


def any_credentials(auth: Auth, token: str) -> st.SearchStrategy[Bad]:
    """Any of these, each kind as often as the others."""
    altered = credentials.altered(token).map(partial(_with_altered, auth))
    return evenly(st.sampled_from(absent(auth)), foreign(auth, token), unknown_session(auth), altered)


def unknown_identifiers(operation: Operation) -> st.SearchStrategy[dict[str, str]]:
    """Well-formed UUIDs that name nothing, for one or more of the path's parameters."""
    return st.dictionaries(st.sampled_from(operation.path_parameters), identifiers.unknown(), min_size=1)


def wrong_type(operation: Operation, kind: str) -> st.SearchStrategy[Wrong]:
    """The page's example with a value of another type for a member of this one."""
    members = [place for place in bodies.places(operation.body_members) if place.type == kind]
    found = st.tuples(st.sampled_from(members), bodies.wrong(kind))
    return found.map(
        lambda at: (bodies.put(operation.example_body, at[0].names, at[1]), f"{at[0]} is {texts.told(at[1])}")
    )


def wrong_required(operation: Operation) -> st.SearchStrategy[Wrong]:
    """The page's example with a required member missing, null or of another type."""
    example = operation.example_body
    required = [place for place in bodies.places(operation.body_members) if place.member.required]

    def at(place: bodies.Place) -> st.SearchStrategy[Wrong]:
        missing = st.just((bodies.without(example, place.names), f"{place} missing"))
        null = st.just((bodies.put(example, place.names, None), f"{place} null"))
        other = bodies.wrong(place.type).map(
            lambda value: (bodies.put(example, place.names, value), f"{place} is {texts.told(value)}")
        )
        return st.one_of(missing, null, other)

    return st.one_of(*map(at, required))


def kinds_of_no_object(operation: Operation) -> list[st.SearchStrategy[texts.Case]]:
    """Bytes that are not JSON objects, a strategy a kind."""
    return [*texts.kinds_of_broken(texts.written(operation.example_body)), texts.rootless()]


def any_body(operation: Operation) -> st.SearchStrategy[Wrong]:
    """A body that must be refused, each kind of flaw as often as the others."""
    return evenly(
        wrong_required(operation),
        wrong_type(operation, "boolean"),
        wrong_type(operation, "array"),
        st.one_of(*kinds_of_no_object(operation)),
    )
