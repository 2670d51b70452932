"""The placeholders of links in a converted body → addresses. Pure.

Apart from what converts: a build that only renders a page need not load that.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

_PLACEHOLDER = re.compile(r'<a href="mt-link:(\d+)"([^>]*)>|<img src="mt-link:(\d+)" alt="([^"]*)"([^>]*)>|</a>')


def resolve_links(body: str, urls: Sequence[str | None], sizes: Sequence[tuple[int, int] | None] = ()) -> str:
    """Put addresses for the placeholders of a converted body.

    Args:
        body: ``Rendered.html``.
        urls: for each of ``Rendered.links``; ``None`` leaves of a link its text
            and of an image its alternative text: the same bytes for whatever reason.
        sizes: width and height in pixels of those that are images, where known.
    """
    if '="mt-link:' not in body:
        return body
    dropped = False

    def put(match: re.Match[str]) -> str:
        nonlocal dropped
        link, rest, image, alt, kept = match.groups()
        if link is not None:
            url = urls[int(link)]
            dropped = url is None
            return "" if url is None else f'<a href="{html.escape(url)}"{rest}>'
        if image is None:
            closing, dropped = "" if dropped else "</a>", False
            return closing
        url = urls[int(image)]
        if url is None:
            return alt
        size = sizes[int(image)] if int(image) < len(sizes) else None
        if size and " width=" not in kept and " height=" not in kept:
            kept += f' width="{size[0]}" height="{size[1]}"'
        return f'<img src="{html.escape(url)}" alt="{alt}"{kept}>'

    return _PLACEHOLDER.sub(put, body)
