"""What `naru doctor` can say of KakaoTalk: the settings alone, because Kakao tells a skill nothing."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.kakao.receiver import SKILL_PATH
from adapters.messaging.messenger import MessengerCheck


def inspect_kakao(callback_hosts: Sequence[str], host: str, port: int) -> list[MessengerCheck]:
    """Where skill requests are taken, and what only a request from Kakao can show."""
    if not callback_hosts:
        return [MessengerCheck(False, "NARU_KAKAO_CALLBACK_HOSTS is empty, so that no callback is used. "
                               "Leave it out of .env for kakao.com.")]  # fmt: skip
    return [MessengerCheck(True, f"KakaoTalk: skill requests are taken at http://{host}:{port}{SKILL_PATH}; whether "
                           "Kakao reaches that address, only its test of the skill can show")]  # fmt: skip
