"""No token, no key and no message text in the log, at DEBUG too."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from slack_sdk import WebClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from adapters.cli.app import LOG_FORMAT, LOG_TIME_FORMAT
from adapters.settings.log import mask_secrets, write_json_lines
from knowledge.catalogue import open_engine, write_transaction
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer

TOKEN = "123456:AAF-this-is-a-token"
BOT = "xoxb-this-is-a-token-too"
KEY = "sk-this-is-a-key"
SAID = "주민등록번호는 900101-1234567 입니다"  # what a founder might write


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The root's log at DEBUG, masked; also as JSON lines where a test takes any form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    mask_secrets((TOKEN, BOT, KEY))
    if request.param == "json":
        write_json_lines()
    yield stream
    root.handlers[:] = kept
    root.setLevel(level)


as_text = pytest.mark.parametrize("log", ["text"], indirect=True)  # for what compares whole lines
as_json = pytest.mark.parametrize("log", ["json"], indirect=True)


def is_clean(log: io.StringIO) -> bool:
    written = log.getvalue()
    return not any(secret in written for secret in (TOKEN, BOT, KEY, SAID, "900101"))


def test_a_secret_is_masked_in_message_arguments_and_nested_values(log: io.StringIO) -> None:
    ours = logging.getLogger("adapters.telegram.channel")
    ours.warning("token %s", TOKEN)
    ours.info(f"GET https://api.telegram.org/bot{TOKEN}/getMe")
    ours.debug("headers %r", {"Authorization": f"Bearer {BOT}"})
    assert is_clean(log) and log.getvalue().count("***") == 3


def test_a_secret_is_masked_in_a_traceback_and_what_caused_it(log: io.StringIO) -> None:
    try:
        try:
            raise ValueError(f"bad key {KEY}")
        except ValueError as error:
            raise RuntimeError(f"POST /bot{TOKEN}/sendMessage failed") from error
    except RuntimeError:
        logging.getLogger("adapters.serve.service").exception("a worker failed with %s", BOT)
    assert is_clean(log)
    assert "RuntimeError" in log.getvalue() and "direct cause" in log.getvalue()


@as_text
def test_a_library_that_warns_is_heard_but_masked(log: io.StringIO) -> None:
    logging.getLogger("httpx").warning("could not reach /bot%s", TOKEN)
    assert is_clean(log) and "WARNING httpx: could not reach /bot***" in log.getvalue()


def test_a_broken_log_call_of_a_library_does_not_stop_it(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = logging.LogRecord("slack_bolt", logging.WARNING, "", 1, "%d messages", (TOKEN,), None)
    logging.getLogger().handlers[0].handle(broken)
    assert is_clean(log) and "%d messages" in log.getvalue()
    assert capsys.readouterr().err == ""  # where logging itself would print the arguments


PERSONAL = "900101-1234567 kim@naver.com 010-1234-5678 여권 M12345678 4111-1111-1111-1111"


def test_personal_data_is_masked_in_messages_arguments_and_tracebacks(log: io.StringIO) -> None:
    ours = logging.getLogger("bot.assistant")
    ours.debug(f"said {PERSONAL}")
    ours.warning("said %r", {"text": PERSONAL})
    logging.getLogger("slack_sdk").error("could not post %s", PERSONAL)
    try:
        raise ValueError(PERSONAL)
    except ValueError:
        ours.exception("event 1 failed")
    assert log.getvalue().count("●●●●●●-●●●●●●●") == 4
    assert not any(part in log.getvalue() for part in PERSONAL.split() if part != "여권")


@pytest.mark.parametrize(
    "lane",
    [
        "telegram:1001234",
        "telegram:-1001234567890:17",
        "slack:U0FOUNDER1",
        "slack:D0AB12:1.2",
        "kakao:c45e1a",
    ],
)
def test_a_chat_is_a_code_that_stays_the_same(log: io.StringIO, lane: str) -> None:
    ours = logging.getLogger("bot.delivery.sender")
    ours.warning("send of lane %s failed", lane)
    ours.warning("send of lane %s failed", lane)
    first, second = log.getvalue().splitlines()
    assert lane.partition(":")[2] not in first
    found = re.search(r"lane (telegram|slack|kakao):<[0-9a-f]{8}> failed", first)
    assert found and found.group() in second


@as_text
def test_a_mission_a_plan_and_a_time_are_no_chat(log: io.StringIO) -> None:
    said = "2026-12-01 09:56:41,123 the source vn-hanoi.go.kr, edition 12, event 1700 of telegram"
    logging.getLogger("bot").warning(said)
    assert log.getvalue() == f"WARNING bot: {said}\n"


@as_text
def test_masking_again_with_other_secrets_keeps_the_first(log: io.StringIO) -> None:
    mask_secrets(("another-secret",))
    logging.getLogger("bot").warning("%s and another-secret", TOKEN)
    assert log.getvalue() == "WARNING bot: *** and ***\n"


@as_text
def test_a_secret_that_holds_another_is_masked_whole(log: io.StringIO) -> None:
    mask_secrets(("abc", "abc-def"))
    logging.getLogger("bot").warning("abc-def")
    assert log.getvalue() == "WARNING bot: ***\n"


def test_httpx_and_telegram_tell_no_token_and_no_text(log: io.StringIO) -> None:
    with TelegramServer() as server, httpx.Client() as client:
        answer = client.post(f"{server.url}/bot{TOKEN}/sendMessage", data={"text": SAID})
        assert answer.status_code == 401
    assert is_clean(log)


def test_slack_sdk_tells_no_token_and_no_text(log: io.StringIO) -> None:
    with SlackServer() as server:
        server.create_channel("C0DESK", "desk")
        client = WebClient(server.bot_token, server.api_url)
        mask_secrets((server.bot_token,))
        client.chat_postMessage(channel="C0DESK", text=SAID)
        assert server.app_texts("C0DESK") == [SAID]
        assert server.bot_token not in log.getvalue()
    assert is_clean(log)


def test_the_models_client_tells_no_key_and_no_text(log: io.StringIO) -> None:
    with OpenAIServer() as server, openai.OpenAI(api_key=KEY, base_url=server.base_url) as client:
        client.chat.completions.create(model="x", messages=[{"role": "user", "content": SAID}])
    assert is_clean(log)


def test_the_database_tells_no_text_even_when_it_fails(log: io.StringIO, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'naru.db'}")
    with write_transaction(engine) as connection:
        connection.execute(text("create table inbox (said text unique)"))
        connection.execute(text("insert into inbox values (:said)"), {"said": SAID})
    try:
        with write_transaction(engine) as connection:
            connection.execute(text("insert into inbox values (:said)"), {"said": SAID})
    except SQLAlchemyError:
        logging.getLogger("bot.assistant").exception("event 1 of telegram failed")
    engine.dispose()
    assert "IntegrityError" in log.getvalue() and is_clean(log)


def test_a_line_begins_with_its_time_and_steers_no_terminal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    record = logging.LogRecord("bot", logging.WARNING, "", 1, "a \x1b[2J b", (), None)
    formatter = logging.Formatter(LOG_FORMAT, LOG_TIME_FORMAT)
    handler = logging.StreamHandler(log := io.StringIO())
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        mask_secrets(["a-secret"])
        handler.handle(record)
    finally:
        root.removeHandler(handler)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING bot: a \\x1b\[2J b\n", log.getvalue()
    )


@as_text
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b"])
def test_no_text_can_forge_a_line(log: io.StringIO, end: str) -> None:
    forged = f"김{end}ERROR adapters.serve: the database is erased"
    logging.getLogger("bot").warning("a file of %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("bot").exception("it failed")
    lines = log.getvalue().splitlines()
    assert [one for one in lines if not one.startswith("  ")] == [
        one for one in lines if one.startswith(("WARNING bot: a file", "ERROR bot: it failed"))
    ]
    assert len([one for one in lines if not one.startswith("  ")]) == 2


@as_json
def test_a_line_of_json_has_these_fields_and_what_a_library_adds_is_dropped(
    log: io.StringIO,
) -> None:
    mask_secrets(("another-secret",))
    logging.getLogger("bot").warning(
        "저장 %s\n%s another-secret", TOKEN, PERSONAL, extra={"chat": 700155501, "text": SAID}
    )
    try:
        raise ValueError("\n".join(("line", PERSONAL, TOKEN)))
    except ValueError:
        logging.getLogger("slack_sdk").exception("failed with \x1b[2J")
    first, second = (json.loads(line) for line in log.getvalue().splitlines())
    assert set(first) == {"time", "level", "logger", "message"}
    assert first["level"] == "WARNING" and first["logger"] == "bot"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", first["time"])
    assert first["message"].startswith("저장 ***\n") and first["message"].endswith("***")
    assert set(second) == {*first, "exception"} and "ValueError" in second["exception"]
    assert second["message"] == "failed with \\x1b[2J"
    assert is_clean(log) and "700155501" not in log.getvalue()
    assert not any(part in log.getvalue() for part in PERSONAL.split() if part != "여권")


@as_json
def test_personal_data_after_a_line_break_is_masked_in_json_too(log: io.StringIO) -> None:
    """In JSON the break is the letters \\n, which would hide where a number begins."""
    for one in ("010-1234-5678", "900101-1234567", "4111-1111-1111-1111", "kim@naver.com"):
        logging.getLogger("bot").warning("said\n%s\ttab", one)
        assert one not in log.getvalue()
