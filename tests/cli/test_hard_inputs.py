"""What a hurried analyst hands in wrong: one sentence, no lost file, no other row stopped."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from meterbook.cli.commands.rates import command
from meterbook.cli.rate_pricing import owrs as owrs_pricing
from meterbook.cli.rate_pricing.intervals import read_intervals
from meterbook.cli.writing import written
from meterbook.formats import owrs, urdb

CITY = Path(__file__).parents[2] / "tariffs" / "alder-bend"
OWRS, URDB = Path(owrs.__path__[0]) / "samples", Path(urdb.__path__[0]) / "samples"
LAND = "good-drought-and-land.owrs"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args])


def native(folder: Path, scenarios: bytes) -> Result:
    (folder / "s.csv").write_bytes(scenarios)
    return run("price", "--format", "meterbook", CITY / "E-RES.yaml", "--scenarios", folder / "s.csv",
               "--out", folder / "o.csv")  # fmt: skip


def water(folder: Path, scenarios: str) -> Result:
    (folder / "s.csv").write_text(scenarios)
    return run("price", "--format", "owrs", "--rates", OWRS, "--scenarios", folder / "s.csv", "--out", folder / "o.csv")


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "o.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("usage", ["1e22", "-1e22", "1_0", "٣", "1e999", "1e-999", "nan", "9" * 40])
def test_a_number_no_bill_has_is_an_error_of_its_row(tmp_path: Path, usage: str) -> None:
    text = f"scenario,from,to,usage\nbad,2026-03-01,2026-03-31,{usage}\ngood,2026-03-01,2026-03-31,1\n"
    result = native(tmp_path, text.encode())
    assert result.exit_code == 0, result.output
    (wrong,) = [row["label"] for row in rows(tmp_path) if row["component"] == "error"]
    assert wrong.startswith("usage: found") and "at most six decimals" in wrong


@pytest.mark.parametrize("day", ["2026-W10-1", "20260301", "٢٠٢٦-03-01"])
def test_a_day_is_written_one_way(tmp_path: Path, day: str) -> None:
    assert native(tmp_path, f"from,to,usage\n{day},2026-03-31,1\n".encode()).exit_code == 0
    assert rows(tmp_path)[0]["label"] == f"from: found {day!r}, expected a date YYYY-MM-DD"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            b"scenario,from,to,usage\na,2026-03-01,2026-03-31,1\na,2026-03-01,2026-03-31,2\n",
            "'a' again, first on line 2",
        ),
        (b"from,to,usage\n2026-03-01,2026-03-31,\xff\n", "line 2 holds bytes that are not UTF-8"),
        (b"from,to,usage\n2026-03-01,2026-03-31," + b"1" * 140_000 + b"\n", "line 2 cannot be read as CSV"),
    ],
)
def test_a_scenario_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, text: bytes, said: str) -> None:
    result = native(tmp_path, text)
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert said in result.output and result.output.count("\n") == 1


def test_a_shown_document_that_is_not_utf_8_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_bytes(b"schedule: \xff\n")
    result = run("show", "--file", tmp_path / "t.yaml")
    assert result.exit_code == 1 and "byte 10 is not UTF-8" in result.output


def test_an_interrupted_run_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "o.csv").write_text("old")

    def interrupted(*_: object) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(owrs_pricing, "_cells", interrupted)
    assert water(tmp_path, f"file,cust_class,usage\n{LAND},OTHER,1\n").exit_code != 0
    assert (tmp_path / "o.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.csv", "s.csv"]


def test_a_file_is_replaced_behind_its_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with written(tmp_path / "link") as stream:
        stream.write("new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"
    with written(Path(os.devnull)) as stream:
        stream.write("nowhere")
    assert not Path(os.devnull).is_file()


def test_a_missing_folder_is_told_before_the_work(tmp_path: Path) -> None:
    out = tmp_path / "none" / "o"
    (tmp_path / "s.csv").write_bytes(b"\xff")
    for args in (
        ("price", "--format", "owrs", "--rates", OWRS, "--scenarios", tmp_path / "s.csv"),
        ("price", "--format", "meterbook", CITY / "E-RES.yaml", "--scenarios", tmp_path / "s.csv"),
        ("price", "--format", "urdb", tmp_path / "s.csv", "--intervals", tmp_path / "s.csv"),
        ("export", "--format", "owrs", CITY / "W-RES.yaml"),
        ("schema",),
    ):
        result = run(*args, "--out", out)
        assert (result.exit_code, result.output) == (1, f"Error: {out}: there is no folder {out.parent}\n")


def test_a_water_scenario_of_another_length_is_an_error_row(tmp_path: Path) -> None:
    text = f"file,cust_class,usage\n{LAND},OTHER,1,2\n{LAND},OTHER\n{LAND},OTHER,12\n"
    assert water(tmp_path, text).exit_code == 0
    assert [(row["bill"], row["error"]) for row in rows(tmp_path)] == [
        ("", "line 2 has 4 values, expected 3, as in the heading"),
        ("", "line 3 has 2 values, expected 3, as in the heading"),
        ("45.00000000", ""),
    ]


def test_no_scenario_reads_outside_the_folder_of_rates(tmp_path: Path) -> None:
    outside = [f"../samples/{LAND}", str(OWRS / LAND), "..", "."]
    assert water(tmp_path, "file,cust_class,usage\n" + "".join(f"{one},OTHER,1\n" for one in outside)).exit_code == 0
    assert [row["error"] for row in rows(tmp_path)] == [f"{one} is not under {OWRS}" for one in outside]


def test_every_spelling_of_an_amount_of_an_interval(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text(
        "start,import_kwh,export_kwh\n2018-01-01T00:00,-0.0,.5\n2018-01-01T01:00,1e2,5.\n"
        "2018-01-01T02:00,0.1,1E-400\n\n \n"
    )
    found = read_intervals(tmp_path / "i.csv").frame
    assert found["import"].to_list() == [0, 100 * 10**9, 10**8]
    assert found["export"].to_list() == [5 * 10**8, 5 * 10**9, 0]
    for amount, said in (("1e30", "expected less than"), ("-1e-9", "never negative"), ("1_0", "such as 0.75")):
        (tmp_path / "i.csv").write_text(f"start,import_kwh,export_kwh\n2018-01-01T00:00,{amount},0\n")
        with pytest.raises(click.ClickException, match=said):
            read_intervals(tmp_path / "i.csv")


def test_aliases_of_aliases_are_searched_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 needle", *(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30))]
    (tmp_path / "bomb.yaml").write_text("\n".join(lines))
    result = run("search", "needle", "--in", tmp_path)
    assert result.exit_code == 0 and result.output.count("\n") == 1


def test_a_price_or_a_sell_rate_that_nobody_pays_is_one_sentence(tmp_path: Path) -> None:
    flat = [[0] * 24] * 12
    record = {"energyweekdayschedule": flat, "energyweekendschedule": flat}
    hours = "".join(f"2018-01-01T{hour:02}:00,1,0\n" for hour in range(24))
    (tmp_path / "i.csv").write_text("start,import_kwh,export_kwh\n" + hours)
    (tmp_path / "r.json").write_text(json.dumps(record | {"energyratestructure": [[{"rate": 1e30}]]}))
    asked = (
        "price",
        "--format",
        "urdb",
        tmp_path / "r.json",
        "--intervals",
        tmp_path / "i.csv",
        "--out",
        tmp_path / "o",
    )
    result = run(*asked)
    assert result.exit_code == 1 and "a price that no tariff has" in result.output, result.output
    (tmp_path / "r.json").write_text(json.dumps(record | {"energyratestructure": [[{"rate": 0.1}]]}))
    result = run(*asked, "--metering", "nem-kwh", "--sell-rate", "1e99")
    assert result.exit_code == 2 and "at most 1000" in result.output
    result = run(*asked, "--true-up-month", "3", "--sell-rate", "0.1")
    assert result.exit_code == 0
    assert "--true-up-month is not used" in result.stderr and "--sell-rate is not used" in result.stderr


def test_names_of_imported_documents_do_not_depend_on_the_run(tmp_path: Path) -> None:
    one = json.loads((URDB / "good-tiered-time-of-use.json").read_text())
    for name, label in (("a", "5f0000000000000000000001"), ("b", "5f0000000000000000000002")):
        (tmp_path / f"{name}.json").write_text(json.dumps(one | {"label": label}))
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for folder, order in (("ab", files), ("ba", files[::-1]), ("one", files[1:])):
        assert run("import", "--format", "urdb", *order, "--out", tmp_path / folder).exit_code == 0
    texts = {where: {file.name: file.read_text() for file in (tmp_path / where).glob("*.yaml")}
             for where in ("ab", "ba", "one")}  # fmt: skip
    assert texts["ab"] == texts["ba"] and len(texts["ab"]) == 2
    assert texts["one"].items() <= texts["ab"].items()
    assert run("import", "--format", "urdb", *files, "--replace", "--out", tmp_path / "one").exit_code == 0
    assert {file.name for file in (tmp_path / "one").glob("*.yaml")} == set(texts["ab"])


def test_replace_writes_over_no_other_record_of_the_run(tmp_path: Path) -> None:
    text = (OWRS / LAND).read_text()
    for folder, changed in (("x", text), ("y", text.replace("service_charge: 20", "service_charge: 21"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / LAND).write_text(changed)
    args = ("import", "--format", "owrs", tmp_path / "x" / LAND, tmp_path / "y" / LAND, "--out", tmp_path / "docs")
    result = run(*args, "--replace")
    assert result.exit_code == 1 and "import them into different folders" in result.output
    run("import", "--format", "owrs", tmp_path / "x" / LAND, "--out", tmp_path / "alone")
    for file in (tmp_path / "alone").glob("*.yaml"):
        assert (tmp_path / "docs" / file.name).read_text() == file.read_text()


def test_check_tells_the_facts_a_bill_is_asked_for() -> None:
    result = run("check", CITY / "W-RES.yaml")
    assert result.exit_code == 0
    assert result.output.splitlines()[1] == "  asks: meter_size (key), usage (usage, ccf)"
