"""Autopay stops when an account closes: after its last bill was drawn, or at once where the policy draws none."""

from __future__ import annotations

from meterbook.engine.autopay.rules import AutopayRules
from meterbook.records.autopay.drafting.candidates import standings
from meterbook.records.autopay.enrolling import end
from meterbook.records.autopay.models import OPEN, Draft, Enrolment
from meterbook.records.platform.models import Deed

#: A closed account whose last bill nobody drew keeps its authorisation so long, then no longer.
_WAITS_DAYS = 90


def end_closed(deed: Deed, rules: AutopayRules) -> int:
    """End the authorisations of closed accounts with nothing left to draw; returns how many."""
    rows = Enrolment.objects.select_for_update(of=("self",)).exclude(state=Enrolment.ENDED)
    closed = list(rows.filter(account__closed_on__lte=deed.business_date).select_related("account"))
    accounts = [one.account_id for one in closed]
    now = standings(accounts) if accounts else {}
    busy = set(Draft.objects.filter(account__in=accounts, state__in=OPEN).values_list("account_id", flat=True))
    drawn = set(Draft.objects.filter(account__in=accounts).exclude(state="dropped").values_list("bill_id", flat=True))
    ended = 0
    for one in closed:
        stands, left = now.get(one.account_id), one.account.closed_on
        assert left is not None
        last = stands is not None and stands.final and (stands.bill in drawn or stands.cents <= 0)
        over = (deed.business_date - left).days > _WAITS_DAYS
        if rules.final == "none" or (one.account_id not in busy and (last or over)):
            end(deed, one, why="the account closed")
            ended += 1
    return ended
