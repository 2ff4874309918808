"""A made-up library in Korean and English, as large as asked, and questions about it.

Standard library only: every system's process reads it, in an environment of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECTIONS_PER_DOCUMENT = 5
DOCUMENTS_PER_FOLDER = 1_000
CHANGED_EVERY_DOCUMENTS = 20  # of whose five sections one is changed: 1 % of the passages
FOREIGN_EVERY_QUESTIONS = 4  # one in so many is asked in the other language
QUESTION_SEED = 1

FIRST_SYLLABLES = (("한", "Han"), ("새", "Sae"), ("가", "Ga"), ("마", "Ma"), ("해", "Hae"),
                   ("너", "Neo"), ("다", "Da"), ("푸", "Pu"), ("온", "On"), ("누", "Nu"))  # fmt: skip
LAST_SYLLABLES = (("들", "deul"), ("봄", "bom"), ("람", "ram"), ("루", "ru"), ("솔", "sol"),
                  ("른", "reun"), ("빛", "bit"), ("내", "nae"), ("터", "teo"), ("메", "me"))  # fmt: skip
THINGS = (
    ("해외 전시회 참가", "trade fair participation"), ("수출 물류비", "export logistics"),
    ("외국어 누리집 제작", "foreign-language website"), ("해외 인증 취득", "overseas certification"),
    ("특허 출원", "patent filing"), ("시제품 제작", "prototype building"),
    ("현지 법률 상담", "local legal advice"), ("통번역", "interpreting and translation"),
    ("수출 보험료", "export insurance premium"), ("해외 사무실 임차", "overseas office rent"),
    ("온라인 쇼핑몰 입점", "online marketplace entry"), ("구매자 초청 상담회", "buyer meeting"),
    ("포장 디자인", "packaging design"), ("무역 실무 교육", "trade practice training"),
    ("냉장 운송", "cold-chain transport"), ("원산지 증명", "certificate of origin"),
    ("관세 환급 대행", "duty drawback agency"), ("신용 조사", "credit enquiry"),
    ("청년 무역 인력 채용", "hiring young trade staff"), ("시장 조사", "market research"),
)  # fmt: skip
PAPERS = (("사업자등록증", "business registration"), ("수출 실적 증명서", "export record"),
          ("납세 증명서", "tax certificate"), ("견적서", "quotation"), ("참가 계획서", "participation plan"),
          ("통장 사본", "bank book copy"), ("개인정보 동의서", "privacy consent"))  # fmt: skip
OFFICES = (("기업지원과", "Business Support Division"), ("국제통상과", "Trade Division"),
           ("경제정책과", "Economic Policy Division"), ("창업지원과", "Start-up Division"))  # fmt: skip

# By language: title; then heading, text and question of each section.
Templates = tuple[str, tuple[tuple[str, str, str], ...]]
TEMPLATES: dict[str, Templates] = {
    "ko": ("{town}시 {thing} 지원 {number}호", (
        ("누가 받나요", "{town}시에 사업장이 있고 지난해 수출액이 {most}만 달러 이하인 중소기업이 {number}호 {thing} 지원을 받습니다. 설립한 지 {years}년이 지나야 합니다.",
         "{town}시 {thing} 지원 {number}호는 누가 받을 수 있나요?"),
        ("얼마를 받나요", "{thing}에 든 비용의 {share}%를 기업마다 한 해 {amount}만 원까지 돌려줍니다. {town}시 {number}호 예산이 다 쓰이면 그 전에 마감합니다.",
         "{town}시 {number}호에서 {thing} 비용을 얼마까지 지원하나요?"),
        ("언제까지 신청하나요", "{number}호 신청은 {month}월 {day}일 18시까지 {town}시 누리집에서 받습니다. {thing} 결과는 마감하고 {weeks}주 뒤에 알립니다.",
         "{town}시 {thing} {number}호 신청 마감이 언제인가요?"),
        ("어떤 서류를 내나요", "{town}시 {number}호 {thing} 신청서에 {first}와 {second}를 붙입니다. 서류는 {years}개월 안에 뗀 것이어야 합니다.",
         "{town}시 {thing} 지원 {number}호에 낼 서류가 무엇인가요?"),
        ("어디에 물어보나요", "{number}호 {thing} 담당은 {town}시 {office}이고, 전화는 평일 9시부터 {hour}시까지 받습니다. 방문하기 {years}일 전에 약속을 잡습니다.",
         "{town}시 {number}호 {thing} 담당 부서가 어디인가요?"),
    )),
    "en": ("{town} {thing} support no. {number}", (
        ("Who can receive it", "Small firms with a place of business in {town} and exports of at most {most}0,000 dollars last year receive {thing} support no. {number}. They must be at least {years} years old.",
         "Who can get {town} {thing} support no. {number}?"),
        ("How much is paid", "No. {number} refunds {share} percent of the cost of {thing}, up to {amount} million won a year for each firm. {town} closes the call early when its budget is used up.",
         "How much of the {thing} cost does {town} no. {number} pay?"),
        ("When to apply", "Applications for no. {number} are taken on the website of {town} until 18:00 on day {day} of month {month}. Results for {thing} follow {weeks} weeks after closing.",
         "What is the deadline of {town} {thing} no. {number}?"),
        ("Which papers are needed", "The {thing} application no. {number} of {town} needs the {first} and the {second}. Papers must have been issued within {years} months.",
         "Which documents does {town} {thing} support no. {number} ask for?"),
        ("Whom to ask", "The {office} of {town} is in charge of {thing} no. {number} and answers the telephone on working days from 9 to {hour}. Visits are booked {years} days ahead.",
         "Which division of {town} handles {thing} no. {number}?"),
    )),
}  # fmt: skip
CHANGED = {"ko": " 이 항목은 다시 고쳤습니다.", "en": " This section was revised again."}


@dataclass(frozen=True, slots=True)
class CorpusSection:
    """One passage: `id` is its document's name and its place there, `document` the name of the file
    below the folder, `text` the heading path and the text, as they are embedded."""

    id: str
    document: str
    text: str


@dataclass(frozen=True, slots=True)
class BenchQuestion:
    """A question and the id of the section that answers it."""

    text: str
    answer: str


def write_corpus(folder: Path, passages: int) -> None:
    """Write the documents of a corpus of so many passages, which are the same in every run."""
    for number in range(passages // SECTIONS_PER_DOCUMENT):
        path = folder / name_document(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_render_document(number), encoding="utf-8")


def change_corpus(folder: Path, passages: int) -> None:
    """Change one in a hundred passages, each in another document."""
    for number in range(0, passages // SECTIONS_PER_DOCUMENT, CHANGED_EVERY_DOCUMENTS):
        text = _render_document(number, changed=True)
        (folder / name_document(number)).write_text(text, encoding="utf-8")


def ask_questions(passages: int, count: int) -> list[BenchQuestion]:
    """`count` questions about sections all over a corpus of so many passages."""
    draw = random.Random(QUESTION_SEED)
    asked = []
    for at in range(count):
        number = draw.randrange(passages // SECTIONS_PER_DOCUMENT)
        part = draw.randrange(SECTIONS_PER_DOCUMENT)
        own = _choose_language(number)
        foreign = at % FOREIGN_EVERY_QUESTIONS == FOREIGN_EVERY_QUESTIONS - 1
        language = {"ko": "en", "en": "ko"}[own] if foreign else own
        text = TEMPLATES[language][1][part][2].format(**_draw_facts(number, language))
        asked.append(BenchQuestion(text, f"{name_document(number)}#{part}"))
    return asked


def name_document(number: int) -> str:
    """The file of a document below the folder of the corpus."""
    return f"{number // DOCUMENTS_PER_FOLDER:02}/{number:05}.md"


def list_documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of every document of a folder, sorted by name."""
    for path in sorted(folder.rglob("*.md")):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def split_document(name: str, data: bytes) -> Sequence[CorpusSection]:
    """The sections of one document."""
    title, *parts = data.decode().split("\n## ")
    sections = []
    for at, part in enumerate(parts):
        heading, text = part.strip().split("\n", 1)
        path = f"{title.removeprefix('# ').strip()} – {heading}"
        sections.append(CorpusSection(f"{name}#{at}", name, f"{path}\n{text}"))
    return sections


def read_corpus(folder: Path) -> list[CorpusSection]:
    """Every section of every document of a folder, in order."""
    return [one for name, data in list_documents(folder) for one in split_document(name, data)]


def _render_document(number: int, changed: bool = False) -> str:
    language = _choose_language(number)
    title, sections = TEMPLATES[language]
    facts = _draw_facts(number, language)
    parts = [f"# {title.format(**facts)}\n"]
    for at, (heading, text, _) in enumerate(sections):
        mark = CHANGED[language] if changed and at == 0 else ""
        parts.append(f"## {heading}\n{text.format(**facts)}{mark}\n")
    return "\n".join(parts)


def _choose_language(number: int) -> str:
    return ("ko", "en")[number % 2]


def _draw_facts(number: int, language: str) -> dict[str, object]:
    """What the document of a number says, in one language; the same facts in both."""
    draw = random.Random(number)
    at = ("ko", "en").index(language)
    first, second = draw.sample(PAPERS, 2)
    town = draw.choice(FIRST_SYLLABLES)[at] + draw.choice(LAST_SYLLABLES)[at]
    return {
        "number": number, "town": town, "thing": draw.choice(THINGS)[at],
        "office": draw.choice(OFFICES)[at], "first": first[at], "second": second[at],
        "most": draw.randrange(10, 90), "years": draw.randrange(1, 8),
        "share": draw.randrange(4, 10) * 10, "amount": draw.randrange(2, 60) * 100,
        "month": draw.randrange(1, 13), "day": draw.randrange(1, 29),
        "weeks": draw.randrange(2, 9), "hour": draw.randrange(15, 19),
    }  # fmt: skip
