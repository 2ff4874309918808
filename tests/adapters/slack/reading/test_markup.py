"""Slack's markup as a person reads it."""

from __future__ import annotations

import pytest

from adapters.slack.reading.markup import SlackNames, read_mrkdwn

NAMES = SlackNames({"U3": "지민"}, {"C1": "수출"}, {"company_logo": "🏢"})


@pytest.mark.parametrize(
    ("marked", "read_as"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&lt;!channel&gt; is typed", "<!channel> is typed"),
        ("&amp;lt; is typed", "&lt; is typed"),
        ("<@U3>님과 <@U4>님", "@지민님과 @동료님"),
        ("<@U4|mina> <@U3|old.name>", "@mina @지민"),
        ("<#C1> <#C1|export> <#C2|general> <#C3> <#C4|>", "#수출 #수출 #general #채널 #채널"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@legal> <!subteam^S1>", "@legal @그룹"),
        ("<!date^1392734382^{date} at {time}|2014-02-18 06:39>까지", "2014-02-18 06:39까지"),
        ("<!date^1392734382^{date}^https://mss.go.kr|2월 18일>", "2월 18일 (https://mss.go.kr)"),
    ],
)
def test_codes_read_as_names_and_words(marked: str, read_as: str) -> None:
    assert read_mrkdwn(marked, NAMES) == read_as


@pytest.mark.parametrize(
    ("marked", "read_as"),
    [
        ("<https://mss.go.kr>", "https://mss.go.kr"),
        ("<http://mss.go.kr|mss.go.kr>", "mss.go.kr"),
        ("<https://mss.go.kr/|mss.go.kr>", "mss.go.kr"),
        ("<https://mss.go.kr/a|http://mss.go.kr/a/>", "http://mss.go.kr/a/"),
        ("<https://mss.go.kr/apply|신청서>", "신청서 (https://mss.go.kr/apply)"),
        ("<https://x/apply|apply>", "apply (https://x/apply)"),
        ("<https://mss.go.kr/apply|mss.go.kr>", "mss.go.kr (https://mss.go.kr/apply)"),
        ("<https://evil.example|https://mss.go.kr>", "https://mss.go.kr (https://evil.example)"),
        ("<https://mss.go.kr/?a=1&amp;b=2|a &amp; b>", "a & b (https://mss.go.kr/?a=1&b=2)"),
        ("<mailto:a@b.kr|a@b.kr>", "a@b.kr"),
        ("<mailto:a@b.kr|담당자>", "담당자 (a@b.kr)"),
        ("<tel:+8221357|+82-2-1357>", "+82-2-1357"),
        ("<tel:02-1357|1357>", "1357 (02-1357)"),
    ],
)
def test_an_address_is_shown_unless_its_label_says_it(marked: str, read_as: str) -> None:
    assert read_mrkdwn(marked) == read_as


@pytest.mark.parametrize(
    ("marked", "read_as"),
    [
        (":pray:", "🙏"),
        ("감사합니다:pray::+1:", "감사합니다🙏👍"),
        (":wave::skin-tone-4:", "👋🏽"),
        (":flag-kr: :flag-vn:", "🇰🇷 🇻🇳"),
        (":company_logo: :our_own:", "🏢 :our_own:"),
        ("12:100:20에 :100:점", "12:100:20에 💯점"),
        ("오전 10:00:pray:", "오전 10:00🙏"),
        ("a:b c:d::", "a:b c:d::"),
        ("<https://x.kr/:pray:|:pray:>", ":pray: (https://x.kr/:pray:)"),
    ],
)
def test_names_of_emoji_read_as_emoji_and_others_stay(marked: str, read_as: str) -> None:
    assert read_mrkdwn(marked, NAMES) == read_as
