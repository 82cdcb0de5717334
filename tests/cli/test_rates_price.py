"""`meterbook rates price --format meterbook`: what a rate analyst hands in, and what she gets back."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner, Result

from meterbook.cli.commands.rates import command

CITY = Path(__file__).parents[2] / "tariffs" / "alder-bend"


def _price(tmp_path: Path, scenarios: str, *more: str, tariff: Path = CITY / "E-RES.yaml") -> Result:
    (tmp_path / "s.csv").write_text(scenarios)
    return CliRunner().invoke(command, ["price", "--format", "meterbook", str(tariff), "--scenarios",
                                        str(tmp_path / "s.csv"), "--out", str(tmp_path / "o.csv"), *more])  # fmt: skip


def _rows(tmp_path: Path) -> list[list[str]]:
    return list(csv.reader((tmp_path / "o.csv").open()))


def test_every_line_and_the_total_of_every_scenario(tmp_path: Path) -> None:
    result = _price(tmp_path, "from,to,usage\n2026-03-01,2026-03-31,500\n2026-09-16,2026-10-16,1000.5\n")
    assert result.exit_code == 0, result.output
    rows = _rows(tmp_path)
    assert rows[0] == ["scenario", "component", "label", "quantity", "unit_price", "amount_exact", "amount_cents"]
    assert ["1", "energy", "Energy, tier 1", "308", "0.1739", "53.5612", "5356"] in rows
    assert ["1", "total", "Total", "", "", "113.5464", "11355"] in rows
    assert [
        "2",
        "energy",
        "Energy, tier 3",
        "0.5",
        "0.2966",
        "0.1483",
        "15",
    ] in rows  # a fraction bills as that fraction
    split = [row for row in rows if row[:2] == ["2", "power_cost"]]
    assert [(row[3], row[5]) for row in split] == [("500", "-0.95"), ("500.5", "1.85185")]  # a quarter ends inside


def test_a_scenario_in_error_says_why_and_stops_no_other(tmp_path: Path) -> None:
    text = "scenario,from,to,usage\nno usage,2026-03-01,2026-03-31,\nno day,2026-13-01,2026-03-31,1\n"
    result = _price(tmp_path, text + "too fine,2026-03-01,2026-03-31,0.0000001\ngood,2026-03-01,2026-03-31,0\n")
    assert result.exit_code == 0, result.output
    assert "1 of 4 scenarios priced" in result.output
    errors = {row[0]: row[2] for row in _rows(tmp_path) if row[1] == "error"}
    assert errors["no usage"] == "E-RES: component energy needs determinant usage, which is missing"
    assert errors["no day"] == "from: found '2026-13-01', expected a date YYYY-MM-DD"
    assert "expected a number with at most six decimals" in errors["too fine"]
    assert ["good", "total", "Total", "", "", "6.2685", "627"] in _rows(tmp_path)


def test_labels_in_spanish(tmp_path: Path) -> None:
    _price(tmp_path, "from,to,usage\n2026-03-01,2026-03-31,1\n", "--language", "es")
    assert _rows(tmp_path)[1][2] == "Cargo por cliente"


def test_wrong_files_are_refused_with_their_line(tmp_path: Path) -> None:
    result = _price(tmp_path, "from,to,usge\n2026-03-01,2026-03-31,1\n")
    assert result.exit_code != 0
    assert "column 'usge'" in result.output
    assert "usage" in result.output
    result = _price(tmp_path, "from,to,usage\n2026-03-01,2026-03-31\n")
    assert "s.csv:2: found 2 values, expected 3" in result.output
    broken = tmp_path / "t.yaml"
    broken.write_text("schedule: [")
    result = _price(tmp_path, "from,to,usage\n", tariff=broken)
    assert result.exit_code != 0
    assert "t.yaml:2: document" in result.output


def test_options_of_another_format_are_refused(tmp_path: Path) -> None:
    result = _price(tmp_path, "from,to,usage\n", "--true-up-month", "3")
    assert result.exit_code == 2
    assert "--format meterbook takes no --true-up-month" in result.output
