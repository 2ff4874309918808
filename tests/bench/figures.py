"""The figures of the bench: which rows there are, and each system's as a ratio to the floor's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from tests.bench.rounds import Measured, Results, Round

FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row: what it is, its unit, and how it is read from what a system's phases measured. Shares
    are shown as they are, not as ratios."""

    title: str
    unit: str
    read: Callable[[dict[str, Measured]], float]
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A system's median over the rounds, and the median of its ratios to the floor in each round."""

    value: float
    ratio: float


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _reader(phase: str, key: str) -> Callable[[dict[str, Measured]], float]:
    return lambda phases: float(phases[phase][key])


def _quantile(key: str, percent: int) -> Callable[[dict[str, Measured]], float]:
    return lambda phases: _percentile(phases["query"][key], percent)


ROWS = (
    FigureRow("full ingest, CPU", "s", _reader("full", "cpu")),
    FigureRow("full ingest, wall", "s", _reader("full", "wall")),
    FigureRow("unchanged re-ingest, CPU", "s", _reader("unchanged", "cpu")),
    FigureRow("unchanged re-ingest, wall", "s", _reader("unchanged", "wall")),
    FigureRow("unchanged, in a running process, CPU", "s", _reader("unchanged", "again_cpu")),
    FigureRow("unchanged, in a running process, wall", "s", _reader("unchanged", "again_wall")),
    FigureRow("1 % changed, CPU", "s", _reader("changed", "cpu")),
    FigureRow("1 % changed, wall", "s", _reader("changed", "wall")),
    FigureRow("query, CPU", "ms", _reader("query", "cpu")),
    *(FigureRow(f"query alone, p{p}", "ms", _quantile("alone", p)) for p in (50, 95, 99)),
    *(FigureRow(f"query, 8 clients, p{p}", "ms", _quantile("together", p)) for p in (50, 95, 99)),
    FigureRow("query, 8 clients, CPU", "ms", _reader("query", "together_cpu")),
    FigureRow("start to first answer, CPU", "s", _reader("first", "cpu")),
    FigureRow("start to first answer, wall", "s", _reader("first", "wall")),
    FigureRow("memory after the queries", "MiB", _reader("query", "rss")),
    FigureRow("disk", "MB", _reader("full", "disk")),
    FigureRow("recall@10 against exact", "", _reader("query", "recall"), is_share=True),
    FigureRow("the right passage among ten", "", _reader("query", "hits"), is_share=True),
)


def compute_figures(results: Results) -> dict[str, dict[str, Figure]]:
    """The figures of every row that was measured in any round, by its title and then by system."""
    for measured in results.rounds:
        _fill_recall(measured)
    found: dict[str, dict[str, Figure]] = {}
    for row in ROWS:
        for name in results.rounds[0]:
            pairs = [
                (value, value / (base or 1e-9))
                for measured in results.rounds
                if (value := _try_read(row, measured.get(name))) is not None
                and (base := _try_read(row, measured[FLOOR])) is not None
            ]
            if pairs:
                values, ratios = zip(*pairs, strict=True)
                found.setdefault(row.title, {})[name] = Figure(median(values), median(ratios))
    return found


def _try_read(row: FigureRow, phases: dict[str, Measured] | None) -> float | None:
    try:
        return row.read(phases or {})
    except KeyError:
        return None


def _fill_recall(measured: Round) -> None:
    """Give each system the share of the floor's ten that it found too, unless it knows its own: the
    floor compares a question with all passages."""
    exact = measured[FLOOR].get("query", {}).get("found", [])
    for phases in measured.values():
        if (query := phases.get("query")) and query["recall"] is None:
            both = zip(query["found"], exact, strict=True)
            query["recall"] = fmean(len({*one} & {*other}) / len(other) for one, other in both)
