"""Platform messages as mails: headers of the thread, plain text, simple HTML, files."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapters.email.choices import list_choices, render_choices
from adapters.email.message_ids import CASE_PREFIX, MailPlace
from adapters.messaging.addresses import render_sources
from adapters.messaging.emphasis import bind_marks, split_heading
from bot.delivery.channel import PlatformMessage
from bot.messages import Content, File
from bot.phrases import render_phrase
from knowledge.text.language import detect_language

# Header lines as long as SMTP takes: a shorter limit makes the library break ids into encoded
# words. Bodies of seven bits pass every server.
_POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")
_STYLE = "font-family:sans-serif;font-size:15px;line-height:1.6;white-space:normal"


@dataclass(frozen=True, slots=True)
class ThreadHead:
    """What a mail of a thread refers to: the thread's subject without "Re:", its first mail and the
    latest that came in, "" where that is not known."""

    subject: str = ""
    root: str = ""
    latest: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file with its bytes."""

    file: File
    content: bytes


def render_mail(
    parcel: PlatformMessage,
    *,
    sender: str,
    recipient: str,
    place: MailPlace,
    message_id: str,
    head: ThreadHead,
    attachments: tuple[Attachment, ...],
    at: datetime,
) -> bytes:
    """The mail as it is handed to the server. A plain parcel has no HTML."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = MailAddress("Naru", addr_spec=sender)
    mail["To"] = MailAddress(addr_spec=recipient)
    mail["Subject"] = choose_subject(place, head)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}>"
    if answered := head.latest or head.root:
        mail["In-Reply-To"] = f"<{answered}>"
    if references := dict.fromkeys(one for one in (head.root, head.latest) if one):
        mail["References"] = " ".join(f"<{one}>" for one in references)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(render_plain(parcel.content))
    if not parcel.plain:
        mail.add_alternative(render_html(parcel.content), subtype="html")
    for one in attachments:
        kind, _, subkind = one.file.mime.partition("/")
        mail.add_attachment(
            one.content,
            maintype=kind if subkind and kind != "message" else "application",
            subtype=subkind if subkind and kind != "message" else "octet-stream",
            filename=" ".join(one.file.name.split()),
        )
    return mail.as_bytes()


def choose_subject(place: MailPlace, head: ThreadHead) -> str:
    """The subject of the thread: of a person's own "Re:" and theirs, of a case its number. The same
    in all mails of a thread, because some programs tell threads apart by it."""
    if place.room:
        number, _, part = place.thread.removeprefix(CASE_PREFIX).partition(".")
        return f"[Naru #{number}]" if part in ("", "1") else f"[Naru #{number}-{part}]"
    if place.thread:
        return f"Re: {head.subject}" if head.subject else "Re: Naru"
    return "[Naru]"


def render_plain(content: Content) -> str:
    """The text, the sources below it, and the choices."""
    parts = [content.text, content.details, "\n".join(_list_choice_lines(content))]
    return "\n\n".join(part for part in parts if part) + "\n"


def render_html(content: Content) -> str:
    """The same with headings in bold and sources as links."""
    text = "<br>\n".join(
        f"<b>{_escape(bold)}</b>{_escape(rest)}" if bold else _escape(rest)
        for bold, rest in (
            split_heading(line, content.headings) for line in bind_marks(content).split("\n")
        )
    )
    parts = [f"<p>{text}</p>"] if content.text else []
    if content.details:
        sources = render_sources(content.details, _escape, _render_link).replace("\n", "<br>\n")
        parts.append(f'<p style="color:#555">{sources}</p>')
    if choices := _list_choice_lines(content):
        head, *lines = choices
        shown = "<br>\n".join(f"<b>{_escape(line)}</b>" for line in lines)
        parts.append(f"<p>{_escape(head)}<br>\n{shown}</p>")
    body = "\n".join(parts)
    return f'<!DOCTYPE html>\n<html><body style="{_STYLE}">\n{body}\n</body></html>\n'


def _list_choice_lines(content: Content) -> list[str]:
    """The sentence that explains how to choose, and the choices; [] without any."""
    buttons = list_choices(content)
    if not buttons:
        return []
    labels = " ".join(one.label for one in buttons)
    language = detect_language(content.text or labels)
    return [render_phrase("email.choose", language), *render_choices(buttons)]


def _render_link(address: str, words: str) -> str:
    return f'<a href="{html.escape(address)}">{_escape(words)}</a>'


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
