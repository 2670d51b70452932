"""The table of keys holds together."""

from __future__ import annotations

from msgspec.structs import fields

from generator.content.keys import _READ
from generator.content.schema import BY_NAME, KEYS, KIND_NAMES, suggest
from generator.content.source import SourceItem
from generator.model import Item
from tests.unit.content.content_makers import item, make_source


def test_every_field_of_an_item_has_a_key_and_no_other() -> None:
    """What an author can say and what the model holds are the same."""
    of_the_source = {"id", "path", "slug", "extra", "lines"}
    assert {key.name for key in KEYS if not key.extra} == {field.name for field in fields(Item)} - of_the_source


def test_names_are_unique() -> None:
    """No name, Chinese or English, stands for two keys; no mistaken name is a right one."""
    names = [name for key in KEYS for name in (key.name, *key.zh)]
    assert len(names) == len(set(names)) == len(BY_NAME)
    assert not {name for key in KEYS for name in key.mistaken} & set(names)


def test_every_kind_can_be_read_and_described() -> None:
    """A new kind needs a reader and a name."""
    kinds = {key.kind for key in KEYS}
    assert kinds <= set(KIND_NAMES)
    assert kinds - {"flag"} <= set(_READ)


def test_every_example_is_right() -> None:
    """What the documentation shows can be copied."""
    source: SourceItem = make_source("申请表.docx", "huijianshi.jpg")
    for key in KEYS:
        if key.example and not key.required:
            found = item(f"{key.name}: {key.example}\n", source=source)
            assert key.name in found.lines


def test_mistaken_names_suggest_their_key() -> None:
    """Each name that people write instead leads back to the right one."""
    assert [(name, key.name) for key in KEYS for name in key.mistaken if suggest(name) is not key] == []
    assert suggest("本院认为") is None
