"""The same answers by hand: DuckDB SQL as somebody would write it who knows DuckDB, the files, the city and its month.

It knows what the store must find out: that there are two deliveries of which the second is small, all channels are
kilowatt-hours in watt-hours every 15 minutes, which numbers the rules have, and when the clocks change. It has as many
threads and more memory, and keeps what it needs twice in temporary tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

from meterbook.demo.bench.intervals.generate import FIRST, LATER, instants

_VIEWS = """
CREATE OR REPLACE TEMP VIEW reads AS
    SELECT channel, starts, value, copies FROM read_parquet('{folder}/month=*/g={first:06}/part-*.parquet')
    ANTI JOIN (SELECT channel, starts FROM read_parquet('{folder}/month=*/g={later:06}/part-*.parquet'))
    USING (channel, starts)
    UNION ALL
    SELECT channel, starts, value, copies FROM read_parquet('{folder}/month=*/g={later:06}/part-*.parquet');
CREATE OR REPLACE TEMP TABLE clock AS
    SELECT (row_number() OVER (ORDER BY starts) - 1)::INTEGER AS slot, starts, local::DATE AS day,
           CASE WHEN dayofweek(local) BETWEEN 1 AND 5 AND hour(local) BETWEEN 16 AND 20
                     AND strftime(local, '%m-%d') NOT IN ('10-12', '11-11', '11-26') THEN 0
                WHEN hour(local) < 6 THEN 1 ELSE 2 END::TINYINT AS period
    FROM (SELECT starts, timezone('America/Los_Angeles', starts) AS local
          FROM generate_series(TIMESTAMPTZ '{since}', TIMESTAMPTZ '{until}' - INTERVAL 1 SECOND, INTERVAL 15 MINUTE)
               t(starts));
"""

_DAILY = """
CREATE OR REPLACE TEMP TABLE days AS
WITH counted AS (
    SELECT channel,
           ((epoch_us(starts) - CASE WHEN starts < TIMESTAMPTZ '2026-11-01 09:00+00' THEN 25200000000
                                     ELSE 28800000000 END) // 86400000000)::INTEGER AS number,
           epoch_us(starts) % 900000000 = 0 AS in_step,
           count(*) AS found, sum(copies - 1) AS duplicated, count(*) FILTER (value < 0) AS negative,
           count(*) FILTER (value = 0) AS zero, sum(value) AS total, max(value, 3) AS tops, min(value) AS lowest
    FROM reads GROUP BY ALL
), every AS (
    SELECT c.channel, d.day, d.expected, d.day - DATE '1970-01-01' AS number
    FROM (SELECT DISTINCT channel FROM counted) c CROSS JOIN (SELECT day, count(*) AS expected FROM clock GROUP BY 1) d
), laid AS (
    SELECT e.channel, e.day, e.number, e.expected, coalesce(i.found, 0) AS found,
           coalesce(i.duplicated, 0) + coalesce(o.duplicated, 0) AS duplicated, coalesce(o.found, 0) AS out_of_step,
           coalesce(i.negative, 0) AS negative, coalesce(i.zero, 0) AS zero, i.total, i.tops, i.lowest,
           CASE WHEN i.found = e.expected THEN i.total END AS whole
    FROM every e LEFT JOIN counted i ON i.channel = e.channel AND i.number = e.number AND i.in_step
         LEFT JOIN counted o ON o.channel = e.channel AND o.number = e.number AND NOT o.in_step
), before AS (
    SELECT *, lag(whole, 7) OVER w AS one, lag(whole, 14) OVER w AS two, lag(whole, 21) OVER w AS three,
           lag(whole, 28) OVER w AS four,
           number - coalesce(max(CASE WHEN NOT coalesce(lowest > 0, false) THEN number END) OVER w,
                             min(number) OVER () - 1) AS days_never_zero
    FROM laid WINDOW w AS (PARTITION BY channel ORDER BY number)
), usual AS (
    SELECT *, (one IS NOT NULL)::INT + (two IS NOT NULL)::INT + (three IS NOT NULL)::INT + (four IS NOT NULL)::INT AS n,
           coalesce(one, 0) + coalesce(two, 0) + coalesce(three, 0) + coalesce(four, 0) AS four_days
    FROM before
)
SELECT channel, day, expected, found, duplicated, out_of_step, negative, zero, total * 1000 AS sum,
       tops[1] * 1000 AS highest, tops[3] * 1000 AS third_highest, lowest * 1000 AS lowest,
       CASE WHEN n > 0 THEN (2 * four_days + n) // (2 * n) * 1000 END AS usual_daily, days_never_zero
FROM usual
"""

_CHANGED = """(expected <> 96 AND (found = 96 OR found + duplicated = 96 OR expected - found = 4 OR duplicated = 4))"""
_RULES = f"""
SELECT channel, day, 'spike' AS rule FROM days
WHERE (highest - third_highest) * 10 > third_highest * 18 AND highest - third_highest >= 2000000
      AND (usual_daily IS NULL OR highest * expected > usual_daily * 4)
UNION ALL SELECT channel, day, 'missing_intervals' FROM days WHERE expected - found >= 4 AND NOT {_CHANGED}
UNION ALL SELECT channel, day, 'duplicate_intervals' FROM days WHERE duplicated >= 1 AND NOT {_CHANGED}
UNION ALL SELECT channel, day, 'negative_intervals' FROM days WHERE negative >= 1
UNION ALL SELECT channel, day, 'zero_intervals' FROM days
WHERE found > 0 AND zero >= found AND sum = 0 AND usual_daily >= 3000000
UNION ALL SELECT channel, day, 'clock_drift' FROM days WHERE out_of_step >= 1 OR {_CHANGED}
UNION ALL SELECT channel, day, 'never_zero' FROM days
WHERE found >= expected AND zero = 0 AND days_never_zero >= 7 AND lowest > 0 AND lowest * expected >= 6000000
UNION ALL SELECT channel, day, 'high_day' FROM days
WHERE sum * 10 > usual_daily * 15 AND sum - usual_daily >= 4000000
"""

_PEAK = """
WITH together AS (SELECT c.slot, sum(r.value) AS used FROM reads r JOIN clock c USING (starts) GROUP BY c.slot),
     paired AS (SELECT slot - 1 AS slot, used + lag(used) OVER (ORDER BY slot) AS used FROM together)
SELECT slot FROM paired WHERE used IS NOT NULL ORDER BY used DESC, slot LIMIT 1
"""

_DETERMINANTS = """
WITH placed AS (
    SELECT r.channel, c.slot, c.period, r.value FROM reads r JOIN clock c USING (starts)
), paired AS (
    SELECT channel, slot, period, value, value + lag(value) OVER w AS used, lag(slot) OVER w = slot - 1 AS whole,
           lag(period) OVER w = period AS alike
    FROM placed WINDOW w AS (PARTITION BY channel ORDER BY slot)
), sums AS (
    SELECT channel, period, count(*) AS found, sum(value) AS total,
           max(used * 16384 - slot) FILTER (whole) AS top, max(used * 16384 - slot) FILTER (whole AND alike) AS own,
           max(used) FILTER (whole AND slot = {peak} + 1) AS peak
    FROM paired GROUP BY channel, period
), turned AS (
    SELECT channel, sum(found) AS found, sum(total) AS total, max(top) AS top, max(peak) AS peak,
           {columns}
    FROM sums GROUP BY channel
)
SELECT channel, found::BIGINT AS found, (total * 1000)::BIGINT AS kwh, {shown}, kw, peak * 2000 AS coincident_kw,
       (SELECT min(starts) FROM clock) + to_minutes(15 * (kw // 2000 * 16384 - top - 1)) AS at,
       ((2 * total * 60000000000000 + kw * found * 15000) // (2 * kw * found * 15000))::BIGINT AS load_factor
FROM (SELECT *, ((top + 16383) // 16384 * 2000)::BIGINT AS kw FROM turned)
"""


@dataclass(frozen=True)
class Answers:
    """Days, findings (channel, day, rule) and determinants (one row a channel)."""

    days: pl.DataFrame
    findings: pl.DataFrame
    determinants: pl.DataFrame


class Expert:
    """A connection of somebody who asks by hand."""

    def __init__(self, folder: Path, *, days: int, memory_mib: int, threads: int) -> None:
        self.connection = duckdb.connect(
            ":memory:",
            config={"memory_limit": f"{memory_mib}MiB", "threads": str(threads), "preserve_insertion_order": "false",
                    "temp_directory": str(folder.parent / "spill")},
        )  # fmt: skip
        self.connection.execute("SET enable_progress_bar = false")
        since, until = instants(days)
        for statement in _VIEWS.format(
            folder=str(folder).replace("'", "''"), first=FIRST, later=LATER, since=since, until=until
        ).split(";"):
            if statement.strip():
                self.connection.execute(statement)

    def _frame(self, sql: str) -> pl.DataFrame:
        found = pl.from_arrow(self.connection.sql(sql).to_arrow_table())
        assert isinstance(found, pl.DataFrame)
        return found.with_columns(cs.datetime(time_zone="*").dt.convert_time_zone("UTC"))

    def answer(self) -> Answers:
        """Everything, once."""
        self.connection.execute(_DAILY)
        findings = self._frame(_RULES)
        days = self._frame("SELECT * FROM days")
        self.connection.execute("DROP TABLE days")
        peak = self.connection.sql(_PEAK).fetchall()[0][0]
        columns = ", ".join(
            f"max(total) FILTER (period = {at}) AS total{at}, max(own) FILTER (period = {at}) AS own{at}"
            for at in range(3)
        )
        shown = ", ".join(
            f"(total{at} * 1000)::BIGINT AS kwh_{name}, ((own{at} + 16383) // 16384 * 2000)::BIGINT AS kw_{name}"
            for at, name in enumerate(("peak", "super_off_peak", "off_peak"))
        )
        determinants = self._frame(_DETERMINANTS.format(peak=peak, columns=columns, shown=shown))
        return Answers(days, findings, determinants)
