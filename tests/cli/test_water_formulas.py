"""Formulas of water rate files as R computes them: powers, whole division, truths as numbers, keys by usage."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from meterbook.cli.commands.rates import command

HEAD = "metadata:\n  effective_date: {day}\n  utility_name: Alder Bend\n  bill_frequency: Monthly\n  bill_unit: ccf\n"
FLAT = '    commodity_charge: "{formula}"\n    bill: commodity_charge\n'


def priced(folder: Path, body: str, *, usage: str = "7", more: str = "", day: str = "2024-07-01") -> tuple[str, str]:
    (folder / "a.owrs").write_text(HEAD.format(day=day) + "rate_structure:\n  HOMES:\n" + body)
    (folder / "s.csv").write_text(f"file,cust_class,usage,season\na.owrs,HOMES,{usage},{more}\n")
    args = ["price", "--format", "owrs", "--rates", folder, "--scenarios", folder / "s.csv", "--out", folder / "o.csv"]
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output
    with (folder / "o.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    return row["bill"], row["error"]


@pytest.mark.parametrize(
    ("formula", "amount"),
    [
        ("1.02^5*usage_ccf", "7.7285656224"),
        ("usage_ccf/2^-1", "14"),
        ("2^0+usage_ccf^3", "344"),
        ("-2^2+usage_ccf", "3"),
        ("usage_ccf %/% 3 * 2", "4"),
        ("usage_ccf %% 3 + usage_ccf", "8"),
        ("(usage_ccf>5)*7", "7"),
        ("2 + (usage_ccf > 7 | usage_ccf < 3)", "2"),
        ("ifelse(usage_ccf, 3, 4)", "3"),
        ("TRUE*usage_ccf + FALSE", "7"),
        ("ifelse(!TRUE, 1, usage_ccf)", "7"),
        ("usage_ccf*2 # a ccf", "14"),
    ],
)
def test_a_formula_is_what_r_makes_of_it(tmp_path: Path, formula: str, amount: str) -> None:
    bill, error = priced(tmp_path, FLAT.format(formula=formula))
    assert error == "" and Decimal(bill) == Decimal(amount)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("usage_ccf^0.5", "only powers of whole numbers to 10"),
        ("usage_ccf^99", "only powers of whole numbers to 10"),
        ("((usage_ccf^10)^10)^10", "too many factors"),
        ("+".join(["usage_ccf"] * 900), "more than 400 numbers, names and signs"),
    ],
)
def test_a_formula_beyond_the_exact_is_refused_in_one_sentence(tmp_path: Path, formula: str, said: str) -> None:
    bill, error = priced(tmp_path, FLAT.format(formula=formula))
    assert bill == "" and said in error


def test_a_table_by_usage_is_by_the_usage_of_the_row(tmp_path: Path) -> None:
    body = "    bill:\n      depends_on: usage_ccf\n      values:\n        7: 5\n        8: 6\n"
    assert priced(tmp_path, body, usage="7.0") == ("5.00000000", "")


def test_a_table_inside_a_table_spoils_only_its_own_cell(tmp_path: Path) -> None:
    inner = "          depends_on: zone\n          values: {1: 5}\n"
    body = f"    bill:\n      depends_on: season\n      values:\n        Summer:\n{inner}        Winter: 9\n"
    assert priced(tmp_path, body, more="Winter") == ("9.00000000", "")
    assert "holds a table inside a table" in priced(tmp_path, body, more="Summer")[1]


def test_a_date_no_document_can_have_is_one_sentence(tmp_path: Path) -> None:
    said = priced(tmp_path, FLAT.format(formula="usage_ccf*2"), day="9999-12-31")[1]
    assert said.endswith("found '9999-12-31', expected a date from 1900 to 2199")
