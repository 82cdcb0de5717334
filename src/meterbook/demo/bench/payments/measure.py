"""`meterbook bench payments`: from a lockbox file to posted, allocated payments, beside merely writing the rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from meterbook.demo.bench.barecopy import bare_copy_seconds, marks, written_since
from meterbook.demo.bench.measure import memory_peaks
from meterbook.demo.bench.payments.deposits import long_deposit
from meterbook.demo.bench.payments.owing import owing_city
from meterbook.demo.calendar import first_of
from meterbook.embedded import EmbeddedServer
from meterbook.jobs.money.payment_file import PIECE, post_file
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.copying import refresh_statistics
from meterbook.records.platform.operations.business_date import advance_business_date

TABLES = (
    "payments_payment", "ledger_openitem", "ledger_allocation", "ledger_entry_run_0", "platform_correction",
    "platform_importbatch", "payments_paymentbatch", "platform_attachment",
)  # fmt: skip


def measure_payments(data_dir: Path, *, rows: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Post one lockbox file of ``rows`` checks on a city where each account owes eight charges; the figures by name."""
    server = EmbeddedServer(data_dir)
    life = owing_city(min(rows, 100_000), say=say, kept=data_dir)
    life.today = first_of(2) + timedelta(days=3)
    advance_business_date(life.act("system", "benchmark"), to=life.today)
    content = long_deposit(rows, seed=seed, on=life.today)
    refresh_statistics()
    before = marks(TABLES)
    with memory_peaks(server) as peaks:
        began = time.perf_counter()
        batch = post_file(
            life.act("cashier", "benchmark"), format="lockbox", file_name="lockbox.txt", content=content, piece=PIECE
        )
        seconds = time.perf_counter() - began
    say(f"{batch.count:,} payments in {seconds:.1f} s; writing the same rows bare")
    outputs = written_since(before, [], data_dir / "files" / "bare")
    bare = bare_copy_seconds(outputs)
    refresh_statistics()
    written = {output.table: output.rows for output in outputs}
    return {
        "rows": rows,
        "payments": batch.count,
        "cents": batch.total_cents,
        "allocations": written["ledger_allocation"],
        "entries": written["ledger_entry_run_0"],
        "unidentified": written["platform_correction"],
        "rows_written": sum(written.values()),
        "piece": PIECE,
        "seconds": round(seconds, 3),
        "payments_per_s": round(batch.count / seconds, 1),
        "bare_copy_seconds": round(bare, 3),
        "ratio_to_bare_copy": round(seconds / bare, 3),
        "laws_broken": [law.name for law in check_laws() if not law.holds],
        "peak_memory_mib": round(peaks["python"], 1),
        "postgres_memory_mib": round(peaks["postgres"], 1),
    }
