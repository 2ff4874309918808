"""What a refusal means at the place it came from."""

from __future__ import annotations

import pytest

from bot.errors import (
    DeliveryRefused,
    NotDelivered,
    PersonRefused,
    RateLimited,
    RoomRefused,
    ThreadDeleted,
    ThreadRefused,
    narrow_refusal,
)


@pytest.mark.parametrize(
    ("kind", "private", "staff", "narrowed"),
    [
        (ThreadDeleted, False, True, ThreadDeleted),
        (ThreadDeleted, False, False, DeliveryRefused),
        (RoomRefused, True, False, PersonRefused),
        (ThreadRefused, True, False, PersonRefused),
        (RoomRefused, False, True, RoomRefused),
        (RateLimited, True, False, RateLimited),
    ],
)
def test_a_refusal_is_narrowed_by_its_place(
    kind: type[NotDelivered], private: bool, staff: bool, narrowed: type[NotDelivered]
) -> None:
    assert narrow_refusal(kind, private=private, staff=staff) is narrowed
