"""Sharing what one meter feeds in among several, by percentages that make a hundred."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.engine.programs.net_metering.sharing import WrongShares, check_shares
from meterbook.engine.programs.net_metering.terms import CREDITED, terms_of
from meterbook.engine.trace import N_
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.programs.models import (
    NetMeteringAccount,
    NetMeteringEntry,
    NetMeteringGroup,
    NetMeteringShare,
)
from meterbook.records.programs.net_metering.refusals import refused
from meterbook.records.rates.queries import tariff_of


@operation("programs.share_exports", roles={BILLING, SUPERVISOR})
def share_exports(
    deed: Deed,
    *,
    generator: NetMeteringAccount,
    name: str,
    percents: Mapping[int, Decimal],
    starts: date,
) -> NetMeteringGroup:
    """Share a generator's exports from ``starts`` on: percent by the members' ids, the generator among them or not.

    New percentages take the place of those before from that day on. Raises `NetMeteringRefused`.
    """
    try:
        check_shares(percents)
    except WrongShares as error:
        raise refused(N_("Shares are above zero and make exactly 100 percent.")) from error
    members = NetMeteringAccount.objects.select_related("agreement__schedule__document").in_bulk(list(percents))
    if missing := sorted(set(percents) - set(members)):
        raise refused(N_("There is no enrolment {number}."), number=missing[0])
    for nem in [generator, *members.values()]:
        _may_share(nem, starts)
    billed = generator.entries.filter(kind=NetMeteringEntry.PERIOD, ends__gt=starts, reversed_by__isnull=True)
    if billed.exists():
        raise refused(N_("What the meter fed in after {day} is billed already. Begin with a later day."), day=starts)
    group, _ = NetMeteringGroup.objects.get_or_create(generator=generator, defaults={"name": name, "deed": deed})
    for share in NetMeteringShare.objects.filter(group=group, validity__contains=starts):
        if share.validity.lower == starts:
            share.delete()
        else:
            share.validity = DateRange(share.validity.lower, starts)
            share.save()
    for member, percent in percents.items():
        NetMeteringShare.objects.create(
            group=group, member_id=member, percent=percent, validity=DateRange(starts, None), deed=deed
        )
    tell(deed, "programs.exports_shared", group=group.pk, members=len(percents), starts=str(starts))
    return group


def _may_share(nem: NetMeteringAccount, starts: date) -> None:
    if starts not in nem.validity:
        raise refused(N_("Enrolment {number} is not in force on {day}."), number=nem.pk, day=starts)
    schedule = nem.agreement.schedule
    terms = terms_of(tariff_of(schedule.document).version_at(starts))
    if CREDITED not in terms.asked:
        raise refused(N_("Schedule {code} does not credit shared exports (it never asks for {fact})."),
                      code=schedule.code, fact=CREDITED)  # fmt: skip
