"""The trial balance of months by accounting period, with what one fund owes another."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from meterbook.records.closing.figures.trial_balance import trial_balance
from meterbook.records.closing.months import NoSuchMonth, span_of
from meterbook.records.platform.policies import NoPolicy
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row, WrongParameter


def _month_before(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def rows(asked: Asked) -> list[Row]:
    """One row for each account of the chart with an entry up to the end."""
    try:
        found = trial_balance(span_of(asked.text("months")))
    except NoSuchMonth as error:
        raise WrongParameter("months", asked.text("months"), _("months like 2026-07, or FY2027")) from error
    except NoPolicy as error:
        raise CannotReport(_("No policy month-end is in force. Release it first.")) from error
    spanish = (get_language() or "en").startswith("es")
    return [
        {"code": row.code, "title": row.title_es if spanish else row.title_en, "fund": row.fund,
         "service": row.service, "opening": row.opening, "debits": row.debits, "credits": row.credits,
         "closing": row.closing}
        for row in found
    ]  # fmt: skip


REPORT = Report(
    name="month_trial_balance",
    title=_("Trial balance of months"),
    says=_("Opening, debits, credits and closing of every account by fund and service; debits are above zero."),
    area="billing",
    parameters=(
        Parameter("months", _("Months"), "text", default=_month_before, help=_("2026-07, 2026-07..2026-09 or FY2027")),
    ),
    columns=always(
        Column("code", _("Account"), "code", filter="text"),
        Column("title", _("Title"), filter="text"),
        Column("fund", _("Fund"), "code", filter="text", spare=True),
        Column("service", _("Service"), "words", "commodity", spare=True),
        Column("opening", _("Opening, $"), "money", total=True, spare=True),
        Column("debits", _("Debits, $"), "money", total=True),
        Column("credits", _("Credits, $"), "money", total=True),
        Column("closing", _("Closing, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("Nothing is booked up to then."),
)
