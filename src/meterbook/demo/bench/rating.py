"""`meterbook bench rating`: bills a second, by columns, in Decimal and by NREL-PySAM, on one core in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
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
#: Bills computed in Decimal between two looks at the clock.
_PIECE = 1_000
_PASSES, _PASSES_OF_OTHERS = 9, 3
_CUSTOMERS = 150


def measure_rating(*, bills: int, sample: int, seed: int) -> dict[str, Any]:
    """The figures, measured in a process of its own that calculates in one thread: on one core."""
    command = [sys.executable, "-P", "-m", "meterbook.demo.bench.rating", str(bills), str(sample), str(seed)]
    alone = os.environ | {"POLARS_MAX_THREADS": "1"}
    done = subprocess.run(command, env=alone, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@dataclass(frozen=True, slots=True)
class _Timed:
    """Seconds of some pieces of work, and how many cores they kept busy.

    ``seconds`` adds up each piece's fastest pass; ``whole`` is the median of passes over all pieces.
    """

    seconds: float
    whole: float
    cores: float


def _fastest(pieces: Sequence[Callable[[], object]], passes: int) -> _Timed:
    """Time all pieces several times: other work on the machine only makes them slower, so each one's fastest counts.

    What a run really takes is told too: garbage and cold caches belong to it.
    """
    best, whole = [float("inf")] * len(pieces), []
    began, busy = time.perf_counter(), time.process_time()
    for _ in range(passes):
        passed = time.perf_counter()
        for at, piece in enumerate(pieces):
            started = time.perf_counter()
            piece()
            best[at] = min(best[at], time.perf_counter() - started)
        whole.append(time.perf_counter() - passed)
    return _Timed(sum(best), median(whole), (time.process_time() - busy) / (time.perf_counter() - began))


def _by_columns(tariff: Tariff, frame: pl.DataFrame) -> Callable[[], object]:
    """Pricing a frame."""
    return lambda: price(tariff, frame)


def _in_decimal(tariff: Tariff, frame: pl.DataFrame) -> Callable[[], object]:
    """Computing every bill of a frame in Decimal, its facts ready."""
    facts = [
        {name.removeprefix("det."): _fact(value) for name, value in row.items() if name.startswith("det.")}
        for row in frame.iter_rows(named=True)
    ]
    bills = list(zip(frame["starts"].to_list(), frame["ends"].to_list(), facts, strict=True))
    return lambda: [amounts(tariff, *bill) for bill in bills]


def _fact(value: Any) -> Any:
    return Decimal(value).scaleb(-6) if isinstance(value, int) else value


def _figures(bills: int, sample: int, seed: int) -> dict[str, Any]:
    """Everything, in this process."""
    tariff, _ = twelve_charges()
    usage = monthly_bills(max(bills // 12, 1), 12, seed=seed).with_row_index("row")
    usage = usage.with_columns(pl.col("row").cast(pl.Int64))
    frames = list(usage.iter_slices(_FRAME))
    lines = sum(price(tariff, frame).height for frame in frames)
    columnar = _fastest([_by_columns(tariff, frame) for frame in frames], _PASSES)
    tried = usage.sample(min(sample, usage.height), seed=seed)
    decimal = _fastest([_in_decimal(tariff, some) for some in tried.iter_slices(_PIECE)], _PASSES_OF_OTHERS)
    mismatches = len(disagreements(tariff, tried, price(tariff, tried)))
    months = usage["det.usage"] // 10**6
    customers = min(_CUSTOMERS, usage.height // 12)
    years = [months.slice(at * 12, 12).to_list() for at in range(customers)]
    reference = measure_reference(tariff, years, passes=_PASSES_OF_OTHERS)
    per_second = usage.height / columnar.seconds
    in_decimal, by_pysam = tried.height / decimal.seconds, reference.bills / reference.seconds
    return {
        "components": len(tariff.versions[-1].components),
        "bills": usage.height,
        "lines": lines,
        "bills_per_s": round(per_second),
        "bills_per_s_whole_pass": round(usage.height / columnar.whole),
        "decimal_bills_per_s": round(in_decimal),
        "pysam_bills_per_s": round(by_pysam),
        "ratio_to_decimal": round(per_second / in_decimal, 1),
        "ratio_to_pysam": round(per_second / by_pysam, 1),
        "decimal_bills": tried.height,
        "pysam_bills": reference.bills,
        "mismatches": mismatches + reference.mismatches,
        "threads": pl.thread_pool_size(),
        "cores": round(columnar.cores, 2),
    }


if __name__ == "__main__":
    print(json.dumps(_figures(*(int(word) for word in sys.argv[1:4]))))
