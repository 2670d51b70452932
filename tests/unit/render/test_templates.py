"""generator.render.templates: templates give what Jinja2's own compiler makes of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from generator.render.templates import failing_line, make_environment

TEMPLATES = {
    "layout.html": "<{{ value }}>{% block head %}{% endblock %}"
    "{% block outer %}[{% block inner %}{{ value }}{% endblock %}]{% endblock %}{{ safe }}\n",
    "page.html": "{% extends 'layout.html' %}{% from 'parts.html' import part %}"
    "{% block inner %}{{ super() }}{{ part(value) }}{% call part(safe) %}{{ value }}{% endcall %}{% endblock %}",
    "parts.html": "{% macro part(one) %}<i>{{ one }}{{ caller() if caller is defined else '' }}</i>{% endmacro %}",
    "alone.html": "{% for one in values %}{% block each scoped %}{{ loop.index }}{{ one }}{% endblock %}{% endfor %}"
    "{% set held %}{{ value }}<b>{% endset %}{{ held }}{{ value ~ safe }}{{ value|e }}{{ safe|upper }}"
    "{% include 'part.html' %}{% filter lower %}{{ value }}{% endfilter %}"
    "{% autoescape false %}{{ value }}{% endautoescape %}{{ self.each() if false else '' }}",
    "part.html": "<p>{{ value }}\n{% if values %}{{ values[0] }}{% endif %}</p>",
}
VALUES = (
    st.text(st.sampled_from("&<>'\"一a \n"), max_size=8)
    | st.builds(Markup, st.text("<&一", max_size=4))
    | st.none()
    | st.integers()
    | st.lists(st.text("<'", max_size=2), max_size=2)
)


@given(VALUES, VALUES, st.lists(VALUES, max_size=3))
def test_output_is_that_of_the_plain_compiler(value: Any, safe: Any, values: list[Any]) -> None:
    """Blocks in blocks and in loops, parents, macros, captured texts, markup and what is no text at all."""
    plain = Environment(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    plain.keep_trailing_newline = True
    ours = make_environment(TEMPLATES, {})
    context = {"value": value, "safe": safe, "values": values}
    for name in ("page.html", "alone.html", "layout.html"):
        assert ours.get_template(name).render(context) == plain.get_template(name).render(context)


def test_failure_in_a_block_is_located() -> None:
    """In the template and line that it stands in, though its text is handed on in one piece."""
    templates = {
        **TEMPLATES,
        "bad.html": "{% extends 'layout.html' %}\n{% block inner %}\n\n{{ absent }}{% endblock %}",
    }
    with pytest.raises(UndefinedError) as caught:
        make_environment(templates, {}).get_template("bad.html").render(value="", safe="")
    assert failing_line(caught.value, templates) == ("bad.html", 4)


def test_failure_in_what_a_template_extends_is_located() -> None:
    """In the parent, though its text is handed on in one piece too."""
    templates = {"parent.html": "\n\n{{ absent }}", "child.html": "{% extends 'parent.html' %}"}
    with pytest.raises(UndefinedError) as caught:
        make_environment(templates, {}).get_template("child.html").render()
    assert failing_line(caught.value, templates) == ("parent.html", 3)
