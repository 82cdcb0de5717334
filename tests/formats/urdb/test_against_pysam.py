"""Every charge and all five metering options against NREL-PySAM, month by month, through documents and engine.

Per-month difference at most 1e-4 dollars: PySAM's floats against exact decimals.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.formats.urdb.invented import rate, with_blocks, year
from tests.formats.urdb.pysam_reference import OPTIONS, YEAR, reference

from meterbook.engine.programs.net_metering import Rule
from meterbook.engine.programs.net_metering.year import months
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats.urdb import Conventions, parse_one, tariff_text
from meterbook.formats.urdb.native import COLUMNS, column_of

pytest.importorskip("PySAM", reason="NREL-PySAM is not installed")
RECORDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "urdb"
TOLERANCE = 1e-4
#: Fields the reference's own converter passes over, which bills do not.
BEYOND = {"fixedmonthlycharge", "minmonthlycharge", "fueladjustmentsmonthly"}


def ours(
    record: dict[str, Any], load: list[float], generation: list[float], *, metering: str, true_up_month: int,
    sell_rate: float | None,
) -> Iterator[dict[str, float]]:  # fmt: skip
    """The same months by Meterbook, through the document."""
    minutes = 60 * 8760 // len(load)
    sold = None if sell_rate is None else Decimal(str(sell_rate))
    conventions = Conventions(
        metering=metering,  # type: ignore[arg-type]
        true_up_month=true_up_month,
        sell_rate=sold,
        effective=date(YEAR, 1, 1),
        even_days=True,
        unrounded=True,
    )
    start = pl.datetime_range(
        pl.datetime(YEAR, 1, 1), pl.datetime(YEAR + 1, 1, 1), f"{minutes}m", closed="left", eager=True
    )
    kwh = {name: [round(kw * 1e9 * minutes / 60) for kw in power]
           for name, power in (("import", load), ("export", generation))}  # fmt: skip
    rule = Rule(metering, true_up_month=true_up_month, surplus_rate=sold or Decimal(0))  # type: ignore[arg-type]
    tariff = parse_tariff(tariff_text(parse_one(json.dumps(record).encode()), conventions), file="record")
    for bill in months(
        tariff,
        pl.DataFrame({"start": start, **kwh}),
        minutes=minutes,
        rule=rule,
        unmeasured=["kvar", "coincident_kw_1"],
    ):
        found = dict.fromkeys(COLUMNS, 0.0)
        for component, dollars in bill.dollars.items():
            found[column_of(component)] += float(dollars)
        yield found | {"total": float(sum(bill.dollars.values()))}


def compared(record: dict[str, Any], seed: int, metering: str, *, steps: int = 1) -> float:
    """The largest difference of any quantity in any month; the true-up month and the sell rate follow the seed."""
    load, generation = year(seed)
    if steps > 1:
        load = [value * (1 + at / 10) for value in load for at in range(steps)]
        generation = [value * (1 + at / 10) for value in generation for at in range(steps)]
    settled, sold = seed % 12 + 1, (None, 0.05)[seed % 2]
    theirs = reference(record, load, generation, metering=metering, true_up_month=settled, sell_rate=sold)
    mine = list(ours(record, load, generation, metering=metering, true_up_month=settled, sell_rate=sold))
    return max(
        abs(month[name] - other[name])
        for month, other in zip(mine, theirs, strict=True)
        for name in (*COLUMNS, "total")
    )


@pytest.mark.parametrize("metering", OPTIONS)
@pytest.mark.parametrize("seed", [4, 11, 24])
def test_invented_rates_are_priced_as_pysam_prices_them(seed: int, metering: str) -> None:
    assert compared(rate(seed), seed, metering) < TOLERANCE


@pytest.mark.parametrize("metering", OPTIONS)
@pytest.mark.parametrize("seed", [2, 3])
def test_blocks_of_hours_use_with_steps_inside(seed: int, metering: str) -> None:
    assert compared(with_blocks(seed), seed, metering) < TOLERANCE


@pytest.mark.parametrize("metering", ["nem-dollar", "net-billing"])
def test_readings_of_half_hours_too(metering: str) -> None:
    assert compared(rate(7), 7, metering, steps=2) < TOLERANCE


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 180))
def test_many_more_invented_rates(seed: int) -> None:
    for metering in OPTIONS:
        assert compared(rate(seed), seed, metering) < TOLERANCE, metering


@pytest.mark.long
@pytest.mark.skipif(not RECORDS.is_dir(), reason="../shared/data/urdb is not here")
def test_public_records() -> None:
    """Every public record the reference can read, under an option that follows its place in the list."""
    priced, refused = 0, []
    for at, file in enumerate(sorted(RECORDS.glob("*.json"))):
        record = json.loads(file.read_text(encoding="utf-8"))
        if BEYOND & set(record) or parse_one(file.read_bytes()).lacks:
            continue
        metering = list(OPTIONS)[at % 5]
        try:
            reference(record, [1.0] * 8760, [0.0] * 8760, metering=metering)
        except Exception as error:
            refused.append(f"{file.name}: {error}")
            continue
        assert compared(record, at, metering) < TOLERANCE, (file.name, metering)
        priced += 1
    assert priced >= 130, refused
