"""Remarks about files and addresses: a kind with its facts, rendered in each reader's language.

See docs/decisions/0044-ingest-refusals-as-kinds-with-translations.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.text.particles import agree_particles
from knowledge.types import Language

REMARKS_PATH = Path(__file__).with_name("remarks.yaml")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence for the admin, in any language.

    `kind` is a key of `remarks.yaml`; `facts` fill the placeholders of its sentences with text,
    numbers or another Remark, which is rendered in the same language. `str()` is the English
    sentence, for the command line and the log.
    """

    kind: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def render(self, language: Language) -> str:
        """The sentence in `language`, in Korean with particles that agree with its facts. Raises
        KeyError for an unknown kind."""
        values = {
            name: fact.render(language) if isinstance(fact, Remark) else fact
            for name, fact in self.facts.items()
        }
        sentence = load_sentences()[self.kind][language]
        if language == "ko":
            sentence = agree_particles(sentence, values)
        return sentence.format(**values)

    def __str__(self) -> str:
        return self.render("en")

    def to_json(self) -> dict[str, Any]:
        """The remark as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Remark:
        """The remark that `to_json` returned as `stored`."""
        facts = stored["facts"].items()
        return cls(
            stored["kind"],
            {name: cls.from_json(fact) if isinstance(fact, dict) else fact for name, fact in facts},
        )


def join_remarks(remarks: Iterable[Remark]) -> Remark | None:
    """The remarks about one file as one, in their order; None if there are none."""
    joined: Remark | None = None
    for remark in remarks:
        joined = Remark("two_remarks", {"first": joined, "then": remark}) if joined else remark
    return joined


def format_ranges(numbers: Iterable[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join("–".join(map(str, span)) for span in spans)


@cache
def load_sentences() -> dict[str, dict[Language, str]]:
    """All sentences of remarks.yaml by kind and language."""
    import yaml  # a sentence is wanted only where something is told

    sentences: dict[str, dict[Language, str]] = yaml.safe_load(
        REMARKS_PATH.read_text(encoding="utf-8")
    )
    return sentences
