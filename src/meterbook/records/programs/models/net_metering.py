"""The ledger of net metering: who feeds in under which option, and what every billed period did to the bank."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed

OPTIONS = ["nem-kwh", "nem-dollar", "net-billing", "net-billing-carryover", "buy-all"]


@pghistory.track()
class NetMeteringGroup(models.Model):
    """Meters that share what one of them feeds in, by percentages."""

    name = models.CharField(max_length=80, unique=True)
    generator = models.ForeignKey(
        "programs.NetMeteringAccount", models.PROTECT, related_name="feeds", help_text="whose exports are shared"
    )
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="net_metering_groups")

    class Meta:
        triggers = [never_deleted("net_metering_group")]


@pghistory.track()
class NetMeteringAccount(models.Model):
    """One agreement's part in net metering: under which option, since when, and when its year is settled."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="net_metering")
    agreement = models.ForeignKey(ServiceAgreement, models.PROTECT, related_name="net_metering")
    option = models.CharField(max_length=24, help_text="engine.programs.net_metering.OPTIONS")
    validity = validity()
    true_up_month = models.PositiveSmallIntegerField(help_text="1 to 12: month whose bill settles the customer's year")
    grandfathered_until = models.DateField(null=True, help_text="day on which the option ends for this customer; out")
    capacity_w = models.PositiveIntegerField(null=True, help_text="rated power of what generates, in watts")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="net_metering_enrolments")
    ended = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="net_metering_ends")

    class Meta:
        constraints = [
            has_days("net_metering_has_days"),
            no_overlap("net_metering_once", "agreement_id"),
            models.CheckConstraint(name="net_metering_option", condition=Q(option__in=OPTIONS)),
            models.CheckConstraint(
                name="net_metering_true_up", condition=Q(true_up_month__gte=1, true_up_month__lte=12)
            ),
        ]
        triggers = [never_deleted("net_metering_account")]


@pghistory.track()
class NetMeteringShare(models.Model):
    """A member's share of what its group's generator feeds in, in percent; those of a day make 100."""

    group = models.ForeignKey(NetMeteringGroup, models.PROTECT, related_name="shares")
    member = models.ForeignKey(NetMeteringAccount, models.PROTECT, related_name="shares")
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="net_metering_shares")

    class Meta:
        constraints = [
            has_days("net_metering_share_has_days"),
            no_overlap("net_metering_share_once", "member_id"),
            models.CheckConstraint(name="net_metering_share_percent", condition=Q(percent__gt=0, percent__lte=100)),
        ]


#: What moves the bank: banked and opened add, the others take.
_KWH = F("opened_e6") + F("banked_e6") - F("used_e6") - F("expired_e6") - F("paid_e6")
_CENTS = F("opened_cents") + F("banked_cents") - F("used_cents") - F("expired_cents") - F("paid_cents")


class NetMeteringEntry(models.Model):
    """One entry of the ledger: a billed period, a share of another meter's exports, or the reversal of one of these.

    A reversal holds every figure of what it takes back with the opposite sign, so that sums are the truth. Quantities
    are millionths of a kWh.
    """

    OPENING, PERIOD, SHARE, REVERSAL = "opening", "period", "share", "reversal"
    nem = models.ForeignKey(NetMeteringAccount, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8)
    starts = models.DateField()
    ends = models.DateField()
    bill_id = models.BigIntegerField(null=True, db_index=True)
    run_id = models.BigIntegerField(null=True)
    segment_id = models.BigIntegerField(null=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    shared_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="shared_to", db_index=True)
    imports_e6 = models.BigIntegerField(default=0)
    exports_e6 = models.BigIntegerField(default=0, help_text="as the register counted them")
    given_e6 = models.BigIntegerField(default=0, help_text="of the exports, what other members of the group got")
    waiting_e6 = models.BigIntegerField(default=0, help_text="shares of other meters: above zero came, below was taken")
    billed_e6 = models.BigIntegerField(default=0, help_text="kWh billed after netting")
    opened_e6 = models.BigIntegerField(default=0)
    banked_e6 = models.BigIntegerField(default=0)
    used_e6 = models.BigIntegerField(default=0)
    expired_e6 = models.BigIntegerField(default=0)
    paid_e6 = models.BigIntegerField(default=0)
    earned_cents = models.BigIntegerField(default=0, help_text="credit for what was fed in, on this bill")
    opened_cents = models.BigIntegerField(default=0)
    banked_cents = models.BigIntegerField(default=0)
    used_cents = models.BigIntegerField(default=0)
    expired_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0, help_text="of the dollars carried, paid at true-up")
    surplus_cents = models.BigIntegerField(default=0, help_text="paid for the kWh of paid_e6 at true-up")
    before_e6 = models.BigIntegerField(default=0, help_text="kWh carried into the period when it was priced")
    after_e6 = models.BigIntegerField(default=0, help_text="kWh carried out of it")
    before_cents = models.BigIntegerField(default=0)
    after_cents = models.BigIntegerField(default=0)
    settles = models.BooleanField(default=False, help_text="whether the period's bill settled the year")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="net_metering_entries")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["nem", "ends"], name="net_metering_entry_order")]
        constraints = [
            models.CheckConstraint(
                name="net_metering_entry_kind", condition=Q(kind__in=["opening", "period", "share", "reversal"])
            ),
            models.CheckConstraint(
                name="net_metering_entry_reversal",
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
            ),
            models.CheckConstraint(
                name="net_metering_bank_kwh",
                condition=~Q(kind__in=["opening", "period"]) | Q(after_e6=F("before_e6") + _KWH),
            ),
            models.CheckConstraint(
                name="net_metering_bank_cents",
                condition=~Q(kind__in=["opening", "period"]) | Q(after_cents=F("before_cents") + _CENTS),
            ),
            models.UniqueConstraint(
                fields=["segment_id"], condition=Q(kind="period"), name="net_metering_segment_once"
            ),
        ]
        triggers = append_only("net_metering_entry")
