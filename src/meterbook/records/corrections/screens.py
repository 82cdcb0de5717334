"""What pages and the command line show of correction cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from meterbook.records.billing.models import BilledPeriod, BillRun
from meterbook.records.corrections.models import CaseItem, CorrectionCase, DecidedUsage, MisappliedUsage
from meterbook.records.corrections.operations.calculate_case import totals_of
from meterbook.records.platform.models import Approval, Attachment

STATES = ("draft", "calculated", "requested", "approved", "posted", "withdrawn")
OUTCOMES = CaseItem.OUTCOMES
#: A case's state follows from its run and the request for it.
STATE = Case(
    When(withdrawn__isnull=False, then=Value("withdrawn")),
    When(run__status=BillRun.POSTED, then=Value("posted")),
    When(run__status=BillRun.CALCULATED, run__approval__status=Approval.APPROVED, then=Value("approved")),
    When(run__status=BillRun.CALCULATED, run__approval__status=Approval.PENDING, then=Value("requested")),
    When(run__status=BillRun.CALCULATED, then=Value("calculated")),
    default=Value("draft"),
    output_field=CharField(),
)
_MOVES = Q(outcome__in=["corrected", "cancelled", "charged"])


def cases() -> QuerySet[Any, Any]:
    """Every case with its state, what it is about and what it moves, in cents."""
    moved = (
        CaseItem.objects.filter(_MOVES, case=OuterRef("pk")).order_by().values("case")
        .annotate(cents=Sum(F("becomes_cents") - F("was_cents"))).values("cents")
    )  # fmt: skip
    return CorrectionCase.objects.annotate(
        state=STATE, difference_cents=Coalesce(Subquery(moved), Value(0)), reason=F("opened__reason"),
        opened_on=F("opened__business_date"), opened_by=F("opened__actor__username"),
    )  # fmt: skip


def case_rows() -> QuerySet[Any, Any]:
    """Cases as rows of a table."""
    return cases().values(
        "id", "number", "cause", "scope", "state", "discovered_on", "opened_on", "opened_by", "reason",
        "difference_cents",
    )  # fmt: skip


def case_with_id(case_id: int) -> Any:
    """One case with its state, deeds and run; ``None`` if there is none."""
    return cases().select_related("opened__actor", "withdrawn__actor", "run__approval").filter(pk=case_id).first()


def find_case(reference: str) -> Any:
    """A case by its number or id; raises `LookupError`."""
    found = cases().filter(number=reference.upper()).first()
    if found is None and reference.isdigit():
        found = cases().filter(pk=int(reference)).first()
    if found is None:
        raise LookupError(f"no correction case {reference}")
    return found


def items(case_id: int, outcome: str = "") -> QuerySet[CaseItem, CaseItem]:
    """The items of a case with what they are about: what moves first, then by account and day."""
    rows = CaseItem.objects.filter(case=case_id).select_related("account__holder", "bill", "service_point")
    rows = rows.filter(outcome=outcome) if outcome else rows
    order = Case(
        *[When(outcome=name, then=Value(at)) for at, name in enumerate(
            ("corrected", "cancelled", "charged", "outside", "held", "waiting", "unchanged"))],
        default=Value(9),
    )  # fmt: skip
    return rows.order_by(order, "account__number", "starts", "service_point__commodity", "pk")


def item_rows(case_id: int) -> QuerySet[Any, Any]:
    """The items of a case as rows of a table."""
    return CaseItem.objects.filter(case=case_id).annotate(difference_cents=F("becomes_cents") - F("was_cents")).values(
        "id", "starts", "ends", "outcome", "was_cents", "becomes_cents", "difference_cents", "bill_id",
        account_number=F("account__number"), name=F("account__holder__name"), bill_number=F("bill__number"),
        commodity=F("service_point__commodity"),
    )  # fmt: skip


def metered_points(case_id: int) -> list[tuple[str, str]]:
    """The metered service points of a case: code, and code with its service."""
    rows = CaseItem.objects.filter(case=case_id, service_point__connection="metered").order_by("service_point__code")
    found = rows.values_list("service_point__code", "service_point__commodity", "account__number").distinct()
    return [(code, f"{code} ({commodity}, {account})") for code, commodity, account in found]


def totals(case: CorrectionCase) -> dict[str, int]:
    """What posting the case would move and leave, in cents, and how many items have which outcome."""
    return totals_of(case)


@dataclass(frozen=True, slots=True)
class Effect:
    """What posting does to one account: what it owes, the difference, what it would owe; cents."""

    account_id: int
    number: str
    name: str
    balance_cents: int
    difference_cents: int

    @property
    def becomes_cents(self) -> int:
        """The balance after posting."""
        return self.balance_cents + self.difference_cents


def effects(case: CorrectionCase, limit: int = 100) -> list[Effect]:
    """The accounts a case moves, the largest differences first; what they owe now, if it is posted the day before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, a.number, p.name, coalesce((
                       SELECT sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END)
                         FROM ledger_openitem o WHERE o.account_id = a.id), 0), d.cents
              FROM (SELECT i.account_id, sum(i.becomes_cents - i.was_cents) AS cents FROM corrections_caseitem i
                     WHERE i.case_id = %s AND i.outcome IN ('corrected', 'cancelled', 'charged') GROUP BY 1) d
              JOIN customers_account a ON a.id = d.account_id JOIN customers_person p ON p.id = a.holder_id
             ORDER BY abs(d.cents) DESC, a.number LIMIT %s
            """,
            [case.pk, limit],
        )
        return [Effect(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in cursor.fetchall()]


def decided(case_id: int) -> list[DecidedUsage]:
    """Usages decided in a case that stand."""
    rows = DecidedUsage.objects.filter(case=case_id, withdrawn__isnull=True)
    return list(rows.select_related("service_point", "deed__actor").order_by("pk"))


def crossed(case_id: int) -> list[MisappliedUsage]:
    """The crossed meters of a case."""
    rows = MisappliedUsage.objects.filter(case=case_id).select_related("service_point", "measured_at")
    return list(rows.order_by("pk"))


def evidence(case_id: int) -> list[Attachment]:
    """Files kept with a case, without their content."""
    return list(Attachment.objects.defer("content").filter(subject=f"correctioncase:{case_id}").order_by("pk"))


def corrected_by(bill_id: int) -> list[dict[str, Any]]:
    """The posted bills that took segments of this bill back: id, number, bill_date, case number and id."""
    return _linked("o.bill_id = %s", "n.bill_id", bill_id)


def corrects(bill_id: int) -> list[dict[str, Any]]:
    """The bills this bill took segments back of."""
    return _linked("n.bill_id = %s", "o.bill_id", bill_id)


def _linked(which: str, wanted: str, bill_id: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT b.id, b.number, b.bill_date, c.id, c.number
              FROM corrections_caseitem i
              JOIN corrections_correctioncase c ON c.id = i.case_id AND i.outcome IN ('corrected', 'cancelled')
              JOIN billing_billrun r ON r.id = c.run_id AND r.status = 'posted'
              JOIN billing_segment n ON n.run_id = c.run_id AND n.reverses_run_id = i.segment_run_id
                   AND n.reverses_id = i.segment_id
              JOIN billing_segment o ON o.run_id = i.segment_run_id AND o.id = i.segment_id
              JOIN billing_bill b ON b.id = {wanted}
             WHERE {which} ORDER BY b.bill_date, b.id
            """,
            [bill_id],
        )
        names = ("id", "number", "bill_date", "case_id", "case_number")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stands(bill_id: int) -> bool:
    """Whether any part of a posted bill stands, so that it can be corrected."""
    return BilledPeriod.objects.filter(bill=bill_id, released__isnull=True).exists()


def billed_span(account_id: int) -> tuple[date, date] | None:
    """The first and the last (out) day an account is billed for, or nothing."""
    rows = BilledPeriod.objects.filter(agreement__account=account_id, released__isnull=True)
    days = list(rows.values_list("period", flat=True))
    return (min(day.lower for day in days), max(day.upper for day in days)) if days else None
