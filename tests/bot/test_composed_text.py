"""Text in decomposed letters, as macOS writes it, is composed where it comes in."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from bot.messages import File, Message
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.store.lane import compose_message
from knowledge.text.language import detect_language

WORDS = ("수출바우처 한도가 얼마인가요?", "đại sứ quán ở Đà Nẵng", "Zürich")


def decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("text", WORDS)
def test_a_message_is_composed_with_its_quote_and_its_files(text: str) -> None:
    file = File("telegram", "ref", f"{text}.pdf", "application/pdf", 1)
    message = Message("telegram", "1", "1", "1", "text", text, quoted=text, files=(file,))
    written = replace(
        message,
        text=decompose(text),
        quoted=decompose(text),
        files=(replace(file, name=decompose(file.name)),),
    )
    assert compose_message(written) == message


@pytest.mark.parametrize("text", WORDS)
def test_the_language_of_decomposed_text_is_the_same(text: str) -> None:
    assert detect_language(decompose(text)) == detect_language(text)


def test_a_place_is_found_under_a_decomposed_name() -> None:
    places = Gazetteer(Missions.load())
    for name in ("하노이", "Đà Nẵng", "조지아주"):
        found = places.find_place(decompose(name))
        assert found == places.find_place(name)
