"""What moves call their coded values; screens look them up by the names of the vocabularies."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOVES: dict[str, dict[str, str | Promise]] = {
    "move_kind": {
        "start": pgettext_lazy("move", "Moves in"),
        "stop": pgettext_lazy("move", "Moves out"),
        "transfer": pgettext_lazy("move", "Moves across town"),
        "swap": pgettext_lazy("move", "Takes over the same day"),
        "bankruptcy": pgettext_lazy("move", "Bankruptcy"),
    },
    "move_state": {
        "planned": pgettext_lazy("move", "Planned"),
        "done": pgettext_lazy("move", "Done"),
        "cancelled": pgettext_lazy("move", "Cancelled"),
        "corrected": pgettext_lazy("move", "Corrected"),
    },
    "move_heading": {
        "people": _("Who"),
        "agreements": _("Services"),
        "reads": _("Reads"),
        "deposit": _("Deposit"),
        "documents": _("Documents"),
        "autopay": _("Autopay and e-bill"),
        "orders": _("Orders"),
        "bills": _("Bills"),
        "tasks": _("What somebody must do"),
    },
    "debt_whose": {
        "person": _("The customer's own"),
        "same_contact": _("Of somebody with the same name, phone or e-mail"),
        "household": _("Of the household they lived in"),
        "premise": _("Of the customer before at this address"),
    },
    "suspension_cause": {"never_was": _("The service never began: its move was taken back")},
    "name_change": {
        "name": _("Change of name"),
        "business": _("Change of business name"),
        "estate": _("The holder died: estate"),
    },
}
