"""What pages show of billing: runs with their progress and completeness, holds, bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from meterbook.records.billing.models import Bill, BillRun, Completeness, Hold, RunChunk, RunClosing
from meterbook.records.places.finding.spelling import like_prefix
from meterbook.records.places.models import Cycle

_DUE = F("previous_cents") + F("payments_cents") + F("adjustments_cents") + F("current_cents")


def runs() -> QuerySet[BillRun, Any]:
    """Every bill run with the count of its bills and holds."""
    return BillRun.objects.values(
        "id", "number", "bill_date", "due_date", "status", cycle_code=F("cycle__code"),
        bill_count=Count("bills", distinct=True),
    )  # fmt: skip


def hold_counts(run_ids: list[int]) -> dict[int, int]:
    """How many service points each run holds."""
    rows = Hold.objects.filter(run_id__in=run_ids).values("run_id").annotate(held=Count("id"))
    return {row["run_id"]: row["held"] for row in rows}


def run(run_id: int) -> BillRun | None:
    """One run with the deeds of its life, or nothing."""
    deeds = [f"{step}__actor" for step in ("planned_by", "calculated_by", "posted_by", "cancelled_by", "paused_by")]
    return BillRun.objects.select_related("cycle", "approval", *deeds).filter(pk=run_id).first()


def recent_runs(limit: int = 24) -> list[tuple[int, str]]:
    """Id and number of the newest calculated and posted runs."""
    rows = BillRun.objects.filter(status__in=[BillRun.CALCULATED, BillRun.POSTED]).order_by("-bill_date", "-id")
    return list(rows.values_list("pk", "number")[:limit])


def cycles() -> list[Cycle]:
    """The billing cycles, by code."""
    return list(Cycle.objects.order_by("code"))


def run_numbers(most: int = 200) -> list[str]:
    """The numbers of the newest runs that were not cancelled, newest first."""
    rows = BillRun.objects.exclude(status=BillRun.CANCELLED).order_by("-bill_date", "-id")
    return list(rows.values_list("number", flat=True)[:most])


def closing_of(run_id: int) -> RunClosing | None:
    """A run's closing with who closed it, or nothing."""
    return RunClosing.objects.select_related("deed__actor").filter(run_id=run_id).first()


def open_runs() -> list[Any]:
    """Runs that are neither posted nor cancelled, oldest first."""
    return list(runs().filter(status__in=[BillRun.PLANNED, BillRun.CALCULATED]).order_by("bill_date", "id"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a calculation is: accounts, bills, chunks, and when the first and the last chunk were done."""

    accounts_done: int
    accounts: int
    bills: int
    lines: int
    chunks_done: int
    chunks: int
    first_done_at: datetime | None
    last_done_at: datetime | None

    @property
    def per_second(self) -> float:
        """Accounts a second between the first and the last chunk; 0 before two chunks are done."""
        if self.first_done_at is None or self.last_done_at is None or self.chunks_done < 2:
            return 0.0
        seconds = (self.last_done_at - self.first_done_at).total_seconds()
        share = self.accounts_done * (self.chunks_done - 1) / self.chunks_done
        return share / seconds if seconds > 0 else 0.0

    @property
    def seconds_left(self) -> int | None:
        """Seconds the rest will take at this rate, or nothing while that is unknown."""
        rate = self.per_second
        return round((self.accounts - self.accounts_done) / rate) if rate else None

    @property
    def finished(self) -> bool:
        """Whether every planned account is calculated."""
        return self.chunks_done == self.chunks


def progress(run_id: int) -> Progress:
    """How far the calculation of a run is."""
    done = Q(done_at__isnull=False)
    found = RunChunk.objects.filter(run_id=run_id).aggregate(
        accounts_done=Sum("accounts", filter=done, default=0), accounts=Sum("accounts", default=0),
        bills=Sum("bills", default=0), lines=Sum("lines", default=0), chunks_done=Count("id", filter=done),
        chunks=Count("id"), first_done_at=Min("done_at"), last_done_at=Max("done_at"),
    )  # fmt: skip
    return Progress(**found)


def newest_runs() -> list[int]:
    """The newest calculated or posted run of each cycle: what they hold is what nobody has been billed for yet."""
    rows = BillRun.objects.filter(kind=BillRun.CYCLE, status__in=[BillRun.CALCULATED, BillRun.POSTED])
    newest = rows.order_by("cycle_id", "-bill_date", "-id").distinct("cycle_id")
    return list(newest.values_list("pk", flat=True))


def holds(run_id: int | None = None) -> QuerySet[Hold, Any]:
    """Service points kept out of a run, or out of the newest run of every cycle."""
    rows = Hold.objects.filter(run_id__in=[run_id] if run_id else newest_runs())
    return rows.values(
        "id", "reason", "detail", "owner", "since", number=F("account__number"), name=F("account__holder__name"),
        commodity=F("service_point__commodity"), point=F("service_point__code"), run_number=F("run__number"),
    )  # fmt: skip


def waiting_holds() -> dict[str, Any]:
    """How many service points the newest run of each cycle holds, and since when."""
    return Hold.objects.filter(run_id__in=newest_runs()).aggregate(count=Count("id"), oldest=Min("since"))


def hold_reasons(run_id: int) -> list[Any]:
    """A run's holds by reason: how many, and the oldest."""
    rows = Hold.objects.filter(run_id=run_id).values("reason", "owner")
    return list(rows.annotate(count=Count("id"), oldest=Min("since")).order_by("-count", "reason"))


def completeness(run_id: int) -> list[Any]:
    """A posted run's completeness equation: outcome and reason, by commodity."""
    rows = Completeness.objects.filter(run_id=run_id).values(
        "outcome", "reason", commodity=F("service_point__commodity")
    )
    return list(rows.annotate(points=Count("id")).order_by("outcome", "reason", "commodity"))


def unaccounted(run_id: int, outcome: str) -> QuerySet[Completeness, Any]:
    """The service points of one outcome in a run's completeness equation."""
    return Completeness.objects.filter(run_id=run_id, outcome=outcome).values(
        "id", "reason", "last_usage_on", "usage_e6", point=F("service_point__code"),
        commodity=F("service_point__commodity"), number=F("account__number"),
    )  # fmt: skip


def totals(run_id: int) -> dict[str, int]:
    """A run's control totals, in cents."""
    return Bill.objects.filter(run_id=run_id).aggregate(
        bills=Count("id"), current=Sum("current_cents", default=0), previous=Sum("previous_cents", default=0),
        payments=Sum("payments_cents", default=0), adjustments=Sum("adjustments_cents", default=0),
        due=Sum(_DUE, default=0),
    )  # fmt: skip


def bills_of_run(run_id: int) -> QuerySet[Bill, Any]:
    """The bills of a run."""
    return Bill.objects.filter(run_id=run_id).values(
        "id", "number", "kind", "current_cents", "previous_cents", "payments_cents", "adjustments_cents",
        account_number=F("account__number"), name=F("account__holder__name"), due_cents=_DUE,
    )  # fmt: skip


def bills_of_account(account_id: int, limit: int) -> list[Any]:
    """An account's newest posted bills."""
    rows = Bill.objects.filter(account_id=account_id, run__status=BillRun.POSTED)
    return list(
        rows.order_by("-bill_date", "-id").values(
            "id", "number", "kind", "bill_date", "due_date", "starts", "ends", "current_cents", due_cents=_DUE
        )[:limit]
    )


def bills_by_id(bill_ids: list[int]) -> dict[int, str]:
    """Numbers of bills, for statements."""
    return dict(Bill.objects.filter(pk__in=bill_ids).values_list("pk", "number"))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A bill by its number, and the account it was sent to."""

    bill_id: int
    number: str
    account_id: int


def bills_numbered(text: str, limit: int) -> list[Numbered]:
    """Posted bills whose number begins as typed, that very number first, then the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, account_id FROM ("
            " SELECT b.id, b.number, b.account_id, b.bill_date"
            "   FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id"
            "  WHERE b.number LIKE %s AND r.status = 'posted' ORDER BY b.number USING ~<~ LIMIT 100) f "
            "ORDER BY number = %s DESC, bill_date DESC LIMIT %s",
            [like_prefix(text), text, limit],
        )
        return [Numbered(*row) for row in cursor.fetchall()]


def bill(bill_id: int) -> Bill | None:
    """One bill with its run, account and holder, or nothing."""
    return Bill.objects.select_related("run", "account__holder", "account__cycle").filter(pk=bill_id).first()


def neighbours(found: Bill) -> dict[str, int | None]:
    """The account's posted bills before and after one, for leafing through."""
    rows = Bill.objects.filter(account_id=found.account_id, run__status=BillRun.POSTED).exclude(pk=found.pk)
    before = rows.filter(bill_date__lt=found.bill_date).order_by("-bill_date", "-id").first()
    after = rows.filter(bill_date__gt=found.bill_date).order_by("bill_date", "id").first()
    return {"before": before.pk if before else None, "after": after.pk if after else None}


def revenue_by_service(run_id: int, *, posted: bool) -> list[tuple[str, int, int]]:
    """A run's charges by commodity: commodity, agreements billed, cents."""
    table = "billing_segment" if posted else f"billing_segment_run_{int(run_id)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone()[0] is None:
            return []
        cursor.execute(
            f"SELECT commodity, count(*), sum(amount_cents) FROM {table} WHERE run_id = %s GROUP BY 1 ORDER BY 1",
            [run_id],
        )
        return [(row[0], int(row[1]), int(row[2])) for row in cursor.fetchall()]


def days_held(since: date, day: date) -> int:
    """A hold's age in days."""
    return (day - since).days
