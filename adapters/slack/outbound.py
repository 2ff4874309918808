"""Platform messages as Slack's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from adapters.messaging.addresses import render_sources
from adapters.messaging.emphasis import bind_marks, split_heading
from adapters.slack.limits import (
    SLACK_BUTTON_LIMIT,
    SLACK_HEADER_LIMIT,
    SLACK_TEXT_OBJECT_LIMIT,
)
from bot.delivery.splitting import split_text
from bot.messages import Button, Content
from bot.phrases import render_phrase

# Without what may follow an address in a sentence, and what would end or split the code around it.
_WEB_ADDRESS = re.compile(
    r"""(https?://(?:(?![<>|])[!-~])*?[^\s<>|"'`(){}\[\].,;:!?*_~\u0080-\U0010ffff])(?=[.,;:!?*_~]*(?:[\s<>|"'`(){}\[\]\u0080-\U0010ffff]|$))"""
)
# Words that call everybody in a channel, if Slack takes them for that.
_CALL = re.compile(r"(?<!\w)@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)


def render_blocks(content: Content) -> list[dict[str, Any]]:
    """Block Kit: the heading above a message with buttons or small print, who is called, the text as it is
    typed, that small print (sources, what staff should know), the buttons."""
    head, text = _split_heading(content)
    bold = frozenset(content.headings)
    details = _render_text_objects(content.details, _render_source_links)
    called = " ".join(f"<@{user}>" for user in content.mentions)
    calls = {"type": "mrkdwn", "text": called}
    return [
        *head,
        *([{"type": "section", "text": calls}] if called else []),
        *(_render_as_typed(piece, bold) for piece in split_text(text, SLACK_TEXT_OBJECT_LIMIT)),
        *({"type": "context", "elements": [one]} for one in details),
        *(
            {"type": "actions", "elements": [_render_button(one) for one in row]}
            for row in content.buttons
        ),
    ]


def _split_heading(content: Content) -> tuple[list[dict[str, Any]], str]:
    """The first line as a header block, where it is a heading, and the text below it."""
    text = bind_marks(content)
    first, _, rest = text.partition("\n")
    fits = first in content.headings and len(first) <= SLACK_HEADER_LIMIT
    if not fits or not (content.buttons or content.details):
        return [], text
    return [{"type": "header", "text": {"type": "plain_text", "text": first}}], rest


def _render_as_typed(text: str, bold: frozenset[str]) -> dict[str, Any]:
    """A text with its headings in bold and its addresses as links. Nothing else of it is read as a
    style, a mention or an emoji, as Slack does with its markup."""
    runs: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n")):
        heading, rest = split_heading(line, bold)
        runs.append({"type": "text", "text": "\n" if number else ""})
        runs.append({"type": "text", "text": heading, "style": {"bold": True}})
        for odd, part in enumerate(_WEB_ADDRESS.split(rest)):  # every second part is an address
            runs.append(
                {"type": "link", "url": part} if odd % 2 else {"type": "text", "text": part}
            )
    section = {"type": "rich_text_section", "elements": _join_runs(runs)}
    return {"type": "rich_text", "elements": [section]}


def _join_runs(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs without the empty ones, and with neighbours that look the same as one."""
    joined: list[dict[str, Any]] = []
    for run in runs:
        if run.get("text") == "":
            continue
        before = joined[-1] if joined else {}
        if "text" in run and "text" in before and run.get("style") == before.get("style"):
            joined[-1] = {**before, "text": before["text"] + run["text"]}
        else:
            joined.append(run)
    return joined


def _render_text_objects(
    text: str, render: Callable[[str], str], limit: int = SLACK_TEXT_OBJECT_LIMIT
) -> list[dict[str, Any]]:
    """Text objects; more than one only where escaping made a text too long for one."""
    objects: list[dict[str, Any]] = []
    for piece in split_text(text, limit):
        escaped = render(piece)
        if len(escaped) > SLACK_TEXT_OBJECT_LIMIT:
            objects += _render_text_objects(piece, render, limit // 2)
        else:
            objects.append({"type": "mrkdwn", "text": escaped, "verbatim": True})
    return objects


def _render_button(button: Button) -> dict[str, Any]:
    text = {"type": "plain_text", "text": button.label[:SLACK_BUTTON_LIMIT]}
    shown = {"type": "button", "action_id": button.key, "value": button.key, "text": text}
    return {**shown, "style": button.style} if button.style else shown


def render_links(text: str) -> str:
    """Escaped text with its web addresses marked as links. Slack is told to take everything else
    as it is (`verbatim`), so that no `@here` or `#channel` in it becomes a mention."""
    parts = _WEB_ADDRESS.split(text)  # every second part is an address
    return "".join(
        f"<{escape_text(part)}>" if number % 2 else escape_text(part)
        for number, part in enumerate(parts)
    )


def _render_source_links(text: str) -> str:
    """The same for the lines of sources, whose titles are the links."""
    return render_sources(
        text, render_links, lambda address, words: f"<{escape_text(address)}|{_name_link(words)}>"
    )


def _name_link(words: str) -> str:
    """The words of a link, in which "|" and ">" would end it."""
    return escape_text(words.replace("|", "¦"))


def escape_text(text: str) -> str:
    """Text with Slack's control characters escaped: relayed `<!channel>` or `<@U…>` notify no one."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render_caption(text: str) -> str:
    """The words of a file, escaped. Slack has no way to be told how to read them, so that an invisible
    mark keeps a typed `@channel` from becoming a mention."""
    return _CALL.sub("@\N{WORD JOINER}", escape_text(text))


def build_reassign_form(container: dict[str, Any]) -> dict[str, Any]:
    """The form that asks for the new mission; it carries the channel and thread of `container`, in
    which it was opened."""
    where = {
        "channel": container.get("channel_id"),
        "thread": container.get("thread_ts") or container.get("message_ts"),
    }
    label = {"type": "plain_text", "text": render_phrase("staff.button_reassign", "ko")}
    field = {
        "type": "input",
        "block_id": "where",
        "label": {"type": "plain_text", "text": render_phrase("staff.reassign_form", "ko")},
        "element": {"type": "plain_text_input", "action_id": "to"},
    }
    return {
        "type": "modal",
        "callback_id": "reassign",
        "private_metadata": json.dumps(where),
        "title": label,
        "submit": label,
        "blocks": [field],
    }
