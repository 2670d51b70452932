"""generator.build.compiled: templates are compiled once, and what is believed is what compiling would give."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import Environment

from generator.build.compiled import FILE, CompiledTemplates, load_compiled, save_compiled
from generator.build.fs import FileSystem
from generator.render.templates import make_environment

TEMPLATES = {"a.html": "<p>{% t word %} {{ name }}</p>{% include 'b.html' %}", "b.html": "<b>{{ name }}</b>"}
STRINGS = {"word": "词"}


def _rendered(
    compiled: CompiledTemplates, templates: Mapping[str, str] = TEMPLATES, strings: Mapping[str, str] = STRINGS
) -> str:
    return make_environment(templates, strings, compiled).get_template("a.html").render(name="<名>")


def _stored(folder: Path) -> CompiledTemplates:
    compiled = CompiledTemplates()
    assert _rendered(compiled) == "<p>词 &lt;名&gt;</p><b>&lt;名&gt;</b>"
    save_compiled(FileSystem(), folder, "code", compiled)
    known = load_compiled(folder, "code")
    assert known is not None
    return known


def test_known_template_is_not_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it renders as it did."""
    known = _stored(tmp_path)
    monkeypatch.setattr(Environment, "compile", None)
    assert _rendered(known) == "<p>词 &lt;名&gt;</p><b>&lt;名&gt;</b>"
    assert known.complete


def test_template_with_another_text_or_other_interface_texts_is_compiled(tmp_path: Path) -> None:
    """Both are part of its code."""
    known = _stored(tmp_path)
    assert _rendered(known, {**TEMPLATES, "b.html": "!"}) == "<p>词 &lt;名&gt;</p>!"
    assert not known.complete
    assert _rendered(known, strings={"word": "语"}) == "<p>语 &lt;名&gt;</p><b>&lt;名&gt;</b>"


def test_template_under_another_name_is_compiled(tmp_path: Path) -> None:
    """Its code says which template fails."""
    known = _stored(tmp_path)
    known.used.clear()
    make_environment({"c.html": TEMPLATES["b.html"]}, STRINGS, known).get_template("c.html")
    assert not known.complete


def test_what_was_not_asked_for_is_not_kept(tmp_path: Path) -> None:
    """Templates of old themes do not pile up."""
    known = _stored(tmp_path)
    _rendered(known, {**TEMPLATES, "b.html": "!"})
    save_compiled(FileSystem(), tmp_path, "code", known)
    again = load_compiled(tmp_path, "code")
    assert again is not None
    _rendered(again)
    assert not again.complete


def test_only_what_this_very_code_left_is_believed(tmp_path: Path) -> None:
    """Not that of other code, nor a file that is cut, altered or gone."""
    assert load_compiled(tmp_path, "code") is None
    _stored(tmp_path)
    assert load_compiled(tmp_path, "other code") is None
    path = tmp_path / FILE
    data = path.read_bytes()
    for place in range(0, len(data), 37):
        path.write_bytes(data[:place] + bytes((data[place] ^ 4,)) + data[place + 1 :])
        assert load_compiled(tmp_path, "code") is None
    path.write_bytes(data[:-1])
    assert load_compiled(tmp_path, "code") is None


def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    """What lies in it is run."""
    _stored(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_template_is_compiled_once_even_where_nothing_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first build compiles all in looking for faults; its workers are sent what it compiled."""
    compiled = CompiledTemplates()
    wanted = _rendered(compiled)
    sent = pickle.loads(pickle.dumps(compiled))
    monkeypatch.setattr(Environment, "compile", None)
    assert _rendered(sent) == wanted
    assert not sent.complete
