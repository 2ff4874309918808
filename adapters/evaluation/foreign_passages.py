"""Foreign passages to mix into a library for the exam: what it says must stay what it says when the
library grows by documents about other things."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from adapters.errors import CommandFailed
from knowledge.text.language import detect_language
from knowledge.types import Language

NOTICE_SEED = 78  # the same notices in every run
SECTIONS_PER_NOTICE = 2
# Of ten notices, as many are in each language as of a Korean town's.
NOTICE_LANGUAGES: tuple[Language, ...] = (
    "ko", "ko", "ko", "ko", "ko", "ko", "ko", "en", "en", "vi",
)  # fmt: skip

TOWNS = {
    "ko": ("한들", "새봄", "가온", "마루", "해솔", "너른", "다온", "푸른내"),
    "en": ("Handeul", "Saebom", "Gaon", "Maru", "Haesol", "Neoreun", "Daon", "Pureunnae"),
    "vi": ("Handeul", "Saebom", "Gaon", "Maru", "Haesol", "Neoreun", "Daon", "Pureunnae"),
}
THINGS = {
    "ko": ("수영장", "도서관", "주말농장", "반려견 등록", "음식물 쓰레기 수거", "공영 주차장", "어린이집 입소",
           "수도 요금 감면", "자전거 대여", "평생 학습 강좌", "체육관 대관", "눈 치우기", "벼룩시장", "독감 예방 접종"),
    "en": ("swimming pool", "library card", "weekend garden", "dog registration", "kitchen waste", "car park",
           "kindergarten place", "water bill", "bicycle hire", "evening class", "sports hall", "snow clearing",
           "flea market", "flu vaccination"),
    "vi": ("hồ bơi", "thẻ thư viện", "vườn cuối tuần", "đăng ký chó", "rác nhà bếp", "bãi đỗ xe", "nhà trẻ",
           "tiền nước", "thuê xe đạp", "lớp học buổi tối", "nhà thi đấu", "dọn tuyết", "chợ đồ cũ", "tiêm phòng cúm"),
}  # fmt: skip
SENTENCES = {
    "ko": (
        ("{thing}: 비용은 얼마인가요?", "{town}동 주민은 {thing} 비용으로 {number}천 원을 냅니다. 65세 이상은 절반입니다."),
        ("{thing}: 언제 신청하나요?", "{town}동 주민센터에서 매달 {day}일까지 {thing} 신청을 받습니다. 추첨은 그다음 주에 합니다."),
        ("{thing}: 어디로 가야 하나요?", "{town}동 {number}번길 {day} 1층 창구에서 {thing} 업무를 봅니다. 점심시간에는 닫습니다."),
        ("{thing}: 누가 이용할 수 있나요?", "{town}동에 주소를 둔 사람과 그 가족 {day}명까지 {thing} 이용이 됩니다."),
    ),
    "en": (
        ("What does the {thing} cost?", "Residents of {town} pay {number} thousand won for the {thing}; from 65 years on, half of it."),
        ("When do I apply for the {thing}?", "The office of {town} takes applications for the {thing} until day {day} of each month and draws lots."),
        ("Where do I go about the {thing}?", "The counter for the {thing} is at {number} {town} Street, first floor, closed at noon."),
    ),
    "vi": (
        ("{thing} giá bao nhiêu?", "Người dân {town} trả {number} nghìn won cho {thing}; từ 65 tuổi trả một nửa."),
        ("Khi nào đăng ký {thing}?", "Văn phòng phường {town} nhận đăng ký {thing} đến ngày {day} hằng tháng rồi bốc thăm."),
        ("{thing} ở đâu?", "Quầy {thing} ở số {number} đường {town}, tầng một, nghỉ trưa."),
    ),
}  # fmt: skip

Section = tuple[str, str]  # heading and text


def write_foreign_documents(source: str, folder: Path) -> Path:
    """A folder of documents from what `--foreign` names: a folder as it is; the lines of a JSONL
    file ({"text": …, "title": …}) as documents in `folder`; or a number of passages of made-up
    town notices there.

    Raises CommandFailed for a name that is none of these and for a line without text.
    """
    path = Path(source)
    if path.is_dir():
        return path
    if source.isdecimal() and int(source):
        documents = list(_make_notices(int(source)))
    elif path.is_file() and path.suffix == ".jsonl":
        documents = list(_read_lines(path))
    else:
        raise CommandFailed(f"{source} is no folder, no .jsonl file and no number of passages.")
    for number, (language, title, sections) in enumerate(documents, 1):
        name = f"foreign-{number:05}"
        text = _render_document(name, language, title, sections)
        (folder / f"{name}.{language}.md").write_text(text, encoding="utf-8")
    return folder


def _read_lines(path: Path) -> Iterator[tuple[Language, str, list[Section]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            text = " ".join(str(entry["text"]).split())
        except (ValueError, KeyError, TypeError) as error:
            raise CommandFailed(f'{path}, line {number}: write {{"text": …}}.') from error
        title = " ".join(str(entry.get("title") or f"{path.stem} {number}").split())
        yield detect_language(text), title, [(title, text)]


def _make_notices(passages: int) -> Iterator[tuple[Language, str, list[Section]]]:
    """Notices of a town's office with as many `passages`: in the words of a notice (who, when,
    where, how much), about what no founder asks."""
    chance = random.Random(NOTICE_SEED)  # noqa: S311 – not for secrets
    while passages > 0:
        language = chance.choice(NOTICE_LANGUAGES)
        town, thing = chance.choice(TOWNS[language]), chance.choice(THINGS[language])
        size = min(SECTIONS_PER_NOTICE, passages)
        sections = [
            (
                heading.format(thing=thing),
                text.format(
                    thing=thing, town=town, number=chance.randint(2, 990), day=chance.randint(2, 28)
                ),
            )
            for heading, text in chance.sample(SENTENCES[language], size)
        ]
        yield language, f"{town} {thing} {chance.randint(1, 9999)}", sections
        passages -= size


def _render_document(name: str, language: Language, title: str, sections: list[Section]) -> str:
    url = f"https://example.org/{name}"
    fields = {
        "id": name, "title": json.dumps(title, ensure_ascii=False), "issuer": "Foreign notices",
        "language": language, "url": url, "published": "2020-01-01", "effective_from": "",
        "expires": "", "supersedes": "[]", "topics": "[]", "translation_of": "", "audience": "founder",
    }  # fmt: skip
    head = "\n".join(f"{key}: {value}".rstrip() for key, value in fields.items())
    body = "\n".join(
        f"## {heading}\n{text}\n출처: {url} (2020-01-01)\n" for heading, text in sections
    )
    return f"---\n{head}\n---\n# {title}\n\n{body}"
