"""What the contacts area keeps: contacts, how a caller was verified, and who looked at whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account, Person
from meterbook.records.places.models import Premise
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, User

CHANNELS = ("call", "visit", "email", "letter", "text", "post")
DIRECTIONS = ("in", "out")


class Contact(models.Model):
    """One contact with a customer: a call, a visit, an e-mail, a letter; what was said, and when to come back to it."""

    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="contacts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="contacts")
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="contacts")
    channel = models.CharField(max_length=10, help_text="call, visit, email, letter, text, post (hung or posted)")
    direction = models.CharField(max_length=3, help_text="in or out")
    reason = models.CharField(max_length=40, help_text="code of the policy contact-log, or of the area that wrote it")
    words = models.TextField()
    happened_on = models.DateField()
    follow_up_on = models.DateField(null=True, help_text="a task is open until then")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="contacts")

    class Meta:
        constraints = [
            models.CheckConstraint(name="contact_channel", condition=Q(channel__in=CHANNELS)),
            models.CheckConstraint(name="contact_direction", condition=Q(direction__in=DIRECTIONS)),
            models.CheckConstraint(name="contact_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="contact_is_about_somebody",
                condition=Q(account__isnull=False) | Q(person__isnull=False) | Q(premise__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["account", "-happened_on"]), models.Index(fields=["happened_on"])]
        triggers = append_only("contact")


class CallerVerification(models.Model):
    """How a caller proved who they are, or why their data was opened without it; the answers are not kept."""

    VERIFIED, REFUSED, WITHOUT = "verified", "refused", "without"
    account = models.ForeignKey(Account, models.PROTECT, related_name="verifications")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="verifications")
    part = models.CharField(max_length=20, help_text="holder, co_holder, owner, third_party, authorised or other")
    asked = models.JSONField(help_text="the questions asked, and whether each was answered rightly")
    outcome = models.CharField(max_length=10, help_text="verified, refused, or without (opened for a reason)")
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="verifications")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="verifications")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verification_outcome",
                condition=Q(outcome__in=["verified", "refused"]) | (Q(outcome="without") & ~Q(reason="")),
            )
        ]
        indexes = [models.Index(fields=["account", "-at"])]
        triggers = append_only("caller_verification")


class Viewing(models.Model):
    """One look at a customer's data: who, whose, when, on which page; at most one in a few minutes (``slot``)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="viewings", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="viewings", db_index=False)
    page = models.CharField(max_length=40, help_text="name of the page's address")
    business_date = models.DateField()
    at = models.DateTimeField(db_default=Now())
    slot = models.BigIntegerField(help_text="the stretch of a few minutes it fell into")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user", "slot"], name="viewing_once")]
        indexes = [models.Index(fields=["user", "-at"]), models.Index(fields=["account", "-at"])]
        triggers = append_only("viewing")


class ContactDraft(models.Model):
    """Words of a contact somebody is typing: kept so that nothing is lost, gone once the contact is logged."""

    user = models.ForeignKey(User, models.CASCADE, related_name="contact_drafts", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="contact_drafts")
    words = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "account"], name="contact_draft_once")]
