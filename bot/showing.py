"""Showing an answer while it is written: a preview that nothing depends on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from bot.types import Message
from knowledge.types import Language

ShowPreview = Callable[[str], None]


class PreviewStarter(Protocol):
    """Shows sentences to whoever sent a message, from any thread; what it gives returns at once
    and raises nothing. When it is left, nothing more is shown: the answer itself is owed."""

    def __call__(
        self, message: Message, language: Language
    ) -> AbstractContextManager[ShowPreview]: ...
