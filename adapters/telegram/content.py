"""What a Telegram message holds: its words with hidden addresses, enclosures, authors. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import Enclosure
from bot.phrases.directions import isolate_lines

RawMessage = Mapping[str, Any]

HIDDEN_AUTHOR = "?"

# The fields of a message (https://core.telegram.org/bots/api#message, Bot API 9.2) that say how it
# was sent, and those of Telegram's own notices; a giveaway and its winners are no notices, because a
# person can forward them. Any other field that is not read below is something that a person sent and
# that Naru does not know.
_ENVELOPE_FIELDS = """
    message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count
    sender_business_bot date business_connection_id chat forward_origin is_topic_message
    is_automatic_forward reply_to_message external_reply quote reply_to_story
    reply_to_checklist_task_id via_bot edit_date has_protected_content is_from_offline is_paid_post
    media_group_id author_signature paid_star_count text entities link_preview_options
    suggested_post_info effect_id caption caption_entities show_caption_above_media
    has_media_spoiler reply_markup forward_from forward_from_chat forward_from_message_id
    forward_signature forward_sender_name forward_date
"""
_NOTICE_FIELDS = """
    new_chat_members new_chat_member new_chat_participant left_chat_member left_chat_participant
    chat_owner_left chat_owner_changed new_chat_title new_chat_photo delete_chat_photo
    group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message
    successful_payment refunded_payment users_shared chat_shared gift unique_gift connected_website
    write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set
    checklist_tasks_done checklist_tasks_added direct_message_price_changed forum_topic_created
    forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden
    general_forum_topic_unhidden giveaway_created giveaway_completed paid_message_price_changed
    suggested_post_approved suggested_post_approval_failed suggested_post_declined
    suggested_post_paid suggested_post_refunded video_chat_scheduled video_chat_started
    video_chat_ended video_chat_participants_invited web_app_data
"""
_READ_FIELDS = """
    animation audio document photo sticker story video video_note voice contact dice game poll venue
    location
"""


def read_text(raw: RawMessage) -> str:
    """The text or caption, each hidden address in parentheses behind its words; "" without any."""
    text, entities = raw.get("text"), raw.get("entities")
    if not text:
        text, entities = raw.get("caption"), raw.get("caption_entities")
    return show_hidden_addresses(str(text or ""), entities or ())


def show_hidden_addresses(text: str, entities: Sequence[RawMessage]) -> str:
    """`text` with the address of each `text_link` behind its words: "apply (https://…)". Offsets
    count UTF-16 code units; an entity outside of the text adds nothing."""
    units = text.encode("utf-16-le", "surrogatepass")
    links = [one for one in entities if one.get("type") == "text_link" and one.get("url")]
    for link in sorted(links, key=lambda one: int(one["offset"]), reverse=True):
        begin, end = 2 * int(link["offset"]), 2 * (int(link["offset"]) + int(link["length"]))
        words = units[begin:end].decode("utf-16-le", "replace")
        address = str(link["url"])
        if words.strip() and not _names_address(words, address):
            end -= 2 * (len(words) - len(words.rstrip()))  # white space is one unit each
            added = f" ({address})".encode("utf-16-le", "surrogatepass")
            units = units[:end] + added + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def _names_address(words: str, address: str) -> bool:
    """Whether the words are the whole address, apart from what apps leave out of it."""
    return _strip_address(words) == _strip_address(address)


def _strip_address(address: str) -> str:
    for scheme in ("https://", "http://", "mailto:", "tel:"):
        address = address.strip().removeprefix(scheme)
    return address.rstrip("/").lower()


def list_enclosures(raw: RawMessage) -> tuple[Enclosure, ...]:
    """What the message carries that is neither words nor a file nor a plain location; () for a
    notice of Telegram's own."""
    if is_notice(raw):
        return ()
    if venue := raw.get("venue"):
        return (Enclosure("venue", str(venue.get("title", "")), str(venue.get("address", ""))),)
    if contact := raw.get("contact"):
        name = _join_name(contact)
        return (Enclosure("contact", name, str(contact.get("phone_number", ""))),)
    if sticker := raw.get("sticker"):
        return (Enclosure("sticker", str(sticker.get("emoji") or sticker.get("set_name") or "")),)
    if poll := raw.get("poll"):
        options = "\n".join(str(one.get("text", "")) for one in poll.get("options") or ())
        return (Enclosure("poll", str(poll.get("question", "")), options),)
    if die := raw.get("dice"):
        return (Enclosure("game", str(die.get("emoji", "")), str(die.get("value", ""))),)
    if game := raw.get("game"):
        return (Enclosure("game", str(game.get("title", "")), str(game.get("description", ""))),)
    if story := raw.get("story"):
        return (Enclosure("story", _name_chat(story.get("chat") or {})),)
    return tuple(Enclosure("unsupported", field) for field in _list_unknown_fields(raw)[:1])


def is_notice(raw: RawMessage) -> bool:
    """Whether it is a notice of Telegram's own (a member joined, a topic was closed)."""
    return any(field in _NOTICE_FIELDS.split() for field in raw)


def _list_unknown_fields(raw: RawMessage) -> list[str]:
    """The fields of what a person sent that Naru does not know, or [""] for an empty message, which
    is what Telegram makes of kinds that are newer than its Bot API."""
    read = _READ_FIELDS.split()
    unknown = sorted(field for field in raw if field not in (*_ENVELOPE_FIELDS.split(), *read))
    is_empty = not any(raw.get(field) for field in (*read, "text", "caption"))
    return unknown or ([""] if is_empty else [])


def read_forward_author(raw: RawMessage) -> str:
    """Who wrote what was only forwarded: a person, a chat or a channel; "?" where Telegram names
    none, "" for words of the sender's own."""
    origin = raw.get("forward_origin")
    return _name_origin(origin) if isinstance(origin, Mapping) else ""


def read_quote(raw: RawMessage) -> tuple[str, str]:
    """The text that a reply refers to and who wrote it, "" for what is Naru's or not known. In a
    forum every message "replies" to the beginning of its topic: ("", "")."""
    replied, elsewhere = raw.get("reply_to_message") or {}, raw.get("external_reply") or {}
    if replied.get("forum_topic_created"):
        return "", ""
    author = _name_sender(replied) if replied else ""
    if elsewhere:
        author = _name_origin(elsewhere.get("origin") or {})
    if quote := raw.get("quote"):
        text = show_hidden_addresses(str(quote.get("text", "")), quote.get("entities") or ())
    else:
        text = read_text(replied) or _name_file(replied or elsewhere)
    return (text, author) if text else ("", "")


def _name_sender(raw: RawMessage) -> str:
    """The name of a message's sender; "" for a bot, which is Naru."""
    if forwarded := read_forward_author(raw):
        return forwarded
    sender = raw.get("from") or {}
    if chat := raw.get("sender_chat"):
        return _name_chat(chat)
    return "" if sender.get("is_bot") else _join_name(sender)


def _name_origin(origin: RawMessage) -> str:
    """The author in a MessageOrigin: a user, a hidden user, a chat or a channel."""
    match origin.get("type"):
        case "user":
            name = _join_name(origin.get("sender_user") or {})
        case "hidden_user":
            name = str(origin.get("sender_user_name") or "")
        case "chat":
            name = _name_chat(origin.get("sender_chat") or {})
        case "channel":
            name = _name_chat(origin.get("chat") or {})
        case _:
            name = ""
    signature = str(origin.get("author_signature") or "")
    return " · ".join(filter(None, map(isolate_lines, (name, signature)))) or HIDDEN_AUTHOR


def _name_chat(chat: RawMessage) -> str:
    return str(chat.get("title") or "") or _join_name(chat) or str(chat.get("username") or "")


def _join_name(person: RawMessage) -> str:
    names = (person.get("first_name"), person.get("last_name"))
    return " ".join(str(name) for name in names if name)


def _name_file(raw: RawMessage) -> str:
    """The name or kind of a file that a reply refers to, in brackets; "" for anything else."""
    for kind in ("document", "audio", "video"):
        if file := raw.get(kind):
            return f"[{file.get('file_name') or kind}]"
    return next((f"[{kind}]" for kind in ("photo", "voice", "video_note") if raw.get(kind)), "")
