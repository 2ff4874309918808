"""Every sentence that a person reads, in three languages, from the files in this folder.

A phrase's key is "file.name": `founder.yaml` has what founders read, `staff.yaml` staff, admins and
the desk, `library.yaml` admins who change the library, `routing.yaml` reasons and opening times,
`mission_answer.yaml` what is told of missions, `email.yaml` what only mails say, `ask.yaml` those who
try a question with `naru ask`, `own.yaml` what founders do with their own cases and accounts,
`seats.yaml` the seats and hours of the bodies, `kakaotalk.yaml` what stands around messages on KakaoTalk.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.phrases.directions import isolate_values
from knowledge.text.particles import agree_particles
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

PHRASES_FOLDER = Path(__file__).parent


@cache
def _load_phrases() -> dict[str, dict[str, str]]:
    """All phrases by key; each has one sentence per language."""
    return {
        f"{path.stem}.{key}": sentences
        for path in sorted(PHRASES_FOLDER.glob("*.yaml"))
        for key, sentences in parse_yaml(path.read_text(encoding="utf-8")).items()
    }


def render_phrase(key: str, language: Language, /, **values: object) -> str:
    """The phrase `key` in `language`, with its `{names}` filled in from `values`. Spaces at its ends
    are part of it: some phrases stand right before other words. In Korean a pair of particles behind
    a name, like "{place}(으)로", becomes the one that agrees with it. A value cannot turn the direction of
    the words after it.

    Raises KeyError for a key or language that does not exist or a name without a value: each is a
    defect of the code, not of the input.
    """
    sentence = _load_phrases()[key][language].strip("\n")
    if language == "ko":
        sentence = agree_particles(sentence, values)
    return sentence.format(**isolate_values(values))


def begin_sentence(text: str) -> str:
    """`text` with a capital at its beginning, also behind "#7: " or "[", where a name of a mission
    or a role may stand."""
    return re.sub(r"^(\[|#\d+: )?(\w)", lambda match: (match[1] or "") + match[2].upper(), text)
