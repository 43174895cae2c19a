"""Recorded requests, sent to a reference again, and what each answer differs in from the recorded one."""

from __future__ import annotations

import json
import re
import socket
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract.kit.reference.world import ORDINARY, PASSWORD_DIGEST, Resource, World, new_uuid

FOLDER = Path(__file__).parents[1] / "data" / "recordings"
PLAN: dict[str, Any] = tomllib.loads((FOLDER / "replay.toml").read_text("utf-8"))
PAGE = "(the container's HTML page)"
DATE = r"[A-Z][a-z]{2}(?:, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT| \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2} [AP]M)"
FORMS = {"date": DATE, "cookie": "[0-9A-F]{32}", "job": "[0-9a-z]{32}"}
UUID = "[0-9a-f]{32}"
NAME = re.compile(r"<(\w+)( upper| dashed)?>")
UNFINISHED = 0.1
"""Seconds that a job is watched for which did not end in the recording."""

# A mark's escape and the digits behind it were taken for a UUID, of which the last four digits were left.
_GARBLED = re.compile(r"\\u<uuid\d>[0-9a-f]{4}\.")


@dataclass(frozen=True)
class Answer:
    """Status, header lines without those of the framing, and the body as text."""

    status: int
    head: tuple[str, ...]
    body: str


@dataclass
class Line:
    """A recorded line and how it is sent again."""

    recorded: dict[str, Any]
    plan: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.recorded["name"])

    def text(self, member: str) -> str:
        """A member's text, with what the naming has garbled put right."""
        text = self.recorded[member] or ""
        if member == "answer" and not text.startswith("{"):
            text = text.replace("\\n", "\n").replace("\\r", "\r")  # line ends were spelt in texts
        return self.replaced(_GARBLED.sub(lambda _: "\\u0027<trigger>.", text))

    def replaced(self, text: str) -> str:
        for wrong, right in self.plan.get("replace", {}).items():
            text = text.replace(wrong, right)
        return text.replace(PLAN["location"]["recorded"], PLAN["location"]["reference"])

    def answer(self) -> Answer:
        """The recorded first answer; behind an interim 100 it is the one that follows."""
        if self.recorded["status"] == 100:
            status, *head = self.text("answer").split("\r\n")
            return Answer(int(status.split()[1]), _without_framing(head), "")
        return Answer(self.recorded["status"], _without_framing(self.recorded["answer_headers"]), self.text("answer"))


def lines() -> Iterator[Line]:
    """Every line of the recording, in its order."""
    for text in (FOLDER / "zsvirt.jsonl").read_text("utf-8").splitlines():
        recorded = json.loads(text)
        fitting = (entry for entry in PLAN["line"] if re.fullmatch(entry["name"], recorded["name"]))
        yield Line(recorded, next(fitting, {}))


@dataclass
class Replay:
    """Sends lines to a reference on `port`; `world` is that reference's own."""

    port: int
    world: World
    errors: tuple[str, ...] = ()  # members of an error that are compared; none are all
    names: dict[str, str] = field(default_factory=dict)
    pair: tuple[str, str] = ("", "")

    def differences(self, line: Line) -> dict[str, str]:
        """What this reference answers otherwise: status, head, body or job, each with both in words."""
        before = self.names
        self.names = {"session": self.world.seeds.session}
        if not line.plan.get("same"):
            self.pair = self._pair(line.plan.get("trigger", {}))
        self.names["group"], self.names["trigger"] = self.pair
        pair = dict(self.names)
        for name, value in line.plan.get("bind", {}).items():
            self.names[name] = self._bound(value, pair, before)
        if line.plan.get("fired"):
            self.world.triggers[self.pair[1]].members |= {"startTime": int(time.time()) - 10}
        for _ in range(2 if line.plan.get("twice") else 1):
            answer = self.send(line)
        return dict(self._compared(line, line.answer(), answer))

    def _compared(self, line: Line, recorded: Answer, answer: Answer) -> Iterator[tuple[str, str]]:
        if answer.status != recorded.status:
            yield "status", f"{answer.status}, not {recorded.status}"
        yield from self._head(recorded, answer)
        if line.recorded["status"] == 100:  # the answer behind it was recorded without its body
            return
        if recorded.body != PAGE and not self._same(recorded.body, answer.body):
            yield "body", f"{answer.body[:500]!r}, not {recorded.body[:500]!r}"
        if recorded.body == PAGE and not answer.body.startswith("<!doctype html>"):
            yield "body", f"{answer.body[:500]!r}, not the container's page"
        if "job" not in line.recorded or answer.status != 202:
            return
        end = self._end(answer, patient=line.recorded["job_status"] != 202)
        cut = ".*" if line.plan.get("cut") else ""
        if end.status != line.recorded["job_status"] or not self._same(line.text("job"), end.body, cut):
            yield (
                "job",
                f"{end.status} {end.body[:900]!r}, not {line.recorded['job_status']} {line.text('job')[:900]!r}",
            )

    def _head(self, recorded: Answer, answer: Answer) -> Iterator[tuple[str, str]]:
        left = list(answer.head)
        for wanted in recorded.head:
            found = next((one for one in left if self._same(_lower(wanted), _lower(one))), None)
            if found is None:
                yield "head", f"no {wanted!r} in {answer.head}"
                return
            left.remove(found)
        if left:
            yield "head", f"{left} too much"

    def _same(self, recorded: str, ours: str, more: str = "") -> bool:
        """Return True if a text is the recorded one; a name that stands for nothing yet stands for what is there."""
        if self.errors and recorded.startswith('{"error"') and ours.startswith('{"error"') and not more:
            recorded, ours = self._reduced(recorded), self._reduced(ours)
        pattern, at, new = "", 0, set()
        for name in NAME.finditer(recorded):
            pattern += re.escape(recorded[at : name.start()])
            at = name.end()
            if name[1] in self.names:
                pattern += re.escape(_spelt(self.names[name[1]], name[2]))
            elif name[1] in ("date", "cookie"):
                pattern += FORMS[name[1]]
            else:
                pattern += f"(?P={name[1]})" if name[1] in new else f"(?P<{name[1]}>{FORMS.get(name[1], UUID)})"
                new.add(name[1])
        found = re.fullmatch(pattern + re.escape(recorded[at:]) + more, ours, re.DOTALL)
        if found is not None:
            self.names |= found.groupdict()
        return found is not None

    def _reduced(self, envelope: str) -> str:
        error = json.loads(envelope)["error"]
        return json.dumps([error.get(name) for name in self.errors], ensure_ascii=False)

    def send(self, line: Line) -> Answer:
        """Send the request byte by byte as it was recorded, on a connection of its own."""
        recorded = line.recorded
        body = self._body(line)
        head = [f"{recorded['method']} {self._filled(line.text('path'))} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if recorded["authorization"] is not None:
            head.append(f"Authorization: {self._filled(line.text('authorization'))}")
        if recorded["content_type"] is not None:
            head.append(f"Content-Type: {recorded['content_type']}")
        for name, value in recorded["headers"]:
            whole = _made(line.plan["header"]) if "header" in line.plan else line.replaced(value)
            head.append(f"{name}: {self._filled(whole)}")
        if body is not None:
            head.append(f"Content-Length: {len(body)}")
        head.append("Connection: close")
        return self._sent("\r\n".join(head).encode() + b"\r\n\r\n" + (body or b""))

    def _body(self, line: Line) -> bytes | None:
        text = line.recorded["body"]
        if text is None:
            return None
        kept = re.match(r"\((\d+) bytes\) (.*)", text, re.DOTALL)
        if kept is None:
            shifted = re.sub(r'("startTime": )(17\d{8})(000)?\b', self._moved, line.text("body"))
            return self._filled(shifted).encode("latin-1")
        parts = line.plan["body"]
        fixed = sum(len(part) * times for part, times in parts)
        spare = int(kept[1]) - fixed
        made = _made([(part, times or spare // len(part)) for part, times in parts])
        assert len(made) == int(kept[1]), line.name
        beginning = re.sub("<uuid1>", made[len(kept[2].partition("<")[0])] * 32, kept[2])
        assert made.startswith(beginning), line.name
        return made.encode("latin-1")

    def _moved(self, start: re.Match[str]) -> str:
        return f"{start[1]}{int(start[2]) - PLAN['recorded'] + int(time.time())}{start[3] or ''}"

    def _sent(self, request: bytes) -> Answer:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request)
            received = b""
            while chunk := connection.recv(65_536):
                received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            head, _, body = body.partition(b"\r\n\r\n")
        status, *rest = head.decode("latin-1").split("\r\n")
        return Answer(int(status.split()[1]) if status else 0, _without_framing(rest), body.decode("utf-8"))

    def _end(self, accepted: Answer, patient: bool) -> Answer:
        path = "/zstack" + json.loads(accepted.body)["location"].partition("/zstack")[2]
        deadline = time.monotonic() + (5 if patient else UNFINISHED)
        while True:
            answer = self._sent(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            if answer.status != 202 or time.monotonic() > deadline:
                return answer
            time.sleep(0.003)

    def _filled(self, text: str) -> str:
        return NAME.sub(lambda name: _spelt(self.names.setdefault(name[1], new_uuid()), name[2]), text)

    def _pair(self, members: Mapping[str, Any]) -> tuple[str, str]:
        now = time.time()
        simple = {"schedulerType": "simple", "schedulerInterval": 86400, "repeatCount": 2, "startTime": int(now) + 1000}
        group = Resource(new_uuid(), "g", {"type": "startVm"}, now, now)
        trigger = Resource(
            new_uuid(), "t", dict(members) | {"startTime": int(now) + 1000} if members else simple, now, now
        )
        self.world.groups[group.uuid] = group
        self.world.triggers[trigger.uuid] = trigger
        return group.uuid, trigger.uuid

    def _bound(self, value: str, pair: Mapping[str, str], before: Mapping[str, str]) -> str:
        match value.split():
            case ["session" | "group" | "trigger"]:
                return pair[value]
            case ["linked", end]:
                self.world.associate(*self.pair)
                return pair[end]
            case ["unknown"] | ["unknown", "session"]:
                return new_uuid()
            case ["fresh", "session"]:
                return self.world.log_in()
            case ["ordinary", "session"]:
                return self.world.log_in(self.world.accounts[ORDINARY].uuid)
            case ["ended", "session"]:
                ended = self.world.log_in()
                self.world.log_out(ended)
                return ended
            case ["kept", name]:
                return before[name]
            case ["digest", quarter]:
                return PASSWORD_DIGEST[int(quarter) * 32 :][:32]
        return value


def _made(parts: list[tuple[str, int]]) -> str:
    return "".join(part * times for part, times in parts)


def _spelt(value: str, spelling: str | None) -> str:
    if spelling == " upper":
        return value.upper()
    if spelling == " dashed":
        return "-".join((value[:8], value[8:12], value[12:16], value[16:20], value[20:]))
    return value


def _lower(line: str) -> str:
    name, _, value = line.partition(":")
    return f"{name.lower()}:{value}"


def _without_framing(head: list[str]) -> tuple[str, ...]:
    return tuple(line for line in head if not line.lower().startswith(("content-length:", "connection:")))
