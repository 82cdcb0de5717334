"""Enrolling an agreement in net metering, and ending that."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.engine.programs.net_metering import OPTIONS, Option
from meterbook.engine.programs.net_metering.terms import terms_of
from meterbook.engine.rates.terms import NotInForce
from meterbook.engine.trace import N_
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry
from meterbook.records.programs.net_metering.refusals import NetMeteringRefused, refused
from meterbook.records.rates.queries import tariff_of


@operation("programs.enrol_net_metering", roles={BILLING, SUPERVISOR})
def enrol_net_metering(
    deed: Deed,
    *,
    agreement: ServiceAgreement,
    option: Option,
    starts: date,
    true_up_month: int,
    grandfathered_until: date | None = None,
    capacity_w: int | None = None,
    opening_e6: int = 0,
    opening_cents: int = 0,
) -> NetMeteringAccount:
    """Enrol an agreement from ``starts`` on; what another system carried for it opens the ledger.

    Raises `NetMeteringRefused`: the tariff has no such option, the days are not the agreement's, it is enrolled.
    """
    _fits(agreement, option, starts, true_up_month)
    nem = NetMeteringAccount.objects.create(
        account_id=agreement.account_id, agreement=agreement, option=option, validity=DateRange(starts, None),
        true_up_month=true_up_month, grandfathered_until=grandfathered_until, capacity_w=capacity_w, deed=deed,
    )  # fmt: skip
    if opening_e6 or opening_cents:
        _open(nem, opening_e6, opening_cents, deed)
    tell(deed, "programs.net_metering_enrolled", net_metering=nem.pk, account=nem.account_id, option=option)
    return nem


def _fits(agreement: ServiceAgreement, option: Option, starts: date, true_up_month: int) -> None:
    if option not in OPTIONS:
        raise refused(N_("There is no option {option}."), option=option)
    if not 1 <= true_up_month <= 12:
        raise refused(N_("The true-up month is 1 to 12, not {month}."), month=true_up_month)
    if starts < agreement.validity.lower or (agreement.validity.upper and starts >= agreement.validity.upper):
        raise refused(N_("The agreement has no service on {day}."), day=starts)
    if NetMeteringAccount.objects.filter(agreement=agreement, validity__contains=starts).exists():
        raise refused(N_("The agreement is enrolled already."))
    schedule = agreement.schedule
    try:
        terms = terms_of(tariff_of(schedule.document).version_at(starts))
    except NotInForce:
        raise refused(N_("Schedule {code} has no rates on {day}."), code=schedule.code, day=starts) from None
    if not terms.serves(option):
        raise refused(
            N_("Schedule {code} has no net metering of the kind {option}."), code=schedule.code, option=option
        )


def _open(nem: NetMeteringAccount, kwh_e6: int, cents: int, deed: Deed) -> None:
    """The balance another system carried."""
    in_kwh = nem.option == "nem-kwh"
    in_dollars = nem.option in ("nem-dollar", "net-billing-carryover")
    if min(kwh_e6, cents) < 0 or (kwh_e6 and not in_kwh) or (cents and not in_dollars):
        raise refused(N_("An opening balance is above zero, and in what the option carries: kWh or dollars."))
    first = nem.validity.lower
    NetMeteringEntry.objects.create(
        nem=nem, kind=NetMeteringEntry.OPENING, starts=first, ends=first, opened_e6=kwh_e6, opened_cents=cents,
        after_e6=kwh_e6, after_cents=cents, deed=deed,
    )  # fmt: skip


@operation("programs.end_net_metering", roles={BILLING, SUPERVISOR})
def end_net_metering(deed: Deed, *, net_metering: NetMeteringAccount, ends: date) -> NetMeteringAccount:
    """End an enrolment; ``ends`` is the first day no longer under it. Raises `NetMeteringRefused`.

    Days that are billed under it stay so; what is left in the bank is shown until a final bill settles it.
    """
    locked = NetMeteringAccount.objects.select_for_update().get(pk=net_metering.pk)
    if locked.validity.upper is not None:
        raise refused(N_("The enrolment has ended already."))
    last = locked.entries.filter(kind=NetMeteringEntry.PERIOD, reversed_by__isnull=True).order_by("-ends").first()
    if ends <= locked.validity.lower or (last is not None and ends < last.ends):
        raise refused(N_("Bills up to {day} stand under this enrolment; it ends on that day or later."),
                      day=locked.validity.lower if last is None else last.ends)  # fmt: skip
    if locked.feeds.filter(shares__validity__upper_inf=True).exists():
        raise refused(N_("Others share what this meter feeds in. End the group first."))
    locked.validity = DateRange(locked.validity.lower, ends)
    locked.ended = deed
    locked.save()
    tell(deed, "programs.net_metering_ended", net_metering=locked.pk, account=locked.account_id, ends=str(ends))
    return locked


__all__ = ["NetMeteringRefused", "end_net_metering", "enrol_net_metering"]
