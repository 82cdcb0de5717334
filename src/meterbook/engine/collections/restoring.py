"""The policy `restore`: what brings service back that is off for nonpayment, by when somebody comes and by hardship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meterbook.engine.billing.adjusting import fields

PAST_DUE = ("all", "same_service")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """When somebody comes: the arrival window in words, so many working days from today, the fee's code."""

    code: str
    words: Mapping[str, str]
    window: Mapping[str, str]
    days: int
    fee: str
    hardship_fee: str

    def on(self, day: date) -> date:
        """The day of the visit: weekends are no working days.

        >>> visit = Visit("next_day", {}, {}, 1, "reconnect", "reconnect_hardship")
        >>> visit.on(date(2026, 9, 11)), visit.on(date(2026, 9, 8))
        (datetime.date(2026, 9, 14), datetime.date(2026, 9, 9))
        """
        left = self.days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < _SATURDAY
        return day


@dataclass(frozen=True, slots=True)
class RestoreRules:
    """The visits by code; ``past_due`` says which charges count, and whether a promise is enough."""

    past_due: str
    promise_is_enough: bool
    visits: Mapping[str, Visit]


def parse_restore(document: dict[str, Any]) -> RestoreRules:
    """The policy's text as rules. Raises `WrongSetting` naming the place."""
    visits = [_visit(one, f"times[{at}]") for at, one in enumerate(fields.entries(document.get("times"), "times"))]
    return RestoreRules(
        fields.one_of(document.get("past_due"), "past_due", PAST_DUE),
        fields.flag(document.get("promise_is_enough"), "promise_is_enough"),
        {one.code: one for one in visits},
    )


def _visit(found: object, where: str) -> Visit:
    one = fields.entry(found, where, ("code", "words", "window", "days", "fee", "hardship_fee"))
    return Visit(
        fields.code(one["code"], f"{where}.code"), fields.words(one["words"], f"{where}.words"),
        fields.words(one["window"], f"{where}.window"), fields.whole(one["days"], f"{where}.days"),
        fields.code(one["fee"], f"{where}.fee"), fields.code(one["hardship_fee"], f"{where}.hardship_fee"),
    )  # fmt: skip
