"""The OpenAI stand-in, driven by the openai library over loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai
import pytest
from openai.types.chat import ChatCompletionUserMessageParam
from pydantic import SecretStr

from tests.fakes.openai_server import OpenAIServer

ASKED: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "관세가 얼마예요?"}]


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def client(server: OpenAIServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        api_key="sk-test", base_url=server.base_url, max_retries=0, timeout=5
    ) as made:
        yield made


def complete(client: openai.OpenAI) -> str | None:
    done = client.chat.completions.create(model="test-model", messages=ASKED)
    return done.choices[0].message.content


def stream(client: openai.OpenAI) -> Iterator[str]:
    with client.chat.completions.create(model="test-model", messages=ASKED, stream=True) as parts:
        for part in parts:
            yield part.choices[0].delta.content or ""


def test_it_answers_whole_and_streamed(server: OpenAIServer, client: openai.OpenAI) -> None:
    server.set_answer(lambda messages: f"{messages[-1]['content']} 10%입니다.")
    assert complete(client) == "관세가 얼마예요? 10%입니다."
    parts = list(stream(client))
    assert len(parts) > 2 and "".join(parts) == "관세가 얼마예요? 10%입니다."
    assert [asked.get("stream") for asked in server.requests] == [None, True]


def test_langchain_reads_it_too(server: OpenAIServer) -> None:
    server.set_answer("10%입니다.")
    from langchain_openai import (
        ChatOpenAI,
    )  # late: it takes seconds, and every run collects this file

    model = ChatOpenAI(
        model="test-model", base_url=server.base_url, api_key=SecretStr("x"), max_retries=0
    )
    assert model.invoke("관세?").content == "10%입니다."
    assert "".join(str(part.content) for part in model.stream("관세?")) == "10%입니다."


def test_refusals(server: OpenAIServer, client: openai.OpenAI) -> None:
    server.refuse_next(429, retry_after=2)
    with pytest.raises(openai.RateLimitError) as caught:
        complete(client)
    assert caught.value.response.headers["Retry-After"] == "2"
    server.refuse_next(500)
    with pytest.raises(openai.InternalServerError):
        complete(client)
    assert complete(client) == "알겠습니다."


def test_it_stalls_breaks_off_and_talks_nonsense(
    server: OpenAIServer, client: openai.OpenAI
) -> None:
    server.set_answer("이 답은 끝까지 오지 않습니다.")
    server.delay_next(0.5)
    with pytest.raises(openai.APITimeoutError):
        complete(client.with_options(timeout=0.1))
    server.cut_off_next(20)
    with pytest.raises(openai.APIConnectionError):
        complete(client)
    server.cut_off_next(8)
    heard: list[str] = []
    with pytest.raises(openai.APIConnectionError):
        heard += stream(client)
    assert "".join(heard) == "이 답은 끝까지"
    server.garble_next()
    with pytest.raises(json.JSONDecodeError):
        complete(client)
    assert complete(client) == "이 답은 끝까지 오지 않습니다."
