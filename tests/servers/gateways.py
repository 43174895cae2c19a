"""Gateways that staging really stands behind: how each is started before a server, as its packages set it up."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from tests.servers.program import running


@dataclass(frozen=True, slots=True)
class Gateway:
    """A program and its configuration: it listens on `$port`, the server on `$to`, its files go into `$folder`."""

    name: str
    program: str
    arguments: str
    configuration: str = ""

    def lacks(self) -> str:
        """Why it cannot be started here, or ''."""
        return "" if self._path() else f"there is no {self.program} on this machine"

    def _path(self) -> str | None:
        # Debian keeps servers out of the path of users.
        return shutil.which(self.program) or shutil.which(self.program, path="/usr/sbin:/usr/local/sbin")

    @contextmanager
    def before(self, server: str, folder: Path) -> Iterator[str]:
        """Its URL, while it passes on to the server at that URL; `folder` is for its files and what it prints."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        places = {"port": port, "to": server.rpartition(":")[2], "folder": folder}
        (folder / "configuration").write_text(Template(self.configuration).safe_substitute(places) + "\n")
        command = [str(self._path()), *Template(self.arguments).substitute(places).split()]
        home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
        with running(command, folder / "gateway.txt", folder, home) as process:
            _wait(process, port, folder)
            yield f"http://127.0.0.1:{port}"


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            said = (folder / "gateway.txt").read_text(errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)


def _nginx(name: str, location: str, http: str = "") -> Gateway:
    return Gateway(
        name,
        "nginx",
        "-e $folder/error.log -c $folder/configuration",
        f"""
        daemon off; master_process off; pid $folder/pid;
        events {{}}
        http {{
          access_log off;
          client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
          uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
          {http}
          server {{ listen 127.0.0.1:$port; location / {{ {location} }} }}
        }}
        """,
    )


def _haproxy(name: str, frontend: str = "", server: str = "") -> Gateway:
    return Gateway(
        name,
        "haproxy",
        "-db -f $folder/configuration",
        f"""
        defaults
          mode http
          timeout connect 5s
          timeout client 30s
          timeout server 30s
        frontend all
          bind 127.0.0.1:$port
          {frontend}
          default_backend server
        backend server
          server only 127.0.0.1:$to {server}
        """,
    )


_PASS: Final = "proxy_pass http://127.0.0.1:$to;"
_COUNTED: Final = """stick-table type ip size 1k expire 1h store http_req_cnt,http_req_rate(1s)
          http-request track-sc0 src
          """
AS_SHIPPED: Final = (
    _nginx("nginx", _PASS),
    _haproxy("haproxy"),
    Gateway(
        "caddy",
        "caddy",
        "run --config $folder/configuration --adapter caddyfile",
        "{\n admin off\n}\nhttp://127.0.0.1:$port {\n reverse_proxy 127.0.0.1:$to\n}\n",
    ),
    Gateway("varnish", "varnishd", "-F -a 127.0.0.1:$port -b 127.0.0.1:$to -n $folder/varnish"),
    Gateway(
        "lighttpd",
        "lighttpd",
        "-D -f $folder/configuration",
        """
        server.port = $port
        server.bind = "127.0.0.1"
        server.document-root = "$folder"
        server.modules = ( "mod_proxy" )
        proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => $to ) ) )
        """,
    ),
)
LIMITS: Final = (
    _nginx("nginx-50-a-second-503", f"limit_req zone=one burst=20 nodelay; {_PASS}",
           "limit_req_zone $binary_remote_addr zone=one:1m rate=50r/s;"),
    _nginx("nginx-4-connections", f"limit_conn one 4; {_PASS}", "limit_conn_zone $binary_remote_addr zone=one:1m;"),
    _haproxy("haproxy-50-a-second-429",
             _COUNTED + "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }"),
    _haproxy("haproxy-4-under-way", server="maxconn 4"),
)  # fmt: skip
BAN: Final = _haproxy("haproxy-ban", _COUNTED + "http-request deny deny_status 403 if { sc_http_req_cnt(0) gt 300 }")
WALL: Final = _nginx(
    "nginx-wall", "default_type text/html; return 200 '<html><title>Sign in</title></html>';"
)  # fmt: skip
