"""What a run leaves out, and why: holds, points not billed, and the equation that accounts for every one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.billing.models.runs import BillRun
from meterbook.records.customers.models import Account
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed


class Hold(models.Model):
    """A bill hold: a service point kept out of a run, with the reason, who owns it and since when."""

    run = models.ForeignKey(BillRun, models.CASCADE, related_name="holds")
    account = models.ForeignKey(Account, models.PROTECT, related_name="bill_holds")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="bill_holds")
    reason = models.CharField(max_length=40)
    detail = models.TextField(blank=True)
    owner = models.CharField(max_length=40, help_text="role that works it")
    since = models.DateField(help_text="first run date the point was held without a bill in between")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account", "service_point"], name="hold_once_per_run")]


class HoldOrder(models.Model):
    """A hold placed by hand: an account, or one service of it, stays out of every run until it is released.

    ``delayed`` is billing put off on purpose, with a day on which it is due again; ``held`` waits for somebody's work.
    """

    HELD, DELAYED = "held", "delayed"
    account = models.ForeignKey(Account, models.PROTECT, related_name="hold_orders")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="hold_orders")
    kind = models.CharField(max_length=8, default=HELD)
    reason = models.CharField(max_length=40, help_text="code of the reason, from the policy bill-holds")
    detail = models.TextField(blank=True)
    owner = models.CharField(max_length=40, help_text="role that works it")
    since = models.DateField()
    until = models.DateField(null=True, help_text="day from which a delayed bill is due again; out")
    placed = models.ForeignKey(Deed, models.PROTECT, related_name="holds_placed")
    released = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="holds_released")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "service_point"],
                condition=Q(released__isnull=True),
                nulls_distinct=False,
                name="hold_order_once",
            ),
            models.CheckConstraint(name="hold_order_kind", condition=Q(kind__in=["held", "delayed"])),
            models.CheckConstraint(name="hold_order_until", condition=~Q(kind="delayed") | Q(until__isnull=False)),
        ]


class Unbilled(models.Model):
    """A service point a posted run did not bill: held, not due or inactive, and why. Kept for the auditor."""

    run = models.ForeignKey(BillRun, models.PROTECT, related_name="unbilled")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, help_text="held, not_due or inactive")
    reason = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    last_usage_on = models.DateField(null=True)
    usage_e6 = models.BigIntegerField(null=True, help_text="usage since the last bill on an inactive point")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "service_point"], name="unbilled_once"),
            models.CheckConstraint(name="unbilled_outcome", condition=Q(outcome__in=["held", "not_due", "inactive"])),
        ]
        triggers = append_only("unbilled")


class Completeness(models.Model):
    """The completeness equation of posted runs, point by point: a view over segments and `Unbilled`."""

    run = models.ForeignKey(BillRun, models.DO_NOTHING, related_name="completeness")
    service_point = models.ForeignKey(ServicePoint, models.DO_NOTHING, related_name="+")
    outcome = models.CharField(max_length=10, help_text="billed, held, not_due or inactive")
    reason = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.DO_NOTHING, null=True, related_name="+")
    last_usage_on = models.DateField(null=True)
    usage_e6 = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "billing_completeness"
