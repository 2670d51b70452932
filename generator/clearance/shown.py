"""What a page says otherwise than its source is written: a rendered body → texts. Pure."""

from __future__ import annotations

import html
from urllib.parse import unquote

from generator.clearance.recognise.lazily import Lazily
from generator.model import Rendered

_MARKUP = "*_&\\<`~["
_ESCAPING = "&%\\"
_VALUE = Lazily(r'\b(?:alt|title|href|cite|abbr|datetime)="([^"]*)"')
_PLACEHOLDER = "mt-link:"
"""Of an address that is known when all items are."""
_LETTER = r"[0-9A-Za-z\u2e80-\u2fdf\u3007\u3400-\u9fff\uf900-\ufaff\uff10-\uff5a\U00020000-\U0003ffff]"
_WRAPPED = Lazily(rf"\n(?<={_LETTER}\n)(?![0-9]{{1,9}}[.)]\s){_LETTER}")
"""Behind a mark no number and no word goes on in the next line, and none goes on in an entry of a list."""


def shown_otherwise(rendered: Rendered, body: str) -> str:
    """The blocks that read otherwise in the source, for entities, escapes, markup or line ends, and such attributes."""
    marked = not rendered.unmarked and any(map(body.__contains__, _MARKUP))
    if not (marked or _is_wrapped(body)):
        return ""
    lines = set(body.split("\n"))
    shown = [block.text for block in rendered.blocks if block.text not in lines]
    if marked and any(map(body.__contains__, _ESCAPING)):
        values = (unquote(html.unescape(found[1])) for found in _VALUE.finditer(rendered.html))
        shown += (value for value in values if value not in body and not value.startswith(_PLACEHOLDER))
    return "\n\n".join(shown)


def _is_wrapped(body: str) -> bool:
    """Whether lines end within paragraphs: a number or a word may go on in the next."""
    return body.count("\n") - body.endswith("\n") > 2 * body.count("\n\n") and _WRAPPED.search(body) is not None
