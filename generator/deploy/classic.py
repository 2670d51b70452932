"""ES modules of the theme → one classic script, for pages that are opened from disk. Pure.

Browsers refuse modules and ``fetch`` on ``file://``. What our own client uses of the module syntax is
little and is rewritten exactly; anything else is refused rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.errors import UsageError

_IMPORT = re.compile(
    r'^import\s*(?:\{(?P<names>[^}]*)\}|\*\s*as\s+(?P<all>\w+))?\s*(?:from\s*)?"\./(?P<file>[^"]+)";?', re.M
)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?function\b|class\b|const\b)", re.M)
_NAME = re.compile(r"^export\s+(?:async\s+)?(?:function\*?|class|const)\s+(?P<name>[A-Za-z_$][\w$]*)", re.M)
_LIST = re.compile(r"^export\s*\{(?P<names>[^}]*)\};?", re.M)
_DYNAMIC = re.compile(r'\bimport\(\s*"\./(?P<file>[^"]+)"\s*\)')
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_LEFT = re.compile(r"^(?:import|export)\b|\bimport\.meta\b|\bimport\s*\(", re.M)
_AS = re.compile(r"^(?P<name>[\w$]+)(?:\s+as\s+(?P<local>[\w$]+))?$")


def bundle(entry: str, modules: Mapping[str, str], prelude: str) -> str:
    """One script that does what the module ``entry`` does.

    Args:
        entry: file name of the module.
        modules: file name → text of every module that may be named.
        prelude: statements that all modules see, such as another ``fetch``.

    Raises:
        UsageError: for syntax beyond plain imports and exports, a missing module or a circle.
    """
    order: list[str] = []
    _visit(entry, modules, order, [])
    parts = [_wrapped(name, modules[name], last=name == entry) for name in order]
    return "(() => {\n" + prelude + "\n" + "\n".join(parts) + "\n})();\n"


def _visit(name: str, modules: Mapping[str, str], order: list[str], waiting: list[str]) -> None:
    if name in waiting:
        raise UsageError(
            f"模块互相引用，不能合并 (modules name each other in a circle): {' → '.join((*waiting, name))}"
        )
    if name not in modules:
        raise UsageError(f"缺少模块 (a module is missing): {name}")
    if name in order:
        return
    code = _COMMENT.sub("", modules[name])
    for found in (*_IMPORT.finditer(code), *_DYNAMIC.finditer(code)):
        _visit(found["file"], modules, order, [*waiting, name])
    order.append(name)


def _wrapped(name: str, text: str, *, last: bool) -> str:
    text = _DYNAMIC.sub(lambda found: f"Promise.resolve({_variable(found['file'])})", _COMMENT.sub("", text))
    exported = {found["name"]: found["name"] for found in _NAME.finditer(text)}
    for found in _LIST.finditer(text):
        for local, shown in _pairs(found["names"], name):
            exported[shown] = local
    body = _EXPORT.sub("", _LIST.sub("", _IMPORT.sub(_binding, text)))
    if _LEFT.search(body):
        raise UsageError(f"模块 {name} 用了不能合并的写法 (syntax that cannot be bundled)")
    returned = ", ".join(f"{shown}: {local}" if shown != local else shown for shown, local in sorted(exported.items()))
    opening = "(async () => {" if last and not exported else f"const {_variable(name)} = (() => {{"
    return f"{opening}\n{body}\nreturn {{ {returned} }};\n}})();"


def _binding(found: re.Match[str]) -> str:
    module = _variable(found["file"])
    if found["all"]:
        return f"const {found['all']} = {module};"
    if found["names"] is None:
        return ""
    pairs = [f"{name}: {local}" if name != local else name for name, local in _pairs(found["names"], found["file"])]
    return f"const {{ {', '.join(pairs)} }} = {module};"


def _pairs(names: str, module: str) -> list[tuple[str, str]]:
    """``a, b as c`` → name and other name."""
    pairs = []
    for one in names.split(","):
        if not one.strip():
            continue
        match = _AS.fullmatch(one.strip())
        if match is None or match["name"] == "default":
            raise UsageError(f"模块 {module} 用了不能合并的写法 (syntax that cannot be bundled): {one.strip()}")
        pairs.append((match["name"], match["local"] or match["name"]))
    return pairs


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name)
