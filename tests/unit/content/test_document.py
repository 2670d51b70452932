"""``docs/front-matter.md`` and ``docs/definitions.md`` say what the code does."""

from __future__ import annotations

import re

import pytest

from generator.content import definitions
from generator.content.document import fill_tables
from generator.content.schema import KEYS
from generator.model import Category, Cluster, Contact, Unit
from tests.conftest import REPOSITORY, UPDATE_GOLDEN

FRONT_MATTER = REPOSITORY / "docs" / "front-matter.md"
DEFINITIONS = REPOSITORY / "docs" / "definitions.md"


def test_front_matter_page_is_that_of_the_schema() -> None:
    """The committed tables are those of the schema; with ``UPDATE_GOLDEN=1`` they are written."""
    page = FRONT_MATTER.read_text()
    if UPDATE_GOLDEN:
        page = fill_tables(page)
        FRONT_MATTER.write_text(page)
    assert fill_tables(page) == page


def test_front_matter_page_names_every_key() -> None:
    """No key is left out, in either language."""
    page = FRONT_MATTER.read_text()
    assert [name for key in KEYS for name in (key.name, *key.zh) if f"`{name}`" not in page] == []


def test_filling_an_unknown_table_raises() -> None:
    """A misspelt table name cannot leave an old table standing."""
    with pytest.raises(KeyError):
        fill_tables("<!-- table nothing -->\n<!-- end -->")


def test_definitions_page_names_every_key() -> None:
    """Every field of a definition that can be written stands in the page, and every choice."""
    page = DEFINITIONS.read_text()
    fields = {name for struct in (Cluster, Unit, Category, Contact) for name in struct.__struct_fields__}
    choices = {*definitions.KINDS, *definitions.CLEARANCES, *definitions.RHYTHMS}
    written = set(re.findall(r"`([a-z_]+)`", page))
    assert (fields | choices) - written == set()
