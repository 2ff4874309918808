"""Slides as an audience sees them."""

from __future__ import annotations

from pptx import Presentation
from pptx.dml.color import RGBColor as SlideColor
from pptx.util import Inches

from ingest.document.convert import convert_bytes
from tests.samples.notes import list_kinds, save


class TestSlides:
    """PPTX."""

    def test_struck_white_and_hidden_words_and_slides(self) -> None:
        deck = Presentation()
        first = deck.slides.add_slide(deck.slide_layouts[5])
        first.shapes.title.text = "한도"
        box = first.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
        for words, strike in (("기업당 ", ""), ("3천만원 ", "sngStrike"), ("5천만원", "")):
            run = box.text_frame.paragraphs[0].add_run()
            run.text = words
            if strike:
                run._r.get_or_add_rPr().set("strike", strike)
        white = box.text_frame.add_paragraph().add_run()
        white.text, white.font.color.rgb = "몰래", SlideColor(255, 255, 255)
        filled = first.shapes.add_shape(1, Inches(5), Inches(5), Inches(2), Inches(1))
        filled.text_frame.text = "상자"
        filled.text_frame.paragraphs[0].runs[0].font.color.rgb = SlideColor(255, 255, 255)
        gone = first.shapes.add_textbox(0, 0, Inches(1), Inches(1))
        gone.text_frame.text = "꺼진 상자"
        gone._element.nvSpPr.cNvPr.set("hidden", "1")
        second = deck.slides.add_slide(deck.slide_layouts[5])
        second.shapes.title.text = "내부"
        second._element.set("show", "0")
        found = convert_bytes(save(deck), "a.pptx")
        assert found.markdown.split("\n\n") == [
            "<!-- page 1 -->", "## 한도", "기업당 5천만원", "상자",
        ]  # fmt: skip
        assert list_kinds(found.note) == {
            "struck_left_out": {"count": 1, "first": "3천만원"},
            "white_left_out": {"count": 1, "first": "몰래"},
            "hidden_left_out": {"count": 1, "first": "꺼진 상자"},
            "slides_left_out": {"slides": "2"},
        }

    def test_white_words_on_a_dark_slide_stay(self) -> None:
        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = SlideColor(0, 0, 80)
        run = (
            slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame.paragraphs[0].add_run()
        )
        run.text, run.font.color.rgb = "흰 글", SlideColor(255, 255, 255)
        assert convert_bytes(save(deck), "a.pptx").markdown.endswith("흰 글")

    def test_one_link_over_two_runs_and_one_on_a_shape(self) -> None:
        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        paragraph = slide.shapes.add_textbox(0, 0, 99, 99).text_frame.paragraphs[0]
        for words in ("온라인 ", "접수"):
            run = paragraph.add_run()
            run.text, run.hyperlink.address = words, "https://a.kr/x"
        shape = slide.shapes.add_textbox(0, 0, 99, 99)
        shape.text_frame.text = "단추"
        shape.click_action.hyperlink.address = "https://a.kr/y"
        lines = convert_bytes(save(deck), "a.pptx").markdown.split("\n\n")[1:]
        assert lines == ["온라인 접수 (https://a.kr/x)", "단추 (https://a.kr/y)"]

    def test_a_raised_figure_is_no_digit_of_the_number_before(self) -> None:
        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        paragraph = slide.shapes.add_textbox(0, 0, 99, 99).text_frame.paragraphs[0]
        for words, baseline in (("최대 5,000", "0"), ("1)", "30000"), ("만원", "-25000")):
            run = paragraph.add_run()
            run.text = words
            run._r.get_or_add_rPr().set("baseline", baseline)
        assert convert_bytes(save(deck), "a.pptx").markdown.endswith("최대 5,000¹⁾만원")
