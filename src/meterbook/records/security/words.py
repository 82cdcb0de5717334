"""What security calls its coded values; screens look them up by the names of the vocabularies."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SECURITY: dict[str, dict[str, str | Promise]] = {
    "instrument": {
        "letter_of_credit": _("Letter of credit"),
        "surety_bond": _("Surety bond"),
        "certificate_of_deposit": _("Certificate of deposit"),
        "guarantor": _("Guarantor"),
        "good_payer_letter": _("Good payer's letter"),
        "prepayment": _("Prepayment"),
        "other_assurance": _("Other assurance agreed on"),
    },
    "instrument_state": {
        "to_come": pgettext_lazy("instrument", "To come"),
        "valid": pgettext_lazy("instrument", "Valid"),
        "over": pgettext_lazy("instrument", "Ran out"),
    },
    "instrument_change": {
        "renewed": pgettext_lazy("instrument", "Renewed"),
        "released": pgettext_lazy("instrument", "Given back"),
        "reminded": pgettext_lazy("instrument", "Issuer reminded"),
    },
    "credit_standing": {
        "good": pgettext_lazy("credit standing", "Good"),
        "fair": pgettext_lazy("credit standing", "Fair"),
        "poor": pgettext_lazy("credit standing", "Poor"),
        "unknown": pgettext_lazy("credit standing", "Not known"),
    },
    "year_basis": {
        "own": _("Own bills"),
        "premise": _("Bills of the home"),
        "others": _("Average of the class"),
        "said": _("Put by hand"),
    },
    "instalment_state": {
        "to_come": pgettext_lazy("instalment", "To come"),
        "asked": pgettext_lazy("instalment", "Asked for"),
        "paid": pgettext_lazy("instalment", "Paid"),
        "cancelled": pgettext_lazy("instalment", "Taken back"),
    },
    "deposit_kind": {
        "received": _("Received"),
        "instalment": _("Instalment paid"),
        "moved": _("From another account"),
        "interest": _("Interest added"),
    },
    "security_kind": {
        "security.assess": _("Waive a deposit"),
        "security.give_back": _("Give deposits back"),
        "security.move": _("Move a deposit"),
        "security.draw": _("Draw on an instrument"),
    },
}
