"""What is kept of an exchange once it has been judged."""

from __future__ import annotations

import json

from contract.kit.exchange import kept, outcome, received
from contract.kit.exchange.kept import LONGEST_TEXT
from tests.judge.build import answered, granted, job

PAGE = b"<h1>Server Error</h1>" + b"x" * LONGEST_TEXT


def test_a_long_page_is_cut_and_says_the_same() -> None:
    whole = answered(404, PAGE, content_type="text/html")
    cut = kept(whole)
    assert cut.response is not None
    assert cut.response.body == PAGE[:LONGEST_TEXT]
    assert received(whole) - received(cut) == len(PAGE) - LONGEST_TEXT
    assert outcome(cut) is outcome(whole)
    assert (cut.number, cut.request) == (whole.number, whole.request)


def test_that_of_a_job_is_cut_too() -> None:
    whole = job(404, PAGE)
    assert received(kept(whole)) < received(whole)


def test_json_and_short_texts_are_kept_whole() -> None:
    long = json.dumps({"error": {"details": "x" * LONGEST_TEXT}}).encode()
    for whole in (granted(), answered(404, long), answered(404, PAGE[:LONGEST_TEXT], content_type="text/html")):
        assert kept(whole) is whole
