"""One-off fees of billing: tampering, meter damage, investigation. The policy `billing-fees`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.billing.adjusting import fields


class UnknownFee(LookupError):
    """The catalogue in force has no such fee, or not for this service."""


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee: ``amounts`` in cents by occurrence (the last stays), counted over ``within_months`` (0: for ever)."""

    code: str
    words: Mapping[str, str]
    services: tuple[str, ...]
    account: str
    amounts: tuple[int, ...]
    within_months: int
    proof: bool
    citation: str

    def amount(self, occurrence: int) -> int:
        """Cents for the first, second, … time.

        >>> fee = Fee("tampering", {}, (), "4910", (15000, 30000), 36, True, "")
        >>> [fee.amount(time) for time in (1, 2, 3)]
        [15000, 30000, 30000]
        """
        return self.amounts[min(max(occurrence, 1), len(self.amounts)) - 1]

    def occurrence(self, earlier: list[date], on: date) -> int:
        """Which time it is on a day, from the days it was charged before.

        >>> fee = Fee("tampering", {}, (), "4910", (15000, 30000), 12, True, "")
        >>> fee.occurrence([date(2024, 1, 31), date(2025, 3, 1)], date(2025, 6, 1))
        2
        """
        if not self.within_months:
            return len(earlier) + 1
        return sum(1 for day in earlier if day > months_before(on, self.within_months)) + 1


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or the last there is.

    >>> months_before(date(2025, 3, 31), 1), months_before(date(2025, 3, 31), 12)
    (datetime.date(2025, 2, 28), datetime.date(2024, 3, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def parse_fees(found: Mapping[str, Any]) -> dict[str, Fee]:
    """The catalogue by code; raises `WrongSetting`."""
    made: dict[str, Fee] = {}
    for at, row in enumerate(fields.entries(found.get("fees"), "fees")):
        fee = _fee(row, f"fees[{at}]")
        if fee.code in made:
            raise fields.WrongSetting(f"fees[{at}].code", fee.code, "every code once")
        made[fee.code] = fee
    return made


def _fee(found: object, where: str) -> Fee:
    row = fields.entry(
        found, where, ("code", "words", "services", "account", "amounts", "within_months", "citation"), ("proof",)
    )
    return Fee(
        code=fields.code(row["code"], f"{where}.code"),
        words=fields.words(row["words"], f"{where}.words"),
        services=tuple(fields.text(each, f"{where}.services") for each in fields.entries(row["services"], where)),
        account=fields.text(row["account"], f"{where}.account"),
        amounts=tuple(fields.money(each, f"{where}.amounts") for each in fields.entries(row["amounts"], where)),
        within_months=fields.whole(row["within_months"], f"{where}.within_months"),
        proof=fields.flag(row.get("proof", True), f"{where}.proof"),
        citation=fields.text(row["citation"], f"{where}.citation"),
    )
