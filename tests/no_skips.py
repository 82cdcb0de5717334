"""A pytest plugin: skipped tests are named and counted, and fail the run where METERBOOK_NO_SKIPS=1.

Loaded by tests/run.py (`-p tests.no_skips`). With METERBOOK_SKIPS_FILE set, the list is also written there, one
line per test: name, tab, reason.
"""

import os
from pathlib import Path

import pytest

_skipped: dict[str, str] = {}


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped[report.nodeid] = reason.removeprefix("Skipped: ").replace("\n", " ")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped and _forbidden() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    target = os.environ.get("METERBOOK_SKIPS_FILE")
    if target and not hasattr(session.config, "workerinput"):  # with several processes, the one that gathers writes
        lines = (f"{name}\t{reason}\n" for name, reason in _skipped.items())
        Path(target).write_text("".join(lines), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped and _forbidden():
        terminalreporter.section("skips are failures here (METERBOOK_NO_SKIPS=1)", red=True)
        for name, reason in _skipped.items():
            terminalreporter.line(f"SKIP FORBIDDEN {name}: {reason}", red=True)


def _forbidden() -> bool:
    return os.environ.get("METERBOOK_NO_SKIPS") == "1"
