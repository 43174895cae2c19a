"""The calls about accounts and their sessions: login, logout, whether a session is valid, a new account."""

from __future__ import annotations

import time

from contract.kit.reference.answers import Answer, date, plain
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.operation import Dialect
from contract.kit.reference.world import Account, World, new_uuid

LOGIN = "org.zstack.header.identity.APILogInByAccountMsg"
CREATE = "org.zstack.header.identity.APICreateAccountMsg"
WHERE = "LoginManagerImpl.java: process-login (location:2/2)"
SESSION_SECONDS = 7200


class Accounts:
    """Answers under /zstack/v1/accounts."""

    def __init__(self, world: World, options: Options, dialect: Dialect) -> None:
        self.world = world
        self.options = options
        self.dialect = dialect

    def answer(self, call: Call, parts: tuple[str, ...]) -> Answer | None:
        """The answer to a call on the path /zstack/v1/accounts/ + parts, or None when nothing is there."""
        match call.method, parts:
            case "PUT", ("login",):
                return self._log_in(call)
            case "DELETE", ("sessions", session):
                self.world.log_out(session)
                return plain(self.options, {})
            case "GET", ("sessions", session, "valid"):
                return plain(self.options, {"valid": session in self.world.sessions})
            case "POST", ():
                refused = self.dialect.guard(call, CREATE)
                answer = refused or self._create(call)
                answer.deferred = refused is None or refused.deferred
                return answer
        return None

    def _failed(self, code: str, template: str, *arguments: object, location: str = "") -> Answer:
        return self.dialect.failed("sibling", code, template, *arguments, location=location)

    def _log_in(self, call: Call) -> Answer:
        wanted = call.root.get("logInByAccount")
        given = wanted if isinstance(wanted, dict) else {}
        for name in ("password", "accountName"):
            if given.get(name) is None:
                return self._failed("SYS.1007", "field[%s] of message[%s] is mandatory, can not be null", name, LOGIN)
        account = self.world.accounts.get(str(given["accountName"]))
        if account is None or account.digest != given["password"]:
            return self._failed("ID.1000", "wrong account name or password", location=WHERE)
        now = time.time()
        if self.options.sessions == "one":
            self.world.log_out_all(account.uuid)
        inventory: dict[str, object] = {"uuid": self.world.log_in(account.uuid), "accountUuid": account.uuid}
        if self.options.kind != "zsvirt":
            inventory["userUuid"] = account.uuid
        inventory |= {
            "expiredDate": date(self.options, now + SESSION_SECONDS),
            "createDate": date(self.options, now),
            "noSessionEvaluation": False,
        }
        return plain(self.options, {"inventory": inventory})

    def _create(self, call: Call) -> Answer:
        name, digest = call.params.get("name"), call.params.get("password")
        if not isinstance(name, str) or not isinstance(digest, str):
            missing = "name" if not isinstance(name, str) else "password"
            return self._failed("SYS.1007", "field[%s] of message[%s] is mandatory, can not be null", missing, CREATE)
        account = self.world.accounts[name] = Account(new_uuid(), digest)
        now = date(self.options, time.time())
        inventory = {
            "uuid": account.uuid,
            "name": name,
            "type": "Normal",
            "state": "Enabled",
            "createDate": now,
            "lastOpDate": now,
        }
        return plain(self.options, {"inventory": inventory})
