"""The way to the target: TLS, a proxy of the environment, and a target that comes back."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.exchange.exchange import TroubleKind
from contract.kit.exchange.redaction import Secrets
from contract.kit.wire import TargetGone, Wire
from contract.kit.wire.patience import Patience
from tests.wire.raw import Conversation, Script, always, http, serving

pytestmark = pytest.mark.filterwarnings("error")

OK = http(200, b"{}")
QUICK = Patience(unreachable=(0.01,))


def over_tls(certificate: tuple[Path, Path], script: Script, *, mutual: bool = False) -> Script:
    """`mutual`: a client has to show the same certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    if mutual:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate[0])

    def wrapped(conversation: Conversation, number: int) -> None:
        # A client that does not trust the certificate ends the handshake.
        with (
            contextlib.suppress(ssl.SSLError, ConnectionError),
            context.wrap_socket(conversation.sock, server_side=True) as sock,
        ):
            conversation.sock = sock
            script(conversation, number)

    return wrapped


def test_tls_is_checked(certificate: tuple[Path, Path]) -> None:
    ways: list[tuple[Callable[[str], Wire], bool]] = [
        (lambda url: Wire(url, Secrets(), patience=QUICK, ca_bundle=str(certificate[0])), True),
        (lambda url: Wire(url, Secrets(), patience=QUICK, insecure=True), True),
        (lambda url: Wire(url, Secrets(), patience=QUICK), False),
    ]
    with serving(over_tls(certificate, always(OK))) as server:
        url = server.url.replace("http:", "https:")
        for way, good in ways:
            wire = way(url)
            exchange = wire.send("POST", "/", body=b"x" * 200_000)
            again = wire.send("POST", "/")
            wire.close()
            if good:
                assert exchange.trouble is None
                assert again.trouble is None
            else:
                assert exchange.trouble is not None
                assert exchange.trouble.kind is TroubleKind.UNREACHABLE
                assert "certificate" in exchange.trouble.detail.lower()


def told(url: str, **options: str) -> str:
    """What is told of a target that cannot be reached."""
    wire = Wire(url, Secrets(), patience=QUICK, **options)  # type: ignore[arg-type]
    exchange = wire.send("POST", "/", body=b"{}", retry=False)
    wire.close()
    assert exchange.trouble is not None
    assert exchange.response is None
    return exchange.trouble.detail


def test_what_is_wrong_with_tls_is_told_with_what_to_change(certificate: tuple[Path, Path]) -> None:
    with serving(over_tls(certificate, always(OK))) as server:
        https = server.url.replace("http:", "https:")
        assert told(https).startswith("its certificate is signed by an authority that is not known here; give it with")
        named = told(https.replace("127.0.0.1", "localhost"), ca_bundle=str(certificate[0]))
        assert named.startswith("its certificate is for another host")
    with serving(always(b"\x15\x03\x03\x00\x02\x02\x46")) as alarmed:
        assert told(alarmed.url) == "the port speaks TLS; give https://"

    def without_tls(conversation: Conversation, number: int) -> None:
        conversation.sock.recv(1000)
        conversation.answer(400, b"bad request")

    with serving(without_tls) as plain:
        assert told(plain.url.replace("http:", "https:")).startswith("the port does not speak TLS; give http://")


def test_a_client_certificate_is_shown(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    made, key = certificate
    both = tmp_path / "both.pem"
    both.write_text(made.read_text() + key.read_text())
    with serving(over_tls(certificate, always(OK), mutual=True)) as server:
        url = server.url.replace("http:", "https:")
        for client in ({"client_cert": str(made), "client_key": str(key)}, {"client_cert": str(both)}):
            wire = Wire(url, Secrets(), ca_bundle=str(made), **client)  # type: ignore[arg-type]
            assert [wire.send("POST", "/", lane=lane).trouble for lane in (None, "a")] == [None, None]
            wire.close()
        assert "give --client-cert and --client-key" in told(url, ca_bundle=str(made))


def test_a_client_certificate_of_nonsense_is_a_usage_error(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    nonsense = tmp_path / "me.pem"
    nonsense.write_text("nonsense")
    for client in ({"client_cert": str(nonsense)}, {"client_cert": str(certificate[0])}):
        with pytest.raises(UsageError, match=r"the client certificate .* cannot be used"):
            Wire("https://127.0.0.1", Secrets(), **client)  # type: ignore[arg-type]


def test_a_ca_bundle_of_nonsense_is_a_usage_error(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("nonsense")
    with pytest.raises(UsageError, match="CA bundle"):
        Wire("https://127.0.0.1", Secrets(), ca_bundle=str(bundle))


def test_a_target_that_comes_back_can_be_cleaned_up() -> None:
    awake = False

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            if not awake:
                time.sleep(1)
            conversation.answer()

    with serving(script) as server:
        wire = Wire(server.url, Secrets(), timeout=0.4)
        for _ in range(5):
            wire.send("POST", "/")
        broken = wire.broken
        assert broken
        assert not wire.once_more()
        with pytest.raises(TargetGone):
            wire.send("POST", "/")
        awake = True
        # A busy machine may not answer in time at first.
        assert any(wire.once_more() for _ in range(5))
        assert wire.send("POST", "/").trouble is None
        assert wire.broken == broken
        wire.close()


def test_a_connection_that_is_now_and_then_reset_is_no_trouble() -> None:
    def script(conversation: Conversation, number: int) -> None:
        for _ in range(7):
            conversation.request()
            conversation.answer()
        conversation.request()
        conversation.reset()

    with serving(script) as server:
        wire = Wire(server.url, Secrets())
        exchanges = [wire.send("POST", "/") for _ in range(50)]
        wire.close()
    assert not any(exchange.trouble for exchange in exchanges)
    assert sum(exchange.resent for exchange in exchanges) == wire.trouble["dropped"] > 3
