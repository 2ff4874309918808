"""Accounts of staff who have no messenger: a mail address with one-time codes (TOTP, RFC 6238).

The secret must be kept to check codes; recovery codes are kept as digests.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from bot.store import tables as t
from bot.store.console.sessions import compute_digest
from bot.types import CONSOLE_CHANNEL
from knowledge.database.engine import open_reader, write_transaction

STEP_SECONDS = 30
CLOCK_TOLERANCE_STEPS = 1
RECOVERY_CODE_COUNT = 10
RECOVERY_CODE_BYTES = 10
FAILURE_LIMIT = 5  # wrong codes until an account waits
LOCK_TIME = timedelta(
    minutes=15
)  # after the first FAILURE_LIMIT wrong codes; twice as long each time
LOCK_DOUBLINGS = 6


class ConsoleAccounts:
    """The accounts that sign in with a one-time code."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def add(self, email: str, by: str, now: datetime) -> tuple[str, Sequence[str]]:
        """Make an account, or give the one that is there a new secret; its secret in base 32 and its
        recovery codes, which are shown once."""
        secret = pyotp.random_base32()
        codes = [secrets.token_hex(RECOVERY_CODE_BYTES) for _ in range(RECOVERY_CODE_COUNT)]
        row = {
            "email": email, "secret": secret, "added_by": by, "added_at": now, "last_step": 0,
            "failures": 0,
        }  # fmt: skip
        with write_transaction(self._engine) as connection:
            for table in (t.console_accounts, t.recovery_codes):
                connection.execute(delete(table).where(table.c.email == email))
            connection.execute(insert(t.console_accounts).values(row))
            digests = [{"digest": compute_digest(code), "email": email} for code in codes]
            connection.execute(insert(t.recovery_codes), digests)
        return secret, codes

    def remove(self, email: str) -> bool:
        """Delete an account; whether there was one."""
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.recovery_codes).where(t.recovery_codes.c.email == email))
            gone = delete(t.console_accounts).where(t.console_accounts.c.email == email)
            return connection.execute(gone).rowcount == 1

    def list_all(self) -> list[str]:
        """The mail addresses of all accounts."""
        query = select(t.console_accounts.c.email).order_by(t.console_accounts.c.email)
        with self._reader.connect() as connection:
            return list(connection.execute(query).scalars())

    def check(self, email: str, code: str, now: datetime) -> bool:
        """Whether a one-time or a recovery code is right; it is spent then. After FAILURE_LIMIT wrong
        ones no one-time code is until LOCK_TIME has passed, and longer each time. Recovery codes, which
        cannot be guessed, are: who knows only an address can lock no one out."""
        code = normalise_code(code)
        a = t.console_accounts.c
        own = a.email == email
        if not email.isprintable():  # PostgreSQL takes no NUL
            return False
        with write_transaction(self._engine) as connection:
            # locked, so that codes that are tried at the same time are all counted
            row = connection.execute(
                select(t.console_accounts).where(own).with_for_update()
            ).first()
            if row is None:
                return False
            is_waiting = is_locked(row.locked_until, now)
            step = 0 if is_waiting else find_step(row.secret, code, now)
            good = {"failures": 0, "locked_until": None}
            # a later step was spent while the clock was wrong
            is_unspent = or_(a.last_step < step, a.last_step > step + 2 * CLOCK_TOLERANCE_STEPS)
            fresh = update(t.console_accounts).where(own, is_unspent)
            if step and connection.execute(fresh.values(last_step=step, **good)).rowcount:
                return True
            r = t.recovery_codes.c
            spend = update(t.recovery_codes).where(
                r.email == email, r.digest == compute_digest(code), r.spent_at.is_(None)
            )
            if connection.execute(spend.values(spent_at=now)).rowcount:
                connection.execute(update(t.console_accounts).where(own).values(good))
                return True
            if is_waiting:
                return False
            missed = {
                "failures": row.failures + 1,
                "locked_until": find_lock(row.failures + 1, now),
            }
            connection.execute(update(t.console_accounts).where(own).values(missed))
            return False


def close_account(connection: Connection, email: str) -> None:
    """Delete the account of somebody who is staff nowhere any more."""
    s = t.staff.c
    own = (s.channel == CONSOLE_CHANNEL) & (s.user == email) & s.removed_at.is_(None)
    if connection.execute(select(s.mission).where(own)).first() is None:
        for table in (t.recovery_codes, t.console_accounts):
            connection.execute(delete(table).where(table.c.email == email))


def normalise_code(code: str) -> str:
    """A code as it was shown: full-width digits, capitals, spaces and hyphens are how people type it."""
    return "".join(unicodedata.normalize("NFKC", code).replace("-", " ").split()).lower()


def find_lock(failures: int, now: datetime) -> datetime | None:
    """Until when an account with so many wrong codes in a row waits; None: it need not."""
    rounds, rest = divmod(failures, FAILURE_LIMIT)
    return now + LOCK_TIME * 2 ** min(rounds - 1, LOCK_DOUBLINGS) if rest == 0 else None


def is_locked(until: datetime | None, now: datetime) -> bool:
    """Whether an account waits. One that would for longer than any does was locked by a wrong clock."""
    return until is not None and now < until <= now + LOCK_TIME * 2**LOCK_DOUBLINGS


def find_step(secret: str, code: str, now: datetime) -> int:
    """The number of the 30-second step whose code this is, one step early or late allowed; 0 for a
    wrong one."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - CLOCK_TOLERANCE_STEPS, present + CLOCK_TOLERANCE_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            return step
    return 0
