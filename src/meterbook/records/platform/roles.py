"""Roles and what they stand for. Which role may do what is written at each operation, in code, and tested."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.models import RoleGrant, User

BILLING = "billing_technician"
SUPERVISOR = "supervisor"
CSR = "csr"
CASHIER = "cashier"
AUDITOR = "auditor"
FINANCE = "finance_director"
METER_SHOP = "meter_shop"
READER = "meter_reader"
CREW = "field_crew"
SYSTEM = "system"

TITLES = {
    BILLING: _("Billing technician"),
    SUPERVISOR: _("Supervisor"),
    CSR: _("Customer service representative"),
    CASHIER: _("Cashier"),
    AUDITOR: _("Auditor"),
    FINANCE: _("Finance director"),
    METER_SHOP: _("Meter shop technician"),
    READER: _("Meter reader"),
    CREW: _("Field crew"),
    SYSTEM: _("System"),
}

#: Roles that see phone numbers and e-mail addresses in full; everyone else sees them masked.
SEES_CONTACT = frozenset({BILLING, SUPERVISOR, CSR, SYSTEM})


def roles_of(user: User, on: date) -> frozenset[str]:
    """The roles a user holds on a business date; none if the sign-in is switched off."""
    if not user.is_active:
        return frozenset()
    grants = RoleGrant.objects.filter(user=user, validity__contains=on).values_list("role", flat=True)
    return frozenset(grants)
