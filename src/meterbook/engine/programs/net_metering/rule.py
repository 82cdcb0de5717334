"""The rule of one net metering arrangement, and what a customer carries under it from month to month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

Option = Literal["nem-kwh", "nem-dollar", "net-billing", "net-billing-carryover", "buy-all"]
AtTrueUp = Literal["pay", "expire", "keep"]
CreditFrom = Literal["same-month", "next-month"]

#: The five arrangements by the words the command line and a tariff use.
OPTIONS: tuple[Option, ...] = get_args(Option)


class RuleError(ValueError):
    """A net metering rule that means nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How exports are credited.

    ``option`` is one of `OPTIONS`. ``true_up_month`` (1 to 12) is the month whose bill settles the year: what is left
    is then paid (``pay``), lost (``expire``) or carried on for ever (``keep``). ``surplus_rate`` is dollars per banked
    kWh paid at true-up, for ``nem-kwh`` alone: the other options bank dollars. ``credit_from`` says whether the
    dollars earned in a month lower that month's bill or only the next one's.

    >>> Rule("net-billing-carryover").credit_from, Rule("nem-dollar").credit_from
    ('next-month', 'same-month')
    """

    option: Option
    true_up_month: int = 12
    at_true_up: AtTrueUp = "pay"
    surplus_rate: Decimal = Decimal(0)
    credit: CreditFrom | None = None

    def __post_init__(self) -> None:
        if self.option not in OPTIONS:
            raise RuleError(f"option {self.option!r} is none of {', '.join(OPTIONS)}")
        if not 1 <= self.true_up_month <= 12:
            raise RuleError(f"the true-up month is 1 to 12, not {self.true_up_month}")
        if self.at_true_up not in get_args(AtTrueUp):
            raise RuleError(f"at true-up credits {', '.join(get_args(AtTrueUp))}, not {self.at_true_up!r}")
        if self.credit is not None and self.option != "net-billing-carryover":
            raise RuleError(f"when a credit counts can be chosen for net-billing-carryover alone, not {self.option}")

    @property
    def credit_from(self) -> CreditFrom:
        """When earned dollars first lower a bill."""
        return self.credit or ("next-month" if self.option == "net-billing-carryover" else "same-month")

    @property
    def nets_the_month(self) -> bool:
        """Whether imports and exports are set off over the month by period; otherwise within each interval."""
        return self.option in ("nem-kwh", "nem-dollar")


@dataclass(frozen=True, slots=True)
class Bank:
    """What a customer carries into a month.

    ``kwh`` by period is what can still lower later months' usage; ``total_kwh`` is what true-up pays for: the running
    balance of the whole meter, which is not their sum where one period has surplus while another draws.
    ``dollars`` are unused credits.
    """

    kwh: Mapping[str, Decimal] = field(default_factory=dict)
    total_kwh: Decimal = Decimal(0)
    dollars: Decimal = Decimal(0)

    @property
    def empty(self) -> bool:
        """Whether nothing is carried."""
        return not (any(self.kwh.values()) or self.total_kwh or self.dollars)
