"""What is owed to every agency for a period: opening, theirs, handed over, closing, due, and the books beside it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from meterbook.records.agencies.screens import agencies
from meterbook.records.agencies.statement import statement
from meterbook.records.platform.policies import NoPolicy
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row


def _month_before(today: date) -> date:
    return today.replace(day=1) - timedelta(days=1)


def rows(asked: Asked) -> list[Row]:
    """One row for each agency: its statement of the period the day falls into."""
    try:
        every = agencies(asked.today)
    except NoPolicy as error:
        raise CannotReport(_("No agreement is in force. Release a policy agency-agreements first.")) from error
    language = "es" if (get_language() or "en").startswith("es") else "en"
    made: list[Row] = []
    for agency in every:
        if asked.text("agency") not in ("", agency.code):
            continue
        found = statement(agency.code, asked.day("on"), asked.today)
        made.append({
            "agency": agency.code, "name": agency.name[language], "basis": agency.basis, "starts": found.starts,
            "ends": found.ends - timedelta(days=1), "opening": found.opening_cents, "accrued": found.accrued_cents,
            "settled": found.settled_cents, "closing": found.closing_cents, "due": found.due_cents,
            "fee": found.fee_cents, "open": found.reconciled.open, "difference": found.reconciled.difference,
        })  # fmt: skip
    return made


REPORT = Report(
    name="remittance",
    title=_("Money owed to others"),
    says=_("Every agency's statement of a period: opening, billed or collected, handed over, closing, due."),
    area="billing",
    parameters=(
        Parameter("on", _("A day of the period"), "day", default=_month_before),
        Parameter("agency", _("Agency"), "text"),
    ),
    columns=always(
        Column("agency", _("Agency"), "code"),
        Column("name", _("Name"), spare=True),
        Column("basis", _("Owed when"), "words", "agency_basis"),
        Column("starts", _("From"), "date", spare=True),
        Column("ends", _("To"), "date"),
        Column("opening", _("Owed at the start, $"), "money", total=True, spare=True),
        Column("accrued", _("In the period, $"), "money", total=True),
        Column("settled", _("Handed over, $"), "money", total=True, spare=True),
        Column("closing", _("Owed at the end, $"), "money", total=True),
        Column("due", _("Due, $"), "money", total=True),
        Column("fee", _("Fee kept, $"), "money", total=True, spare=True),
        Column("open", _("Billed, not collected, $"), "money", total=True, spare=True),
        Column("difference", _("Difference to the books, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("No agency is asked for."),
)  # fmt: skip
