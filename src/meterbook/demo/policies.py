"""Alder Bend's policies, released the way every policy is: one person proposes, another decides.

Every December 1 the billing calendar of the next year is published. The city reads on the cycle's day and bills two
days later (`demo.calendar`), and the billing-calendar policy says the same, so that every run of a published year takes
its dates from the calendar; the months of 2024 were billed before there was one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from meterbook.demo.calendar import UTILITY_ON
from meterbook.demo.sources import POLICY_DIR
from meterbook.demo.stories import Staff
from meterbook.records.billing.operations.compute_calendar import compute_year
from meterbook.records.billing.operations.publish_calendar import publish_year
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy
from meterbook.records.tasks.operations.telling import see

_CALENDAR_PUBLISHED = (12, 1)


def enact_policies(staff: Staff, *, but: Collection[str] = ()) -> int:
    """Release every policy document, ``but`` those of these codes; returns how many."""
    asks = Act(actor=staff["supervisor"], business_date=UTILITY_ON, reason="Founding of Alder Bend")
    decides = Act(actor=staff["finance"], business_date=UTILITY_ON, reason="Founding of Alder Bend")
    files = sorted(path for path in POLICY_DIR.glob("*.yaml") if path.stem not in but)
    for path in files:
        text = path.read_text(encoding="utf-8")
        request = propose_policy(asks, text=text, file=path.name)
        approval = decide_approval(decides, request=request, approve=True)
        release_policy(decides, text=text, file=path.name, approval=approval)
    for each in (asks, decides):
        see(each)  # what founders decide among themselves is no news on anybody's first day
    return len(files)


def calendars_due(*, after: date, until: date) -> list[int]:
    """The years whose calendar is published on a day after ``after``, up to ``until``.

    >>> calendars_due(after=date(2024, 11, 25), until=date(2024, 12, 3))
    [2025]
    >>> calendars_due(after=date(2024, 12, 1), until=date(2024, 12, 3))
    []
    """
    return [year + 1 for year in range(after.year, until.year + 1) if after < date(year, *_CALENDAR_PUBLISHED) <= until]


def publish_next(year: int, act: Act) -> None:
    """Compute and publish a year for every cycle."""
    compute_year(act, year=year)
    publish_year(act, year=year)
