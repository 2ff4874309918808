"""The table of a run: R1 to R11 with goal and figure, for each transport."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.harness.chaos.ledger import LATE_SECONDS, Figures

GOALS = {
    "R1": ("messages lost of those written, over kill -9", "0 of ≥ 500, ≥ 20"),
    "R2": ("confirmed before stored; confirming p99 at 20 messages/s", "0; ≤ 1 s"),
    "R3": ("redelivered; sent twice (Telegram: by how many it may)", "Slack 0"),
    "R4": ("out of order in a conversation", "0"),
    "R5": ("sent before `retry_after`, of 429s", "0"),
    "R6": ("others delayed by a poison message; desk told", "< 5 s; < 60 s"),
    "R7": ("lost while the database was locked, read-only and full for 30 s", "0"),
    "R8": ("found after an outage beyond all retries; within", "all; ≤ 120 s"),
    "R9": ("SIGTERM to the end; start to the first message", "≤ 10 s; ≤ 10 s"),
    "R10": ("events never confirmed, unknown kinds among them", "0"),
    "R11": ("told that a place refuses; tries at it", "≤ 60 s"),
}  # fmt: skip


@dataclass
class ChaosReport:
    """What each trial and scenario of a run found, by row and transport."""

    title: str
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add_figures(self, transport: str, found: Figures) -> None:
        """Add the rows that a trial measures."""
        allowed = f" (≤ {found.repeats_allowed})" if found.repeats_allowed else ""
        self.add("R1", transport, f"{len(found.lost)} of {found.written}, {found.kills} kills")
        self.add("R2", transport, f"{found.confirmed_unstored}; {found.ack_p99:.2f} s")
        self.add("R3", transport, f"{found.redelivered}; {found.repeats}{allowed}")
        self.add("R4", transport, str(len(found.reordered)))
        self.add("R5", transport, f"{found.early_sends} of {found.limits}")
        self.add("R9", transport, f"{found.end_longest:.1f} s; {found.start_longest:.1f} s")
        self.add("R10", transport, str(len(found.unacked)))
        self.notes.append(
            f"{transport}: late (nothing came in its lane for {LATE_SECONDS:.0f} s in which it could be sent) "
            f"{found.late}, longest {found.longest_stall:.1f} s; the longest wait with all that stood before it "
            f"{found.longest_wait:.1f} s; {found.terms} lives ended by SIGTERM; {describe_load()}."
        )

        self.notes += [f"{transport}: {fault}" for fault in found.list_faults()]

    def add(self, row: str, transport: str, figure: str) -> None:
        """Add one figure; several of one place stand after each other."""
        cells = self.cells.setdefault(row, {})
        cells[transport] = "; ".join(filter(None, (cells.get(transport), figure)))

    def render(self, transports: Sequence[str], seed: int) -> str:
        """The report as Markdown."""
        heads = ["", "counted", "goal", *transports]
        lines = [f"## {self.title}", "", f"{describe_machine()}, seed {seed}.", ""]
        lines += [_render_row(heads), _render_row(["---"] * len(heads))]
        for row, (what, goal) in GOALS.items():
            cells = self.cells.get(row, {})
            lines.append(_render_row([row, what, goal, *(cells.get(t, "–") for t in transports)]))
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes), ""])

    def write(self, path: Path, transports: Sequence[str], seed: int) -> str:
        """Write the report to a file; returns it."""
        text = self.render(transports, seed)
        path.write_text(text, encoding="utf-8")
        return text


def describe_machine() -> str:
    """The day, the processors and how busy they were."""
    return (f"{date.today().isoformat()}, {os.cpu_count()} cores ({platform.machine()}), Python "
            f"{platform.python_version()}, {describe_load()}")  # fmt: skip


def describe_load() -> str:
    """The load of the last 1, 5 and 15 minutes."""
    return "load " + ", ".join(f"{value:.1f}" for value in os.getloadavg())


def _render_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
