"""What the people's parts, alerts and documents are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PEOPLE: dict[str, dict[str, str | Promise]] = {
    "alert": {
        "confidential_address": _("Confidential address"),
        "interpreter": _("Interpreter needed"),
        "accessible_format": _("Accessible format"),
        "careful": _("Careful: approach with care"),
        "dog": _("Dog"),
        "gate": _("Locked gate"),
        "deceased": _("Holder has died"),
        "note": _("Note"),
    },
    "identity_kind": {
        "": _("None on file"),
        "driver_license": _("Driver license"),
        "state_id": _("State identity card"),
        "passport": _("Passport"),
        "consular_id": _("Consular identity card"),
        "tax_number": _("Taxpayer number"),
        "other": _("Another document"),
    },
    "person_field": {
        "name": _("Name"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "language": _("Language"),
        "identity_kind": _("Identity document"),
        "identity_last_four": _("Last four of its number"),
        "mail_lines": _("Mailing address"),
    },
}
