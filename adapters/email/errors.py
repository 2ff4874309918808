"""What mail servers answer, as the bot's errors (RFC 5321, RFC 3463 and RFC 5530)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from imapclient.exceptions import IMAPClientError, LoginError

from bot.errors import (
    DeliveryRefused,
    DeliveryUncertain,
    NotDelivered,
    PersonRefused,
    RateLimited,
    RoomRefused,
)

BUSY_WAIT_SECONDS = 60.0  # after a server's "not now"; most mean a few minutes by it
TOO_LARGE_CODES = (523, 552)
_TEMPORARY_LOGIN = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.I)


@contextmanager
def translate_imap_errors(what: str) -> Iterator[None]:
    """Raise DeliveryRefused for a login that the IMAP server does not know, DeliveryUncertain for
    what else its library raises. `what` is the server, as people know it."""
    try:
        yield
    except LoginError as error:
        if _TEMPORARY_LOGIN.search(str(error)):
            raise DeliveryUncertain(f"{what} takes no login now: {error}") from error
        raise DeliveryRefused(
            f"{what} does not take NARU_EMAIL_USER with NARU_EMAIL_PASSWORD. Copy the password "
            "again; many providers want an app password here, and IMAP switched on."
        ) from error
    except (IMAPClientError, OSError, ValueError) as error:  # ValueError: no IMAP at all
        raise DeliveryUncertain(f"{what} cannot be used: {_describe(error)}") from error


@contextmanager
def translate_smtp_errors(what: str, *, private: bool, login: str = "") -> Iterator[None]:
    """Raise what is below NotDelivered for an SMTP server's refusals. `private`: the mail goes to a
    person, no room; `login`: the settings that hold the login, where only it is tried, so that
    a wrong password is final."""
    try:
        yield
    except SMTPAuthenticationError as error:
        if login and error.code >= 500:
            raise DeliveryRefused(
                f"{what} does not take {login}. Copy the password again; many providers want an app "
                "password here."
            ) from error
        raise DeliveryUncertain(f"{what} takes no login: {error.message}") from error
    except SMTPRecipientsRefused as error:
        raise _translate_recipient(error, private=private) from error
    except SMTPResponseException as error:
        raise classify_answer(error.code, error.message) from error
    except (SMTPException, OSError) as error:
        raise DeliveryUncertain(f"{what} cannot be used: {_describe(error)}") from error


def classify_answer(code: int, message: str) -> NotDelivered:
    """The error for an answer about a mail as a whole, by its code."""
    if code == 421 or code < 400:
        return DeliveryUncertain(message)
    if code < 500:
        return RateLimited(BUSY_WAIT_SECONDS)
    if code in (530, 535):  # the login, which an admin repairs
        return DeliveryUncertain(message)
    return DeliveryRefused(f"the mail server refused the mail: {code} {message}")


def _translate_recipient(error: SMTPRecipientsRefused, *, private: bool) -> NotDelivered:
    first = error.recipients[0]
    if first.code < 500:
        return RateLimited(BUSY_WAIT_SECONDS)
    if first.code in TOO_LARGE_CODES:
        return DeliveryRefused(f"{first.code} {first.message}")
    kind = PersonRefused if private else RoomRefused
    return kind(f"{first.code} {first.message}")


def _describe(error: Exception) -> str:
    return str(error) or type(error).__name__
