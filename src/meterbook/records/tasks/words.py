"""What tasks call their coded values; screens look them up by the names of the vocabularies."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    "task_state": {
        "open": pgettext_lazy("task", "To take"),
        "claimed": pgettext_lazy("task", "In hand"),
        "done": pgettext_lazy("task", "Done"),
        "cancelled": pgettext_lazy("task", "Not needed any more"),
    },
    "told_state": {"new": pgettext_lazy("notification", "New"), "seen": pgettext_lazy("notification", "Seen")},
    "task_step": {
        "opened": pgettext_lazy("task", "Asked for"),
        "claimed": pgettext_lazy("task", "Taken"),
        "handed_over": pgettext_lazy("task", "Handed over"),
        "put_back": pgettext_lazy("task", "Put back"),
        "reminded": pgettext_lazy("task", "Reminded: due"),
        "done": pgettext_lazy("task", "Done"),
        "cancelled": pgettext_lazy("task", "Not needed any more"),
    },
}
STATES = {"claimed": "waiting", "new": "waiting", "seen": "off"}
