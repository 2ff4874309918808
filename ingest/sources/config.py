"""sources.yaml: which sources there are, who owns each and how often it is read."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ingest.errors import BadSources, NotFetched
from ingest.types import SourceConfig, SourceKind
from ingest.web.addresses import normalise_address
from knowledge.types import LANGUAGES, Language

PLACE_KEY_BY_KIND: dict[SourceKind, str] = {"folder": "path", "url": "url", "rss": "url"}
SOURCE_KEYS = (
    "name", "owner", "language", "kind", "path", "url", "max_age", "every", "issuer", "id_prefix",
    "hosts",
)  # fmt: skip
FETCHED_KEYS = ("issuer", "id_prefix", "hosts")  # the files of a folder say these themselves
DURATION_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
REFRESH_MIN_INTERVAL = timedelta(minutes=15)  # between two reads: more would burden the site
DEFAULT_REFRESH_INTERVAL = timedelta(hours=24)
DEFAULT_MAX_AGE = timedelta(days=180)

_SOURCE_NAME = re.compile(r"[\w-]{1,60}")  # also the name of a folder
_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DURATION = re.compile(r"(\d{1,5})\s*([mhdw])")


def read_sources(path: Path) -> list[SourceConfig]:
    """The sources that `path` lists, in its order; an empty list if there is no such file.

    Raises BadSources with a sentence that names the first wrong entry and what to write.
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
    prefixes = [(one.id_prefix or one.name).casefold() for one in listed if one.kind != "folder"]
    _refuse_duplicates(path, "id_prefix", prefixes)
    return listed


def parse_duration(text: object) -> timedelta | None:
    """How long "24h", "180d", "30m" or "2w" is; None for anything else and for a length of 0."""
    match = _DURATION.fullmatch(str(text).strip())
    if match is None or int(match.group(1)) == 0:
        return None
    return timedelta(**{DURATION_UNITS[match.group(2)]: int(match.group(1))})


def _parse_source(entry: Any, number: int, path: Path) -> SourceConfig:
    """The source that an entry describes. Raises BadSources with the first thing that is wrong."""
    where = f"{path.name}, source {number}"
    if not isinstance(entry, dict):
        raise BadSources(
            f"{where} is not `key: value` lines. Known keys: {', '.join(SOURCE_KEYS)}."
        )
    try:
        source = _SourceEntry.model_validate(
            dict.fromkeys(("name", "kind", "owner")) | {str(key): entry[key] for key in entry}
        )
    except ValidationError as error:
        name = _clean_name(entry.get("name"))
        raise BadSources(
            f"{where}{f' ({name})' if name else ''}{_describe_problem(error)}"
        ) from error
    return source.to_config(path.parent)


def _describe_problem(error: ValidationError) -> str:
    """The end of the sentence that names the source: unknown keys first, then the first problem."""
    problems = error.errors(include_url=False)
    unknown = sorted(str(one["loc"][0]) for one in problems if one["type"] == "extra_forbidden")
    if unknown and problems[0]["loc"] != ("name",):
        return f" has unknown keys: {', '.join(unknown)}. Known: {', '.join(SOURCE_KEYS)}."
    return problems[0]["msg"]


def _clean_name(value: object) -> str:
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else ""


def _make_problem(sentence: str) -> PydanticCustomError:
    """A problem of an entry; `sentence` goes on where the name of the source ends."""
    return PydanticCustomError("source", "{sentence}", {"sentence": sentence})


def _require_text(value: object, info: ValidationInfo) -> str:
    return _check_text(value, str(info.field_name))


def _check_text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _make_problem(f" has no {key}. Write `{key}: …` in words.")
    return value.strip()


def _check_name(value: object) -> str:
    name = _clean_name(_check_text(value, "name"))
    if not _SOURCE_NAME.fullmatch(name):
        raise _make_problem(": a name has letters, digits, - and _ only, 60 at most.")
    return name


def _check_duration(value: object, info: ValidationInfo) -> timedelta:
    duration = value if isinstance(value, timedelta) else parse_duration(value)
    if duration is None:
        key = info.field_name
        raise _make_problem(f": {key} {value!r} is no duration. Write 30m, 24h, 180d or 2w.")
    every = info.data.get("every", duration)
    if "every" in info.data and (every < REFRESH_MIN_INTERVAL or duration < every):
        raise _make_problem(": `every` is at least 15m, and `max_age` no shorter than it.")
    return duration


def _check_choice(value: object, info: ValidationInfo) -> str:
    known = LANGUAGES if info.field_name == "language" else tuple(PLACE_KEY_BY_KIND)
    for choice in known:
        if value == choice:
            return choice
    raise _make_problem(f": {info.field_name} is {value!r}. Use one of {', '.join(known)}.")


def _check_id_prefix(value: object) -> str:
    prefix = _clean_name(_check_text(value, "id_prefix"))
    if not _SOURCE_NAME.fullmatch(prefix):
        raise _make_problem(": an id_prefix has letters, digits, - and _ only, 60 at most.")
    return prefix


def _check_hosts(value: object) -> tuple[str, ...]:
    hosts = value if isinstance(value, list | tuple) else [value]
    for host in hosts:
        if not isinstance(host, str) or not _HOST_NAME.fullmatch(host):
            raise _make_problem(f": hosts has {host!r}. Write host names: [www.example.org].")
    return tuple(str(host).lower() for host in hosts)


class _SourceEntry(BaseModel):
    """An entry of sources.yaml; the first of several problems is that of the first field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, BeforeValidator(_check_name)]
    every: Annotated[timedelta, BeforeValidator(_check_duration)] = DEFAULT_REFRESH_INTERVAL
    max_age: Annotated[timedelta, BeforeValidator(_check_duration)] = Field(
        default=DEFAULT_MAX_AGE, validate_default=True
    )
    kind: Annotated[SourceKind, BeforeValidator(_check_choice)]
    owner: Annotated[str, BeforeValidator(_require_text)]
    language: Annotated[Language | None, BeforeValidator(_check_choice)] = None
    issuer: Annotated[str, BeforeValidator(_require_text)] = ""
    id_prefix: Annotated[str, BeforeValidator(_check_id_prefix)] = ""
    hosts: Annotated[tuple[str, ...], BeforeValidator(_check_hosts)] = ()
    path: Any = None
    url: Any = None

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        """A kind has its own key for its place, and not the other one."""
        key = PLACE_KEY_BY_KIND[self.kind]
        if wrong := {"path", "url"} & self.model_fields_set - {key}:
            raise _make_problem(f": kind {self.kind} has a {key}, and no {wrong.pop()}.")
        if self.kind == "folder" and (extra := set(FETCHED_KEYS) & self.model_fields_set):
            raise _make_problem(
                f": {min(extra)} is for fetched pages; a folder's files declare it themselves."
            )
        place = _check_text(getattr(self, key), key)
        if self.kind != "folder":
            try:
                normalise_address(place)
            except NotFetched as error:
                raise _make_problem(f": {error}") from error
        return self

    def to_config(self, folder: Path) -> SourceConfig:
        """The source, its place absolute; paths are relative to `folder`."""
        place = str(getattr(self, PLACE_KEY_BY_KIND[self.kind])).strip()
        if self.kind == "folder":
            place = str((folder / Path(place).expanduser()).resolve())
        else:
            place = normalise_address(place)
        return SourceConfig(
            self.name, self.owner, self.kind, place, self.every, self.max_age, self.language,
            unicodedata.normalize("NFC", self.issuer), self.id_prefix, self.hosts,
        )  # fmt: skip


def _refuse_duplicates(path: Path, what: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise BadSources(f"{path.name} has two sources with the {what} {value}. Keep one.")
