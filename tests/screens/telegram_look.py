"""A screen of Telegram on a phone, as HTML."""

from __future__ import annotations

import html
from datetime import UTC, datetime

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.state import BOT
from tests.screens.play import SEOUL, Screen

WIDTH = 412
STYLE = """
body{margin:0;background:#fff} .phone{width:412px;background:#d5e4d0;padding-bottom:14px}
*{box-sizing:border-box} .phone{font:15px/1.36 "Noto Sans","Noto Sans CJK KR",sans-serif}
.bar{background:#fff;padding:10px 14px;border-bottom:1px solid #dcdcdc;display:flex;gap:10px;
align-items:center} .bar b{font-size:16px;display:block} .bar small{color:#7a8791}
.dot{width:38px;height:38px;border-radius:50%;background:#4a90c9;color:#fff;font-weight:700;
display:flex;align-items:center;justify-content:center;flex:none}
.row{padding:3px 10px;display:flex;flex-direction:column;align-items:flex-start}
.row.own{align-items:flex-end}
.bubble{background:#fff;border-radius:14px;padding:7px 11px 5px;max-width:350px;
overflow-wrap:anywhere;white-space:pre-wrap}
.own .bubble{background:#e6fbd1} .who{color:#3579ad;font-weight:600;font-size:14px;display:block}
.time{color:#8a969d;font-size:12px;float:right;margin:5px 0 0 9px}
a{color:#2678b6;text-decoration:none} code,pre{font-family:"Noto Sans Mono",monospace}
blockquote{display:block;margin:5px 0 2px;padding:4px 9px;border-left:3px solid #4a90c9;
background:#eaf3fa;border-radius:4px;font-size:14px}
blockquote.folded{max-height:65px;overflow:hidden;position:relative;padding-right:20px}
blockquote.folded::after{content:"⌄";position:absolute;right:7px;bottom:0;color:#4a90c9}
.keys{width:350px;display:flex;flex-direction:column;gap:3px;margin-top:3px}
.keys div{display:flex;gap:3px} .keys span{flex:1;background:#9fb59acc;color:#fff;
text-shadow:0 0 2px #4a5c46;text-align:center;border-radius:9px;padding:8px 5px;font-size:14px;
overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.keys .primary{background:#3d8ed0}.keys .success{background:#3da35c}.keys .danger{background:#d05249}
.pill{margin:6px auto;background:#8aa484;color:#fff;border-radius:12px;padding:3px 12px;font-size:13px}
"""
TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code",
        "pre": "pre", "blockquote": "blockquote", "expandable_blockquote": "blockquote"}  # fmt: skip
LINKS = {"text_link", "url", "bot_command", "mention"}
SERVICE = {
    "forum_topic_created": "{} · 주제를 만들었습니다",
    "pinned_message": "나루가 메시지를 고정했습니다",
}


def draw_telegram(screen: Screen) -> str:
    """The whole page."""
    under = "bot" if screen.side == "founder" else "하노이 협의체"
    rows = "".join(_draw_message(message, screen) for message in screen.messages)
    return (
        f"<!DOCTYPE html><meta charset=utf-8><style>{STYLE}</style><div class=phone><div class=bar>"
        f"<div class=dot>{'N' if screen.side == 'founder' else '#'}</div><div>"
        f"<b>{html.escape(screen.title)}</b><small>{under}</small></div></div>{rows}</div>"
    )


def _draw_message(message: Json, screen: Screen) -> str:
    for key, words in SERVICE.items():
        if key in message:
            name = message[key].get("name", "")
            return f"<div class=row><div class=pill>{html.escape(words.format(name))}</div></div>"
    own = str(message["from"]["id"]) == screen.viewer
    moment = datetime.fromtimestamp(message["date"], UTC) + screen.shift
    text = draw_entities(str(message.get("text", "")), message.get("entities"))
    group = screen.side == "staff" and not own
    who = f"<span class=who>{html.escape(message['from']['first_name'])}</span>" if group else ""
    return (
        f"<div class='row {'own' if own else ''}'><div class=bubble>{who}{text}"
        f"<span class=time>{moment.astimezone(SEOUL):%H:%M}</span></div>{_draw_keys(message)}</div>"
    )


def draw_entities(text: str, entities: list[Json] | None) -> str:
    """The text as HTML with its entities, whose places are counted in UTF-16 units."""
    raw = text.encode("utf-16-le")
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for entity in sorted(entities or [], key=lambda one: (one["offset"], -one["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        tag = "a" if entity["type"] in LINKS else TAGS.get(entity["type"], "span")
        folded = " class=folded" if entity["type"] == "expandable_blockquote" else ""
        opened.setdefault(start, []).append(f"<{tag}{folded}>")
        closed.setdefault(end, []).insert(0, f"</{tag}>")
    cuts = sorted({0, len(raw) // 2, *opened, *closed})
    shown = []
    for start, end in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        shown += closed.get(start, []) + opened.get(start, [])
        shown.append(html.escape(raw[start * 2 : end * 2].decode("utf-16-le")))
    return "".join(shown)


def _draw_keys(message: Json) -> str:
    markup = message.get("reply_markup", {})
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if not rows or message["from"]["id"] != BOT["id"]:
        return ""
    return f"<div class=keys>{''.join(_draw_key_row(row) for row in rows)}</div>"


def _draw_key_row(row: list[Json]) -> str:
    keys = (
        f"<span class={one.get('style', 'plain')}>{html.escape(one['text'])}</span>" for one in row
    )
    return f"<div>{''.join(keys)}</div>"
