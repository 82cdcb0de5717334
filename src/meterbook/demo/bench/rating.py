"""`meterbook bench rating`: bills a second, by columns, in Decimal and by NREL-PySAM, on one core in one run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

import polars as pl

from meterbook.demo.bench.households import monthly_bills, twelve_charges
from meterbook.demo.bench.reference import measure_reference
from meterbook.engine.rates.check import disagreements
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff

#: Bills priced at a time, as a bill run does.
_FRAME = 25_000
_PASSES = 5
_CUSTOMERS = 150


def measure_rating(*, bills: int, sample: int, seed: int) -> dict[str, Any]:
    """The figures, measured in a process of its own that has one core and one thread."""
    command = [sys.executable, "-P", "-m", "meterbook.demo.bench.rating", str(bills), str(sample), str(seed)]
    alone = os.environ | {"POLARS_MAX_THREADS": "1"}
    done = subprocess.run(command, env=alone, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _on_one_core() -> None:
    """Keep this process on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _columnar(tariff: Tariff, frames: list[pl.DataFrame]) -> tuple[float, int]:
    """Seconds of pricing all frames (the median pass), and how many lines that gives."""
    spent, lines = [], 0
    for _ in range(_PASSES):
        began = time.perf_counter()
        lines = sum(price(tariff, frame).height for frame in frames)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent), lines


def _in_decimal(tariff: Tariff, frame: pl.DataFrame) -> float:
    """Seconds of computing every bill of a frame in Decimal."""
    facts = [
        {name.removeprefix("det."): _fact(value) for name, value in row.items() if name.startswith("det.")}
        for row in frame.iter_rows(named=True)
    ]
    periods = list(zip(frame["starts"].to_list(), frame["ends"].to_list(), facts, strict=True))
    began = time.perf_counter()
    for starts, ends, determinants in periods:
        amounts(tariff, starts, ends, determinants)
    return time.perf_counter() - began


def _fact(value: Any) -> Any:
    return Decimal(value).scaleb(-6) if isinstance(value, int) else value


def _figures(bills: int, sample: int, seed: int) -> dict[str, Any]:
    """Everything, in this process."""
    _on_one_core()
    tariff, _ = twelve_charges()
    usage = monthly_bills(max(bills // 12, 1), 12, seed=seed).with_row_index("row")
    usage = usage.with_columns(pl.col("row").cast(pl.Int64))
    frames = list(usage.iter_slices(_FRAME))
    seconds, lines = _columnar(tariff, frames)
    tried = usage.sample(min(sample, usage.height), seed=seed)
    decimal_seconds = _in_decimal(tariff, tried)
    mismatches = len(disagreements(tariff, tried, price(tariff, tried)))
    months = usage["det.usage"].head(usage.height // 12 * 12) // 10**6
    customers = min(_CUSTOMERS, usage.height // 12)
    years = [months.slice(at * 12, 12).to_list() for at in range(customers)]
    reference = measure_reference(tariff, years)
    columnar, decimal, pysam = (
        usage.height / seconds, tried.height / decimal_seconds, reference.bills / reference.seconds
    )  # fmt: skip
    return {
        "components": len(tariff.versions[-1].components),
        "bills": usage.height,
        "lines": lines,
        "bills_per_s": round(columnar),
        "decimal_bills_per_s": round(decimal),
        "pysam_bills_per_s": round(pysam),
        "ratio_to_decimal": round(columnar / decimal, 1),
        "ratio_to_pysam": round(columnar / pysam, 1),
        "decimal_bills": tried.height,
        "pysam_bills": reference.bills,
        "mismatches": mismatches + reference.mismatches,
        "threads": pl.thread_pool_size(),
    }


if __name__ == "__main__":
    print(json.dumps(_figures(*(int(word) for word in sys.argv[1:4]))))
