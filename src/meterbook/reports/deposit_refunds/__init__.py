"""Deposits held, those whose months are clean first, with every condition as it was judged."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.security.standing import worklist
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row


def rows(asked: Asked) -> list[Row]:
    """Accounts with a deposit on the day: those that go back first. Raises `CannotReport`."""
    try:
        found = worklist(asked.day("on"))
    except NoPolicy:
        raise CannotReport(gettext("No policy on deposits is in force. Release one first.")) from None
    if asked.text("which") == "due":
        found = [one for one in found if one.judged.due]
    made = [
        {
            "account": one.number, "holder": one.holder, "since": one.record.since, "months": one.record.months,
            "late": one.record.counts.get("late_payments", 0), "returned": one.record.counts.get("returned", 0),
            "cutoffs": one.record.counts.get("cutoffs", 0), "held": one.held_cents, "interest": one.interest_cents,
            "due": one.judged.due,
            "why": "; ".join(step.words(gettext) for met, step in one.judged.reasons if not met),
        }
        for one in found
    ]  # fmt: skip
    return sorted(made, key=lambda row: (not row["due"], row["account"]))


REPORT = Report(
    name="deposit_refunds",
    title=_("Deposits to give back"),
    says=_("Deposits held, whose months are clean, and why the others stay."),
    area="billing",
    parameters=(
        Parameter("on", _("On"), "day", default=lambda today: today),
        Parameter("which", _("Which"), "choice", default=lambda _today: "due",
                  choices={"due": _("Those that go back"), "all": _("All held")}),
    ),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text"),
        Column("since", _("Held since"), "date"),
        Column("months", _("Months"), "count"),
        Column("late", _("Late payments"), "count", spare=True),
        Column("returned", _("Returned payments"), "count", spare=True),
        Column("cutoffs", _("Cutoffs"), "count", spare=True),
        Column("held", _("Held, $"), "money", total=True),
        Column("interest", _("Interest, $"), "money", total=True),
        Column("due", _("Goes back"), "flag"),
        Column("why", _("Why not yet"), spare=True),
    ),
    rows=rows,
    empty=_("No deposit goes back on this day."),
)  # fmt: skip
