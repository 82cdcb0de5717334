"""Residential bills for measuring rates: households of the demo city's kind, month by month, without a database."""

from __future__ import annotations

import polars as pl

from meterbook.demo.calendar import CURRENT, read_on
from meterbook.demo.drawn.draws import between
from meterbook.demo.drawn.usage import steps_in
from meterbook.demo.sources import ROOT, document
from meterbook.engine.rates.tariff import Tariff, parse_tariff

#: A bill of twelve charges.
TARIFF_FILE = ROOT / "demo" / "bench" / "E-RES-12.yaml"
#: kWh in 30 days of an average month, from and to; and what a solar home sends, as in `demo.drawn.meters`.
_USE, _SUN = (320, 980), (330, 820)
#: Of a thousand households: how many send energy, and how many have the low-income discount.
_SOLAR, _LOW_INCOME = 14, 120


def twelve_charges() -> tuple[Tariff, str]:
    """The tariff of twelve charges, and its text."""
    text = TARIFF_FILE.read_text(encoding="utf-8")
    return parse_tariff(text, file=TARIFF_FILE.name), text


def monthly_bills(accounts: int, months: int, *, seed: int) -> pl.DataFrame:
    """The last ``months`` bills of every account, all read on their cycle's day.

    Columns: account, class, starts, ends, and the determinants usage and export (Int64 millionths of a kWh; null where
    nothing is sent) and low_income ('yes' or 'no').
    """
    days = list(document("city")["cycles"].values())
    number = pl.col("number")
    homes = pl.select(number=pl.int_range(accounts, dtype=pl.Int64)).with_columns(
        account=pl.format("{}", number + 1_000_001),
        read_day=pl.lit(pl.Series(days, dtype=pl.Int64)).gather(number % len(days)),
        use=between(number, *_USE, topic="base", seed=seed),
        sun=between(number, *_SUN, topic="sun", seed=seed),
        solar=between(number, 0, 999, topic="solar", seed=seed) < _SOLAR,
        low_income=between(number, 0, 999, topic="low income", seed=seed) < _LOW_INCOME,
    )
    found = [_bills_of(homes, month, seed=seed) for month in range(CURRENT - months + 1, CURRENT + 1)]
    return pl.concat(found)


def _bills_of(homes: pl.DataFrame, month: int, *, seed: int) -> pl.DataFrame:
    """One month's bill of every household."""
    used = homes.select("number", base="use", season=pl.lit("home_power"))
    sent = homes.select(number=pl.col("number") + homes.height, base="sun", season=pl.lit("sun"))
    days = {day: (read_on(month - 1, day), read_on(month, day)) for day in homes["read_day"].unique().to_list()}
    read_day = pl.col("read_day")
    return homes.select(
        "account",
        pl.lit("residential").alias("class"),
        starts=read_day.replace_strict({day: pair[0] for day, pair in days.items()}, return_dtype=pl.Date),
        ends=read_day.replace_strict({day: pair[1] for day, pair in days.items()}, return_dtype=pl.Date),
        **{
            "det.usage": steps_in(used, month, seed=seed) * 10**6,
            "det.export": pl.when("solar").then(steps_in(sent, month, seed=seed) * 10**6),
            "det.low_income": pl.when("low_income").then(pl.lit("yes")).otherwise(pl.lit("no")),
        },
    )
