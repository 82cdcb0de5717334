"""Net metering: what a customer who feeds in is credited, and what is carried to the next bill."""

from meterbook.engine.programs.net_metering.netting import (
    Carry,
    NetEnergy,
    Netted,
    netted,
    same_period,
    same_time_of_day,
)
from meterbook.engine.programs.net_metering.rule import OPTIONS, Bank, Option, Rule, RuleError
from meterbook.engine.programs.net_metering.settle import Month, Settlement, settle, true_up

__all__ = [
    "OPTIONS",
    "Bank",
    "Carry",
    "Month",
    "NetEnergy",
    "Netted",
    "Option",
    "Rule",
    "RuleError",
    "Settlement",
    "netted",
    "same_period",
    "same_time_of_day",
    "settle",
    "true_up",
]
