"""What waits today, by role: work first, with how many and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.adjustments import screens as adjustments
from meterbook.records.billing import screens as billing
from meterbook.records.metering import screens as metering
from meterbook.records.metering.field import screens as field
from meterbook.records.payments import screens as payments
from meterbook.records.platform import screens as platform
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import AUDITOR, BILLING, CASHIER, FINANCE, METER_SHOP, READER, SUPERVISOR
from meterbook.web.kit.access import roles_held


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits: how many, since when, where it is done, and whose it is."""

    title: str | Promise
    count: int
    oldest: date | None
    href: str
    owner: str


def waiting(request: HttpRequest) -> list[Waiting]:
    """The work these roles do or watch, in the order of a day."""
    held = roles_held(request)
    found: list[Waiting] = []
    if held & {BILLING, SUPERVISOR, AUDITOR}:
        rows = platform.waiting_corrections("reads")
        found.append(Waiting(_("Read rows to correct"), rows["count"], rows["oldest"], reverse("corrections"), BILLING))
        doubts = metering.waiting_exceptions()
        found.append(Waiting(_("Reads in question"), doubts["count"], doubts["oldest"], reverse("exceptions"), BILLING))
        holds = billing.waiting_holds()
        found.append(
            Waiting(
                _("Service points held out of the newest runs"),
                holds["count"],
                holds["oldest"],
                reverse("all_holds"),
                BILLING,
            )
        )
    if held & {BILLING, SUPERVISOR, FINANCE, AUDITOR}:
        some = adjustments.waiting()
        href = f"{reverse('adjustments')}?f-state=proposed"
        found.append(Waiting(_("Adjustments to decide"), some["count"], some["oldest"], href, SUPERVISOR))
    if held & {BILLING, SUPERVISOR, READER, METER_SHOP}:
        asked = field.waiting(business_date())
        found.append(Waiting(_("Field requests"), asked["count"], asked["oldest"], reverse("field_requests"), READER))
    if held & {SUPERVISOR, FINANCE, AUDITOR}:
        count = platform.pending_approvals()
        found.append(Waiting(_("Approvals to decide"), count, None, reverse("approvals"), SUPERVISOR))
    if held & {CASHIER, FINANCE, SUPERVISOR, AUDITOR}:
        money = payments.unplaced()
        found.append(
            Waiting(_("Unidentified payments"), money["count"], money["oldest"], reverse("unplaced_payments"), CASHIER)
        )
    return found
