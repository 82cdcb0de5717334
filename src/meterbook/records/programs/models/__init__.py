"""Programs a customer takes part in: what was agreed, and what is kept of it from bill to bill.

Bills and segments are named by their bare ids: they stand in partitions of their run (docs/decisions/0004).
"""

from meterbook.records.programs.models.discounts import DiscountEnrolment
from meterbook.records.programs.models.level_pay import LevelPayAmount, LevelPayMonth, LevelPayPlan
from meterbook.records.programs.models.net_metering import (
    NetMeteringAccount,
    NetMeteringEntry,
    NetMeteringGroup,
    NetMeteringShare,
)
from meterbook.records.programs.models.winter_average import WinterAverage, WinterReset

__all__ = [
    "DiscountEnrolment", "LevelPayAmount", "LevelPayMonth", "LevelPayPlan", "NetMeteringAccount", "NetMeteringEntry",
    "NetMeteringGroup", "NetMeteringShare", "WinterAverage", "WinterReset",
]  # fmt: skip
