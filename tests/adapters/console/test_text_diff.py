"""Two texts compared: what people read of the difference."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.console.text_diff import DiffRow, Piece, compare_texts, compare_words

LINES = st.lists(st.sampled_from(["가 나 다", "라 마", "바", "사 아 자"]), max_size=12).map(
    "\n".join
)


def test_equal_texts_have_no_rows() -> None:
    assert compare_texts("가\n나", "가\n나") == []


def test_the_words_that_differ_are_marked() -> None:
    before, after = compare_words("한도는 1억 원입니다.", "한도는 2억 원입니다.")
    assert before == (Piece("한도는 "), Piece("1억", is_changed=True), Piece(" 원입니다."))
    assert after[1] == Piece("2억", is_changed=True)


def test_what_did_not_change_is_left_out_but_for_its_neighbours() -> None:
    same = [f"문단 {number}" for number in range(20)]
    rows = compare_texts("\n".join([*same, "옛 문장"]), "\n".join([*same, "옛 문장", "새 문장"]))
    assert [row.kind for row in rows] == ["gap", "same", "added"]
    assert rows[0].skipped == 20 and rows[-1] == DiffRow("added", after=(Piece("새 문장"),))


@given(LINES, LINES)
def test_both_texts_can_be_read_back_from_the_rows(before: str, after: str) -> None:
    rows = compare_texts(before, after)
    for text, side in ((before, "before"), (after, "after")):
        shown = ["".join(one.text for one in getattr(row, side)) for row in rows]
        lines = text.splitlines()
        skipped = sum(row.skipped for row in rows)
        assert not rows or len([one for one in shown if one]) + skipped == len(lines)
        assert all(one in lines for one in shown if one)
