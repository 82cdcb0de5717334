"""Columns of the comparisons and of their accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.web.kit.cells import Column, Row


def _run(row: Row) -> str:
    return reverse("run", args=[row["run_pk"]]) if row["run_pk"] else ""


def _ours(row: Row) -> str:
    return reverse("bill", args=[row["bill_id"]]) if row["bill_id"] else ""


def _account(row: Row) -> str:
    return reverse("compared_bill", args=[row["id"]])


COMPARISONS = (
    Column("number", _("Comparison"), kind="code", filter="text",
           href=lambda row: reverse("comparison", args=[row["id"]])),
    Column("system", _("Other system"), filter="text"),
    Column("file_name", _("File"), source="source__file_name", filter="text", spare=True),
    Column("run_number", _("Run"), kind="code", source="run__number", filter="text", href=_run),
    Column("made_on", _("Compared on"), kind="date", source="deed__business_date"),
    Column("equal", pgettext_lazy("bills compared", "Equal"), kind="count", source="totals__equal"),
    Column("explained", pgettext_lazy("bills compared", "Explained"), kind="count", source="totals__explained"),
    Column("unexplained", pgettext_lazy("bills compared", "Unexplained"), kind="count", source="totals__unexplained"),
    Column("signed_by", _("Signed by"), source="sign_off__deed__actor__username", filter="text"),
)  # fmt: skip
BILLS = (
    Column("account_number", _("Account"), kind="code", filter="text", href=_account),
    Column("outcome", _("Outcome"), kind="status", vocabulary="compared", filter="choice",
           choices=("equal", "explained", "unexplained")),
    Column("ours_cents", _("Ours, $"), kind="money", total=True, href=_ours),
    Column("theirs_cents", _("Theirs, $"), kind="money", total=True),
    Column("difference_cents", _("Difference, $"), kind="money", total=True),
)  # fmt: skip
