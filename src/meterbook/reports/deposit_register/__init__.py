"""The deposit register: what was held, came, went and is held, account by account; its closing is the liability."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.money import dollars
from meterbook.records.security.register import liability, register
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row


def rows(asked: Asked) -> list[Row]:
    """Accounts with a deposit before the first day, or one that moved up to the last."""
    return [asdict(line) for line in register(asked.day("first"), asked.day("last"))]


def notes(asked: Asked) -> list[tuple[str, str]]:
    """The liability in the books at the end, and how far the register's closing is from it."""
    last = asked.day("last")
    books = liability(last)
    closing = sum(line.closing_cents for line in register(asked.day("first"), last))
    return [
        (gettext("Liability in the books"), f"{dollars(books):,}"),
        (gettext("Difference"), f"{dollars(books - closing):,}"),
    ]


def _new_year(today: date) -> date:
    return date(today.year, 1, 1)


REPORT = Report(
    name="deposit_register",
    title=_("Deposit register"),
    says=_("Deposits by account: opening, received, interest, applied, refunded, moved, closing."),
    area="billing",
    parameters=(
        Parameter("first", _("From"), "day", default=_new_year),
        Parameter("last", _("To"), "day", default=lambda today: today),
    ),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text"),
        Column("opening_cents", _("Opening, $"), "money", total=True),
        Column("received_cents", _("Received, $"), "money", total=True),
        Column("interest_cents", _("Interest added, $"), "money", total=True, spare=True),
        Column("moved_in_cents", _("Moved here, $"), "money", total=True, spare=True),
        Column("applied_cents", _("Applied, $"), "money", total=True),
        Column("refunded_cents", _("Refunded, $"), "money", total=True),
        Column("moved_out_cents", _("Moved away, $"), "money", total=True, spare=True),
        Column("returned_cents", _("Payment came back, $"), "money", total=True, spare=True),
        Column("closing_cents", _("Closing, $"), "money", total=True),
        Column("credited_cents", _("Interest credited, $"), "money", total=True, spare=True),
    ),
    rows=rows,
    empty=_("No deposit was held or moved in these days."),
    notes=notes,
)  # fmt: skip
