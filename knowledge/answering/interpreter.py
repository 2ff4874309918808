"""What stands between two people who write in different languages: a translation, or key terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from knowledge.answering.model.translation import Translator
from knowledge.text.glossary import EVERYDAY_FIELD, Glossary
from knowledge.types import LANGUAGES, Language


class Interpreter:
    """The glossary, read when it is first asked, and the translator where a model is set."""

    def __init__(self, glossary: Callable[[], Glossary], translator: Translator | None) -> None:
        self._glossary = glossary
        self._translator = translator

    def translate(self, text: str, source: Language, target: Language) -> str | None:
        """A machine translation; None without a model and where the translation cannot be trusted."""
        return self._translator.translate(text, source, target) if self._translator else None

    def find_key_terms(self, text: str, source: Language, target: Language) -> Mapping[str, str]:
        """The words of the trade in a text, as written there → in `target`. Raises GlossaryBroken."""
        return self._glossary().find_key_terms(text, source, target)

    def list_forms(self, text: str) -> tuple[str, ...]:
        """The words in all languages for the thing that the whole text names; () for an unknown one.
        Raises GlossaryBroken."""
        wanted = " ".join(text.casefold().split())
        found = (
            [form for language in LANGUAGES for form in concept.forms[language]]
            for concept in self._glossary().concepts
            if concept.field != EVERYDAY_FIELD
        )
        forms = (one for one in found if wanted in map(str.casefold, one))
        return tuple(dict.fromkeys(form for one in forms for form in one))
