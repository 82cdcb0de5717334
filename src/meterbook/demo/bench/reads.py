"""`meterbook bench reads`: how fast read files become validated usage, beside merely writing the rows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meterbook.demo.bench.barecopy import bare_copy_seconds, marks, written_since
from meterbook.demo.bench.cities import city_with_history
from meterbook.demo.bench.measure import memory_peaks
from meterbook.demo.calendar import CITY_ON, first_of
from meterbook.embedded import EmbeddedServer
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.platform.operations.business_date import advance_business_date

TABLES = (
    "metering_read", "metering_usage", "metering_readexception", "metering_finding", "platform_correction",
    "platform_importbatch",
)  # fmt: skip
#: Months of usage behind every register, so that each read is compared with the same season of last year.
_HISTORY = 14
#: Registers of an account, on average, in hundredths, and a little more so that there are enough.
_REGISTERS = 165


def measure_reads(data_dir: Path, *, rows: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Import one month's files of about ``rows`` reads; returns the figures by name (seconds, MiB, counts)."""
    server = EmbeddedServer(data_dir)
    city, _, life = city_with_history(max(rows * 100 // _REGISTERS, 100), _HISTORY, seed, say=say)
    life.today = max(CITY_ON, first_of(_HISTORY + 2))
    advance_business_date(life.act("system", "benchmark"), to=life.today)
    files = city.write_reads(_HISTORY + 1, Path(os.environ["METERBOOK_DATA_DIR"]) / "files")
    before = marks(TABLES)
    totals = {"rows": 0, "loaded": 0, "rejected": 0}
    with memory_peaks(server) as peaks:
        began = time.perf_counter()
        for file in files:
            act = life.act("billing", f"benchmark: {file.path.name}")
            batch = import_reads(act, format=file.format, file_name=file.path.name, content=file.path.read_bytes())
            totals = {name: count + getattr(batch, name) for name, count in totals.items()}
        seconds = time.perf_counter() - began
    say(f"{totals['rows']:,} rows in {seconds:.1f} s; writing the same rows bare")
    outputs = written_since(before, [], data_dir / "files" / "bare")
    bare = bare_copy_seconds(outputs)
    written = {output.table: output.rows for output in outputs}
    return {
        **totals,
        "files": len(files),
        "queued": written["metering_readexception"],
        "usages": written["metering_usage"],
        "findings": written["metering_finding"],
        "rows_written": sum(written.values()),
        "seconds": round(seconds, 3),
        "reads_per_s": round(totals["rows"] / seconds, 1),
        "bare_copy_seconds": round(bare, 3),
        "ratio_to_bare_copy": round(seconds / bare, 3),
        "peak_memory_mib": round(peaks["python"], 1),
        "postgres_memory_mib": round(peaks["postgres"], 1),
    }
