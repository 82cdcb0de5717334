"""What kiosks ask and take, each call a deed: what an account owes, and a payment."""

from __future__ import annotations

import re

import polars as pl

from meterbook.records.customers.models import Account
from meterbook.records.ledger.screens import balances
from meterbook.records.ledger.transfers import account_for
from meterbook.records.online.answers import Answer, masked_name, wrong
from meterbook.records.online.card_numbers import holds_card_number, without_card_numbers
from meterbook.records.online.models import Kiosk, KioskCall, KioskReceipt
from meterbook.records.online.rules import card_rules_on
from meterbook.records.payments.models import Payment
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import SYSTEM
from meterbook.records.returns.bans import banned_tenders

_KEY = re.compile(r"[A-Za-z0-9_-]{8,60}", re.ASCII)


@operation("online.kiosk_due", roles={SYSTEM})
def kiosk_due(deed: Deed, *, kiosk: Kiosk, number: str, check: str) -> Answer:
    """What an account owes, for somebody who knows the house number of its mailing address.

    An unknown account and a wrong check are answered alike.
    """
    account = Account.objects.select_related("holder").filter(number=_plain(number)).first()
    house = re.search(r"[0-9]+", account.mail_lines[0]) if account and account.mail_lines else None
    if account is None or house is None or house[0] != check.strip():
        answer = wrong("account", number, "an account number with the house number of its mail as check", status=404)
    else:
        cents = max(balances([account.pk]).get(account.pk, 0), 0)
        told = {"account": account.number, "name": masked_name(account.holder.name), "due_cents": cents}
        answer = Answer(200, told, "told")
    call = _logged(deed, kiosk, "due", number, answer)
    tell(deed, "online.kiosk_asked", kiosk=kiosk.pk, call=call.pk, outcome=answer.outcome)
    return answer


@operation("online.kiosk_payment", roles={SYSTEM})
def kiosk_payment(
    deed: Deed, *, kiosk: Kiosk, number: object, cents: object, tender: object, reference: object, key: str
) -> Answer:
    """Take a payment in; the same ``key`` again is answered with the same receipt. Raises `NoPolicy`."""
    locked = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    written = number if isinstance(number, str) else ""
    answer = _taken(deed, locked, written, cents, tender, reference, key)
    call = _logged(deed, locked, "payment", written, answer)
    tell(deed, "online.kiosk_paid", kiosk=kiosk.pk, call=call.pk, outcome=answer.outcome)
    return answer


def _taken(deed: Deed, kiosk: Kiosk, number: str, cents: object, tender: object, reference: object, key: str) -> Answer:
    for where, text in (("account", number), ("reference", reference)):
        if isinstance(text, str) and text != _plain(text):
            return wrong(where, _plain(text), "text without control characters", status=422)
    rules = card_rules_on(deed.business_date)
    if not _KEY.fullmatch(key) or holds_card_number(key):
        return wrong("Idempotency-Key", key, "8 to 60 letters, digits, - and _; one for each payment")
    if isinstance(cents, bool) or not isinstance(cents, int) or not rules.kiosk_least <= cents <= rules.kiosk_most:
        return wrong("amount_cents", cents, f"whole cents from {rules.kiosk_least} to {rules.kiosk_most}")
    if not isinstance(tender, str) or tender not in rules.kiosk_tenders:
        return wrong("tender", tender, " or ".join(rules.kiosk_tenders))
    if not isinstance(reference, str) or len(reference) > 60 or holds_card_number(reference):
        return wrong("reference", reference, "the machine's own number, at most 60 characters, no card number")
    before = KioskReceipt.objects.select_related("payment__account").filter(kiosk=kiosk, key=key).first()
    if before is not None:
        same = (before.payment.written_account, before.payment.amount_cents, before.payment.tender)
        if same != (number, cents, tender):
            return wrong("Idempotency-Key", key, f"a new key: this one is receipt {before.code}", status=409)
        return _said(before, "again")
    account = Account.objects.filter(number=number).first()
    if account is None:
        return wrong("account", number, "the number of an account")
    if tender in banned_tenders([account.pk], deed.business_date).get(account.pk, frozenset()):
        return wrong("tender", tender, "cash: earlier payments came back")
    return _said(_receipt(deed, kiosk, account, cents, tender, reference, key), "paid")


def _plain(text: str) -> str:
    """A text as the database can keep it: without control characters and halves of characters."""
    return "".join(each for each in text if each.isprintable())


def _receipt(
    deed: Deed, kiosk: Kiosk, account: Account, cents: int, tender: str, reference: str, key: str
) -> KioskReceipt:
    kiosk.payments += 1
    kiosk.save(update_fields=["payments"])
    row = {
        "account_id": account.pk, "written_account": account.number, "amount_cents": cents, "tender": tender,
        "received_on": deed.business_date, "reference": reference or f"K{kiosk.pk}-{kiosk.payments}",
        "key": f"kiosk:{kiosk.pk}:{key}",
    }  # fmt: skip
    made = receive(deed, pl.DataFrame([row]), into=account_for("clearing"), effective_on=deed.business_date)
    payment = Payment.objects.get(pk=made["id"][0])
    return KioskReceipt.objects.create(kiosk=kiosk, number=kiosk.payments, key=key, payment=payment, deed=deed)


def _said(receipt: KioskReceipt, outcome: str) -> Answer:
    paid = receipt.payment
    told = {
        "receipt": receipt.code, "account": paid.written_account, "amount_cents": paid.amount_cents,
        "tender": paid.tender, "received_on": paid.received_on.isoformat(),
    }  # fmt: skip
    return Answer(201, told, outcome)


def _logged(deed: Deed, kiosk: Kiosk, kind: str, number: str, answer: Answer) -> KioskCall:
    written = without_card_numbers(_plain(number))[:40]
    return KioskCall.objects.create(kiosk=kiosk, kind=kind, written_account=written, outcome=answer.outcome, deed=deed)
