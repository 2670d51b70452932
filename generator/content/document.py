"""The table of front-matter keys → the tables in ``docs/front-matter.md``. Pure.

The page is written by hand but for what stands between ``<!-- table NAME -->``
and ``<!-- end -->``. A test holds it to the schema, and renews it with
``UPDATE_GOLDEN=1``; ``python -m generator.content.document < page`` prints it renewed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from generator.content.attachments import DOCUMENTS, IMAGES
from generator.content.schema import KEYS, KIND_NAMES, Key

_TABLE = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill_tables(page: str) -> str:
    """The page with every table as the schema has it; raises ``KeyError`` for a table of no such name."""
    tables = {
        "required": _keys(key for key in KEYS if key.required),
        "optional": _keys(key for key in KEYS if not key.required and not key.extra),
        "special": _keys(key for key in KEYS if key.extra),
        "files": _row("种类", "扩展名")
        + "|---|---|\n"
        + _row("文件", " ".join(sorted(DOCUMENTS)))
        + _row("图片", " ".join(sorted(IMAGES))),
    }
    return _TABLE.sub(lambda match: f"{match[1]}\n{tables[match[2]]}\n{match[3]}", page)


def _keys(keys: Iterable[Key]) -> str:
    table = _row("键", "中文键", "类型", "说明", "例") + "|---|---|---|---|---|\n"
    for key in keys:
        kind = KIND_NAMES[key.kind]
        if key.choices:
            kind += "：" + "、".join(f"`{spelling}`" for spelling in key.choices)
        names = "、".join(f"`{name}`" for name in key.zh)
        table += _row(f"`{key.name}`", names, kind, key.doc, f"`{key.example}`" if key.example else "")
    return table


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    sys.stdout.write(fill_tables(sys.stdin.read()))
