"""A service that should be on the bill and is not: water without sewer."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Setting
from meterbook.engine.trace import N_


def find(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Services of the last bill, and of the premise, that this bill does not have; at stake is what they cost."""
    zero = pl.lit(0, dtype=pl.Int64)
    return marks(cycle.missing, "missing_service", measure="cents", figure=zero, compared=pl.col("cents"),
                 cents=pl.col("cents"), against=pl.col("why"))  # fmt: skip


MARK = Mark(
    name="missing_service",
    title=N_("Service missing"),
    says={
        "last": N_("%(service)s is not on this bill (%(figure)s); the last bill charged %(compared)s for it."),
        "premise": N_("%(service)s is connected at the premise, but on nobody's bill."),
    },
    find=find,
    kinds={},
)
