"""How messages become pictures."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from adapters.settings import Settings
from tests.screens import __main__ as drawing
from tests.screens import photograph
from tests.screens.play import Screen
from tests.screens.slack_look import draw_block, draw_mrkdwn, draw_slack
from tests.screens.telegram_look import draw_entities, draw_telegram

NOW = 1_796_159_237


def test_entities_are_counted_in_utf16_units() -> None:
    bold = {"type": "bold", "offset": 3, "length": 2}
    link = {"type": "text_link", "offset": 3, "length": 1, "url": "https://x.kr"}
    assert draw_entities("🚢 나루", [bold]) == "🚢 <b>나루</b>"
    assert draw_entities("🚢 나루", [link, bold]) == "🚢 <b><a>나</a>루</b>"
    assert draw_entities("a<b", None) == "a&lt;b"


def test_a_screen_of_telegram_has_words_keys_and_sides() -> None:
    me = {"id": 1001, "is_bot": False, "first_name": "Mina"}
    bot = {"id": 7000000001, "is_bot": True, "first_name": "Naru"}
    keys = {"inline_keyboard": [[{"text": "Apply", "callback_data": "x", "style": "primary"}]]}
    page = draw_telegram(
        _screen("telegram", "1001", [
            {"from": me, "date": NOW, "text": "hello"},
            {"from": bot, "date": NOW, "text": "yes", "reply_markup": keys},
        ])
    )  # fmt: skip
    assert page.count("class='row own'") == 1 and "<span class=primary>Apply</span>" in page


def test_mrkdwn_is_drawn_and_what_is_escaped_stays_so() -> None:
    assert draw_mrkdwn("*bold* &lt;b&gt;") == "<b>bold</b> &lt;b&gt;"
    assert (
        draw_mrkdwn("<https://x.kr|x *y*>, <https://z.kr>") == "<a>x *y*</a>, <a>https://z.kr</a>"
    )
    assert draw_mrkdwn("a_b_c") == "a_b_c"


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": {"type": "plain_text", "text": "words"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "words"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "words"}]},
        {"type": "markdown", "text": "words"},
        {"type": "actions", "elements": [{"text": {"text": "words"}, "style": "danger"}]},
    ],
    ids=lambda block: str(block["type"]),
)
def test_each_kind_of_block_shows_its_words(block: dict[str, object]) -> None:
    assert "words" in "".join(draw_block(block))


def test_a_screen_of_slack_names_who_writes() -> None:
    page = draw_slack(_screen("slack", "U1", [{"user": "U1", "ts": f"{NOW}.1", "text": "hello"}]))
    assert "Mina" in page and "hello" in page


def test_without_chromium_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(photograph.NoBrowser, match="apt-get install -y chromium"):
        photograph.find_browser()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[str]:
    """A browser that photographs a white page with a blue square."""
    script = tmp_path / "browser"
    paper = tmp_path / "paper.png"
    picture = Image.new("RGB", (60, 400), "white")
    picture.paste("blue", (0, 0, 60, 50))
    picture.save(paper)
    script.write_text(
        '#!/bin/sh\nfor one; do case "$one" in --screenshot=*) '
        f'cp {paper} "${{one#--screenshot=}}";; esac; done\n'
    )
    script.chmod(0o700)
    yield str(script)


def test_a_picture_is_cut_to_what_is_drawn(browser: str, tmp_path: Path) -> None:
    target = tmp_path / "out/one.png"
    size = photograph.photograph("<p>page</p>", 60, target, browser)
    with Image.open(target) as made:
        assert made.size == (60, 50)
    assert size == target.stat().st_size < photograph.MAX_BYTES


def test_naru_stops_serving_before_a_failure_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stopped = []

    def play(data: Path, folder: Path) -> Generator[Screen]:
        try:
            yield _screen("telegram", "1001", [])
        finally:
            stopped.append("naru")

    def fail(*_: object) -> int:
        raise OSError("the browser does not answer")

    (tmp_path / "naru.db").touch()
    monkeypatch.setattr(drawing, "read_settings", lambda: Settings(data=tmp_path))
    monkeypatch.setattr(drawing, "find_browser", lambda: "browser")
    monkeypatch.setattr(drawing, "play_screens", play)
    monkeypatch.setattr(drawing, "photograph", fail)
    with pytest.raises(OSError, match="the browser") as failure:
        drawing.main(["messengers"])
    assert stopped == ["naru"] and failure.tb  # the traceback still holds the frames


def test_a_part_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        drawing.main(["consol"])
    assert "there are messengers, console, agenda" in capsys.readouterr().err


def _screen(messenger: str, viewer: str, messages: list[dict[str, object]]) -> Screen:
    return Screen(messenger, "founder", "en", "Naru", viewer, messages, timedelta(), {"U1": "Mina"})
