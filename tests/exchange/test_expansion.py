"""The way back from redaction: what a shell makes of the expressions in a report, and nothing else."""

from __future__ import annotations

import subprocess

import pytest

from contract.kit.exchange import CannotExpandError, Secrets, expanded

SESSION = "0123456789abcdef" * 2
KNOWN = {"CONTRACT_SESSION": SESSION}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("OAuth $CONTRACT_SESSION", f"OAuth {SESSION}"),
        ("${CONTRACT_SESSION}x", f"{SESSION}x"),
        ("${CONTRACT_SESSION:0:31}", SESSION[:31]),
        ("${CONTRACT_SESSION^^}", SESSION.upper()),
        ("a$CONTRACT_SESSION,${CONTRACT_SESSION:1}", f"a{SESSION},{SESSION[1:]}"),
        ("$HOME `id` $(id) ${HOME}", "$HOME `id` $(id) ${HOME}"),
        ("${CONTRACT_SESSION:0:$(id)}", "${CONTRACT_SESSION:0:$(id)}"),
        ("", ""),
    ],
)
def test_an_expression_is_made_the_text_that_it_stands_for(text: str, made: str) -> None:
    assert expanded(text, KNOWN) == made


@pytest.mark.parametrize("sent", [SESSION, SESSION[:-1], SESSION.upper(), SESSION + "0", f"{SESSION},{SESSION}"])
def test_what_redaction_made_of_a_session_comes_back(sent: str) -> None:
    secrets = Secrets()
    secrets.learn(SESSION)
    shown = secrets.scrub(f"OAuth {sent}")
    assert SESSION[:16] not in shown
    assert expanded(shown, KNOWN) == f"OAuth {sent}"


def test_an_unknown_variable_is_told() -> None:
    with pytest.raises(CannotExpandError, match=r"it needs \$CONTRACT_SESSION_ENDED, which this run has not"):
        expanded("OAuth $CONTRACT_SESSION_ENDED", KNOWN)


def test_without_a_shell_an_altered_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert expanded("$CONTRACT_SESSION", KNOWN) == SESSION
    with pytest.raises(CannotExpandError, match="it needs bash"):
        expanded("${CONTRACT_SESSION:1}", KNOWN)


def test_the_shell_agrees() -> None:
    text = "${CONTRACT_SESSION#0123}"
    made = subprocess.run(["bash", "-c", f'printf %s "{text}"'], env=KNOWN, capture_output=True, text=True, check=True)
    assert expanded(text, KNOWN) == made.stdout
