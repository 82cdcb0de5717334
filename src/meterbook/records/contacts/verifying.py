"""How a caller stands at an account: verified, refused, opened without, locked; and the rules it goes by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.functions import Now

from meterbook.engine.contacts.caller import CallerRules, parse_caller
from meterbook.records.contacts.models import CallerVerification
from meterbook.records.platform.policies import NoPolicy, policy_as

POLICY = "caller-verification"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where verification stands for one reader: ``open`` lets data be seen; ``locked`` needs a supervisor.

    ``mine`` is what this reader did last; it is what ``open`` rests on.
    """

    open: bool
    locked: bool
    mine: CallerVerification | None


def rules_on(day: date) -> CallerRules | None:
    """The rules in force on a day, or nothing where the utility released none."""
    try:
        return policy_as(POLICY, day, parse_caller)[1]
    except NoPolicy:
        return None


def standing(account_id: int, user_id: int, day: date, rules: CallerRules) -> Standing:
    """How an account stands for one user: their own verification counts for as long as the rules say."""
    rows = list(
        CallerVerification.objects.filter(account_id=account_id, deed__business_date=day)
        .select_related("by", "person")
        .annotate(now=Now())
        .order_by("-at", "-pk")[:20]
    )
    mine = next((row for row in rows if row.by_id == user_id), None)
    fresh = mine is not None and _fresh(mine.at, mine.now, rules)
    opened = fresh and mine is not None and mine.outcome != CallerVerification.REFUSED
    return Standing(open=opened, locked=_locked(rows, rules), mine=mine)


def _fresh(at: datetime, now: datetime, rules: CallerRules) -> bool:
    return now - at < timedelta(minutes=rules.holds_minutes)


def _locked(rows: Iterable[CallerVerification], rules: CallerRules) -> bool:
    """Whether the refusals since the last time somebody was let in are as many as lock."""
    refused = 0
    for row in rows:
        if row.outcome != CallerVerification.REFUSED:
            break
        refused += 1
    return refused >= rules.refusals_lock
