"""A theme's template texts → compiled Jinja2 templates. Pure.

Templates autoescape, an unknown name is an error, and nothing but the texts
given here can be included. ``{% t key %}`` puts an interface text in while the
template is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from html import escape
from typing import Any

import markupsafe
from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    nodes,
)
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup
from markupsafe import escape as escape_markup

from generator.diagnostics import Diagnostic, diagnostic

_escaped_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape_markup)
"""What ``escape`` makes of a text, before it marks that as escaped."""


def _escaped(value: object) -> str:
    """What an output expression becomes; plain texts, which most are, without being marked as escaped."""
    if type(value) is str:
        return _escaped_text(value)
    # A document or a frame is long, and as good as a copy of it.
    return value if type(value) is Markup else escape_markup(value)


class NoSuchText(TemplateSyntaxError):
    """A template asks for an interface text that the theme has not; the message is its key."""


class InterfaceText(Extension):
    """``{% t search %}``: the text of the key, escaped, as part of the template."""

    tags = {"t"}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        key = parser.stream.expect("name").value
        strings = self.environment.globals["t"]
        assert isinstance(strings, dict)  # make_environment put it there
        if key not in strings:
            raise NoSuchText(key, line, parser.name, parser.filename)
        return nodes.Output([nodes.TemplateData(escape(strings[key]))], lineno=line)


class _Generator(CodeGenerator):
    """Compiles templates to code that gives the same text in less time: most of a build's templates are item pages."""

    def write_commons(self) -> None:
        """What every function of a template begins with."""
        super().write_commons()
        self.writeline("escape = environment.escaped")

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """A line of code. The text of a block or of what a template extends is handed on in one piece.

        Else each part of it climbs through every layer.
        """
        if x.startswith(("yield from context.blocks[", "yield from parent_template.")):
            x = f"yield concat({x.removeprefix('yield from ')})"
        super().writeline(x, node, extra)


class _Environment(Environment):
    """Where templates are compiled."""

    code_generator_class = _Generator

    escaped = staticmethod(_escaped)
    """What is put out is joined at once, so that it need not say that it is escaped."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows beside what it is given: as one table, which is soon copied for each page."""
        return {**self.globals, **(d or {})}


class _TextLoader(BaseLoader):
    """Templates from texts; compiled code bears the template's name, so that a failure can be located."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        if template not in self._templates:
            raise TemplateNotFound(template)
        return self._templates[template], template, None

    def list_templates(self) -> list[str]:
        return sorted(self._templates)


def make_environment(
    templates: Mapping[str, str], strings: Mapping[str, str], compiled: BytecodeCache | None = None
) -> Environment:
    """An environment that knows these templates and texts, and nothing else.

    ``compiled`` is asked for a template before it is compiled, and must tell apart all that differs in its name, its
    text or ``strings``.
    """
    environment = _Environment(
        loader=_TextLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=compiled,
    )
    environment.globals = {"t": dict(strings)}
    environment.add_extension(InterfaceText)
    return environment


REQUIRED = frozenset(
    {
        "about.html",
        "accessibility.html",
        "archive.html",
        "chrome_footer.html",
        "chrome_head.html",
        "chrome_header.html",
        "consultations.html",
        "item.html",
        "list.html",
        "not_found.html",
        "portal_archive.html",
        "portal_home.html",
        "redirect.html",
        "search.html",
        "site_map.html",
        "tombstone.html",
        "unit_home.html",
        "units.html",
    }
)
"""Templates that pages and frames are made of; a theme must have them all."""

TEMPLATE_ERRORS = (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
"""What an expression in a template can raise."""


def check_templates(environment: Environment, templates: Mapping[str, str], folder: str) -> list[Diagnostic]:
    """Faults of syntax, unknown filters, interface texts and templates, each with its place."""
    found = []
    known = set(environment.list_templates())
    for name in sorted(templates):
        path = f"{folder}/{name}"
        try:
            environment.get_template(name)
            referenced = meta.find_referenced_templates(environment.parse(templates[name], name))
        except TemplateSyntaxError as error:
            path, said = f"{folder}/{error.name or name}", error.message or ""
            if isinstance(error, NoSuchText):
                found.append(diagnostic("template-text", path, error.lineno, key=said))
            else:
                found.append(diagnostic("template-syntax", path, error.lineno, reason=said))
            continue
        missing = sorted(one for one in referenced if one is not None and one not in known)
        found += [diagnostic("template-missing", path, name=one) for one in missing]
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
