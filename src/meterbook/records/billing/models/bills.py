"""Bills and what they are made of. Segments and lines are partitioned by run; their DDL is in the migrations."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from meterbook.records.billing.models.runs import BillRun
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import no_overlap, refuses
from meterbook.records.platform.models import Deed, Document
from meterbook.records.rates.models import Schedule

#: Kinds of bills: of a cycle's run, an account's first, its last for a service that ended (final), the one that closes
#: the account, off cycle, correcting earlier ones, a statement without charges, one for several accounts, wholesale.
KINDS = ["cycle", "first", "final", "closing", "off_cycle", "corrected", "statement", "summary", "wholesale"]


class Bill(models.Model):
    """What one account owes for one cycle; its posted figures are never edited."""

    run = models.ForeignKey(BillRun, models.PROTECT, related_name="bills")
    account = models.ForeignKey(Account, models.PROTECT, related_name="bills")
    number = models.CharField(max_length=24, unique=True, help_text="account, bill date, and a letter off cycle")
    kind = models.CharField(max_length=12, db_default="cycle", default="cycle", help_text="see `KINDS`")
    bill_date = models.DateField()
    due_date = models.DateField()
    starts = models.DateField()
    ends = models.DateField()
    previous_cents = models.BigIntegerField(help_text="the last bill's amount due, or 0")
    payments_cents = models.BigIntegerField(help_text="received since the last bill, negative")
    adjustments_cents = models.BigIntegerField(help_text="anything else booked since the last bill, signed")
    current_cents = models.BigIntegerField(help_text="this bill's lines")
    deposits_cents = models.BigIntegerField(
        db_default=0, default=0, help_text="deposits posting applies, negative; a part of adjustments_cents"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account"], name="bill_once_per_run"),
            models.CheckConstraint(name="bill_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="bill_days", condition=Q(starts__lt=F("ends"))),
            models.CheckConstraint(name="bill_deposits", condition=Q(deposits_cents__lte=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="bill_no_change", operation=pgtrigger.Update),
            refuses("bill_no_truncate", pgtrigger.Truncate, "bills stay"),
            pgtrigger.Trigger(
                name="bill_posted_stays",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT FROM billing_billrun r WHERE r.id = OLD.run_id AND r.status = 'posted') THEN
                        RAISE EXCEPTION 'bill % is posted: it stays', OLD.number;
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    @property
    def amount_due_cents(self) -> int:
        """What the resident is asked to pay: everything owed on the bill date."""
        return self.previous_cents + self.payments_cents + self.adjustments_cents + self.current_cents


class Segment(models.Model):
    """One agreement's part of a bill: which tariff document priced which sealed inputs over which days."""

    run_id = models.BigIntegerField()
    bill = models.ForeignKey(Bill, models.DO_NOTHING, related_name="segments")
    agreement = models.ForeignKey(ServiceAgreement, models.DO_NOTHING, related_name="segments")
    service_point = models.ForeignKey(ServicePoint, models.DO_NOTHING, related_name="segments")
    schedule = models.ForeignKey(Schedule, models.DO_NOTHING, related_name="segments")
    document = models.ForeignKey(Document, models.DO_NOTHING, related_name="segments")
    commodity = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField()
    estimated = models.BooleanField()
    inputs = models.JSONField(help_text="sealed: determinants, usage pieces with their reads")
    amount_cents = models.BigIntegerField()
    kind = models.CharField(max_length=10, help_text="charge, or reversal of an earlier segment")
    reverses_run_id = models.BigIntegerField(null=True, help_text="run of the segment this one takes back")
    reverses_id = models.BigIntegerField(null=True, help_text="the segment this one takes back")

    class Meta:
        managed = False
        db_table = "billing_segment"


class Line(models.Model):
    """One printed charge: component and tier of a tariff version, quantity, price, whole cents."""

    run_id = models.BigIntegerField()
    segment = models.ForeignKey(Segment, models.DO_NOTHING, related_name="lines")
    seq = models.IntegerField()
    component = models.CharField(max_length=60)
    part = models.IntegerField(help_text="tier number, 0 where there are none")
    version = models.CharField(max_length=40)
    starts = models.DateField()
    ends = models.DateField()
    quantity_e6 = models.BigIntegerField()
    price_e8 = models.BigIntegerField()
    amount_cents = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "billing_line"


class BilledPeriod(models.Model):
    """The guard: no day of a service point is billed twice, to whomever, whatever run or code tries.

    Written from a run's segments after their references are checked set-wise; agreements are never deleted. A bill that
    is taken back releases its days, once and for good; they can then be billed again.
    """

    agreement = models.ForeignKey(ServiceAgreement, models.PROTECT, related_name="billed_periods", db_constraint=False)
    service_point = models.ForeignKey(
        ServicePoint, models.PROTECT, related_name="billed_periods", db_constraint=False, db_index=False
    )
    period = DateRangeField()
    bill = models.ForeignKey(Bill, models.DO_NOTHING, related_name="billed_periods", db_constraint=False)
    released = models.ForeignKey(
        Deed, models.PROTECT, null=True, related_name="released_periods", db_constraint=False, db_index=False,
        help_text="the deed that took the bill of these days back; null while it stands",
    )  # fmt: skip

    class Meta:
        constraints = [no_overlap("billed_once", "service_point_id", period="period", where=Q(released__isnull=True))]
        triggers = [
            pgtrigger.Protect(name="billed_period_no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="billed_period_no_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.released_id IS NOT NULL OR NEW.released_id IS NULL"
                    " OR (OLD.id, OLD.agreement_id, OLD.service_point_id, OLD.period, OLD.bill_id)"
                    " IS DISTINCT FROM (NEW.id, NEW.agreement_id, NEW.service_point_id, NEW.period, NEW.bill_id)"
                ),
            ),
            refuses("billed_period_no_truncate", pgtrigger.Truncate, "billed_period is append-only"),
        ]
