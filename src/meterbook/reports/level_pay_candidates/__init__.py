"""Accounts that could enrol in level payment today, what each would be asked for a month, or why it may not."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.programs.level_pay import WrongRules
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.programs.level_pay.queries import Candidate, candidates
from meterbook.reports.columns import ACCOUNT, always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row, WrongParameter

_SHOWN = {"able": _("That may enrol"), "all": _("All, with what stands against it")}


def rows(asked: Asked) -> list[Row]:
    """The candidates by account number."""
    try:
        found = candidates(asked.text("formula"), asked.today, all_of_them=asked.text("shown") == "all")
    except NoPolicy as error:
        raise CannotReport(gettext("No policy level-pay is in force. Release one first.")) from error
    except WrongRules as error:
        raise WrongParameter("formula", asked.text("formula"), _("a formula of the policy level-pay")) from error
    return [_row(one) for one in found]


def _row(one: Candidate) -> Row:
    return {
        "account": one.number, "name": one.name, "months": one.standing.bills, "charged": one.standing.charged_cents,
        "amount": one.amount_cents, "past_due": one.standing.past_due_cents, "returned": one.standing.returned,
        "why": " ".join(step.words(gettext) for step in one.refusals),
    }  # fmt: skip


REPORT = Report(
    name="level_pay_candidates",
    title=_("Level payment: candidates"),
    says=_(
        "Accounts that could enrol in level payment today, what each would be asked for a month, or why it may not."
    ),
    area="billing",
    parameters=(
        Parameter("formula", _("Formula"), "text", default=lambda _today: "eleven",
                  help=_("A key of the policy level-pay.")),
        Parameter("shown", _("Shown"), "choice", default=lambda _today: "able", choices=_SHOWN),
    ),
    columns=always(
        ACCOUNT,
        Column("name", _("Holder"), filter="text"),
        Column("months", _("Months billed"), "count"),
        Column("charged", _("Charged in twelve months, $"), "money", total=True),
        Column("amount", _("Level amount, $"), "money", total=True),
        Column("past_due", _("Past due, $"), "money", spare=True),
        Column("returned", _("Returned payments"), "count", spare=True),
        Column("why", _("What stands against it"), filter="text"),
    ),
    rows=rows,
    empty=_("No account meets the rules of level payment today."),
)  # fmt: skip
