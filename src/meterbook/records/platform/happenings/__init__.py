"""What happened, as a line of a timeline: each area tells its own, the account page puts them in one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from meterbook.engine.trace import Step


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: on which day, in a sentence, by whom, and the page it opens.

    ``kind`` is what a reader filters by (``bill``, ``payment``, ``read``, ``contact``, …; words under the vocabulary
    ``happening``). ``moment`` orders what happened on one day, where it is known. ``href`` is the name of an address
    and its arguments; an empty name opens nothing.

        Happening(bill.bill_date, "bill", Step(N_("Bill of {amount}"), {"amount": …}), href=("bill", (bill.pk,)))
    """

    on: date
    kind: str
    words: Step
    moment: datetime | None = None
    href: tuple[str, tuple[str | int, ...]] = ("", ())
    by: str = ""
    detail: str = ""


def newest_first(happenings: Iterable[Happening]) -> list[Happening]:
    """Everything in the order people read it: the newest day first, and on one day what was recorded last first."""
    return sorted(happenings, key=lambda one: (one.on, one.moment.timestamp() if one.moment else 0.0), reverse=True)
