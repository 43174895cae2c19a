"""The way to the target: TLS, a proxy of the environment, and a target that comes back."""

from __future__ import annotations

import contextlib
import shutil
import ssl
import subprocess
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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=here"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return made, key


def over_tls(certificate: tuple[Path, Path], script: Script) -> Script:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    def wrapped(conversation: Conversation, number: int) -> None:
        # A client that does not trust the certificate ends the handshake.
        with contextlib.suppress(ssl.SSLError), context.wrap_socket(conversation.sock, server_side=True) as sock:
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


def test_a_ca_bundle_of_nonsense_is_a_usage_error(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("nonsense")
    with pytest.raises(UsageError, match="CA bundle"):
        Wire("https://127.0.0.1", Secrets(), ca_bundle=str(bundle))


def test_a_proxy_of_the_environment_is_used_and_its_password_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
    secrets = Secrets()
    with serving(always(OK)) as proxy, serving(always(OK)) as here:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//me:very-hidden@"))
        # A name that never resolves: only the proxy on the loopback is asked.
        wire = Wire("http://target.invalid:8080", secrets, patience=QUICK)
        exchange = wire.send("POST", "/a%2Fb/..")
        wire.close()
        assert exchange.trouble is None
        assert proxy.seen[0].startswith(b"POST http://target.invalid:8080/a%2Fb/.. HTTP/1.1\r\n")
        assert b"proxy-authorization: basic" in proxy.seen[0].lower()
        assert "very-hidden" not in secrets.scrub("very-hidden")
        direct = Wire(here.url, secrets, patience=QUICK)
        direct.send("POST", "/")
        direct.close()
        assert len(here.seen) == len(proxy.seen) == 1
        monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
        with pytest.raises(UsageError, match="proxy"):
            Wire("http://target.invalid:8080", secrets)


def test_a_target_that_comes_back_can_be_cleaned_up() -> None:
    awake = False

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            if not awake:
                time.sleep(0.5)
            conversation.answer()

    with serving(script) as server:
        wire = Wire(server.url, Secrets(), timeout=0.03)
        for _ in range(5):
            wire.send("POST", "/")
        broken = wire.broken
        assert broken
        assert not wire.once_more()
        with pytest.raises(TargetGone):
            wire.send("POST", "/")
        awake = True
        assert wire.once_more()
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
