"""HTML of a body → the same without anything that is not on the allow-list. Pure.

Beside the list itself (OWASP, HTML sanitisation), two things are decided here at
the moment the sanitiser has parsed an attribute, so that no way of writing it can
go around: URLs go to the ``LinkCollector``, and ids take a form that no id of
the page has.
"""

from __future__ import annotations

import nh3

from generator.render.anchors import body_id
from generator.render.body_links import SCHEMES, LinkCollector

_CLASS_NAMES = (
    "admonition admonition-title note info tip hint important warning caution danger footnote "
    "footnote-ref footnote-backref toc salutation align-left align-center align-right signature date caption unit "
    "number noindent"
)
CLASSES = frozenset(_CLASS_NAMES.split())
"""Classes that an editor may give (``{: .caption}``) or that Python-Markdown gives; the theme styles each."""

_TAG_NAMES = (
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub "
    "summary sup table tbody td tfoot th thead time tr u ul var"
)
TAGS = set(_TAG_NAMES.split())

DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"}

ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope", "abbr"},
    "time": {"datetime"},
    "details": {"open"},
}

_NUMBERS = frozenset({"width", "height", "start", "value", "colspan", "rowspan"})
_VALUES = {
    "align": frozenset({"left", "center", "right"}),
    "scope": frozenset({"row", "col", "rowgroup", "colgroup"}),
    "type": frozenset("1aAiI"),
}
_PASSED = frozenset({"alt", "title", "datetime", "abbr"})


class Sanitiser:
    """One reusable sanitiser; not for use by two threads at once."""

    def __init__(self) -> None:
        self._links: LinkCollector | None = None
        self._failure: Exception | None = None
        self._cleaner = nh3.Cleaner(
            tags=TAGS,
            clean_content_tags=DROPPED_WITH_CONTENT,
            attributes=ATTRIBUTES,
            attribute_filter=self._attribute,
            link_rel=None,
            url_schemes={*SCHEMES, "item"},
        )

    def clean(self, html: str, links: LinkCollector) -> str:
        """Clean ``html``; its URLs become those that ``links`` gives.

        The result is well formed, with every attribute in double quotes and no ``>`` in them.
        """
        self._links, self._failure = links, None
        cleaned: str = self._cleaner.clean(html)
        if self._failure is not None:
            # nh3 only logs what a filter raises; it would hide a bug of ours.
            raise self._failure
        return cleaned

    def _attribute(self, _tag: str, name: str, value: str) -> str | None:
        try:
            if self._links is not None and name in ("href", "src"):
                return self._links.anchor(value) if name == "href" else self._links.image(value)
            return clean_attribute(name, value)
        except Exception as failure:
            self._failure = failure
            return None


def clean_attribute(name: str, value: str) -> str | None:
    """The value that an attribute on the list may keep, or ``None``."""
    if name == "id":
        return body_id(value)
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES) or None
    if name in _NUMBERS:
        if not value.isdecimal() or len(value) > 4:
            return None
        return value if value.isascii() else str(int(value))  # a list may be numbered in full-width digits
    if name in _VALUES:
        return value if value in _VALUES[name] else None
    if name in ("open", "reversed"):
        return ""
    if name == "lang":
        return value if value.replace("-", "").isalnum() and value.isascii() and len(value) <= 35 else None
    return value if name in _PASSED else None
