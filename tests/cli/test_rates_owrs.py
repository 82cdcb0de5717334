"""`meterbook rates price|import|export --format owrs`: what an analyst hands in, and what she gets back."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meterbook.cli.commands.rates import command

SAMPLES = Path(__file__).parents[2] / "src" / "meterbook" / "formats" / "owrs" / "samples"
BUDGET, LAND = "good-budget-and-tiers.owrs", "good-drought-and-land.owrs"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args])


def priced(tmp_path: Path, scenarios: str) -> list[dict[str, str]]:
    (tmp_path / "s.csv").write_text(scenarios, encoding="utf-8")
    out = tmp_path / "o.csv"
    result = run("price", "--format", "owrs", "--rates", SAMPLES, "--scenarios", tmp_path / "s.csv", "--out", out)
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_scenarios_are_priced_in_order_and_to_the_last_decimal(tmp_path: Path) -> None:
    # COMMERCIAL in winter: 15 x 2.11 + 45 x 3.05 + 0.5 x 4.4025 = 171.10125; with 31.20 and 0.212 x 60.5, times 1.015
    rows = priced(
        tmp_path,
        "file,cust_class,usage,season,meter_size\n"
        f"{BUDGET},COMMERCIAL,60.5,Winter,\n"
        f'{BUDGET},FIRE_SERVICE,,,"6"""\n'
        f"{LAND},OTHER,12,,\n",
    )
    assert rows[0] == {
        "service_charge": "31.20000000",
        "commodity_charge": "171.10125000",
        "bill": "218.35415875",
        "bill_cents": "21835",
        "error": "",
    }
    assert rows[1]["bill"] == "48.00000000" and rows[1]["commodity_charge"] == "0.00000000"
    assert rows[2]["bill"] == "45.00000000" and rows[2]["bill_cents"] == "4500"


def test_a_half_cent_of_the_whole_bill_is_rounded_up_once(tmp_path: Path) -> None:
    rows = priced(tmp_path, f"file,cust_class,usage\n{LAND},OTHER,0.0025\n")
    assert (rows[0]["bill"], rows[0]["bill_cents"]) == ("20.00500000", "2001")


def test_a_row_in_error_says_why_and_stops_no_other(tmp_path: Path) -> None:
    rows = priced(
        tmp_path,
        "file,cust_class,usage,season\n"
        f"{BUDGET},COMMERCIAL,10,\n"
        f"{BUDGET},COMMERCIAL,10,Monsoon\n"
        f"{BUDGET},COMMERCIAL,-1,Winter\n"
        f"{BUDGET},COMMERCIAL,ten,Winter\n"
        f"{BUDGET},COMMERCIAL,,Winter\n"
        f"{BUDGET},RANCH,10,Winter\n"
        "nowhere.owrs,OTHER,10,\n"
        "refused-tab.owrs,OTHER,10,\n"
        "refused-key-twice.owrs,OTHER,10,\n"
        ",OTHER,10,\n"
        f"{BUDGET},COMMERCIAL,10,Winter\n",
    )
    assert [row["error"] for row in rows] == [
        "COMMERCIAL needs season, which is not given",
        "COMMERCIAL has no price for season = Monsoon; it has Summer, Winter",
        "usage is -1, expected no negative number",
        "usage is 'ten', expected a number",
        "COMMERCIAL needs usage, which is not given",
        f"{BUDGET} has no class RANCH; it has RESIDENTIAL_SINGLE, COMMERCIAL, FIRE_SERVICE",
        f"nowhere.owrs is no file under {SAMPLES}",
        "refused-tab.owrs cannot be loaded: line 8: it is not valid YAML: found character that cannot start any token",
        "refused-key-twice.owrs cannot be loaded: line 6: the key bill stands twice in OTHER, first on line 5",
        "file is blank",
        "",
    ]
    assert all(not row["bill"] and not row["bill_cents"] for row in rows[:-1])
    assert rows[-1]["bill_cents"] == "5524"


def test_an_input_the_class_states_itself_may_be_left_out(tmp_path: Path) -> None:
    heading = "file,cust_class,usage,meter_size,city_limits,hhsize,days_in_period,et_amount,irr_area,gpcd\n"
    row = f'{BUDGET},RESIDENTIAL_SINGLE,20,"1|1/2""",inside_city,3,61,8,2000'
    rows = priced(tmp_path, f"{heading}{row},\n{row},60\n")
    # 55 gpcd: indoor 13.46 -> 13, outdoor 9.28 -> 9; 60 gpcd: indoor 14.68 -> 15
    assert [one["commodity_charge"] for one in rows] == ["43.55000000", "42.25000000"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,usage\n", "lacks the column cust_class"),
        ("file,cust_class,usage,usage\n", "has the column usage twice"),
        ("", "lacks the column file, cust_class, usage"),
    ],
)
def test_a_scenario_file_without_its_headings_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.csv").write_text(text)
    result = run("price", "--format", "owrs", "--rates", SAMPLES, "--scenarios", tmp_path / "s.csv",
                 "--out", tmp_path / "o.csv")  # fmt: skip
    assert result.exit_code == 1 and words in result.output


def test_import_writes_documents_and_reports_what_they_do_not_say(tmp_path: Path) -> None:
    result = run("import", "--format", "owrs", *sorted(SAMPLES.glob("*")), "--out", tmp_path / "docs")
    assert result.exit_code == 1  # three samples are broken; the others are written
    assert "5 documents" in result.output and "3 refused" in result.output
    documents = sorted((tmp_path / "docs").glob("*.yaml"))
    assert len(documents) == 5
    assert run("check", *documents).exit_code == 0
    with (tmp_path / "docs" / "import-report.csv").open(encoding="utf-8", newline="") as stream:
        report = [(row["part"], row["kind"], row["remark"]) for row in csv.DictReader(stream)]
    kept = "the bill does not rest on fixed_drought_surcharge: kept under origin, charged never"
    assert ("RESIDENTIAL_SINGLE", "kept", kept) in report
    assert ("", "refused", "line 6: the key bill stands twice in OTHER, first on line 5") in report


def test_import_writes_over_nothing_unless_told(tmp_path: Path) -> None:
    args = ("import", "--format", "owrs", SAMPLES / LAND, "--out", tmp_path)
    assert run(*args).exit_code == 0
    assert run(*args).exit_code == 0  # the same text again
    document = next(tmp_path.glob("*other*.yaml"))
    document.write_text("mine\n")
    again = run(*args)
    assert again.exit_code == 1 and "stands there with another text" in again.output
    assert document.read_text() == "mine\n"
    assert run(*args, "--replace").exit_code == 0 and document.read_text() != "mine\n"


@pytest.mark.parametrize("sample", [BUDGET, LAND])
def test_import_export_import_is_stable(tmp_path: Path, sample: str) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert run("import", "--format", "owrs", SAMPLES / sample, "--out", first).exit_code == 0
    (tmp_path / "back").mkdir()
    back = tmp_path / "back" / sample
    result = run("export", "--format", "owrs", *sorted(first.glob("*.yaml")), "--out", back)
    assert result.exit_code == 0 and "lacking" not in result.output
    assert run("import", "--format", "owrs", back, "--out", second).exit_code == 0
    assert {p.name: p.read_text() for p in first.glob("*.yaml")} == {
        p.name: p.read_text() for p in second.glob("*.yaml")
    }


def test_export_of_a_document_written_here_says_what_owrs_cannot(tmp_path: Path) -> None:
    city = Path(__file__).parents[2] / "tariffs" / "alder-bend"
    out = tmp_path / "w.owrs"
    result = run("export", "--format", "owrs", city / "W-RES.yaml", city / "L-OLS.yaml", "--out", out)
    assert result.exit_code == 0, result.output
    assert "the line lamps (per_lamp) is left out: OWRS cannot say charges of the kind per_lamp" in result.output
    assert "the line water stands as commodity_charge" in result.output
    assert "commodity_charge: Tiered" in out.read_text(encoding="utf-8")


def test_export_of_what_is_no_document_is_one_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("schedule: [")
    shutil.copy(Path(__file__).parents[2] / "tariffs" / "alder-bend" / "W-RES.yaml", tmp_path / "good.yaml")
    result = run("export", "--format", "owrs", bad, tmp_path / "good.yaml", "--out", tmp_path / "o.owrs")
    assert result.exit_code == 1 and "valid YAML" in result.output and "1 of 2 documents" in result.output
    assert (tmp_path / "o.owrs").exists()
