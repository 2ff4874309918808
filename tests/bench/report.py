"""The bench as a page: a Markdown table for each profile, and a chart of the ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tests.bench.figures import FLOOR, ROWS, Figure, FigureRow, compute_figures
from tests.bench.rounds import Results

TITLES = {
    "floor": "floor", "langchain": "LangChain + Chroma + `index()`",
    "llamaindex": "LlamaIndex + Chroma", "haystack": "Haystack + Chroma", "naru": "Naru",
}  # fmt: skip
ENCODERS = {
    "null": "without the encoder", "real": "with the encoder",
    "mixed": "questions with the encoder, passages without",
}  # fmt: skip
CHARTED = ("full ingest, CPU", "unchanged re-ingest, CPU",
           "unchanged, in a running process, CPU", "1 % changed, CPU", "query, CPU",
           "query alone, p50", "query, 8 clients, p95", "start to first answer, CPU",
           "memory after the queries", "disk")  # fmt: skip
COLOURS = {
    "langchain": "#3b7a57",
    "llamaindex": "#8a6fb0",
    "haystack": "#c9a227",
    "naru": "#c8553d",
}
WIDTH, LABEL, BAR, GAP, TOP = 960, 230, 9, 12, 90


def render_table(results: Results) -> str:
    """A Markdown table: the floor's figures, and the other systems' as ratios to them."""
    figures = compute_figures(results)
    names = sorted(results.rounds[0], key=[*TITLES].index)
    lines = [
        f"| {describe(results)} | {' | '.join(TITLES[name] for name in names)} |",
        f"|---{'|---' * len(names)}|",
    ]
    for row in ROWS:
        if found := figures.get(row.title):
            cells = [_render_cell(row, name, found.get(name)) for name in names]
            lines.append(f"| {row.title} | {' | '.join(cells)} |")
    notes = [f"{TITLES[name]}: {why}.\n" for name, why in results.given_up.items()]
    return "\n".join([*lines, "", *notes])


def describe(results: Results) -> str:
    """What a table or a chart is about, in a few words."""
    profile = results.profile
    rounds = f"{len(results.rounds)} round{'s' * (len(results.rounds) > 1)}"
    return f"{profile.passages:,} passages, {ENCODERS[profile.encoder]}, {rounds}"


def render_chart(results: Results) -> str:
    """An SVG of bars on a logarithmic scale: how many times the floor's each system's figure is."""
    figures = compute_figures(results)
    rows = [title for title in CHARTED if title in figures]
    names = [name for name in COLOURS if name in results.rounds[0]]
    ratios = [
        figures[title][name].ratio for title in rows for name in names if name in figures[title]
    ]
    low = math.floor(math.log10(min(1.0, *ratios)))
    high = math.ceil(math.log10(max(10.0, *ratios)))
    step = (WIDTH - LABEL - 70) / (high - low)
    tall = len(names) * BAR + GAP
    height = TOP + tall * len(rows) + 30
    parts = [_write(16, 28, f"Times the floor: {describe(results)}", size=16)]
    for at, name in enumerate(names):
        left = 16 + at * 230
        parts.append(f'<rect x="{left}" y="46" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(_write(left + 18, 57, TITLES[name].replace("`", "")))
    for power in range(low, high + 1):
        x = LABEL + (power - low) * step
        colour = "#222" if power == 0 else "#ddd"
        parts.append(f'<path d="M{x:.1f} {TOP - 8}V{height - 26}" stroke="{colour}"/>')
        parts.append(_write(x, height - 10, f"{10.0**power:g} ×", anchor="middle", size=11))
    parts += _draw_bars(rows, names, figures, (low, step))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif"><title>Times the floor: {describe(results)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _draw_bars(
    rows: Sequence[str],
    names: Sequence[str],
    figures: Mapping[str, Mapping[str, Figure]],
    scale: tuple[int, float],
) -> list[str]:
    """The bars of each row from the line of the floor to the ratio, with the ratio behind them;
    `scale` is the power of ten on the left and the width of one."""
    low, step = scale
    floor, tall, parts = LABEL - low * step, len(names) * BAR + GAP, []
    for at, title in enumerate(rows):
        top = TOP + at * tall
        parts.append(_write(LABEL - 10, top + tall / 2, title, anchor="end", size=12))
        for place, name in enumerate(names):
            if found := figures[title].get(name):
                end = floor + math.log10(max(found.ratio, 10.0**low)) * step
                left, y = min(floor, end), top + place * BAR
                parts.append(
                    f'<rect x="{left:.1f}" y="{y:.1f}" width="{abs(end - floor):.1f}" '
                    f'height="{BAR - 1}" fill="{COLOURS[name]}"/>'
                )
                parts.append(_write(max(floor, end) + 4, y + 8, _round(found.ratio), size=9))
    return parts


def _render_cell(row: FigureRow, name: str, found: Figure | None) -> str:
    if found is None:
        return "–"
    if row.is_share:
        return f"{found.value:.3f}"
    if name == FLOOR:
        return f"{_round(found.value)} {row.unit}"
    return f"{_round(found.ratio)} ×"


def _round(value: float) -> str:
    """Two digits, or all of those before the point."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _write(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="#222" '
        f'text-anchor="{anchor}">{text}</text>'
    )
