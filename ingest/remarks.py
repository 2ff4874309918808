"""What is said of a file or an address: a kind with its figures, and its sentence in a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.types import Language

REMARKS_PATH = Path(__file__).with_name("remarks.yaml")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence for the admin. `kind` is a key of `remarks.yaml`; `facts` are the names in its
    sentences: text, numbers, or another Remark, which is said in the same language.

    `str()` is the English one: the command line's and the log's.
    """

    kind: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def render(self, language: Language) -> str:
        """The sentence. Raises KeyError for a kind that is not written."""
        values = {
            name: fact.render(language) if isinstance(fact, Remark) else fact
            for name, fact in self.facts.items()
        }
        return load_sentences()[self.kind][language].format(**values)

    def __str__(self) -> str:
        return self.render("en")

    def to_json(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Remark:
        """As it was before `packed`."""
        facts = kept["facts"].items()
        return cls(
            kept["kind"],
            {name: cls.from_json(fact) if isinstance(fact, dict) else fact for name, fact in facts},
        )


@cache
def load_sentences() -> dict[str, dict[Language, str]]:
    """Every sentence by its kind and language."""
    written: dict[str, dict[Language, str]] = yaml.safe_load(
        REMARKS_PATH.read_text(encoding="utf-8")
    )
    return written
