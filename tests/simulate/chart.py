"""The year as a picture: how many targets of each week were met and how many slipped."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from tests.simulate.checking.findings import Findings

WIDTH, HEIGHT, MARGIN, TOP = 960, 360, 48, 84
MET, SLIPPED, GREY = "#3b7a57", "#c8553d", "#666"


def draw_chart(found: Findings, start: date) -> str:
    """An SVG of stacked columns, a week each from `start` on, that also says the numbers of the year."""
    weeks = range(max(found.by_week, default=0) + 1)
    most = max((sum(week.values()) for week in found.by_week.values()), default=1)
    step, room = (WIDTH - 2 * MARGIN) / max(len(weeks), 1), HEIGHT - MARGIN - TOP
    parts = []
    for week in weeks:
        base, left = float(HEIGHT - MARGIN), MARGIN + week * step
        for kind, colour in (("met", MET), ("slipped", SLIPPED)):
            tall = room * found.by_week.get(week, Counter())[kind] / most
            base -= tall
            parts.append(
                f'<rect x="{left:.1f}" y="{base:.1f}" width="{step - 2:.1f}" '
                f'height="{tall:.1f}" fill="{colour}"/>'
            )
        day = start + timedelta(weeks=week)
        if week == 0 or day.day <= 7:
            parts.append(_write(left, HEIGHT - 28, f"{day:%m-%d}", size=11))
    title = (
        f"{found.cases:,} cases and {found.requests:,} requests to the desk in {len(weeks)} weeks"
    )
    told = (
        f"{found.targets:,} targets by the week in which their clock began: {found.met:,} met, "
        f"{found.slipped:,} slipped and escalated; {found.forgotten} forgotten"
    )
    marks = [
        _write(MARGIN, 24, title, size=16),
        _write(MARGIN, 46, told),
        f'<rect x="{MARGIN}" y="58" width="12" height="12" fill="{MET}"/>',
        _write(MARGIN + 18, 69, "met"),
        f'<rect x="{MARGIN + 70}" y="58" width="12" height="12" fill="{SLIPPED}"/>',
        _write(MARGIN + 88, 69, "slipped: each step of the ladder on its minute, the founder told"),
        _write(MARGIN - 6, TOP + 5, str(most), anchor="end", size=11),
        _write(MARGIN - 6, HEIGHT - MARGIN, "0", anchor="end", size=11),
        _write(MARGIN, HEIGHT - 10, "week of …", size=11),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif"><title>{title}: {told}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f"{''.join(marks)}{''.join(parts)}</svg>\n"
    )


def _write(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13) -> str:
    colour = GREY if size == 11 else "#222"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{text}</text>'
    )
