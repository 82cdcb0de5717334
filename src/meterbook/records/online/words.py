"""The words of paying online for the codes on record."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ONLINE: dict[str, dict[str, str | Promise]] = {
    "checkout_state": {
        "open": pgettext_lazy("payment page", "Open"),
        "pending": pgettext_lazy("payment page", "Bank payment on its way"),
        "paid": pgettext_lazy("payment page", "Paid"),
        "failed": pgettext_lazy("payment page", "Failed"),
        "expired": pgettext_lazy("payment page", "Expired"),
    },
    "event_outcome": {
        "waiting": _("Waits for an earlier event"),
        "paid": _("Paid onto the account"),
        "suspense": _("Paid, account unknown"),
        "pending": _("Bank payment on its way"),
        "failed": _("Payment failed"),
        "expired": _("Page expired"),
        "refunded": _("Given back"),
        "charged_back": _("Charged back"),
        "short": _("Less was left than to take back"),
        "inquiry": _("Inquiry, no money moved"),
        "won": _("Dispute won, money back"),
        "lost": _("Dispute lost"),
        "known": _("Known already"),
        "nothing": _("Nothing to pay"),
        "currency": _("Not in dollars: left alone"),
        "left_alone": _("Left alone"),
    },
}
