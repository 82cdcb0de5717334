"""Credits nobody acts on: due to be looked at, neither asked for, nor explained, nor waiting for a payment to clear."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.refunds.worklist import unattended
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Report, Row


def rows(asked: Asked) -> list[Row]:
    """The worklist's accounts that are to be done; an empty report is a good one."""
    try:
        found = unattended(asked.today)
    except NoPolicy as error:
        raise CannotReport(str(error)) from error
    return [
        {
            "account": one.number, "holder": one.name, "left_on": one.closed_on, "since": one.since, "days": one.days,
            "due_on": one.next_on, "credit": one.cents, "usually": one.suggests,
        }
        for one in found
    ]  # fmt: skip


REPORT = Report(
    name="unattended_credits",
    title=_("Credits nobody acts on"),
    says=_("Credits that are due to be looked at and are neither asked for nor explained; it should be empty."),
    area="billing",
    parameters=(),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text"),
        Column("left_on", _("Left on"), "date"),
        Column("since", _("Credit since"), "date"),
        Column("days", _("Days"), "count"),
        Column("due_on", _("To be looked at"), "date", spare=True),
        Column("usually", _("Usually"), "words", "credit_suggests", spare=True),
        Column("credit", _("Credit, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("Somebody acts on every credit, or said why it stays."),
)  # fmt: skip
