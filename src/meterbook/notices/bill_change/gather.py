"""The page from the bills on record."""

from __future__ import annotations

from meterbook.engine.billing.change.words import amount
from meterbook.engine.money import dollars
from meterbook.notices.bill_change.document import ChangeDocument, PrintedPart
from meterbook.notices.bill_change.words import day, word
from meterbook.records.adjustments.on_bills import since_last_bill
from meterbook.records.billing.change import Against, compare
from meterbook.records.billing.models import Bill
from meterbook.records.platform.models import Utility


class NoUtility(LookupError):
    """No utility is founded yet, so nobody can send the page."""


def change_document(bill_id: int, against: Against, language: str | None = None) -> ChangeDocument:
    """The page of a bill beside another, in ``language`` or its holder's; raises `NothingBefore`."""
    bill = Bill.objects.select_related("run", "account__holder").get(pk=bill_id)
    utility = Utility.objects.order_by("pk").first()
    if utility is None:
        raise NoUtility("no utility is founded yet")
    spoken = language or bill.account.holder.language
    found = compare(bill, against, since_last_bill)
    other = word(against, spoken, day=day(found.other.bill_date, spoken))
    change = "more" if found.difference > 0 else "less" if found.difference < 0 else "same"
    parts = [
        PrintedPart(says.removesuffix(f": {amount(part.cents)}.") + ".", amount(part.cents))
        for part, says in zip(found.parts, found.sentences(spoken), strict=True)
    ]
    return ChangeDocument(
        language=spoken,
        title=word("title", spoken),
        utility=utility.name,
        department=utility.department,
        customer=bill.account.holder.name,
        account=word("account", spoken, number=bill.account.number, bill=bill.number, day=day(bill.bill_date, spoken)),
        lead=word(change, spoken, amount=f"${dollars(abs(found.difference)):,}", other=other),
        heads=(word("part", spoken), word("amount", spoken)),
        parts=parts,
        total=PrintedPart(word("total", spoken), amount(found.difference)),
        sums=[
            PrintedPart(word("now", spoken), _money(bill.amount_due_cents)),
            PrintedPart(word("before", spoken, other=other), _money(found.other.amount_due_cents)),
        ],
        order=word("order", spoken),
        questions=word("questions", spoken, phone=utility.phone, email=utility.email, website=utility.website),
        page=word("page", spoken, page="{page}", pages="{pages}"),
        date=(bill.bill_date.year, bill.bill_date.month, bill.bill_date.day),
    )


def _money(cents: int) -> str:
    return f"{'−' if cents < 0 else ''}${dollars(abs(cents)):,}"
