"""The keys of a block of YAML that declares something of a document. Loaded with the first such block:
most files of a library have none, and an ingest that changes nothing needs no YAML for those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ingest.errors import Unreadable
from ingest.remarks import Remark


class _NoAliasLoader(yaml.SafeLoader):
    """A YAML loader without aliases: a few lines of them expand to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises YAMLError for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses an alias (*name); write the value out")
        return super().compose_node(parent, index)


def parse_keys(block: str, what: Remark, known: frozenset[str]) -> Mapping[str, Any]:
    """The keys of a YAML block; `what` names it. Raises Unreadable for anything but known keys."""
    try:
        meta = yaml.load(block, _NoAliasLoader) or {}  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        problem = str(error).splitlines()[0].rstrip(".")
        raise Unreadable("not_yaml", what=what, why=problem) from error
    except ValueError as error:
        raise Unreadable("impossible_date", what=what, why=str(error)) from error
    if not isinstance(meta, dict):
        raise Unreadable("no_keys", what=what)
    if unknown := sorted(set(map(str, meta)) - known):
        raise Unreadable(
            "unknown_keys", what=what, unknown=", ".join(unknown), known=", ".join(sorted(known))
        )
    if any(re.search("[\x00\ud800-\udfff]", text) for text in _list_strings(meta)):
        raise Unreadable("odd_characters", what=what)
    return meta


def _list_strings(meta: Mapping[str, Any]) -> Iterator[str]:
    for value in meta.values():
        yield from map(str, value if isinstance(value, list) else [value])
