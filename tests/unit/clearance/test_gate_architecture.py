"""The gate is a type: nothing else in the program makes a ``ClearedItem`` or opens the way round it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import generator

PACKAGE = Path(generator.__file__).parent
GATE = "clearance/gate.py"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def names_used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def test_only_the_gate_makes_a_cleared_item() -> None:
    """No call of the class, no use of its seal, no way to allocate one without its constructor."""
    for name, tree in modules():
        if name == GATE:
            continue
        called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
        makers = [node.id for node in called if isinstance(node, ast.Name) and node.id == "ClearedItem"]
        makers += [node.attr for node in called if isinstance(node, ast.Attribute) and node.attr == "ClearedItem"]
        assert makers == [], name
        assert "_SEAL" not in set(names_used(tree)), name
        allocated = [
            node
            for node in called
            if isinstance(node, ast.Attribute)
            and node.attr == "__new__"
            and ast.unparse(node.value) in ("object", "ClearedItem")
        ]
        assert allocated == [], name


def test_only_the_preview_exposes_what_is_withheld() -> None:
    """``exposed`` is called in one place, under the condition that the build is a preview."""
    users = [name for name, tree in modules() if name != GATE and "exposed" in set(names_used(tree))]
    assert users == ["build/screening.py"]
    tree = dict(modules())["build/screening.py"]
    guarded = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        and ast.unparse(node.test) == "settings.kind == 'preview'"
        and any(isinstance(one, ast.Name) and one.id == "exposed" for one in ast.walk(node))
    ]
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "exposed"]
    assert len(guarded) == 1
    assert len(uses) == 1


def test_stages_behind_the_gate_take_cleared_items_only() -> None:
    """No module of ``site``, ``render`` or ``search`` knows what is withheld."""
    for name, tree in modules():
        if name.partition("/")[0] in ("site", "render", "search"):
            assert not {"WithheldItem", "withheld"} & set(names_used(tree)), name
