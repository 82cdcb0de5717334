"""What a returned draft means: whether it may be presented again, and what becomes of the enrolment.

Nacha Operating Rules 2.12.4: an entry returned for insufficient or uncollected funds (R01, R09) may be presented again
at most twice, within 180 days of the first settlement. Everything else is not presented again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.engine.autopay.banking_days import add_banking_days

STOP, SUSPEND, KEEP = "stop", "suspend", "keep"


@dataclass(frozen=True, slots=True)
class Presenting:
    """How often, how long, and how many banking days after the return an entry is presented again."""

    codes: frozenset[str]
    presentments: int
    within_days: int
    wait_days: int


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """What return codes do: ``stops`` end the enrolment, ``suspends`` put it aside until somebody looks; `again`
    which are presented again. A code in neither list suspends: what nobody foresaw is looked at."""

    stops: frozenset[str]
    suspends: frozenset[str]
    again: Presenting


def enrolment_after(code: str, rules: ReturnRules, *, presented_again: bool) -> str:
    """``stop``, ``suspend`` or ``keep``: an entry that will be presented again changes nothing yet."""
    if code in rules.stops:
        return STOP
    return KEEP if presented_again else SUSPEND


def presented_again_on(
    code: str, rules: Presenting, *, presented: int, first_settled_on: date, returned_on: date
) -> date | None:
    """The day a returned entry is presented again; None where the code, the count or the days do not allow it.

    ``presented`` counts the presentments so far, ``first_settled_on`` is the day of the first.

    >>> rules = Presenting(frozenset({"R01", "R09"}), 3, 180, 5)
    >>> presented_again_on("R01", rules, presented=1, first_settled_on=date(2026, 3, 2), returned_on=date(2026, 3, 4))
    datetime.date(2026, 3, 11)
    >>> presented_again_on("R01", rules, presented=3, first_settled_on=date(2026, 3, 2), returned_on=date(2026, 3, 4))
    >>> presented_again_on("R03", rules, presented=1, first_settled_on=date(2026, 3, 2), returned_on=date(2026, 3, 4))
    """
    if code not in rules.codes or presented >= rules.presentments:
        return None
    day = add_banking_days(returned_on, rules.wait_days)
    return day if day <= first_settled_on + timedelta(days=rules.within_days) else None
