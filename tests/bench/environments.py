"""A virtual environment for each system, made when it is first needed and kept below a cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements")
OWN = "naru"  # runs in the environment that runs the bench
COMPLETE = ".complete"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def find_python(system: str) -> Path | None:
    """The interpreter of a system's environment; None where that is not there, or not for these
    versions."""
    if system == OWN:
        return Path(sys.executable)
    folder = _find_folder(system)
    return folder / "bin/python" if (folder / COMPLETE).exists() else None


def ensure_python(system: str) -> Path:
    """The interpreter of a system's environment, which is made if need be: a minute, and the package
    index. Raises CalledProcessError where pip fails."""
    if python := find_python(system):
        return python
    folder = _find_folder(system)
    shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write(f"Installing {system} below {folder.parent} …\n")
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    subprocess.run([python, *PIP, "-r", _find_requirements(system)], check=True)
    (folder / COMPLETE).touch()
    return python


def _find_folder(system: str) -> Path:
    """Named after the versions, so that other ones get another environment."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "naru-bench"
    digest = hashlib.sha256(_find_requirements(system).read_bytes()).hexdigest()[:12]
    return cache / f"{system}-{digest}"


def _find_requirements(system: str) -> Path:
    return REQUIREMENTS / f"{system}.txt"
