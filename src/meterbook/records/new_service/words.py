"""Words of the codes of new service."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    "permit_state": {
        "waits": pgettext_lazy("permit", "To be looked at"),
        "taken": pgettext_lazy("permit", "Taken over"),
        "dismissed": pgettext_lazy("permit", "Needs nothing of us"),
    },
    "quote_state": {
        "issued": pgettext_lazy("quote", "Issued"),
        "accepted": pgettext_lazy("quote", "Accepted"),
        "withdrawn": pgettext_lazy("quote", "Withdrawn"),
    },
}
#: How a state looks: good, waiting, stop or off.
STATES = {"waits": "waiting", "taken": "good", "dismissed": "off", "issued": "waiting", "accepted": "good"}
