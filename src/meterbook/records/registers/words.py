"""The words for the codes of registers and of what the office knows."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REGISTERS: dict[str, dict[str, str | Promise]] = {
    "article_kind": {
        "policy": _("Policy"),
        "rates": _("Rates and bills"),
        "conservation": _("Saving water and energy"),
        "aid": _("Aid and discounts"),
        "water_quality": _("Water quality"),
        "city": _("City services"),
    },
    "article_state": {
        "draft": pgettext_lazy("article", "Waits for a second person"),
        "released": pgettext_lazy("article", "Released"),
        "dropped": pgettext_lazy("article", "Dropped"),
    },
    "destruction_state": {
        "asked": pgettext_lazy("destruction", "Waits for a second person"),
        "agreed": pgettext_lazy("destruction", "May be destroyed"),
        "refused": pgettext_lazy("destruction", "Refused"),
    },
    "register_type": {
        "text": _("Text"),
        "long_text": _("Long text"),
        "number": _("Number"),
        "money": _("Dollars"),
        "date": _("Day"),
        "choice": _("One of some"),
        "yes_no": _("Yes or no"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "link": _("Web address"),
    },
    "register_deed": {
        "registers.keep_entry": pgettext_lazy("history", "Written"),
        "registers.end_entry": pgettext_lazy("history", "Ended"),
        "registers.attach": pgettext_lazy("history", "File attached"),
    },
}
