"""Who asks: the credential of a run, proven at its start and renewed when its session ends."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar
from uuid import uuid4

from contract.kit.config import Mode, Settings, UsageError
from contract.kit.description import Auth
from contract.kit.exchange import SESSION_MARK, Trouble, TroubleKind
from contract.kit.target.credentials import AccessKey, Credential, Session
from contract.kit.target.siblings import SiblingFailed, Siblings, answered
from contract.kit.wire import TargetGone, Wire

T = TypeVar("T")

ENDED_MARK: Final = f"{SESSION_MARK}_ENDED"
"""In place of a session that is made to be ended; it begins like the mark of the run's own session."""

MOST_ENDED: Final = 8
"""Ended sessions that are still looked for in answers; a long run ends hundreds."""


class Access:
    """The credential and the sibling calls that it is good for. Thread safe."""

    def __init__(self, settings: Settings, wire: Wire, auth: Auth) -> None:
        self.settings = settings
        self.renewals = 0
        self._wire = wire
        self._auth = auth
        self._credential: Credential | None = None
        self._sessions: list[str] = []
        """Those that this run logged in for and has not ended."""
        self._ended: deque[str] = deque()
        self._lock = threading.RLock()
        self.siblings = Siblings(wire, lambda: self._credential, settings.may.query)

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
        """Whether a session of the run's own can be made and ended."""
        return self.settings.mode is Mode.ACCOUNT and self.settings.may.login

    def prove(self) -> None:
        """Get the credential and have it checked, where the target can. UsageError where it is not good."""
        settings, secrets = self.settings, self._wire.secrets
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
            self._credential = AccessKey(settings.access_key_id, settings.access_key_secret, self._auth.header)
        else:
            raise UsageError("the target needs credentials; set CONTRACT_ACCOUNT and CONTRACT_PASSWORD")

    def must_reach(self, trouble: Trouble | None) -> None:
        """UsageError where a first call met trouble."""
        if trouble is None:
            return
        detail, url = self._wire.secrets.scrub(trouble.detail), self.settings.url
        if trouble.kind is TroubleKind.UNREACHABLE:
            raise UsageError(f"the target {url} is not reachable: {detail}; check --target, the network and TLS")
        raise UsageError(f"the target {url} gives no answer ({trouble.kind}: {detail})")

    def must_answer(self) -> None:
        """UsageError where the target does not answer at all."""
        self.must_reach(self.siblings.session_valid(self.token or uuid4().hex)[1].trouble)

    def answers(self) -> bool:
        """Whether the target itself answers a call other than the endpoint's, whatever it says."""
        try:
            return answered(self.siblings.session_valid(self.token or uuid4().hex)[1])
        except TargetGone:
            return False

    def alive(self) -> bool | None:
        """Whether the target still takes the session for valid; None where it does not tell."""
        session = self.token
        if session is None or not self.settings.may.login:
            return None
        return self.siblings.session_valid(session)[0]

    def new_session(self) -> str:
        """Log in once more; to be ended with `end_session`."""
        return self._log_in(ENDED_MARK)

    def end_session(self, session: str) -> None:
        """Log out of a session of `new_session`."""
        self.siblings.logout(session)
        with self._lock:
            if session in self._sessions:
                self._sessions.remove(session)
            self._ended.append(session)
            if len(self._ended) > MOST_ENDED:
                self._wire.secrets.forget(self._ended.popleft())

    def renew(self) -> bool:
        """Log in again in place of a session that ended. False where that cannot be."""
        if not self.can_login:
            return False
        with self._lock:
            try:
                self._credential = self._as_credential(self._log_in(SESSION_MARK))
            except (SiblingFailed, TargetGone):
                return False
            self.renewals += 1
            return True

    def renewing(self, call: Callable[[], T]) -> T:
        """A sibling call, once more with a new session where the target does not take the old one any more."""
        try:
            return call()
        except SiblingFailed as failed:
            if not failed.unproven or self.alive() is not False or not self.renew():
                raise
        return call()

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
            said = str(failed).removeprefix(f"{failed.call}: ")
            mend = "check CONTRACT_ACCOUNT and CONTRACT_PASSWORD"
            raise UsageError(f"{failed.call} was refused: {said}; {mend}") from None

    def _log_in(self, mark: str) -> str:
        account, password = self.settings.account, self.settings.password
        assert account is not None
        assert password is not None
        session = self.siblings.login(account, password)
        self._wire.secrets.learn(session, mark)
        self._sessions.append(session)
        return session
