"""The quarter's digest for the domestic body: how many firms asked about what, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from bot.admin.desk.anonymity import MIN_FIRMS, OTHER, FirmTable, build_firm_table
from bot.admin.desk.quarters import Quarter
from bot.admin.desk.topics import FindTopic, asks_for_programme, is_library_gap, load_topics
from bot.missions.missions import Missions
from bot.types import SCORES, Case

HOME = "KR"
ELSEWHERE = "ZZ"  # no place, or a country without a mission

FindFirm = Callable[[Case], str | None]


@dataclass(frozen=True, slots=True)
class Digest:
    """The figures of a quarter. `gaps` are the topics whose questions no document answered, and
    `programmes` those of questions that asked for a programme which no document names, each of
    MIN_FIRMS firms or more: by label, without a count. `ratings` are the firms that gave each score,
    where no count is below MIN_FIRMS; OTHER stands for all but the best where only that is so."""

    quarter: str
    table: FirmTable
    gaps: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    ratings: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON has it: cells are a list of [row, column, firms]."""
        table = asdict(self.table)
        table["cells"] = [[*cell, count] for cell, count in self.table.cells.items()]
        return {**asdict(self), "table": table}


def load_digest(values: Mapping[str, Any]) -> Digest:
    """The digest that `to_json` made `values` of."""
    table = dict(values["table"])
    cells = {(row, column): count for row, column, count in table.pop("cells")}
    table |= {name: tuple(table[name]) for name in ("rows", "columns")}
    return Digest(
        values["quarter"], FirmTable(cells=cells, **table),
        tuple(values["gaps"]), tuple(values["programmes"]),
        tuple((score, count) for score, count in values.get("ratings", ())),
    )  # fmt: skip


def build_digest(
    quarter: Quarter,
    cases: Iterable[Case],
    missions: Missions,
    find_topic: FindTopic,
    find_firm: FindFirm,
    scores: Mapping[int, str] = MappingProxyType({}),
) -> Digest:
    """The digest of the cases that were opened in a quarter. Sealed ones are left out, and those
    whose founder was erased: `find_firm` gives None for them, else what stands for the firm. `scores`
    are those that founders gave, by the number of the case."""
    countries = list_countries(missions)
    entries, gaps, programmes = [], [], []
    rated: dict[str, set[str]] = {score: set() for score in SCORES}
    for case in cases:
        firm = None if case.sealed or not quarter.has(case.opened_at) else find_firm(case)
        if firm is None:
            continue
        if case.number in scores:
            rated[scores[case.number]].add(firm)
        topic = find_topic(case)
        entries.append((topic, _find_country(case, missions, countries), firm))
        if is_library_gap(case):
            gaps.append((topic, firm))
            if asks_for_programme(case):
                programmes.append((topic, firm))
    table = build_firm_table(entries, tuple(load_topics().labels), countries)
    return Digest(
        quarter.name, table, _list_topics(gaps, table), _list_topics(programmes, table),
        _count_ratings(rated),
    )  # fmt: skip


def list_countries(missions: Missions) -> tuple[str, ...]:
    """The countries of the table: those with a mission, Korea and ELSEWHERE."""
    return (*dict.fromkeys(one.country for one in missions), HOME, ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Trend:
    """The firms of one topic in this quarter and in the one before; None where not printed."""

    topic: str
    now: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        """How many more there are; None where either is not printed."""
        return None if self.now is None or self.before is None else self.now - self.before


def compare(digest: Digest, before: Digest | None) -> tuple[Trend, ...]:
    """The topics printed in both digests or one, as two printed tables show them and nothing else.
    OTHER is not compared: it stands for other topics each quarter."""
    new = digest.table.row_totals
    old = before.table.row_totals if before else {}
    names = load_topics().labels
    return tuple(
        Trend(name, new.get(name), old.get(name)) for name in names if name in new or name in old
    )


def _count_ratings(rated: Mapping[str, set[str]]) -> tuple[tuple[str, int], ...]:
    """The distinct firms by score; with too few of them the scores but the best together, or nothing:
    no total is told from which a count could be subtracted."""
    best, *others = SCORES
    merged = {best: rated[best], OTHER: set().union(*(rated[one] for one in others))}
    for counted in (rated, merged):
        if all(len(firms) >= MIN_FIRMS for firms in counted.values()):
            return tuple((score, len(firms)) for score, firms in counted.items())
    return ()


def _find_country(case: Case, missions: Missions, countries: Sequence[str]) -> str:
    """Where a case is: its place, else where the competent mission is; that is Korea for none."""
    country = case.place.country if case.place else missions.get(case.competent).country
    return country if country in countries else ELSEWHERE


def _list_topics(pairs: Iterable[tuple[str, str]], table: FirmTable) -> tuple[str, ...]:
    """The topics of MIN_FIRMS distinct firms or more, of those that the table prints: a label of
    another would tell of its total."""
    firms: dict[str, set[str]] = {}
    for topic, firm in pairs:
        firms.setdefault(topic, set()).add(firm)
    return tuple(row for row in table.rows if len(firms.get(row, ())) >= MIN_FIRMS)
