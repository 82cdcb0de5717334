"""What customers owe, rolled forward over months by service and fund, to the cent."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from meterbook.records.closing.figures.roll_forward import roll_forward
from meterbook.records.closing.months import NoSuchMonth, span_of
from meterbook.records.closing.settings import month_end_on
from meterbook.records.platform.policies import NoPolicy
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row, WrongParameter


def _month_before(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def rows(asked: Asked) -> list[Row]:
    """One row for each receivable, and one for payments not yet used."""
    try:
        span = span_of(asked.text("months"))
        found = roll_forward(span, month_end_on(span.ends))
    except NoSuchMonth as error:
        raise WrongParameter("months", asked.text("months"), _("months like 2026-07, or FY2027")) from error
    except NoPolicy as error:
        raise CannotReport(_("No policy month-end is in force. Release it first.")) from error
    return [
        {"chart": row.chart, "service": row.service, "fund": row.fund, "opening": row.opening, **row.lines,
         "closing": row.closing}
        for row in found
    ]  # fmt: skip


REPORT = Report(
    name="ar_roll_forward",
    title=_("What customers owe, rolled forward"),
    says=_("Opening, bills, fees, adjustments, payments, returns, closing of months, by service and fund."),
    area="billing",
    parameters=(
        Parameter("months", _("Months"), "text", default=_month_before, help=_("2026-07, 2026-07..2026-09 or FY2027")),
    ),
    columns=always(
        Column("chart", _("Account of the chart"), "code", spare=True),
        Column("service", _("Service"), "words", "commodity"),
        Column("fund", _("Fund"), "code", spare=True),
        Column("opening", _("Owed at the start"), "money", total=True),
        Column("bills", _("Bills"), "money", total=True),
        Column("fees", _("Fees"), "money", total=True),
        Column("adjustments", _("Adjustments"), "money", total=True),
        Column("payments", _("Payments"), "money", total=True),
        Column("returns", _("Payments returned"), "money", total=True),
        Column("deposits", _("Deposits applied"), "money", total=True, spare=True),
        Column("refunds", _("Refunds"), "money", total=True, spare=True),
        Column("write_offs", _("Written off"), "money", total=True, spare=True),
        Column("moved", _("Payments used for services"), "money", total=True, spare=True),
        Column("closing", _("Owed at the end"), "money", total=True),
    ),
    rows=rows,
    empty=_("The chart has no receivables."),
)
