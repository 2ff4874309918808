"""A connection to the mailbox: which mails are new, their bytes, and what is marked on them.

Every method blocks and ends within IMAP_TIMEOUT_SECONDS for each answer of the server; all raise
what is below NotDelivered. See docs/decisions/0094-mail-by-imapclient-and-aiosmtplib.md
"""

from __future__ import annotations

import contextlib
import ssl
import time
from datetime import date

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError
from imapclient.imapclient import SENT

from adapters.email.errors import translate_imap_errors
from adapters.email.limits import MAIL_LIMIT_BYTES
from adapters.email.servers import MailAccount

IMAP_TIMEOUT_SECONDS = 20.0  # for each answer
TAKEN = "NaruTaken"  # the keyword on a mail that is stored; \Seen where a server keeps no keywords
INBOX = "INBOX"
MAX_CANDIDATES = 20  # that are looked at for one Message-ID
_BODY, _HEADER, _SIZE = b"BODY[]", b"BODY[HEADER]", b"RFC822.SIZE"


class Mailbox:
    """One connection, opened by `connect`. Not for several threads at once."""

    def __init__(self, account: MailAccount) -> None:
        self._account = account
        self._client: IMAPClient | None = None
        self.keeps_keywords = False

    def connect(self) -> None:
        """Log in and open the inbox. Raises DeliveryRefused for a wrong password."""
        server = self._account.imap
        with self._translate():
            self._client = IMAPClient(
                server.host, server.port, ssl=server.encryption == "tls",
                timeout=IMAP_TIMEOUT_SECONDS,
            )  # fmt: skip
            if server.encryption == "starttls":
                self._client.starttls(ssl.create_default_context())
            self._client.login(self._account.user, self._account.password)
            state = self._client.select_folder(INBOX)
            allowed = state.get(b"PERMANENTFLAGS", ())
            self.keeps_keywords = b"\\*" in allowed or TAKEN.encode() in allowed

    def close(self) -> None:
        """Close the connection, also under a call that is waiting in another thread."""
        if self._client is not None:
            with contextlib.suppress(IMAPClientError, OSError):
                self._client.shutdown()

    def list_new(self, since: date) -> list[int]:
        """The UIDs of mails that came in on `since` or later and are not taken, oldest first."""
        wanted = ["UNKEYWORD", TAKEN] if self.keeps_keywords else ["UNSEEN"]
        with self._translate():
            return sorted(self._open.search([*wanted, "SINCE", since]))

    def fetch(self, uid: int) -> tuple[bytes, int] | None:
        """A mail's bytes and 0; of one that is too large its header and its size in bytes; None if
        it is gone."""
        with self._translate():
            found = self._open.fetch([uid], [_SIZE]).get(uid)
            if not found:
                return None
            size = int(found.get(_SIZE, 0))
            part = _HEADER if size > MAIL_LIMIT_BYTES else _BODY
            asked = part.replace(b"BODY[", b"BODY.PEEK[")
            content = self._open.fetch([uid], [asked]).get(uid, {}).get(part)
            return (content, size if part == _HEADER else 0) if content else None

    def mark_taken(self, uid: int) -> None:
        """Note on a mail that it is stored."""
        flags = [TAKEN, SEEN] if self.keeps_keywords else [SEEN]
        with self._translate():
            self._open.add_flags([uid], flags, silent=True)

    def find_mail(self, message_id: str) -> bytes | None:
        """The bytes of the first mail in the inbox with this Message-ID; None if there is none."""
        with self._translate():
            uid, _ = self._find("Message-ID", message_id)
            content = self._open.fetch([uid], [b"BODY.PEEK[]"])[uid].get(_BODY) if uid else None
            return bytes(content) if content else None

    def find_header(self, message_id: str) -> bytes | None:
        """The header of the first mail in the inbox with this Message-ID, or that refers to it."""
        with self._translate():
            return (
                self._find("Message-ID", message_id)[1] or self._find("References", message_id)[1]
            )

    def find_sent_folder(self) -> str | None:
        """The folder of sent mails; None if there is none."""
        with self._translate():
            folder = self._open.find_special_folder(SENT)
            return str(folder) if folder else None

    def is_sent(self, message_id: str) -> bool:
        """Whether the folder of sent mails has one with this Message-ID."""
        folder = self.find_sent_folder()
        if folder is None:
            return False
        with self._translate():
            self._open.select_folder(folder, readonly=True)
            return bool(self._find("Message-ID", message_id)[0])

    def keep_copy(self, message_id: str, raw: bytes) -> None:
        """Put a mail that went out into the folder of sent mails, unless its server did."""
        folder = self.find_sent_folder()
        if folder is not None and not self.is_sent(message_id):
            with self._translate():
                self._open.append(folder, raw, flags=(SEEN,))

    def begin_idle(self) -> bool:
        """Let the server tell of new mail; False if it cannot."""
        with self._translate():
            if not self._open.has_capability("IDLE"):
                return False
            self._open.idle()
            return True

    def check_idle(self, seconds: float) -> bool:
        """Wait up to `seconds` for the server to tell something. Whether it did, or hung up: the
        library then says nothing, but at once."""
        began = time.monotonic()
        with self._translate():
            told = bool(self._open.idle_check(timeout=seconds))
        return told or time.monotonic() - began < seconds / 2

    def end_idle(self) -> None:
        """End what `begin_idle` began."""
        with self._translate():
            self._open.idle_done()

    def _find(self, name: str, message_id: str) -> tuple[int, bytes | None]:
        """The UID and the header of the first mail of the folder whose header `name` has this very
        id: the server looks for parts of it as well. 0 and None if there is none."""
        found = sorted(self._open.search(["HEADER", name, message_id]))[:MAX_CANDIDATES]
        for uid in found:
            header = self._open.fetch([uid], [b"BODY.PEEK[HEADER]"]).get(uid, {}).get(_HEADER)
            if header and f"<{message_id}>".encode() in header:
                return uid, bytes(header)
        return 0, None

    @property
    def _open(self) -> IMAPClient:
        if self._client is None:
            raise OSError("not connected")
        return self._client

    def _translate(self) -> contextlib.AbstractContextManager[None]:
        return translate_imap_errors(f"The IMAP server {self._account.imap.host}")
