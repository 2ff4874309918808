"""The year as a picture: how many targets of each week were met and how many slipped."""

from __future__ import annotations

from collections import Counter

from tests.simulate.checking.check import Findings

WIDTH, HEIGHT, MARGIN = 960, 320, 48
MET, SLIPPED = "#3b7a57", "#c8553d"


def draw_chart(found: Findings) -> str:
    """An SVG of stacked columns, a week each, that also says the numbers of the year."""
    weeks = range(max(found.by_week, default=0) + 1)
    most = max((sum(week.values()) for week in found.by_week.values()), default=1)
    step, room = (WIDTH - 2 * MARGIN) / max(len(weeks), 1), HEIGHT - 2 * MARGIN
    parts = []
    for week in weeks:
        base = float(HEIGHT - MARGIN)
        for kind, colour in (("met", MET), ("slipped", SLIPPED)):
            tall = room * found.by_week.get(week, Counter())[kind] / most
            base -= tall
            parts.append(
                f'<rect x="{MARGIN + week * step:.1f}" y="{base:.1f}" width="{step - 2:.1f}" '
                f'height="{tall:.1f}" fill="{colour}"/>'
            )
    title = (
        f"{found.cases} cases, {found.targets} targets: {found.met} met, {found.slipped} slipped and "
        f"escalated; {found.forgotten} forgotten"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13"><title>{title}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="{MARGIN}" y="24">{title}</text>{"".join(parts)}'
        f'<text x="{MARGIN}" y="{HEIGHT - 16}">week 1</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 16}" text-anchor="end">week {len(weeks)}</text>'
        f'<text x="{MARGIN - 6}" y="{MARGIN + 4}" text-anchor="end">{most}</text>'
        f'<rect x="{WIDTH - 250}" y="{HEIGHT - 28}" width="12" height="12" fill="{MET}"/>'
        f'<text x="{WIDTH - 234}" y="{HEIGHT - 17}">met</text>'
        f'<rect x="{WIDTH - 190}" y="{HEIGHT - 28}" width="12" height="12" fill="{SLIPPED}"/>'
        f'<text x="{WIDTH - 174}" y="{HEIGHT - 17}">slipped</text></svg>\n'
    )
