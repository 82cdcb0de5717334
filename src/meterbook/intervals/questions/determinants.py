"""What bills are priced from: energy by period of use, demand over windows, coincidence, load factor, reactive power.

The rules are those of ``engine.rates.intervals``; here they are SQL over any number of meters, with holes allowed and
counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from meterbook.engine.rates.fixed_point import times, wide
from meterbook.engine.rates.intervals.demand import KW_SCALE, Window, quotient, rounded
from meterbook.engine.rates.language.calendars import ALL, Calendar
from meterbook.intervals.clock import day_start
from meterbook.intervals.duck import Duck
from meterbook.intervals.files import Part
from meterbook.intervals.newest import box, newest
from meterbook.intervals.problems import StoreProblem, check_minutes, check_per_unit, millionths, require
from meterbook.intervals.questions.slices import by_slices
from meterbook.intervals.questions.windows import Moments, moments

_ASKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int64, "delivered": pl.Int64, "received": pl.Int64, "reactive": pl.Int64, "minutes": pl.Int32,
    "per_unit": pl.Int64, "starts": pl.Date, "ends": pl.Date, "calendar": pl.String,
    "peak_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
_MAY_LACK = ("received", "reactive", "calendar", "peak_at")
_ANSWER: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int64, "name": pl.String, "period": pl.String, "value": pl.Int64, "at": pl.Datetime("us", "UTC"),
    "found": pl.Int32, "expected": pl.Int32, "gaps": pl.Int32,
}  # fmt: skip
DELIVERED, RECEIVED, REACTIVE, NET = 0, 1, 2, 3
_ENERGY = {DELIVERED: "kwh", RECEIVED: "export_kwh", REACTIVE: "kvarh"}
#: By row, role and period (``place``): intervals and their sum, the highest window that ends in the period (``top``)
#: and that lies in it (``own``), and the one asked for (``then``).
_MEASURED: dict[str, pl.DataType | type[pl.DataType]] = {
    "number": pl.Int32, "place": pl.Int16, "found": pl.Int64, "total": pl.Int64, "top": pl.Int64, "own": pl.Int64,
    "then": pl.Int64,
}  # fmt: skip


def determinants(
    duck: Duck, parts: list[Part], asked: pl.DataFrame, *, zone: str, calendars: Mapping[str, Calendar],
    window: Window, flow: str,
) -> pl.DataFrame:  # fmt: skip
    """See `IntervalStore.determinants`."""
    asked = _checked(asked, calendars, flow)
    answers = [pl.DataFrame(schema=_ANSWER)]
    for (minutes, name), some in asked.group_by("minutes", "calendar", maintain_order=True):
        since, until = some["starts"].min(), some["ends"].max()
        laid = moments(zone, since, until, minutes, window, None if name is None else calendars[name])  # type: ignore[arg-type]
        longest = some.select((pl.col("ends") - pl.col("starts")).dt.total_days().max()).item()
        sides = sum(some[name].count() > 0 for name in ("delivered", "received", "reactive"))
        each = int(longest) * 24 * 60 // int(minutes) * max(sides, 1)
        placed = some.with_columns(channel=pl.coalesce("delivered", "received", "reactive"))
        answers += by_slices(
            placed, each, partial(_answer, duck, parts, laid=laid, zone=zone, window=window, flow=flow)
        )
    return pl.concat(answers).sort("row", "name", "period")


def _checked(asked: pl.DataFrame, calendars: Mapping[str, Calendar], flow: str) -> pl.DataFrame:
    lacking = {name: pl.lit(None, dtype=_ASKED[name]) for name in _MAY_LACK if name not in asked.columns}
    asked = require(asked.with_columns(**lacking), _ASKED, "determinants")
    check_minutes(asked["minutes"])
    check_per_unit(asked["per_unit"])
    if (
        asked["row"].n_unique() != asked.height
        or asked.select("row", "starts", "ends").null_count().sum_horizontal()[0]
    ):
        raise StoreProblem("determinants need a row number of their own, a first day and the day after the last")
    if (asked["ends"] <= asked["starts"]).any():
        raise StoreProblem("determinants of no day were asked for; expected the day after the last")
    unknown = set(asked["calendar"].drop_nulls().unique().to_list()) - set(calendars)
    if unknown:
        raise StoreProblem(f"the calendar {min(unknown)} is unknown; expected one of {', '.join(sorted(calendars))}")
    if flow not in ("import", "net"):
        raise StoreProblem(f"demand of the flow {flow}; expected import or net")
    return asked


def _answer(
    duck: Duck, parts: list[Part], asked: pl.DataFrame, *, laid: Moments, zone: str, window: Window, flow: str
) -> pl.DataFrame:
    return _Slice(duck, parts, asked, laid, zone, window, flow).answer()


class _Slice:
    """Some rows of one length of interval and one calendar."""

    def __init__(
        self, duck: Duck, parts: list[Part], asked: pl.DataFrame, laid: Moments, zone: str, window: Window, flow: str
    ) -> None:
        self.duck, self.parts, self.laid, self.zone, self.window, self.flow = duck, parts, laid, zone, window, flow
        begins = "slot" if laid.sliding else "window"
        where = laid.frame.select(peak_at="starts", peak=begins)
        self.asked = asked.join(where, on="peak_at", how="left", maintain_order="left")
        self.minutes = int(asked["minutes"][0])
        self.load = NET if flow == "net" else DELIVERED
        self.roles = self._roles()

    def _roles(self) -> pl.DataFrame:
        """One row for each channel of each row asked, with a short ``number`` and the instants of its span."""
        sides = [(DELIVERED, "delivered"), (RECEIVED, "received"), (REACTIVE, "reactive")]
        roles = pl.concat(
            [
                self.asked.filter(pl.col(name).is_not_null()).select(
                    "row", "starts", "ends", "peak", "per_unit", channel=name, role=pl.lit(role, dtype=pl.Int8)
                )
                for role, name in sides
            ]
        )
        if self.flow == "net":
            net = roles.filter(pl.col("role") == DELIVERED).with_columns(
                role=pl.lit(NET, dtype=pl.Int8), channel=pl.lit(None, dtype=pl.Int64)
            )
            roles = pl.concat([roles, net])
        days = pl.concat([roles["starts"], roles["ends"]]).unique().to_list()
        instants = {day: day_start(self.zone, day) for day in days}
        kind = pl.Datetime("us", "UTC")
        return roles.with_row_index("number").with_columns(
            pl.col("number").cast(pl.Int32),
            since=pl.col("starts").replace_strict(instants, return_dtype=kind),
            until=pl.col("ends").replace_strict(instants, return_dtype=kind),
        )

    def _placed(self) -> str:
        """SQL: every interval that counts with its role's number and its slot.

        Spans are compared with instants and not with slots: nothing may join roles with moments before intervals.
        """
        edges = self.roles.select(pl.col("channel").min().alias("low"), pl.col("channel").max().alias("high")).row(0)
        where = box(edges, self.roles["since"].min(), self.roles["until"].max())  # type: ignore[arg-type]
        placed = f"""
            SELECT k.number, c.slot, r.value
            FROM ({newest(self.parts, where, ("channel", "starts", "minutes", "value"))}) r
            JOIN roles k ON k.channel = r.channel AND r.starts >= k.since AND r.starts < k.until
            JOIN moments c ON c.starts = r.starts
            WHERE r.minutes = {self.minutes}"""
        if self.flow != "net":
            return placed
        # both flows of an interval, or it is a gap; a row without a channel of received flow has delivered alone
        return f"""
            SELECT * FROM ({placed})
            UNION ALL
            SELECT s.net AS number, slot, greatest(sum(p.value * s.sign), 0)::BIGINT AS value
            FROM ({placed}) p JOIN sides s ON s.number = p.number
            GROUP BY s.net, slot, s.flows HAVING count(*) = s.flows"""

    def _sides(self) -> pl.DataFrame:
        """Which numbers make up which net flow: ``number``, ``net``, ``sign``, ``flows``."""
        net = self.roles.filter(pl.col("role") == NET).select("row", net="number")
        flows = self.roles.filter(pl.col("role").is_in([DELIVERED, RECEIVED])).join(net, on="row")
        sign = pl.when(pl.col("role") == DELIVERED).then(1).otherwise(-1)
        return flows.select("number", "net", sign=sign.cast(pl.Int64), flows=pl.len().over("net"))

    def _measure(self) -> pl.DataFrame:
        """Cells by row and role, in one pass over the intervals (one more where blocks run over a period's edge)."""
        found = pl.DataFrame(schema=_MEASURED)
        if self.roles["channel"].count() and self.parts:
            single = self.laid.sliding or self.laid.size == 1
            found = self._ask(self._sliding() if single else self._blocks())
            cut = self.laid.frame.filter(pl.col("window").is_not_null() & ~pl.col("alike")).height > 0
            if not single and cut:
                found = pl.concat([found, self._ask(self._whole_blocks())], how="diagonal")
        cells = found.select(*_MEASURED).cast(_MEASURED)  # type: ignore[arg-type]
        return cells.join(self.roles.select("number", "row", "role"), on="number")

    def _ask(self, sql: str) -> pl.DataFrame:
        roles = self.roles.select("number", "channel", "since", "until", "peak")
        return self.duck.frame(sql, roles=roles, moments=self.laid.frame, sides=self._sides())

    def _known(self, inner: str) -> str:
        """SQL: what is known of each slot (and of each number, if a moment is asked for), beside ``inner``."""
        peaks = " JOIN (SELECT number, peak FROM roles) USING (number)" if self.roles["peak"].count() else ""
        table = '(SELECT slot, period AS place, "window", rank, alike FROM moments)'
        return f"({inner}) JOIN {table} USING (slot){peaks}"

    def _tops(self, used: str, whole: str) -> str:
        """SQL of ``top``, ``own`` and ``then``.

        The highest and, of several as high, the first on the clock, as one integer: no second look for the instant.
        """
        top = f"{used} * {self.laid.frame.height}::BIGINT - rank"
        then = f'max({used}) FILTER ({whole} AND peak = "window")' if self.roles["peak"].count() else "NULL::BIGINT"
        own = f"max({top}) FILTER ({whole} AND alike)" if len(self.laid.periods) > 1 else "NULL::BIGINT"
        return f"max({top}) FILTER ({whole}) AS top, {own} AS own, {then} AS then"

    def _sliding(self) -> str:
        """SQL: each interval carries the window that ends with it; what stands there must begin as long before."""
        back, placed = self.laid.size - 1, self._placed()
        used, whole = "value", "true"
        if back:
            total = "sum(value) OVER w" if back > 1 else "value + lag(value) OVER o"
            used, whole = "used", "whole"
            # lag is null where a channel has fewer
            placed = f"""
                SELECT number, slot, value, ({total})::BIGINT AS used, lag(slot, {back}) OVER o = slot - {back} AS whole
                FROM ({placed})
                WINDOW o AS (PARTITION BY number ORDER BY slot),
                       w AS (PARTITION BY number ORDER BY slot ROWS BETWEEN {back} PRECEDING AND CURRENT ROW)"""
        return f"""SELECT number, place, count(*) AS found, sum(value)::BIGINT AS total, {self._tops(used, whole)}
                   FROM {self._known(placed)} GROUP BY number, place"""

    def _blocks(self) -> str:
        """SQL: blocks by the part of them that lies in a period, then the periods."""
        whole = f'"window" IS NOT NULL AND count = {self.laid.size}'
        return f"""
            SELECT number, place, sum(count)::BIGINT AS found, sum(used)::BIGINT AS total, {self._tops("used", whole)}
            FROM (SELECT number, "window", place, any_value(rank) AS rank, any_value(alike) AS alike,
                         {self._any_peak()} count(*) AS count, sum(value)::BIGINT AS used
                  FROM {self._known(self._placed())} GROUP BY number, "window", place)
            GROUP BY number, place"""

    def _any_peak(self) -> str:
        return "any_value(peak) AS peak," if self.roles["peak"].count() else ""

    def _whole_blocks(self) -> str:
        """SQL: the highest block in all hours, where blocks may lie in several periods."""
        then = 'max(used) FILTER (peak = "window")' if self.roles["peak"].count() else "NULL::BIGINT"
        return f"""
            SELECT number, max(used * {self.laid.frame.height}::BIGINT - rank) AS top, {then} AS then
            FROM (SELECT number, "window", any_value(rank) AS rank, {self._any_peak()} sum(value)::BIGINT AS used
                  FROM {self._known(self._placed())} WHERE "window" IS NOT NULL
                  GROUP BY number, "window" HAVING count(*) = {self.laid.size})
            GROUP BY number"""

    def answer(self) -> pl.DataFrame:
        """All facts of these rows."""
        measured = self._measure()
        cells = self._cells(measured)
        demands = self._demands(cells)
        facts = [self._energies(cells), demands.select(*_ANSWER), self._coincident(cells),
                 self._load_factor(cells, demands)]  # fmt: skip
        return pl.concat([one.select(*_ANSWER).cast(_ANSWER) for one in facts])  # type: ignore[arg-type]

    def _cells(self, measured: pl.DataFrame) -> pl.DataFrame:
        """Every row, role and period with what was found and expected (``place`` of -1: all hours)."""
        spans = self.asked.select("starts", "ends").unique()
        counts = [
            (starts, ends, self.laid.periods.index(name) if name in self.laid.periods and name != ALL else -1, count)
            for starts, ends in spans.iter_rows()
            for name, count in self.laid.expected(starts, ends).items()
        ]
        schema = {"starts": pl.Date, "ends": pl.Date, "place": pl.Int16, "expected": pl.Int32}
        table = pl.DataFrame(counts, schema=schema, orient="row").unique()
        rows = self.asked.select("row", "per_unit", "starts", "ends").join(table, on=["starts", "ends"])
        roles = self.roles.select("row", "role")
        whole = measured.group_by("row", "role").agg(
            pl.col("found", "total").sum(), pl.col("top", "then").max(), place=pl.lit(-1, dtype=pl.Int16)
        )
        by_period = measured.filter(pl.col("place").is_not_null() & (len(self.laid.periods) > 1))
        columns = ("row", "role", "place", "found", "total", "top", "then")
        known = pl.concat([by_period.with_columns(top="own").select(columns), whole.select(columns)])
        cells = rows.join(roles, on="row").join(known, on=["row", "role", "place"], how="left")
        names = pl.DataFrame(
            {"place": [-1, *range(len(self.laid.periods))], "period": [ALL, *self.laid.periods]},
            schema={"place": pl.Int16, "period": pl.String},
        )
        found = pl.col("found").fill_null(0)
        return (
            cells.join(names, on="place")
            .with_columns(found=found.cast(pl.Int32), gaps=(pl.col("expected") - found).cast(pl.Int32))
            .with_columns(total=pl.when((pl.col("found") > 0) | (pl.col("expected") == 0)).then(
                pl.col("total").fill_null(0)))
        )  # fmt: skip

    def _energies(self, cells: pl.DataFrame) -> pl.DataFrame:
        mine = cells.filter(pl.col("role") != NET)
        return mine.with_columns(
            millionths(mine["total"], mine["per_unit"]).alias("value"),
            name=pl.col("role").replace_strict(_ENERGY, return_dtype=pl.String),
            at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        )

    def _demands(self, cells: pl.DataFrame) -> pl.DataFrame:
        mine = cells.filter(pl.col("role").is_in([self.load, REACTIVE]))
        height = self.laid.frame.height
        # top = used * height - rank, with 0 <= rank < height
        mine = mine.with_columns(used=-((-pl.col("top")) // height))
        mine = mine.with_columns(rank=(pl.col("used") * height - pl.col("top")).cast(pl.Int32))
        mine = mine.join(self.laid.windows.select("rank", at="starts"), on="rank", how="left")
        # no window at all is zero if nothing is missing, and unknown otherwise
        mine = mine.with_columns(used=pl.when(pl.col("gaps") == 0).then(pl.col("used").fill_null(0))
                                 .otherwise(pl.col("used")))  # fmt: skip
        return self._power(mine).with_columns(
            name=pl.when(pl.col("role") == REACTIVE).then(pl.lit("kvar")).otherwise(pl.lit("kw"))
        )

    def _power(self, frame: pl.DataFrame) -> pl.DataFrame:
        """``used`` over a window as ``value``: millionths of a kW, rounded as enacted."""
        length = self.minutes * self.laid.size
        pieces = [
            some.with_columns(value=rounded(some["used"].cast(pl.Int128), int(per_unit) * length, self.window))
            for (per_unit,), some in frame.group_by("per_unit")
        ]
        return pl.concat([frame.clear().with_columns(value=pl.lit(None, dtype=pl.Int64)), *pieces])

    def _coincident(self, cells: pl.DataFrame) -> pl.DataFrame:
        mine = cells.filter((pl.col("role") == self.load) & (pl.col("place") == -1))
        mine = mine.join(self.asked.filter(pl.col("peak_at").is_not_null()).select("row", at="peak_at"), on="row")
        return self._power(mine.with_columns(used="then")).with_columns(name=pl.lit("coincident_kw"))

    def _load_factor(self, cells: pl.DataFrame, demands: pl.DataFrame) -> pl.DataFrame:
        kw = demands.filter((pl.col("role") == self.load) & (pl.col("place") == -1)).select("row", kw="value")
        mine = cells.filter((pl.col("role") == self.load) & (pl.col("place") == -1)).join(kw, on="row")
        pieces = [self._factor(some, int(per_unit)) for (per_unit,), some in mine.group_by("per_unit")]
        return pl.concat([self._factor(mine.clear(), 1), *pieces]).with_columns(
            name=pl.lit("load_factor"), at=pl.lit(None, dtype=pl.Datetime("us", "UTC"))
        )

    def _factor(self, some: pl.DataFrame, per_unit: int) -> pl.DataFrame:
        """Average power over the hours that are there ÷ the highest demand; unknown without one."""
        over = times(wide(some["total"].fill_null(0)), 60 * KW_SCALE * 10**6)
        below = (some["kw"] * some["found"].cast(pl.Int64)).fill_null(0)
        value = quotient(over, below, per_unit * self.minutes)
        return some.with_columns(value=value).with_columns(value=pl.when(pl.col("kw").is_not_null()).then("value"))
