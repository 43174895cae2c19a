"""The sibling calls by which a run prepares, looks and cleans up (observed in ZStack 5.2).

They are this product's own, so their paths stand here; only the endpoint's own path comes from the description.
None of them is judged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from contract.kit.description import Operation
from contract.kit.exchange import Exchange, Scope, Secrets, TroubleKind, page_title
from contract.kit.target.credentials import Credential
from contract.kit.target.pair_kinds import Params, far_trigger
from contract.kit.target.resources import What
from contract.kit.wire import SendHeaders, Wire

API: Final = "/zstack/v1"


class SiblingFailed(Exception):  # noqa: N818  it tells what became of a call
    """`call` in words, and what came instead of success; the text is one line without secrets.

    `refused`: the server said no, so that nothing was done. `unsent`: there was no connection.
    `unproven`: the server did not take the credential.
    """

    def __init__(self, call: str, exchange: Exchange | None, secrets: Secrets) -> None:
        super().__init__(f"{call}: {secrets.scrub(summary(exchange))}")
        self.call = call
        self.exchange = exchange
        self.refused = exchange is not None and _refused(exchange)
        self.trouble = exchange.trouble if exchange is not None else None
        self.unsent = self.trouble is not None and self.trouble.kind is TroubleKind.UNREACHABLE
        self.unproven = exchange is not None and unproven(exchange)


@dataclass(frozen=True, slots=True)
class Siblings:
    """The calls, over a wire and with a credential that may change in between. `may_query`: looking is allowed.

    `shown`: the kinds whose rows have been seen with their list of associations; where it is left out of them
    afterwards, it is empty. `one_each`: the kinds whose rows have to be asked for one by one.
    """

    wire: Wire
    operation: Operation
    credential: Callable[[], Credential | None]
    may_query: bool = True
    shown: set[What] = field(default_factory=set)
    one_each: set[What] = field(default_factory=set)

    def login(self, account: str, password: str) -> str:
        """Log in; the new session's UUID."""
        digest = hashlib.sha512(password.encode()).hexdigest()
        secrets = self.wire.secrets
        secrets.learn(password, "$CONTRACT_PASSWORD")
        secrets.learn(digest, "$(printf %s $CONTRACT_PASSWORD|sha512sum|cut -c1-128)")
        asked = {"logInByAccount": {"accountName": account, "password": digest}}
        exchange = self._send("PUT", "/accounts/login", asked, proven=False, plain=True)
        return self._uuid(f"the login of account {account}", exchange)

    def logout(self, session: str) -> None:
        """End a session; again is no failure."""
        self._done("the logout", self._send("DELETE", f"/accounts/sessions/{_part(session)}", proven=False))

    def session_valid(self, session: str, headers: SendHeaders = ()) -> tuple[bool | None, Exchange]:
        """Return True if a session is valid, None where the target does not tell; and the exchange that asked."""
        exchange = self._send("GET", f"/accounts/sessions/{_part(session)}/valid", proven=False, more=headers)
        told = succeeded(exchange, "valid")
        return (told if isinstance(told, bool) else None), exchange

    def create(self, what: What, name: str, trigger: Params | None = None) -> str:
        """Make a job group that starts no VM, or a trigger (the plain one, or as `trigger` says); its UUID."""
        params: dict[str, Any] = {"name": name, "description": "made by a run of the contract, removed after it"}
        params |= {"type": "startVm"} if what is What.GROUP else trigger or far_trigger()
        # Not sent again after trouble: it might make two.
        exchange = self._send("POST", f"/scheduler/{what}", {"params": params}, retry=False)
        return self._uuid(f"making a {what.word}", exchange)

    def disable(self, group: str) -> None:
        """Disable a job group (observed in ZSvirt)."""
        asked = {"changeSchedulerJobGroupState": {"stateEvent": "disable"}}
        self._done("disabling a job group", self._send("PUT", f"/scheduler/{What.GROUP}/{_part(group)}/actions", asked))

    def delete(self, what: What, uuid: str) -> None:
        """Delete a job group or a trigger; one that is not there is no failure."""
        self._done(f"deleting a {what.word}", self._send("DELETE", f"/scheduler/{what}/{_part(uuid)}"))

    def find(self, what: What, field: str, value: str) -> tuple[list[dict[str, Any]] | None, Exchange | None]:
        """The rows with exactly this value, None where the target does not tell; and how it was asked."""
        if not self.may_query:
            return None, None
        exchange = self._send("GET", f"/scheduler/{what}?q={field}={_part(value)}")
        return _rows(exchange, field, {value}), exchange

    def find_any(self, what: What, field: str, values: Sequence[str]) -> list[dict[str, Any]]:
        """The rows with one of these values that one query brings; where the target does not take it, none.

        A row that is missing is not told from one that is not there: ask for it by itself.
        """
        if not self.may_query or what in self.one_each:
            return []
        several = ",".join(map(_part, values))
        exchange = self._send("GET", f"/scheduler/{what}?q={field}?={several}")
        rows = _rows(exchange, field, {*values}) or []
        if not rows and not unproven(exchange):
            self.one_each.add(what)
        return rows

    def remove(self, group: str, trigger: str) -> None:
        """Remove an association; some servers refuse where there is none."""
        self._done("removing an association", self._send("DELETE", self._pair(group, trigger)))

    def add(self, group: str, trigger: str) -> None:
        """Make an association, to leave a pair as it was found."""
        self._done(
            "restoring an association",
            self._send(self.operation.method, self._pair(group, trigger), self.operation.plain_body),
        )

    def _pair(self, group: str, trigger: str) -> str:
        """The endpoint's own path, which the removal shares."""
        return self.operation.path_naming(group, trigger)

    def _send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        proven: bool = True,
        retry: bool = True,
        plain: bool = False,
        more: SendHeaders = (),
    ) -> Exchange:
        target = path if path.startswith(API) else API + path
        credential = self.credential() if proven else None
        headers: list[tuple[str, str | bytes]] = [*more]
        if credential is not None:
            headers += credential.headers(method, target)
        if body is not None:
            headers.append(("Content-Type", "application/json;charset=UTF-8"))
        data = json.dumps(body).encode() if body is not None else b""
        return self.wire.send(method, target, headers, data, scope=Scope.SIBLING, retry=retry, plain=plain)

    def _done(self, call: str, exchange: Exchange) -> None:
        if not _ended_well(exchange):
            raise SiblingFailed(call, exchange, self.wire.secrets)

    def _uuid(self, call: str, exchange: Exchange) -> str:
        """The UUID of what the call made."""
        inventory = succeeded(exchange, "inventory")
        uuid = inventory.get("uuid") if isinstance(inventory, dict) else None
        if not isinstance(uuid, str) or not uuid:
            raise SiblingFailed(call, exchange, self.wire.secrets)
        return uuid


def _rows(exchange: Exchange, field: str, values: Set[str]) -> list[dict[str, Any]] | None:
    """The rows of an answer to a query that have one of these values; None where it is not told."""
    rows = succeeded(exchange, "inventories")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    # A server that does not know the condition, or compares without case, must not make us touch others.
    return [row for row in rows if row.get(field) in values]


def answered(exchange: Exchange) -> bool:
    """Return True if the target itself answered, whatever it said."""
    return exchange.answer is not None and exchange.trouble is None


def unproven(exchange: Exchange) -> bool:
    """Return True if the answer says that the credential is not good (any more)."""
    answer = exchange.answer
    if answer is None or exchange.trouble is not None:
        return False
    code = answer.error.get("code") if answer.error is not None else None
    # A page comes from something before the server, and says nothing of the credential.
    return (answer.status in (401, 403) and page_title(answer) is None) or code == "ID.1001"


def _refused(exchange: Exchange) -> bool:
    answer = exchange.answer
    if answer is None or exchange.trouble is not None:
        return False
    # A job that cannot be found any more may well have been done.
    return answer.error is not None or (exchange.settled is None and 400 <= answer.status < 500)


def succeeded(exchange: Exchange, member: str) -> Any:
    """A member of the answer's envelope where the call succeeded, None otherwise."""
    return exchange.answer.member(member) if exchange.answer is not None and _ended_well(exchange) else None


def summary(exchange: Exchange | None) -> str:
    """What came, in one line."""
    if exchange is None:
        return "the run may not look"
    if exchange.trouble is not None:
        return f"{exchange.trouble.kind}: {exchange.trouble.detail}"
    answer = exchange.answer
    if answer is None:
        return "no answer"
    if answer.status == 202 and exchange.settled is None:
        return "HTTP 202 without a job that can be asked for"
    if answer.error is not None:
        words = [answer.error.get(name) for name in ("code", "details", "description")]
        return f"HTTP {answer.status}, {': '.join([word for word in words if isinstance(word, str)][:2])[:300]}"
    if answer.status < 300:
        # Not quoted: what a log-in answers with is the secret itself.
        return f"HTTP {answer.status} without what a success carries"
    title = page_title(answer)
    if title is not None:
        return f"HTTP {answer.status}, a page{f' “{title}”' if title else ''}"
    text = " ".join(answer.body[:200].decode("utf-8", "replace").split())
    return f"HTTP {answer.status}, {text or 'nothing in it'}"


def _ended_well(exchange: Exchange) -> bool:
    """Return True if the server says that it is done: a page with 200 is somebody else's."""
    answer = exchange.answer
    if answer is None or exchange.trouble is not None or page_title(answer) is not None:
        return False
    return answer.status == 200 and answer.error is None


def _part(value: str) -> str:
    return quote(value, safe="")
