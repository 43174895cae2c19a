"""The proxy that the environment names for a target."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from contract.kit.config import UsageError
from contract.kit.exchange import Secrets


@dataclass(frozen=True, slots=True)
class Proxy:
    """`url` without user and password; `auth`: these two; `variable`: where it was named."""

    url: str
    variable: str
    auth: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"the proxy {self.url} (from {self.variable})"


def loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def proxy_for(scheme: str, host: str, secrets: Secrets) -> Proxy | None:
    """The proxy for a host; UsageError where it is none that can be used."""
    if loopback(host) or proxy_bypass(host) or _in_a_block(host):
        return None
    proxies = getproxies()
    kind = scheme if proxies.get(scheme) else "all"
    named = proxies.get(kind)
    if not named:
        return None
    variable = next((name for name in (f"{kind}_proxy", f"{kind.upper()}_PROXY") if os.environ.get(name)), "the system")
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if proxy.scheme.startswith("socks"):
        raise UsageError(
            f"{variable} names a SOCKS proxy, which is not supported; name an HTTP proxy, or put {host} in no_proxy"
        )
    if proxy.scheme not in ("http", "https") or not proxy.hostname:
        raise UsageError(f"the proxy in {variable} is not an http:// URL; fix it, or put {host} in no_proxy")
    port = f":{proxy.port}" if proxy.port else ""
    where = f"{proxy.scheme}://{proxy.hostname}{port}"
    if proxy.username is None:
        return Proxy(where, variable)
    password = unquote(proxy.password or "")
    secrets.learn(password, "$PROXY_PASSWORD")
    return Proxy(where, variable, (unquote(proxy.username), password))


def _in_a_block(host: str) -> bool:
    """Return True if `no_proxy` names a block of addresses (CIDR, RFC 4632) that holds the host."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    for entry in (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(","):
        try:
            if "/" in entry and address in ipaddress.ip_network(entry.strip(), strict=False):
                return True
        except ValueError:
            continue
    return False
