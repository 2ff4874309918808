"""The commands in plain words, for messengers and places where a slash does not reach Naru."""

from __future__ import annotations

import re

from knowledge.text.language import detect_language
from knowledge.text.particles import PAIRS, choose_particle
from knowledge.types import Language

# What people type, in a direct message and after a mention, and the command that it stands for.
COMMAND_WORDS = {
    "help": "help", "도움말": "help", "사용법": "help", "trợ giúp": "help",
    "human": "human", "담당자": "human", "사람": "human", "người phụ trách": "human",
    "sealed": "sealed", "비공개로": "sealed", "비공개": "sealed", "niêm phong": "sealed",
    "cases": "cases", "내 건": "cases", "접수함": "cases",
    "where": "where", "위치": "where", "lang": "lang", "언어": "lang", "close": "close",
    "종료": "close", "why": "why", "근거": "why", "privacy": "privacy", "개인정보": "privacy",
    "forget": "forget", "기록 삭제": "forget", "export": "export", "내 기록 받기": "export",
    "link": "link", "계정 연결": "link", "subscribe": "subscribe", "알림": "subscribe",
    "알림 신청": "subscribe",
    "start": "start", "시작": "start", "claim": "claim", "맡기": "claim", "resolve": "resolve",
    "종결": "resolve", "reopen": "reopen", "다시 열기": "reopen", "wait": "wait", "대기": "wait",
    "authority": "authority", "기관 대기": "authority", "resume": "resume", "다시 진행": "resume",
    "합치기": "merge", "본국 요청": "relay", "현지 정보": "insight", "공관 알림": "tell",
    "ingest": "ingest", "자료 올리기": "ingest", "editions": "editions", "판 목록": "editions",
    "rollback": "rollback", "unbind": "unbind", "연결 해제": "unbind", "담당자 명단": "staff",
    "hand": "hand", "넘기기": "hand", "seats": "seats", "자리 목록": "seats", "hours": "hours",
    "근무시간표": "hours",
}  # fmt: skip
# Those of a case's thread that are also what a founder may just say.
ROOM_COMMANDS = frozenset({
    "wait", "authority", "resume", "merge", "relay", "insight", "tell", "hand", "seats", "away",
    "hours",
})  # fmt: skip
# Those that are followed by something: in a thread they are heard only after a mention.
_MENTIONED = frozenset({
    "reassign", "merge", "seat", "bind", "staff", "minutes", "faq", "block", "unblock", "relay",
    "insight", "tell", "seats", "away", "hours",
})  # fmt: skip
_COMMANDS = sorted({*COMMAND_WORDS.values(), *_MENTIONED}, key=len, reverse=True)
_TYPED = re.compile(
    rf"(?<![\w/.])/({'|'.join(_COMMANDS)})(?![A-Za-z0-9_/])"
    r"(?P<argument>(?= (?:https?:|[a-z]+[-:]|번호)))?"
    r"(?:(?: (?!이 |가 ))?(?P<particle>으로|로|을|를|은|는|이|가|에서|입니다)(?=[\s,.]))?"  # not "이 건"
)
_PAIR_OF = {form: pair for pair, forms in PAIRS.items() for form in forms}


def name_commands(text: str, bot: str) -> str:
    """A text of Naru's in which each command stands as the word that is typed for it; those that
    need more than a word are written after the name of the bot."""
    language = detect_language(text)
    return _TYPED.sub(lambda match: _name_command(match, language, bot), text)


def _name_command(match: re.Match[str], language: Language, bot: str) -> str:
    command, particle = match[1], match["particle"] or ""
    if command in _MENTIONED:
        word = shown = f"@{bot} {command}"
    elif match["argument"] is not None:
        word = shown = command
    else:
        word = _choose_word(command, language)
        shown = f"‘{word}’" if language == "ko" else f"“{word}”"
    pair = _PAIR_OF.get(particle)
    return shown + (choose_particle(pair, word) if pair else particle)


def _choose_word(command: str, language: Language) -> str:
    """The first word for the command in Korean letters; else the command's own name."""
    korean = (word for word, meant in COMMAND_WORDS.items() if meant == command and word >= "가")
    return next(korean, command) if language == "ko" else command
