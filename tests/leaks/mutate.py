"""``python -m tests.leaks.mutate``: remove each guard in a copy of the code, and see its scenarios fail.

Effects: copies the repository's code to a temporary folder and runs pytest there. Exit
status 1 when a scenario passes without its guard, or an edit no longer fits the code.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.leaks.mutations import MUTATIONS, Mutation

REPOSITORY = Path(__file__).resolve().parents[2]
_FOLDERS = ("generator", "tests/leaks", "tests/build", "themes", "sites")
_FILES = ("pyproject.toml", "tests/conftest.py")
_RESULT = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED) \S+?::(.+?)(?: - .*)?$", re.MULTILINE)


def main(names: Sequence[str]) -> int:
    """Run the mutations whose guard contains one of ``names`` (all by default); gives the exit status."""
    chosen = [one for one in MUTATIONS if not names or any(name in one.guard for name in names)]
    wrong = 0
    for mutation in chosen:
        with tempfile.TemporaryDirectory(prefix="mingtang-mutant-") as folder:
            said = try_without(mutation, Path(folder))
        sys.stdout.write(f"{'ok  ' if not said else 'FAIL'} {mutation.guard}: {len(mutation.scenarios)} scenarios\n")
        sys.stdout.writelines(f"       {line}\n" for line in said)
        sys.stdout.flush()
        wrong += bool(said)
    sys.stdout.write(f"{len(chosen) - wrong} of {len(chosen)} guards are needed by every one of their scenarios\n")
    return 1 if wrong else 0


def try_without(mutation: Mutation, folder: Path) -> list[str]:
    """What is wrong with a mutation: edits that do not fit, scenarios that pass; nothing when all is well."""
    copy_code(folder)
    for edit in mutation.edits:
        path = folder / edit.file
        text = path.read_text("utf-8")
        if text.count(edit.old) != 1:
            return [f"{edit.file}: the edit fits {text.count(edit.old)} times: {edit.old[:60]!r}"]
        path.write_text(text.replace(edit.old, edit.new), "utf-8")
    functions = sorted({one.partition("[")[0] for one in mutation.scenarios})
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rA", "-p", "no:cacheprovider", "tests/leaks"]
    command += ["-k", " or ".join(functions)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    outcome = {name: result for result, name in _RESULT.findall(done.stdout)}
    return list(_judge(mutation, outcome))


def _judge(mutation: Mutation, outcome: dict[str, str]) -> list[str]:
    said = []
    for scenario in mutation.scenarios:
        cases = [
            name for name in outcome if name == scenario or ("[" not in scenario and name.startswith(f"{scenario}["))
        ]
        if not cases:
            said.append(f"{scenario}: did not run")
        said += [f"{name}: {outcome[name].lower()} without the guard" for name in cases if outcome[name] != "FAILED"]
    return said


def copy_code(folder: Path) -> None:
    """Copy what the scenarios need."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules")
    for name in _FOLDERS:
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignore)
    for name in _FILES:
        shutil.copy(REPOSITORY / name, folder / name)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
