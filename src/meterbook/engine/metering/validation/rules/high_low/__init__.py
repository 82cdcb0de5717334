"""Usage far above or below what is expected in this season."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.expectation import BASES, JUDGING, is_high, widened, with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Usage above ``high`` or below ``low`` times what was expected over the same number of days."""
    known = with_expected(frame)
    used, days = pl.col("quantity").cast(pl.Int128), pl.col("period")
    own = pl.col("high_daily").cast(pl.Int128) * days * settings["own"]
    seen_before = (used * QUANTITY_SCALE <= own).fill_null(value=False)
    high = is_high(settings) & ~seen_before
    factor = widened(settings["low"], settings["wider"], down=True)
    far_below = used * QUANTITY_SCALE < pl.col("at_least") * factor
    was_as_low = (used >= pl.col("low_daily").cast(pl.Int128) * days).fill_null(value=False)
    low = (used > 0) & far_below & (pl.col("at_least") - used >= settings["least"]) & ~was_as_low
    low = low & pl.col("occupied") & pl.col("served") & (pl.col("basis") != "class")
    return objections(
        known,
        high | low,
        what=pl.when(high).then(pl.lit("high")).otherwise(pl.lit("low")),
        usage=exact(pl.col("quantity")),
        expected=exact(pl.when(high).then("at_most").otherwise("at_least") // 10_000 * 10_000),
        unit=pl.col("unit"),
        days=days,
        basis=pl.col("basis"),
    )


RULE = Rule(
    name="high_low",
    title=N_("High or low usage"),
    applies_to="reads",
    says={
        "high": N_("%(usage)s %(unit)s in %(days)s days is high: about %(expected)s was expected, going by %(basis)s."),
        "low": N_("%(usage)s %(unit)s in %(days)s days is low: about %(expected)s was expected, going by %(basis)s."),
    },
    terms=BASES,
    find=find,
    parameters=(
        *JUDGING,
        Parameter("low", "share", Decimal("0.5"), N_("Usage below this many times what was expected is too low"),
                  high=Decimal(1)),
        Parameter("own", "share", Decimal("0.75"), N_("High usage up to this share of its own highest is let pass"),
                  high=Decimal(10)),
    ),
)  # fmt: skip
