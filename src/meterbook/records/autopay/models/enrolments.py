"""Who agreed to be drawn on: the authorisation, the bank account behind it, and everything that happened to it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, Document


class Enrolment(models.Model):
    """An authorisation to draw an account's bills from a bank account; one alive for each account.

    The bank account number is sealed (`vault`); shown are its last four digits. `mark` is a keyed hash that tells bank
    accounts apart without saying them. New until its prenote is sent; then waiting until `drafts_from`; then active.
    """

    NEW, WAITING, ACTIVE, SUSPENDED, ENDED = "new", "waiting", "active", "suspended", "ended"
    account = models.ForeignKey(Account, models.PROTECT, related_name="autopay_enrolments")
    name = models.CharField(max_length=80, help_text="of the person the bank account belongs to")
    business = models.BooleanField(help_text="a business's bank account")
    routing = models.CharField(max_length=9)
    sealed_number = models.CharField(max_length=200, help_text="the account number, encrypted")
    last_four = models.CharField(max_length=4)
    mark = models.CharField(max_length=64, help_text="keyed hash of routing and account number")
    account_type = models.CharField(max_length=8)
    day = models.PositiveSmallIntegerField(null=True, help_text="day of the month to draw on; null is the due date")
    limit_cents = models.BigIntegerField(null=True, help_text="the payer's own limit; above it a draft waits")
    how = models.CharField(max_length=6, help_text="paper, web or phone")
    sec = models.CharField(max_length=3, help_text="entry class of the authorisation")
    authorised_by = models.CharField(max_length=80, help_text="who agreed")
    authorised_on = models.DateField()
    language = models.CharField(max_length=2)
    text_shown = models.TextField(help_text="the words agreed to, as shown")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy autopay in force then")
    state = models.CharField(max_length=10, default=NEW)
    drafts_from = models.DateField(null=True, help_text="first day a draft may settle; set when the prenote is sent")
    validation = models.CharField(max_length=12, default="not_needed", help_text="not_needed, needed or validated")
    validated_by = models.CharField(max_length=20, blank=True, help_text="how the account was shown to be open")
    ended_on = models.DateField(null=True)
    why = models.CharField(max_length=200, blank=True, help_text="why it is suspended or ended")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="autopay_enrolments")

    class Meta:
        indexes = [models.Index(fields=["state", "drafts_from"]), models.Index(fields=["mark"])]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=~Q(state="ended"), name="enrolment_one_alive"),
            models.CheckConstraint(
                name="enrolment_state", condition=Q(state__in=["new", "waiting", "active", "suspended", "ended"])
            ),
            models.CheckConstraint(name="enrolment_ended", condition=~Q(state="ended") | Q(ended_on__isnull=False)),
            models.CheckConstraint(name="enrolment_type", condition=Q(account_type__in=["checking", "savings"])),
            models.CheckConstraint(name="enrolment_how", condition=Q(how__in=["paper", "web", "phone"])),
            models.CheckConstraint(name="enrolment_sec", condition=Q(sec__in=["PPD", "CCD", "WEB", "TEL"])),
            models.CheckConstraint(name="enrolment_day", condition=Q(day__isnull=True) | Q(day__gte=1, day__lte=31)),
            models.CheckConstraint(
                name="enrolment_limit", condition=Q(limit_cents__isnull=True) | Q(limit_cents__gt=0)
            ),
            models.CheckConstraint(
                name="enrolment_validation", condition=Q(validation__in=["not_needed", "needed", "validated"])
            ),
            models.CheckConstraint(
                name="enrolment_active_has_waited", condition=~Q(state="active") | Q(drafts_from__isnull=False)
            ),
        ]
        triggers = [
            never_deleted("enrolment"),
            pgtrigger.ReadOnly(
                name="enrolment_keeps_its_facts",
                fields=[
                    "account", "business", "how", "sec", "authorised_by", "authorised_on", "language", "text_shown",
                    "document", "deed",
                ],
            ),
            pgtrigger.Protect(
                name="enrolment_ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'ended'"),
            ),
        ]  # fmt: skip


class EnrolmentEvent(models.Model):
    """One thing that happened to an enrolment; never changed. `detail` shows bank accounts by their last four only."""

    KINDS = ("enrolled", "prenoted", "active", "validated", "changed", "suspended", "resumed", "ended", "returned")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=12, blank=True, help_text="the bank's code, like R01 or C02")
    detail = models.JSONField(default=dict)
    on = models.DateField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="autopay_events")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "id"])]
        triggers = append_only("enrolment_event")
