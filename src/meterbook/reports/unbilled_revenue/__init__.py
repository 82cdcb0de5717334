"""What was used and not yet billed at a month's end, by service and class."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from meterbook.records.closing.figures.unbilled import unbilled
from meterbook.records.closing.months import NoSuchMonth, span_of
from meterbook.records.platform.policies import NoPolicy
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row, WrongParameter


def _month_before(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def rows(asked: Asked) -> list[Row]:
    """One row for each class of a service."""
    try:
        found = unbilled(span_of(asked.text("month")))
    except NoSuchMonth as error:
        raise WrongParameter("month", asked.text("month"), _("a month like 2026-07")) from error
    except NoPolicy as error:
        raise CannotReport(_("No policy month-end is in force. Release it first.")) from error
    return [
        {"service": row.service, "klass": row.klass, "points": row.points, "days": row.unbilled_days,
         "usage": row.usage_e6, "billed_days": row.billed_days, "billed_usage": row.billed_usage_e6,
         "billed": row.billed_cents, "cents": row.cents}
        for row in found
    ]  # fmt: skip


REPORT = Report(
    name="unbilled_revenue",
    title=_("Unbilled revenue"),
    says=_("Usage since the last bill at the rates of the newest bills, by service and class, at a month's end."),
    area="billing",
    parameters=(Parameter("month", _("Month"), "text", default=_month_before),),
    columns=always(
        Column("service", _("Service"), "words", "commodity"),
        Column("klass", _("Class"), "words", "premise_class"),
        Column("points", _("Points"), "count", total=True),
        Column("days", _("Days not billed"), "count", spare=True),
        Column("usage", _("Usage not billed"), "quantity", spare=True),
        Column("billed_days", _("Newest bills, days"), "count", spare=True),
        Column("billed_usage", _("Newest bills, usage"), "quantity", spare=True),
        Column("billed", _("Newest bills, $"), "money", total=True, spare=True),
        Column("cents", _("Estimate, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("Nobody is in service at the month's end."),
)
