"""The month's read files with the faults in them, as the head-end and the readers would hand them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from meterbook.demo.bench.vee.city import estimated
from meterbook.demo.bench.vee.labels import Shown
from meterbook.demo.bench.vee.registers import Injected, Key
from meterbook.demo.calendar import label
from meterbook.demo.city import City
from meterbook.demo.faults import ReadRow
from meterbook.demo.reads import FORMATS, ReadFile, rows_of, write_file
from meterbook.formats import reads_csv

_OLD = timedelta(days=5)


def write_reads(
    city: City, rows: dict[Key, Shown], into: Injected, month: int, *, before: date, folder: Path
) -> list[ReadFile]:
    """Write a month's files; ``before`` is the day read a month ago, which old reads are older than."""
    frame = city.reads.frame(month)
    on: date = frame["on"][0]
    files = []
    for commodity in FORMATS:
        part = frame.filter(pl.col("commodity") == commodity).sort("route", "place", "channel")
        keys = list(part.select("serial", "channel").iter_rows())
        told: list[ReadRow] = []
        for key, row in zip(keys, rows_of(part), strict=True):
            if key in into.estimated:
                continue
            steps = into.told.get(key, rows[key].now)
            told += [replace(row, steps=steps)] if steps is not None else []
            if key in into.second:
                told.append(replace(row, steps=into.second[key]))
            if key in into.old:
                told.append(replace(row, steps=into.old[key], on=(before - _OLD).isoformat()))
        path = folder / "vee" / label(month) / f"{commodity}.csv"
        files.append(write_file(told, path, cycle="C1", commodity=commodity, on=on))
    files.append(_estimates(rows, into, folder / "vee" / label(month) / "estimates.csv", on))
    return files


def _estimates(rows: dict[Key, Shown], into: Injected, path: Path, on: date) -> ReadFile:
    units = {"water": "ccf", "electricity": "kWh"}
    told = [
        estimated(one.serial, Decimal(one.now).scaleb(-one.decimals), units[one.commodity], on)
        for one in (rows[key] for key in sorted(into.estimated))
    ]
    path.write_bytes(reads_csv.write(told))
    return ReadFile(path, "meterbook-reads", "C1", "estimates", on)
