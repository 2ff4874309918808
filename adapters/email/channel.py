"""E-mail as a channel: mails out, files of mails, threads."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from email.errors import MessageError
from typing import TypeVar

from aiosmtplib import SMTP

from adapters.email.errors import translate_smtp_errors
from adapters.email.inbound import CHANNEL, find_place, strip_prefix
from adapters.email.limits import EMAIL_LIMITS
from adapters.email.mailbox import Mailbox
from adapters.email.message_ids import (
    CASE_PREFIX,
    MailPlace,
    digest_key,
    is_known_root,
    name_thread,
    write_message_id,
)
from adapters.email.outbound import Attachment, ThreadHead, render_mail
from adapters.email.reading.mail import MailRecord, find_file, parse_mail
from adapters.email.servers import MailAccount
from adapters.messaging.messenger import FetchFile
from adapters.messaging.previews import Preview
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused, NotDelivered
from bot.messages import Account, Address, File, Message

log = logging.getLogger(__name__)

T = TypeVar("T")

SMTP_TIMEOUT_SECONDS = 20.0  # for each answer of the server
MAX_CONNECTIONS = 4  # of one kind at once; providers allow ten or fifteen of an account in all
MAX_REMEMBERED_THREADS = 1_000  # of others the beginning is looked up in the mailbox


class EmailChannel:
    """One mail account. `fetch` gets files of other messengers, `now` tells the time of a mail."""

    name = CHANNEL
    limits = EMAIL_LIMITS

    def __init__(self, account: MailAccount, fetch: FetchFile, now: Callable[[], datetime]) -> None:
        self.account = account
        self._fetch_elsewhere = fetch
        self._now = now
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._heads: OrderedDict[MailPlace, ThreadHead] = OrderedDict()

    async def start(self) -> str:
        """Log in at both servers; returns the address. Raises DeliveryRefused for a password that
        one of them does not take, DeliveryUncertain if one cannot be reached."""
        await self.check_imap()
        await self.check_smtp()
        return self.account.address

    @property
    def public_address(self) -> str:
        """The address that mails to Naru go to."""
        return self.account.address

    async def stop(self) -> None:
        """Nothing is kept open: each mail has a connection of its own."""

    async def check_imap(self) -> Mailbox:
        """Log in at the IMAP server once; the closed mailbox, with what it can. Raises as `start`."""
        mailbox = Mailbox(self.account)
        try:
            await asyncio.to_thread(mailbox.connect)
        finally:
            mailbox.close()
        return mailbox

    async def check_smtp(self) -> None:
        """Log in at the SMTP server once. Raises as `start`."""
        with self._translate(private=True, login="NARU_EMAIL_USER with NARU_EMAIL_PASSWORD"):
            async with self._connect():
                pass

    def note_mail(self, record: MailRecord) -> None:
        """Remember what the next mail of a thread refers to: the mail that came in."""
        place = find_place(record)
        known = self._heads.get(place, ThreadHead())
        root = known.root or (record["references"] or [record["id"]])[-1]
        if not place.room and name_thread(root) != place.thread:
            root = place.thread if is_known_root(place.thread) else ""
        self._remember(place, ThreadHead(strip_prefix(record["subject"]), root, record["id"]))

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Send a mail to the chat's address, with the files. Raises NotDelivered."""
        recipient = parcel.address.only_to or parcel.address.chat
        place = _find_mail_place(parcel)
        message_id = write_message_id(place, parcel.key, self.account.domain)
        try:
            raw = render_mail(
                parcel,
                sender=self.account.address,
                recipient=recipient,
                place=place,
                message_id=message_id,
                head=await self._find_head(place),
                attachments=await self._fetch_files(parcel.content.files),
                at=self._now(),
            )
        except (ValueError, MessageError) as error:  # an address that no header can hold
            raise DeliveryRefused(f"no mail can be made for {recipient}: {error}") from error
        with self._translate(private=not place.room):
            async with self._slots, self._connect() as server:
                await server.sendmail(self.account.address, [recipient], raw)
        await self._keep_copy(message_id, raw)
        return SentMessage(digest_key(parcel.key))

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Mail a case's card in its new state: a mail cannot be changed. Nothing if it has none."""
        if parcel.card is None:
            return SentMessage(None)
        await self.send(parcel)
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """The thread's own id: its mails are told apart by what they refer to."""
        return f"{CASE_PREFIX}{address.staff_thread}"

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Nothing: threads of mails are neither open nor closed."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """The mail, if the folder of sent mails has it. Raises NotDelivered if the mailbox cannot
        be asked: then it is not known."""
        message_id = write_message_id(_find_mail_place(parcel), parcel.key, self.account.domain)
        found = await self._ask_mailbox(lambda mailbox: mailbox.is_sent(message_id))
        return SentMessage(digest_key(parcel.key)) if found else None

    async def mark_seen(self, message: Message) -> None:
        """Nothing: mails have no such mark."""

    async def show_preview(self, preview: Preview) -> None:
        """Nothing: a mail is sent once."""

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file of a mail. Raises DeliveryRefused if the mail is no longer in the
        inbox, DeliveryUncertain if the server cannot be reached."""
        part, _, message_id = file.ref.partition(":")
        raw = await self._ask_mailbox(lambda mailbox: mailbox.find_mail(message_id))
        content = await asyncio.to_thread(find_file, parse_mail(raw), int(part)) if raw else None
        if content is None:
            raise DeliveryRefused(f"{file.name}: the mail with it is no longer in the inbox")
        return content

    async def find_person(self, user: str) -> Account:
        """An account by its address; of a mailbox nothing else is known."""
        return Account(user.lower())

    async def is_public_room(self, chat: str) -> bool:  # noqa: ARG002
        """False: who reads a mailbox or a list cannot be asked."""
        return False

    def _connect(self) -> SMTP:
        server = self.account.smtp
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=self.account.user,
            password=self.account.password,
            local_hostname=self.account.domain,
            timeout=SMTP_TIMEOUT_SECONDS,
            use_tls=server.encryption == "tls",
            start_tls=server.encryption == "starttls",
        )

    def _translate(
        self, *, private: bool, login: str = ""
    ) -> contextlib.AbstractContextManager[None]:
        what = f"The SMTP server {self.account.smtp.host}"
        return translate_smtp_errors(what, private=private, login=login)

    async def _fetch_files(self, files: tuple[File, ...]) -> tuple[Attachment, ...]:
        fetched = []
        for file in files:
            fetch = self.fetch_file if file.channel == self.name else self._fetch_elsewhere
            fetched.append(Attachment(file, await fetch(file)))
        return tuple(fetched)

    async def _find_head(self, place: MailPlace) -> ThreadHead:
        """What the next mail of a thread refers to: as remembered, else as the mailbox has it."""
        if place.room:
            root = write_message_id(place, "root", self.account.domain)
            return ThreadHead(root=root, latest=self._heads.get(place, ThreadHead()).latest)
        if not is_known_root(place.thread):
            return self._heads.get(place, ThreadHead())
        if known := self._heads.get(place):
            return known
        try:
            raw = await self._ask_mailbox(lambda mailbox: mailbox.find_header(place.thread))
        except NotDelivered as error:
            log.warning("the beginning of a thread was not looked up: %s", error)
            return ThreadHead(root=place.thread)
        subject = str(parse_mail(raw).get("Subject", "")) if raw else ""
        head = ThreadHead(strip_prefix(" ".join(subject.split())), place.thread)
        self._remember(place, head)
        return head

    def _remember(self, place: MailPlace, head: ThreadHead) -> None:
        self._heads[place] = head
        self._heads.move_to_end(place)
        if len(self._heads) > MAX_REMEMBERED_THREADS:
            self._heads.popitem(last=False)

    async def _keep_copy(self, message_id: str, raw: bytes) -> None:
        """Keep what went out, so that a mail of unknown outcome can be found there."""
        try:
            await self._ask_mailbox(lambda mailbox: mailbox.keep_copy(message_id, raw))
        except NotDelivered as error:  # it went out all the same
            log.warning("no copy of a sent mail was kept: %s", error)

    async def _ask_mailbox(self, call: Callable[[Mailbox], T]) -> T:
        """What `call` finds in a connection of its own."""

        def ask() -> T:
            mailbox = Mailbox(self.account)
            try:
                mailbox.connect()
                return call(mailbox)
            finally:
                mailbox.close()

        async with self._slots:
            return await asyncio.to_thread(ask)


def _find_mail_place(parcel: PlatformMessage) -> MailPlace:
    """Where a mail stands: a case's thread in a room, or a person's thread."""
    thread = parcel.thread or ""
    return MailPlace(parcel.address.chat if thread.startswith(CASE_PREFIX) else "", thread)
