"""The fixed words of a bill. English stands here; Spanish is in ``locale/es.po``, complete by a test.

The catalogue lies in the notice's own folder and is read as it stands, so that nothing has to be compiled. Text with
legal effect is one whole paragraph per language: a notice never mixes languages.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import Translate, translator_of

_FOLDER = Path(__file__).parent

#: Words by the name the template asks for.
WORDS = {
    "title": N_("Utility bill"),
    "preview": N_("Preview: not posted. This is not a bill."),
    "account": N_("Account number"),
    "number": N_("Bill number"),
    "bill_date": N_("Bill date"),
    "period": N_("Service period"),
    "address": N_("Service address"),
    "page": N_("Page {page} of {pages}"),
    "amount_due": N_("Amount due"),
    "credit": N_("Credit balance"),
    "due_by": N_("Due by"),
    "do_not_pay": N_("Do not pay"),
    "nothing_due": N_("Nothing to pay"),
    "to": N_("To"),
    "from": N_("From"),
    "summary": N_("Summary of your account"),
    "item": N_("Item"),
    "amount": N_("Amount"),
    "previous": N_("Balance on your last bill"),
    "payments": N_("Payments received, thank you"),
    "adjustments": N_("Adjustments"),
    "adjustments_since": N_("Adjustments since your last bill"),
    "date": N_("Date"),
    "service": N_("Service"),
    "current": N_("Total current charges"),
    "usage": N_("Your use, 13 months"),
    "no_usage": N_("None of your services is measured by a meter."),
    "actual_key": N_("Actual"),
    "this_bill": N_("This bill"),
    "estimated": N_("Estimated"),
    "actual": N_("Actual"),
    "messages": N_("Messages"),
    "detach": N_("Detach here and return this part with your payment"),
    "stub": N_("Payment stub"),
    "enclosed": N_("Amount enclosed"),
    "payable": N_("Make checks payable to {name} and write your account number on the check."),
    "keep_credit": N_("You have a credit. Please do not send a payment; the credit counts toward your next bill."),
    "details": N_("Details of your charges"),
    "meter": N_("Meter"),
    "previous_read": N_("Previous read"),
    "present_read": N_("Present read"),
    "multiplier": N_("Multiplier"),
    "used": N_("Use"),
    "read_kind": N_("Read"),
    "charge": N_("Charge"),
    "quantity": N_("Quantity"),
    "price": N_("Price"),
    "total": N_("Total {service}"),
    "about": N_("About this bill"),
    "continued": N_("Account {account}"),
    # Combined with values before they reach the template:
    "days": N_("{days} days"),
    "day": N_("1 day"),
    "several_addresses": N_("{count} addresses, see details"),
    "rollover": N_("The register passed its highest number and began again at zero."),
    "prorated": N_("prorated"),
    "received": N_("{service} sent to the grid"),
    "chart_alt": N_("Bar chart of {service} in {unit} by month. {months}."),
    "chart_month": N_("{month}: {quantity}"),
    "chart_estimated": N_("{month}: {quantity} (estimated)"),
    "chart_none": N_("{month}: no service"),
    "per_day_average": N_("{quantity} {unit} a day on average"),
    "per_year": N_("{price} a year"),
    "per_day": N_("{price} a day"),
    "say_estimated": N_(
        "A read on this bill is estimated because the meter could not be read. The next actual read corrects it."
    ),
    "say_rate_change": N_(
        "A rate, or what it is charged for, changed in this period. Each part is charged by its own days; "
        "see the details."
    ),
    "say_corrected": N_(
        "This bill corrects earlier ones. What was billed for these days is taken back and the days are charged anew; "
        "only the difference is added to your account."
    ),
    "corrections": N_("What was, and what is"),
    "was": N_("Was billed"),
    "becomes": N_("Is"),
    "difference": N_("Difference"),
    "taken_back": N_("{service}, taken back"),
    "charged_anew": N_("{service}, charged anew"),
    "decided": N_("Decided"),
    "decided_because": N_("The use was decided, not read: {why}"),
    "shared": N_("No read divides these {all} days: they share the use evenly, and {days} of them count here."),
    "say_final": N_("This is your last bill for this service. Thank you for having been our customer."),
    "say_statement": N_("Nothing was charged since your last bill. This statement shows what is open on your account."),
    "refund_credit": N_("You have a credit. Please do not send a payment; we pay it back to the address above."),
    "no_service": N_("No service is charged on this statement."),
    "level_pay": N_("Level payment"),
    "level_month": N_("Level payment, month {month} of 12"),
    "level_actual": N_("Charges of this bill"),
    "level_asked": N_("Level amount of this month"),
    "level_settles": N_("This month settles your year: charges less what was asked"),
    "level_deferred": N_("Charged, but not asked for yet"),
    "level_balance": N_("Account balance"),
    "level_pay_this": N_("Pay this amount"),
    "level_why": N_(
        "Your account balance is what you truly owe. Your level payment plan asks for an even amount of it each month."
    ),
    "solar_title": N_("Net metering statement"),
    "solar_days": N_("Days"),
    "solar_in": N_("Drawn, kWh"),
    "solar_out": N_("Fed in, kWh"),
    "solar_earned": N_("Credit earned"),
    "solar_carried": N_("Carried on, {unit}"),
    "solar_billed": N_("{kwh} kWh are billed after what you fed in and what was carried."),
    "solar_true_up": N_("Your year is settled by the bill of {month}."),
    "solar_settled": N_("This bill settles your year. Paid for what was left: {amount}."),
    "solar_expired": N_("{what} were left unused and have expired."),
    "say_previous": N_("Your last bill is not fully paid. Its balance may already be past due."),
}

#: What a bill is called, by its kind; a kind that is not here is a plain bill.
TITLES = {
    "cycle": WORDS["title"],
    "first": N_("First bill"),
    "final": N_("Final bill"),
    "closing": N_("Closing bill"),
    "off_cycle": N_("Bill between cycles"),
    "corrected": N_("Corrected bill"),
    "statement": N_("Account statement"),
    "wholesale": N_("Wholesale water statement"),
}

#: Paragraphs at the foot of the details, each a title and a text. Their legal basis is in README.md.
PARAGRAPHS = (
    (
        N_("How to pay"),
        N_(
            "Mail your check with the payment stub, pay at our office, or visit {website}. Payments count on the day "
            "we receive them. A payment settles the oldest amount first."
        ),
    ),
    (
        N_("Questions or a mistake?"),
        N_(
            "Call {phone} or write to {email} before the due date. Every line of this bill can be explained to the "
            "unit and the cent: ask for the explanation. Office hours: {hours}"
        ),
    ),
    (
        N_("Your right to dispute this bill"),
        N_(
            "You may dispute any charge. Service is not disconnected for an amount under investigation. Ask for a "
            "review by a manager of the utility if you disagree with the answer."
        ),
    ),
    (
        N_("If you cannot pay"),
        N_(
            "Contact us before the due date about a payment arrangement, an extension or assistance. Tell us if "
            "someone in the household depends on medical equipment."
        ),
    ),
)

COMMODITIES = {
    "electricity": N_("Electricity"),
    "water": N_("Water"),
    "sewer": N_("Sewer"),
    "refuse": N_("Refuse"),
    "stormwater": N_("Stormwater"),
    "street_lights": N_("Street lights"),
}
UNITS = {
    "kWh": N_("kWh"),
    "kW": N_("kW"),
    "ccf": N_("CCF"),
    "kgal": N_("kgal"),
    "gal": N_("gallons"),
    "cf": N_("cubic feet"),
    "m3": N_("m³"),
    "sqft": N_("sq ft"),
}
CHANNELS = {
    "received": N_("received"),
    "check": N_("check meter"),
    "high_flow": N_("high flow"),
    "low_flow": N_("low flow"),
}


def translator(language: str) -> Translate:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    return translator_of(_FOLDER, language)


@cache
def words(language: str) -> dict[str, str]:
    """Every fixed word of a bill in a language, by its name.

    >>> words("es")["amount_due"]
    'Importe a pagar'
    """
    return {name: translator(language)(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    found = [*WORDS.values(), *TITLES.values(), *COMMODITIES.values(), *UNITS.values(), *CHANNELS.values()]
    return found + [part for paragraph in PARAGRAPHS for part in paragraph]
