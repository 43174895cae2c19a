"""A picture of a page, by the machine's own Chromium, that knows which page it is of."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Final

WIDTH: Final = 1200
HEIGHT: Final = 880
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SWITCHES: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--blink-settings=preferredColorScheme=1"),
    f"--window-size={WIDTH},{HEIGHT}",
)
_PATIENCE: Final = 120.0
_KEY: Final = b"page-sha256"
_FOLDED: Final = '<details class="clause violated"'


def chromium() -> str | None:
    """The Chromium of this machine; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def take(page: Path, picture: Path) -> bool:
    """Write a PNG of the beginning of `page`, its first broken clause unfolded; False where there is no Chromium."""
    program = chromium()
    if program is None:
        return False
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="contract-picture-") as temporary:
        opened, made = Path(temporary) / "page.html", Path(temporary) / "page.png"
        opened.write_text(text.replace(_FOLDED, f"{_FOLDED} open", 1), encoding="utf-8")
        switches = [*_SWITCHES, f"--user-data-dir={temporary}/profile", f"--screenshot={made}"]
        subprocess.run([program, *switches, opened.as_uri()], capture_output=True, timeout=_PATIENCE, check=False)
        if not made.is_file():
            return False
        picture.write_bytes(_stamped(made.read_bytes(), digest(page)))
    return True


def digest(page: Path) -> str:
    """What a picture remembers of its page."""
    return hashlib.sha256(page.read_bytes()).hexdigest()


def _stamped(data: bytes, text: str) -> bytes:
    """A PNG with a text chunk behind its header (PNG, 11.3.3.2)."""
    content = b"tEXt" + _KEY + b"\0" + text.encode("ascii")
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    header = 8 + 25
    return data[:header] + chunk + data[header:]
