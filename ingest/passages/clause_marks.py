"""Marks at the start of a line: 제3조(지원대상), ①, 1. 가. 1) 가), □ ○ - ※, Q. and A.

See docs/decisions/0015-clause-marks-as-structure-when-they-act-as-headings.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HANGUL_LETTERS = "가나다라마바사아자차카타파하"
HEADING_MARK_KINDS = frozenset({"Ⅰ", "1.", "가.", "□"})  # may head a section of a notice
ITEM_TITLE_MAX_CHARACTERS = 40  # longer items are statements; see docs/parameters.md
QUESTION_MAX_CHARACTERS = 120  # a longer numbered line is a paragraph that ends in a question

SOURCES_LINE = re.compile(r"^(출처|Source|Sources|Nguồn)\s*:\s*(.+)$")

# Ranks of the parts of a law or rule, below the six heading levels of Markdown.
_CLAUSE_RANKS = {"편": 7, "장": 8, "절": 9, "관": 10, "조": 11}
_NOT_A_REFERENCE = (
    r"(?!(?:제\s?\d|및\s|또는\s|내지\s|중\s|각\s|에\s|의\s))"  # "제3조(…) 및 제4조에 따라"
)
_PART = re.compile(
    rf"제\s?\d+\s?(?P<kind>[편장절관])(?:의\s?\d+)?(?:\s+{_NOT_A_REFERENCE}[^.|]{{1,50}}(?<!다))?"
)
_ARTICLE = re.compile(
    r"(?P<name>제\s?\d+\s?조(?:의\s?\d+)?\s?(?:\((?:[^()]|\([^()]*\)){1,60}\)|[\[【（][^\]】）]{1,60}[\]】）]))"
    rf"(?:\s+{_NOT_A_REFERENCE}(?P<rest>\S.*))?"
    r"|(?P<gone>제\s?\d+\s?조(?:의\s?\d+)?)(?:\s+(?P<left>삭\s?제.*))?"
)
_FOREIGN_CLAUSE = re.compile(
    r"(?P<part>(?:Chapter|Chương) [\dIVXLC]+\b[.:]?(?: [^.|]{1,60})?)"
    r"|(?P<article>(?:Article|Điều) \d+(?:[.:]| ?\([^()]{1,60}\))(?: [^.|]{1,60})?)"
)
_APPENDIX = re.compile(
    r"부\s{0,4}칙(?:\s*[<(〈\[].*)?|[\[<【〔]\s*(?:별표|별지|붙임|서식)[^\]>】〕]{0,60}[\]>】〕](?!\()[^.|]{0,60}"
)
_ITEM_MARKS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("Ⅰ", r"(?:(?P<number>[Ⅰ-Ⅻ])\s*\.?|(?P<latin>[IVX]{1,5})\\?\.)\s*(?=\S)"),
        ("1.", r"(?P<number>\d{1,2})\\?\.(?:\s+(?!\d+\s?\.)|(?=[^\s\d]))"),
        ("가.", rf"(?P<number>[{HANGUL_LETTERS}])\\?\.\s*(?=\S)"),
        ("1)", r"(?P<number>\d{1,2})\\?\)\s*(?=\S)"),
        ("가)", rf"(?P<number>[{HANGUL_LETTERS}])\\?\)\s*(?=\S)"),
        ("(1)", r"\((?P<number>\d{1,2})\)\s*(?=\S)"),
        ("(가)", rf"\((?P<number>[{HANGUL_LETTERS}])\)\s*(?=\S)"),
        ("①", r"(?P<number>[①-⑳㉑-㉟])\s*(?=\S)"),
        ("㉮", r"(?P<number>[㉮-㉻])\s*(?=\S)"),
        ("□", r"[□■◇◆▣❏❑]\s*(?=\S)"),
        ("○", r"(?:[○●◦◯❍ㅇ]\s*|o\s+)(?=\S)"),
        ("-", r"[-–*+]\s+(?=\S)"),
        ("·", r"[•·∙▪▸►▷▶]\s*(?=\S)"),
        ("※", r"※\s*(?=\S)"),
    )
)
_LABEL = re.compile(
    r"(?:[(\[【](?P<set>[^()\[\]【】]{1,30})[)\]】]\s*[:：]?|(?P<before>.{1,30}?)\s*[:：])\s*(?P<more>.*)"
)
_SENTENCE_END = re.compile(
    r"(?:[.!?。;,]|다|[세어아해예나까]요|니까|임|함|됨|[을를은는]|으로|에서|에게|하여|하며|하고|및|또는|위한|따른|대한)$"
)
_QUESTION_LINE = re.compile(
    r"(?:Q\s?\d*\s?[.:)：]|Q\d+\s|(?:질\s?문|문)\s?\d*\s?[.:)：]|\[(?:질문|문|Q)\]"
    r"|(?:Question|Câu hỏi|Hỏi)\s?\d*\s?[.:)])\s*(?P<text>\S.*)"
)
_ANSWER_LINE = re.compile(
    r"(?:A\s?\d*\s?[.:)：]|A\d+\s|(?:답\s?변|답)\s?\d*\s?[.:)：]|\[(?:답변|답|A)\]"
    r"|(?:Answer|Trả lời|Đáp)\s?\d*\s?[.:)])\s*(?P<text>.*)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a law or rule: its rank, its name in a path and the text after it on its line."""

    rank: int
    name: str
    rest: str

    @property
    def is_article(self) -> bool:
        """Whether it is an article (조)."""
        return self.rank == _CLAUSE_RANKS["조"]


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list item: the kind of its mark, the mark as written, its number (0 for none), its text."""

    kind: str
    mark: str
    number: int
    text: str

    @property
    def name(self) -> str:
        """Its name in a path: without a sign, but with a number; of a question its text."""
        if self.is_question:
            return self.text.strip()
        return self._summary if self.kind in "□○-·※" else self.mark + self._summary

    @property
    def is_question(self) -> bool:
        """Whether it is one question, which what stands below it may answer."""
        is_one = self.text.rstrip().endswith("?") and "|" not in self.text
        return is_one and len(self.text) <= QUESTION_MAX_CHARACTERS

    @property
    def is_title(self) -> bool:
        """Whether it only names the text below it."""
        label = _LABEL.match(self.text)
        short = len(self.text) <= ITEM_TITLE_MAX_CHARACTERS and "|" not in self.text
        return short and not (label and label["more"]) and not _SENTENCE_END.search(self.text)

    @property
    def _summary(self) -> str:
        """A short form of its text: "지원대상" for "(지원대상) 수출 중소기업"."""
        if label := _LABEL.match(self.text):
            return label["set"] or label["before"]
        cut = self.text[:ITEM_TITLE_MAX_CHARACTERS]
        return self.text if cut == self.text else cut.rsplit(" ", 1)[0] + "…"


def strip_emphasis(line: str) -> str:
    """A line without indentation and Markdown emphasis."""
    return line.replace("**", "").strip()


def parse_clause(line: str) -> Clause | None:
    """The clause that a line (also a Markdown heading) begins; None if it begins none."""
    text = strip_emphasis(line).lstrip("#").strip()
    if match := _ARTICLE.fullmatch(text):
        name, rest = match["name"] or match["gone"], match["rest"] or match["left"] or ""
        return Clause(_CLAUSE_RANKS["조"], re.sub(r"\s+", " ", name), rest)
    if match := _PART.fullmatch(text):
        return Clause(_CLAUSE_RANKS[match["kind"]], text, "")
    if _APPENDIX.fullmatch(text):
        return Clause(_CLAUSE_RANKS["편"], text, "")
    if match := _FOREIGN_CLAUSE.fullmatch(text):
        return Clause(_CLAUSE_RANKS["장" if match["part"] else "조"], text, "")
    return None


def parse_item(line: str) -> ListItem | None:
    """The list item of a line; None if it has no mark."""
    text = strip_emphasis(line)
    for kind, pattern in _ITEM_MARKS:
        if match := pattern.match(text):
            number = match.groupdict().get("number") or ""
            return ListItem(kind, match.group(), _parse_ordinal(number), text[match.end() :])
    return None


def parse_question(line: str) -> str | None:
    """The text of a line that begins a question (Q., 문, Hỏi); None for other lines."""
    match = _QUESTION_LINE.fullmatch(strip_emphasis(line))
    return match["text"] if match else None


def parse_answer(line: str) -> str | None:
    """The text of a line that begins an answer (A., 답, Đáp); None for other lines."""
    match = _ANSWER_LINE.fullmatch(strip_emphasis(line))
    return match["text"] if match else None


def _parse_ordinal(number: str) -> int:
    """The position of a number in its series: 1 for 1, 가, ① and Ⅰ; 0 for no number."""
    if not number or number.isdecimal():
        return int(number or 0)
    if number in HANGUL_LETTERS:
        return HANGUL_LETTERS.index(number) + 1
    first = max(row for row in "Ⅰ①㉑㉮" if row <= number)
    return ord(number) - ord(first) + (21 if first == "㉑" else 1)
