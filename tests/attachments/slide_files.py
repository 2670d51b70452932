"""Presentations with words that cannot be seen on their ground, and with such that can."""

from __future__ import annotations

import io
from collections.abc import Callable

import pptx
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.util import Inches

from tests.attachments.office_files import SECRET, _slides, replaced

Make = Callable[[], bytes]
Change = Callable[..., object]
_WHITE = RGBColor(255, 255, 255)
_SPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def _box(change: Change = lambda slide, box, run: None, *, before: Change = lambda slide: None) -> Make:
    """A text box with words, and what is done before it and to it."""

    def fill(show: pptx.presentation.Presentation) -> None:
        slide = show.slides[0]
        before(slide)
        box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
        run = box.text_frame.paragraphs[0].add_run()
        run.text = SECRET
        change(slide, box, run)

    return lambda: _slides(fill)


def _white(slide: object, box: object, run: pptx.text.text._Run) -> None:
    run.font.color.rgb = _WHITE


def _paper(slide: object, box: object, run: pptx.text.text._Run) -> None:
    run.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def _filled(red: int, green: int, blue: int) -> Change:
    def change(slide: object, box: pptx.shapes.autoshape.Shape, run: pptx.text.text._Run) -> None:
        _white(slide, box, run)
        box.fill.solid()
        box.fill.fore_color.rgb = RGBColor(red, green, blue)

    return change


def _lettered(markup: str) -> Change:
    def change(slide: object, box: object, run: pptx.text.text._Run) -> None:
        run._r.get_or_add_rPr().append(parse_xml(markup.replace(" ", f" {_SPACE} ", 1)))

    return change


def _covered(slide: pptx.slide.Slide, box: object, run: object) -> None:
    slide.shapes.add_shape(1, Inches(0.5), Inches(0.5), Inches(5), Inches(3))


def _moving(slide: pptx.slide.Slide, box: object, run: object) -> None:
    _covered(slide, box, run)
    space = "http://schemas.openxmlformats.org/presentationml/2006/main"
    slide._element.append(parse_xml(f'<p:timing xmlns:p="{space}"/>'))


def _fitted(slide: object, box: pptx.shapes.autoshape.Shape, run: object) -> None:
    box.text_frame._txBody.bodyPr.append(parse_xml(f'<a:normAutofit {_SPACE} fontScale="1000"/>'))


def _dark(slide: pptx.slide.Slide) -> None:
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = RGBColor(0, 0, 80)


def _shape(slide: pptx.slide.Slide) -> None:
    slide.shapes.add_shape(1, 0, 0, Inches(10), Inches(5))


def _photograph(slide: pptx.slide.Slide) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "PNG")
    slide.shapes.add_picture(out, 0, 0, Inches(10), Inches(7))


def _photograph_of_layout(slide: pptx.slide.Slide) -> None:
    _photograph(slide)
    slide.slide_layout.shapes._spTree.append(slide.shapes[-1]._element)


def dark_theme(change: Change) -> bytes:
    """The colour of paper is black in this theme."""
    return replaced(_box(change)(), "ppt/slideMasters/slideMaster1.xml", 'bg1="lt1"', 'bg1="dk1"')


UNSEEN: list[tuple[str, Make, str]] = [
    ("white.pptx", _box(_white), "attachment-hidden-text"),
    ("paper.pptx", _box(_paper), "attachment-hidden-text"),
    ("paper-in-the-dark.pptx", lambda: dark_theme(_paper), "attachment-hidden-text"),
    ("white-on-white.pptx", _box(_filled(255, 255, 254)), "attachment-hidden-text"),
    ("empty.pptx", _box(_lettered("<a:noFill />")), "attachment-hidden-text"),
    (
        "glass.pptx",
        _box(_lettered('<a:solidFill ><a:srgbClr val="000000"><a:alpha val="0"/></a:srgbClr></a:solidFill>')),
        "attachment-hidden-text",
    ),
    ("fitted.pptx", _box(_fitted), "attachment-hidden-text"),
    ("covered.pptx", _box(_covered), "attachment-hidden-text"),
]
SEEN: list[tuple[str, Make]] = [
    ("navy.pptx", _box(_filled(0, 0, 80))),
    ("dark-slide.pptx", _box(_white, before=_dark)),
    ("shape.pptx", _box(_white, before=_shape)),
    ("photograph.pptx", _box(_white, before=_photograph)),
    ("layout.pptx", _box(_white, before=_photograph_of_layout)),
    ("theme.pptx", lambda: dark_theme(_white)),
    ("moving.pptx", _box(_moving)),
]
