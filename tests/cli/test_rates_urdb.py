"""`meterbook rates price --format urdb` and the exchange of URDB records, as a rate analyst uses them."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meterbook.cli.commands.rates import command
from meterbook.formats import urdb

SAMPLES = Path(urdb.__path__[0]) / "samples"
RATE = SAMPLES / "good-tiered-time-of-use.json"
HEADINGS = ["month", "energy", "demand_flat", "demand_tou", "fixed", "minimum", "credit", "total"]
FLAT = [[0] * 24] * 12


def intervals(folder: Path, start: str, rows: list[tuple[str, str]], minutes: int = 60) -> Path:
    """An interval file with kWh taken and fed in from ``start`` on."""
    file, moment = folder / "I.csv", datetime.fromisoformat(start)
    lines = ["start,import_kwh,export_kwh"]
    for at, (taken, given) in enumerate(rows):
        lines.append(f"{(moment + timedelta(minutes=minutes * at)).isoformat()},{taken},{given}")
    file.write_text("\n".join(lines) + "\n")
    return file


def priced(folder: Path, rate: Path, readings: Path, *more: str) -> Result:
    """Run the command; the result stands in O.csv."""
    arguments = ["price", "--format", "urdb", str(rate), "--intervals", str(readings), "--out", str(folder / "O.csv")]
    return CliRunner().invoke(command, [*arguments, *more])


def rows(folder: Path) -> list[dict[str, str]]:
    """The rows of O.csv."""
    with (folder / "O.csv").open() as stream:
        return list(csv.DictReader(stream))


def written(folder: Path, **fields: object) -> Path:
    """A record of one period at 10 cents with other fields."""
    whole = {"energyratestructure": [[{"rate": 0.1}]], "energyweekdayschedule": FLAT, "energyweekendschedule": FLAT}
    file = folder / "rate.json"
    file.write_text(json.dumps(whole | fields))
    return file


def test_a_month_by_hand(tmp_path: Path) -> None:
    """January 2018: 600 kWh on Mondays at five, so 500 of 600 are tier 1; nothing at any other hour."""
    hours = [("0", "0")] * (31 * 24)
    for day in (1, 8, 15, 22, 29):
        hours[(day - 1) * 24 + 17] = ("120", "0")
    result = priced(tmp_path, RATE, intervals(tmp_path, "2018-01-01T00:00", hours))
    assert result.exit_code == 0, result.output
    (row,) = rows(tmp_path)
    assert list(row) == HEADINGS
    assert row == dict(
        zip(HEADINGS, ["2018-01", "152.00", "0.00", "0.00", "9.50", "0.00", "0.00", "161.50"], strict=True)
    )


def test_the_minimum_is_the_top_up_and_a_month_in_part_is_charged_by_days(tmp_path: Path) -> None:
    result = priced(tmp_path, RATE, intervals(tmp_path, "2018-01-01T00:00", [("0", "0")] * (46 * 24)))
    assert result.exit_code == 0, result.output
    january, february = rows(tmp_path)
    assert (january["fixed"], january["minimum"], january["total"]) == ("9.50", "2.50", "12.00")
    assert (february["month"], february["fixed"]) == ("2018-02", "4.75")


@pytest.mark.parametrize(
    ("metering", "credits"),
    [
        ("nem-kwh", ["0.00", "-6.00"]),
        ("nem-dollar", ["0.00", "-9.50"]),
        ("net-billing", ["-10.00", "-0.50"]),
        ("net-billing-carryover", ["0.00", "-10.50"]),
        ("buy-all", ["-10.00", "-0.50"]),
    ],
)
def test_the_five_options_by_hand(tmp_path: Path, metering: str, credits: list[str]) -> None:
    """200 kWh fed in and 10 drawn in June, 10 fed in and 80 drawn in July, whose bill settles the year at 5 cents."""
    hours = [("0", "0")] * (61 * 24)
    hours[30], hours[40] = ("0", "200"), ("10", "0")
    hours[30 * 24 + 30], hours[30 * 24 + 40] = ("0", "10"), ("80", "0")
    result = priced(tmp_path, written(tmp_path), intervals(tmp_path, "2018-06-01T00:00", hours),
                    "--metering", metering, "--true-up-month", "7", "--sell-rate", "0.05")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert [row["credit"] for row in rows(tmp_path)] == credits


def test_without_metering_exports_count_for_nothing(tmp_path: Path) -> None:
    hours = [("1", "5")] * 24
    assert priced(tmp_path, written(tmp_path), intervals(tmp_path, "2018-06-01T00:00", hours)).exit_code == 0
    assert [(row["energy"], row["credit"]) for row in rows(tmp_path)] == [("2.40", "0.00")]


def test_quarter_hours_make_demand_and_the_window_is_kept(tmp_path: Path) -> None:
    flat = {"flatdemandstructure": [[{"rate": 10}]], "flatdemandmonths": [0] * 12}
    hours = [("1", "0"), ("3", "0")] + [("0", "0")] * (30 * 96 - 2)
    readings = intervals(tmp_path, "2018-06-01T00:00", hours, 15)
    for window, expected in ((15, "120.00"), (30, "80.00")):
        assert priced(tmp_path, written(tmp_path, demandwindow=window, **flat), readings).exit_code == 0
        assert rows(tmp_path)[0]["demand_flat"] == expected


def test_tiers_and_periods_meet_as_asked(tmp_path: Path) -> None:
    """300 kWh in each period: the month's 600 pass 500 once, a period's own 300 never do."""
    hours = [("0", "0")] * (31 * 24)
    hours[3], hours[17] = ("300", "0"), ("300", "0")
    readings = intervals(tmp_path, "2018-01-01T00:00", hours)
    found = {}
    for convention in ("shared-pro-rata", "per-period", "chronological", "openstudio"):
        assert priced(tmp_path, RATE, readings, "--tiered-tou", convention).exit_code == 0
        found[convention] = rows(tmp_path)[0]["energy"]
    # 250 × .115 + 50 × .145 + 250 × .245 + 50 × .295; 300 × .115 + 300 × .245; the last 100 are all of period 2
    assert found == {
        "shared-pro-rata": "112.00",
        "per-period": "108.00",
        "chronological": "113.00",
        "openstudio": "112.00",
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("refused-broken.json", "line 2, column 18: broken JSON"),
        ("refused-period.json", "energyweekdayschedule[0][16]: not a period that the prices name"),
        ("refused-unit.json", "energyratestructure[0][0].unit: an unknown unit; found therm"),
        ("refused-no-prices.json", "energyratestructure: no energy prices"),
    ],
)
def test_a_broken_record_is_one_sentence(tmp_path: Path, name: str, said: str) -> None:
    result = priced(tmp_path, SAMPLES / name, intervals(tmp_path, "2018-01-01T00:00", [("1", "0")] * 24))
    assert result.exit_code == 1 and said in result.output
    assert result.output.count("\n") == 1 and not (tmp_path / "O.csv").exists()


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--sell-rate", "-0.01", "--metering", "buy-all"], 2, "0 or more"),
        (["--metering", "nem-kwh", "--tiered-tou", "chronological"], 2, "nets the whole month"),
        (["--metering", "barter"], 2, "'barter' is not one of"),
        (["--true-up-month", "13"], 2, "13 is not in the range"),
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path: Path, more: list[str], code: int, said: str) -> None:
    result = priced(tmp_path, RATE, intervals(tmp_path, "2018-01-01T00:00", [("1", "0")] * 24), *more)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_what_cannot_be_known_from_intervals_is_said(tmp_path: Path) -> None:
    file = SAMPLES / "good-demand-api-answer.json"
    result = priced(
        tmp_path, file, intervals(tmp_path, "2024-01-01T00:00", [("1", "0")] * 24), "--metering", "net-billing"
    )
    assert result.exit_code == 0, result.output
    assert "needs kVAR" in result.stderr and "--sell-rate states one" in result.stderr


def test_records_become_documents_with_a_report_and_come_back(tmp_path: Path) -> None:
    files = [str(file) for file in sorted(SAMPLES.glob("*.json"))]
    result = CliRunner().invoke(command, ["import", "--format", "urdb", *files, "--out", str(tmp_path / "in")])
    assert result.exit_code == 1 and "2 documents" in result.output and "4 refused" in result.output
    report = (tmp_path / "in" / "import-report.csv").read_text()
    assert "alderbend_note: is not a field of the database; kept, not priced" in report
    document = (
        tmp_path / "in" / "city-of-alder-bend-residential-time-of-use-rt.2024-01-01.5f0000000000000000000001.yaml"
    )
    result = CliRunner().invoke(command, ["check", str(document)])
    assert result.exit_code == 0, result.output
    result = CliRunner().invoke(
        command, ["export", "--format", "urdb", str(document), "--out", str(tmp_path / "r.json")]
    )
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "r.json").read_text()) == json.loads(RATE.read_text())
