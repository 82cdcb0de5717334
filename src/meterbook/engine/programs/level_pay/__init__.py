"""Level payment: what a month asks for, by the utility's own formula; the true balance is never replaced."""

from meterbook.engine.programs.level_pay.plan import Month, Said, asked, first_amount, pay, review
from meterbook.engine.programs.level_pay.rules import Formula, LevelPayRules, Standing, WrongRules, parse_rules

__all__ = [
    "Formula", "LevelPayRules", "Month", "Said", "Standing", "WrongRules", "asked", "first_amount", "parse_rules",
    "pay", "review",
]  # fmt: skip
