"""A theme's template texts → compiled Jinja2 templates. Pure.

Templates autoescape, an unknown name is an error, and nothing but the texts
given here can be included. ``{% t key %}`` puts an interface text in while the
template is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from generator.diagnostics import Diagnostic, diagnostic


class InterfaceText(Extension):
    """``{% t search %}``: the text of the key, escaped, as part of the template."""

    tags = {"t"}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        key = parser.stream.expect("name").value
        strings = self.environment.globals["t"]
        assert isinstance(strings, dict)  # make_environment put it there
        if key not in strings:
            parser.fail(f"no interface text named {key!r}", line)
        return nodes.Output([nodes.TemplateData(escape(strings[key]))], lineno=line)


def make_environment(templates: Mapping[str, str], strings: Mapping[str, str]) -> Environment:
    """An environment that knows these templates and texts, and nothing else."""
    environment = Environment(
        loader=FunctionLoader(lambda name: (templates[name], name, None) if name in templates else None),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals = {"t": dict(strings)}
    environment.add_extension(InterfaceText)
    return environment


def check_templates(environment: Environment, templates: Mapping[str, str], folder: str) -> list[Diagnostic]:
    """Faults of syntax, unknown filters and interface texts, each with its line."""
    found = []
    for name in sorted(templates):
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            path = f"{folder}/{error.name or name}"
            found.append(diagnostic("template-syntax", path, error.lineno, reason=error.message or ""))
    return found


def failing_line(error: BaseException, templates: Mapping[str, Any]) -> tuple[str, int]:
    """The template and line in which rendering failed."""
    place = ("", 0)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in templates:
            place = (name, trace.tb_lineno)
        trace = trace.tb_next
    return place
