"""Another system's bills of the same period beside ours, account by account, line by line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, ImportBatch


class Comparison(models.Model):
    """One file of bills compared with ours: the same file, mapping and bills of ours make it once."""

    number = models.CharField(max_length=20, unique=True)
    system = models.CharField(max_length=80, help_text="name of the other system")
    source = models.ForeignKey(ImportBatch, models.PROTECT, related_name="comparisons")
    run = models.ForeignKey(BillRun, models.PROTECT, null=True, related_name="comparisons")
    mapping = models.JSONField(help_text="words of theirs: services, and charges as lists of components of ours")
    mapping_sha256 = models.CharField(max_length=64)
    ours_sha256 = models.CharField(max_length=64, help_text="hash over our bills and their lines as they were compared")
    code_sha256 = models.CharField(max_length=64)
    totals = models.JSONField(help_text="bills and cents by outcome, causes with counts and cents")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="comparisons")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "run", "mapping_sha256", "ours_sha256", "code_sha256"],
                nulls_distinct=False,
                name="comparison_once",
            )
        ]
        triggers = append_only("comparison")


class ComparedBill(models.Model):
    """One account of a comparison: what each side charges, and how every line fared."""

    EQUAL, EXPLAINED, UNEXPLAINED = "equal", "explained", "unexplained"
    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="bills")
    account_number = models.CharField(max_length=40)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="compared_bills")
    bill = models.ForeignKey(Bill, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    outcome = models.CharField(max_length=12)
    ours_cents = models.BigIntegerField(null=True, help_text="null where only they have the account's bill")
    theirs_cents = models.BigIntegerField(null=True, help_text="null where only we have it")
    parts = models.JSONField(help_text="by service: outcome, causes, and groups of lines with both amounts in cents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "account_number"], name="compared_bill_once"),
            models.CheckConstraint(
                name="compared_bill_outcome", condition=Q(outcome__in=["equal", "explained", "unexplained"])
            ),
            models.CheckConstraint(
                name="compared_bill_equal",
                condition=~Q(outcome="equal") | Q(ours_cents=models.F("theirs_cents")),
            ),
        ]
        triggers = append_only("compared_bill")


class SignOff(models.Model):
    """A person's word that a comparison was read and what it leaves open is accepted; who compared cannot give it."""

    comparison = models.OneToOneField(Comparison, models.PROTECT, related_name="sign_off")
    note = models.TextField(help_text="what is accepted, and why; needed where anything is unexplained")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="comparison_sign_offs")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only("comparison_sign_off")
