"""The rail: sections named by the work people do, shown to the roles that do it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.roles import (
    AUDITOR,
    BILLING,
    CASHIER,
    CREW,
    CSR,
    FINANCE,
    METER_SHOP,
    READER,
    SUPERVISOR,
    SYSTEM,
)

EVERYONE = frozenset({BILLING, SUPERVISOR, CSR, CASHIER, AUDITOR, FINANCE, SYSTEM})


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of work: its title, the letter after ``g`` that goes there, and who may look."""

    key: str
    title: str | Promise
    letter: str
    url_name: str
    roles: frozenset[str]


TODAY = Section("today", _("Today"), "t", "today", EVERYONE | {METER_SHOP, READER, CREW})
FIND = Section("find", _("Find"), "f", "find", EVERYONE | {METER_SHOP})
ACCOUNTS = Section("accounts", _("Accounts"), "a", "accounts", EVERYONE)
CASES = Section("cases", _("Cases"), "c", "cases", EVERYONE | {METER_SHOP})
LIBRARY = Section("library", _("Library"), "l", "library", EVERYONE | {METER_SHOP, READER, CREW})
READS = Section("reads", _("Reads"), "r", "reads", EVERYONE - {CASHIER} | {METER_SHOP, READER})
FIELD = Section("field", _("Field"), "d", "field_requests", EVERYONE - {CASHIER} | {METER_SHOP, READER, CREW})
BILLS = Section("bills", _("Bills"), "b", "runs", EVERYONE)
MONEY = Section("money", _("Money"), "m", "payment_batches", EVERYONE)
RATES = Section("rates", _("Rates"), "e", "rate_book", EVERYONE)
REPORTS = Section("reports", _("Reports"), "o", "reports", frozenset({SUPERVISOR, FINANCE, BILLING, AUDITOR}))
APPROVALS = Section("approvals", _("Approvals"), "p", "approvals", frozenset({SUPERVISOR, FINANCE, BILLING, AUDITOR}))
SETUP = Section("setup", _("Setup"), "s", "staff", frozenset({SUPERVISOR, FINANCE, AUDITOR}))

RAIL = (TODAY, FIND, ACCOUNTS, CASES, READS, FIELD, BILLS, MONEY, RATES, LIBRARY, REPORTS, APPROVALS, SETUP)


def rail_for(roles: AbstractSet[str]) -> list[Section]:
    """The sections these roles see, in the rail's order."""
    return [section for section in RAIL if section.roles & roles]
