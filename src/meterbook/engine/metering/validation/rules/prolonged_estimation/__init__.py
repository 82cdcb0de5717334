"""One estimate too many in a row."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """An estimated or missing read after as many estimates in a row as are allowed."""
    estimate = pl.col("estimated") | pl.col("value").is_null()
    return objections(
        frame,
        estimate & (pl.col("estimates_in_row") >= settings["limit"]),
        what="estimates",
        times=pl.col("estimates_in_row"),
        limit=pl.lit(settings["limit"]),
    )


RULE = Rule(
    name="prolonged_estimation",
    title=N_("Prolonged estimation"),
    applies_to="reads",
    says={"estimates": N_("%(times)s periods in a row are estimated already; at most %(limit)s are allowed.")},
    find=find,
    parameters=(Parameter("limit", "count", Decimal(3), N_("So many estimates in a row are allowed"), low=Decimal(1)),),
)
