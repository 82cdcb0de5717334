"""Words of refunds for pages: what is done about a credit, where a refund, a check, unclaimed money stand."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Vocabularies by name, each a word by its key.
REFUNDS: dict[str, dict[str, str | Promise]] = {
    "open_credit_standing": {
        "to_do": _("To be done"),
        "clearing": _("Not cleared yet"),
        "proposed": _("Refund asked for"),
        "small": _("Small balance"),
        "not_due": _("Not due yet"),
        "reviewed": _("Stays, explained"),
    },
    "credit_suggests": {
        "transfer": _("To the other account"),
        "check": _("By check"),
        "small": _("Write down"),
        "next_bill": _("The next bill uses it"),
        "keep": _("Keep"),
    },
    "refund_how": {
        "check": pgettext_lazy("paper", "Check"),
        "ach": _("Bank credit"),
        "transfer": _("To another account"),
        "account": _("Credit on the account"),
    },
    "refund_source": {
        "credit": _("Credit of the account"),
        "deposit": _("Deposit"),
        "rebate": _("Rebate"),
        "unclaimed": _("Unclaimed money"),
        "other": _("Other"),
    },
    "refund_state": {
        "proposed": _("Waits for a second person"),
        "refused": _("Refused"),
        "withdrawn": _("Taken back"),
        "owed": _("Owed"),
        "sent": _("On its way"),
        "paid": pgettext_lazy("refund", "Paid"),
        "kept": _("Back on the account"),
        "unclaimed": _("Set aside as unclaimed"),
    },
    "payout_state": {
        "waiting": _("Waits to be handed over"),
        "exported": _("Handed over"),
        "issued": pgettext_lazy("check", "Issued"),
        "cleared": pgettext_lazy("check", "Cleared"),
        "cancelled": pgettext_lazy("check", "Cancelled"),
        "voided": pgettext_lazy("check", "Voided"),
        "stopped": pgettext_lazy("check", "Stopped"),
        "returned": pgettext_lazy("check", "Came back"),
        "stale": pgettext_lazy("check", "Too old to cash"),
    },
    "refund_booking": {
        "taken": _("Taken from the credit"),
        "paid": _("Paid out"),
        "unpaid": _("Came back, owed again"),
        "given": _("Credited to an account"),
        "aside": _("Set aside as unclaimed"),
    },
    "unclaimed_state": {
        "found": _("Set aside"),
        "published": _("Published"),
        "claimed": _("Claimed"),
        "taken_over": _("Taken over by the city"),
        "reported": _("Paid to the state"),
    },
    "unclaimed_step": {
        "found": _("Set aside"),
        "letter": _("Letter sent"),
        "contact": _("Owner heard of"),
        "published": _("Published"),
        "proof": _("Newspaper's proof kept"),
        "claim": _("Claim taken in"),
        "refused": _("Claim refused"),
        "claimed": _("Claim granted"),
        "taken_over": _("Taken over by the city"),
        "reported": _("Paid to the state"),
    },
    "claim_state": {
        "asked": _("Waits for a second person"),
        "granted": _("Granted"),
        "refused": _("Refused"),
    },
    "rebate_state": {
        "asked": _("Waits for a second person"),
        "granted": _("Granted"),
        "refused": _("Refused"),
        "withdrawn": _("Taken back"),
    },
    "small_state": {
        "proposed": _("Waits for a second person"),
        "booked": _("Booked"),
        "refused": _("Refused"),
    },
    "export_kind": {
        "ap": _("To accounts payable"),
        "positive_pay": _("To the bank (positive pay)"),
        "ach": _("ACH file"),
    },
}

#: States by name of colour: good, waiting, stop.
STATES: dict[str, str] = {
    "to_do": "stop", "clearing": "waiting", "small": "waiting", "not_due": "off", "reviewed": "good",
    "owed": "waiting", "sent": "waiting", "paid": "good", "kept": "good", "unclaimed": "waiting",
    "waiting": "waiting", "exported": "waiting", "issued": "waiting", "cleared": "good", "voided": "stop",
    "stopped": "stop", "returned": "stop", "stale": "stop", "found": "waiting", "published": "waiting",
    "claimed": "good", "taken_over": "off", "asked": "waiting", "granted": "good",
}  # fmt: skip
