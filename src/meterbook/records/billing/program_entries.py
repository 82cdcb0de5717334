"""What posting a run means to the programs of its customers: solar ledgers and level payment plans.

Billing hands over its segments and bills as values; the programs write their own rows, in the posting transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from meterbook.engine.billing.verify import COUNTS_AS
from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing import partitions
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.platform.models import Deed, Document
from meterbook.records.programs.level_pay.asking import Asked, PlanBill, expected, post_months
from meterbook.records.programs.level_pay.queries import accounts_on_plans, months_of
from meterbook.records.programs.net_metering.posting import Billed, post_entries
from meterbook.records.rates.queries import tariff_of

#: Kinds of bills that come every month and ask for a level amount, and those that are an account's last.
MONTHLY, LAST = ("cycle", "first"), ("final", "closing")


def post_programs(deed: Deed, run: BillRun) -> dict[str, int]:
    """Write the ledger of net metering and the months of level payment plans; returns how many rows of each."""
    billed = _billed(run)
    tariffs = _tariffs({segment.document_id for segment in billed})
    return {
        "net_metering_entries": post_entries(billed, tariffs, deed),
        "level_pay_months": post_months(plan_bills(run), deed),
    }


def _billed(run: BillRun) -> list[Billed]:
    """The run's segments of agreements that were ever enrolled in net metering, with their lines."""
    segment = partitions.table_of(partitions.SEGMENT, run.pk)
    line = partitions.table_of(partitions.LINE, run.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.id, s.bill_id, s.agreement_id, s.document_id, s.starts, s.ends, s.reverses_id, s.inputs::text"
            f"  FROM {segment} s WHERE s.agreement_id IN (SELECT agreement_id FROM programs_netmeteringaccount)"
            "  ORDER BY s.id"
        )
        segments: list[tuple[Any, ...]] = cursor.fetchall()
        if not segments:
            return []
        cursor.execute(
            f"SELECT segment_id, component, part, amount_cents FROM {line} WHERE segment_id = ANY(%s) ORDER BY id",
            [[row[0] for row in segments]],
        )
        lines: dict[int, list[tuple[str, int, int]]] = {}
        for segment_id, component, part, cents in cursor.fetchall():
            lines.setdefault(segment_id, []).append((component, part, int(cents)))
    return [_segment(run, row, lines.get(row[0], [])) for row in segments]


def _segment(run: BillRun, row: tuple[Any, ...], lines: list[tuple[str, int, int]]) -> Billed:
    """A stored segment; what its registers counted is added up from its sealed reads."""
    sealed = json.loads(row[7])
    counted = {"usage": 0, "export": 0}
    for piece in sealed.get("pieces") or []:
        counted[COUNTS_AS[piece["channel"]]] += piece["quantity_e6"]
    return Billed(
        run.pk, row[0], row[1], row[2], row[3], row[4], row[5], row[6], counted["usage"], counted["export"],
        sealed["determinants"] or {}, lines,
    )  # fmt: skip


def _tariffs(documents: set[int]) -> dict[int, Tariff]:
    return {document.pk: tariff_of(document) for document in Document.objects.filter(pk__in=documents)}


def plan_bills(run: BillRun) -> list[PlanBill]:
    """The bills of a run whose accounts are on a level payment plan, as level payment sees them."""
    bills = Bill.objects.filter(run=run, account_id__in=accounts_on_plans())
    return [_plan_bill(bill) for bill in bills.order_by("pk")]


def _plan_bill(bill: Bill) -> PlanBill:
    return PlanBill(
        bill.pk, bill.account_id, bill.bill_date, bill.current_cents, bill.amount_due_cents,
        monthly=bill.kind in MONTHLY, last=bill.kind in LAST and not _goes_on(bill),
    )  # fmt: skip


def _goes_on(bill: Bill) -> bool:
    """Whether the account is served beyond its bill: a final bill of one of two houses settles no plan."""
    served = ServiceAgreement.objects.filter(account_id=bill.account_id)
    return served.filter(Q(validity__endswith__isnull=True) | Q(validity__endswith__gt=bill.ends)).exists()


def expected_of(bills: Sequence[Bill]) -> dict[int, Asked]:
    """What bills of plans would ask for if they posted now, by bill id."""
    return expected([_plan_bill(bill) for bill in bills])


def asked_of(bills: Sequence[Bill]) -> Mapping[int, int]:
    """What each bill asks to pay now, in cents: less than the amount due, or more, on a level payment plan.

    Posted bills as they were posted; bills of a run that is not, as they would be.
    """
    written = months_of([bill.pk for bill in bills])
    posted = {bill.pk for bill in bills if bill.run.status == BillRun.POSTED}
    asked = expected_of([bill for bill in bills if bill.pk not in posted])
    found = {}
    for bill in bills:
        if bill.pk in written:
            found[bill.pk] = written[bill.pk].pay_cents
        else:
            found[bill.pk] = asked[bill.pk].pay_cents if bill.pk in asked else bill.amount_due_cents
    return found
