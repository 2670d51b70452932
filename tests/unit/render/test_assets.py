"""Static files under names that change with their content."""

from __future__ import annotations

import re

from generator.render.assets import bare_script, emblem_image, hash_assets, hashed_name, join_stylesheets


def _hashed(files: dict[str, str]) -> tuple[dict[str, str], dict[str, bytes], list[tuple[str, int, str]]]:
    data = {name: text.encode() for name, text in files.items()}
    origins = {name: [(f"themes/x/assets/{name}", one)] for name, one in data.items()}
    names, written, _, faults = hash_assets(data, origins)
    return names, written, [(fault.path, fault.line, fault.code) for fault in faults]


def test_module_is_named_after_the_modules_it_imports() -> None:
    """A change deep in the graph changes the name of every module that leads there, and of no other."""
    files = {
        "page.js": 'import { a } from "./core.js";\n',
        "core.js": "import('./fold.js')",
        "fold.js": "1",
        "box.js": "2",
    }
    before, written, faults = _hashed(files)
    assert not faults
    assert f'"./{before["core.js"]}"'.encode() in written[before["page.js"]]
    assert f"'./{before['fold.js']}'".encode() in written[before["core.js"]]
    after, _, _ = _hashed(files | {"fold.js": "3"})
    assert {name for name in files if before[name] != after[name]} == {"page.js", "core.js", "fold.js"}


def test_needs_of_a_module_are_known_in_the_order_of_loading() -> None:
    """Pages preload them, so that a slow line does not wait for one module after the other."""
    files = {"page.js": b'import "./core.js"; import "./fold.js"', "core.js": b'import "./fold.js"', "fold.js": b""}
    assert hash_assets(files, {}).uses == {
        "page.js": ("fold.js", "core.js"),
        "core.js": ("fold.js",),
        "fold.js": (),
    }


def test_stylesheet_names_images_under_their_hashed_name() -> None:
    """Whatever folder the style sheet says, all files of a site are in one."""
    names, written, faults = _hashed(
        {"site.css": "a{background:url('../img/x.svg')}b{src:url(data:x)}", "x.svg": "<svg/>"}
    )
    assert not faults
    assert written[names["site.css"]].decode() == f"a{{background:url('{names['x.svg']}')}}b{{src:url(data:x)}}"


def test_reference_to_no_file_is_a_fault_with_its_line() -> None:
    """The operator is told which file names what is missing."""
    _, _, faults = _hashed({"a.js": '\nimport "./none.js"', "site.css": "a{}\nb{background:url(none.svg)}"})
    assert faults == [("themes/x/assets/a.js", 2, "asset-missing"), ("themes/x/assets/site.css", 2, "asset-missing")]


def test_modules_in_a_circle_are_a_fault() -> None:
    """Files that name each other cannot be named after their content."""
    _, _, faults = _hashed({"a.js": 'import "./b.js"', "b.js": 'import "./a.js"'})
    assert [fault[2] for fault in faults] == ["asset-circle"]


def test_joined_stylesheet_has_no_comments_and_keeps_strings() -> None:
    """Comments are for the theme's authors; ``/*`` in a string is no comment."""
    joined = join_stylesheets([b"/* one\n two */a{}\n\n", b'  b{content:"/* kept */"} /* gone */\n'])
    assert joined == b'a{}\nb{content:"/* kept */"}\n'


def test_hashed_name_keeps_stem_and_extension() -> None:
    """``search-core.js`` is found as ``search-core*.js``."""
    assert re.fullmatch(r"search-core\.[0-9a-f]{8}\.js", hashed_name("search-core.js", b"x"))


def test_emblem_escapes_its_text() -> None:
    """A unit's emblem cannot bring markup into the icon."""
    assert b"<script" not in emblem_image("<script", "#a61b1b", "#ffffff")


def test_script_loses_comment_lines_and_nothing_else() -> None:
    """Comments on lines of their own do not travel; what only looks like one stays."""
    script = b'/**\n * Says.\n */\nconst a = "// no"; // kept\n\n  // gone\nconst b = "/* no */";\n/* gone */\n'
    assert bare_script(script) == b'const a = "// no"; // kept\nconst b = "/* no */";\n'
