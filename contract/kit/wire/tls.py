"""TLS: whom to trust, how to show who asks, and what its errors mean."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Final

from contract.kit.config import UsageError

_MEANING: Final = (
    (("wrong version number", "http request", "record layer failure"), "the port does not speak TLS; give http://"),
    (
        ("self-signed certificate", "self signed certificate", "unable to get local issuer", "unable to get issuer"),
        "its certificate is signed by an authority that is not known here; give it with --ca-bundle FILE",
    ),
    (("certificate has expired",), "its certificate has expired"),
    (("hostname mismatch", "ip address mismatch"), "its certificate is for another host; give the name that it is for"),
    (
        ("certificate required", "handshake failure", "bad certificate"),
        "it may ask for a client certificate; give --client-cert and --client-key",
    ),
    (("tlsv1 alert protocol version", "unsupported protocol", "no protocols available"), "it speaks an old TLS only"),
)
"""Words of OpenSSL, and what they mean to whoever started the run."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Files in PEM. `insecure`: the target's certificate is not looked at. `client_cert` shows who asks; its key may
    stand in the same file."""

    ca_bundle: str | None = None
    insecure: bool = False
    client_cert: str | None = None
    client_key: str | None = None


def context(trust: Trust) -> ssl.SSLContext:
    """The context of a wire. UsageError for files that cannot be used."""
    try:
        made = ssl.create_default_context(cafile=trust.ca_bundle)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"the CA bundle {trust.ca_bundle} cannot be used: {error}") from None
    made.set_alpn_protocols(["http/1.1"])
    if trust.insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    if trust.client_cert is not None:
        try:
            # An empty password, or OpenSSL would ask for one on the terminal.
            made.load_cert_chain(trust.client_cert, trust.client_key, password="")
        except (OSError, ssl.SSLError) as error:
            named = " with ".join(file for file in (trust.client_cert, trust.client_key) if file is not None)
            raise UsageError(f"the client certificate {named} cannot be used: {error}") from None
    return made


def meaning(said: str) -> str | None:
    """What an error of TLS means, in words that say what to change; None for any other error."""
    words = said.lower().replace("_", " ")
    if "ssl" not in words and "certificate" not in words:
        return None
    return next((told for marks, told in _MEANING if any(mark in words for mark in marks)), None)
