"""Who asks: the credential of a run, proven at its start and renewed when its session ends."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar
from uuid import uuid4

from contract.kit.config import Mode, Settings, UsageError, zone
from contract.kit.description import Operation
from contract.kit.exchange import CRASHING_TROUBLE, SESSION_MARK, Exchange, Trouble, TroubleKind
from contract.kit.target.credentials import AccessKey, Credential, Session
from contract.kit.target.preflight import obstacle, stranger
from contract.kit.target.resources import What
from contract.kit.target.siblings import SiblingFailed, Siblings, answered, summary, unproven
from contract.kit.wire import SendHeaders, TargetGone, Wire

T = TypeVar("T")

ENDED_MARK: Final = f"{SESSION_MARK}_ENDED"
"""In place of a session that is made to be ended; it begins like the mark of the run's own session."""
OTHER_MARK: Final = f"{SESSION_MARK}_OTHER"
"""In place of the run's second session, which is good until the run ends."""

SIGNATURE_MARK: Final = "$CONTRACT_SIGNATURE"
SKEWED: Final = "skew"
"""In a refusal, that the signed date is too far from the server's own (`requestTimeTooSkewed`, observed in ZStack)."""
HALF_HOURS: Final = (3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, -3.5, -9.5)
"""Offsets in use that are not whole hours east of UTC (tz database)."""

MOST_ENDED: Final = 8
"""Ended sessions that are still looked for in answers; a long run ends hundreds."""


class Access:
    """The credential and the sibling calls that it is good for. Thread safe."""

    def __init__(self, settings: Settings, wire: Wire, operation: Operation) -> None:
        self.settings = settings
        self.renewals = 0
        self.notices: list[str] = []
        """What a reader of the report should know."""
        self._wire = wire
        self._auth = operation.auth
        self._credential: Credential | None = None
        self._sessions: list[str] = []
        """Those that this run logged in for and has not ended."""
        self._ended: deque[str] = deque()
        self._one_at_a_time: bool | None = None
        """Whether a log-in ends the account's session before it; None where that has not been seen."""
        self._lock = threading.RLock()
        self.siblings = Siblings(wire, operation, lambda: self._credential, settings.may.query)

    @property
    def credential(self) -> Credential:
        """The good one, now."""
        if self._credential is None:
            raise RuntimeError("no credential has been proven")
        return self._credential

    @property
    def token(self) -> str | None:
        """The good session; None with an access key."""
        return self._credential.uuid if isinstance(self._credential, Session) else None

    @property
    def can_login(self) -> bool:
        """Return True if a session of the run's own can be made and ended."""
        return self.settings.mode is Mode.ACCOUNT and self.settings.may.login

    @property
    def can_have_another(self) -> bool:
        """Return True if a second session can be good beside the run's own."""
        return self.can_login and not self._one_at_a_time

    def prove(self) -> None:
        """Get the credential and have it checked, where the target can. UsageError where it is not good."""
        settings, secrets = self.settings, self._wire.secrets
        self._look_ahead()
        if settings.mode is Mode.ACCOUNT:
            self._credential = self._as_credential(self._first_login())
        elif settings.session is not None:
            secrets.learn(settings.session)
            self._credential = self._as_credential(settings.session)
            if settings.may.login:
                valid, exchange = self.siblings.session_valid(settings.session)
                self.must_reach(exchange.trouble)
                if valid is False:
                    raise UsageError("the session is not valid (any more); set CONTRACT_SESSION to a new one")
        elif settings.access_key_id is not None and settings.access_key_secret is not None:
            secrets.learn(settings.access_key_secret, "$CONTRACT_ACCESS_KEY_SECRET")
            known = zone(settings.zone, "the zone") if settings.zone is not None else dt.UTC
            self._prove_key(
                AccessKey(settings.access_key_id, settings.access_key_secret, self._auth.header, zone=known)
            )
        else:
            raise UsageError("the target needs credentials; set CONTRACT_ACCOUNT and CONTRACT_PASSWORD")

    def _prove_key(self, key: AccessKey) -> None:
        """Sign a query, in the server's zone: the one that was given, else the first that the server takes."""
        # A signature opens its path for a quarter of an hour.
        self._wire.secrets.learn_after(f"{key.scheme} {key.id}:", SIGNATURE_MARK)
        refused = self._tried(key)
        if refused is not None and self.settings.zone is None and SKEWED in refused.lower():
            for offset in likely_offsets():
                if self._tried(replace(key, zone=dt.timezone(offset))) is None:
                    self.notices.append(
                        f"the server's clock runs at {dt.timezone(offset)}; CONTRACT_ZONE saves finding that out"
                    )
                    return
        if refused is not None:
            raise UsageError(
                f"the access key was refused: {refused}; check CONTRACT_ACCESS_KEY_ID and CONTRACT_ACCESS_KEY_SECRET, "
                "and CONTRACT_ZONE, the server's time zone"
            )

    def _tried(self, key: AccessKey) -> str | None:
        """What the server says to a query signed by `key`; None where it takes the key, or may not be asked."""
        self._credential = key
        exchange = self.siblings.find(What.GROUP, "uuid", uuid4().hex)[1]
        if exchange is None:
            return None
        self.must_reach(exchange.trouble)
        answer = exchange.answer
        if answer is None or (answer.status < 400 and answer.error is None):
            return None
        refused = answer.status in (400, 401, 403) or unproven(exchange)
        return self._wire.secrets.scrub(summary(exchange)) if refused else None

    def _look_ahead(self) -> None:
        """One plain request first: UsageError, in one line, where something before the server answers it."""
        first = self.siblings.session_valid(uuid4().hex)[1]
        self.must_reach(first.trouble)
        if (found := obstacle(first, self.settings.url)) is not None:
            raise UsageError(f"the target {self.settings.url} is not reached: {self._wire.secrets.scrub(found)}")

    def must_reach(self, trouble: Trouble | None) -> None:
        """UsageError where a first call met trouble."""
        if trouble is None:
            return
        detail, url = self._wire.secrets.scrub(trouble.detail), self.settings.url
        if trouble.kind is TroubleKind.UNREACHABLE:
            raise UsageError(f"the target {url} is not reachable: {detail}; check --target, the network and TLS")
        if trouble.kind in CRASHING_TROUBLE and (spoken := self._wire.spoken()):
            detail += f"; {spoken}"
        raise UsageError(f"the target {url} gives no answer ({trouble.kind}: {detail})")

    def probe(self, headers: SendHeaders = ()) -> Exchange:
        """A plain call other than the endpoint's."""
        return self.siblings.session_valid(self.token or uuid4().hex, headers)[1]

    def is_answered_otherwise(self, headers: SendHeaders) -> bool:
        """Return True if a plain call has another status once it bears these headers."""
        plain, with_them = self.probe().answer, self.probe(headers).answer
        return plain is not None and with_them is not None and plain.status != with_them.status

    def answers(self) -> bool:
        """Return True if the target itself answers a call other than the endpoint's, whatever it says."""
        try:
            return answered(self.probe())
        except TargetGone:
            return False

    def alive(self) -> bool | None:
        """Return True if the target still takes the session for valid; None where it does not tell."""
        session = self.token
        if session is None or not self.settings.may.login:
            return None
        return self.siblings.session_valid(session)[0]

    def recognised(self) -> bool:
        """Return True if the target's own calls show that it takes the credential: a pass by refusals then counts."""
        if isinstance(self._credential, AccessKey):
            return self.settings.may.query and self._tried(self._credential) is None
        return self.alive() is True

    def new_session(self, *, to_last: bool = False) -> str:
        """Log in once more; to be ended with `end_session`. `to_last`: it is a good one for the rest of the run."""
        own = self.token
        session = self._log_in(OTHER_MARK if to_last else ENDED_MARK)
        if self._one_at_a_time is None and own is not None:
            self._one_at_a_time = self.siblings.session_valid(own)[0] is False
            if self._one_at_a_time:
                self.notices.append("logging in ends the account's session before it: two were never used at once")
        return session

    def end_session(self, session: str, *, used: bool = False) -> None:
        """Log out of a session of `new_session`. `used`: it is still sent until the run ends, to be refused."""
        self.siblings.logout(session)
        with self._lock:
            if session in self._sessions:
                self._sessions.remove(session)
            if used:
                return
            self._ended.append(session)
            if len(self._ended) > MOST_ENDED:
                self._wire.secrets.forget(self._ended.popleft())

    def renew(self, ended: str | None = None) -> bool:
        """Log in again in place of a session that ended. False where that cannot be.

        `ended`: that session, where calls beside this one may have met its end too: it is renewed once.
        """
        if not self.can_login:
            return False
        with self._lock:
            if ended is not None and self.token != ended:
                return True
            try:
                self._credential = self._as_credential(self._log_in(SESSION_MARK))
            except (SiblingFailed, TargetGone):
                return False
            self.renewals += 1
            return True

    def renewing(self, call: Callable[[], T]) -> T:
        """A sibling call, once more with a new session where the target does not take the old one any more."""
        session = self.token
        try:
            return call()
        except SiblingFailed as failed:
            if not failed.unproven or not self._replaced(session):
                raise
        return call()

    def _replaced(self, session: str | None) -> bool:
        """Return True if there is another session in place of one that ended."""
        return self.token != session or (self.alive() is False and self.renew(session))

    def log_out(self) -> None:
        """End every session that was made. Never raises for what the target does."""
        for session in reversed(self._sessions):
            with contextlib.suppress(SiblingFailed, TargetGone):
                self.siblings.logout(session)
        self._sessions = []

    def _as_credential(self, session: str) -> Session:
        return Session(session, self._auth.header, self._auth.scheme)

    def _first_login(self) -> str:
        try:
            return self._log_in(SESSION_MARK)
        except SiblingFailed as failed:
            self.must_reach(failed.trouble)
            if (who := stranger(failed.exchange)) is not None:
                raise UsageError(
                    f"{failed.call} was refused: {self._wire.secrets.scrub(who)}, which is not how a ZStack server "
                    "answers; check the target's host and port, and what stands before it (allow-list, certificate)"
                ) from None
            said = str(failed).removeprefix(f"{failed.call}: ")
            raise UsageError(
                f"{failed.call} was refused: {said}; check CONTRACT_ACCOUNT and CONTRACT_PASSWORD"
            ) from None

    def _log_in(self, mark: str) -> str:
        account, password = self.settings.account, self.settings.password
        assert account is not None
        assert password is not None
        session = self.siblings.login(account, password)
        self._wire.secrets.learn(session, mark)
        self._sessions.append(session)
        return session


def likely_offsets() -> Iterator[dt.timedelta]:
    """Every offset from UTC that a server may keep: this machine's first, then the vendor's, then the rest."""
    here = dt.datetime.now().astimezone().utcoffset() or dt.timedelta()
    rest = (dt.timedelta(hours=hours) for hours in (8, *range(-12, 15), *HALF_HOURS))
    yield from dict.fromkeys((here, *rest))
