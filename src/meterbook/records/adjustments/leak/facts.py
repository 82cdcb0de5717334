"""The facts of a leak claim from the records: the segments asked about, usage before and after, earlier claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from meterbook.engine.billing.leak.settings import LeakRules
from meterbook.engine.billing.leak.usage import Past
from meterbook.engine.quantity import unscaled
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.models import Adjustment, LeakClaim
from meterbook.records.adjustments.refusals import NotEligible
from meterbook.records.billing.models import Bill, BilledPeriod, Segment
from meterbook.records.customers.models import Account


@dataclass(frozen=True, slots=True)
class LeakSegment:
    """One agreement's part of a bill that is asked about, with its sewer parts on the same bill."""

    bill: Bill
    segment: Segment
    used: Decimal
    unit: str
    sewers: tuple[Segment, ...]

    @property
    def past(self) -> Past:
        """Its days and usage."""
        return Past(self.segment.starts, self.segment.ends, self.used)


def leak_segments(bills: Sequence[Bill], rules: LeakRules, *, point: int | None = None) -> list[LeakSegment]:
    """The metered segment of each bill, oldest first: of one service point, or the one that used most.

    Raises `NotEligible` where a bill has none of the policy's services.
    """
    made = []
    for bill in sorted(bills, key=lambda one: (one.bill_date, one.pk)):
        segments = list(
            Segment.objects.filter(run_id=bill.run_id, bill=bill, kind="charge")
            .select_related("service_point__premise", "document", "schedule")
            .order_by("id")
        )
        metered = [one for one in segments if one.commodity in rules.services and _usage(one) is not None]
        metered = [one for one in metered if point is None or one.service_point_id == point]
        if not metered:
            says = N_("Bill {number} has no metered service a leak credit is given for.")
            raise NotEligible(Step(says, {"number": bill.number}))
        leak = max(metered, key=lambda one: (_usage(one) or Decimal(0), one.id))
        point = leak.service_point_id
        sewers = tuple(one for one in segments if one.commodity == "sewer" and _follows(one, leak))
        made.append(LeakSegment(bill, leak, _usage(leak) or Decimal(0), _unit(leak), sewers))
    return made


def _usage(segment: Segment) -> Decimal | None:
    found = segment.inputs["determinants"].get("usage")
    return None if found is None else unscaled(found)


def _unit(segment: Segment) -> str:
    pieces = segment.inputs.get("pieces") or []
    return str(pieces[0]["unit"]) if pieces else ""


def _follows(sewer: Segment, water: Segment) -> bool:
    """Whether a sewer is charged by what this water meter counted."""
    source = sewer.service_point.water_source_id
    return _usage(sewer) is not None and source == water.service_point_id


_BEFORE = """
SELECT s.starts, s.ends, (s.inputs -> 'determinants' ->> 'usage')::bigint, s.bill_id
  FROM billing_segment s
  JOIN billing_billedperiod p ON p.bill_id = s.bill_id AND p.agreement_id = s.agreement_id
   AND p.period = daterange(s.starts, s.ends) AND p.released_id IS NULL
  JOIN billing_bill b ON b.id = s.bill_id AND b.account_id = %(account)s
 WHERE s.service_point_id = %(point)s AND s.ends <= %(before)s AND s.kind = 'charge' AND NOT s.estimated
   AND s.inputs -> 'determinants' ->> 'usage' IS NOT NULL
"""


def before(account: Account, leak: LeakSegment) -> list[Past]:
    """What this account was billed for at this point before, from actual reads; periods credited as leaks left out."""
    asked: dict[str, int | date] = {
        "account": account.pk,
        "point": leak.segment.service_point_id,
        "before": leak.segment.starts,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, asked)
        rows = cursor.fetchall()
    credited = set(_leaks(account).values_list("bill_id", flat=True))
    return [Past(row[0], row[1], unscaled(row[2])) for row in rows if row[3] not in credited]


_AFTER = """
SELECT u.starts, u.ends, sum(u.quantity_e6) FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id AND g.channel <> 'received'
 WHERE u.service_point_id = %s AND u.starts >= %s AND NOT u.superseded GROUP BY 1, 2
"""


def after(leak: LeakSegment) -> list[Past]:
    """What was used at this point since, billed or not."""
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [leak.segment.service_point_id, leak.segment.ends])
        return [Past(row[0], row[1], unscaled(int(row[2]))) for row in cursor.fetchall()]


def _leaks(account: Account) -> QuerySet[Adjustment]:
    """The leak credits of an account that stand or wait."""
    rows = Adjustment.objects.filter(account=account, claim__isnull=False, reverses__isnull=True)
    rows = rows.filter(state__in=[Adjustment.PROPOSED, Adjustment.BOOKED])
    return rows.exclude(reversed_by__state=Adjustment.BOOKED)


def earlier_claims(account: Account) -> list[date]:
    """The days earlier claims were asked on that were credited, or wait."""
    claims = LeakClaim.objects.filter(pk__in=_leaks(account).values("claim_id"))
    return list(claims.values_list("asked_on", flat=True))


def stands(segments: Sequence[LeakSegment]) -> bool:
    """Whether every bill is posted and its days are still claimed by it."""
    return all(
        one.bill.run.status == "posted"
        and BilledPeriod.objects.filter(
            bill_id=one.bill.pk, agreement_id=one.segment.agreement_id, released__isnull=True,
            period=(one.segment.starts, one.segment.ends),
        ).exists()
        for one in segments
    )  # fmt: skip
