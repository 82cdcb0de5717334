"""What every register shows though nothing is wrong: first bills, estimates, credits, the month level pay settles."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Setting
from meterbook.engine.trace import N_


def find_first(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """A service billed to this customer for the first time."""
    rows = cycle.points.filter(pl.col("first"))
    return marks(rows, "first_bill", measure="cents", figure=pl.col("cents"), cents=pl.col("cents"),
                 details={"days": pl.col("days")})  # fmt: skip


def find_estimated(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Usage that rests on an estimated read, beside the last bill's."""
    rows = cycle.beside().filter(pl.col("estimated"))
    return marks(
        rows, "estimated", measure="usage", figure=pl.col("usage").fill_null(0),
        compared=pl.col("last_usage"), cents=pl.col("cents"),
        against=pl.when(pl.col("last_usage").is_null()).then(pl.lit("none")).otherwise(pl.lit("last")),
    )  # fmt: skip


def find_credit(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """A bill on which the city owes the customer, by so much or more."""
    rows = cycle.bills.filter(pl.col("due") <= -max(setting.numbers["least"], 1))
    return marks(rows, "credit_balance", measure="cents", figure=pl.col("due"), compared=pl.col("current"),
                 cents=pl.col("due"))  # fmt: skip


def find_settle(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """The month in which level pay settles with the true balance."""
    rows = cycle.bills.filter(pl.col("settles"))
    return marks(rows, "level_pay_settle", measure="cents", figure=pl.col("due"), compared=pl.col("current"),
                 cents=pl.col("due"))  # fmt: skip


FIRST_BILL = Mark(
    name="first_bill",
    title=N_("First bill"),
    says={"": N_("%(service)s: the first bill, %(figure)s for %(days)s days.")},
    find=find_first,
    kinds={},
)
ESTIMATED = Mark(
    name="estimated",
    title=N_("Estimated"),
    says={
        "last": N_("%(service)s: %(figure)s, which rests on an estimated read; the last bill had %(compared)s."),
        "none": N_("%(service)s: %(figure)s, which rests on an estimated read."),
    },
    find=find_estimated,
    kinds={},
)
CREDIT_BALANCE = Mark(
    name="credit_balance",
    title=N_("Credit balance"),
    says={"": N_("The bill charges %(compared)s and ends with %(figure)s: the city owes the customer.")},
    find=find_credit,
    kinds={},
)
LEVEL_PAY_SETTLE = Mark(
    name="level_pay_settle",
    title=N_("Level pay settles"),
    says={"": N_("Level pay settles on this bill: it charges %(compared)s, and %(figure)s is due in all.")},
    find=find_settle,
    kinds={},
)
