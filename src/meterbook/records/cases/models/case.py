"""A case: what somebody complains about, asks another department, or suspects; every step of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.contacts.models import Contact
from meterbook.records.customers.models import Account, Person
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, Document, User


class Case(models.Model):
    """A complaint, a question to another department (referral) or a suspicion of loss (revenue protection).

    About an account, a premise, a person, or nobody on record. It has a clock (``answer_by``), a team and an owner, and
    ends with an outcome; reopened, it gets a new clock.
    """

    COMPLAINT, REFERRAL, REVENUE = "complaint", "referral", "revenue_protection"
    OPEN, CLOSED = "open", "closed"
    kind = models.CharField(max_length=20)
    topic = models.CharField(max_length=40, help_text="code of the policy cases")
    words_en = models.CharField(max_length=120)
    words_es = models.CharField(max_length=120)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="cases")
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="cases")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="cases")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases")
    told_by = models.CharField(max_length=160, blank=True, help_text="who told us, where that is nobody on record")
    reach = models.CharField(max_length=160, blank=True, help_text="where the answer goes: a phone number, an e-mail")
    said = models.TextField()
    team = models.CharField(max_length=40, help_text="code of the policy cases")
    role = models.CharField(max_length=40, help_text="whose work it is")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="cases")
    opened_on = models.DateField()
    answer_by = models.DateField()
    level = models.PositiveSmallIntegerField(default=0, help_text="steps of the escalation taken")
    state = models.CharField(max_length=6, default=OPEN)
    outcome = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True, help_text="what was found, as it is told")
    closed_on = models.DateField(null=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="cases")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="referrals")
    source_kind = models.CharField(max_length=20, blank=True, help_text="what it was opened from: order, report")
    source_id = models.BigIntegerField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy cases")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="cases")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_kind", condition=Q(kind__in=["complaint", "referral", "revenue_protection"])
            ),
            models.CheckConstraint(
                name="case_ends_with_an_outcome",
                condition=Q(state="open", outcome="", closed_on__isnull=True)
                | Q(state="closed", closed_on__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(name="case_says_something", condition=~Q(said="")),
        ]
        indexes = [
            models.Index(name="case_open", fields=["role", "answer_by"], condition=Q(state="open")),
            models.Index(name="case_of_account", fields=["account", "-id"]),
        ]
        triggers = [
            never_deleted("case"),
            pgtrigger.ReadOnly(
                name="case_keeps_what_was_said",
                fields=[
                    "kind",
                    "said",
                    "told_by",
                    "opened_on",
                    "contact",
                    "parent",
                    "source_kind",
                    "source_id",
                    "deed",
                ],
            ),
        ]


class CaseStep(models.Model):
    """One step of a case in words: taken, noted, handed over, escalated, asked, answered, ended, reopened."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    what = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="who has it from now on")
    at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="case_steps")

    class Meta:
        indexes = [models.Index(fields=["case", "id"])]
        triggers = append_only("case_step")


class CaseLink(models.Model):
    """What hangs together with a case: a bill, a contact, an order, an adjustment, a correction, a payment, a fee."""

    KINDS = ("bill", "contact", "order", "adjustment", "correction", "payment", "fee", "case")
    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=12)
    ref = models.BigIntegerField(help_text="its id")
    label = models.CharField(max_length=120, help_text="its number, as it is shown")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="case_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "ref"], name="case_link_once")]
        indexes = [models.Index(fields=["kind", "ref"])]
        triggers = append_only("case_link")
