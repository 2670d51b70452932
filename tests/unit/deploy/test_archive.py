"""The files of an archive as they work from disk, and its bytes."""

from __future__ import annotations

import io
import json
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from generator.deploy.archive import at_home, for_disk, pack

SITE = {
    "index.html": b'<link rel="modulepreload" href="assets/search-core.4567cdef.js">\n'
    b'<script type="module" src="assets/search-box.0123abcd.js"></script><p>home</p>',
    "notice/a.html": b'<script type="module" src="../assets/search-box.0123abcd.js"></script>',
    "assets/search-box.0123abcd.js": b'import { ask } from "./search-core.4567cdef.js";\nask();\n',
    "assets/search-core.4567cdef.js": b"export const ask = () => globalThis.fetch('x/search/entry.json');\n",
    "404.html": b"missing",
    "robots.txt": b"",
}


def test_pages_get_classic_scripts_and_the_index_as_data() -> None:
    """No page asks for a module, and nothing is fetched."""
    made = for_disk(SITE, {"entry.json": b"{}", "shards/1c/47ee718ef747.bin": b"\x00"})
    assert made["index.html"].startswith(b'<script defer src="assets/search-box.js"></script>')
    assert made["notice/a.html"] == b'<script defer src="../assets/search-box.js"></script>'
    script = made["assets/search-box.js"].decode()
    assert "globalThis.fetch" not in script
    assert "embedded('x/search/entry.json')" in script
    assert b'"shards/1c/47ee718ef747.bin": "AA=="' in made["assets/archive-index.js"]
    assert not made.keys() & {"404.html", "robots.txt", "assets/search-core.4567cdef.js"}


def test_units_own_addresses_are_relative() -> None:
    """Results of the unit lead to the pages beside them, those of others to the real sites."""
    units = [["u", "U", "u/"], ["v", "V", "v/"], ["w", "W", "https://w.example/"]]
    entry = json.dumps({"portal": "https://x.example/", "units": units, "documents": 1}).encode()
    made = at_home({"entry.json": entry, "x": b"1"}, "u")
    assert [base for _, _, base in json.loads(made["entry.json"])["units"]] == [
        "",
        "https://x.example/v/",
        "https://w.example/",
    ]
    assert made["x"] == b"1"


def test_without_an_index_there_is_no_script() -> None:
    """An archive without search loads nothing."""
    made = for_disk(SITE, {})
    assert made["index.html"] == b"<p>home</p>"
    assert not any(name.endswith(".js") for name in made)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}\.html", fullmatch=True), st.binary(max_size=200), max_size=8))
def test_zip_depends_on_the_files_alone(files: dict[str, bytes]) -> None:
    """Any order gives the same bytes, every file comes out again, and the list of digests is complete."""
    data = pack(files, "unit")
    assert data == pack(dict(reversed(files.items())), "unit")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist() if not name.endswith("SUMS")} == {
            f"unit/{name}": content for name, content in files.items()
        }
        assert len(archive.read("unit/SHA256SUMS").splitlines()) == len(files)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
