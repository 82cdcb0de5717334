"""Programs of Alder Bend: its solar homes under net billing, and a few residents who pay an even amount."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from meterbook.demo.calendar import CITY_ON
from meterbook.demo.city import City
from meterbook.demo.stories import STORIES
from meterbook.records.customers.queries import account_numbered, agreements_at_points
from meterbook.records.platform.deeds import Act
from meterbook.records.programs.level_pay.operations.enrol import enrol_level_pay
from meterbook.records.programs.level_pay.operations.review import review_level_pay
from meterbook.records.programs.level_pay.queries import candidates
from meterbook.records.programs.net_metering.operations.enrol import enrol_net_metering

if TYPE_CHECKING:
    from meterbook.demo.stories import Staff

#: Whoever has sold power to the city since before the demo begins settles in April, as the state's own year does.
_TRUE_UP_MONTH, _WATTS = 4, 5_400
_FORMULA = "eleven"
#: The day the office offers level payment after a year of bills, and one in so many accounts that takes it.
LEVEL_PAY_ON, _PER_PLAN = date(2025, 10, 27), 12
_REVIEW_DAY = 28


def enrol_solar(city: City, staff: Staff) -> int:
    """Enrol every home whose meter counts what goes out; returns how many. E-RES sells it at once: no bank."""
    act = Act(actor=staff["billing"], business_date=CITY_ON, reason="Net billing, Resolution 2023-71")
    points = city.registers.filter(pl.col("channel") == "received").join(
        city.meters.select("serial", "code"), on="serial"
    )
    enrolled = 0
    for agreement in agreements_at_points(points["code"].unique().sort().to_list()):
        enrol_net_metering(
            act, agreement=agreement, option="net-billing", starts=agreement.validity.lower,
            true_up_month=_TRUE_UP_MONTH, capacity_w=_WATTS,
        )  # fmt: skip
        enrolled += 1
    return enrolled


def level_pay(act: Act, *, after: date, until: date) -> str:
    """What the office does about level payment on the days after ``after``, up to ``until``: the offer, and reviews.

    Returns what to tell of it.
    """
    told = ""
    if after < LEVEL_PAY_ON <= until:
        told_of = {one.account for one in STORIES.values()}
        able = [one for one in candidates(_FORMULA, act.business_date) if one.amount_cents > 0]
        able = [one for one in able if one.number not in told_of]
        for one in able[::_PER_PLAN]:
            enrol_level_pay(act, account=account_numbered(one.number), formula=_FORMULA)
        told = f"{LEVEL_PAY_ON}: {len(able[::_PER_PLAN])} of {len(able)} accounts that may choose level payment"
    if any((after + timedelta(days=n)).day == _REVIEW_DAY for n in range(1, (until - after).days + 1)):
        review_level_pay(act)
    return told
