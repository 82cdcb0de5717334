"""Interval reads of meters: kept as sorted Parquet, asked through one small class, answered set-wise by DuckDB.

Quantities are integers of a channel's own resolution from the file to the answer. See README.md for the layout.
"""

from meterbook.intervals.problems import StoreProblem
from meterbook.intervals.retention import Retired
from meterbook.intervals.store import Compacted, IntervalStore, Written

__all__ = ["Compacted", "IntervalStore", "Retired", "StoreProblem", "Written"]
