"""Columns of the billing tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.places.screens import COMMODITIES
from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column, Row


def run_link(row: Row) -> str:
    """Where a row's run opens."""
    return reverse("run", args=[row["id"]])


RUNS = (
    Column("number", _("Run"), kind="code", filter="text", href=run_link),
    Column("cycle_code", _("Cycle"), source="cycle__code", filter="text"),
    Column("bill_date", _("Bill date"), kind="date"),
    Column("due_date", _("Due"), kind="date", spare=True),
    Column("status", _("Status"), kind="status", vocabulary="run_status", filter="choice",
           choices=("planned", "calculated", "posted", "cancelled")),
    Column("bill_count", _("Bills"), kind="count"),
    Column("held", _("Points held"), kind="count", sort=False),
)  # fmt: skip
BILLS = (
    Column("number", _("Bill"), kind="code", filter="text", href=lambda row: reverse("bill", args=[row["id"]])),
    Column("account_number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column(
        "kind",
        _("Kind"),
        kind="words",
        vocabulary="bill_kind",
        filter="choice",
        choices=("cycle", "first", "final", "closing", "off_cycle", "corrected", "statement", "wholesale"),
    ),
    Column("previous_cents", _("Previous, $"), kind="money", total=True, spare=True),
    Column("payments_cents", _("Payments, $"), kind="money", total=True, spare=True),
    Column("adjustments_cents", _("Adjustments, $"), kind="money", total=True, spare=True),
    Column("current_cents", _("Current, $"), kind="money", total=True),
    Column("due_cents", _("Amount due, $"), kind="money", total=True),
)
HOLDS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text", spare=True),
    Column("commodity", _("Service"), kind="words", vocabulary="commodity", source="service_point__commodity",
           filter="choice", choices=COMMODITIES),
    Column("point", _("Service point"), kind="code", source="service_point__code", filter="text", spare=True),
    Column("reason", _("Reason"), kind="words", vocabulary="hold_reason", filter="choice",
           choices=("missing_read", "usage_gap", "usage_exception", "wrong_unit", "missing_fact",
                    "explanation_differs", "other_service_held", "held_by_hand", "delayed", "implausible")),
    Column("detail", _("Detail"), filter="text"),
    Column("owner", _("Owner"), kind="words", vocabulary="role"),
    Column("since", _("Held since"), kind="date"),
    Column("age", _("Age"), kind="age", sort=False),
)  # fmt: skip
ALL_HOLDS = (Column("run_number", _("Run"), kind="code", source="run__number", filter="text"), *HOLDS)
POINTS = (
    Column("point", _("Service point"), kind="code", source="service_point__code", filter="text"),
    Column("commodity", _("Service"), kind="words", vocabulary="commodity", source="service_point__commodity",
           filter="choice", choices=COMMODITIES),
    Column("reason", _("Why"), filter="text"),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("last_usage_on", _("Last usage"), kind="date"),
    Column("usage_e6", _("Usage since"), kind="quantity"),
)  # fmt: skip
