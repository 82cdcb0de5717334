"""The words of extensions and arrangements for the codes on record."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ARRANGEMENTS: dict[str, dict[str, str | Promise]] = {
    "arrangement_state": {
        "asked": pgettext_lazy("arrangement", "Waits for a second person"),
        "stands": pgettext_lazy("arrangement", "Stands"),
        "refused": pgettext_lazy("arrangement", "Refused"),
        "cancelled": pgettext_lazy("arrangement", "Cancelled"),
        "paid": pgettext_lazy("arrangement", "Paid"),
    },
    "arrangement_stands": {
        "paid": pgettext_lazy("arrangement", "Paid"),
        "current": pgettext_lazy("arrangement", "On time"),
        "behind": pgettext_lazy("arrangement", "Behind"),
    },
    "part_state": {
        "kept": pgettext_lazy("part", "Kept"),
        "late": pgettext_lazy("part", "Paid late"),
        "missed": pgettext_lazy("part", "Missed"),
        "due": pgettext_lazy("part", "Due now"),
        "to_come": pgettext_lazy("part", "To come"),
    },
    "extension_state": {
        "kept": pgettext_lazy("promise", "Kept"),
        "late": pgettext_lazy("promise", "Paid late"),
        "missed": pgettext_lazy("promise", "Broken"),
        "due": pgettext_lazy("promise", "Due now"),
        "to_come": pgettext_lazy("promise", "Runs"),
        "taken_back": pgettext_lazy("promise", "Taken back"),
    },
    "every": {"month": _("Every month"), "two_weeks": _("Every two weeks"), "week": _("Every week")},
}
#: What a status means for whoever reads it, where the word alone does not say so elsewhere.
STATES = {
    "kept": "good", "late": "waiting", "missed": "stop", "behind": "stop", "current": "good", "stands": "good",
    "due": "waiting", "asked": "waiting", "taken_back": "off",
}  # fmt: skip
