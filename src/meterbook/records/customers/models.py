"""Who is served: people and organisations, their accounts, agreements for service, and protections."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from meterbook.records.places.models import Cycle, ServicePoint
from meterbook.records.platform.fields import has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed, User
from meterbook.records.rates.models import Schedule


@pghistory.track()
class Person(models.Model):
    """A person or organisation the utility deals with."""

    name = models.CharField(max_length=160)
    is_organisation = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="en")
    identity_kind = models.CharField(max_length=20, blank=True, db_default="", help_text="driver_license, passport, …")
    identity_last_four = models.CharField(
        max_length=4, blank=True, db_default="", help_text="all of an identity document's number that is ever kept"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_language", condition=Q(language__in=["en", "es"])),
            models.CheckConstraint(name="person_has_name", condition=~Q(name="")),
        ]


@pghistory.track()
class Account(models.Model):
    """One customer's account: everything billed on it goes on one bill and one balance."""

    number = models.CharField(max_length=12, unique=True)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="accounts")
    mail_lines = models.JSONField(help_text="list of printed mailing address lines below the name")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            )
        ]
        triggers = [never_deleted("account")]


@pghistory.track()
class AccountPerson(models.Model):
    """Another person with a part in an account: co-holder, owner, third party to be told, somebody authorised."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="account_parts")
    part = models.CharField(max_length=20, help_text="co_holder, owner, third_party, authorised")
    validity = validity()

    class Meta:
        constraints = [
            has_days("account_person_has_days"),
            models.CheckConstraint(
                name="account_person_part", condition=Q(part__in=["co_holder", "owner", "third_party", "authorised"])
            ),
        ]


@pghistory.track()
class Alert(models.Model):
    """What everybody who opens the account must see: an interpreter, a dog, a careful approach, a secret address."""

    CONFIDENTIAL = "confidential_address"
    account = models.ForeignKey(Account, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=30)
    words = models.CharField(max_length=300, blank=True)
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="alerts")

    class Meta:
        constraints = [has_days("alert_has_days")]
        triggers = [never_deleted("alert")]


@pghistory.track()
class ForwardingAddress(models.Model):
    """Where an account's mail goes instead of `Account.mail_lines` while it is valid: after a move, for a season."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="forwarding")
    lines = models.JSONField(help_text="list of printed mailing address lines below the name")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="forwarding_addresses")

    class Meta:
        constraints = [has_days("forwarding_has_days"), no_overlap("forwarding_once", "account_id")]


@pghistory.track()
class ServiceAgreement(models.Model):
    """Who pays for a service point, on which schedule, from when to when; no two on the same day."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="agreements")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="agreements")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="agreements")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="agreements")

    class Meta:
        constraints = [
            has_days("agreement_has_days"),
            no_overlap("agreement_no_overlap", "service_point_id"),
        ]
        triggers = [never_deleted("agreement")]


@pghistory.track()
class ServiceSuspension(models.Model):
    """Days on which an agreement stands but its service does not: a vacation, a seasonal turn-off.

    ``continues`` says what is charged meanwhile: ``nothing`` (the days take no part in a bill), or what does not
    follow usage (``fixed``: the bill is as ever, and there is no usage to read).
    """

    NOTHING, FIXED = "nothing", "fixed"
    agreement = models.ForeignKey(ServiceAgreement, models.PROTECT, related_name="suspensions")
    continues = models.CharField(max_length=8, help_text="nothing, or fixed charges only")
    cause = models.CharField(max_length=40, help_text="code of the cause, from the policy service-suspension")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="service_suspensions")

    class Meta:
        constraints = [
            has_days("service_suspension_has_days"),
            no_overlap("service_suspension_no_overlap", "agreement_id"),
            models.CheckConstraint(
                name="service_suspension_continues", condition=Q(continues__in=["nothing", "fixed"])
            ),
        ]
        triggers = [never_deleted("service_suspension")]


@pghistory.track()
class Protection(models.Model):
    """A fact that bars a collection step: medical baseline, life support, appeal, bankruptcy stay."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="protections")
    kind = models.CharField(max_length=40)
    evidence = models.CharField(max_length=300)
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="protections")

    class Meta:
        constraints = [has_days("protection_has_days")]


@pghistory.track()
class Interest(models.Model):
    """An account a member of staff may neither move money on nor decide about: their own, or their family's."""

    user = models.ForeignKey(User, models.PROTECT, related_name="interests")
    account = models.ForeignKey(Account, models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=10, help_text="own or family")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="interests")

    class Meta:
        constraints = [
            has_days("interest_has_days"),
            models.CheckConstraint(name="interest_kind", condition=Q(kind__in=["own", "family"])),
        ]
        triggers = [never_deleted("interest")]


class NameWord(models.Model):
    """A word of somebody's name, with the keys by which misspellings of it are found; kept by a trigger."""

    word = models.CharField(max_length=40, primary_key=True)
    keys = ArrayField(models.CharField(max_length=5), help_text="its first letters, whole and with one left out")

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="customers_nameword_keys")]
