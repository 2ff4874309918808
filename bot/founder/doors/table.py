"""The table of doors: table.yaml as records, and the row that a situation leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from bot.phrases import render_phrase
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import LANGUAGES, Language

DOORS_FILE = Path(__file__).with_name("table.yaml")

Agency = Literal["mss", "motir", "ftc", "moip", "police", "nis", ""]  # the six of the response team
Texts = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Door:
    """A place to go to. Its contact is as printed on `as_of`, "" where no source prints one;
    `from_abroad` is a phone or mail that works from there. `contact` is an id of CONTACTS.yaml."""

    id: str
    agency: Agency
    contact: str
    phone: str
    from_abroad: str
    site: str
    as_of: str
    source: str
    source_date: str
    name: Texts
    does: Texts


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced on `date` and is in force by no source."""

    date: str
    source: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Row:
    """Where a situation leads. `by` is who, () for anybody; `order` and `now` are door ids by where
    ("korea", "abroad", …); `deadlines` are by country, "" for any."""

    id: str
    what: str
    by: tuple[str, ...]
    order: Mapping[str, tuple[str, ...]]
    now: Mapping[str, str]
    evidence: tuple[str, ...]
    announced: tuple[str, ...]
    deadlines: Mapping[str, Texts]
    deadline_source: tuple[str, str] | None
    source: str
    source_date: str
    title: Texts
    asks_who: bool = False

    def list_doors(self, where: str, *, is_now: bool) -> tuple[str, ...]:
        """The ids of the doors in their order, at `where`; the urgent one first while it happens."""
        if where == "centre" and where not in self.order:
            where = "abroad"
        if where in self.order:
            doors = self.order[where]
        else:  # the place is not known
            doors = tuple(dict.fromkeys((*self.order["korea"], "mission")))
        first = self.now.get("korea" if where == "korea" else "abroad") if is_now else None
        return tuple(dict.fromkeys((first, *doors))) if first else doors

    def find_deadline(self, country: str) -> Texts | None:
        """What a source says of the deadline in a country; None where none does."""
        return self.deadlines.get(country) or self.deadlines.get("")


@dataclass(frozen=True, slots=True)
class DoorTable:
    """All of table.yaml; `evidence` by key."""

    doors: Mapping[str, Door]
    rows: tuple[Row, ...]
    evidence: Mapping[str, Texts]
    announced: Mapping[str, Announced]
    centres: frozenset[str]

    def has_centre(self, country: str) -> bool:
        """Whether an overseas IP centre is in a country, or in Europe for it."""
        return country in self.centres

    def find_row(self, what: str, who: str) -> Row:
        """The first row for what happened and by whom. Raises LookupError if there is none."""
        for row in self.rows:
            if row.what == what and (not row.by or who in row.by):
                return row
        raise LookupError(f"no door for {what} by {who}")


@cache
def list_who_labels() -> Mapping[str, tuple[str, ...]]:
    """The sentence that a button "who took it" leaves in the matter, by who, in each language."""
    return {
        who: tuple(render_who_answer(who, language) for language in LANGUAGES)
        for who in ("staff", "customer", "partner", "other", "unknown")
    }


def render_who_answer(who: str, language: Language) -> str:
    """What is kept of a pressed button "who took it"."""
    label = render_phrase(f"doors.who_{who}", language)
    return render_phrase("doors.who_answered", language, who=label)


@cache
def load_doors() -> DoorTable:
    """The table. Raises KeyError for a row that names an unknown door or key."""
    data: dict[str, Any] = parse_yaml(DOORS_FILE.read_text(encoding="utf-8"))
    doors = {id: _load_door(id, entry) for id, entry in data["doors"].items()}
    announced = {
        key: Announced(str(entry["date"]), entry["source"], _pick_texts(entry))
        for key, entry in data["announced"].items()
    }
    rows = tuple(_load_row(entry) for entry in data["rows"])
    for row in rows:
        named = {door for order in row.order.values() for door in order} | set(row.now.values())
        for table, keys in ((doors, named), (data["evidence"], row.evidence),
                            (announced, row.announced)):  # fmt: skip
            if unknown := set(keys) - set(table):
                raise KeyError(f"{DOORS_FILE.name}: {row.id}: {unknown}")
    return DoorTable(
        doors, rows, data["evidence"], announced, frozenset((*data["centres"], *data["europe"]))
    )


def _load_door(id: str, entry: dict[str, Any]) -> Door:
    assert entry["agency"] in get_args(Agency), f"{DOORS_FILE.name}: {id}"
    plain = {
        key: str(entry[key])
        for key in ("contact", "phone", "from_abroad", "site", "as_of", "source", "source_date")
    }
    return Door(id, entry["agency"], **plain, name=entry["name"], does=entry["does"])


def _load_row(entry: dict[str, Any]) -> Row:
    source = entry.get("deadline_source")
    return Row(
        entry["id"],
        entry["what"],
        tuple(entry.get("by", ())),
        {where: tuple(order) for where, order in entry["order"].items()},
        entry.get("now", {}),
        tuple(entry["evidence"]),
        tuple(entry["announced"]),
        entry.get("deadline", {}),
        (source, str(entry["deadline_date"])) if source else None,
        entry["source"],
        str(entry["source_date"]),
        entry["title"],
        entry.get("asks_who", False),
    )


def _pick_texts(entry: dict[str, Any]) -> Texts:
    return {language: entry[language] for language in LANGUAGES}
