"""Types, states and clocks of locate tickets as words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    "locate_kind": {
        "NEW": pgettext_lazy("locate", "New"),
        "UPDATE": pgettext_lazy("locate", "Goes on"),
        "EMERGENCY": pgettext_lazy("locate", "Emergency"),
        "SHORT NOTICE": pgettext_lazy("locate", "Short notice"),
        "REMARK": pgettext_lazy("locate", "Mark again"),
        "NO RESPONSE": pgettext_lazy("locate", "Asked again: no answer"),
        "CORRECTION": pgettext_lazy("locate", "Corrected"),
        "CANCEL": pgettext_lazy("locate", "Taken back"),
        "DESIGN": pgettext_lazy("locate", "For a design"),
    },
    "locate_clock": {
        "locate_late": _("Late"),
        "locate_soon": _("Due soon"),
        "locate_time": _("There is time"),
        "locate_unclocked": _("No clock"),
        "locate_answered": _("Answered"),
        "locate_cancelled": pgettext_lazy("locate", "Taken back"),
    },
}
STATES = {
    "locate_late": "stop",
    "locate_soon": "waiting",
    "locate_time": "good",
    "locate_unclocked": "waiting",
    "locate_answered": "good",
    "locate_cancelled": "off",
}
