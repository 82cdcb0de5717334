"""From a returned payment on record to its letter."""

from __future__ import annotations

from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.notices.returned_payment.words import words
from meterbook.records.ledger.settle import open_items
from meterbook.records.payments.models import PaymentReversal
from meterbook.records.platform.queries import utility
from meterbook.records.returns.models import ReturnedPayment


class NoSuchReturn(LookupError):
    """There is no such returned payment."""


def returned_letter(returned_id: int) -> Letter:
    """The letter in the holder's language, stated on the day the payment came back. Raises `NoSuchReturn`."""
    found = (
        ReturnedPayment.objects.filter(pk=returned_id)
        .select_related("reversal__payment", "account__holder", "document")
        .first()
    )
    if found is None:
        raise NoSuchReturn(f"no returned payment {returned_id}")
    account, reversal = found.account, found.reversal
    language = account.holder.language
    w = words(language)
    rows = _owed(found, w, language)
    total = sum(cents for *_, cents in rows)
    house = utility()
    return to_holder(
        account, language=language, on=reversal.reversed_on, title=w["title"],
        account=w["account"].format(number=account.number), about="",
        greeting=w["greeting"].format(name=account.holder.name), said=_said(found, reversal, w, language),
        heads=[w["for"], w["due"], w["amount"]],
        rows=[[what, due, money(cents)] for what, due, cents in rows] + [[w["total"], "", money(total)]],
        strong_last=True,
        closing=[w["please"].format(amount=money(total), phone=house.phone, email=house.email)],
        rule=w["rule"].format(citation=" ".join(found.document.citation.split())),
    )  # fmt: skip


def render_letter(returned_id: int) -> bytes:
    """The letter as a PDF. Raises `NoSuchReturn` and `NotSet`."""
    return set_letters([returned_letter(returned_id)])


def _said(found: ReturnedPayment, reversal: PaymentReversal, w: dict[str, str], language: str) -> list[str]:
    payment = reversal.payment
    what = w["chargeback"] if reversal.kind == PaymentReversal.CHARGEBACK else w["returned"]
    said = [
        what.format(
            amount=money(payment.amount_cents), day=long_day(payment.received_on, language),
            tender=w.get(f"{payment.tender}_tender", w["other_tender"]), reference=payment.reference,
            returned=long_day(reversal.reversed_on, language), why=w.get(reversal.code, w["unstated"]),
        ).replace(" )", ")"),
        w["again"],
    ]  # fmt: skip
    if found.fee_cents:
        said.append(
            w["fee"].format(amount=money(found.fee_cents)) + (f" {w['first']}" if found.occurrence == 1 else "")
        )
    else:
        said.append(w["no_fee"])
    for ban in found.bans.order_by("scope"):
        said.append(w[ban.scope].format(day=long_day(ban.validity.upper, language)))
    return said


def _owed(found: ReturnedPayment, w: dict[str, str], language: str) -> list[tuple[str, str, int]]:
    """Open charges as they stand: what for, due, cents."""
    items = open_items([found.account_id], "charge").sort("due_on", "service", "category")
    return [
        (w["fee_row"] if category == "fee" else w.get(service, service), long_day(due, language), cents)
        for service, category, due, cents in items.select("service", "category", "due_on", "remaining").iter_rows()
    ]
