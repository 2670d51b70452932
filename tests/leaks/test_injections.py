"""Whatever of a withheld text stands in a finished file, wherever and however written, the audit finds it.

The scenarios plant bugs into the program; here finished files are changed at random as the audit reads them.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.build import auditing, scanning
from generator.build.executor import Workers
from generator.build.fs import FileSystem
from generator.build.scanning import AuditContext, AuditTask, Written, bytes_of, scan_chunk
from generator.build.shared import Shared
from generator.clearance.fingerprints import within
from generator.clearance.folding import WINDOW
from generator.clearance.scanner import Scanned
from tests.leaks.house import House

SECRET = (
    "某监区甲乙丙丁四名民警于戊年己月庚日前往辛地壬处核实癸案的线索，子丑寅卯等证据尚未移送，任何人不得透露ABC半句。"
)
BODY = "\n\n".join(
    f"第{number}条　依照有关规定，办理第{number * 7}号事项应当提交材料并说明理由。" for number in range(60)
)
INVISIBLE = "\u200b\u200d\ufeff\u2060\u00ad\ufe0f\u200e"
TAGS = ("<b>", "</b>", "<br>", "<wbr>", '<span class="x">', "</span>")
SPACES = "\u3000\u00a0 "
Write = Callable[[str, Sequence[int]], str]
"""A text, and a number for each of its characters → how it is written."""


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)


def _between(pieces: Sequence[str]) -> Write:
    """With one of these before every second or third character."""
    return lambda text, numbers: "".join(
        (pieces[number % len(pieces)] if number % 3 else "") + one for one, number in zip(text, numbers, strict=True)
    )


PLAIN: dict[str, Write] = {
    "as it is": lambda text, numbers: text,
    "wide": lambda text, numbers: _wide(text),
    "invisible": _between(INVISIBLE),
    "spaces": _between(SPACES),
}
MARKUP: dict[str, Write] = PLAIN | {
    "tags": _between(TAGS),
    "lines": _between(("\n", " \n", "\r\n")),
    "entities": lambda text, numbers: "".join(
        f"&#x{ord(one):x};" if number % 2 else f"&#{ord(one)};" for one, number in zip(text, numbers, strict=True)
    ),
    "attribute": lambda text, numbers: f'<img alt="{html.escape(text)}">',
    "comment": lambda text, numbers: f"<!-- {text} -->",
}
DATA: dict[str, Write] = PLAIN | {
    "escapes": lambda text, numbers: "".join(
        f"\\u{ord(one):04x}" if number % 2 else one for one, number in zip(text, numbers, strict=True)
    )
}


class Finished(NamedTuple):
    """A tree that passed, and all that its audit looked through."""

    context: AuditContext
    written: tuple[Written, ...]

    @property
    def paths(self) -> list[str]:
        return [path for _, paths in self.written for path in paths]

    def scan(self, changed: Mapping[str, bytes]) -> Scanned:
        """Look through the tree with some files as they might have been written."""

        def read(out: Path, path: str) -> bytes:
            return changed[path] if path in changed else bytes_of(out, path)

        shared = Shared(FileSystem(), self.context.out, self.context)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scanning, "bytes_of", read)
            return scan_chunk(AuditTask(shared, self.written))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Forty public items, and one that is not."""
    house = House(tmp_path_factory.mktemp("house"))
    for number in range(40):
        house.write(f"jyglj/{('policy', 'service')[number % 2]}/n{number}", title=f"公开的第{number}号文件", body=BODY)
    house.secret("jyglj/policy/neibu", body=SECRET)
    begun: list[tuple[AuditContext, tuple[Written, ...]]] = []
    begin = auditing.begin_scan

    def noted(shared: Shared[AuditContext], work: Sequence[Written], crew: Workers) -> Iterator[Scanned]:
        begun.append((shared.get(), tuple(work)))
        return begin(shared, work, crew)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auditing, "begin_scan", noted)
        assert house.publish().leaks == ()
    (one,) = (one for one in begun if one[1])
    made = Finished(*one)
    assert len(made.paths) > 100
    assert made.scan({}).scans == ()
    return made


def _places(path: str, text: str) -> tuple[list[int], dict[str, Write]]:
    """Where something may be written into a file that still is of its format, and in which ways."""
    if path.endswith((".html", ".xml", ".svg")):
        ways = MARKUP if path.endswith(".html") else PLAIN | {"tags": _between(("<x/>", "<y></y>"))}
        return [at + 1 for at, one in enumerate(text) if one == ">" and at > text.find("?>")], ways
    if path.endswith(".json"):
        return [at for at, one in enumerate(text[:-1]) if one == '"' and text[at + 1] in ",]}"], DATA
    return [*range(0, len(text) + 1, 40)], PLAIN


@st.composite
def injections(draw: st.DrawFn) -> list[tuple[int, int, int, int, int, list[int]]]:
    """File, place, beginning and length of what is written, way of writing, and chance for each character."""
    number = st.integers(0, 1 << 30)
    each = st.tuples(
        number, number, number, st.integers(WINDOW, 30), number, st.lists(number, min_size=30, max_size=30)
    )
    return draw(st.lists(each, min_size=1, max_size=12))


def found_everywhere(finished: Finished, drawn: list[tuple[int, int, int, int, int, list[int]]]) -> None:
    changed: dict[str, bytes] = {}
    said: dict[str, tuple[str, str]] = {}
    for file, place, start, length, way, chances in drawn:
        path = finished.paths[file % len(finished.paths)]
        if path.endswith(".bin"):  # of an index only terms are told, which are proved in another way
            continue
        text = bytes_of(finished.context.out, path).decode()
        places, ways = _places(path, text)
        if not places:
            continue
        at, name = places[place % len(places)], [*ways][way % len(ways)]
        secret = SECRET[start % (len(SECRET) - length) :][:length]
        changed[path] = (text[:at] + ways[name](secret, chances[:length]) + text[at:]).encode()
        said[path] = (secret, name)
    assume(changed)
    scans = {one.path: one for one in finished.scan(changed).scans}
    prints = finished.context.prints
    for path, (secret, name) in said.items():
        keys = prints.hits(secret)
        assert keys.size
        assert path in scans, (path, name, secret)
        assert not scans[path].readable or within(keys, scans[path].keys).size, (path, name, secret)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=injections())
def test_what_is_written_into_finished_files_is_found(
    finished: Finished, drawn: list[tuple[int, int, int, int, int, list[int]]]
) -> None:
    """Sixteen characters that stand together are enough, in pages, data, feeds, scripts and styles."""
    found_everywhere(finished, drawn)


@pytest.mark.soak
@settings(max_examples=3_000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=injections())
def test_what_is_written_into_very_many_finished_files_is_found(
    finished: Finished, drawn: list[tuple[int, int, int, int, int, list[int]]]
) -> None:
    """A long campaign of the test above."""
    found_everywhere(finished, drawn)
