"""`meterbook report`: the same rows as on the screen, in the terminal and as files."""

from __future__ import annotations

import csv
from pathlib import Path
from zipfile import is_zipfile

import pytest
from click.testing import CliRunner
from tests.reports.conftest import built_town, town
from tests.reports.town import Town

from meterbook import reports
from meterbook.cli.commands.report import command

__all__ = ["built_town", "town"]


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(command, [*words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_the_list_names_every_report_and_its_parameters(town: Town) -> None:
    said = run("list")
    for name in reports.names():
        assert f"{name}: " in said
    assert "since  From: a date" in said and "detail  Show: counts, meters" in said


def test_rows_go_to_the_terminal_and_to_files(town: Town, tmp_path: Path) -> None:
    said = run("run", "zero_usage", "--as", "billing", "--param", "since=2026-08-01")
    rows = list(csv.DictReader(said.splitlines()))
    assert [(row["Meter"], row["Periods without usage"]) for row in rows] == [("W-2", "3")]
    table, book = tmp_path / "zero.csv", tmp_path / "zero.xlsx"
    done = run(
        "run", "zero_usage", "--as", "billing", "-p", "since=2026-08-01", "--csv", str(table), "--xlsx", str(book)
    )
    assert done == "zero_usage: 1 rows\n" and is_zipfile(book)
    assert table.read_text(encoding="utf-8-sig").splitlines() == said.splitlines()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no_such", "--as", "billing"), "no report 'no_such'"),
        (("zero_usage", "--as", "billing", "-p", "since"), "expected NAME=VALUE"),
        (("zero_usage", "--as", "billing", "-p", "since=soon"), "since: found 'soon'"),
        (("zero_usage", "--as", "csr"), "csr may not see reports"),
        (("zero_usage", "--as", "system"), "does not sign in"),
        (("consumption_history", "--as", "billing"), "Type an account"),
    ],
)
def test_refusals_say_what_to_give(town: Town, words: tuple[str, ...], told: str) -> None:
    assert told in run("run", *words, code=1)
