"""A `BillDocument` becomes the strings the template places: every number written, every word in its language."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from meterbook.engine.money import cents_half_up
from meterbook.engine.quantity import unscaled
from meterbook.formats.scanline import scanline
from meterbook.notices.bill import figures
from meterbook.notices.bill.chart import chart
from meterbook.notices.bill.document import BillDocument, Charge, Reading, Service, Text, last_day
from meterbook.notices.bill.programs import present as programs
from meterbook.notices.bill.words import CHANNELS, COMMODITIES, PARAGRAPHS, TITLES, UNITS, translator, words

#: What fits below the summary on page 1; further messages open the details.
MESSAGE_LINES, LINE_SIGNS = 5, 57
#: Adjustments that page 1 names one by one.
BOOKINGS = 4
#: Charts that fit beside the summary.
CHARTS = 3


class Unprintable(ValueError):
    """A bill that cannot be set in type; the message names the bill and why."""

    def __init__(self, number: str, why: str) -> None:
        self.number, self.why = number, why
        super().__init__(f"bill {number}: {why}")


def plain(text: str) -> str:
    """A record's text with its line breaks and control characters as single blanks."""
    return " ".join("".join(sign if sign.isprintable() or sign == "\u200d" else " " for sign in text).split())


def said(text: Text, language: str) -> str:
    """A text in a language, or in English where it has no other."""
    return plain(text.get(language) or text["en"])


def present(document: BillDocument) -> dict[str, Any]:
    """Everything the template places, as strings. Raises `Unprintable` where no scanline can be made."""
    language, issuer = document.language, document.issuer
    first, later = _messages(document)
    return {
        "lang": language,
        "number": document.number,
        "account": document.account_number,
        "preview": document.preview,
        "issuer": {
            "name": plain(issuer.name),
            "department": plain(issuer.department),
            "lines": [
                line for line in map(plain, issuer.address_lines) if line not in (issuer.name, issuer.department)
            ],
            "remit": [plain(line) for line in issuer.remit_lines],
        },
        "to": [plain(document.holder), *(plain(line) for line in document.mail_lines)],
        "bill_date": figures.day(document.bill_date, language),
        "due_date": figures.day(document.due_date, language),
        "due_long": figures.long_day(document.due_date, language),
        "period": figures.span(document.starts, last_day(document.ends), language),
        "address": _address(document),
        "due": figures.money(document.pay_cents),
        "stub_due": figures.money(max(0, document.pay_cents)),
        "owes": document.pay_cents > 0,
        "credit": document.pay_cents < 0,
        "level": programs.level(document),
        "solar": programs.solar(document),
        "scanline": _scanline(document),
        "summary": _summary(document),
        "charts": [chart(history, document) for history in document.histories[:CHARTS]],
        "messages": first,
        "more_messages": later,
        "bookings": _bookings(document),
        "services": [_service(service, document) for service in document.services],
        "corrections": _corrections(document),
        "paragraphs": _paragraphs(document),
        "heading": _heading(document),
        "no_usage": words(language)["no_usage" if document.services else "no_service"],
        "keep_credit": words(language)[_credit(document)],
        "title": f"{_heading(document)} {document.number}",
    }


def _heading(document: BillDocument) -> str:
    """What the bill is called: by its kind, in its language."""
    return translator(document.language)(TITLES.get(document.kind, TITLES["cycle"]))


def _credit(document: BillDocument) -> str:
    """The word for a credit: it waits for the next bill, or is paid back where there is none."""
    return "refund_credit" if document.kind in ("final", "closing") else "keep_credit"


def _scanline(document: BillDocument) -> str:
    try:
        return scanline(document.account_number, max(0, document.pay_cents), document.due_date)
    except ValueError as problem:
        raise Unprintable(document.number, str(problem)) from problem


def _address(document: BillDocument) -> str:
    addresses = document.addresses
    if len(addresses) < 2:
        return plain("".join(addresses))
    return words(document.language)["several_addresses"].format(count=len(addresses))


def _summary(document: BillDocument) -> dict[str, Any]:
    """The account's balance in rows, and the current charges by commodity in order of print."""
    tr, w = translator(document.language), words(document.language)
    by_commodity = [
        [tr(COMMODITIES[commodity]), figures.money(sum(service.amount_cents for service in services))]
        for commodity, services in groupby(document.services, key=lambda service: service.commodity)
    ]
    before: list[tuple[str, int]] = [(w["previous"], document.previous_cents), (w["payments"], document.payments_cents)]
    if document.adjustments_cents:
        before += _adjustments(document)
    return {
        "before": [[label, figures.money(cents)] for label, cents in before],
        "services": by_commodity,
        "current": figures.money(document.current_cents),
        "due": figures.money(document.amount_due_cents),
    }


def _adjustments(document: BillDocument) -> list[tuple[str, int]]:
    """The adjustments since the bill before, one by one where they fit on page 1, else in one row."""
    w = words(document.language)
    if not 0 < len(document.bookings) <= BOOKINGS:
        return [(w["adjustments"], document.adjustments_cents)]
    return [(said(one.label, document.language), one.amount_cents) for one in document.bookings]


def _bookings(document: BillDocument) -> list[list[str]]:
    """Every adjustment with its day and service, for the page inside, where page 1 has no room for them."""
    if len(document.bookings) <= BOOKINGS:
        return []
    tr, language = translator(document.language), document.language
    return [
        [
            figures.day(one.on, language) if one.on else "", said(one.label, language),
            tr(COMMODITIES[one.commodity]) if one.commodity in COMMODITIES else "", figures.money(one.amount_cents),
        ]
        for one in document.bookings
    ]  # fmt: skip


def _messages(document: BillDocument) -> tuple[list[str], list[str]]:
    """The messages that fit on page 1, and the rest."""
    w = words(document.language)
    found: list[str] = []
    if document.pay_cents < 0:
        found.append(w[_credit(document)])
    if document.kind == "corrected":
        found.append(w["say_corrected"])
    if document.kind in ("final", "closing", "statement"):
        found.append(w["say_statement" if document.kind == "statement" else "say_final"])
    unpaid = document.previous_cents + document.payments_cents
    if document.level is None and document.amount_due_cents > 0 and unpaid > 0:
        found.append(w["say_previous"])
    charged = [service for service in document.services if not service.taken_back]
    if any(service.estimated for service in charged):
        found.append(w["say_estimated"])
    if any(_cut(charge, service) for service in charged for charge in service.charges):
        found.append(w["say_rate_change"])
    found.extend(said(message, document.language) for message in document.messages)
    lines = kept = 0
    for message in found:
        lines += -(-len(message) // LINE_SIGNS)
        if lines > MESSAGE_LINES:
            break
        kept += 1
    return found[:kept], found[kept:]


def _corrections(document: BillDocument) -> list[list[str]]:
    """Of a corrected bill: what each service was billed for each period, what it is, and the difference."""
    if not any(service.taken_back for service in document.services):
        return []
    tr, language = translator(document.language), document.language
    sums: dict[tuple[str, str, str], list[int]] = {}
    for service in document.services:
        key = (service.commodity, service.address, figures.span(service.starts, last_day(service.ends), language))
        sums.setdefault(key, [0, 0])[not service.taken_back] += service.amount_cents
    rows = [
        [tr(COMMODITIES[commodity]), days, figures.money(-was), figures.money(now), figures.money(was + now)]
        for (commodity, _, days), (was, now) in sums.items()
    ]
    total = [sum(column) for column in zip(*sums.values(), strict=True)]
    last = [words(language)["current"], "", *map(figures.money, (-total[0], total[1], sum(total)))]
    return [*rows, last]


def _service(service: Service, document: BillDocument) -> dict[str, Any]:
    language = document.language
    tr, w = translator(language), words(language)
    name = tr(COMMODITIES[service.commodity])
    corrects = any(each.taken_back for each in document.services)
    heading = w["taken_back" if service.taken_back else "charged_anew"].format(service=name) if corrects else name
    decided = sorted({reading.decided for reading in service.readings if reading.decided})
    shared = sorted({reading.share for reading in service.readings if reading.share is not None})
    days = w["day"] if service.days == 1 else w["days"].format(days=service.days)
    readings = [_reading(reading, language) for reading in service.readings]
    charges = [_charge(charge, service, language) for charge in service.charges]
    return {
        "name": heading,
        "address": plain(service.address) if len(document.addresses) > 1 else "",
        "meta": [
            said(service.schedule, language),
            figures.span(service.starts, last_day(service.ends), language),
            days,
        ],
        "readings": readings,
        "rollover": w["rollover"] if any(reading.rollover for reading in service.readings) else "",
        "decided": [
            *(w["decided_because"].format(why=plain(why)) for why in decided),
            *(w["shared"].format(days=here, all=all_days) for here, all_days in shared),
        ],
        "charges": charges,
        "even": _even(readings, charges),
        "total_label": w["total"].format(service=heading),
        "total": figures.money(service.amount_cents),
    }


def _even(readings: list[list[str]], charges: list[list[str]]) -> bool:
    """Whether no cell can need a second line, so that every row may have the same height, which sets faster."""
    return all(
        len(row[0]) <= 24 and len(row[1] + row[2]) <= 26 and len(row[3] + row[4]) <= 26 and len(row[6]) <= 14
        for row in readings
    ) and all(len(row[0] + row[1]) <= 60 and len(row[2]) <= 15 and len(row[3]) <= 15 for row in charges)


def _reading(reading: Reading, language: str) -> list[str]:
    tr, w = translator(language), words(language)
    if reading.decided:
        used = f"{figures.quantity(reading.quantity_e6)} {tr(UNITS[reading.unit])}"
        return [
            plain(reading.meter), "", figures.day(reading.from_on, language), "", figures.day(reading.to_on, language),
            "1", used, w["decided"],
        ]  # fmt: skip
    channel = f" ({tr(CHANNELS[reading.channel])})" if reading.channel in CHANNELS else ""
    return [
        plain(reading.meter) + channel,
        f"{reading.from_value}",
        figures.day(reading.from_on, language),
        f"{reading.to_value}",
        figures.day(reading.to_on, language),
        reading.multiplier,
        f"{figures.quantity(reading.quantity_e6)} {tr(UNITS[reading.unit])}",
        w["estimated"] if reading.estimated else w["actual"],
    ]


def _cut(charge: Charge, service: Service) -> bool:
    """Whether a line covers only some of the segment's days."""
    return (charge.starts, charge.ends) != (service.starts, service.ends)


def _charge(charge: Charge, service: Service, language: str) -> list[str]:
    """Label, the days it covers if not all, quantity, price, amount."""
    w = words(language)
    days = figures.span(charge.starts, last_day(charge.ends), language) if _cut(charge, service) else ""
    if charge.per in ("unit", "period") and _worth(charge) != charge.amount_cents:
        days = ", ".join(filter(None, [days, w["prorated"]]))
    return [
        said(charge.label, language), days, _quantity(charge, language), _price(charge, language),
        figures.money(charge.amount_cents),
    ]  # fmt: skip


def _worth(charge: Charge) -> int:
    """Quantity × price in cents: what the line would cost undivided."""
    return cents_half_up(unscaled(charge.quantity_e6) * unscaled(charge.price_e8) / 100)


def _quantity(charge: Charge, language: str) -> str:
    if charge.per == "percent":
        return figures.money(charge.quantity_e6 // 10_000)
    if charge.unit:
        unit = UNITS.get(charge.unit)
        return f"{figures.quantity(charge.quantity_e6)} {translator(language)(unit) if unit else ''}".strip()
    return "" if charge.quantity_e6 == 10**6 else figures.quantity(charge.quantity_e6)


def _price(charge: Charge, language: str) -> str:
    w = words(language)
    if charge.per == "percent":
        return figures.percent(charge.price_e8)
    price = figures.price(charge.price_e8)
    if charge.per == "year":
        return w["per_year"].format(price=price)
    return w["per_day"].format(price=price) if charge.per == "day" else price


def _paragraphs(document: BillDocument) -> list[list[str]]:
    tr, issuer = translator(document.language), document.issuer
    values = {
        "website": issuer.website,
        "phone": issuer.phone,
        "email": issuer.email,
        "hours": said(issuer.office_hours, document.language) if issuer.office_hours else "",
    }
    return [[tr(title), tr(text).format(**values).strip()] for title, text in PARAGRAPHS]
