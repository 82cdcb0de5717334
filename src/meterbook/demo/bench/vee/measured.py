"""The measured city, drawn so that registers truly pass 0 in the month that is judged."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from meterbook.demo.city import City
from meterbook.demo.drawn.draws import chance
from meterbook.demo.drawn.usage import counted_until, steps_in

#: Months prepared once and kept; months of history; the month whose files are judged: its period holds the day of 25
#: hours, 2 November 2025.
PREPARED, HISTORY, MONTH = 11, 14, 15
READ_DAY = 3
_ROLLING = 8  # permille of the registers truly pass 0 in the judged month


class MeasuredCity(City):
    """Alder Bend without exchanges, and with registers that pass 0 in the judged month."""

    @cached_property
    def registers(self) -> pl.DataFrame:
        """The city's registers; the openings of some are such that they roll over between the last two reads."""
        rows = super().registers
        before = counted_until(rows, MONTH - 1, seed=self.seed) + steps_in(rows, MONTH, seed=self.seed) // 2
        rolls = chance(pl.col("number"), _ROLLING, topic="rolls over in the judged month", seed=self.seed)
        rows = rows.with_columns(turn=(pl.col("limit") - before % pl.col("limit")) % pl.col("limit"))
        return rows.with_columns(opening=pl.when(rolls).then("turn").otherwise("opening")).drop("turn")

    @cached_property
    def exchanges(self) -> pl.DataFrame:
        """None."""
        return super().exchanges.clear()
