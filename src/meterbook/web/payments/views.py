"""Payment batches, the payments in one, and money nobody could place."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.banking.screens import unplaced_payments
from meterbook.records.payments import screens
from meterbook.web.customers.columns import account_link
from meterbook.web.kit.access import page
from meterbook.web.kit.cells import Column
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page

BATCHES = (
    Column(
        "number", _("Batch"), kind="code", filter="text", href=lambda row: reverse("payment_batch", args=[row["id"]])
    ),
    Column("channel", _("Channel"), kind="words", vocabulary="channel", filter="text"),
    Column("received_on", _("Received"), kind="date"),
    Column("file_name", _("File"), source="source__file_name", spare=True),
    Column("posted_by", _("Posted by"), source="deed__actor__username", spare=True),
    Column("count", _("Payments"), kind="count", total=True),
    Column("total_cents", _("Total, $"), kind="money", total=True),
)
PAYMENTS = (
    Column("line", _("Line"), kind="count"),
    Column("written_account", _("Account as written"), kind="code", filter="text"),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("reference", _("Check or trace"), kind="code", filter="text", spare=True),
    Column("received_on", _("Received"), kind="date", spare=True),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
)
UNPLACED = (
    Column("received_on", _("Received"), kind="date", href=lambda row: reverse("unplaced_payment", args=[row["id"]])),
    Column("written_account", _("Account as written"), kind="code", filter="text"),
    Column("payer", _("Payer"), filter="text"),
    Column("reference", _("Check or trace"), kind="code", filter="text", spare=True),
    Column("batch_number", _("Batch"), source="batch__number", kind="code", spare=True),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
)


@page(MONEY)
def batches(request: HttpRequest) -> HttpResponseBase:
    """Every payment batch."""
    table = Table(
        request, screens.batches(), BATCHES, order=("-received_on", "-id"), name="payment-batches",
        title=_("Payment batches"), empty=_("No payment batch yet. Batches come in with the lockbox file."),
        search=("number",), search_label=_("Batch number"),
    )  # fmt: skip
    return table_page(request, "payments/batches.html", table, {"unplaced": screens.unplaced()})


@page(MONEY)
def batch(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """One batch with its payments."""
    found = screens.batch(batch_id)
    if found is None:
        raise Http404(str(batch_id))
    table = Table(
        request, screens.payments(batch_id=batch_id), PAYMENTS, order=("line", "id"), name=f"batch-{batch_id}",
        title=found["number"], empty=_("This batch holds no payment."),
    )  # fmt: skip
    return table_page(request, "payments/batch.html", table, {"batch": found})


@page(MONEY)
def unplaced(request: HttpRequest) -> HttpResponseBase:
    """Payments that wait without an account."""
    table = Table(
        request, unplaced_payments(), UNPLACED, order=("received_on", "id"), name="unidentified-payments",
        title=_("Unidentified payments"), empty=_("Every payment has found its account."),
    )  # fmt: skip
    return table_page(request, "payments/unplaced.html", table)
