"""What is printed on something: account, bill, meter, check and parcel numbers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meterbook.records.billing.screens import bills_numbered
from meterbook.records.customers.finding.accounts import accounts_numbered
from meterbook.records.customers.finding.matches import Match
from meterbook.records.metering.finding import Hung, meters_by_serial
from meterbook.records.payments.screens import Paid, payments_by_reference
from meterbook.records.places.finding.premises import premises_by_parcel
from meterbook.web.find.asked import Asked, Found, Hit, of_accounts, of_premises
from meterbook.web.kit import words
from meterbook.web.kit.figures import money

_FEW = 3


def by_account(asked: Asked) -> Iterator[Found]:
    """Accounts by the beginning of their number."""
    kept = "".join(each for each in asked.text if each.isalnum())
    if not asked.digits or len(kept) < _FEW:
        return
    hits = of_accounts(accounts_numbered(asked.text, asked.limit))
    whole = hits[0].href if hits and hits[0].match.number in (kept, asked.text) else ""
    yield Found(gettext_lazy("Account number"), hits[:1] if whole else hits, whole)


def by_bill(asked: Asked) -> Iterator[Found]:
    """Bills by the beginning of their number, which is the account's and more."""
    text = asked.text.replace(" ", "").upper()
    if not asked.sees_money or "-" not in text or not text[0].isdigit():
        return
    bills = bills_numbered(text, asked.limit)
    by_id = {hit.match.account_id: hit for hit in of_accounts(bill.account_id for bill in bills)}
    hits = [
        Hit(by_id[bill.account_id].match, _("Bill %(number)s") % {"number": bill.number},
            reverse("bill", args=[bill.bill_id]))
        for bill in bills
    ]  # fmt: skip
    whole = hits[0].why_href if bills and bills[0].number == text else ""
    yield Found(gettext_lazy("Bill number"), hits, whole)


def by_meter(asked: Asked) -> Iterator[Found]:
    """Meters by the beginning of their serial: who is served where they hang, or hung last."""
    if not asked.digits or not asked.is_one_word or len(asked.text) < _FEW:
        return
    meters = meters_by_serial(asked.text, asked.limit)
    places = of_premises([meter.premise_id for meter in meters if meter.premise_id], asked.day)
    hits = [hit for meter in meters for hit in _of_meter(meter, places)]
    whole = hits[0].href if hits and meters[0].serial.upper() == asked.text.upper() else ""
    yield Found(gettext_lazy("Meter serial"), hits, whole)


def _of_meter(meter: Hung, places: dict[int, list[Hit]]) -> list[Hit]:
    said, href = _("Meter %(serial)s") % {"serial": meter.serial}, reverse("meter", args=[meter.meter_id])
    found = places.get(meter.premise_id or 0) or [Hit(Match("", "", "", "", None, None, None))]
    return [Hit(hit.match, said, href) for hit in found]


def by_payment(asked: Asked) -> Iterator[Found]:
    """Payments by their check number or other reference, whole."""
    if not asked.sees_money or not asked.digits or not asked.is_one_word:
        return
    paid = payments_by_reference(asked.text, asked.limit)
    by_id = {hit.match.account_id: hit for hit in of_accounts(one.account_id for one in paid if one.account_id)}
    nobody = Match("", "", "", "", None, None, None)
    yield Found(
        gettext_lazy("Check or reference number"),
        [Hit(by_id[one.account_id].match if one.account_id else nobody, *_of_payment(one)) for one in paid],
    )


def _of_payment(paid: Paid) -> tuple[str, str]:
    said = f"{words.say('tender', paid.tender)} {paid.reference}, {money(paid.amount_cents)}"
    return said, reverse("payment", args=[paid.payment_id])


def by_parcel(asked: Asked) -> Iterator[Found]:
    """Premises on parcels whose number begins as typed."""
    if not asked.digits or not asked.is_one_word or len(asked.text) < _FEW:
        return
    places = of_premises(premises_by_parcel(asked.text, asked.limit), asked.day)
    yield Found(gettext_lazy("Parcel"), [hit for hits in places.values() for hit in hits])
