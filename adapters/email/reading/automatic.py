"""Which mails no person wrote to Naru: answers of machines, bounces, lists and Naru's own."""

from __future__ import annotations

import re
from email.message import EmailMessage

ADDRESS_LIMIT_CHARACTERS = 74  # of a sender's address, which is stored as "email:…" in 80
_MACHINES = re.compile(
    r"(?:no|do[-_.]?not|donot)[-_.]?reply.*|mailer-daemon|postmaster|bounces?([-+_.].*)?|"
    r".*[-+_.](?:bounces?|noreply|no-reply)",
    re.IGNORECASE,
)
_BULK = ("bulk", "list", "junk", "auto_reply", "auto-reply")


def find_automatic_sign(mail: EmailMessage, sender: str, own: str) -> str:
    """Why a mail asks nothing of Naru (RFC 3834 and what Exchange and lists write); "" for one that
    a person wrote. `sender` and `own` are addresses in lower case."""
    local = sender.partition("@")[0]
    signs = (
        (sender == own, "own"),
        (not sender or len(sender) > ADDRESS_LIMIT_CHARACTERS, "no sender"),
        (_MACHINES.fullmatch(local) is not None, "machine"),
        (_read(mail, "Auto-Submitted").partition(";")[0].strip() not in ("", "no"), "auto"),
        ("X-Auto-Response-Suppress" in mail or "X-Autoreply" in mail, "auto"),
        ("X-Autorespond" in mail or "X-Failed-Recipients" in mail, "auto"),
        (_read(mail, "Precedence") in _BULK, "bulk"),
        ("List-Id" in mail or "List-Unsubscribe" in mail, "list"),
        (_read(mail, "Return-Path") == "<>", "bounce"),
        (mail.get_content_type() == "multipart/report", "report"),
    )
    return next((reason for found, reason in signs if found), "")


def _read(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, "")).strip().lower()
