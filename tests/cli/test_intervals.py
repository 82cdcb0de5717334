"""Interval files: regular steps of local time, exact amounts, and one sentence for anything else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
import pytest

from meterbook.cli.rate_pricing.intervals import read_intervals

HEAD = "start,import_kwh,export_kwh\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "I.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_amounts_are_exact_and_any_iso_spelling_of_a_moment_is_read(tmp_path: Path) -> None:
    rows = "2018-01-01T00:00,0.1,0\n2018-01-01 00:15:00,1e-3,2.0000000015\n2018-01-01T00:30:00.000,12,0.000000001\n"
    found = read_intervals(written(tmp_path, HEAD + rows))
    assert found.step == timedelta(minutes=15)
    assert found.end == datetime.fromisoformat("2018-01-01T00:45")
    assert found.frame["import"].to_list() == [100_000_000, 1_000_000, 12_000_000_000]
    assert found.frame["export"].to_list() == [0, 2_000_000_002, 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start,import_kwh\n2018-01-01T00:00,1\n", "lacks export_kwh; expected the columns start, import_kwh"),
        ("start,import_kwh,export_kwh,kw\n2018-01-01T00:00,1,0,3\n", "unknown column kw"),
        (HEAD, "holds no interval"),
        (HEAD + "2018-01-01T00:00,1,0\n", "holds one interval"),
        (
            HEAD + "2018-01-01T00:00,1,0\n2018-01-01T01:00,-2,0\n",
            "line 3, import_kwh: found -2, expected kWh",
        ),
        (HEAD + "2018-01-01T00:00,1,0\n2018-01-01T01:00,,0\n", "line 3, import_kwh: found nothing"),
        (HEAD + "2018-01-01T00:00,1,x\n2018-01-01T01:00,1,0\n", "line 2, export_kwh: found x"),
        (HEAD + "1/1/2018 00:00,1,0\n2018-01-01T01:00,1,0\n", "line 2, start: found 1/1/2018 00:00"),
        (HEAD + "2018-02-30T00:00,1,0\n2018-03-01T01:00,1,0\n", "line 2, start: found 2018-02-30T00:00"),
        (HEAD + "2018-01-01T00:00-07:00,1,0\n2018-01-01T01:00,1,0\n", "local standard time"),
        (
            HEAD + "".join(f"2018-01-01T{h:02}:00,1,0\n" for h in (0, 1, 2, 4)),
            "line 5, start: 2018-01-01 04:00",
        ),
        (HEAD + "".join(f"2018-01-01T{h:02}:00,1,0\n" for h in (0, 1, 1)), "01:00 goes back"),
        (HEAD + "".join(f"2018-01-01T00:{m:02}:00,1,0\n" for m in (0, 7, 14)), "steps that divide the day"),
        (HEAD + "2018-01-01T00:00,1,0,9\n", "cannot be read as CSV"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(click.ClickException) as refusal:
        read_intervals(written(tmp_path, text))
    assert said in refusal.value.message and "\n" not in refusal.value.message
