"""The YAML form of every side file of known questions: a document, and lists for its sections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import PhrasesBroken
from knowledge.text.yaml_text import parse_foreign_yaml

SectionLists = Mapping[str, Any]  # `heading`, `digest` and lists of texts by name


def read_sections(path: Path, lists: Collection[str]) -> tuple[str, list[SectionLists]]:
    """What `parse_sections` gives for a file. Raises PhrasesBroken, naming the file."""
    try:
        return parse_sections(path.read_bytes(), lists)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise PhrasesBroken(f"{path} {problem}. Correct or move it.") from error
    except PhrasesBroken as error:
        raise PhrasesBroken(f"{path} {error}. Correct or move it.") from error


def parse_sections(content: bytes, lists: Collection[str]) -> tuple[str, list[SectionLists]]:
    """The id of the document and its sections, each with a `heading` (the path from the title down)
    and some of `lists`. Raises PhrasesBroken for any other content: what is wrong with the file."""
    try:
        data = parse_foreign_yaml(content.decode("utf-8-sig"))
    except (ValueError, yaml.YAMLError) as error:
        raise PhrasesBroken(f"cannot be read: {str(error).splitlines()[0]}") from error
    document = data.get("document") if isinstance(data, dict) else None
    sections = data.get("sections") if isinstance(data, dict) else None
    if not isinstance(document, str) or not isinstance(sections, list):
        raise PhrasesBroken("has no `document` or no list `sections`")
    if not all(_is_section(one, lists) for one in sections):
        names = ", ".join(f"`{name}`" for name in lists)
        raise PhrasesBroken(
            f"has a section with more or other than a `heading` and lists of texts ({names})"
        )
    return document, sections


def dump_sections(document: str, sections: Sequence[SectionLists]) -> str:
    """The content of a side file."""
    content = {"document": document, "sections": [dict(one) for one in sections]}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1_000)


def _is_section(value: Any, lists: Collection[str]) -> bool:
    if not isinstance(value, dict) or not value.get("heading"):
        return False
    found = [value["heading"], *(value.get(name, []) for name in lists)]
    return (
        value.keys() <= {"heading", "digest", *lists}
        and isinstance(value.get("digest", ""), str)
        and all(isinstance(one, list) and all(isinstance(t, str) for t in one) for one in found)
    )
