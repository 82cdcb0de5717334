"""What the platform calls its coded values; screens look them up by the names of the vocabularies."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    "staff_state": {"on": pgettext_lazy("sign-in", "On"), "off": pgettext_lazy("sign-in", "Switched off")},
    "grant_state": {
        "valid": pgettext_lazy("role", "Held now"),
        "to_come": pgettext_lazy("role", "To come"),
        "over": pgettext_lazy("role", "Over"),
    },
    "area": {
        "adjustments": _("Adjustments"),
        "agencies": _("Agencies"),
        "autopay": _("Autopay"),
        "banking": _("Bank"),
        "billing": _("Bills"),
        "cases": _("Cases"),
        "cashiering": _("Counter"),
        "closing": _("Month-end"),
        "contacts": _("Contacts"),
        "corrections": _("Corrections"),
        "correspondence": _("Letters"),
        "customers": _("Customers"),
        "fees": _("Fees"),
        "ledger": _("Ledger"),
        "metering": _("Meters and reads"),
        "moves": _("Moves"),
        "new_service": _("New service"),
        "online": _("Online payments"),
        "parallel": _("Comparison with another system"),
        "payments": _("Payments"),
        "places": _("Places"),
        "platform": _("Platform"),
        "programs": _("Programs"),
        "rates": _("Rates"),
        "refunds": _("Refunds"),
        "registers": _("Registers"),
        "returns": _("Returned payments"),
        "security": _("Deposits"),
        "service_orders": _("Service orders"),
        "tasks": _("Tasks"),
    },
}
STATES = {"on": "good"}
