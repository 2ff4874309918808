"""Every sentence of the system, in the reader's language, from the files in `phrases/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from knowledge.types import Language

PHRASES_FOLDER = Path(__file__).with_name("phrases")


@cache
def _load_phrases() -> dict[str, dict[str, str]]:
    """All phrases by "room.key"; each has one sentence per language."""
    return {
        f"{path.stem}.{key}": sentences
        for path in sorted(PHRASES_FOLDER.glob("*.yaml"))
        for key, sentences in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


def render_phrase(key: str, language: Language, /, **values: object) -> str:
    """The sentence `key` ("room.key") in `language`, with `{names}` filled in.

    Raises KeyError for a key or language that is not written: a missing sentence is a defect.
    """
    return _load_phrases()[key][language].strip().format(**values)
