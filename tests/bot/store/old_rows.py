"""Rows as the first schema (0001) and its code stored them, written down value by value."""

from __future__ import annotations

from typing import Any

AT = "2026-11-21T01:00:00.000000+00:00"
ADDRESS = '{"channel": "telegram", "chat": "1001", "thread": null, "staff_thread": null}'
PHOTO = (
    '{"channel": "telegram", "ref": "AgAC", "name": "invoice.jpg", "mime": "image/jpeg", '
    '"size": 1024, "kind": "photo"}'
)
DA_NANG = (
    '{"name": "Da Nang", "country": "VN", "lat": 16.07, "lon": 108.22, "region": "VN-DN", '
    '"city": "Da Nang", "hint": "vn-da-nang"}'
)
MEMORY = (
    '{"fixed_language": true, "greeted": true, "place": ' + DA_NANG + ', "asking_place": true, '
    '"pending": {"question": "\\uc5bc\\ub9c8?", "language": "vi", "found": "\\u2026", '
    '"urgency": "critical", "sealed": true, "files": [' + PHOTO + "]}, "
    '"turns": [{"question": "\\uc218\\ubc14?", '
    '"answer": "\\uc218\\ucd9c\\ubc14\\uc6b0\\ucc98\\ub294 \\u2026", '
    '"documents": ["export-voucher-mss"]}], "why": "\\uc810\\uc218 \\u2026", '
    '"upload": {"token": "0a1b2c3d", "files": [' + PHOTO + '], "album": "77"}, '
    '"asked_back": [{"token": "4e", "question": "\\uc5bc\\ub9c8\\uc608\\uc694?", '
    '"titles": ["\\ubb3c\\ub958", "\\uc778\\uc99d"], "chosen": [1]}]}'
)
# Before uploads and questions that were asked back were remembered, their keys were not written.
EARLIER_MEMORY = (
    '{"fixed_language": false, "greeted": false, "place": null, "asking_place": false, '
    '"pending": null, "turns": [], "why": ""}'
)
TASK = (
    '{"act": "plan", "who": "telegram:1001", "to": ' + ADDRESS + ', "language": "ko", '
    '"token": "0a1b2c3d", "files": [' + PHOTO + '], "url": "", "mark": "", "edition": 0, '
    '"base": 0, "wait": 1.5}'
)
CONTENT = (
    '{"text": "\\uc218\\ucd9c\\ubc14\\uc6b0\\ucc98\\ub294 \\u2026", '
    '"details": "\\ucd9c\\ucc98: 1", '
    '"buttons": [[{"key": "done", "label": "\\ud574\\uacb0\\ub410\\uc5b4\\uc694"}, '
    '{"key": "human", "label": "\\uc0ac\\ub78c\\uc5d0\\uac8c"}]], '
    '"files": [' + PHOTO + '], "protect": true, '
    '"ask_location": "\\uc704\\uce58 \\ubcf4\\ub0b4\\uae30"}'
)

_INBOX = {
    "natural_key": None, "state": "waiting", "attempts": 0, "ready_at": AT, "lease_until": None,
    "owner": None, "received_at": AT, "done_at": None, "error": None,
}  # fmt: skip
_CASE = {
    "conversation": "telegram:1001", "language": "ko", "question": "세관이 컨테이너를 안 내줘요",
    "competent": "vn-da-nang", "mission": "vn-hanoi", "reason": "다낭은 …", "urgency": "high",
    "opened_at": AT, "ended_at": None,
}  # fmt: skip
OLD_ROWS: dict[str, list[dict[str, Any]]] = {
    "inbox": [
        _INBOX | {"seq": 1, "channel": "telegram", "event_key": "1", "natural_key": "1001:5",
                  "lane": "telegram:1001", "payload": '{"update_id": "1"}', "state": "done",
                  "lease_until": "2026-11-21T01:01:30.000000+00:00", "owner": "a",
                  "done_at": AT},
        _INBOX | {"seq": 2, "channel": "clock", "event_key": "place:telegram:1001:1",
                  "lane": "clock:telegram:1001", "payload": "telegram:1001",
                  "ready_at": "2026-11-21T01:10:00.000000+00:00"},
        _INBOX | {"seq": 3, "channel": "library-telegram", "event_key": "telegram:1",
                  "lane": "library-telegram:1001", "payload": TASK, "state": "working",
                  "ready_at": "2026-11-21T01:00:01.500000+00:00",
                  "lease_until": "2026-11-21T01:01:32.000000+00:00", "owner": "b"},
    ],
    "outbox": [
        {"seq": 1, "dedup_key": "telegram:1:1", "channel": "telegram", "lane": "telegram:1001",
         "address": ADDRESS, "act": "send", "body": CONTENT, "case_number": 1,
         "unless_taken": 1, "state": "sending", "attempts": 0, "plain": False, "ready_at": AT,
         "lease_until": "2026-11-21T01:02:00.000000+00:00", "owner": "s", "created_at": AT},
        {"seq": 2, "dedup_key": "telegram:1:2", "channel": "slack", "lane": "staff:1.1",
         "address": '{"channel": "slack", "chat": "C1", "thread": null, "staff_thread": "1.1"}',
         "act": "card",
         "body": '{"text": "card", "details": "", "buttons": [], "files": [], '
                 '"protect": false, "ask_location": ""}',
         "case_number": 1, "unless_taken": None, "state": "owed", "attempts": 0,
         "plain": False, "ready_at": AT, "lease_until": None, "owner": None, "created_at": AT},
    ],
    "conversations": [
        {"key": "telegram:1001", "channel": "telegram", "chat": "1001", "thread": "17.5",
         "user": "1001", "language": "ko", "case_number": 3, "memory": MEMORY, "version": 1,
         "updated_at": AT},
        {"key": "slack:D1", "channel": "slack", "chat": "D1", "thread": None, "user": "U1",
         "language": "vi", "case_number": None, "memory": EARLIER_MEMORY, "version": 1,
         "updated_at": AT},
    ],
    "cases": [
        _CASE | {"number": 1, "place": DA_NANG, "via": "same_country", "body": "confirmed",
                 "sealed": True, "found": "찾은 것", "state": "taken",
                 "taken_by": "slack:U9|lawyer", "taken_at": AT, "version": 2},
        _CASE | {"number": 2, "place": "null", "via": "domestic", "body": None,
                 "sealed": False, "found": "", "state": "open", "taken_by": None,
                 "taken_at": None, "version": 1},
    ],
    "case_numbers": [{"number": 2, "reserved_at": AT}],
    "case_lines": [
        {"pk": 1, "case_number": 1, "at": AT, "author": "founder", "role": "",
         "text": "세관이 …", "files": f"[{PHOTO}]"},
        {"pk": 2, "case_number": 1, "at": AT, "author": "staff", "role": "lawyer",
         "text": "보고 있어요", "files": "[]"},
    ],
    "staff_threads": [
        {"id": "1.1", "case_number": 1, "mission": "vn-hanoi", "channel": "slack", "chat": "C1",
         "thread": None, "card": None, "current": True},
    ],
    "bindings": [{"mission": "vn-hanoi", "channel": "slack", "chat": "C1"}],
    "seats": [{"channel": "slack", "chat": "C1", "user": "U9", "role": "lawyer"}],
    "audit": [{"pk": 1, "at": AT, "who": "telegram:1001", "act": "asked"}],
}  # fmt: skip
