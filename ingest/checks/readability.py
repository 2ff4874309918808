"""Lines and sentences that are too long for somebody who reads them in a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.checks.types import CheckContext, CheckedDocument, CheckFinding, find_at
from ingest.remarks import Remark
from knowledge.types import Language

_ADDRESS = re.compile(r"https?://[\w./?=&#%:@-]*\w/?")
_EXCERPT_CHARACTERS = 60


def find_long_texts(
    documents: Sequence[CheckedDocument], context: CheckContext
) -> Iterator[CheckFinding]:
    """Lines with too many characters, and sentences with too many characters or words."""
    for one in documents:
        language = one.document.language
        most = context.sentence_max[language]
        for section in one.sections:
            for line in section.lines:
                if len(line.text) > context.line_max_characters:
                    remark = Remark(
                        "long_line",
                        {"count": len(line.text), "most": context.line_max_characters},
                    )
                    yield find_at("warning", one, remark, section, line.number)
                if line.text.lstrip().startswith("|"):
                    continue  # the row of a table is no sentence
                for sentence in line.split_sentences():
                    count = _measure(sentence, language)
                    if count > most:
                        remark = Remark(
                            "long_sentence",
                            {
                                "count": count,
                                "most": most,
                                "begins": sentence[:_EXCERPT_CHARACTERS],
                            },
                        )
                        yield find_at("warning", one, remark, section, line.number)


def _measure(sentence: str, language: Language) -> int:
    """Characters of Korean, words of the others; an address counts as a word."""
    sentence = _ADDRESS.sub("…", sentence)
    return len(sentence) if language == "ko" else len(sentence.split())
