"""Words of money for pages: why the books moved, how a payment came, what was handed over, why it went back."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Vocabularies by name, each a word by its key.
MONEY: dict[str, dict[str, str | Promise]] = {
    "entry_source": {
        "bill": _("Bill"),
        "payment": _("Payment"),
        "placement": _("Payment moved"),
        "reversal": _("Payment taken back"),
        "allocation": _("Payment applied to charges"),
        "adjustment": _("Adjustment"),
        "deposit": _("Deposit"),
        "settlement": _("Level pay settled"),
        "remittance": _("Handed to an agency"),
        "transfer": _("Transfer between accounts"),
        "refund": _("Refund"),
        "fee": _("Fee"),
        "return_fee": _("Returned payment fee"),
        "sale": _("Counter sale"),
        "drawer": _("Cash drawer"),
        "bank": _("At the bank"),
        "interest": _("Interest on a deposit"),
        "unclaimed": _("Unclaimed money"),
        "install": _("Deposit asked for"),
        "penalty": _("Late payment penalty"),
        "write_off": _("Written off"),
        "accrual": _("Month-end estimate"),
    },
    "channel": {
        "lockbox": _("Lockbox"),
        "counter": _("Counter"),
        "bill_pay": _("Bill pay of a bank"),
        "settlement": _("Card or phone processor"),
        "autopay": _("Autopay"),
        "online": _("Online"),
        "kiosk": _("Kiosk"),
        "bank": _("At the bank"),
    },
    "tender": {
        "cash": pgettext_lazy("tender", "Cash"),
        "check": pgettext_lazy("tender", "Check"),
        "money_order": _("Money order"),
        "card": pgettext_lazy("tender", "Card"),
        "ach": _("Bank draft"),
        "echeck": _("Electronic check"),
        "bill_pay": _("Bill pay of a bank"),
        "wire": _("Wire transfer"),
        "other": pgettext_lazy("tender", "Other"),
    },
    "bank_match": {
        "automatic": _("By itself"),
        "manual": _("By hand"),
        "booked": _("Booked by two people"),
        "fee": _("Kept by the processor"),
    },
    "payment_reversal": {
        "returned": _("Returned by the bank"),
        "chargeback": _("Charged back"),
        "void": _("Voided"),
        "unposted": _("Posted by mistake"),
    },
    "return_fee": {"charged": _("Charged"), "waived": _("Taken off"), "none": pgettext_lazy("fee", "None")},
    "waiver_reason": {
        "bank_error": _("The bank's mistake"),
        "city_error": _("Our mistake"),
        "first_in_years": _("The first in years"),
        "hardship": _("Hardship"),
    },
    "drawer": {
        "open": pgettext_lazy("drawer", "Open"),
        "counted": pgettext_lazy("drawer", "Counted"),
        "closed": pgettext_lazy("drawer", "Closed"),
    },
    "adjustment_state": {
        "proposed": pgettext_lazy("adjustment", "Waits for a second person"),
        "booked": pgettext_lazy("adjustment", "Booked"),
        "refused": pgettext_lazy("adjustment", "Refused"),
        "withdrawn": pgettext_lazy("adjustment", "Taken back"),
    },
    "agency_basis": {"billed": _("When billed"), "collected": _("When collected")},
    "hand_change": {
        "reverse": _("Take a payment back"),
        "move": _("Move a payment"),
        "transfer_credit": _("Carry a credit to another account"),
        "transfer_balance": _("Carry a balance to another account"),
        "apply_credit": _("Apply a credit"),
    },
    "relation": {"own": pgettext_lazy("relation", "Own"), "family": pgettext_lazy("relation", "Family")},
    "charge_category": {
        "service": _("Service itself"),
        "tax": _("Tax"),
        "penalty": _("Penalty"),
        "fee": _("Fee"),
    },
    "charge_state": {
        "asked": pgettext_lazy("charge", "Waits for a second person"),
        "booked": pgettext_lazy("charge", "Booked"),
        "refused": pgettext_lazy("charge", "Refused"),
        "cancelled": pgettext_lazy("charge", "Cancelled"),
    },
    "request_state": {
        "waits": pgettext_lazy("service request", "Waits for its fee"),
        "sent": pgettext_lazy("service request", "Sent"),
        "cancelled": pgettext_lazy("service request", "Cancelled"),
    },
    "development_state": {
        "asked": pgettext_lazy("development", "Waits for a second person"),
        "agreed": pgettext_lazy("development", "Agreed"),
        "refused": pgettext_lazy("development", "Refused"),
    },
    "ban_scope": {
        "ach": _("No bank drafts"),
        "check": _("No checks"),
        "noncash": _("Cash only"),
    },
}
