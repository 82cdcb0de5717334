"""Read files: they parse with the importer's formats, faults stand where planned, registers only ever advance."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from meterbook.demo.calendar import CURRENT, label
from meterbook.demo.city import STORIES, City
from meterbook.demo.faults import planned_faults
from meterbook.formats.contract import ParsedReads
from meterbook.formats.registry import read_format


def parsed(city: City, month: int, folder: Path) -> dict[tuple[str, str], ParsedReads]:
    files = city.write_reads(month, folder)
    return {
        (file.cycle, file.commodity): read_format(file.format).parse(file.path.read_bytes())
        for file in files
        if "-move-" not in file.path.name
    }


def site_of(city: City, key: str) -> int:
    return int(city.sites.filter(pl.col("key") == key)["site"][0])


def test_a_month_is_ten_files_in_the_layouts_an_importer_takes(city: City, tmp_path: Path) -> None:
    files = city.write_reads(2, tmp_path)
    assert [file.path.relative_to(tmp_path).as_posix() for file in files[:2]] == [
        "reads/2024-10/C1-electricity.csv",
        "reads/2024-10/C1-water.csv",
    ]
    assert len(files) == 10
    found = parsed(city, 2, tmp_path)
    assert not any(part.problems for part in found.values())
    assert sum(part.rows for part in found.values()) == city.reads.frame(2).height


def test_writing_a_month_again_gives_the_same_bytes(city: City, tmp_path: Path) -> None:
    first = [file.path.read_bytes() for file in city.write_reads(9, tmp_path / "a")]
    city.write_reads(3, tmp_path / "b")
    assert [file.path.read_bytes() for file in city.write_reads(9, tmp_path / "c")] == first
    afresh = City(accounts=city.accounts, seed=city.seed)
    assert [file.path.read_bytes() for file in afresh.write_reads(9, tmp_path / "d")] == first


@pytest.mark.parametrize("month", sorted({fault.month for fault in planned_faults()}))
def test_wrong_rows_are_extra_rows_where_they_are_planned(city: City, tmp_path: Path, month: int) -> None:
    found = parsed(city, month, tmp_path)
    frame = city.reads.frame(month)
    for (cycle, commodity), part in found.items():
        good = frame.filter((pl.col("cycle") == cycle) & (pl.col("commodity") == commodity)).height
        planned = [f for f in planned_faults() if (f.month, f.cycle, f.commodity) == (month, cycle, commodity)]
        missing = 1 if (month, cycle, commodity) == (CURRENT, "C3", "water") else 0
        assert part.rows == good + len(planned) - missing
        assert len(part.problems) == sum(1 for fault in planned if fault.sort == "bad date")


def test_registers_advance_by_whole_steps_and_a_few_roll_over(city: City) -> None:
    before = city.reads.frame(1)
    rolled = 0
    for month in range(2, CURRENT + 1):
        now = city.reads.frame(month)
        both = before.join(now, on=["serial", "channel"], suffix="_now")
        used = (both["shown_now"] - both["shown"]) % both["limit"]
        assert (used * 4 < both["limit"]).all(), "more than a quarter of the dials in a month is not believable"
        rolled += (both["shown_now"] < both["shown"]).sum()
        before = now
    assert rolled > 0


def test_the_register_of_nguyen_thi_lan_rolls_over_in_the_last_month(city: City) -> None:
    mine = (pl.col("key") == "rollover") & (pl.col("commodity") == "electricity")
    last, now = (city.reads.frame(month).filter(mine)["shown"][0] for month in (CURRENT - 1, CURRENT))
    assert last > 99_000
    assert now < 1_000


def test_summer_uses_more_than_winter_and_the_sun_feeds_in(city: City) -> None:
    def used(month: int, form: str, channel: str, commodity: str) -> int:
        mine = (pl.col("form") == form) & (pl.col("channel") == channel) & (pl.col("commodity") == commodity)
        pair = [city.reads.frame(one).filter(mine & (pl.col("base") > 100)) for one in (month - 1, month)]
        both = pair[0].join(pair[1], on=["serial", "channel"], suffix="_now")
        return int(((both["shown_now"] - both["shown"]) % both["limit"]).sum())

    august, february = 24, 18
    assert used(august, "plain", "delivered", "water") > used(february, "plain", "delivered", "water") * 5 // 4
    assert used(august, "plain", "delivered", "electricity") > used(february, "plain", "delivered", "electricity")
    assert used(august, "solar", "received", "electricity") > used(february, "solar", "received", "electricity") > 0


def test_the_missing_and_the_bad_read_are_those_of_otis_and_priya(city: City, tmp_path: Path) -> None:
    found = parsed(city, CURRENT, tmp_path)
    otis = f"W-{site_of(city, 'missing_read') + 1_000_001}"
    assert otis not in {record.meter_serial for record in found["C3", "water"].records}
    priya = f"E-{site_of(city, 'bad_read') + 1_000_001}"
    read = next(r for r in found["C5", "electricity"].records if r.meter_serial == priya)
    assert read.value >= 100_000


def test_movers_are_read_on_the_day_they_move(city: City, tmp_path: Path) -> None:
    month = 20  # April 2026: its period begins on 13 March
    assert label(month) == "2026-04"
    moves = [file for file in city.write_reads(month, tmp_path) if "-move-" in file.path.name]
    assert [(file.read_on, file.commodity) for file in moves] == [
        (date(2026, 3, 20), "electricity"),
        (date(2026, 3, 20), "water"),
        (date(2026, 4, 4), "electricity"),
        (date(2026, 4, 4), "water"),
    ]
    serial = f"W-{site_of(city, 'ana') + 1_000_001}"
    shown = [read_format("beacon").parse(file.path.read_bytes()).records for file in moves if file.commodity == "water"]
    values = [records[0].value for records in shown]
    assert {records[0].meter_serial for records in shown} == {serial}
    before, after = (
        city.reads.frame(one).filter(pl.col("serial") == serial)["shown"][0] / 100 for one in (month - 1, month)
    )
    assert before <= values[0] <= values[1] <= after


def test_an_empty_house_uses_water_all_the_same(city: City) -> None:
    vacant = city.reads.frame(12).filter((pl.col("key") == "vacant") & (pl.col("commodity") == "water"))
    assert (vacant["steps"] > 0).all()
    assert STORIES["vacant"].account == ""
