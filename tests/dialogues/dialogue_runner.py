"""Plays a dialogue file: it reads as it looks on both screens.

    > what the founder types            < what the founder must see
    staff> what staff type              staff< what staff must see

`…` stands for any text. Every message that is shown must stand in the file, in order: a reply too
many fails like one too few. Lines beginning with # are remarks. `unsure of QUESTION` has the library
offer its best sections for that question, whatever it would decide.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession, bind_terminal
from adapters.terminal import FOUNDER_CHANNEL, staff_channel
from knowledge.chain import Chain
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.types import Answer, Offer, Question

MISSION = "vn-hanoi"
UNSURE_MARK = "unsure of "


class UnsureChain(Chain):
    """Offers the three best sections for the questions it is `unsure` of."""

    def __init__(self, library: Library, unsure: frozenset[str]) -> None:
        super().__init__(library)
        self.unsure = unsure

    def ask(
        self,
        question: Question,
        on_sentence: Callable[[str], None] | None = None,
        edition: Edition | None = None,
    ) -> Answer:
        """What the chain answers, as offers where it is unsure."""
        answer = super().ask(question, on_sentence, edition)
        if question.text not in self.unsure:
            return answer
        best = [finding.passage for finding in answer.findings[:3]]
        offers = tuple(
            Offer(one.document.id, one.document.title, one.heading, one.heading[-1], 0.3)
            for one in best
        )
        return replace(
            answer, verdict="offered", text="", confidence=0.3, citations=(), offers=offers
        )


@dataclass
class Screens:
    """What each side has been shown and has not been accounted for yet."""

    founder: list[str] = field(default_factory=list)
    staff: list[str] = field(default_factory=list)


def run_dialogue(app: App, path: Path) -> None:
    """Type every line of a dialogue and compare what is shown. Raises AssertionError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    unsure = [one.removeprefix(UNSURE_MARK) for one in lines if one.startswith(UNSURE_MARK)]
    app.chain = UnsureChain(app.library, frozenset(unsure))
    screens = Screens()
    founder = TerminalSession(app, FOUNDER_CHANNEL, path.stem, screens.founder.append)
    channel = staff_channel(MISSION)
    staff = TerminalSession(app, channel, MISSION, screens.staff.append)
    bind_terminal(app, MISSION)
    asyncio.run(_settle(founder, staff))
    screens.staff.clear()
    for number, line in enumerate(lines, 1):
        where = f"{path.name}:{number}"
        side, mark, text = _parse_line(line)
        if not mark:
            continue
        shown = screens.staff if side == "staff" else screens.founder
        if mark == "<":
            _expect(shown, text, where)
            continue
        assert not screens.founder and not screens.staff, f"{where}: unexpected: {screens}"
        (staff if side == "staff" else founder).submit_line(text)
        asyncio.run(_settle(founder, staff))
    assert not screens.founder and not screens.staff, f"{path.name}: unexpected: {screens}"


def parse_clock(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


async def _settle(*seats: TerminalSession) -> None:
    for _ in range(2):
        for seat in seats:
            await seat.run_until_idle()


def _parse_line(line: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(staff)?([<>]) (.*)", line)
    return (match.group(1) or "", match.group(2), match.group(3)) if match else ("", "", "")


def _expect(shown: list[str], pattern: str, where: str) -> None:
    assert shown, f"{where}: nothing was shown; expected: {pattern}"
    got = " ".join(shown.pop(0).split())
    wanted = ".*".join(re.escape(part.strip()) for part in pattern.split("…"))
    assert re.fullmatch(wanted.replace("\\ ", " "), got), (
        f"{where}:\n  expected {pattern}\n  got      {got}"
    )
