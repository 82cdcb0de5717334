"""What programs call their coded values; screens look them up by the names of the vocabularies."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    "net_metering_option": {
        "nem-kwh": _("kWh banked"),
        "nem-dollar": _("Dollars, credited at once"),
        "net-billing": _("Net billing"),
        "net-billing-carryover": _("Net billing with carryover"),
        "buy-all": _("All bought, all sold"),
    },
    "net_metering_entry": {
        "opening": _("Opening bank"),
        "period": _("Billed period"),
        "share": _("Share of another meter"),
        "reversal": _("Taken back"),
    },
    "level_pay_state": {
        "active": pgettext_lazy("level payment", "Active"),
        "settled": pgettext_lazy("level payment", "Settled"),
        "removed": pgettext_lazy("level payment", "Removed"),
    },
    "winter_state": {
        "draft": pgettext_lazy("winter averages", "Draft"),
        "applied": pgettext_lazy("winter averages", "In force"),
        "withdrawn": pgettext_lazy("winter averages", "Withdrawn"),
    },
    "winter_source": {
        "average": pgettext_lazy("winter average", "Own winter"),
        "default": pgettext_lazy("winter average", "Default"),
        "capped": pgettext_lazy("winter average", "Limit"),
        "override": pgettext_lazy("winter average", "Set by hand"),
        "own": pgettext_lazy("winter average", "Own average of"),
    },
    "discount_state": {
        "holds": pgettext_lazy("discount", "Holds"),
        "run_out": pgettext_lazy("discount", "Run out"),
        "ended": pgettext_lazy("discount", "Ended"),
    },
}
