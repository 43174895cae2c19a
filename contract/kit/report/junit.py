"""junit.xml: a case a clause, so that a CI server counts clauses and not the suite's plumbing.

A violated clause is a failure. One that the suite failed at, or that could not be judged, is an error: it
counts against the verdict. A waived one is skipped and not passed, since a deviation that is known is still
no conformance and a green count must not hide it; one that does not apply is skipped. Each stale or overdue waiver is
a failure of a suite of its own, since it alone ends a run with status 1.

No case has a time: a clause is judged over the exchanges of many tests.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from contract.kit.report import order
from contract.kit.report.compare import kind
from contract.kit.report.store import put
from contract.kit.report.terminal import body_line
from contract.kit.report.text import more_like_it, tree, visible, where
from contract.kit.verdict import ClauseRow, Message, Results, State, VerdictWord, ViolationRow

NAME: Final = "junit.xml"
_NO_XML: Final = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def write(results: Results, folder: Path) -> Path:
    """Write junit.xml into `folder`."""
    path = folder / NAME
    root = document(results)
    ET.indent(root)
    put(path, '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n")
    return path


def document(results: Results) -> ET.Element:
    """The `testsuites` element."""
    root = ET.Element("testsuites", name="contract")
    for family, rows in order.families(results).items():
        suite = ET.SubElement(root, "testsuite", name=family, timestamp=results.header.start.removesuffix("Z"))
        for row in rows:
            _case(suite, row, order.excuses(results, row))
        _count(suite)
    if results.footer.verdict is VerdictWord.DID_NOT_START:
        suite = ET.SubElement(root, "testsuite", name="run", timestamp=results.header.start.removesuffix("Z"))
        case = ET.SubElement(suite, "testcase", classname="contract.run", time="0", name="the run starts")
        _say(case, "error", results.footer.why, results.footer.why)
        _count(suite)
    failing = order.failing_waivers(results)
    if failing:
        suite = ET.SubElement(root, "testsuite", name="waivers", timestamp=results.header.start.removesuffix("Z"))
        for wrong, waiver in failing.items():
            name = _xml(f"the waiver of {waiver.clause} ({waiver.ticket}) is still needed")
            case = ET.SubElement(suite, "testcase", classname="contract.waivers", name=name)
            _say(case, "failure", f"the waiver of {wrong}", waiver.reason)
        _count(suite)
    _total(root)
    properties = ET.Element("properties")
    for name, value in (
        ("verdict", results.footer.verdict),
        ("why", results.footer.why),
        ("exit status", results.footer.exit_status),
        ("run", results.header.kind),
        ("asked", " ".join(results.header.asked)),
        ("exchanges", results.footer.exchanges),
        ("target", results.header.target.get("url", "")),
        ("depth", results.header.depth),
        ("seed", results.header.seed),
        *((f"clauses {state}", number) for state, number in results.footer.counts.items()),
    ):
        ET.SubElement(properties, "property", name=str(name), value=_xml(str(value)))
    root.insert(0, properties)
    return root


def _case(suite: ET.Element, row: ClauseRow, excuses: list[str]) -> None:
    case = ET.SubElement(suite, "testcase", classname=f"contract.{row.family}", name=_xml(f"{row.id} {row.sentence}"))
    unwaived = order.unwaived_first(row)
    if row.state is State.VIOLATED:
        first = unwaived[0].actual if unwaived else "violated"
        _say(case, "failure", first, "\n\n".join(map(_violation, unwaived)), kind=f"{row.level} violated")
    elif row.state in (State.ERROR, State.NOT_JUDGED):
        _say(case, "error", row.reason, row.reason, kind=row.state)
    elif row.state is State.WAIVED:
        ET.SubElement(case, "skipped", type="waived", message=_xml(f"known deviation {'; '.join(excuses)}"))
        ET.SubElement(case, "system-out").text = _xml("\n\n".join(map(_violation, unwaived)))
    elif row.state is State.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", type=row.state, message=_xml(row.reason))


def _say(case: ET.Element, tag: str, message: str, text: str, kind: str = "") -> None:
    element = ET.SubElement(case, tag, message=_xml(message))
    if kind:
        element.set("type", str(kind))
    element.text = _xml(text)


def _violation(violation: ViolationRow) -> str:
    exchange = violation.exchange
    told = [
        f"expected: {violation.expected}",
        f"actual:   {violation.actual}" + (f" (at {where(violation.pointer)})" if violation.pointer else ""),
        f"case:     {exchange.case}{more_like_it(violation.count)} (answer: {kind(exchange)})",
    ]
    for beside in violation.beside:
        told += _side("beside:  ", beside.request) + _side("answer:  ", beside.response)
    told += _side("request: ", exchange.request) + _side("answer:  ", exchange.response)
    told += _side("job:     ", exchange.job)
    if exchange.trouble:
        told.append(f"no answer: {exchange.trouble}")
    if violation.causes:
        told += ["causes:", *tree(violation.causes, "  ")]
    return "\n".join([*told, f"replay:   {violation.curl}"])


def _side(label: str, message: Message | None) -> list[str]:
    if message is None:
        return []
    return [f"{label} {visible(message.line)}", *([f"          {body_line(message)}"] if message.body else [])]


def _count(suite: ET.Element) -> None:
    cases = suite.findall("testcase")
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))


def _total(root: ET.Element) -> None:
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in root.iter("testsuite"))))


def _xml(text: str) -> str:
    """Only characters that XML 1.0 can hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
