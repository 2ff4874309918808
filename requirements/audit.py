"""Look up what is locked in a database of known weaknesses: `python requirements/audit.py --venv .venv/audit`.

pip-audit has an environment of its own, so that what it needs changes nothing of Naru's. It says "No known
vulnerabilities found" also where an index does not have the database, so what it left out is counted here.
Standard library only. Exit code 1 for a known weakness; 0 where there is none or nothing could be looked up.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PIP_AUDIT = "pip-audit>=2.10,<3"
PARTS = ("build", "runtime", "encoders", "dev")
TIMEOUT_SECONDS = 10  # of one look-up


@dataclass(frozen=True, slots=True)
class Report:
    """How many packages were looked up and how many were not, and each known weakness as a line."""

    looked_up: int
    left_out: int
    weaknesses: tuple[str, ...]

    def describe(self) -> str:
        """What to read, plainly: nothing found is not the same as nothing looked up."""
        total = self.looked_up + self.left_out
        if not self.looked_up:
            return (
                f"NOT AUDITED: the database of known weaknesses cannot be reached from here; none of {total} "
                "packages was looked up. Run `make audit` on a machine that reaches pypi.org."
            )
        lines = [f"{self.looked_up} of {total} packages were looked up."]
        if self.left_out:
            lines.append(f"NOT AUDITED: {self.left_out}, which the database does not have.")
        lines += self.weaknesses or ("No weakness of those that were looked up is known.",)
        return "\n".join(lines)


def read_report(outputs: list[str], locked: int) -> Report:
    """The report of pip-audit's outputs in JSON, one for each lock; "" for one that did not come.
    `locked` packages are in the locks."""
    looked_up, weaknesses = 0, list[str]()
    for output in outputs:
        for package in json.loads(output)["dependencies"] if output.strip() else []:
            if "skip_reason" in package:
                continue
            looked_up += 1
            for one in package["vulns"]:
                fixed = ", ".join(one["fix_versions"]) or "no version yet"
                weaknesses.append(
                    f"{package['name']} {package['version']}: {one['id']}, mended in {fixed}"
                )
    return Report(looked_up, locked - looked_up, tuple(weaknesses))


def count_locked(lock: Path) -> int:
    """How many packages a lock has."""
    return sum(
        "==" in line and not line.startswith(("#", " "))
        for line in lock.read_text("utf-8").splitlines()
    )


def audit_lock(python: Path, lock: Path) -> str:
    """pip-audit's output for one lock, in JSON; "" if it could not reach its database."""
    found = subprocess.run(  # noqa: S603
        [python, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off",
         "--timeout", str(TIMEOUT_SECONDS), "--format", "json", "--requirement", lock],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout if found.stdout.lstrip().startswith("{") else ""


def audit_locks(python: Path, locks: list[Path]) -> list[str]:
    """The outputs for `locks`, up to the first of which nothing was looked up: setuptools, which is the
    first, is in every database, so the others would be left out as well."""
    outputs = list[str]()
    for lock in locks:
        outputs.append(audit_lock(python, lock))
        if not read_report(outputs[-1:], 0).looked_up:
            break
    return outputs


def main() -> int:
    """Audit each lock; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, required=True, help="where pip-audit is installed")
    folder = parser.parse_args().venv
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", PIP_AUDIT]
    locks = [HERE / f"{part}.lock" for part in PARTS]
    locked = sum(map(count_locked, locks))
    if subprocess.run(install, check=False).returncode:  # noqa: S603
        report = Report(0, locked, ())
    else:
        report = read_report(audit_locks(python, locks), locked)
    print(report.describe())
    return 1 if report.weaknesses else 0


if __name__ == "__main__":
    raise SystemExit(main())
