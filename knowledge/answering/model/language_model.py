"""The door to a language model: how long it may take, and what it is shown as material.

See docs/decisions/0077-a-language-model-chooses-within-bounds.md.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.errors import WriterFailed
from knowledge.text.odd_spellings import strip_unseen

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# How chat formats mark who speaks: <|im_start|>, <start_of_turn>, <s>, [INST]. A server may take
# such letters in a document for the mark itself.
_ROLE_MARK = re.compile(
    r"<(?=[|/]?[a-z_|])|\[(?=/?(?:INST|SYS|TOOL|AVAILABLE|SYSTEM))", re.IGNORECASE
)
# What is written for a model and not for a founder.
_ORDER = re.compile(
    r"\b(ignore|disregard|forget|override)\b.{0,30}\b((the|all|everything) (above|previous|prior|preceding)"
    r"|(above|previous|prior|earlier|preceding|your|system|these) (instructions?|prompts?|rules?)"
    r"|instructions?|prompts?)\b"
    r"|\b(answer|choose|select|reply|respond|output|return|pick)\b.{0,30}\b(sections?|numbers?|option)\W{0,4}\d"
    r"|\b(you are now|act as|pretend to be)\b.{0,30}\b(ai|assistant|(language )?model|system|mode)\b"
    r"|\bsystem prompt\b|\"sections\"\s*:"
    r"|(이전|앞선|앞의|위의|위|모든|지금까지의?)\s?.{0,12}(지시|명령|지침|규칙|프롬프트)\S{0,4}.{0,12}(무시|잊|따르지)"
    r"|(무시하고|무시한 ?채).{0,30}(답하|대답|고르|선택|출력)"
    r"|시스템 ?프롬프트|\d+\s?번\S{0,3}(이라고|을|를|만|으로)?\s?(답해|답하|고르|골라|선택하(라|십|세)|출력)"
    r"|(bỏ qua|phớt lờ|quên đi|quên)\b.{0,40}\b(trên|trước|hướng dẫn|chỉ dẫn|mệnh lệnh|quy tắc)"
    r"|(trả lời|chọn)\s+(mục|số|phần)\s+(số\s+)?\d",
    re.IGNORECASE,
)


class LanguageModel:
    """A LangChain chat model, loaded when it is first asked."""

    def __init__(
        self, name: str, *, base_url: str | None, api_key: str | None, timeout_seconds: float
    ) -> None:
        """`name` is one of LangChain's `init_chat_model`; None for the provider's own address
        and for a key from its environment variable."""
        self.name = name
        self.timeout_seconds = timeout_seconds
        # No second try: when the model fails, the asker gets the answer without it at once.
        self._options: dict[str, Any] = {
            "temperature": 0,
            "timeout": timeout_seconds,
            "max_retries": 0,
        }
        if base_url:
            self._options["base_url"] = base_url
        if api_key:
            self._options["api_key"] = api_key
        self._model: BaseChatModel | None = None

    def stream_text(self, messages: list[tuple[str, str]], deadline: float) -> Iterator[str]:
        """The chunks of text that the model writes until `deadline`, a value of time.monotonic().

        Raises WriterFailed when the model fails or is not done by then: a provider's own time-out
        begins again with every chunk, so the stream is read in a thread, which ends with that.
        """
        chunks: queue.SimpleQueue[str | WriterFailed | None] = queue.SimpleQueue()
        abandoned = threading.Event()
        threading.Thread(
            target=self._read_stream,
            args=(messages, chunks, abandoned),
            name="naru-model",
            daemon=True,
        ).start()
        try:
            while (chunk := self._await_chunk(chunks, deadline)) is not None:
                yield chunk
        finally:
            abandoned.set()

    def write_text(self, messages: Sequence[tuple[str, str]]) -> str:
        """The whole text that the model writes to `messages`, (role, text) each.

        Raises WriterFailed when the model fails or stalls.
        """
        deadline = time.monotonic() + self.timeout_seconds
        return "".join(self.stream_text(list(messages), deadline))

    def _await_chunk(
        self, chunks: queue.SimpleQueue[str | WriterFailed | None], deadline: float
    ) -> str | None:
        """The next chunk, None after the last one."""
        try:
            chunk = chunks.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise WriterFailed(f"{self.name} took too long.") from None
        if isinstance(chunk, WriterFailed):
            raise chunk
        return chunk

    def _read_stream(
        self,
        messages: list[tuple[str, str]],
        chunks: queue.SimpleQueue[str | WriterFailed | None],
        abandoned: threading.Event,
    ) -> None:
        try:
            for chunk in self._load_model().stream(messages):
                if abandoned.is_set():
                    return
                chunks.put(str(chunk.text))
            chunks.put(None)
        except Exception as error:  # every provider's package has its own errors
            failure = WriterFailed(f"{self.name} failed: {type(error).__name__}")
            failure.__cause__ = error
            chunks.put(failure)

    def _load_model(self) -> BaseChatModel:
        if self._model is None:
            from langchain.chat_models import init_chat_model

            self._model = init_chat_model(self.name, **self._options)
        return self._model


def separate_role_marks(text: str) -> str:
    """`text` as people see it, with a space inside whatever a chat format would take for a change of
    speaker."""
    return _ROLE_MARK.sub(lambda match: match.group() + " ", strip_unseen(text))


def contains_orders(text: str) -> bool:
    """Whether `text` speaks to a language model and not to a founder: "ignore the above", "answer 3".

    It finds the plain forms only; what a choice may do is bounded whatever a text says.
    """
    return bool(_ORDER.search(" ".join(strip_unseen(text).split())))
