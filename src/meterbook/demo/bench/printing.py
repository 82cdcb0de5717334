"""`meterbook bench print`: a whole run's bills as PDF, and the run gone on with at a piece after the printer jammed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meterbook.demo.bench.cities import working_copy
from meterbook.demo.bench.measure import bill_city, memory_peaks
from meterbook.embedded import EmbeddedServer
from meterbook.notices.bill import RunPrint, render_run

#: Piece the printer jams at, as a share of the run.
_JAMMED = 0.9


def measure_print(
    data_dir: Path, *, bills: int, seed: int, say: Callable[[str], None], keep: Path | None = None
) -> dict[str, Any]:
    """Bill a city of ``bills`` accounts and print its run; the figures by name (pages, seconds, MiB).

    ``keep``: where the PDFs stay; otherwise they are gone afterwards.
    """
    server = EmbeddedServer(data_dir)
    _, _, life = working_copy(bills, 1, seed, say=say)
    (run,) = bill_city(life, 1, 2, {}, {})
    say(f"run {run.number}: {run.totals['bills']:,} bills")
    out = keep or data_dir / "files" / "print"
    shutil.rmtree(out, ignore_errors=True)
    with memory_peaks(server) as peaks:
        began = time.perf_counter()
        printed = render_run(run.pk, out)
        seconds = time.perf_counter() - began
    pages = sum(span.pages for span in printed.spans)
    resumed = _resumed(run.pk, out, printed)
    if keep is None:
        shutil.rmtree(out, ignore_errors=True)
    return {
        "bills": printed.bills,
        "isolated": len(printed.isolated),
        "pages": pages,
        "files": len(printed.files),
        "seconds": round(seconds, 3),
        "pages_per_s": round(pages / seconds, 1),
        "bills_per_s": round(printed.bills / seconds, 1),
        "peak_memory_mib": round(peaks["python"], 1),
        "postgres_memory_mib": round(peaks["postgres"], 1),
        **resumed,
    }


def _resumed(run_id: int, out: Path, printed: RunPrint) -> dict[str, Any]:
    """Two jams: files that stand are kept when the run is printed again; and from a piece on, only the rest is."""
    lost = printed.files[int(len(printed.files) * _JAMMED) :]
    for file in lost:
        file.unlink()
    before = {file: file.stat().st_mtime_ns for file in printed.files if file not in lost}
    began = time.perf_counter()
    again = render_run(run_id, out)
    seconds = time.perf_counter() - began
    piece = max(int(printed.bills * _JAMMED), 1)
    rest = render_run(run_id, out / "again", wanted=range(piece, printed.bills + len(printed.isolated) + 1))
    return {
        "files_lost": len(lost),
        "resumed_seconds": round(seconds, 3),
        "files_kept": sum(file.stat().st_mtime_ns == at for file, at in before.items()),
        "same_files": [span.sha256 for span in again.spans] == [span.sha256 for span in printed.spans],
        "from_piece": piece,
        "pieces_from_there": sum(span.pieces for span in rest.spans),
    }
