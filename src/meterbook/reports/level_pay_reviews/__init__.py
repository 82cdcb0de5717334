"""Level payment plans that stand at a review month: the amount now, the amount after, and whether it changes."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.programs.level_pay.asking import month_of_year
from meterbook.records.programs.level_pay.queries import Review, reviews
from meterbook.reports.columns import ACCOUNT, always
from meterbook.reports.contract import Asked, CannotReport, Column, Report, Row


def rows(asked: Asked) -> list[Row]:
    """The reviews that are due, by account number."""
    try:
        return [_row(one) for one in reviews(asked.today)]
    except NoPolicy as error:
        raise CannotReport(gettext("No policy level-pay is in force. Release one first.")) from error


def _row(one: Review) -> Row:
    return {
        "account": one.number, "name": one.name, "month": month_of_year(one.after_month),
        "charged": one.basis_cents, "before": one.before_cents, "after": one.after_cents, "change": one.change_cents,
        "changes": one.changes, "difference": one.difference_cents,
    }  # fmt: skip


REPORT = Report(
    name="level_pay_reviews",
    title=_("Level payment: reviews"),
    says=_(
        "Level payment plans that stand at a review month: the amount now, the amount after, and whether it changes."
    ),
    area="billing",
    parameters=(),
    columns=always(
        ACCOUNT,
        Column("name", _("Holder"), filter="text"),
        Column("month", _("Plan month"), "count"),
        Column("charged", _("Charged in twelve months, $"), "money", total=True),
        Column("before", _("Asked now, $"), "money", total=True),
        Column("after", _("Asked after, $"), "money", total=True),
        Column("change", _("Change, $"), "money", total=True),
        Column("changes", _("Changes"), "flag"),
        Column("difference", _("Deferred so far, $"), "money", total=True, spare=True),
    ),
    rows=rows,
    empty=_("No plan stands at a review month."),
)  # fmt: skip
