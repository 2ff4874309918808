"""An assistant over an in-memory store: what it writes for the messages of one lane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.admin.library_service import LibraryService
from bot.assistant import Assistant
from bot.context import Decision
from bot.messages import Message
from bot.store import InboxRow, Store
from knowledge.types import Answer, Language, Question
from tests.fakes.in_memory_store import InMemoryStore
from tests.samples.answers import make_answer
from tests.samples.library_records import InMemoryLibrary
from tests.samples.records import FOUNDER, MISSIONS, NOW, KnownPlaces
from tests.samples.staff_records import KnownAccounts

OWNER = "worker-1"


class RecordingPreview:
    """A messenger's preview: what was shown while an answer was written."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.left = False

    @contextmanager
    def __call__(self, message: Message, language: Language) -> Iterator[Any]:
        yield self.texts.append
        self.left = True


class AnsweringLibrary:
    """Answers in the question's language, shows a sentence, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error

    def __call__(self, question: Question, show: Any) -> Answer:
        self.asked.append(question.text)
        if self.error:
            raise self.error
        if show:
            show("3천만 원까지입니다.")
        return make_answer(language=question.language)


LONG_AGO = timedelta(minutes=1)  # no further part of an album is waited for


def make_row(
    payload: str, channel: str = "telegram", attempts: int = 0, age: timedelta = LONG_AGO
) -> InboxRow:
    """A row that came in `age` ago; `payload` is also its key."""
    return InboxRow(1, channel, payload, FOUNDER, payload, attempts, NOW - age)


def make_rows(*messages: Message | None, attempts: int = 0) -> list[InboxRow]:
    """Rows named "0", "1", …; each is read as the message of that number."""
    channels = [message.channel if message else "telegram" for message in messages]
    return [make_row(str(n), channel, attempts) for n, channel in enumerate(channels)]


def make_assistant(
    store: InMemoryStore,
    messages: Sequence[Message | None],
    library: AnsweringLibrary,
    **values: Any,
) -> Assistant:
    def parse(payload: str) -> Message | None:
        if payload == "broken":
            raise ValueError("no event")
        return messages[int(payload)]

    return Assistant(
        store=cast(Store, store),
        ask=library,
        missions=MISSIONS,
        places=KnownPlaces(),
        parser_for=lambda channel: parse,
        admins=frozenset({"telegram:1"}),
        library_service=lambda: cast(LibraryService, InMemoryLibrary()),
        now=lambda: NOW,
        previews=values.get("previews", {}),
        limits={"telegram": TELEGRAM_LIMITS},
        show_section=lambda question, _: library(question, None),
        directory=values.get("directory", KnownAccounts()),
    )


def work_messages(
    *messages: Message | None, library: AnsweringLibrary | None = None, **kept: Any
) -> InMemoryStore:
    """Work one lane that holds these messages."""
    attempts = kept.pop("attempts", 0)
    store = InMemoryStore(make_rows(*messages, attempts=attempts), **kept)
    assistant = make_assistant(store, messages, library or AnsweringLibrary())
    result = assistant.work_lane(OWNER)
    assert result is not None
    return store


def decide_messages(*messages: Message | None, **kept: Any) -> Decision:
    """The decision that was written for the first messages."""
    ((_, decision),) = work_messages(*messages, **kept).written
    return decision
