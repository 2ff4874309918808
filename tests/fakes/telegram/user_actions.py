"""What people do in Telegram, as a test script."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.admin_methods import RIGHTS, drop_topic
from tests.fakes.telegram.screen import TelegramScreen
from tests.fakes.telegram.state import BOT, ApiError, Chat, build_media, strip_reply

GROUP_ANONYMOUS_BOT = {
    "id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot",
}  # fmt: skip


class TelegramUserActions(TelegramScreen):
    """The other side of every chat."""

    # places

    def open_private_chat(
        self, user_id: int, first_name: str = "Mina", language_code: str | None = "ko"
    ) -> None:
        """A person who has started the bot; `user_says` does it by itself."""
        with self.change():
            chat = Chat(user_id, "private")
            chat.members[user_id] = _build_person(user_id, first_name, language_code)
            self.world.add_chat(chat)

    def create_group(self, chat_id: int, title: str = "Group") -> None:
        """A group (or a supergroup, if its id begins with -100) with the bot as administrator."""
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        with self.change():
            self.world.add_chat(Chat(chat_id, kind, title))

    def create_forum(self, chat_id: int, title: str = "Forum", username: str = "") -> None:
        """A supergroup with topics, with the bot as administrator; public if it has a `username`."""
        with self.change():
            self.world.add_chat(Chat(chat_id, "supergroup", title, forum=True, username=username))

    def admin_says_anonymously(self, chat_id: int, text: str, thread: int | None = None) -> int:
        """An administrator who remains anonymous: the sender is Telegram's bot for that, and the
        group itself is the sender's chat."""
        with self.change():
            chat = self.world.chats[chat_id]
            return self._post_as_person(
                chat_id, GROUP_ANONYMOUS_BOT, thread, None, text=text, sender_chat=chat.to_json()
            )

    def create_topic(self, chat_id: int, name: str) -> int:
        """A topic somebody made; its thread id."""
        with self.change():
            return self.world.open_topic(self.world.chats[chat_id], name)

    def delete_topic(self, chat_id: int, thread: int) -> None:
        """Somebody deletes a topic: Telegram tells the bot nothing."""
        with self.change():
            drop_topic(self.world.chats[chat_id], thread)

    def promote_to_admin(self, chat_id: int, user_id: int, first_name: str = "Admin") -> None:
        """Make someone an administrator of a group."""
        with self.change():
            chat = self.world.chats[chat_id]
            chat.members.setdefault(user_id, _build_person(user_id, first_name, None))
            chat.admins.add(user_id)

    # deeds; each returns its update_id, or 0 where the bot did not want that kind of update

    def user_says(
        self,
        chat_id: int,
        text: str,
        *,
        user_id: int | None = None,
        first_name: str = "Mina",
        language_code: str | None = "ko",
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        with self.change():
            person = self._person(chat_id, user_id, first_name, language_code)
            return self._post_as_person(chat_id, person, thread, reply_to, text=text)

    def user_sends(
        self, chat_id: int, *, user_id: int | None = None, thread: int | None = None,
        reply_to: int | None = None, **content: Any,
    ) -> int:  # fmt: skip
        """A message with any fields of the Bot API: a contact, a poll, words with entities …"""
        with self.change():
            person = self._person(chat_id, user_id, "Mina", "ko")
            return self._post_as_person(chat_id, person, thread, reply_to, **content)

    def user_edits(self, chat_id: int, message_id: int, text: str) -> int:
        with self.change():
            message = self.world.chats[chat_id].messages[message_id]
            message |= {"text": text, "edit_date": int(time.time())}
            return self.world.updates.add("edited_message", dict(message))

    def user_presses(
        self, chat_id: int, message_id: int, data: str, *, user_id: int | None = None
    ) -> int:
        """Press the inline button that carries `data`; it must be there."""
        with self.change():
            message = self.world.chats[chat_id].messages[message_id]
            assert data in _list_callback_data(message), f"no button {data!r} on {message}"
            person = self._person(chat_id, user_id, "Mina", "ko")
            number = str(4_000_000_000 + next(self.world.numbers))
            self.world.queries[number] = None
            query = {"id": number, "from": person, "message": dict(message)}
            query |= {"chat_instance": str(chat_id), "data": data}
            return self.world.updates.add("callback_query", query)

    def user_sends_file(
        self,
        chat_id: int,
        name: str,
        content: bytes,
        mime: str = "application/octet-stream",
        caption: str | None = None,
        kind: str = "document",
        *,
        user_id: int | None = None,
        thread: int | None = None,
        size: int | None = None,
        album: str = "",
    ) -> int:
        """`kind`: document, photo, voice, sticker …; `size` pretends another size; files of one
        `album` are sent together, each as a message of its own."""
        with self.change():
            person = self._person(chat_id, user_id, "Mina", "ko")
            shape = build_media(self.world.store_file(name, content, mime, size), kind)
            words = {} if caption is None else {"caption": caption}
            words |= {"media_group_id": album} if album else {}
            return self._post_as_person(chat_id, person, thread, None, **shape, **words)

    def user_sends_location(
        self, chat_id: int, lat: float, lon: float, *, user_id: int | None = None
    ) -> int:
        with self.change():
            person = self._person(chat_id, user_id, "Mina", "ko")
            place = {"latitude": lat, "longitude": lon}
            return self._post_as_person(chat_id, person, None, None, location=place)

    def user_blocks(self, chat_id: int) -> int:
        """From now on every send is refused."""
        return self._refuse_bot(chat_id, "kicked", "Forbidden: bot was blocked by the user")

    def user_unblocks(self, chat_id: int) -> int:
        with self.change():
            self.world.chats[chat_id].refusal = None
            return self._add_membership_update(self.world.chats[chat_id], "kicked", "member")

    def kick_bot(self, chat_id: int) -> int:
        kind = self.world.chats[chat_id].type
        return self._refuse_bot(
            chat_id, "kicked", f"Forbidden: bot was kicked from the {kind} chat"
        )

    def add_bot(self, chat_id: int, *, can_manage_topics: bool = True) -> int:
        """Somebody takes the bot in again, or gives it other rights."""
        with self.change():
            chat = self.world.chats[chat_id]
            old = "kicked" if chat.refusal else "administrator"
            chat.refusal, chat.can_manage_topics = None, can_manage_topics
            return self._add_membership_update(chat, old, "administrator")

    def switch_topics(self, chat_id: int, on: bool) -> None:
        """Somebody switches a forum's topics off or on: Telegram tells the bot nothing."""
        with self.change():
            self.world.chats[chat_id].forum = on

    def close_topic(self, chat_id: int, thread: int) -> int:
        """Somebody closes a topic."""
        return self._set_topic_closed(chat_id, thread, True)

    def reopen_topic(self, chat_id: int, thread: int) -> int:
        """Somebody reopens a topic."""
        return self._set_topic_closed(chat_id, thread, False)

    def migrate_to_supergroup(self, chat_id: int, new_id: int) -> int:
        """A group becomes a supergroup with another id; the old one refuses and says so."""
        with self.change():
            old = self.world.chats[chat_id]
            new = self.world.add_chat(Chat(new_id, "supergroup", old.title, forum=old.forum))
            new.members |= old.members
            new.admins |= old.admins
            person = next((p for p in old.members.values() if not p["is_bot"]), BOT)
            self._post_service_message(old, person, migrate_to_chat_id=new_id)
            old.refusal = ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=new_id,
            )
            return self._post_service_message(new, person, migrate_from_chat_id=chat_id)

    def send_raw_update(self, update: Json) -> int:
        """Any update at all, unparsable ones too."""
        with self.change():
            return self.world.updates.add_raw(update)

    def repeat_update(self, update_id: int) -> None:
        """Deliver an update once more, though it was confirmed."""
        with self.change():
            self.world.updates.waiting[update_id] = self.world.updates.all_updates[update_id]

    # how

    def _person(
        self, chat_id: int, user_id: int | None, first_name: str, language: str | None
    ) -> Json:
        if chat_id not in self.world.chats:
            self.open_private_chat(
                chat_id, first_name, language
            ) if chat_id > 0 else self.create_group(chat_id)
        chat = self.world.chats[chat_id]
        number = user_id or (chat_id if chat.type == "private" else 1001)
        chat.members.setdefault(number, _build_person(number, first_name, language))
        return chat.members[number]

    def _post_as_person(
        self,
        chat_id: int,
        person: Json,
        thread: int | None,
        reply_to: int | None,
        **content: Any,
    ) -> int:
        chat = self.world.chats[chat_id]
        if reply_to is not None:
            content["reply_to_message"] = strip_reply(chat.messages[reply_to])
        message = self.world.add_message(chat, person, thread, **content)
        return self.world.updates.add("message", dict(message))

    def _post_service_message(self, chat: Chat, person: Json, **content: Any) -> int:
        return self.world.updates.add("message", self.world.add_message(chat, person, **content))

    def _refuse_bot(self, chat_id: int, status: str, refusal: str) -> int:
        with self.change():
            chat = self.world.chats[chat_id]
            chat.refusal = ApiError(403, refusal)
            old = "member" if chat.type == "private" else "administrator"
            return self._add_membership_update(chat, old, status)

    def _set_topic_closed(self, chat_id: int, thread: int, closed: bool) -> int:
        with self.change():
            chat = self.world.chats[chat_id]
            chat.topics[thread].is_closed = closed
            service = "forum_topic_closed" if closed else "forum_topic_reopened"
            person = next((p for p in chat.members.values() if not p["is_bot"]), BOT)
            return self._post_as_person(chat_id, person, thread, None, **{service: {}})

    def _add_membership_update(self, chat: Chat, old: str, new: str) -> int:
        person = next((p for p in chat.members.values() if not p["is_bot"]), BOT)
        change = {"chat": chat.to_json(), "from": person, "date": int(time.time())}
        change |= {
            "old_chat_member": _build_member_status(old),
            "new_chat_member": _build_member_status(new),
        }
        return self.world.updates.add("my_chat_member", change)


def _build_person(number: int, first_name: str, language: str | None) -> Json:
    person: Json = {"id": number, "is_bot": False, "first_name": first_name}
    return person if language is None else {**person, "language_code": language}


def _build_member_status(status: str) -> Json:
    shape: Json = {"status": status, "user": BOT}
    if status == "kicked":
        shape["until_date"] = 0
    if status == "administrator":
        shape |= dict.fromkeys(("can_be_edited", "is_anonymous"), False)
        shape |= dict.fromkeys(RIGHTS, True)
    return shape


def _list_callback_data(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
