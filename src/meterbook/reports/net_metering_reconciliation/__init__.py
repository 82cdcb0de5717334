"""The ledger of net metering beside the registers and the books: every enrolment, those that differ first."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.programs.models import NetMeteringAccount
from meterbook.records.programs.net_metering.reconcile import Compared, compared
from meterbook.reports.columns import ACCOUNT, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row

_SHOWN = {"all": _("All"), "wrong": _("That differ")}
_PROBLEMS = {
    "bank": _("bank and sum of entries"), "exports": _("exports and registers"), "imports": _("imports and registers"),
    "shares": _("shares given and got"), "dollars": _("dollars and books"),
    "unsettled": _("a later period must be rated again"),
}  # fmt: skip


def rows(asked: Asked) -> list[Row]:
    """Every enrolment of an account asked for, or all: what differs first, then by account."""
    found = NetMeteringAccount.objects.select_related(
        "account", "agreement__schedule__document", "agreement__service_point"
    )
    if asked.text("account"):
        found = found.filter(account__number=asked.text("account"))
    made = [_row(one) for one in compared(list(found.order_by("account__number", "pk")))]
    if asked.text("shown") == "wrong":
        made = [row for row in made if row["differs"]]
    return sorted(made, key=lambda row: (not row["differs"], row["account"]))


def _row(one: Compared) -> Row:
    nem = one.position.nem
    return {
        "account": nem.account.number, "point": nem.agreement.service_point.code, "option": nem.option,
        "since": nem.validity.lower, "bank": one.position.carried.kwh_e6, "bank_sum": one.bank.kwh_e6,
        "dollars_carried": one.position.carried.cents, "exports": one.sums["exports_e6"],
        "register_exports": one.register_exports_e6, "imports": one.sums["imports_e6"],
        "register_imports": one.register_imports_e6, "given": one.given_away_e6,
        "waiting": one.position.waiting_e6, "dollars": one.dollars, "booked": one.booked,
        "differs": bool(one.problems), "what": "; ".join(gettext(str(_PROBLEMS[name])) for name in one.problems),
    }  # fmt: skip


REPORT = Report(
    name="net_metering_reconciliation",
    title=_("Net metering reconciliation"),
    says=_("The ledger of net metering beside the registers and the books: every enrolment, those that differ first."),
    area="billing",
    parameters=(
        Parameter("account", _("Account"), "account"),
        Parameter("shown", _("Shown"), "choice", default=lambda _today: "all", choices=_SHOWN),
    ),
    columns=always(
        ACCOUNT,
        Column("point", _("Service point"), "code", spare=True),
        Column("option", _("Option"), "words", "net_metering_option"),
        Column("since", _("Since"), "date", spare=True),
        Column("bank", _("Bank, kWh"), "quantity", total=True),
        Column("bank_sum", _("Sum of entries, kWh"), "quantity", total=True, spare=True),
        Column("exports", _("Exports credited, kWh"), "quantity", total=True),
        Column("register_exports", _("Exports by register, kWh"), "quantity", total=True),
        Column("imports", _("Imports billed from, kWh"), "quantity", total=True, spare=True),
        Column("register_imports", _("Imports by register, kWh"), "quantity", total=True, spare=True),
        Column("given", _("Given to others, kWh"), "quantity", total=True, spare=True),
        Column("waiting", _("Waiting, kWh"), "quantity", total=True, spare=True),
        Column("dollars", _("Dollars of the ledger, $"), "money", total=True),
        Column("booked", _("Dollars of the books, $"), "money", total=True),
        Column("what", _("What differs"), filter="text"),
    ),
    rows=rows,
    empty=_("Nobody is enrolled in net metering, or nothing differs."),
)  # fmt: skip
