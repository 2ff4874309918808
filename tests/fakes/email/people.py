"""People who write to Naru by mail: founders, and the mailbox of a body with its staff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import make_msgid

from bot.types import Binding
from tests.fakes.email.provider import NARU, MailProvider, read_plain

GMAIL_HEAD = "2026년 12월 1일 (화) 오후 3:12, Naru <naru@provider.test>님이 작성:"


@dataclass(frozen=True)
class MailPerson:
    """Somebody at an address. `reads` is the mailbox in which they read Naru's mails, where that is
    another; `thread` limits those to one subject."""

    provider: MailProvider
    address: str
    reads: str = ""
    subject: str = ""

    def writes(self, text: str, subject: str = "문의", **headers: str) -> str:
        """A new mail; its Message-ID."""
        mail = self.compose(text, subject)
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        self.provider.deliver(mail)
        return str(mail["Message-ID"])

    def says(self, text: str, *, verified: bool = True) -> str:
        """An answer to the latest mail of Naru's, which it quotes; without one a new mail."""
        if not self.mails():
            return self.writes(text)
        mail = self.answer(text)
        self.provider.deliver(mail, verified=verified)
        return str(mail["Message-ID"])

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None:
        mail = self.answer(text) if self.mails() else self.compose(text, "첨부")
        kind, _, subkind = mime.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=subkind, filename=name)
        self.provider.deliver(mail)

    def compose(self, text: str, subject: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.address, NARU, subject
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        mail.set_content(text)
        return mail

    def answer(self, text: str) -> EmailMessage:
        answered = self.mails()[-1]
        quoted = "\n".join(f"> {line}" for line in read_plain(answered).splitlines())
        subject = str(answered["Subject"])
        subject = subject if subject.startswith("Re:") else f"Re: {subject}"
        mail = self.compose(f"{text}\n\n{GMAIL_HEAD}\n\n{quoted}\n", subject)
        mail["In-Reply-To"] = str(answered["Message-ID"])
        mail["References"] = f"{answered['References'] or ''} {answered['Message-ID']}".strip()
        return mail

    def mails(self) -> list[EmailMessage]:
        found = self.provider.mails_to(self.reads or self.address)
        return [one for one in found if not self.subject or self.subject in str(one["Subject"])]

    def received_texts(self) -> list[str]:
        return [read_plain(one) for one in self.mails()]

    def hears(self, text: str, times: int = 1) -> str:
        def count() -> int:
            return sum(text in one for one in self.received_texts())

        self.provider.wait_for(lambda: count() >= times)
        return next(one for one in reversed(self.received_texts()) if text in one)

    def files(self) -> list[bytes]:
        parts = (part for mail in self.mails() for part in mail.iter_attachments())
        return [bytes(part.get_payload(decode=True)) for part in parts]


@dataclass(frozen=True)
class MailRoom:
    """The mailbox of a body; `user` is one of its staff, with an address of their own."""

    provider: MailProvider
    address: str
    user: str

    def binding(self, mission: str) -> Binding:
        return Binding(mission, "email", self.address)

    def staff_member(self) -> MailPerson:
        return MailPerson(self.provider, self.user, self.address)

    def wait_for_case(self, number: int = 1) -> MailPerson:
        """The thread of the case with this number, once its card is there."""
        person = replace(self.staff_member(), subject=f"[Naru #{number}]")
        self.provider.wait_for(person.mails)
        return person
