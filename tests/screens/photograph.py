"""HTML to small PNG files, with the system's chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SCALE = 1.5
LONGEST_PIXELS = 4000
COLORS = (48, 24, 16)  # fewer, where a picture gets too large
MAX_BYTES = 150_000


class NoBrowser(Exception):
    """No chromium; the message says how to get one."""


def find_browser() -> str:
    """The browser's path. Raises NoBrowser."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise NoBrowser(
        "The pictures are drawn by chromium, and there is none on this machine. On Debian or Ubuntu: "
        "apt-get install -y chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
    )


def photograph(page: str, width: int, target: Path, browser: str) -> int:
    """Write the page as a PNG of at most MAX_BYTES, cut to what is drawn; returns its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        source, raw = Path(folder, "page.html"), Path(folder, "page.png")
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={folder}/profile", f"--force-device-scale-factor={SCALE}",
                f"--window-size={width},{LONGEST_PIXELS}", f"--screenshot={raw}", source.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return shrink(raw, target)


def shrink(
    raw: Path, target: Path, palettes: Sequence[int] = COLORS, max_bytes: int = MAX_BYTES
) -> int:
    """Write a picture of at most LONGEST_PIXELS and `max_bytes`, without the empty paper below, and
    with the most colours of `palettes` that fit; returns its bytes. Raises ValueError if none does."""
    with Image.open(raw) as opened:
        picture = opened.convert("RGB")
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    bottom = min(LONGEST_PIXELS, box[3] if box else picture.height)
    picture = picture.crop((0, 0, picture.width, bottom))
    target.parent.mkdir(parents=True, exist_ok=True)
    for colors in palettes:
        few = picture.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(target, optimize=True)
        if (size := target.stat().st_size) <= max_bytes:
            return size
    raise ValueError(f"{target.name} has {size} bytes, more than {max_bytes}")
