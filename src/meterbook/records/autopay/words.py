"""What autopay calls its coded values; screens look them up by the names of the vocabularies."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    "enrolment_state": {
        "new": pgettext_lazy("enrolment", "Prenote not sent"),
        "waiting": pgettext_lazy("enrolment", "Prenote waits"),
        "active": pgettext_lazy("enrolment", "Active"),
        "suspended": pgettext_lazy("enrolment", "Suspended"),
        "ended": pgettext_lazy("enrolment", "Ended"),
    },
    "enrolment_event": {
        "enrolled": _("Enrolled"),
        "prenoted": _("Prenote sent"),
        "active": _("Drafts may begin"),
        "validated": _("Bank account validated"),
        "changed": _("Corrected by the bank"),
        "suspended": _("Put aside"),
        "resumed": _("Taken up again"),
        "ended": _("Authorisation ended"),
        "returned": _("A draft came back"),
    },
    "enrolment_how": {"paper": _("On paper"), "web": _("On the web"), "phone": _("By phone")},
    "bank_account_type": {"checking": _("Checking"), "savings": _("Savings")},
    "validation": {
        "not_needed": _("Not asked for"),
        "needed": _("Still to be validated"),
        "validated": _("Validated"),
    },
    "draft_state": {
        "waiting": pgettext_lazy("draft", "Presented again later"),
        "selected": pgettext_lazy("draft", "Free to go"),
        "held": pgettext_lazy("draft", "Held"),
        "refused": pgettext_lazy("draft", "Refused"),
        "dropped": pgettext_lazy("draft", "Stayed behind"),
        "filed": pgettext_lazy("draft", "At the bank"),
        "settled": pgettext_lazy("draft", "Paid"),
        "returned": pgettext_lazy("draft", "Came back"),
        "reversed": pgettext_lazy("draft", "Reversed by us"),
    },
    "draft_dropped": {
        "disputed": _("it is in dispute"),
        "stopped": _("the authorisation ended or was put aside"),
        "closed": _("the account closed"),
        "paid": _("less is owed than was approved"),
        "undecided": _("nobody decided"),
        "cancelled": _("the run was given up"),
    },
    "draft_run_state": {
        "selected": pgettext_lazy("draft run", "Selected"),
        "asked": pgettext_lazy("draft run", "Waits for a second person"),
        "approved": pgettext_lazy("draft run", "Approved"),
        "filed": pgettext_lazy("draft run", "Written"),
        "cancelled": pgettext_lazy("draft run", "Given up"),
        "refused": pgettext_lazy("draft run", "Refused"),
    },
    "ach_kind": {
        "drafts": _("Drafts"),
        "prenotes": _("Prenotes"),
        "refunds": _("Refunds"),
        "reversal": _("Entries taken back"),
        "draft": _("Bank draft"),
        "prenote": _("Prenote"),
        "refund": _("Refund"),
    },
    "bank_answer": {"return": _("Return"), "change": _("Change")},
    "answer_outcome": {"applied": _("Applied"), "unmatched": _("Not matched")},
}
#: What a status means for whoever reads it: good, waiting, stop or off.
STATES = {
    "new": "waiting", "active": "good", "suspended": "stop", "ended": "off", "selected": "waiting", "asked": "waiting",
    "dropped": "off", "filed": "waiting", "settled": "good", "returned": "stop", "reversed": "off",
    "unmatched": "stop",
}  # fmt: skip
