"""ES modules into one classic script: exactly what our client uses of the syntax, and nothing guessed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from generator.deploy.classic import bundle
from generator.errors import UsageError

MODULES = {
    "a.js": 'import { double as twice, LIMIT } from "./b.js";\nimport * as c from "./c.js";\n'
    '/** @param {import("./nowhere.js").Type} value */\n'
    "console.log(twice(c.base) + LIMIT, new c.Box(3).size, said);\n"
    'import("./d.js").then(({ late }) => console.log(late));\n',
    "d.js": 'export const late = "late";\n',
    "b.js": 'import { base } from "./c.js";\n// import in a comment is no import\nexport const LIMIT = 5;\n'
    "export function double(value) {\n  return 2 * value + (base - base);\n}\n",
    "c.js": "export class Box {\n  constructor(size) {\n    this.size = size;\n  }\n}\nconst inner = 10;\n"
    "export { inner as base };\nexport async function later() {\n  return 1;\n}\n",
}


@pytest.mark.node
def test_bundle_does_what_the_modules_do() -> None:
    """Named, renamed and whole imports, lists of exports, classes and async functions."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    script = bundle("a.js", MODULES, 'const said = "prelude";')
    done = subprocess.run([node, "--input-type=commonjs"], input=script, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("25 3 prelude\nlate\n", "")


def test_bundle_is_no_module_any_more() -> None:
    """Nothing is left that a classic script may not hold, and each module stands once, after what it needs."""
    script = bundle("a.js", MODULES, "")
    assert "export " not in script
    assert "import {" not in script
    assert [script.index(f"const module_{name}_js =") for name in "cb"] == sorted(
        script.index(f"const module_{name}_js =") for name in "cb"
    )


@pytest.mark.parametrize(
    "text",
    [
        'import a from "./b.js";',
        'import { default as a } from "./b.js";',
        "export default function () {}",
        "export let count = 0;",
        "export * from './b.js';",
        "console.log(import.meta.url);",
        'import { a } from "lodash";',
        "await import(name);",
    ],
)
def test_other_syntax_is_refused(text: str) -> None:
    """What the bundler does not understand is refused, never passed on."""
    with pytest.raises(UsageError):
        bundle("a.js", {"a.js": text, "b.js": "export const a = 1;"}, "")


def test_circle_and_missing_module_are_refused() -> None:
    """Modules that name each other, or one that is not there."""
    with pytest.raises(UsageError):
        bundle("a.js", {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}, "")
    with pytest.raises(UsageError):
        bundle("a.js", {"a.js": 'import { b } from "./b.js";'}, "")
