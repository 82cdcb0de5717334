"""`meterbook bench intervals`: a city's month of intervals, asked through the store and by hand-written DuckDB SQL."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meterbook.demo.bench.intervals.generate import prepared


def measure_intervals(
    data_dir: Path, *, meters: int, days: int, seed: int, passes: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """The figures: intervals generated and stored once, then asked in a process of its own, whose memory is told."""
    folder, stored = prepared(data_dir, meters=meters, days=days, seed=seed, say=say)
    say(f"{stored['reads']:,} reads on the disk, {stored['bytes_per_read']} bytes each; asking")
    words = [str(folder), str(meters), str(days), str(passes)]
    command = [sys.executable, "-P", "-m", "meterbook.demo.bench.intervals.measure", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    asked = json.loads(done.stdout)
    return {"meters": meters, "days": days, **stored, "reads_per_s": round(stored["reads"] / asked["seconds"]), **asked}
