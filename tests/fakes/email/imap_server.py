"""An IMAP4rev1 server (RFC 3501) with IDLE (RFC 2177), SPECIAL-USE (RFC 6154) and one account.

As small as a client needs that looks for new mail: LOGIN, LIST, SELECT, EXAMINE, UID SEARCH, UID
FETCH, UID STORE, IDLE, APPEND, LOGOUT. A mail keeps its UID; a keyword is kept if PERMANENTFLAGS has
"\\*". A session is told of new mail at the end of its next command or while it idles.
"""

from __future__ import annotations

import email
import email.policy
import re
import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|([()])|([^\s()]+)')


@dataclass(slots=True)
class StoredMail:
    """A mail in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    came_on: date = field(default_factory=lambda: datetime.now(UTC).date())

    def header(self, name: str) -> str:
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        return str(found.get(name, ""))


@dataclass(slots=True)
class Folder:
    """A mailbox of the account."""

    special: str = ""
    uid_next: int = 1
    uid_validity: int = 7
    mails: list[StoredMail] = field(default_factory=list)

    def add(self, raw: bytes, flags: set[str] | None = None) -> StoredMail:
        mail = StoredMail(self.uid_next, raw, flags or set())
        self.mails.append(mail)
        self.uid_next += 1
        return mail


class ImapServer:
    """`folders` may be changed under `changed`. `fails` makes a command break the connection: it is
    asked with the command's words."""

    def __init__(
        self, user: str, password: str, *, keywords: bool = True, idles: bool = True
    ) -> None:
        self.user, self.password = user, password
        self.keywords, self.idles = keywords, idles
        self.folders = {"INBOX": Folder(), "Sent": Folder("\\Sent")}
        self.changed = threading.Condition(threading.RLock())
        self.commands: list[str] = []
        self.fails: Callable[[str], bool] = lambda _: False
        self._sockets: set[socket.socket] = set()
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server._sockets.add(self.request)
                try:
                    ImapSession(server, self.rfile, self.wfile).serve()
                except (OSError, ValueError):
                    pass
                finally:
                    server._sockets.discard(self.request)

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address, block_on_close = True, True, False

        self._listener = Listener(("127.0.0.1", 0), Handler)
        self.port: int = self._listener.server_address[1]
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self.drop_connections()
        self._thread.join(5)

    def drop_connections(self) -> None:
        """Hang up on everybody."""
        for one in list(self._sockets):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def deliver(self, raw: bytes) -> StoredMail:
        """A mail comes in."""
        with self.changed:
            mail = self.folders["INBOX"].add(raw)
            self.changed.notify_all()
            return mail


class ImapSession:
    """One connection."""

    def __init__(self, server: ImapServer, reader: Any, writer: Any) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._folder: Folder | None = None
        self._told = 0
        self._is_open = True

    def serve(self) -> None:
        self._say("* OK IMAP4rev1 ready")
        while self._is_open and (words := self._read_command()):
            tag, name, *rest = words
            shown = " ".join([name.upper(), *rest])
            self._server.commands.append(shown)
            if self._server.fails(shown):
                return
            command = name.upper()
            if command == "UID":
                command, rest = f"UID_{rest[0].upper()}", rest[1:]
            act = getattr(self, f"_{command.lower()}", None)
            with self._server.changed:
                answer = act(tag, rest) if act else "BAD unknown command"
                self._tell_new()
            if answer:
                self._say(f"{tag} {answer}")

    def _read_command(self) -> list[str]:
        """The words of a command with its literals; [] when the client is gone."""
        words: list[str] = []
        while line := self._reader.readline():
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            text = line[: literal.start()] if literal else line
            for quoted, bracket, atom in _TOKEN.findall(text):
                words.append(
                    (re.sub(rb"\\(.)", rb"\1", quoted) or bracket or atom).decode("latin1")
                )
            if literal is None:
                return words
            self._say("+ go on")
            words.append(self._reader.read(int(literal[1])).decode("latin1"))
        return []

    def _say(self, line: str) -> None:
        self._writer.write(line.encode("latin1") + b"\r\n")
        self._writer.flush()

    def _tell_new(self) -> None:
        if self._folder is not None and len(self._folder.mails) != self._told:
            self._told = len(self._folder.mails)
            self._say(f"* {self._told} EXISTS")

    def _capability(self, *_: object) -> str:
        idle = " IDLE" if self._server.idles else ""
        self._say(f"* CAPABILITY IMAP4rev1 SPECIAL-USE{idle}")
        return "OK done"

    def _login(self, _: str, words: list[str]) -> str:
        if words == [self._server.user, self._server.password]:
            return "OK logged in"
        return "NO [AUTHENTICATIONFAILED] Invalid credentials"

    def _list(self, _: str, words: list[str]) -> str:
        for name, folder in self._server.folders.items():
            if words[1] in ("*", name):
                self._say(f'* LIST (\\HasNoChildren {folder.special}) "/" "{name}"')
        return "OK done"

    def _select(self, _: str, words: list[str]) -> str:
        self._folder = self._server.folders[words[0]]
        self._told = len(self._folder.mails)
        star = " \\*" if self._server.keywords else ""
        self._say(f"* {self._told} EXISTS")
        self._say(f"* OK [PERMANENTFLAGS (\\Seen \\Answered{star})] limited")
        self._say(f"* OK [UIDVALIDITY {self._folder.uid_validity}] valid")
        return "OK [READ-WRITE] selected"

    _examine = _select

    def _uid_search(self, _: str, words: list[str]) -> str:
        found = [str(mail.uid) for mail in self._mails() if _matches(mail, list(words))]
        self._say(f"* SEARCH {' '.join(found)}".rstrip())
        return "OK done"

    def _uid_fetch(self, _: str, words: list[str]) -> str:
        for number, mail in enumerate(self._mails(), 1):
            if str(mail.uid) != words[0]:
                continue
            if "RFC822.SIZE" in words:
                self._say(f"* {number} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw)})")
            else:
                header = "BODY.PEEK[HEADER]" in words
                part = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if header else mail.raw
                name = "BODY[HEADER]" if header else "BODY[]"
                head = f"* {number} FETCH (UID {mail.uid} {name} {{{len(part)}}}\r\n"
                self._writer.write(head.encode() + part + b")\r\n")
                self._writer.flush()
        return "OK done"

    def _uid_store(self, _: str, words: list[str]) -> str:
        for mail in self._mails():
            if str(mail.uid) == words[0]:
                named = {one for one in words[2:] if one not in "()"}
                mail.flags |= {f for f in named if f[0] == "\\" or self._server.keywords}
        self._server.changed.notify_all()
        return "OK done"

    def _append(self, _: str, words: list[str]) -> str:
        flags = {one for one in words[1:-1] if one not in "()"}
        self._server.folders[words[0]].add(words[-1].encode("latin1"), flags)
        self._server.changed.notify_all()
        return "OK appended"

    def _noop(self, *_: object) -> str:
        return "OK done"

    def _idle(self, tag: str, _: list[str]) -> str:
        """Tell of new mail until the client says DONE; the lock is free while it waits."""
        self._say("+ idling")
        done = threading.Event()

        def wait_for_done() -> None:
            self._reader.readline()
            done.set()
            with self._server.changed:
                self._server.changed.notify_all()

        listener = threading.Thread(target=wait_for_done, daemon=True)
        listener.start()
        while not done.is_set():
            self._tell_new()
            self._server.changed.wait(0.5)
        listener.join(1)
        return "OK idle ended"

    def _logout(self, *_: object) -> str:
        self._is_open = False
        self._say("* BYE see you")
        return "OK done"

    def _mails(self) -> list[StoredMail]:
        return list(self._folder.mails) if self._folder else []


def _matches(mail: StoredMail, words: list[str]) -> bool:
    while words:
        key = words.pop(0).upper()
        if key == "UNKEYWORD":
            fits = words.pop(0) not in mail.flags
        elif key == "UNSEEN":
            fits = "\\Seen" not in mail.flags
        elif key == "SINCE":
            fits = mail.came_on >= datetime.strptime(words.pop(0), "%d-%b-%Y").date()
        elif key == "HEADER":
            name, value = words.pop(0), words.pop(0)
            fits = value.lower() in mail.header(name).lower()
        else:
            raise ValueError(key)
        if not fits:
            return False
    return True
