"""sources.yaml: which sources there are, who owns each, and how often it is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from ingest.errors import BadSources, NotFetched
from ingest.types import SourceConfig, SourceKind
from ingest.web.addresses import normalise_address
from knowledge.types import LANGUAGES, Language

PLACE_KEY_BY_KIND: dict[SourceKind, str] = {
    "folder": "path",
    "url": "url",
    "rss": "url",
}  # and its place's key
SOURCE_KEYS = ("name", "owner", "language", "kind", "path", "url", "max_age", "every")
DURATION_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
REFRESH_MIN_INTERVAL = timedelta(minutes=15)  # between two reads: more often is no courtesy

_SOURCE_NAME = re.compile(r"[\w-]{1,60}")  # it names a folder
_DURATION = re.compile(r"(\d{1,5})\s*([mhdw])")


def read_sources(path: Path) -> list[SourceConfig]:
    """The sources that `path` lists; none where there is no such file.

    Raises BadSources with a sentence that names the entry and what to write.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or []
    except FileNotFoundError:
        return []
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise BadSources(f"{path} cannot be read: {problem}. Write it as YAML in UTF-8.") from error
    if not isinstance(entries, list):
        raise BadSources(f"{path} is not a list. Begin each source with `- name: …`.")
    listed = [_parse_source(entry, number, path) for number, entry in enumerate(entries, 1)]
    _refuse_duplicates(path, "name", [one.name.casefold() for one in listed])
    _refuse_duplicates(path, "place", [one.place for one in listed])
    return listed


def parse_duration(text: object) -> timedelta | None:
    """How long "24h", "180d", "30m" or "2w" is; None for anything else, and for nothing."""
    match = _DURATION.fullmatch(str(text).strip())
    if match is None or int(match.group(1)) == 0:
        return None
    return timedelta(**{DURATION_UNITS[match.group(2)]: int(match.group(1))})


def _parse_source(entry: Any, number: int, path: Path) -> SourceConfig:
    where = f"{path.name}, source {number}"
    if not isinstance(entry, dict):
        raise BadSources(
            f"{where} is not `key: value` lines. Known keys: {', '.join(SOURCE_KEYS)}."
        )
    name = unicodedata.normalize("NFC", _parse_text(entry, "name", where))
    where = f"{where} ({name})"
    if unknown := sorted(set(map(str, entry)) - set(SOURCE_KEYS)):
        raise BadSources(
            f"{where} has unknown keys: {', '.join(unknown)}. Known: {', '.join(SOURCE_KEYS)}."
        )
    if not _SOURCE_NAME.fullmatch(name):
        raise BadSources(f"{where}: a name has letters, digits, - and _ only, 60 at most.")
    every, max_age = (
        _parse_interval(entry, "every", "24h", where),
        _parse_interval(entry, "max_age", "180d", where),
    )
    if every < REFRESH_MIN_INTERVAL or max_age < every:
        raise BadSources(f"{where}: `every` is at least 15m, and `max_age` no shorter than it.")
    kind = _parse_kind(entry, where)
    return SourceConfig(name, _parse_text(entry, "owner", where), kind, _parse_place(entry, kind, where, path), every,
                  max_age, _parse_language(entry, where))  # fmt: skip


def _parse_text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadSources(f"{where} has no {key}. Write `{key}: …` in words.")
    return value.strip()


def _parse_interval(entry: Mapping[str, Any], key: str, default: str, where: str) -> timedelta:
    found = parse_duration(entry.get(key, default))
    if found is None:
        raise BadSources(
            f"{where}: {key} {entry[key]!r} is no duration. Write 30m, 24h, 180d or 2w."
        )
    return found


def _parse_kind(entry: Mapping[str, Any], where: str) -> SourceKind:
    for kind in PLACE_KEY_BY_KIND:
        if entry.get("kind") == kind:
            return kind
    raise BadSources(
        f"{where}: kind is {entry.get('kind')!r}. Use one of {', '.join(PLACE_KEY_BY_KIND)}."
    )


def _parse_place(entry: Mapping[str, Any], kind: SourceKind, where: str, path: Path) -> str:
    """The folder, relative to the file that names it, or the address."""
    key = PLACE_KEY_BY_KIND[kind]
    if wrong := {"path", "url"} & set(entry) - {key}:
        raise BadSources(f"{where}: kind {kind} has a {key}, and no {wrong.pop()}.")
    place = _parse_text(entry, key, where)
    if kind == "folder":
        return str((path.parent / Path(place).expanduser()).resolve())
    try:
        return normalise_address(place)
    except NotFetched as error:
        raise BadSources(f"{where}: {error}") from error


def _parse_language(entry: Mapping[str, Any], where: str) -> Language | None:
    if "language" not in entry:
        return None
    for language in LANGUAGES:
        if entry["language"] == language:
            return language
    raise BadSources(
        f"{where}: language is {entry['language']!r}. Use one of {', '.join(LANGUAGES)}."
    )


def _refuse_duplicates(path: Path, what: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise BadSources(f"{path.name} has two sources with the {what} {value}. Keep one.")
