"""What each area tells of an account, for its timeline. An area that offers ``happened`` is named here once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.billing import screens as billing
from meterbook.records.cases import screens as cases
from meterbook.records.contacts import screens as contacts
from meterbook.records.correspondence import screens as letters
from meterbook.records.customers import screens as customers
from meterbook.records.customers.documents import documents, number_of
from meterbook.records.customers.people import deeds
from meterbook.records.ledger import screens as ledger
from meterbook.records.ledger.arrangements import screens as arrangements
from meterbook.records.metering import screens as metering
from meterbook.records.moves import screens as moves
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.programs.discounts import screens as discounts
from meterbook.records.service_orders import screens as orders
from meterbook.web.customers.statement import statement_lines
from meterbook.web.kit import figures, words

Tell = Callable[[int, date, date], Iterable[Happening]]
#: More of one kind than this is not read; the areas' own lists hold them all.
MOST = 400
#: The order of the filter; words under the vocabulary ``happening``.
KINDS = (
    "bill", "money", "read", "contact", "person", "service", "field", "case", "arrangement", "program", "letter",
    "document", "deed",
)  # fmt: skip


def everything(account_id: int, since: date, day: date) -> Iterator[Happening]:
    """What every area tells of an account since a day, in no order yet."""
    for tell in TELLS:
        yield from tell(account_id, since, day)


def _bills(account_id: int, since: date, _day: date) -> Iterator[Happening]:
    for row in billing.bills_of_account(account_id, MOST):
        if row["bill_date"] >= since:
            said = Step(N_("Bill of {amount}, due {day}"), {
                "amount": figures.money(row["due_cents"]), "day": figures.day(row["due_date"])})  # fmt: skip
            yield Happening(row["bill_date"], "bill", said, href=("bill", (row["id"],)), detail=row["number"])


def _money(account_id: int, since: date, _day: date) -> Iterator[Happening]:
    for line in statement_lines(ledger.movements(account_id, MOST)):
        moved = line.movement
        if moved.effective_on >= since and moved.source_kind != "bill":
            said = Step(N_("{what}: {amount}"), {"what": line.words, "amount": figures.money(moved.amount_cents)})
            yield Happening(moved.effective_on, "money", said, href=line.target, detail=line.detail)


def _reads(account_id: int, since: date, _day: date) -> Iterator[Happening]:
    for row in metering.usage_of(account_id, since):
        said = Step(N_("{service} read: {usage} used since {day}"), {
            "service": words.say("commodity", row["commodity"]), "day": figures.day(row["starts"]),
            "usage": figures.quantity(row["quantity_e6"], row["unit"])})  # fmt: skip
        yield Happening(row["ends"], "read", said)


def _services(account_id: int, since: date, day: date) -> Iterator[Happening]:
    for row in customers.agreements(account_id):
        what = {"service": words.say("commodity", row["commodity"]), "schedule": row["schedule_code"],
                "where": f"{row['street_number']} {row['street']}"}  # fmt: skip
        at = ("premise", (row["premise_id"],))
        if row["validity"].lower >= since:
            yield Happening(row["validity"].lower, "service", Step(N_("{service} begins at {where}, {schedule}"), what),
                            href=at)  # fmt: skip
        if row["validity"].upper is not None and since <= row["validity"].upper <= day:
            yield Happening(row["validity"].upper, "service", Step(N_("{service} ends at {where}, {schedule}"), what),
                            href=at)  # fmt: skip


def _field(account_id: int, since: date, _day: date) -> Iterator[Happening]:
    points = [row["service_point_id"] for row in customers.agreements(account_id)]
    for row in metering.requests_at(points):
        if row["raised_on"] >= since:
            said = Step(N_("Field request: {kind}"), {"kind": words.say("field_kind", row["kind"])})
            yield Happening(row["raised_on"], "field", said, href=("field_request", (row["id"],)),
                            detail=words.say("field_state", row["state"]))  # fmt: skip


def _documents(account_id: int, since: date, _day: date) -> Iterator[Happening]:
    number = ""
    for row in documents(account_id, MOST):
        if row["on"] >= since:
            number = number or number_of(account_id)
            said = Step(N_("File kept: {name}"), {"name": row["file_name"]})
            yield Happening(row["on"], "document", said, row["at"], ("account_paper", (number, row["id"])), row["by"],
                            row["why"])  # fmt: skip


def _agreed(account_id: int, since: date, day: date) -> list[Happening]:
    try:
        return arrangements.happened(account_id, since, day=day)
    except NoPolicy:
        return []


def _contacts(account_id: int, since: date, _day: date) -> Iterator[Happening]:
    for one in contacts.happened(account_id, since):
        yield replace(one, detail=words.say("contact_channel", one.detail)) if one.detail else one


def _plain(tell: Callable[[int, date], list[Happening]]) -> Tell:
    """What an area tells that asks no more than the account and the day."""
    return lambda account_id, since, _day: tell(account_id, since)


TELLS: tuple[Tell, ...] = (
    _bills, _money, _reads, _services, _field, _documents, _agreed, _contacts,
    *(_plain(area.happened) for area in (cases, deeds, discounts, letters, moves, orders)),
)  # fmt: skip
