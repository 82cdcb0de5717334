"""What `./meterbook test` runs: the house rules, then the tests, then a summary.

./meterbook test                 everything but the tests marked `long`
./meterbook test --all           everything
./meterbook test --fast          only pytest, only engine and formats: seconds, no database
./meterbook test [pytest args]   the same, arguments handed to pytest
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAST = ("tests/engine", "tests/formats")
_IMPORT_LINTER = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
_RULES = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "import contracts": ["-c", _IMPORT_LINTER],
}
#: Each process has its own server; files are handed out from both ends (`tests.two_ends`).
_TWO_PROCESSES = ["-n", "2", "-p", "tests.two_ends", "--dist", "loadscope", "--no-loadscope-reorder"]
_PYTEST_SUMMARY = re.compile(r"(passed|failed|errors?|skipped|deselected|no tests ran).* in \d")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def main(arguments: Sequence[str]) -> int:
    """Run every step, even after one failed; returns the exit code: 0 only if all passed."""
    everything, fast = "--all" in arguments, "--fast" in arguments
    passed_on = [argument for argument in arguments if argument not in ("--all", "--fast")]
    failed: list[str] = []
    began = time.monotonic()
    for name, command in ({} if fast else _RULES).items():
        _heading(name)
        if subprocess.run([sys.executable, *command], cwd=ROOT, env=_environment(), check=False).returncode:
            failed.append(name)
    selection = [] if everything else ["-m", "not long"]
    folders = list(FAST) if fast else []
    if not fast and not passed_on and (os.cpu_count() or 1) > 1:
        selection += _TWO_PROCESSES
    _heading("pytest")
    with tempfile.TemporaryDirectory() as scratch:
        skips_file = Path(scratch) / "skips"
        code, summary = _pytest([*selection, *folders, *passed_on], skips_file=skips_file)
        skips = skips_file.read_text(encoding="utf-8").splitlines() if skips_file.exists() else []
    if code:
        failed.append("pytest")
    _heading("summary")
    print(f"{len(skips)} skipped" + (":" if skips else ""))
    for skip in skips:
        print("  " + skip.replace("\t", ": ", 1))
    print(f"failed: {', '.join(failed)}" if failed else "every step passed", end="")
    print(f" ({time.monotonic() - began:.0f} s)")
    print(summary, flush=True)
    return 1 if failed else 0


def _pytest(arguments: Sequence[str], *, skips_file: Path) -> tuple[int, str]:
    """Run pytest, its output shown as it comes; returns (exit code, its own summary line)."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_skips", *colour, *arguments]
    environment = _environment() | {"METERBOOK_SKIPS_FILE": str(skips_file)}
    summary = "pytest printed no summary"
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        while text := process.stdout.readline():
            print(text, end="", flush=True)
            if _PYTEST_SUMMARY.search(_COLOUR.sub("", text)):
                summary = text.rstrip("\n")
    return process.returncode, summary


def _environment() -> dict[str, str]:
    path = [str(ROOT / "src"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONSAFEPATH": "1"}


def _heading(name: str) -> None:
    print(f"\n== {name} ".ljust(78, "="), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
