"""A screen of Slack on a desk, as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.fakes.loopback_server import Json
from tests.fakes.slack.workspace import BOT_USER
from tests.screens.play import SEOUL, Screen

WIDTH = 620
STYLE = """
body{margin:0;background:#fff} *{box-sizing:border-box}
.pane{width:620px;border:1px solid #d9d9d9;padding-bottom:14px;color:#1d1c1d;
font:15px/1.46 Lato,"Noto Sans","Noto Sans CJK KR",sans-serif}
.bar{padding:11px 18px;border-bottom:1px solid #e4e4e4;font-weight:900;font-size:17px}
.post{display:flex;gap:9px;padding:7px 18px} .post>div{min-width:0;flex:1}
.face{width:36px;height:36px;border-radius:8px;color:#fff;font-weight:700;display:flex;flex:none;
align-items:center;justify-content:center;background:#b5562f} .face.app{background:#1f6f8b}
.name{font-weight:900} .badge{background:#ddd;color:#555;font-size:10px;padding:1px 4px;
border-radius:2px;margin-left:4px;font-weight:700} .time{color:#616061;font-size:12px;margin-left:7px}
.text{white-space:pre-wrap;overflow-wrap:anywhere} .context{font-size:13px;color:#616061;margin-top:4px}
.header{font-size:18px;font-weight:900;margin:3px 0} hr{border:0;border-top:1px solid #e4e4e4}
.keys{display:flex;flex-wrap:wrap;gap:7px;margin:7px 0 3px}
.keys span{border:1px solid #bbb;border-radius:4px;padding:4px 11px;font-weight:700;font-size:14px}
.keys .primary{background:#007a5a;color:#fff;border-color:#007a5a}
.keys .danger{background:#e01e5a;color:#fff;border-color:#e01e5a}
a{color:#1264a3;text-decoration:none} code{color:#c01343;border:1px solid #ddd;padding:0 3px}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:4px 14px}
.seen{display:inline-block;border:1px solid #ddd;border-radius:10px;padding:0 7px;font-size:12px}
.replies{padding:4px 18px;color:#616061;font-size:13px;border-top:1px solid #e4e4e4;margin-top:5px}
"""
LINK = re.compile(r"<((?:https?|mailto|#|@|!)[^|>]*)(?:\|([^>]*))?>")
MARKS = ((r"\*(?=\S)([^*\n]+)(?<=\S)\*", "b"), (r"(?<!\w)_(?=\S)([^_\n]+)(?<=\S)_(?!\w)", "i"),
         (r"~(?=\S)([^~\n]+)(?<=\S)~", "s"), (r"`([^`\n]+)`", "code"))  # fmt: skip


def draw_slack(screen: Screen) -> str:
    """The whole page."""
    posts = [_draw_post(message, screen) for message in screen.messages]
    if screen.side == "staff":
        posts.insert(1, f"<div class=replies>답글 {len(posts) - 1}개</div>")
    return (
        f"<!DOCTYPE html><meta charset=utf-8><style>{STYLE}</style><div class=pane>"
        f"<div class=bar>{html.escape(screen.title)}</div>{''.join(posts)}</div>"
    )


def _draw_post(message: Json, screen: Screen) -> str:
    is_app = message.get("user") == BOT_USER
    name = "Naru" if is_app else screen.names.get(message.get("user", ""), "")
    moment = datetime.fromtimestamp(float(message["ts"]), UTC) + screen.shift
    blocks = message.get("blocks") or [{"type": "section", "text": {"text": message["text"]}}]
    seen = "👀" if message.get("reactions") else ""
    return (
        f"<div class=post><div class='face {'app' if is_app else ''}' style='flex:none'>"
        f"{html.escape(name[:1])}</div><div><span class=name>{html.escape(name)}</span>"
        f"{'<span class=badge>APP</span>' if is_app else ''}"
        f"<span class=time>{moment.astimezone(SEOUL):%H:%M}</span>"
        f"{''.join(part for block in blocks for part in draw_block(block))}"
        f"{f'<span class=seen>{seen} 1</span>' if seen else ''}</div></div>"
    )


def draw_block(block: Json) -> Iterator[str]:
    """One block of Block Kit as HTML."""
    kind = block["type"]
    if kind == "divider":
        yield "<hr>"
    elif kind == "actions":
        keys = "".join(_draw_key(one) for one in block["elements"])
        yield f"<div class=keys>{keys}</div>"
    elif kind == "context":
        for one in block["elements"]:
            yield f"<div class='text context'>{draw_mrkdwn(one.get('text', ''))}</div>"
    elif kind == "rich_text":
        runs = [run for part in block["elements"] for run in part.get("elements", [])]
        yield f"<div class=text>{''.join(map(_draw_run, runs))}</div>"
    elif kind == "markdown":
        yield f"<div class=text>{draw_mrkdwn(block['text'].replace('**', '*'))}</div>"
    else:
        look = "header" if kind == "header" else "text"
        if "text" in block:
            yield f"<div class={look}>{draw_mrkdwn(block['text']['text'])}</div>"
        if fields := block.get("fields"):
            cells = "".join(f"<div>{draw_mrkdwn(one['text'])}</div>" for one in fields)
            yield f"<div class='text fields'>{cells}</div>"
        if "accessory" in block:
            yield f"<div class=keys>{_draw_key(block['accessory'])}</div>"


def draw_mrkdwn(text: str) -> str:
    """Slack's markup as HTML. What it escapes is HTML already."""
    pieces = LINK.split(text)
    shown = []
    for number, piece in enumerate(pieces):
        if number % 3 == 0:
            for pattern, tag in MARKS:
                piece = re.sub(pattern, rf"<{tag}>\1</{tag}>", piece)
            shown.append(piece)
        elif number % 3 == 1:
            shown.append(f"<a>{pieces[number + 1] or html.escape(piece)}</a>")
    return "".join(shown)


def _draw_key(element: Json) -> str:
    look = element.get("style", "plain")
    return f"<span class={look}>{html.escape(element.get('text', {}).get('text', '…'))}</span>"


def _draw_run(run: Json) -> str:
    words = html.escape(str(run.get("text") or run.get("url") or ""))
    if run.get("type") == "link":
        return f"<a>{words}</a>"
    return f"<b>{words}</b>" if (run.get("style") or {}).get("bold") else words
