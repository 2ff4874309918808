"""A mail's bytes as the JSON that is stored: who, what about, the words, and the list of its files."""

from __future__ import annotations

import email
import hashlib
import html
import logging
import re
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from typing import Any

from adapters.email.reading.authentication import is_verified
from adapters.email.reading.automatic import find_automatic_sign
from adapters.email.reading.headers import TolerantPolicy
from adapters.email.servers import UNCHECKED, MailAccount
from ingest.errors import Unreadable
from ingest.formats.text.encoding import decode_text
from ingest.formats.text.html import read_html

log = logging.getLogger(__name__)

LOGO_LIMIT_BYTES = (
    8_000  # of a picture within the text: a smaller one is a signature's or a tracker
)
HTML_LIMIT_CHARACTERS = 200_000
MAX_REFERENCES = 40
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_ID = re.compile(r"<([!-;=?-~]+)>")  # printable ASCII without brackets

_POLICY = TolerantPolicy()

MailRecord = dict[str, Any]


def parse_mail(raw: bytes) -> EmailMessage:
    """The mail of these bytes; whatever is malformed in it shows when that is read."""
    found = email.message_from_bytes(raw, policy=_POLICY)
    assert isinstance(found, EmailMessage)
    return found


def describe_mail(raw: bytes, account: MailAccount, size: int = 0) -> MailRecord:
    """What is stored of a mail: `id`, `references` (the latest first), `from`, `own_domain`,
    `sender_name`, `subject`, `text`, `files`, `verified`, and `automatic` with the reason if no
    person wrote it.
    `size` is given for one that is too large: `raw` is then its header only."""
    mail = parse_mail(raw)
    senders = getaddresses([str(one) for one in mail.get_all("From", [])])
    name, address = senders[0] if senders else ("", "")
    address = address.strip().lower()
    automatic = find_automatic_sign(mail, address, account.address.lower())
    record: MailRecord = {
        "id": _read_id(mail, raw),
        "references": _read_references(mail),
        "from": address,
        "own_domain": account.domain,
        "automatic": automatic,
    }
    if automatic:
        return record
    results = [str(one) for one in mail.get_all("Authentication-Results", [])]
    domain = address.rpartition("@")[2]
    return record | {
        "sender_name": " ".join(name.split())[:100],
        "subject": " ".join(str(mail.get("Subject", "")).split()),
        "text": "" if size else read_body(mail),
        "files": [_describe_whole(mail, size)] if size else list_files(mail),
        "verified": account.authserv_id == UNCHECKED
        or (len(senders) == 1 and is_verified(results, account.authserv_id, domain)),
    }


def describe_unreadable(raw: bytes, account: MailAccount) -> MailRecord:
    """The same of a mail that cannot be read: it has no words, so that no message comes of it."""
    digest = hashlib.sha256(raw).hexdigest()[:40]
    return {"id": f"unreadable.{digest}", "references": [], "from": "",
            "own_domain": account.domain, "automatic": ""}  # fmt: skip


def read_body(mail: EmailMessage) -> str:
    """The words of a mail: its plain texts, else its HTML without markup and without what is
    hidden; "" if it has neither."""
    return "\n".join(text for part in _list_bodies(mail) if (text := _read_text(part)))


def _list_bodies(mail: MIMEPart) -> list[MIMEPart]:
    """The parts that hold the words. Some programs write one before and one after a picture."""
    kind = mail.get_content_type()
    if mail.is_attachment() or kind == "message/rfc822":
        return []
    if kind == "multipart/alternative":
        return _choose_alternative(mail)
    if mail.is_multipart():
        return [body for part in mail.iter_parts() for body in _list_bodies(part)]
    return [mail] if kind in ("text/plain", "text/html") and not mail.get_filename() else []


def _choose_alternative(mail: MIMEPart) -> list[MIMEPart]:
    """The plain form if it has any words, else the other."""
    forms = [bodies for part in mail.iter_parts() if (bodies := _list_bodies(part))]
    worded = [bodies for bodies in forms if any(_read_text(one) for one in bodies)]
    plain = (one for one in worded if one[0].get_content_type() == "text/plain")
    return next(plain, next(iter(worded), []))


def _read_text(part: MIMEPart) -> str:
    text = _decode(part).replace("\r\n", "\n")
    if part.get_content_type() == "text/html":
        text = _read_markup(text[:HTML_LIMIT_CHARACTERS]) if text.strip() else ""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\x00", "").strip()


def _read_markup(text: str) -> str:
    """The words of HTML; without its structure where the reader of documents cannot read it."""
    try:
        return read_html(text).markdown
    except Exception as error:  # the parser's own, or of a depth that no person writes
        log.warning("the HTML of a mail is read without its structure: %s", type(error).__name__)
        return html.unescape(_TAG.sub(" ", text))


def list_files(mail: EmailMessage) -> list[MailRecord]:
    """The files of a mail, each with the number of its part."""
    return [
        {
            "part": number,
            "name": part.get_filename() or _name_part(part, number),
            "mime": part.get_content_type(),
            "size": len(read_part(part)),
        }
        for number, part in _list_file_parts(mail)
    ]


def find_file(mail: EmailMessage, number: int) -> bytes | None:
    """The bytes of the file that is part `number`; None if there is none."""
    return next((read_part(part) for at, part in _list_file_parts(mail) if at == number), None)


def read_part(part: MIMEPart) -> bytes:
    """The bytes of a part; of an attached mail that mail."""
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return content
    inner = next(part.iter_parts(), None) if part.is_multipart() else None
    return inner.as_bytes() if inner else b""


def _list_file_parts(mail: EmailMessage) -> list[tuple[int, MIMEPart]]:
    return [(number, part) for number, part in enumerate(_walk_parts(mail)) if _is_file(part)]


def _walk_parts(mail: MIMEPart) -> list[MIMEPart]:
    """The parts without the forms of a text and those of attached mails, which are files."""
    kind = mail.get_content_type()
    if kind == "message/rfc822" or not mail.is_multipart():
        return [mail]
    inner = [one for part in mail.iter_parts() for one in _walk_parts(part)]
    if kind == "multipart/alternative":
        return [one for one in inner if one.get_content_maintype() != "text"]
    return inner


def _is_file(part: MIMEPart) -> bool:
    if part.is_attachment() or part.get_content_type() == "message/rfc822":
        return True
    if part.get_content_maintype() == "text" and not part.get_filename():
        return part.get_content_type() not in ("text/plain", "text/html")
    is_shown = part.get("Content-ID") is not None and part.get_content_maintype() == "image"
    return not is_shown or len(read_part(part)) > LOGO_LIMIT_BYTES


def _name_part(part: MIMEPart, number: int) -> str:
    if part.get_content_type() == "message/rfc822":
        return f"mail-{number}.eml"
    return f"file-{number}.{part.get_content_subtype()}"


def _describe_whole(mail: EmailMessage, size: int) -> MailRecord:
    """A mail that is too large to be fetched, as one file."""
    name = " ".join(str(mail.get("Subject", "")).split())[:80] or "mail"
    return {"part": -1, "name": f"{name}.eml", "mime": "message/rfc822", "size": size}


def _decode(part: MIMEPart) -> str:
    """A text part; what its charset does not explain becomes replacement characters. Programs that
    name no charset write UTF-8 or the Korean one."""
    try:
        if part.get_content_charset() is None and isinstance(
            content := part.get_payload(decode=True), bytes
        ):
            return decode_text(content) if content else ""
    except Unreadable:
        pass
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, ValueError):
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _read_id(mail: EmailMessage, raw: bytes) -> str:
    """The Message-ID without its brackets; of a mail without one a digest of the mail."""
    # As it came: the library's parser of ids refuses forms that mail programs write.
    raw_ids = [str(value) for key, value in mail.raw_items() if key.lower() == "message-id"]
    found = _ID.findall(" ".join(raw_ids))
    return found[0] if found else f"none.{hashlib.sha256(raw).hexdigest()[:40]}"


def _read_references(mail: EmailMessage) -> list[str]:
    """The mails that this one answers, the latest first, the beginning of the thread last."""
    answered = _ID.findall(str(mail.get("In-Reply-To", "")))  # decoded: some encode long ids
    earlier = _ID.findall(str(mail.get("References", "")))
    listed = list(dict.fromkeys([*answered[:1], *reversed(earlier)]))
    return listed if len(listed) <= MAX_REFERENCES else [*listed[: MAX_REFERENCES - 1], listed[-1]]
